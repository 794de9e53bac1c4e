//! What is wrong with a script, and what it would do: nothing is run, and nothing is sent.

mod syntax;
mod view;

pub use view::{json, rows, text};

use crate::script::{Around, Interpreter, Problem, Report};

/// A script that was looked at.
pub struct Checked {
    /// Its name.
    pub name: String,
    /// What is wrong and what it uses.
    pub report: Report,
}

impl Checked {
    /// A file that could not be looked at.
    pub fn unreadable(name: String, problem: Problem) -> Self {
        Self { name, report: Report { problems: vec![problem], ..Report::default() } }
    }

    /// Whether nothing is wrong.
    pub fn is_clean(&self) -> bool {
        self.report.problems.is_empty()
    }
}

/// Looks at `source`, which may use what is `around`.
pub fn check(interpreter: &Interpreter, source: &str, name: &str, around: &Around) -> Checked {
    let (rest, mut problems) = syntax::errors(source, |text| interpreter.syntax(text, name));
    let mut report = rest.map_or_else(Report::default, |rest| {
        interpreter.look_through(&rest, name, around, problems.is_empty())
    });
    problems.append(&mut report.problems);
    for problem in &mut problems {
        source.clone_into(&mut problem.source);
    }
    problems.sort_by_key(|problem| problem.spot);
    report.problems = problems;
    Checked { name: name.to_owned(), report }
}
