//! Values as a person or a program reads them.

use serde_json::Value;

use super::style::{Palette, Role};
use super::table;
use super::text::{self, escape, escape_lines, quote};
use crate::lang::Lang;
use crate::script::view::View;

/// How many items of a list are shown.
pub const MAX_ITEMS: usize = 200;

/// How deeply nested parts are shown.
const MAX_DEPTH: usize = 32;

/// How many parts a list or map may have to stand on one line.
const MAX_INLINE: usize = 32;

/// The form of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// For a person: tables, layout, colour.
    #[default]
    Table,
    /// Strict JSON on one line.
    Json,
    /// Text as it is, everything else as JSON on one line.
    Raw,
}

impl Mode {
    /// Reads `table`, `json` or `raw`.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "table" => Some(Self::Table),
            "json" => Some(Self::Json),
            "raw" => Some(Self::Raw),
            _ => None,
        }
    }
}

/// Turns values into text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Renderer {
    /// The colours.
    pub palette: Palette,
    /// Columns of the window.
    pub width: usize,
    /// The form.
    pub mode: Mode,
    /// Whether a text that is the whole value stands in quotes.
    pub quote_text: bool,
    /// Whether the output goes to a terminal; if not, `Raw` gives every byte as it is.
    pub terminal: bool,
    /// The language of the few words it adds.
    pub lang: Lang,
}

impl Renderer {
    /// `view` without a line break at the end; nothing at all for `()`, except in JSON.
    pub fn value(&self, view: &View) -> String {
        match (self.mode, view) {
            (Mode::Json, view) => compact(view),
            (Mode::Table | Mode::Raw, View::Nil) => String::new(),
            (Mode::Raw, View::Text(text) | View::Opaque(text)) if self.terminal => {
                escape_lines(text).into_owned()
            }
            (Mode::Raw, View::Text(text) | View::Opaque(text)) => text.clone(),
            (Mode::Raw, view) => compact(view),
            (Mode::Table, View::Text(text)) if !self.quote_text => escape_lines(text).into_owned(),
            (Mode::Table, View::List(items)) => match rows(items) {
                Some(rows) => table::render(self, &rows),
                None => self.layout(view),
            },
            (Mode::Table, view) => self.layout(view),
        }
    }

    fn layout(&self, view: &View) -> String {
        let mut out = String::new();
        self.node(&mut out, view, 0, 0);
        out
    }

    /// Writes `view`, whose first line begins at column `column`, inside of `depth` others.
    fn node(&self, out: &mut String, view: &View, column: usize, depth: usize) {
        let (marks, length) = match view {
            View::List(items) => (['[', ']'], items.len()),
            View::Map(entries) => (['{', '}'], entries.len()),
            scalar => return out.push_str(&self.scalar(scalar)),
        };
        if depth == MAX_DEPTH && length > 0 {
            return out.push_str(&self.palette.paint(Role::Dim, &format!("{}…{}", marks[0], marks[1])));
        }
        if let Some(line) = self.inline(view, marks, self.width.saturating_sub(column)) {
            return out.push_str(&line);
        }
        let indent = " ".repeat(2 * (depth + 1));
        out.push(marks[0]);
        for (key, part) in parts(view).take(MAX_ITEMS) {
            out.push('\n');
            out.push_str(&indent);
            let mut column = indent.len();
            if let Some(key) = key {
                let key = self.key(key);
                column += key.1;
                out.push_str(&key.0);
            }
            self.node(out, part, column + 1, depth + 1);
            out.push(',');
        }
        if length <= MAX_ITEMS {
            out.pop();
        } else {
            out.push('\n');
            out.push_str(&indent);
            out.push_str(&self.more(length - MAX_ITEMS, length));
        }
        out.push('\n');
        out.push_str(&" ".repeat(2 * depth));
        out.push(marks[1]);
    }

    /// A list or map without nested parts on one line, if it fits.
    fn inline(&self, view: &View, marks: [char; 2], room: usize) -> Option<String> {
        if parts(view).count() > MAX_INLINE || !parts(view).all(|(_, part)| is_leaf(part)) {
            return None;
        }
        let blank = if matches!(view, View::Map(_)) && parts(view).next().is_some() { " " } else { "" };
        let mut out = format!("{}{blank}", marks[0]);
        let mut columns = 2 + 2 * blank.len();
        for (index, (key, part)) in parts(view).enumerate() {
            if index > 0 {
                out.push_str(", ");
                columns += 2;
            }
            if let Some(key) = key {
                let key = self.key(key);
                columns += key.1;
                out.push_str(&key.0);
            }
            let plain = plain(part);
            columns += text::width(&plain);
            if columns > room {
                return None;
            }
            out.push_str(&self.palette.paint(role(part), &plain));
        }
        out.push_str(blank);
        out.push(marks[1]);
        Some(out)
    }

    /// A key with its colon, painted, and its width.
    fn key(&self, key: &str) -> (String, usize) {
        let plain = quote(key);
        (format!("{}: ", self.palette.paint(Role::Key, &plain)), text::width(&plain) + 2)
    }

    fn scalar(&self, view: &View) -> String {
        self.palette.paint(role(view), &plain(view))
    }

    /// The line that says what is not shown.
    pub(super) fn more(&self, hidden: usize, total: usize) -> String {
        let text = match self.lang {
            Lang::En => format!("… {hidden} more of {total}"),
            Lang::Zh => format!("… 还有 {hidden} 条，共 {total} 条"),
        };
        self.palette.paint(Role::Dim, &text)
    }
}

/// The list as rows of a table: nothing but maps that have keys.
fn rows(items: &[View]) -> Option<Vec<&[(String, View)]>> {
    let rows: Option<Vec<_>> = items
        .iter()
        .map(|item| match item {
            View::Map(entries) => Some(entries.as_slice()),
            _ => None,
        })
        .collect();
    rows.filter(|rows| {
        rows.iter().any(|row| !row.is_empty()) && rows.iter().all(|row| row.len() <= table::MAX_KEYS)
    })
}

/// The parts of a list or map.
fn parts(view: &View) -> Box<dyn Iterator<Item = (Option<&str>, &View)> + '_> {
    match view {
        View::List(items) => Box::new(items.iter().map(|item| (None, item))),
        View::Map(entries) => Box::new(entries.iter().map(|(key, value)| (Some(key.as_str()), value))),
        _ => Box::new(std::iter::empty()),
    }
}

fn is_leaf(view: &View) -> bool {
    view.is_scalar() || parts(view).next().is_none()
}

/// A part without parts of its own, as text without colour.
pub(super) fn plain(view: &View) -> String {
    match view {
        View::Nil => "null".into(),
        View::Bool(value) => value.to_string(),
        View::Int(value) => value.to_string(),
        View::Float(value) => format!("{value:?}"),
        View::Text(text) => quote(text),
        View::Opaque(text) => escape(text).into_owned(),
        View::List(_) => "[]".into(),
        View::Map(_) => "{}".into(),
    }
}

fn role(view: &View) -> Role {
    match view {
        View::Nil => Role::Null,
        View::Bool(_) => Role::Bool,
        View::Int(_) | View::Float(_) => Role::Number,
        View::Text(_) => Role::Text,
        View::Opaque(_) => Role::Object,
        View::List(_) | View::Map(_) => Role::Dim,
    }
}

/// Strict JSON on one line. Characters that could drive a terminal stand as `\u` escapes, which JSON allows.
pub(super) fn compact(view: &View) -> String {
    let json = match view.to_json() {
        Value::Null => return "null".into(),
        value => value.to_string(),
    };
    if !json.contains(text::is_unsafe) {
        return json;
    }
    let escaped =
        |c: char| if text::is_unsafe(c) { format!("\\u{:04x}", u32::from(c)) } else { c.to_string() };
    json.chars().map(escaped).collect()
}
