//! What the line editor asks while somebody types: is it complete, how does it look, what could follow.

use std::borrow::Cow;
use std::cell::Cell;
use std::sync::Arc;

use rustyline::Context;
use rustyline::completion::Completer;
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::{Hint, Hinter, HistoryHinter};
use rustyline::validate::{ValidationContext, ValidationResult, Validator};

use super::printer::Gate;
use crate::console::input::{ParseFailure, Verdict, judge};
use crate::console::scan::{Class, Scan, scan};
use crate::console::style::{Palette, Role};
use crate::console::text::escape;

/// The engine's parser.
pub type Compile = Arc<dyn Fn(&str) -> Result<(), ParseFailure> + Send + Sync>;

/// Completes the word at the cursor.
pub trait Complete: Send + Sync {
    /// Where the word begins, in bytes, and what could stand there.
    fn complete(&self, line: &str, pos: usize) -> (usize, Vec<Candidate>);
}

/// A word that could stand at the cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// What the list shows.
    pub display: String,
    /// What is inserted.
    pub replacement: String,
}

impl rustyline::completion::Candidate for Candidate {
    fn display(&self) -> &str {
        &self.display
    }

    fn replacement(&self) -> &str {
        &self.replacement
    }
}

/// The rest of an earlier line: its first line is shown, all of it is taken over.
pub(super) struct Earlier {
    display: String,
    completion: String,
}

impl Hint for Earlier {
    fn display(&self) -> &str {
        &self.display
    }

    fn completion(&self) -> Option<&str> {
        Some(&self.completion)
    }
}

pub(super) struct Helper {
    compile: Compile,
    complete: Arc<dyn Complete>,
    palette: Palette,
    gate: Arc<Gate>,
    history: HistoryHinter,
    /// The line is final: brackets at the cursor mean nothing any more.
    is_final: Cell<bool>,
}

impl Helper {
    pub(super) fn new(compile: Compile, complete: Arc<dyn Complete>, color: bool, gate: Arc<Gate>) -> Self {
        Self {
            compile,
            complete,
            palette: Palette::new(color),
            gate,
            history: HistoryHinter::new(),
            is_final: Cell::new(false),
        }
    }
}

impl Helper {
    pub(super) fn set_color(&mut self, color: bool) {
        self.palette = Palette::new(color);
    }
}

impl rustyline::Helper for Helper {}

impl Validator for Helper {
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        self.gate.hold();
        match judge(context.input(), |text| (self.compile)(text)) {
            Verdict::Complete => Ok(ValidationResult::Valid(None)),
            Verdict::Incomplete => {
                self.gate.open();
                Ok(ValidationResult::Incomplete)
            }
        }
    }
}

impl Completer for Helper {
    type Candidate = Candidate;

    fn complete(
        &self,
        line: &str,
        pos: usize,
        _: &Context<'_>,
    ) -> rustyline::Result<(usize, Vec<Candidate>)> {
        let (start, candidates) = self.complete.complete(line, pos);
        // Names of groups and members come from outside.
        let harmless = |candidate: Candidate| Candidate {
            display: escape(&candidate.display).into_owned(),
            replacement: escape(&candidate.replacement).into_owned(),
        };
        Ok((start, candidates.into_iter().map(harmless).collect()))
    }
}

impl Hinter for Helper {
    type Hint = Earlier;

    fn hint(&self, line: &str, pos: usize, context: &Context<'_>) -> Option<Earlier> {
        let completion = self.history.hint(line, pos, context)?;
        let mut display = completion.lines().next().unwrap_or_default().to_owned();
        if display.len() < completion.len() {
            display.push('…');
        }
        Some(Earlier { display: escape(&display).into_owned(), completion })
    }
}

impl Highlighter for Helper {
    fn highlight<'l>(&self, line: &'l str, pos: usize) -> Cow<'l, str> {
        let cursor = (!self.is_final.get()).then_some(pos);
        Cow::Owned(paint(line, cursor, self.palette))
    }

    fn highlight_hint<'h>(&self, hint: &'h str) -> Cow<'h, str> {
        Cow::Owned(self.palette.paint(Role::Dim, hint))
    }

    fn highlight_char(&self, _: &str, _: usize, kind: CmdKind) -> bool {
        self.is_final.set(kind == CmdKind::ForcedRefresh);
        self.palette.is_colored()
    }
}

/// `line` in colours; the bracket at the cursor, or before it, and the one that belongs to it stand out.
fn paint(line: &str, cursor: Option<usize>, palette: Palette) -> String {
    let scan = scan(line);
    let matched = cursor.and_then(|cursor| matching(&scan, cursor));
    let mut out = String::with_capacity(line.len() * 2);
    let mut done = 0;
    for (index, token) in scan.tokens.iter().enumerate() {
        out.push_str(&line[done..token.start]);
        let text = &line[token.start..token.end];
        let is_matched = matched.is_some_and(|(one, other)| index == one || index == other);
        match if is_matched { Some(Role::Match) } else { role(token.class, text) } {
            Some(role) => out.push_str(&palette.paint(role, text)),
            None => out.push_str(text),
        }
        done = token.end;
    }
    out.push_str(&line[done..]);
    out
}

fn matching(scan: &Scan, cursor: usize) -> Option<(usize, usize)> {
    let at = |byte: usize| {
        let index = scan.token_at(byte)?;
        Some((index, scan.partner(index)?))
    };
    at(cursor).or_else(|| at(cursor.checked_sub(1)?))
}

fn role(class: Class, text: &str) -> Option<Role> {
    match class {
        Class::Keyword if matches!(text, "true" | "false") => Some(Role::Bool),
        Class::Keyword => Some(Role::Keyword),
        Class::Number => Some(Role::Number),
        Class::Text | Class::Char | Class::Template => Some(Role::Text),
        Class::Comment => Some(Role::Dim),
        Class::Identifier | Class::Operator | Class::Bracket => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{matching, paint};
    use crate::console::scan::scan;
    use crate::console::style::Palette;

    #[test]
    fn painting_keeps_the_text() {
        let line = "let 名 = f(`甲 ${g(\"乙\")} 丙`, 1.5); // 完";
        assert_eq!(paint(line, Some(3), Palette::new(false)), line);
        let mut painted = paint(line, Some(line.len()), Palette::new(true));
        while let Some(start) = painted.find('\u{1b}') {
            let end = painted[start..].find('m').map_or(painted.len(), |end| start + end + 1);
            painted.replace_range(start..end, "");
        }
        assert_eq!(painted, line);
    }

    #[test]
    fn brackets_find_each_other() {
        let line = "f(#{a: [1]})";
        let scan = scan(line);
        let pair = |cursor| {
            matching(&scan, cursor).map(|(one, other)| (scan.tokens[one].start, scan.tokens[other].start))
        };
        assert_eq!(pair(1), Some((1, 11)));
        assert_eq!(pair(12), Some((11, 1)));
        assert_eq!(pair(3), Some((2, 10)));
        assert_eq!(pair(5), None);
    }
}
