//! Completion from memory and cache: no network, no evaluation.

mod call;
mod code;
mod command;
mod crowd;
mod directory;
mod known;
mod names;
mod path;
mod rank;
mod receiver;
mod values;

use std::path::PathBuf;

pub(super) use call::param_at;
pub use known::Known;

use super::editor::{Assist, Candidate, Completion, Signature};
use super::host::Crowds;
use super::scan::{Class, Scan, is_in_name};
use crate::api::find;
use crate::lang::Lang;
use crate::script::BUILTINS;
use crate::spec::On;
use code::Code;
use command::Place;
use values::Sources;

/// Helps while a line is typed, out of the rows and what is known of the session.
#[derive(Clone)]
pub struct Completer {
    /// What is known of the session.
    pub known: Known,
    /// The folder that paths are seen from.
    pub folder: PathBuf,
    /// The profiles of the configuration.
    pub profiles: Vec<String>,
    /// Who is in the practice organisation.
    pub crowds: Crowds,
}

impl Assist for Completer {
    fn complete(&self, line: &str, pos: usize) -> Completion {
        let before = &line[..pos];
        let place = command::place(before);
        let Place::Code(start) = place else {
            return command::complete(before, &place, self);
        };
        let mut found = self.in_code(&Code::new(&before[start..]), &line[pos..]);
        found.start += start;
        found.end += start;
        found
    }

    fn signature(&self, line: &str, pos: usize) -> Option<Signature> {
        let before = &line[..pos];
        match command::place(before) {
            Place::Code(start) => call::signature(&Code::new(&before[start..]), &self.known, self.lang()),
            _ => command::signature(before, self.lang()),
        }
    }

    fn knows(&self, line: &str, scan: &Scan, index: usize) -> Option<bool> {
        let word = |index: usize| scan.tokens.get(index).map_or("", |token| &line[token.start..token.end]);
        let name = word(index);
        let is_dot = |index: usize| matches!(word(index), "." | "?.");
        if index >= 2 && is_dot(index - 1) {
            return match word(index - 2) {
                "app" if index < 3 || !is_dot(index - 3) => {
                    Some(matches!(name, "api" | "oapi" | "config") || find(On::App, name).is_some())
                }
                "api" | "oapi" if index >= 4 && is_dot(index - 3) && word(index - 4) == "app" => {
                    Some(find(On::Door, name).is_some())
                }
                _ => None,
            };
        }
        let is_ours = || {
            let builtin = BUILTINS.iter().any(|builtin| builtin.name == name);
            builtin || find(On::Nothing, name).is_some() || self.known.session().functions.contains_key(name)
        };
        (word(index + 1) == "(" && is_ours()).then_some(true)
    }
}

impl Completer {
    fn lang(&self) -> Lang {
        self.known.session().lang
    }

    fn in_code(&self, code: &Code<'_>, rest: &str) -> Completion {
        let session = self.known.session();
        let sources = Sources { session: &session, folder: &self.folder, lang: session.lang };
        let end = code.text.len();
        if let Some(open) = code.open_text() {
            let typed = &code.text[open.start..];
            let (tail, close) = rest_of_text(rest, open.quote);
            let target = call::at_cursor(code, &self.known, &session);
            let candidates = match target {
                Some(target) => values::in_text(&target, typed, &close, &sources),
                None => values::words(names::keys_in_text(code, &self.known, &session), typed, &close),
            };
            return Completion { start: open.start, end: end + tail, candidates };
        }
        if code.is_dead_end() {
            return Completion::default();
        }
        let typed =
            code.scan.tokens.last().filter(|token| {
                token.end == end && matches!(token.class, Class::Identifier | Class::Keyword)
            });
        let (start, word) = typed.map_or((end, ""), |token| (token.start, &code.text[token.start..]));
        let name = code.len() - usize::from(typed.is_some());
        let tail = rest.find(|c| !is_in_name(c)).unwrap_or(rest.len());
        let tail = if typed.is_some() { tail } else { 0 };
        let candidates = self.name(code, name, word, &sources);
        Completion { start, end: end + tail, candidates }
    }

    /// What could be the token `name`, of which `word` was typed.
    fn name(&self, code: &Code<'_>, name: usize, word: &str, sources: &Sources<'_>) -> Vec<Candidate> {
        if code.is_member(name) {
            return names::candidates(names::members(code, name - 1, &self.known, self.lang()), word);
        }
        let is_name = |index: usize| matches!(code.word(index), "let" | "const" | "fn" | "for");
        if name > 0 && is_name(name - 1) {
            return Vec::new(); // a new name
        }
        let target = call::at_cursor(code, &self.known, sources.session);
        let is_key = matches!(target, Some(call::Target::Keys(..)));
        let values = target.as_ref().map(|target| values::bare(target, word, sources)).unwrap_or_default();
        if is_key || word.is_empty() {
            return values;
        }
        let names = names::candidates(names::alone(code, name, &self.known, self.lang()), word);
        let are_words = target.is_some_and(|target| target.has_words());
        let (mut found, rest) = if are_words { (values, names) } else { (names, values) };
        found.extend(rest);
        found
    }
}

/// How much of `rest` belongs to the text that is open before it, and what must be written to close it.
fn rest_of_text(rest: &str, quote: char) -> (usize, String) {
    let stop = rest.find([quote, '\n', ',', '(', ')', ']', '}']);
    match stop {
        Some(stop) if rest[stop..].starts_with(quote) => (stop, String::new()),
        _ => (0, quote.to_string()),
    }
}
