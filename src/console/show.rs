//! Values and errors as text, by the wishes of the command line.

use super::help::Help;
use super::problem;
use super::render::{Mode, Renderer, compact};
use super::screen::{note_columns, prompt_lines, table_columns, text_columns};
use super::style::Palette;
use crate::error::Error;
use crate::lang::{Lang, Text};
use crate::script::view::{Record, View};
use crate::script::{Call, Problem, Value};

/// How many items of a list are looked at for one line.
const SHORT: usize = 64;

/// How to show.
#[derive(Debug, Clone, Copy)]
pub struct Show {
    /// For results.
    pub renderer: Renderer,
    /// For errors and notes.
    pub palette: Palette,
    /// Language of texts.
    pub lang: Lang,
    /// Columns of help.
    pub text_columns: usize,
    /// Columns of errors and notes.
    pub note_columns: usize,
    /// Whether an error is one line of JSON.
    pub json_errors: bool,
}

impl Show {
    /// For errors that come before anything is known of the reader but the language.
    pub fn plain(lang: Lang, color: bool) -> Self {
        let (palette, columns) = (Palette::new(color), note_columns());
        let renderer = Renderer {
            palette,
            width: columns,
            lines: None,
            whole: false,
            mode: Mode::Auto,
            prompt: false,
            terminal: false,
            lang,
        };
        Self { renderer, palette, lang, text_columns: columns, note_columns: columns, json_errors: false }
    }

    /// The same for the window as it is now.
    pub fn fitted(mut self) -> Self {
        self.renderer.width = table_columns();
        self.text_columns = text_columns();
        self.note_columns = note_columns();
        if self.renderer.prompt {
            self.renderer.lines = prompt_lines();
        }
        self
    }

    /// A result; empty when there is nothing to show.
    pub fn value(&self, value: &Value) -> String {
        self.renderer.value(&value.head(self.renderer.most_items()))
    }

    /// The beginning of a result on one line.
    pub fn short(&self, value: &Value) -> String {
        match value.head(SHORT) {
            View::Opaque(text) | View::Record(Record { text, .. }) => text,
            view => compact(&view),
        }
    }

    /// An error.
    pub fn problem(&self, problem: &Problem) -> String {
        if self.json_errors {
            return problem.to_json().to_string();
        }
        self.text_of(problem)
    }

    /// An error for a person.
    pub fn text_of(&self, problem: &Problem) -> String {
        let text = |text: &Text| text.get(self.lang).to_owned();
        let error = problem.error.as_deref();
        let at = |spot: Option<(usize, usize)>, name: &str, source: Option<&str>| problem::Spot {
            name: name.to_owned(),
            source: source.map(str::to_owned),
            line: spot.map_or(0, |spot| spot.0),
            column: spot.map_or(0, |spot| spot.1),
        };
        let called = |call: &Call| (call.function.clone(), at(call.spot, &call.name, None));
        let shown = problem::Problem {
            kind: error.map_or("", Error::kind_name).to_owned(),
            message: text(&problem.message),
            hints: problem.hints.iter().map(text).collect(),
            request_id: error.map_or("", Error::request_id).to_owned(),
            spot: problem.spot.map(|spot| at(Some(spot), &problem.name, Some(&problem.source))),
            trail: problem.trail.iter().rev().map(called).collect(),
        };
        shown.show(self.palette, self.lang, self.note_columns).trim_end().to_owned()
    }

    /// Help for this reader.
    pub fn help(&self) -> Help {
        Help { palette: self.renderer.palette, lang: self.lang, columns: self.text_columns }
    }

    /// An error without a script.
    pub fn error(&self, error: Error) -> String {
        self.problem(&Problem::of(error))
    }
}
