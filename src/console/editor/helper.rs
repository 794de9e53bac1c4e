//! What the line editor asks while somebody types: is it complete, how does it look, what could follow.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rustyline::completion::Completer;
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::{Hint, Hinter, HistoryHinter};
use rustyline::line_buffer::LineBuffer;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{Changeset, Context};

use super::assist::{Assist, Candidate};
use super::menu::{Menu, Shown, State};
use super::paint::paint;
use super::part::{Part, below, in_ascii, painted, plain};
use super::printer::Gate;
use super::signature;
use crate::console::input::{ParseFailure, Verdict, judge};
use crate::console::screen::{rows, table_columns};
use crate::console::style::{Palette, Role};
use crate::console::text::{char_width, escape, width};

/// The engine's parser.
pub type Compile = Arc<dyn Fn(&str) -> Result<(), ParseFailure> + Send + Sync>;

/// What stands behind or under the line.
pub(super) struct Shadow {
    display: String,
    completion: Option<String>,
}

impl Hint for Shadow {
    fn display(&self) -> &str {
        &self.display
    }

    fn completion(&self) -> Option<&str> {
        self.completion.as_deref()
    }
}

pub(super) struct Helper {
    compile: Compile,
    assist: Arc<dyn Assist>,
    palette: Palette,
    /// The terminal knows ASCII only.
    pub(super) ascii: bool,
    gate: Arc<Gate>,
    shown: Shown,
    /// Ctrl-C was pressed: the line is dropped.
    dropped: Arc<AtomicBool>,
    menu: RefCell<Option<Menu>>,
    /// What was shown last behind the line.
    shadow: RefCell<Vec<Part>>,
    /// A line that is offered while nothing is typed.
    pub(super) offered: RefCell<Option<String>>,
    /// Columns of the prompt.
    pub(super) prompt: Cell<usize>,
    /// The line is final: brackets at the cursor mean nothing any more.
    is_final: Cell<bool>,
}

impl Helper {
    pub(super) fn new(
        compile: Compile,
        assist: Arc<dyn Assist>,
        color: bool,
        gate: Arc<Gate>,
        shown: Shown,
        dropped: Arc<AtomicBool>,
    ) -> Self {
        Self {
            compile,
            assist,
            palette: Palette::new(color),
            ascii: false,
            gate,
            shown,
            dropped,
            menu: RefCell::default(),
            shadow: RefCell::default(),
            offered: RefCell::default(),
            prompt: Cell::default(),
            is_final: Cell::default(),
        }
    }

    /// The list, when one belongs under this line.
    fn list(&self, line: &str, pos: usize) -> Option<Vec<Part>> {
        let mut menu = self.menu.borrow_mut();
        let was_closed = self.shown.get() == State::Closed;
        let state = menu.as_mut().filter(|_| !was_closed).map_or(State::Closed, |menu| menu.state(line, pos));
        self.shown.set(state);
        if state == State::Closed {
            *menu = None;
        }
        let columns = table_columns();
        let used = line.lines().map(|line| 1 + width(line) / columns.max(1)).sum::<usize>();
        menu.as_ref().map(|menu| menu.show(columns, rows().saturating_sub(used + 1)))
    }

    /// How the call at the cursor is made.
    fn signature(&self, line: &str, pos: usize) -> Option<Vec<Part>> {
        let signature = self.assist.signature(line, pos)?;
        let columns = table_columns();
        let right = columns.saturating_sub(self.end_column(line) + 1);
        Some(signature::show(&signature, right, columns)).filter(|parts| !parts.is_empty())
    }

    /// The column behind the last row of the line; that of the next row's beginning when the row is full.
    fn end_column(&self, line: &str) -> usize {
        let last = line.rsplit('\n').next().unwrap_or_default();
        let prompt = if last.len() == line.len() { self.prompt.get() } else { 0 };
        let columns = table_columns().max(1);
        let end = last.chars().fold(prompt, |column, c| {
            let wide = char_width(c);
            if column + wide > columns { wide } else { column + wide }
        });
        end % columns
    }

    /// The rest of an earlier line: its first line is shown, all of it is taken over. Without colours it would look as if it
    /// had been typed.
    fn earlier(&self, line: &str, pos: usize, context: &Context<'_>) -> Option<(Vec<Part>, String)> {
        if !self.palette.is_colored() {
            return None;
        }
        let rest = HistoryHinter::new().hint(line, pos, context)?;
        Some((self.first_line(&rest), rest))
    }

    fn first_line(&self, text: &str) -> Vec<Part> {
        let first = text.lines().next().unwrap_or_default();
        let more = if first.len() < text.len() { "…" } else { "" };
        vec![Part::new(Some(Role::Dim), format!("{}{more}", escape(first)))]
    }

    fn offered(&self, line: &str) -> Option<(Vec<Part>, String)> {
        let offered = self.offered.borrow();
        let text = offered.as_ref().filter(|_| line.is_empty())?;
        Some((self.first_line(text), text.clone()))
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
        if self.dropped.load(Ordering::Relaxed) {
            return Ok(ValidationResult::Valid(None));
        }
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
        *self.menu.borrow_mut() = None;
        if let Some((_, text)) = self.offered(line) {
            return Ok((0, vec![Candidate { replacement: text, ..Candidate::default() }]));
        }
        let mut found = self.assist.complete(line, pos);
        // Names of groups and members come from outside.
        for candidate in &mut found.candidates {
            candidate.replacement = escape(&candidate.replacement).into_owned();
        }
        if found.candidates.is_empty() {
            return Ok((pos, Vec::new()));
        }
        let menu = Menu::new(line, pos, &found);
        let steps = menu.steps();
        *self.menu.borrow_mut() = Some(menu);
        self.shown.set(State::Listed);
        Ok((found.start, steps))
    }

    fn update(&self, line: &mut LineBuffer, start: usize, elected: &str, changes: &mut Changeset) {
        let tail = self.menu.borrow_mut().as_mut().map_or(0, |menu| menu.step(elected));
        line.replace(start..line.pos() + tail, elected, changes);
        if let Some(menu) = &mut *self.menu.borrow_mut() {
            menu.stepped(line.as_str(), line.pos());
        }
    }
}

impl Hinter for Helper {
    type Hint = Shadow;

    fn hint(&self, line: &str, pos: usize, context: &Context<'_>) -> Option<Shadow> {
        // The line is about to be drawn: the editor has the terminal.
        self.gate.open();
        let alone = |parts: Vec<Part>| (parts, String::new());
        let (parts, completion) = self
            .list(line, pos)
            .or_else(|| self.signature(line, pos))
            .map(alone)
            .or_else(|| self.offered(line))
            .or_else(|| self.earlier(line, pos, context))?;
        let mut parts = if self.ascii { in_ascii(parts) } else { parts };
        if self.end_column(line) == 0 && !line.is_empty() && !line.ends_with('\n') {
            // The row is full: whatever comes next begins the next one, and a line break would be one too many.
            below(&mut parts);
        }
        let display = plain(&parts);
        *self.shadow.borrow_mut() = parts;
        Some(Shadow { display, completion: (!completion.is_empty()).then_some(completion) })
    }
}

impl Highlighter for Helper {
    fn highlight<'l>(&self, line: &'l str, pos: usize) -> Cow<'l, str> {
        let cursor = (!self.is_final.get()).then_some(pos);
        Cow::Owned(paint(line, cursor, self.palette, self.assist.as_ref()))
    }

    fn highlight_hint<'h>(&self, hint: &'h str) -> Cow<'h, str> {
        let shadow = self.shadow.borrow();
        if plain(&shadow) == hint {
            return Cow::Owned(painted(&shadow, self.palette));
        }
        Cow::Owned(self.palette.paint(Role::Dim, hint))
    }

    fn highlight_char(&self, _: &str, _: usize, kind: CmdKind) -> bool {
        self.is_final.set(kind == CmdKind::ForcedRefresh);
        self.palette.is_colored()
    }
}
