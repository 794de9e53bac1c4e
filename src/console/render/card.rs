//! A person, a group, or any map as a card: a field a line, what it is called before it. Fields that say only yes or no share
//! a line, and so do those that say nothing.

use super::MORE;
use super::Renderer;
use super::known::{About, MARKER, MARKER_LABEL};
use super::moment;
use super::plain::{cell, is_empty, plain, role};
use crate::console::style::Role;
use crate::console::text::{cut, escape, pad, width, wrap};
use crate::lang::Text;
use crate::script::view::View;

/// Below this width the keys, which stand beside what fields are called, are left out.
const WIDE: usize = 64;

/// How many lines a field may take unless all is to be seen.
const MOST_LINES: usize = 3;

const YES: Text = Text::fixed("yes", "是");
const NO: Text = Text::fixed("no", "否");
const EMPTY: Text = Text::fixed("empty", "空");

type Fields = [(String, View)];

/// A line of a card before it is drawn.
struct Line {
    label: String,
    key: String,
    value: String,
    role: Role,
    /// Behind the value.
    beside: Option<String>,
}

/// The card of a value that likes to be one: a person or a group of which more than one thing is known.
pub(super) fn fitting(renderer: &Renderer, view: &View) -> Option<String> {
    let fields = view.fields().filter(|fields| fields.len() > 1)?;
    let about = About::of(fields).filter(|about| *about != About::Department);
    match (view, about) {
        (_, Some(about)) => Some(one(renderer, fields, Some(about))),
        (View::Record(_), None) => Some(one(renderer, fields, None)),
        _ => None,
    }
}

/// The card of anything with fields, and the cards of a list of such.
pub(super) fn forced(renderer: &Renderer, view: &View) -> Option<String> {
    match view.fields() {
        Some([]) => None,
        Some(fields) => Some(one(renderer, fields, About::of(fields))),
        None => {
            let rows: Vec<&Fields> = view.items()?.iter().map(View::fields).collect::<Option<_>>()?;
            (!rows.is_empty()).then(|| several(renderer, &rows, view.total()))
        }
    }
}

/// A card, and whether something was cut off.
struct Card {
    text: String,
    is_cut: bool,
}

fn one(renderer: &Renderer, fields: &Fields, about: Option<About>) -> String {
    let Card { mut text, is_cut } = draw(renderer, fields, about);
    if is_cut {
        text.push('\n');
        text.push_str(&renderer.note(MORE.get(renderer.lang)));
    }
    text
}

/// Cards one below the other, as many as there is room for.
pub(super) fn several(renderer: &Renderer, rows: &[&Fields], total: Option<usize>) -> String {
    let mut out = String::new();
    let (mut lines, mut shown, mut any_cut) = (0, 0, false);
    for row in rows {
        let card = draw(renderer, row, About::of(row));
        lines += card.text.lines().count() + 1;
        if shown > 0 && lines > renderer.budget() {
            break;
        }
        if shown > 0 {
            out.push_str("\n\n");
        }
        out.push_str(&card.text);
        any_cut |= card.is_cut;
        shown += 1;
    }
    let more = renderer.more(shown, total);
    if let Some(text) = more.or_else(|| any_cut.then(|| MORE.get(renderer.lang).to_owned())) {
        out.push('\n');
        out.push_str(&renderer.note(&text));
    }
    out
}

fn draw(renderer: &Renderer, fields: &Fields, about: Option<About>) -> Card {
    let mut lines = lines(renderer, fields, about);
    lines.extend(summaries(renderer, fields, about));
    let keys = if about.is_some() && renderer.width >= WIDE {
        lines.iter().map(|line| width(&line.key)).max().unwrap_or(0)
    } else {
        0
    };
    let labels = lines.iter().map(|line| width(&line.label)).max().unwrap_or(0).min(renderer.width / 2);
    let left = labels + 2 + if keys > 0 { keys + 2 } else { 0 };
    let mut card = Card { text: String::new(), is_cut: false };
    for line in &lines {
        let label = pad(&cut(&line.label, labels), labels);
        let key = if keys > 0 { format!("{}  ", pad(&line.key, keys)) } else { String::new() };
        let (label, key) =
            (renderer.palette.paint(Role::Key, &label), renderer.palette.paint(Role::Dim, &key));
        let value = value(renderer, line, left, &mut card.is_cut);
        if !card.text.is_empty() {
            card.text.push('\n');
        }
        card.text.push_str(format!("{label}  {key}{value}").trim_end());
    }
    card
}

/// A value from column `left` on; tells `is_cut` when it is not all of it.
fn value(renderer: &Renderer, line: &Line, left: usize, is_cut: &mut bool) -> String {
    let room = renderer.width.saturating_sub(left).max(1);
    let most = if renderer.whole || renderer.lines.is_none() { usize::MAX } else { MOST_LINES };
    // No more than could be shown is wrapped.
    let text: String = line.value.chars().take(room.saturating_mul(most).saturating_mul(2)).collect();
    let mut lines = lines_of(&wrap(&text, room, 0), room);
    if lines.len() > most {
        *is_cut = true;
        // What broke at a blank lost it.
        let gap = if width(&lines[most - 1]) < room { " " } else { "" };
        let last = format!("{}{gap}{}", lines[most - 1], lines[most]);
        lines.truncate(most);
        lines[most - 1] = cut(&last, room).into_owned();
    }
    let painted: Vec<String> = lines.iter().map(|text| renderer.palette.paint(line.role, text)).collect();
    let below = format!("\n{}", " ".repeat(left));
    let mut out = painted.join(&below);
    if let Some(beside) = &line.beside {
        let last = lines.last().map_or(0, |text| width(text));
        out.push_str(if last + 2 + width(beside) <= room { "  " } else { &below });
        out.push_str(&renderer.palette.paint(Role::Dim, beside));
    }
    out
}

/// The lines of a wrapped text; words that are longer than a line, such as addresses and JSON, are broken.
fn lines_of(wrapped: &str, room: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for line in wrapped.split('\n') {
        let (mut piece, mut used) = (String::new(), 0);
        for c in line.chars() {
            let columns = crate::console::text::char_width(c);
            if used + columns > room && !piece.is_empty() {
                lines.push(std::mem::take(&mut piece));
                used = 0;
            }
            piece.push(c);
            used += columns;
        }
        lines.push(piece);
    }
    lines
}

/// The fields that have something to say, the known ones first.
fn lines(renderer: &Renderer, fields: &Fields, about: Option<About>) -> Vec<Line> {
    let place = |key: &str| about.and_then(|about| about.find(key)).map_or(usize::MAX, |found| found.0);
    let mut spoken: Vec<_> = fields
        .iter()
        .filter(|(_, value)| about.is_none() || !(is_empty(value) || matches!(value, View::Bool(_))))
        .collect();
    spoken.sort_by_key(|(key, _)| if key == MARKER { (1, usize::MAX) } else { (0, place(key)) });
    let line = |(key, value): &(String, View)| {
        let known = about.and_then(|about| about.find(key)).map(|found| &found.1.label);
        let label = if key == MARKER { Some(&MARKER_LABEL) } else { known };
        let label = label.map(|label| label.get(renderer.lang).to_owned());
        let shown = escape(key).into_owned();
        Line {
            label: label.clone().unwrap_or_else(|| shown.clone()),
            key: if label.as_deref().is_some_and(|label| label != shown) { shown } else { String::new() },
            value: phrase(key, value),
            role: if is_empty(value) { Role::Dim } else { card_role(value) },
            beside: moment::local(key, value),
        }
    };
    spoken.into_iter().map(line).collect()
}

/// Names and texts are what is read: they keep the colour of the terminal.
fn card_role(value: &View) -> Role {
    match role(value) {
        Role::Text | Role::Dim => Role::Plain,
        other => other,
    }
}

/// What is true, what is not, and what is empty; of known things only.
fn summaries(renderer: &Renderer, fields: &Fields, about: Option<About>) -> Vec<Line> {
    if about.is_none() {
        return Vec::new();
    }
    let among = |label: Text, role: Role, wanted: &dyn Fn(&View) -> bool| {
        let keys: Vec<_> =
            fields.iter().filter(|field| wanted(&field.1)).map(|field| escape(&field.0)).collect();
        (!keys.is_empty()).then(|| Line {
            label: label.get(renderer.lang).to_owned(),
            key: String::new(),
            value: keys.join(", "),
            role,
            beside: None,
        })
    };
    [
        among(YES, Role::Plain, &|value| matches!(value, View::Bool(true))),
        among(NO, Role::Dim, &|value| matches!(value, View::Bool(false))),
        among(EMPTY, Role::Dim, &is_empty),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A value in words: lists by their items, maps by their fields.
fn phrase(key: &str, value: &View) -> String {
    match value {
        View::Map(fields) if key == MARKER => {
            let time = fields.iter().find(|field| field.0 == "strfTimeStamp");
            time.map_or_else(|| cell(value), |time| cell(&time.1))
        }
        View::Map(fields) if !fields.is_empty() => {
            let pair = |(key, value): &(String, View)| format!("{}: {}", escape(key), cell(value));
            fields.iter().map(pair).collect::<Vec<_>>().join(", ")
        }
        View::List(items) if !items.is_empty() => listed(items, Some(items.len())),
        View::Part(part) => listed(&part.items, part.total),
        View::Text(_) => cell(value),
        other => plain(other),
    }
}

/// Items by name, or as they are; more than a few are counted.
fn listed(items: &[View], total: Option<usize>) -> String {
    const FEW: usize = 3;
    let name = |item: &View| match item {
        View::Map(fields) => {
            let find = |name: &str| fields.iter().find(|field| field.0 == name).map(|field| &field.1);
            let id = ["id", "dept_id", "userid"].into_iter().find_map(find);
            match (find("name"), id) {
                (Some(View::Text(name)), Some(id)) => {
                    format!("{} ({})", escape(name), cell(id))
                }
                (Some(View::Text(name)), None) => escape(name).into_owned(),
                _ => cell(item),
            }
        }
        other => cell(other),
    };
    let names = items.iter().map(name).collect::<Vec<_>>().join(", ");
    match total {
        Some(total) if total > FEW => format!("{total}: {names}"),
        _ => names,
    }
}
