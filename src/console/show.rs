//! Values and errors as text, by the wishes of the command line.

use super::problem;
use super::render::{Mode, Renderer};
use super::style::Palette;
use crate::error::Error;
use crate::lang::{Lang, Text};
use crate::script::{Problem, Value};

/// How to show.
#[derive(Debug, Clone, Copy)]
pub struct Show {
    /// For results.
    pub renderer: Renderer,
    /// For errors and notes.
    pub palette: Palette,
    /// Language of texts.
    pub lang: Lang,
    /// Columns of the window.
    pub columns: usize,
}

impl Show {
    /// A result; empty when there is nothing to show.
    pub fn value(&self, value: &Value) -> String {
        self.renderer.value(&value.view())
    }

    /// An error; with `-o json` one JSON line.
    pub fn problem(&self, problem: &Problem) -> String {
        if self.renderer.mode == Mode::Json {
            return problem.to_json().to_string();
        }
        let text = |text: &Text| text.get(self.lang).to_owned();
        let error = problem.error.as_deref();
        let at = |spot: Option<(usize, usize)>, source: Option<&str>| problem::Spot {
            name: problem.name.clone(),
            source: source.map(str::to_owned),
            line: spot.map_or(0, |spot| spot.0),
            column: spot.map_or(0, |spot| spot.1),
        };
        let shown = problem::Problem {
            kind: error.map_or("", Error::kind_name).to_owned(),
            message: text(&problem.message),
            hints: problem.hints.iter().map(text).collect(),
            request_id: error.map_or("", Error::request_id).to_owned(),
            spot: problem.spot.map(|spot| at(Some(spot), Some(&problem.source))),
            trail: problem.trail.iter().rev().map(|(name, spot)| (name.clone(), at(*spot, None))).collect(),
        };
        shown.show(self.palette, self.lang, self.columns).trim_end().to_owned()
    }

    /// An error without a script.
    pub fn error(&self, error: Error) -> String {
        self.problem(&Problem::of(error))
    }
}
