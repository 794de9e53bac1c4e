//! What lies around the session: profiles, configuration, the system's shell.

use std::process::Command as Process;

use super::beside::Beside;
use super::words::path;
use super::{Command, Word};
use crate::console::host::Opened;
use crate::console::repl::{Next, Repl};
use crate::console::style::Role;
use crate::console::text::{escape, wrap};
use crate::error::{Error, Result};
use crate::lang::Text;

pub(super) const COMMANDS: &[Command] = &[
    Command {
        name: "profile",
        aliases: &[],
        usage: "[NAME]",
        doc: Text::fixed("lists the profiles, or goes to another one", "列出配置方案，或切换到另一个"),
        more: Text::fixed(
            "Each profile has its own app, cache, history and variables: what this session holds ends, as if you left and came back \
             with --profile. `default` is the configuration without a profile.",
            "每个配置方案有自己的应用、缓存、历史和变量：当前会话的内容会结束，如同退出后以 --profile 重新进入。`default` 表示不使用配置方案。",
        ),
        words: &[Word::Profile],
        example: "%profile",
        run: profile,
    },
    Command {
        name: "reload",
        aliases: &[],
        usage: "",
        doc: Text::fixed("reads the configuration and main.rhai again", "重新读取配置与 main.rhai"),
        more: Text::fixed(
            "`app` becomes a new one, whose `%undo` list is empty, and listening and the tasks of the old one end; variables, functions and \
             handlers stay. When something is wrong everything stays as it was.",
            "`app` 会换成新的，其 `%undo` 列表为空，旧应用的监听与任务随之结束；变量、函数与处理函数保留。若配置有误，一切保持原样。",
        ),
        words: &[],
        example: "%reload",
        run: |repl, _| reload(repl),
    },
    Command {
        name: "doctor",
        aliases: &[],
        usage: "",
        doc: Text::fixed("checks configuration, token, clock and cache", "检查配置、令牌、时钟与缓存"),
        more: Text::fixed(
            "It asks DingTalk for a token; that costs no API call.",
            "会向钉钉获取令牌，不消耗 API。",
        ),
        words: &[],
        example: "%doctor",
        run: |repl, _| {
            let lines = repl.host.doctor(&repl.interpreter, repl.show.lang);
            let lines = lines.iter().map(|line| wrap(line, repl.show.text_columns, 4));
            repl.screen.result(&lines.collect::<Vec<_>>().join("\n"));
            Next::Read
        },
    },
    Command {
        name: "sh",
        aliases: &["!"],
        usage: "COMMAND",
        doc: Text::fixed("runs a command of the system", "运行系统命令"),
        more: Text::fixed(
            "It has the terminal until it ends; Ctrl-C ends it and not the session.",
            "命令结束前占用终端；Ctrl-C 只结束该命令。",
        ),
        words: &[Word::Free],
        example: "%sh ls",
        run: shell,
    },
    Command {
        name: "cd",
        aliases: &[],
        usage: "[FOLDER]",
        doc: Text::fixed("goes to another folder", "切换目录"),
        more: Text::fixed(
            "Without a folder it goes home. Files of scripts and commands are looked for from here.",
            "不带参数时回到主目录。脚本与命令中的相对路径以此为准。",
        ),
        words: &[Word::File],
        example: "%cd .",
        run: change_folder,
    },
    Command {
        name: "pwd",
        aliases: &[],
        usage: "",
        doc: Text::fixed("the current folder", "当前目录"),
        more: Text::fixed("", ""),
        words: &[],
        example: "%pwd",
        run: |repl, _| match folder() {
            Ok(folder) => {
                repl.screen.result(&escape(&folder));
                Next::Read
            }
            Err(error) => repl.fail(error),
        },
    },
];

fn folder() -> Result<String> {
    std::env::current_dir()
        .map(|folder| folder.display().to_string())
        .map_err(|error| Error::file(".", error))
}

fn profile(repl: &mut Repl<'_>, name: &str) -> Next {
    if name.is_empty() {
        return match list(repl) {
            Ok(text) => {
                repl.screen.result(&text);
                Next::Read
            }
            Err(error) => repl.fail(error),
        };
    }
    match repl.host.open(name) {
        Ok(opened) => {
            let before = Beside::of(repl);
            enter(repl, opened);
            let profile = escape(name).into_owned();
            repl.screen.tell(&Text::made(
                format!("now on profile {profile}"),
                format!("已切换到配置方案 {profile}"),
            ));
            before.tell_end(repl);
            Next::Read
        }
        Err(error) => not_entered(repl, error),
    }
}

/// Everything is as it was, the language too.
fn not_entered(repl: &mut Repl<'_>, error: Error) -> Next {
    repl.speak(repl.show.lang);
    repl.fail(error)
}

/// Another session begins in the place of this one.
fn enter(repl: &mut Repl<'_>, opened: Opened) {
    let Opened { editor, compile, interpreter, known, state, lang } = opened;
    interpreter.open_results();
    repl.editor = editor;
    repl.compile = compile;
    repl.interpreter = interpreter;
    repl.watch_arrivals();
    repl.known = known;
    repl.state = state;
    repl.memory.clear();
    repl.speak(repl.memory.lang.unwrap_or(lang));
    repl.tell_names();
}

fn list(repl: &Repl<'_>) -> Result<String> {
    let profiles = repl.host.profiles()?;
    let names = ["default".to_owned()].into_iter().chain(profiles.names);
    let rows: Vec<String> = names
        .map(|name| {
            let mark = if name == repl.state.profile { "*" } else { " " };
            format!("{} {}", repl.show.renderer.palette.paint(Role::Hint, mark), escape(&name))
        })
        .collect();
    Ok(rows.join("\n"))
}

fn reload(repl: &mut Repl<'_>) -> Next {
    let before = Beside::of(repl);
    match repl.host.reload(&repl.state.profile, &mut repl.interpreter) {
        Ok(reloaded) => {
            repl.state = reloaded.state;
            repl.speak(repl.memory.lang.unwrap_or(reloaded.lang));
            repl.screen.tell(&reloaded.told);
            before.without_what_stays(repl).tell_end(repl);
            repl.tell_names();
            Next::Read
        }
        Err(error) => not_entered(repl, error),
    }
}

fn shell(repl: &mut Repl<'_>, command: &str) -> Next {
    if command.is_empty() {
        return repl.fail(super::missing("sh"));
    }
    let (program, flag) = if cfg!(windows) { ("cmd", "/C") } else { ("sh", "-c") };
    match Process::new(program).args([flag, command]).status() {
        Ok(status) if status.success() => Next::Read,
        Ok(status) => {
            repl.screen.tell(&Text::made(format!("it ended with {status}"), format!("命令以 {status} 结束")));
            Next::Failed
        }
        Err(error) => repl.fail(Error::file(program, error)),
    }
}

fn change_folder(repl: &mut Repl<'_>, args: &str) -> Next {
    let target = path(if args.is_empty() { "~" } else { args.trim_matches('"') }, repl.host.home());
    let changed = std::env::set_current_dir(&target).map_err(|error| Error::file(&target, error));
    match changed.and_then(|()| folder()) {
        Ok(folder) => {
            repl.screen.result(&escape(&folder));
            Next::Read
        }
        Err(error) => repl.fail(error),
    }
}
