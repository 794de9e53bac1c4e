//! The columns of a table: which there are, which are shown, and how wide.

use super::Renderer;
use super::known::About;
use super::moment;
use super::plain::{cell, is_empty};
use crate::console::text::{escape, width};
use crate::script::view::View;

/// A column is cut to this width at first.
const WIDE_COLUMN: usize = 40;

/// A column is never cut below this width.
const SLIM_COLUMN: usize = 10;

pub(super) type Row<'a> = &'a [(String, View)];

/// A column of a table.
pub(super) struct Column<'a> {
    pub(super) key: &'a str,
    pub(super) cells: Vec<Option<&'a View>>,
    /// What each cell shows.
    pub(super) texts: Vec<String>,
    /// The width that shows everything, within reason.
    pub(super) natural: usize,
    pub(super) width: usize,
    /// Its place among the fields that are known, if it is one.
    place: Option<usize>,
}

impl<'a> Column<'a> {
    fn new(renderer: &Renderer, key: &'a str, rows: &[Row<'a>], about: Option<About>) -> Self {
        let find = |row: &Row<'a>| row.iter().find(|entry| entry.0 == key).map(|entry| &entry.1);
        let cells: Vec<_> = rows.iter().map(find).collect();
        let text = |value: &View| match moment::local(key, value) {
            Some(time) => format!("{}  {time}", cell(value)),
            None => cell(value),
        };
        let texts: Vec<_> = cells.iter().map(|cell| cell.map(text).unwrap_or_default()).collect();
        let widest = texts.iter().map(|text| width(text)).max().unwrap_or(0);
        let most = if renderer.whole || !renderer.terminal { usize::MAX } else { WIDE_COLUMN };
        let natural = widest.max(width(&escape(key))).clamp(1, most);
        let place = about.and_then(|about| about.find(key)).map(|found| found.0);
        Self { key, cells, texts, natural, width: natural, place }
    }

    /// The least width: what is cut off must not be most of it.
    fn slim(&self) -> usize {
        self.natural.min(SLIM_COLUMN)
    }

    /// Which leave last: first what is known to matter, then what differs, then what is nested, then what says nothing.
    fn rank(&self) -> (usize, usize) {
        let mut spoken = self.cells.iter().flatten().filter(|cell| !is_empty(cell)).peekable();
        let Some(first) = spoken.peek().copied() else { return (4, 0) };
        match self.place {
            Some(place) if first.is_scalar() => (0, place),
            _ if !first.is_scalar() => (3, 0),
            _ if self.cells.len() > 1 && spoken.all(|cell| matches!(cell, View::Bool(_))) => (2, 0),
            _ => (1, 0),
        }
    }

    /// Whether its cells stand at the right.
    pub(super) fn is_number(&self) -> bool {
        self.cells.iter().flatten().all(|cell| matches!(cell, View::Int(_) | View::Float(_) | View::Nil))
            && !self.texts.iter().any(|text| text.contains("  "))
    }

    /// Its title.
    pub(super) fn title(&self) -> String {
        escape(self.key).into_owned()
    }
}

/// Every column of `rows`, those that are known of people and the like first.
pub(super) fn columns<'a>(renderer: &Renderer, rows: &[Row<'a>]) -> Vec<Column<'a>> {
    let about = rows.first().and_then(|row| About::of(row));
    let mut columns: Vec<_> =
        keys(rows.iter().copied()).into_iter().map(|key| Column::new(renderer, key, rows, about)).collect();
    columns.sort_by_key(|column| column.place.unwrap_or(usize::MAX));
    columns
}

/// Every key of `rows`, in the order in which they are met.
pub(super) fn keys<'a>(rows: impl Iterator<Item = Row<'a>>) -> Vec<&'a str> {
    let mut keys: Vec<&str> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for (key, _) in rows.flatten() {
        if seen.insert(key.as_str()) {
            keys.push(key);
        }
    }
    keys
}

/// Columns taken by the frame of `count` columns.
fn frame(count: usize) -> usize {
    3 * count + 1
}

/// Whether all columns fit as they are.
pub(super) fn fit(columns: &[Column<'_>], room: usize) -> bool {
    frame(columns.len()) + columns.iter().map(|column| column.natural).fold(0, usize::saturating_add) <= room
}

/// Keeps the columns that fit, gives each its width, and tells the titles of the others.
pub(super) fn choose(columns: &mut Vec<Column<'_>>, room: usize) -> Vec<String> {
    let mut order: Vec<usize> = (0..columns.len()).collect();
    order.sort_by_key(|index| columns[*index].rank());
    let mut kept = vec![false; columns.len()];
    let mut used = 1;
    for index in order {
        let needed = 3 + columns[index].slim();
        if used + needed <= room || used == 1 {
            used += needed;
            kept[index] = true;
        }
    }
    let left_out = columns.iter().zip(&kept).filter(|(_, kept)| !**kept).map(|(column, _)| column.title());
    let left_out = left_out.collect();
    let mut keep = kept.iter();
    columns.retain(|_| keep.next().copied().unwrap_or(false));
    for column in columns.iter_mut() {
        column.width = column.slim().min(room.saturating_sub(frame(1)).max(1));
    }
    widen(columns, room.saturating_sub(used));
    left_out
}

/// What is left goes to the columns that are cut, one step at a time, so that all grow alike.
fn widen(columns: &mut [Column<'_>], mut spare: usize) {
    while spare > 0 && columns.iter().any(|column| column.width < column.natural) {
        for column in columns.iter_mut().filter(|column| column.width < column.natural) {
            if spare > 0 {
                column.width += 1;
                spare -= 1;
            }
        }
    }
}
