//! A program that ends before it began: something is not as it should be, or `main.rhai` ended it.

use super::program::Program;
use crate::console::repl::exit_code;
use crate::console::show::Show;
use crate::error::{Error, Kind};
use crate::lang::Text;
use crate::script::Problem;

/// Why it ends.
pub(super) enum Early {
    /// An error of the program.
    Error(Error),
    /// The script that runs at start called `exit`.
    Left { file: String, code: i64 },
    /// It failed.
    Failed { file: String, problem: Box<Problem>, show: Show },
}

impl Early {
    /// The script `file` failed.
    pub(super) fn failed(file: String, mut problem: Box<Problem>, show: Show) -> Self {
        let stopped = problem.error.as_deref().map(Error::kind);
        if !matches!(stopped, Some(Kind::Interrupted { by_timeout: false, .. })) {
            problem.hints.push(WITHOUT);
        }
        Self::Failed { file, problem, show }
    }

    /// Says what happened; the exit code of the program.
    pub(super) fn end(self, program: &Program) -> u8 {
        match self {
            Self::Error(error) => {
                let code = error.exit_code();
                program.screen.note(&program.show.error(error));
                code
            }
            Self::Left { code, .. } => exit_code(code),
            Self::Failed { problem, show, .. } => {
                program.screen.note(&show.problem(&problem));
                problem.exit_code()
            }
        }
    }

    /// The same where the program goes on: the script's own words are told, the rest is an error.
    pub(super) fn go_on(self, program: &Program) -> Error {
        match self {
            Self::Error(error) => error,
            Self::Left { file, .. } => left(&file),
            Self::Failed { file, problem, show } => {
                program.screen.note(&show.problem(&problem));
                Error::usage(format!("{file} failed"), format!("{file} 运行失败"))
            }
        }
    }
}

impl From<Error> for Early {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

/// What to do about a script that stands in the way.
pub(super) const WITHOUT: Text = Text::fixed("`--no-init` goes on without it", "`--no-init` 可跳过它");

/// The script called `exit` where that ends nothing.
pub(super) fn left(file: &str) -> Error {
    Error::usage(format!("{file} called exit"), format!("{file} 调用了 exit"))
}
