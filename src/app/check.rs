//! `dingraia check`: looks at scripts without running them. Nothing is opened and nothing is sent.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::program::Program;
use super::start::init_file;
use crate::cli::Output;
use crate::console::check::{Checked, check, json, rows, text};
use crate::console::render::csv;
use crate::console::source::{self, read_text, without_shebang};
use crate::error::{Error, Result};
use crate::script::view::View;
use crate::script::{Around, Interpreter, Opener, Problem};

/// The exit code when something is wrong.
const WRONG: u8 = 3;

/// Looks at each file; `-` is stdin.
pub(super) fn run(program: &Program, files: &[PathBuf]) -> Result<u8> {
    // A configuration that cannot be read is no fault of the scripts.
    let config = program.load().map(|loaded| loaded.config).unwrap_or_default();
    let show = program.show_in(config.language);
    program.screen.spoken.set(show.lang);
    let nothing: Opener = Arc::new(|_| Err(Error::usage("nothing is run", "不会运行任何内容")));
    let interpreter = Interpreter::new(Arc::clone(&program.bridge), &nothing, &program.print());
    // What a `main.rhai` defines is there for every script; it is read, not run.
    let init = init_file(program, &config).and_then(|file| read_text(&file).ok());
    let mut around =
        init.map_or_else(Around::default, |source| interpreter.defined_by(&without_shebang(&source)));
    around.variables.push("ARGS".into());
    let checked: Vec<Checked> = files.iter().map(|file| look(&interpreter, file, &around)).collect();
    match program.global.output {
        Some(Output::Json | Output::Raw) => {
            for one in &checked {
                program.screen.result(&json(one).to_string());
            }
        }
        Some(Output::Csv) => {
            for problem in checked.iter().flat_map(|one| &one.report.problems) {
                program.screen.note(&show.problem(problem));
            }
            let rows = checked.iter().flat_map(rows).map(View::from).collect();
            program.screen.result(csv::render(&View::List(rows)).unwrap_or_default().trim_end());
        }
        None | Some(Output::Table | Output::Card) => {
            for one in &checked {
                program.screen.result(&text(one, &show));
            }
        }
    }
    interpreter.leave_engine();
    Ok(if checked.iter().all(Checked::is_clean) { 0 } else { WRONG })
}

fn look(interpreter: &Interpreter, file: &Path, around: &Around) -> Checked {
    let (name, source) = if file.as_os_str() == "-" {
        let mut bytes = Vec::new();
        let read = std::io::stdin().read_to_end(&mut bytes).map_err(|error| Error::file("<stdin>", error));
        ("<stdin>".to_owned(), read.and_then(|_| source::text(bytes, "<stdin>")))
    } else {
        (file.display().to_string(), read_text(file))
    };
    match source {
        Ok(source) => check(interpreter, &without_shebang(&source), &name, around),
        Err(error) => Checked::unreadable(name, Problem::of(error)),
    }
}
