//! The signature of the call at the cursor, in the room there is.

use super::assist::Signature;
use super::part::{Part, plain};
use crate::console::style::Role;
use crate::console::text::{cut, escape, width};

/// The fewest columns that are worth showing something in.
const LEAST: usize = 12;

/// What sets it off from the line: without colours it must not look like something typed.
const MARK: &str = "  // ";

/// The signature behind the line when `right` columns are enough for all of it, else below in `columns`.
pub(super) fn show(signature: &Signature, right: usize, columns: usize) -> Vec<Part> {
    let whole = shapes(signature, usize::MAX).next().map(|parts| marked(MARK, parts)).unwrap_or_default();
    if width(&plain(&whole)) < right {
        return whole;
    }
    if columns < LEAST {
        return Vec::new();
    }
    let mark = format!("\n{MARK}");
    let room = columns - 1 - (width(MARK));
    let fitting = shapes(signature, room).find(|parts| width(&plain(parts)) <= room);
    let parts = fitting.unwrap_or_else(|| vec![shortest(signature, room)]);
    marked(&mark, parts)
}

/// The parameter at the cursor alone; without one, how the signature begins.
fn shortest(signature: &Signature, room: usize) -> Part {
    let text = match signature.current.map(|current| &signature.params[current]) {
        Some(name) if signature.about.is_empty() => format!("…{name}"),
        Some(name) => format!("…{name}: {}", signature.about),
        None => format!("{}{}", signature.open, signature.params.join(", ")),
    };
    Part::new(Some(Role::Dim), cut(&escape(&text), room))
}

fn marked(mark: &str, mut parts: Vec<Part>) -> Vec<Part> {
    parts.insert(0, Part::new(Some(Role::Dim), mark));
    parts
}

/// All of it, then less and less. What the parameter must be is cut before the facts are left out.
fn shapes(signature: &Signature, room: usize) -> impl Iterator<Item = Vec<Part>> {
    let all = width(&signature.about);
    let short = shape(signature, false, 0, true);
    let left = room.saturating_sub(width(&plain(&short)) + 2);
    let cut = if left < LEAST { 0 } else { left.min(all) };
    [(true, all, true), (false, cut, true), (false, 0, true), (false, 0, false)]
        .into_iter()
        .map(|(others, about, facts)| shape(signature, others, about, facts))
}

/// The signature with or without the other parameters, what the current one must be, and the facts.
fn shape(signature: &Signature, others: bool, about: usize, facts: bool) -> Vec<Part> {
    let dim = |text: String| Part::new(Some(Role::Dim), escape(&text).into_owned());
    let name = |index: usize| {
        let about = match cut(&signature.about, about) {
            about if about.is_empty() => String::new(),
            about => format!(": {about}"),
        };
        Part::new(Some(Role::Current), escape(&format!("{}{about}", signature.params[index])).into_owned())
    };
    let list = |params: &[String]| if others { params.join(", ") } else { "…".to_owned() };
    let mut parts = vec![dim(signature.open.clone())];
    match signature.current {
        Some(current) => {
            if current > 0 {
                parts.push(dim(format!("{}, ", list(&signature.params[..current]))));
            }
            parts.push(name(current));
            if current + 1 < signature.params.len() {
                parts.push(dim(format!(", {}", list(&signature.params[current + 1..]))));
            }
        }
        None => parts.push(dim(signature.params.join(", "))),
    }
    parts.push(dim(signature.close.clone()));
    if facts && !signature.facts.is_empty() {
        parts.push(dim(format!(" · {}", signature.facts)));
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::show;
    use crate::console::editor::Signature;
    use crate::console::editor::part::plain;
    use crate::console::text::width;

    fn signature() -> Signature {
        Signature {
            open: "create_group(".into(),
            params: ["title", "template", "owner", "icon?", "#{…}"].map(str::to_owned).into(),
            current: Some(2),
            about: "a staffId or a Member".into(),
            close: ")".into(),
            facts: "API 1 · reaches people".into(),
        }
    }

    #[test]
    fn it_stands_where_there_is_room() {
        let shown = |right, columns| plain(&show(&signature(), right, columns));
        let whole = "create_group(title, template, owner: a staffId or a Member, icon?, #{…}) · API 1 · reaches people";
        assert_eq!(shown(200, 200), format!("  // {whole}"));
        assert_eq!(shown(40, 120), format!("\n  // {whole}"));
        assert_eq!(
            shown(40, 80),
            "\n  // create_group(…, owner: a staffId or a Member, …) · API 1 · reaches people"
        );
        assert_eq!(shown(5, 70), "\n  // create_group(…, owner: a staffId o…, …) · API 1 · reaches people");
        assert_eq!(shown(5, 56), "\n  // create_group(…, owner, …) · API 1 · reaches people");
        assert_eq!(shown(5, 40), "\n  // create_group(…, owner, …)");
        assert_eq!(shown(5, 30), "\n  // …owner: a staffId or a …");
        for columns in 12..120 {
            let text = shown(5, columns);
            assert!(width(text.trim_start_matches('\n')) < columns, "{columns} {text}");
        }
        assert_eq!(shown(5, 8), "");
    }

    #[test]
    fn a_call_without_parameters_is_shown() {
        let signature =
            Signature { open: "%who".into(), facts: "the variables".into(), ..Signature::default() };
        assert_eq!(plain(&show(&signature, 80, 80)), "  // %who · the variables");
    }
}
