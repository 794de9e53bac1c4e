//! Lists of maps as tables that fit the window, or as cards where it is narrow.

use super::Renderer;
use super::card;
use super::column::{Column, Row, choose, columns, fit};
use crate::console::style::Role;
use crate::console::text::{cut, pad, width};
use crate::lang::{Lang, Text};
use crate::script::view::View;

/// A map with more keys is no row of a table.
const MAX_KEYS: usize = 64;

/// Below this width a table that does not fit becomes cards.
const NARROW: usize = 60;

/// Lines of a table that are no rows: the frame, the titles, two notes.
const OTHER_LINES: usize = 6;

/// The lines of the frame, each as left end, filling, crossing, right end.
const TOP: [&str; 4] = ["┌─", "─", "─┬─", "─┐"];
const HEAD: [&str; 4] = ["╞═", "═", "═╪═", "═╡"];
const BOTTOM: [&str; 4] = ["└─", "─", "─┴─", "─┘"];

/// Left of a row, between its cells, right of it.
const ROW: [&str; 3] = ["│ ", " ┆ ", " │"];

/// The list as rows of a table: maps that have keys, or objects of which more is known than one thing.
pub(super) fn rows(items: &[View]) -> Option<Vec<Row<'_>>> {
    let rows: Vec<Row<'_>> = items.iter().map(View::fields).collect::<Option<_>>()?;
    let is_row = |item: &View, row: &Row<'_>| match item {
        View::Record(_) => row.len() > 1,
        _ => !row.is_empty(),
    };
    let any = items.iter().zip(&rows).any(|(item, row)| is_row(item, row));
    (any && rows.iter().all(|row| row.len() <= MAX_KEYS)).then_some(rows)
}

/// The value as a table although it does not ask for one: a map by its fields, a list by its items.
pub(super) fn forced(renderer: &Renderer, view: &View) -> Option<String> {
    if let Some(items) = view.items() {
        if let Some(rows) = rows(items) {
            return Some(draw_fitting(renderer, &rows, view.total()));
        }
        let rows: Vec<_> = items.iter().map(|item| vec![("value".to_owned(), item.clone())]).collect();
        let rows: Vec<Row<'_>> = rows.iter().map(Vec::as_slice).collect();
        return (!rows.is_empty()).then(|| draw_fitting(renderer, &rows, view.total()));
    }
    let fields = view.fields().filter(|fields| !fields.is_empty())?;
    let row = |(key, value): &(String, View)| {
        vec![("key".to_owned(), View::Text(key.clone())), ("value".to_owned(), value.clone())]
    };
    let rows: Vec<_> = fields.iter().map(row).collect();
    let rows: Vec<Row<'_>> = rows.iter().map(Vec::as_slice).collect();
    Some(draw_fitting(renderer, &rows, Some(rows.len())))
}

/// The rows as a table, or as cards where no table does them justice.
pub(super) fn render(renderer: &Renderer, rows: &[Row<'_>], total: Option<usize>) -> String {
    let is_narrow = renderer.terminal && (renderer.whole || renderer.width < NARROW);
    if is_narrow && !fit(&columns(renderer, shown(renderer, rows)), renderer.width) {
        return card::several(renderer, rows, total);
    }
    draw_fitting(renderer, rows, total)
}

/// The rows that there is room for.
fn shown<'a, 'b>(renderer: &Renderer, rows: &'b [Row<'a>]) -> &'b [Row<'a>] {
    &rows[..rows.len().min(renderer.budget().saturating_sub(OTHER_LINES).max(1))]
}

/// A table, and what is left out of it.
fn draw_fitting(renderer: &Renderer, rows: &[Row<'_>], total: Option<usize>) -> String {
    let rows = shown(renderer, rows);
    let mut columns = columns(renderer, rows);
    // A file has no width.
    let room = if renderer.terminal { renderer.width } else { usize::MAX };
    let left_out = choose(&mut columns, room);
    let mut out = draw(renderer, &columns, rows.len());
    let titles = (!left_out.is_empty()).then(|| left_out_line(&left_out, renderer.lang));
    let more = renderer.more(rows.len(), total);
    for note in more.into_iter().chain(titles) {
        out.push('\n');
        out.push_str(&renderer.note(&note));
    }
    out
}

fn left_out_line(titles: &[String], lang: Lang) -> String {
    let (count, titles) = (titles.len(), titles.join(", "));
    let s = if count == 1 { "" } else { "s" };
    let text = Text::made(format!("{count} more column{s}: {titles}"), format!("还有 {count} 列：{titles}"));
    text.get(lang).to_owned()
}

fn draw(renderer: &Renderer, columns: &[Column<'_>], rows: usize) -> String {
    let dim = |text: &str| renderer.palette.paint(Role::Dim, text);
    let line = |[left, fill, cross, right]: [&str; 4]| {
        let parts: Vec<_> = columns.iter().map(|column| fill.repeat(column.width)).collect();
        dim(&format!("{left}{}{right}", parts.join(cross)))
    };
    let [left, between, right] = ROW.map(dim);
    let row = |cell: &dyn Fn(&Column<'_>) -> String| {
        let cells: Vec<_> = columns.iter().map(cell).collect();
        format!("{left}{}{right}", cells.join(&between))
    };
    let title = |column: &Column<'_>| {
        let title = column.title();
        let cut = cut(&title, column.width);
        renderer.palette.paint(Role::Heading, &aligned(column, &cut))
    };
    let mut lines = vec![line(TOP), row(&title), line(HEAD)];
    lines.extend((0..rows).map(|index| row(&|column| cell(renderer, column, index))));
    lines.push(line(BOTTOM));
    lines.join("\n")
}

/// Numbers and their title stand at the right.
fn aligned(column: &Column<'_>, text: &str) -> String {
    let spaces = column.width.saturating_sub(width(text));
    if column.is_number() { format!("{}{text}", " ".repeat(spaces)) } else { pad(text, column.width) }
}

fn cell(renderer: &Renderer, column: &Column<'_>, row: usize) -> String {
    let text = cut(&column.texts[row], column.width);
    let text = aligned(column, &text);
    match column.cells[row] {
        Some(View::Nil) => renderer.palette.paint(Role::Null, &text),
        _ => text,
    }
}
