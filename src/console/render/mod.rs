//! Values as a person or a program reads them.

mod card;
mod column;
pub mod csv;
mod known;
mod layout;
mod moment;
mod plain;
mod table;
mod tree;

use super::style::{Palette, Role};
use super::text::{cut, escape_lines, quote};
use crate::lang::{Lang, Text};
use crate::script::view::View;
pub(super) use plain::compact;

/// Something was cut off.
const MORE: Text = Text::fixed("there is more", "还有更多");

/// How many items of a list stand on a line, when they are short.
const ITEMS_PER_LINE: usize = 8;

/// The least that is shown of a long value, however low the window.
const LEAST_LINES: usize = 8;

/// The form of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// As the value likes to be shown: a table, a card, a tree, coloured JSON.
    #[default]
    Auto,
    /// As a table, whatever has fields or items.
    Table,
    /// As cards: a field a line.
    Card,
    /// Strict JSON on one line.
    Json,
    /// Text as it is, everything else as JSON on one line.
    Raw,
    /// CSV, for spreadsheets and programs.
    Csv,
}

/// The modes by name.
pub const MODES: &[(&str, Mode)] = &[
    ("auto", Mode::Auto),
    ("table", Mode::Table),
    ("card", Mode::Card),
    ("json", Mode::Json),
    ("raw", Mode::Raw),
    ("csv", Mode::Csv),
];

impl Mode {
    /// Reads the name of a mode.
    pub fn parse(text: &str) -> Option<Self> {
        MODES.iter().find(|mode| mode.0 == text).map(|mode| mode.1)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        MODES.iter().find(|mode| mode.1 == self).map_or("", |mode| mode.0)
    }
}

/// Turns values into text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Renderer {
    /// The colours.
    pub palette: Palette,
    /// Columns of the window.
    pub width: usize,
    /// How many lines a value may take; [`None`] for all of it.
    pub lines: Option<usize>,
    /// Nothing is cut: a table that does not fit becomes cards.
    pub whole: bool,
    /// The form.
    pub mode: Mode,
    /// Whether it is for the prompt: a text that is the whole value stands in quotes, and what is left out can be asked for.
    pub prompt: bool,
    /// Whether the output goes to a terminal; if not, `Raw` gives every byte as it is, and nothing is left out.
    pub terminal: bool,
    /// The language of the few words it adds.
    pub lang: Lang,
}

impl Renderer {
    /// The same for what is no value of a script: all of it is shown, and there is no other way to see it.
    #[must_use]
    pub fn of_all(self) -> Self {
        Self { lines: None, prompt: false, ..self }
    }

    /// How many items of a list it shows at most: more of them need not be looked at.
    pub fn most_items(&self) -> usize {
        match self.mode {
            Mode::Json | Mode::Raw | Mode::Csv => usize::MAX,
            Mode::Auto | Mode::Table | Mode::Card => self.budget().saturating_mul(ITEMS_PER_LINE),
        }
    }

    /// The lines that a value may take.
    fn budget(&self) -> usize {
        self.lines.map_or(usize::MAX, |lines| lines.max(LEAST_LINES))
    }

    /// `view` without a line break at the end; nothing at all for `()`, except in JSON.
    pub fn value(&self, view: &View) -> String {
        match (self.mode, view) {
            (Mode::Json, view) => compact(view),
            (_, View::Nil) => String::new(),
            (Mode::Csv, view) => csv::text(view),
            (Mode::Raw, View::Text(text) | View::Opaque(text)) if self.terminal => {
                escape_lines(text).into_owned()
            }
            (Mode::Raw, View::Text(text) | View::Opaque(text)) => text.clone(),
            (Mode::Raw, view) => compact(view),
            (_, View::Text(text)) => self.text(text),
            (Mode::Auto, view) => self.auto(view),
            (Mode::Table, view) => table::forced(self, view).unwrap_or_else(|| layout::render(self, view)),
            (Mode::Card, view) => card::forced(self, view).unwrap_or_else(|| layout::render(self, view)),
        }
    }

    /// As the value likes it.
    fn auto(&self, view: &View) -> String {
        if let Some(items) = view.items() {
            let tree = tree::render(self, items, view.total());
            return tree
                .or_else(|| table::rows(items).map(|rows| table::render(self, &rows, view.total())))
                .unwrap_or_else(|| layout::render(self, view));
        }
        // Who reads a pipe gets all fields, as JSON.
        if !self.terminal {
            return layout::render(self, view);
        }
        card::fitting(self, view)
            .or_else(|| tree::render(self, std::slice::from_ref(view), Some(1)))
            .unwrap_or_else(|| layout::render(self, view))
    }

    /// A text that is the whole value.
    fn text(&self, text: &str) -> String {
        if !self.prompt {
            return escape_lines(text).into_owned();
        }
        let room = self.budget().saturating_mul(self.width);
        if self.lines.is_none() || text.len() <= room {
            return quote(text);
        }
        // What is cut off need not be quoted first: no character takes less than no byte.
        let head: String = text.chars().take(room).collect();
        let characters = text.chars().count();
        let shown = cut(&quote(&head), room.saturating_sub(self.width)).into_owned();
        let note = Text::made(format!("{characters} characters in all"), format!("共 {characters} 个字符"));
        format!("{shown}\n{}", self.note(note.get(self.lang)))
    }

    /// A dim line about what is left out; at the prompt with the way to see it.
    fn note(&self, text: &str) -> String {
        let more = if self.prompt && !self.whole { " · %last full".to_owned() } else { String::new() };
        let room = self.width.saturating_sub(more.chars().count());
        let line = format!("{}{more}", cut(&format!("… {text}"), room));
        self.palette.paint(Role::Dim, &line)
    }

    /// What is not shown of a list; nothing when all is.
    fn more(&self, shown: usize, total: Option<usize>) -> Option<String> {
        let text = match total {
            Some(total) if total == shown => return None,
            Some(total) => {
                let hidden = total - shown;
                Text::made(format!("{hidden} more of {total}"), format!("还有 {hidden} 条，共 {total} 条"))
            }
            None => Text::fixed("and more", "还有更多"),
        };
        Some(text.get(self.lang).to_owned())
    }
}
