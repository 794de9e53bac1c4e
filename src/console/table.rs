//! Lists of maps as tables that fit the window, or as cards where it is narrow.

use comfy_table::{Attribute, Cell, CellAlignment, Table, presets};

use super::render::{MAX_ITEMS, Renderer, compact, plain};
use super::style::Role;
use super::text::{cut, escape, pad, width};
use crate::lang::Lang;
use crate::script::view::View;

/// A map with more keys is no row of a table.
pub const MAX_KEYS: usize = 64;

/// Below this width a table that does not fit becomes cards.
const NARROW: usize = 60;

/// A column is cut to this width at first.
const WIDE_COLUMN: usize = 40;

/// A column is never cut below this width.
const SLIM_COLUMN: usize = 10;

type Row<'a> = &'a [(String, View)];

struct Column<'a> {
    key: &'a str,
    cells: Vec<Option<&'a View>>,
    /// What each cell shows.
    texts: Vec<String>,
    natural: usize,
    width: usize,
}

impl<'a> Column<'a> {
    fn new(key: &'a str, rows: &[Row<'a>]) -> Self {
        let find = |row: &Row<'a>| row.iter().find(|entry| entry.0 == key).map(|entry| &entry.1);
        let cells: Vec<_> = rows.iter().map(find).collect();
        let texts: Vec<_> = cells.iter().map(|cell| cell.map(cell_text).unwrap_or_default()).collect();
        let widest = texts.iter().map(|text| width(text)).max().unwrap_or(0);
        let natural = widest.max(width(&escape(key))).clamp(1, WIDE_COLUMN);
        Self { key, cells, texts, natural, width: natural }
    }

    /// The least width: what is cut off must not be most of it.
    fn slim(&self) -> usize {
        self.natural.min(SLIM_COLUMN)
    }

    /// Columns that say nothing leave first, then those with nested values.
    fn rank(&self) -> usize {
        let says = |cell: &&View| !matches!(cell, View::Nil) && !plain(cell).eq("\"\"");
        let nested = self.cells.iter().flatten().any(|cell| !cell.is_scalar());
        if self.cells.iter().flatten().any(says) { usize::from(nested) } else { 2 }
    }

    fn is_number(&self) -> bool {
        self.cells.iter().flatten().all(|cell| matches!(cell, View::Int(_) | View::Float(_) | View::Nil))
    }
}

/// The rows as a table or as cards, and a line about what is left out.
pub(super) fn render(renderer: &Renderer, rows: &[Row<'_>]) -> String {
    let shown = &rows[..rows.len().min(MAX_ITEMS)];
    let mut keys: Vec<&str> = Vec::new();
    for (key, _) in shown.iter().flat_map(|row| row.iter()) {
        if !keys.contains(&key.as_str()) {
            keys.push(key);
        }
    }
    let mut columns: Vec<_> = keys.iter().map(|key| Column::new(key, shown)).collect();
    let fits =
        frame(columns.len()) + columns.iter().map(|column| column.natural).sum::<usize>() <= renderer.width;
    let mut notes = Vec::new();
    if rows.len() > shown.len() {
        notes.push(renderer.more(rows.len() - shown.len(), rows.len()));
    }
    let body = if !fits && renderer.width < NARROW {
        cards(renderer, shown)
    } else {
        let left_out = choose(&mut columns, renderer.width);
        if !left_out.is_empty() {
            notes.push(
                renderer
                    .palette
                    .paint(Role::Dim, &cut(&left_out_line(&left_out, renderer.lang), renderer.width)),
            );
        }
        draw(renderer, &columns, shown.len())
    };
    std::iter::once(body).chain(notes).collect::<Vec<_>>().join("\n")
}

fn left_out_line(keys: &[String], lang: Lang) -> String {
    match lang {
        Lang::En => format!("… {} more columns: {}", keys.len(), keys.join(", ")),
        Lang::Zh => format!("… 还有 {} 列: {}", keys.len(), keys.join(", ")),
    }
}

/// Columns taken by the frame of `count` columns.
fn frame(count: usize) -> usize {
    3 * count + 1
}

/// Keeps the columns that fit, gives each its width, and tells the keys of the others.
fn choose(columns: &mut Vec<Column<'_>>, room: usize) -> Vec<String> {
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
    let left_out = columns
        .iter()
        .zip(&kept)
        .filter(|(_, kept)| !**kept)
        .map(|(column, _)| escape(column.key).into_owned());
    let left_out = left_out.collect();
    let mut keep = kept.iter();
    columns.retain(|_| keep.next().copied().unwrap_or(false));
    for column in columns.iter_mut() {
        column.width = column.slim().min(room.saturating_sub(frame(1)).max(1));
    }
    // What is left goes to the columns that are cut, one step at a time, so that all grow alike.
    let mut spare = room.saturating_sub(used);
    while spare > 0 && columns.iter().any(|column| column.width < column.natural) {
        for column in columns.iter_mut().filter(|column| column.width < column.natural) {
            if spare > 0 {
                column.width += 1;
                spare -= 1;
            }
        }
    }
    left_out
}

fn draw(renderer: &Renderer, columns: &[Column<'_>], rows: usize) -> String {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED).force_no_tty();
    if renderer.palette.is_colored() {
        table.enforce_styling();
    }
    table.set_header(
        columns
            .iter()
            .map(|column| Cell::new(cut(&escape(column.key), column.width)).add_attribute(Attribute::Bold)),
    );
    for row in 0..rows {
        table.add_row(columns.iter().map(|column| {
            let cell = Cell::new(cut(&column.texts[row], column.width));
            match column.cells[row] {
                Some(View::Nil) => cell.add_attribute(Attribute::Dim),
                _ => cell,
            }
        }));
    }
    for (index, _) in columns.iter().enumerate().filter(|(_, column)| column.is_number()) {
        if let Some(column) = table.column_mut(index) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table.to_string()
}

fn cards(renderer: &Renderer, rows: &[Row<'_>]) -> String {
    let card = |row: &Row<'_>| {
        let longest = row.iter().map(|entry| width(&escape(&entry.0))).max().unwrap_or(0);
        let longest = longest.min(renderer.width / 2);
        let lines = row.iter().map(|(key, value)| {
            let room = renderer.width.saturating_sub(longest + 2).max(1);
            let key = pad(&cut(&escape(key), longest), longest);
            let text = cell_text(value);
            let text = cut(&text, room);
            let text = if matches!(value, View::Nil) {
                renderer.palette.paint(Role::Null, &text)
            } else {
                text.into()
            };
            format!("{}: {text}", renderer.palette.paint(Role::Key, &key))
        });
        lines.collect::<Vec<_>>().join("\n")
    };
    rows.iter().map(card).collect::<Vec<_>>().join("\n\n")
}

/// A value in a cell: text without quotes, nested values as JSON, always one line.
fn cell_text(view: &View) -> String {
    match view {
        View::Text(text) => escape(text).into_owned(),
        View::List(_) | View::Map(_) => compact(view),
        scalar => plain(scalar),
    }
}
