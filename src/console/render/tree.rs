//! Departments, and whatever else has parents or children, as a tree. A list without a parent in it is no tree: the children
//! of one department stay a table.

use std::collections::HashMap;

use super::Renderer;
use super::plain::cell;
use crate::console::style::Role;
use crate::console::text::{cut, escape, width};
use crate::script::view::View;

/// The names of an item's id and of its parent's.
const LINKS: &[(&str, &str)] = &[
    ("dept_id", "parent_id"),
    ("deptId", "parentId"),
    ("id", "parent_id"),
    ("id", "parentId"),
    ("id", "parentid"),
];

/// The names of a list of children.
const CHILDREN: &[&str] = &["children", "sub_depts", "departments"];

/// What stands before an entry that has a younger sibling, and before one that has none; and before the lines below it.
const ENTRY: [&str; 2] = ["├─ ", "└─ "];
const BELOW: [&str; 2] = ["│  ", "   "];

/// How deep a tree is drawn.
const MAX_DEPTH: usize = 64;

/// An item with what is below it.
struct Node<'a> {
    item: &'a View,
    children: Vec<Node<'a>>,
}

/// The items as a tree, if they are one.
pub(super) fn render(renderer: &Renderer, items: &[View], total: Option<usize>) -> Option<String> {
    let nodes = linked(items).or_else(|| nested(items))?;
    let all = nodes.iter().map(size).sum();
    let mut drawing = Drawing { renderer, lines: Vec::new(), most: renderer.budget().saturating_sub(1) };
    for node in &nodes {
        drawing.node(node, "", "");
    }
    let shown = drawing.lines.len();
    let mut out = drawing.lines.join("\n");
    let total = if total == Some(items.len()) { Some(all) } else { total };
    if let Some(text) = renderer.more(shown, total) {
        out.push('\n');
        out.push_str(&renderer.note(&text));
    }
    Some(out)
}

fn field<'a>(item: &'a View, name: &str) -> Option<&'a View> {
    item.fields()?.iter().find(|field| field.0 == name).map(|field| &field.1)
}

/// An id as a key: `1` and `"1"` are the same department.
fn id(value: &View) -> Option<String> {
    match value {
        View::Int(number) => Some(number.to_string()),
        View::Text(text) => Some(text.clone()),
        _ => None,
    }
}

/// A flat list in which items name their parents, if at least one parent is in the list too.
fn linked(items: &[View]) -> Option<Vec<Node<'_>>> {
    let (own, up) = LINKS.iter().find(|(own, up)| {
        items.iter().all(|item| field(item, own).and_then(id).is_some())
            && items.iter().any(|item| field(item, up).is_some())
    })?;
    let ids: Vec<String> = items.iter().filter_map(|item| field(item, own).and_then(id)).collect();
    let places: HashMap<&str, usize> =
        ids.iter().enumerate().map(|(place, id)| (id.as_str(), place)).collect();
    let parent = |place: usize| {
        let parent = field(&items[place], up).and_then(id)?;
        places.get(parent.as_str()).copied().filter(|parent| *parent != place)
    };
    let mut below: HashMap<Option<usize>, Vec<usize>> = HashMap::new();
    for place in 0..items.len() {
        below.entry(parent(place)).or_default().push(place);
    }
    if below.len() < 2 || places.len() < items.len() {
        return None;
    }
    let mut grown = vec![false; items.len()];
    let roots = below.get(&None)?.clone();
    let nodes = roots.into_iter().map(|place| grow(items, &below, place, &mut grown, 0)).collect();
    // What is in a circle hangs on no root: then it is no tree.
    grown.iter().all(|grown| *grown).then_some(nodes)
}

fn grow<'a>(
    items: &'a [View],
    below: &HashMap<Option<usize>, Vec<usize>>,
    place: usize,
    grown: &mut [bool],
    depth: usize,
) -> Node<'a> {
    grown[place] = true;
    let children = below.get(&Some(place)).filter(|_| depth < MAX_DEPTH).into_iter().flatten();
    let children = children.map(|child| grow(items, below, *child, grown, depth + 1)).collect();
    Node { item: &items[place], children }
}

/// Maps that hold their children, if they have names and at least one has children.
fn nested(items: &[View]) -> Option<Vec<Node<'_>>> {
    let named = items.iter().all(|item| field(item, "name").is_some());
    let any = items.iter().any(|item| !children(item).is_empty());
    (named && any).then(|| items.iter().map(|item| branch(item, 0)).collect())
}

fn branch(item: &View, depth: usize) -> Node<'_> {
    let children = if depth < MAX_DEPTH { children(item) } else { &[] };
    Node { item, children: children.iter().map(|child| branch(child, depth + 1)).collect() }
}

/// The children that an item holds: maps, not ids.
fn children(item: &View) -> &[View] {
    let list = CHILDREN.iter().find_map(|name| field(item, name)).and_then(View::items).unwrap_or_default();
    if list.iter().all(|child| child.fields().is_some()) { list } else { &[] }
}

fn size(node: &Node<'_>) -> usize {
    1 + node.children.iter().map(size).sum::<usize>()
}

struct Drawing<'a> {
    renderer: &'a Renderer,
    lines: Vec<String>,
    most: usize,
}

impl Drawing<'_> {
    /// A node and what is below it; `mark` stands before it, `margin` before the rest.
    fn node(&mut self, node: &Node<'_>, mark: &str, margin: &str) {
        if self.lines.len() >= self.most {
            return;
        }
        self.lines.push(self.line(node.item, mark));
        for (index, child) in node.children.iter().enumerate() {
            let is_last = usize::from(index + 1 == node.children.len());
            self.node(child, &format!("{margin}{}", ENTRY[is_last]), &format!("{margin}{}", BELOW[is_last]));
        }
    }

    /// The name with the id behind it.
    fn line(&self, item: &View, mark: &str) -> String {
        let renderer = self.renderer;
        let name = ["name", "title", "deptName"].into_iter().find_map(|name| field(item, name));
        let id = LINKS.iter().find_map(|(own, _)| field(item, own));
        let id = id.map(|id| format!(" ({})", cell(id))).unwrap_or_default();
        let name = name.map_or_else(|| cell(item), cell);
        let room = renderer.width.saturating_sub(width(mark) + width(&id)).max(4);
        let name = cut(&escape(&name), room).into_owned();
        format!("{}{name}{}", renderer.palette.paint(Role::Dim, mark), renderer.palette.paint(Role::Dim, &id))
    }
}
