//! The composition root: builds everything, owns every task, runs what the command line asks for.

mod cache;
mod check;
mod chinese;
mod claim;
mod configure;
mod doctor;
mod early;
mod evaluate;
mod host;
mod journal;
mod listen;
mod logging;
mod methods;
mod note;
mod play;
mod practice;
mod practised;
mod program;
mod shell;
mod start;
mod trust;
mod usage;

use std::ffi::OsString;
use std::io::{IsTerminal as _, stderr, stdout};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use clap::{CommandFactory, error::ErrorKind};

use crate::cli::{self, Cli, Command, ConfigAction, EvalArgs, RunArgs, SandboxAction};
use crate::config::Env;
use crate::console::screen::Screen;
use crate::console::show::Show;
use crate::error::{Error, Kind, Result};
use crate::lang::{Lang, Text};
use crate::script::Problem;
use crate::spec::nearest;

use early::Early;
use program::Program;

/// Exit code of a wrong command line.
const WRONG_USAGE: u8 = 3;

/// Runs the program; the exit code.
pub fn main(args: impl IntoIterator<Item = OsString>) -> u8 {
    let args: Vec<OsString> = args.into_iter().collect();
    let cli = match cli::parse(&args) {
        Ok(cli) => cli,
        Err(error) => return refused(error, &args),
    };
    let program = Program::new(&cli.global);
    let result = run(&program, cli);
    let code = result.unwrap_or_else(|early| early.end(&program));
    if let Some(lost) = program.screen.lost() {
        let error = Error::file("stdout", lost);
        let lost = error.exit_code();
        program.screen.note(&program.show.error(error));
        return lost;
    }
    // Somebody who closed the pipe has seen enough.
    if program.screen.is_closed() { 0 } else { code }
}

/// `--help` and `--version` are no mistakes; everything else that clap says is.
fn refused(error: clap::Error, args: &[OsString]) -> u8 {
    let (screen, env) = (Screen::default(), Env::process());
    let lang = usage::lang(args, &env);
    // The same command line again, with the texts of the language.
    let error = match lang {
        Lang::En => error,
        Lang::Zh => usage::command(lang).try_get_matches_from(args).err().unwrap_or(error),
    };
    let has_color = |is_terminal: bool| is_terminal && env.var("NO_COLOR").is_none_or(str::is_empty);
    match error.kind() {
        ErrorKind::DisplayHelp => {
            screen.result(usage::help_text(&error, lang, has_color(stdout().is_terminal())).trim_end());
            0
        }
        ErrorKind::DisplayVersion => {
            let _ = error.print();
            0
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand if !wants_json(args) => {
            screen.note(&usage::help_text(&error, lang, has_color(stderr().is_terminal())));
            WRONG_USAGE
        }
        _ => {
            let problem = Problem::of(usage::wrong(&error));
            if wants_json(args) {
                screen.note(&problem.to_json().to_string());
            } else {
                screen.note(&Show::plain(lang, has_color(stderr().is_terminal())).problem(&problem));
            }
            WRONG_USAGE
        }
    }
}

/// Whether a command line that cannot be read asks for JSON.
fn wants_json(args: &[OsString]) -> bool {
    let pair = |two: &[OsString]| (two[0] == "-o" || two[0] == "--output") && two[1] == "json";
    args.windows(2).any(pair) || args.iter().any(|arg| arg == "-ojson" || arg == "--output=json")
}

fn run(program: &Program, cli: Cli) -> Result<u8, Early> {
    limit(program, &cli)?;
    if !cli.given.expression.is_empty() {
        if cli.command.is_some() {
            return Err(
                Error::usage("`-e` and a command do not go together", "`-e` 与命令不能同时使用").into()
            );
        }
        // A line of its own for what ends one: the one before may end in a comment.
        return evaluate::expression(program, &cli.given.expression.join("\n;\n"));
    }
    let done = match cli.command {
        None if program.stdin_is_terminal => return shell::run(program),
        None => return evaluate::script(program, Path::new("-"), &[]),
        Some(Command::Run(RunArgs { file, args })) => return evaluate::script(program, &file, &args),
        Some(Command::Check { files }) => check::run(program, &files),
        Some(Command::Eval(EvalArgs { expression })) => return evaluate::expression(program, &expression),
        Some(Command::Methods { rhai: true, .. }) => methods::definitions(program),
        Some(Command::Methods { name, json, markdown, .. }) => {
            methods::run(program, name.as_deref(), json, markdown)
        }
        Some(Command::Config { action: ConfigAction::Path }) => configure::path(program),
        Some(Command::Config { action: ConfigAction::Show }) => configure::show(program),
        Some(Command::Config { action: ConfigAction::Init { path, force } }) => {
            configure::init(program, path, force)
        }
        Some(Command::Cache { action }) => cache::run(program, action),
        Some(Command::Listen(args)) => return listen::run(program, &args),
        Some(Command::Replay(args)) => return listen::replay(program, &args),
        Some(Command::Journal(args)) => journal::run(program, &args),
        Some(Command::Doctor) => doctor::run(program),
        Some(Command::Sandbox { action: SandboxAction::Coverage }) => methods::coverage(program),
        Some(Command::Sandbox { action: SandboxAction::Serve { port, seed } }) => {
            practice::serve(program, port, &seed)
        }
        Some(Command::Sandbox { action }) => play::run(program, &action),
        Some(Command::Completions { shell }) => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "dingraia", &mut script);
            program.screen.result(String::from_utf8_lossy(&script).trim_end());
            Ok(0)
        }
        Some(Command::File(words)) => return file(program, words),
    };
    Ok(done?)
}

/// Sets the limit of `--timeout`. The console has none: there it is for each input.
fn limit(program: &Program, cli: &Cli) -> Result<()> {
    let Some(seconds) = cli.global.timeout else { return Ok(()) };
    let time = Duration::try_from_secs_f64(seconds).ok().filter(|time| !time.is_zero()).ok_or_else(|| {
        Error::usage("--timeout must be a number of seconds above 0", "--timeout 必须是大于 0 的秒数")
    })?;
    if cli.command.is_none() && cli.given.expression.is_empty() && program.stdin_is_terminal {
        return Ok(());
    }
    let over = Error::new(Kind::Interrupted { sent: None, by_timeout: true });
    let (code, text, screen) = (over.exit_code(), program.show.error(over), Arc::clone(&program.screen));
    program.interrupts.end_after(time, code, move || screen.note(&text));
    Ok(())
}

/// `dingraia FILE.rhai ARGS…`, or a command that does not exist.
fn file(program: &Program, words: Vec<OsString>) -> Result<u8, Early> {
    let mut words = words.into_iter();
    let first = PathBuf::from(words.next().unwrap_or_default());
    let is_script =
        first.extension().is_some_and(|end| end == "rhai") || first.as_os_str() == "-" || first.is_file();
    if is_script {
        let args: Vec<String> = words.map(|word| word.to_string_lossy().into_owned()).collect();
        return evaluate::script(program, &first, &args);
    }
    let name = first.to_string_lossy().into_owned();
    let command = Cli::command();
    let known: Vec<&str> = command.get_subcommands().map(clap::Command::get_name).collect();
    let error = Error::usage(format!("no command or script `{name}`"), format!("没有命令或脚本 `{name}`"));
    let error = match nearest(&name, known.into_iter()) {
        Some(near) => error.hint(Text::made(
            format!("did you mean `dingraia {near}`?"),
            format!("是否想写 `dingraia {near}`？"),
        )),
        None => {
            error.hint(Text::fixed("`dingraia --help` lists the commands", "`dingraia --help` 列出全部命令"))
        }
    };
    Err(error.into())
}
