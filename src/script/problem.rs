//! What went wrong in a script: our error or Rhai's, with its place in the text and the way there.

use std::sync::Arc;

use rhai::{AST, Engine, EvalAltResult, ParseError, ParseErrorType, Position};

use super::failure::{Failure, Leave, What};
use super::syntax::{closes_nothing, syntax};
use super::unknown::miscounted_call;
use super::words::words;
use crate::error::Error;
use crate::lang::{Lang, Text};

/// A place in a script; both count from 1, columns in characters.
pub type Spot = (usize, usize);

/// An evaluation that failed.
#[derive(Debug)]
pub struct Problem {
    /// The error of a method, when one caused it.
    pub error: Option<Arc<Error>>,
    /// What happened, in the words of this program.
    pub message: Text,
    /// What to do next.
    pub hints: Vec<Text>,
    /// Where, in `source`.
    pub spot: Option<Spot>,
    /// The text that was evaluated.
    pub source: String,
    /// Its name: a file, or the number of the input.
    pub name: String,
    /// The calls that led there, outermost first.
    pub trail: Vec<Call>,
    /// The imported module that it lies in.
    module: Option<String>,
}

/// A call of a function.
#[derive(Debug)]
pub struct Call {
    /// The function.
    pub function: String,
    /// Where it was called.
    pub spot: Option<Spot>,
    /// Name of the text with that place.
    pub name: String,
}

/// A text that was evaluated, and its name: a file, or the number of the input.
#[derive(Debug, Clone)]
pub(super) struct Origin {
    pub(super) name: String,
    pub(super) source: String,
}

impl Problem {
    /// The exit code of the program when this ends it.
    pub fn exit_code(&self) -> u8 {
        self.error.as_ref().map_or(8, |error| error.exit_code())
    }

    /// Says which text each place lies in: `input` was evaluated, functions may have come from earlier ones.
    pub(super) fn locate<'a>(&mut self, input: &'a Origin, find: impl Fn(&str) -> Option<&'a Origin>) {
        let mut here = input;
        for call in &mut self.trail {
            here.name.clone_into(&mut call.name);
            here = find(&call.function).unwrap_or(here);
            if call.function.starts_with("anon$") {
                call.function = "|…|".to_owned();
            }
        }
        here.name.clone_into(&mut self.name);
        here.source.clone_into(&mut self.source);
        if let Some(module) = &self.module {
            let file = format!("{module}.rhai");
            // The resolver of modules read it a moment ago; without it the place is told, and not shown.
            self.source = std::fs::read_to_string(&file).unwrap_or_default();
            self.name = file;
        }
    }

    /// The error as machine output: one JSON object.
    pub fn to_json(&self) -> serde_json::Value {
        let hint = self.hints.iter().map(|hint| hint.get(Lang::En)).collect::<Vec<_>>().join("; ");
        let error = self.error.as_deref();
        serde_json::json!({ "error": {
            "kind": error.map_or("script", Error::kind_name),
            "code": error.map_or("", Error::code),
            "message": self.message.en,
            "hint": hint,
            "request_id": error.map_or("", Error::request_id),
            "sent": error.map_or("no", |error| error.sent().name()),
            "source": self.name,
            "line": self.spot.map(|spot| spot.0),
            "column": self.spot.map(|spot| spot.1),
            "exit_code": self.exit_code(),
        }})
    }

    /// A problem without a place in a text.
    pub fn of(error: Error) -> Self {
        let mut problem = of_script(error.texts(), error.hints().to_vec());
        problem.error = Some(Arc::new(error));
        problem
    }

    /// A problem that is no error of a method, without a place yet.
    pub(super) fn of_script(message: Text, hints: Vec<Text>) -> Self {
        of_script(message, hints)
    }
}

/// How an evaluation ended without a value.
pub(super) enum Ending {
    /// `exit(n)`.
    Leave(i64),
    /// An error.
    Problem(Box<Problem>),
}

/// Reads an error of the engine. `library` holds the functions of the session.
pub(super) fn read(engine: &Engine, library: &AST, error: EvalAltResult) -> Ending {
    let mut trail = Vec::new();
    let mut inner = error;
    let mut module = None;
    loop {
        match inner {
            EvalAltResult::ErrorInFunctionCall(function, _, cause, position) => {
                trail.push(Call { function, spot: spot(position), name: String::new() });
                inner = *cause;
            }
            EvalAltResult::ErrorInModule(name, cause, position) => {
                trail.push(Call {
                    function: format!("import {name}"),
                    spot: spot(position),
                    name: String::new(),
                });
                module = Some(name);
                inner = *cause;
            }
            other => {
                inner = other;
                break;
            }
        }
    }
    let place = spot(inner.position());
    let mut problem = match &inner {
        EvalAltResult::ErrorTerminated(value, _) | EvalAltResult::ErrorRuntime(value, _) => {
            if let Some(leave) = value.read_lock::<Leave>() {
                return Ending::Leave(leave.0);
            }
            value.read_lock::<Failure>().map(|failure| of_failure(&failure))
        }
        EvalAltResult::ErrorFunctionNotFound(signature, _) => miscounted_call(signature).map(Problem::of),
        _ => None,
    }
    .unwrap_or_else(|| {
        let (message, hints) = words(engine, library, &inner);
        of_script(message, hints)
    });
    (problem.spot, problem.trail, problem.module) = (place, trail, module);
    Ending::Problem(Box::new(problem))
}

/// What a script was given by `catch`, and let go on.
fn of_failure(failure: &Failure) -> Problem {
    match &failure.what {
        What::Script(mistake) => of_script(mistake.message.clone(), mistake.hints.clone()),
        What::Ours(error) => {
            let mut problem = of_script(error.texts(), error.hints().to_vec());
            problem.error = Some(Arc::clone(error));
            problem
        }
    }
}

/// Reads a syntax error.
pub(super) fn read_parse(error: &ParseError, source: &str, name: &str) -> Problem {
    let (message, hints) = syntax(error.err_type());
    let mut problem = of_script(message, hints);
    problem.spot = spot(error.position());
    let at = problem.spot.and_then(|(line, column)| source.lines().nth(line - 1)?.chars().nth(column - 1));
    if let (ParseErrorType::MissingToken(token, _), Some(bracket @ (')' | ']' | '}'))) =
        (error.err_type(), at)
        && token == ";"
    {
        problem.message = closes_nothing(bracket);
        problem.hints.clear();
    } else if matches!(error.err_type(), ParseErrorType::MissingToken(token, _) if token == ";") {
        // Rhai points at the statement that follows, which may stand lines below.
        problem.spot = problem.spot.map(|spot| end_before(source, spot));
    }
    source.clone_into(&mut problem.source);
    name.clone_into(&mut problem.name);
    problem
}

/// The end of the line before, when `spot` is the first thing on its line.
fn end_before(source: &str, spot: Spot) -> Spot {
    let lines: Vec<&str> = source.lines().collect();
    let first =
        lines.get(spot.0 - 1).map_or(0, |line| line.chars().take_while(|c| c.is_whitespace()).count());
    let above = lines.iter().take(spot.0 - 1).rposition(|line| !line.trim().is_empty());
    match above {
        Some(above) if first + 1 == spot.1 => (above + 1, lines[above].trim_end().chars().count() + 1),
        _ => spot,
    }
}

fn of_script(message: Text, hints: Vec<Text>) -> Problem {
    Problem {
        error: None,
        message,
        hints,
        spot: None,
        source: String::new(),
        name: String::new(),
        trail: Vec::new(),
        module: None,
    }
}

pub(super) fn spot(position: Position) -> Option<Spot> {
    position.line().map(|line| (line, position.position().unwrap_or(1)))
}
