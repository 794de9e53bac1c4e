//! Lists and maps as JSON, indented where a line is too short, coloured, with the local time behind times.

use super::Renderer;
use super::moment;
use super::plain::{plain, role};
use crate::console::style::Role;
use crate::console::text::{cut, quote, width};
use crate::script::view::View;

/// How many items of a nested list are shown.
const MOST_ITEMS: usize = 200;

/// How deeply nested parts are shown.
const MAX_DEPTH: usize = 32;

/// How many parts a list or map may have to stand on one line.
const MAX_INLINE: usize = 32;

/// `view` as JSON for a person.
pub(super) fn render(renderer: &Renderer, view: &View) -> String {
    let mut sheet = Sheet { renderer, out: String::new(), lines: 1, most: renderer.budget(), is_cut: false };
    sheet.node(view, 0, 0);
    let mut out = sheet.out;
    if sheet.is_cut {
        out.push('\n');
        out.push_str(&renderer.note(super::MORE.get(renderer.lang)));
    }
    out
}

/// What is written so far.
struct Sheet<'a> {
    renderer: &'a Renderer,
    out: String,
    lines: usize,
    /// The most lines.
    most: usize,
    /// Something was left out because there were too many lines.
    is_cut: bool,
}

impl Sheet<'_> {
    /// Writes `view`, whose first line begins at column `column`, inside of `depth` others.
    fn node(&mut self, view: &View, column: usize, depth: usize) {
        let renderer = self.renderer;
        let marks = match view {
            View::List(_) | View::Part(_) => ['[', ']'],
            View::Map(_) => ['{', '}'],
            scalar => return self.scalar(scalar, column),
        };
        let is_empty = parts(view).next().is_none();
        if depth == MAX_DEPTH && !is_empty {
            let text = format!("{}…{}", marks[0], marks[1]);
            return self.out.push_str(&renderer.palette.paint(Role::Dim, &text));
        }
        if let Some(line) = self.inline(view, marks, renderer.width.saturating_sub(column)) {
            return self.out.push_str(&line);
        }
        self.out.push(marks[0]);
        self.parts(view, depth);
        self.line(depth);
        self.out.push(marks[1]);
    }

    /// Begins a line, `depth` steps to the right.
    fn line(&mut self, depth: usize) {
        self.lines += 1;
        self.out.push('\n');
        self.out.push_str(&" ".repeat(2 * depth));
    }

    fn parts(&mut self, view: &View, depth: usize) {
        let most = if self.renderer.lines.is_some() { MOST_ITEMS } else { usize::MAX };
        let total = view.items().map_or_else(|| Some(parts(view).count()), |_| view.total());
        let is_filled = view.items().is_some_and(|items| items.iter().all(is_leaf));
        let (mut shown, mut column) = (0, usize::MAX);
        for (key, part) in parts(view).take(most) {
            let needed = if is_filled { width(&plain(part)) + 2 } else { usize::MAX };
            if column.saturating_add(needed) <= self.renderer.width {
                self.out.push(' ');
            } else if self.is_full(depth) {
                return;
            } else {
                self.line(depth + 1);
                column = 2 * (depth + 1);
            }
            shown += 1;
            column = self.part(key, part, column, depth);
            if total != Some(shown) {
                self.out.push(',');
            }
            self.time(key, part);
            column = if is_filled { column.saturating_add(needed) } else { usize::MAX };
        }
        if let Some(text) = self.renderer.more(shown, total) {
            self.line(depth + 1);
            self.out.push_str(&self.renderer.note(&text));
        }
    }

    /// Whether there is no line left: the brackets that are open, the mark and the note need theirs. The first time it leaves the
    /// mark.
    fn is_full(&mut self, depth: usize) -> bool {
        if self.lines + depth + 3 < self.most {
            return false;
        }
        if !self.is_cut {
            self.is_cut = true;
            self.line(depth + 1);
            self.out.push_str(&self.renderer.palette.paint(Role::Dim, "…"));
        }
        true
    }

    /// Writes a part from `column` on, with its key; the column where the value began.
    fn part(&mut self, key: Option<&str>, part: &View, mut column: usize, depth: usize) -> usize {
        let Some(key) = key else {
            self.node(part, column + 1, depth + 1);
            return column;
        };
        let (painted, width) = self.key(key);
        column += width;
        self.out.push_str(&painted);
        if self.is_better_below(part, column, depth) {
            self.out.truncate(self.out.trim_end_matches(' ').len());
            self.line(depth + 2);
            column = 2 * (depth + 2);
        }
        self.node(part, column + 1, depth + 1);
        column
    }

    /// Whether a value that does not fit behind its key fits on a line of its own. One that fits nowhere is left to the terminal,
    /// from which it can be copied whole.
    fn is_better_below(&self, part: &View, column: usize, depth: usize) -> bool {
        let View::Text(text) = part else { return false };
        let room = self.renderer.width.saturating_sub(1);
        if text.len() > 4 * room {
            return false;
        }
        let needed = width(&quote(text));
        column + needed > room && 2 * (depth + 2) + needed <= room
    }

    /// The local time behind a time, as a comment. Who reads a pipe may want JSON.
    fn time(&mut self, key: Option<&str>, part: &View) {
        if let Some(time) = key.filter(|_| self.renderer.terminal).and_then(|key| moment::local(key, part)) {
            self.out.push_str(&self.renderer.palette.paint(Role::Dim, &format!("  // {time}")));
        }
    }

    /// A list or map without nested parts on one line, if it fits.
    fn inline(&self, view: &View, marks: [char; 2], room: usize) -> Option<String> {
        let has_time = |key: Option<&str>, part| key.is_some_and(|key| moment::local(key, part).is_some());
        if parts(view).nth(MAX_INLINE).is_some()
            || view.items().is_some() && view.total() != Some(parts(view).count())
            || !parts(view)
                .all(|(key, part)| is_leaf(part) && !(self.renderer.terminal && has_time(key, part)))
        {
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
                let (painted, width) = self.key(key);
                columns += width;
                out.push_str(&painted);
            }
            let plain = plain(part);
            columns += width(&plain);
            if columns > room {
                return None;
            }
            out.push_str(&self.renderer.palette.paint(role(part), &plain));
        }
        out.push_str(blank);
        out.push(marks[1]);
        Some(out)
    }

    /// A key with its colon, painted, and its width.
    fn key(&self, key: &str) -> (String, usize) {
        let plain = quote(key);
        (format!("{}: ", self.renderer.palette.paint(Role::Key, &plain)), width(&plain) + 2)
    }

    /// A value without parts, cut where it would fill the window.
    fn scalar(&mut self, view: &View, column: usize) {
        let renderer = self.renderer;
        let text = plain(view);
        let rows = self.most.saturating_sub(self.lines).clamp(1, 4);
        let room = renderer.width.saturating_mul(rows).saturating_sub(column).max(renderer.width / 2);
        let shown = match renderer.lines {
            Some(_) => cut(&text, room),
            None => text.as_str().into(),
        };
        self.is_cut |= shown != text;
        self.lines += width(&shown).saturating_add(column) / renderer.width.max(1);
        self.out.push_str(&renderer.palette.paint(role(view), &shown));
    }
}

/// The parts of a list or map.
fn parts(view: &View) -> Box<dyn Iterator<Item = (Option<&str>, &View)> + '_> {
    match view {
        View::Map(entries) => Box::new(entries.iter().map(|(key, value)| (Some(key.as_str()), value))),
        _ => Box::new(view.items().into_iter().flatten().map(|item| (None, item))),
    }
}

fn is_leaf(view: &View) -> bool {
    view.is_scalar() || parts(view).next().is_none()
}
