//! One source of values read with the table of keys, and how one source overrides another.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::check::{self, wrong};
use super::keys::{KEYS, Key, Shape};
use super::node::{Node, What};
use super::origin::Origin;
use crate::error::{Error, Result};
use crate::lang::Text;

/// The checked values of one source under the names of the table of keys.
pub(super) type Layer = BTreeMap<String, Tree>;

/// A checked value, or what it consists of.
#[derive(Clone)]
pub(super) enum Tree {
    Leaf(Value, Origin),
    Table(Layer),
    List(Vec<Layer>),
}

/// Whether two spellings are the same name: case, `_` and `-` do not matter.
pub(super) fn same_name(left: &str, right: &str) -> bool {
    plain(left).eq(plain(right))
}

fn plain(name: &str) -> impl Iterator<Item = char> {
    name.chars().filter(|c| !matches!(c, '_' | '-')).map(|c| c.to_ascii_lowercase())
}

/// The path of `name` inside the table at `path`.
pub(super) fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.into() } else { format!("{path}.{name}") }
}

/// Reads the entries of the table at `path`.
pub(super) fn read(keys: &'static [Key], entries: Vec<(String, Node)>, path: &str) -> Result<Layer> {
    let mut layer = Layer::new();
    for (name, node) in entries {
        let Some(key) = keys.iter().find(|key| names(key).any(|known| same_name(known, &name))) else {
            return Err(unknown(keys, &node, path, &name));
        };
        if matches!(node.what, What::Nothing) {
            continue;
        }
        let at = join(path, key.name);
        if layer.contains_key(key.name) {
            let problem = Text::fixed("is given twice, in two spellings", "以两种写法重复出现");
            return Err(Error::setting(node.origin.place(), at, problem));
        }
        if let Some(tree) = value(key, node, &at)? {
            layer.insert(key.name.into(), tree);
        }
    }
    Ok(layer)
}

fn value(key: &Key, node: Node, path: &str) -> Result<Option<Tree>> {
    Ok(Some(match (key.shape, node) {
        (Shape::Table(keys), Node { what: What::Table(entries), .. }) => {
            Tree::Table(read(keys, entries, path)?)
        }
        (Shape::Times(keys), node) => Tree::Table(times(keys, node, path)?),
        (Shape::Tables(keys), Node { what: What::List(items), .. }) => Tree::List(list(keys, items, path)?),
        (Shape::Tables(keys), node @ Node { what: What::Table(_), .. }) => {
            Tree::List(list(keys, vec![node], path)?)
        }
        (Shape::Headers, Node { what: What::Table(entries), .. }) => Tree::Table(headers(entries, path)?),
        (Shape::Unused, Node { what: What::List(items), .. }) if items.is_empty() => return Ok(None),
        (_, node) => Tree::Leaf(check::value(key.shape, &node, path)?, node.origin),
    }))
}

fn list(keys: &'static [Key], items: Vec<Node>, path: &str) -> Result<Vec<Layer>> {
    let table = |(index, node): (usize, Node)| {
        let path = format!("{path}[{index}]");
        match node.what {
            What::Table(entries) => read(keys, entries, &path),
            _ => Err(wrong(&node, &path, &check::expected(Shape::Table(keys)))),
        }
    };
    items.into_iter().enumerate().map(table).collect()
}

fn headers(entries: Vec<(String, Node)>, path: &str) -> Result<Layer> {
    let header = |(name, node): (String, Node)| {
        let at = join(path, &name);
        check::header_name(&name, &node, &at)?;
        let value = check::header_value(&node, &at)?;
        Ok((name, Tree::Leaf(value, node.origin)))
    };
    entries.into_iter().map(header).collect()
}

/// Lifetimes: one number is that of users and groups, and so is `dataCacheTime` inside the table.
fn times(keys: &'static [Key], node: Node, path: &str) -> Result<Layer> {
    let (mut entries, both) = match node.what {
        What::Table(entries) => {
            let is_both = |(name, _): &(String, Node)| same_name(name, "data_cache_time");
            let (both, entries): (Vec<_>, Vec<_>) = entries.into_iter().partition(is_both);
            (entries, both.into_iter().next().map(|(_, node)| node))
        }
        _ => (Vec::new(), Some(node)),
    };
    entries.retain(|(_, node)| !matches!(node.what, What::Nothing));
    let mut layer = read(keys, entries, path)?;
    if let Some(node) = both.filter(|node| !matches!(node.what, What::Nothing)) {
        let leaf = Tree::Leaf(check::value(Shape::Times(keys), &node, path)?, node.origin);
        for name in ["user", "group"] {
            layer.entry(name.into()).or_insert_with(|| leaf.clone());
        }
    }
    Ok(layer)
}

fn names(key: &Key) -> impl Iterator<Item = &'static str> {
    std::iter::once(key.name).chain(key.aliases.iter().copied())
}

/// An unknown key: the same name in another table, else the nearest one here, else all of them.
fn unknown(keys: &'static [Key], node: &Node, path: &str, name: &str) -> Error {
    let problem = match elsewhere(path, name).or_else(|| nearest(keys, path, name)) {
        Some(known) => Text::made(
            format!("is not a known key; did you mean `{known}`?"),
            format!("不是已知的配置项，是否想写 `{known}`？"),
        ),
        None => {
            let known: Vec<&str> = keys.iter().map(|key| key.name).collect();
            let known = known.join(", ");
            Text::made(
                format!("is not a known key; known here: {known}"),
                format!("不是已知的配置项；此处可用：{known}"),
            )
        }
    };
    Error::setting(node.origin.place(), join(path, name), problem)
}

fn elsewhere(path: &str, name: &str) -> Option<String> {
    let same = |key: &&Key| names(key).any(|known| same_name(known, name));
    let inside = |table: &Key| table.children().iter().find(same).map(|key| join(table.name, key.name));
    let found =
        KEYS.iter().find(same).map(|key| key.name.to_owned()).or_else(|| KEYS.iter().find_map(inside))?;
    let profile = path.strip_prefix("profiles.").and_then(|rest| rest.split('.').next());
    Some(profile.map_or(found.clone(), |profile| format!("profiles.{profile}.{found}")))
}

fn nearest(keys: &'static [Key], path: &str, name: &str) -> Option<String> {
    let wanted: String = plain(name).collect();
    let distance = |key: &Key| {
        let from = |known: &str| strsim::damerau_levenshtein(&plain(known).collect::<String>(), &wanted);
        names(key).map(from).min().unwrap_or(usize::MAX)
    };
    let key = keys.iter().min_by_key(|key| distance(key))?;
    (distance(key) <= (wanted.chars().count() / 3).max(1)).then(|| join(path, key.name))
}

/// The name among `known` that `name` was probably meant to be.
pub(super) fn nearest_name<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let distance = |known: &str| {
        strsim::damerau_levenshtein(&plain(known).collect::<String>(), &plain(name).collect::<String>())
    };
    known.map(|known| (distance(known), known)).min().filter(|(far, _)| *far <= 3).map(|(_, known)| known)
}

/// Lays `over` on top of `base`, key by key; a list is replaced as a whole.
pub(super) fn lay(base: &mut Layer, over: Layer) {
    for (name, tree) in over {
        match (base.get_mut(&name), tree) {
            (Some(Tree::Table(below)), Tree::Table(above)) => lay(below, above),
            (_, tree) => {
                base.insert(name, tree);
            }
        }
    }
}

/// The values without their origins, and the origins by path.
pub(super) fn split(layer: Layer, path: &str, origins: &mut BTreeMap<String, Origin>) -> Map<String, Value> {
    let mut object = Map::new();
    for (name, tree) in layer {
        let at = join(path, &name);
        let value = match tree {
            Tree::Leaf(value, origin) => {
                origins.insert(at, origin);
                value
            }
            Tree::Table(layer) => Value::Object(split(layer, &at, origins)),
            Tree::List(items) => items
                .into_iter()
                .enumerate()
                .map(|(index, layer)| split(layer, &format!("{at}[{index}]"), origins))
                .collect(),
        };
        object.insert(name, value);
    }
    object
}
