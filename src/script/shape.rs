//! What can be said of values without evaluating anything: their kinds, keys and members. Completion reads it.

use std::collections::BTreeMap;

use rhai::{Array, Dynamic, Engine, Map};

use super::cache_rows::METHODS;
use super::cache_words::CACHE;
use crate::cache::Table;

/// How deep maps in maps are looked into.
const MAX_DEPTH: usize = 4;

/// The most values inside of one that are looked at.
const MAX_PARTS: usize = 1_000;

/// What is known of a value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shape {
    /// The name of its type, as `Member`, `map` or `string`; empty when it is not known.
    pub kind: String,
    /// The keys of a map with what lies behind them.
    pub keys: Vec<(String, Shape)>,
    /// The items of a list, as the first one is.
    pub item: Option<Box<Shape>>,
}

impl Shape {
    /// A value of which only the type is known.
    pub fn of(kind: impl Into<String>) -> Self {
        Self { kind: kind.into(), ..Self::default() }
    }

    /// What lies behind a key.
    pub fn key(&self, name: &str) -> Option<&Self> {
        self.keys.iter().find_map(|(key, shape)| (key == name).then_some(shape))
    }
}

/// A field or a method of the values of a type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its name.
    pub name: String,
    /// True when it is called.
    pub is_method: bool,
    /// The type of what it gives; empty when it is not known.
    pub gives: String,
}

/// The members of all types, by the names of the types.
pub type Members = BTreeMap<String, Vec<Member>>;

pub(super) fn shape(engine: &Engine, value: &Dynamic) -> Shape {
    let mut left = MAX_PARTS;
    shape_of(engine, value, MAX_DEPTH, &mut left)
}

fn shape_of(engine: &Engine, value: &Dynamic, depth: usize, left: &mut usize) -> Shape {
    // Somebody is writing to it at this moment: the prompt does not wait for that.
    if value.is_locked() {
        return Shape::default();
    }
    let mut shape = Shape::of(engine.map_type_name(value.type_name()));
    if depth == 0 {
        return shape;
    }
    if let Some(map) = value.read_lock::<Map>() {
        // The keys of this map come first: what lies deeper has what is left.
        let here = map.len().min(*left);
        *left -= here;
        for (key, value) in map.iter().take(here) {
            shape.keys.push((key.to_string(), shape_of(engine, value, depth - 1, left)));
        }
    } else if let Some(items) = value.read_lock::<Array>() {
        shape.item = items.first().map(|item| Box::new(shape_of(engine, item, depth - 1, left)));
    }
    shape
}

/// Everything that is registered for the types that scripts meet.
pub(super) fn members(engine: &Engine) -> Members {
    let all = engine.collect_fn_metadata(
        None,
        |info| {
            let function = info.metadata;
            let receiver = kind(function.params_info.first()?.rsplit(": ").next()?);
            let (name, is_method) = match function.name.strip_prefix("get$") {
                Some(field) => (field, false),
                None => (function.name.as_str(), true),
            };
            let is_name = name.chars().all(|c| c == '_' || c.is_alphanumeric());
            let member = Member { name: name.to_owned(), is_method, gives: kind(&function.return_type) };
            (is_name && !HIDDEN.contains(&name) && !receiver.is_empty()).then_some((receiver, member))
        },
        true,
    );
    let mut members = Members::new();
    for (kind, member) in all {
        members.entry(kind).or_default().push(member);
    }
    // Those of the cache, and a reply, are registered without types.
    let method = |name: &str, gives: &str| Member { name: name.into(), is_method: true, gives: gives.into() };
    let rows: Vec<&str> = Table::ALL.iter().map(|table| table.name()).collect();
    let gives = |name| if rows.contains(&name) { "CacheRows" } else { "" };
    members
        .entry("Cache".into())
        .or_default()
        .extend(CACHE.iter().map(|word| method(word.name, gives(word.name))));
    members.entry("Event".into()).or_default().push(method("reply", "Response"));
    members.entry("CacheRows".into()).or_default().extend(METHODS.iter().map(|name| method(name, "")));
    for list in members.values_mut() {
        // What is both is a field.
        list.sort_by(|a, b| (&a.name, a.is_method, &b.gives).cmp(&(&b.name, b.is_method, &a.gives)));
        list.dedup_by(|a, b| a.name == b.name);
    }
    members
}

/// What every value has, or what nobody writes.
const HIDDEN: &[&str] = &["to_string", "to_debug", "print", "debug", "remove_shared", "set_tag", "tag"];

/// The name that values of a type have at run time; empty for what may be anything.
fn kind(text: &str) -> String {
    let text = text.trim().trim_start_matches('&').trim_start_matches("mut ").trim();
    let text = text.strip_prefix("RhaiResultOf<").and_then(|text| text.strip_suffix('>')).unwrap_or(text);
    let text = text.trim();
    match text.rsplit("::").next().unwrap_or(text) {
        "Map" | "map" => "map",
        "Array" | "array" => "array",
        "Blob" | "blob" => "blob",
        "str" | "String" | "ImmutableString" | "string" => "string",
        "INT" | "i64" => "i64",
        "FLOAT" | "f64" => "f64",
        "FnPtr" | "Fn" => "Fn",
        "ExclusiveRange" => "range",
        "InclusiveRange" => "range=",
        "Instant" | "timestamp" => "timestamp",
        "Dynamic" | "?" | "()" | "RhaiResult" => "",
        _ => text,
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::{Shape, members, shape};
    use rhai::{Dynamic, Engine};

    #[test]
    fn values_are_looked_into() {
        let engine = Engine::new();
        let value = engine.eval::<Dynamic>("#{甲: [#{b: 1}], c: \"x\", d: ()}").unwrap();
        let shape = shape(&engine, &value);
        assert_eq!(shape.kind, "map");
        assert_eq!(shape.key("甲").unwrap().item.as_ref().unwrap().key("b"), Some(&Shape::of("i64")));
        assert_eq!(shape.key("c"), Some(&Shape::of("string")));
    }

    #[test]
    fn a_deep_value_ends() {
        let engine = Engine::new();
        let deep =
            (0..50).fold(Dynamic::UNIT, |inner, _| Dynamic::from(rhai::Map::from([("a".into(), inner)])));
        let mut depth = 0;
        let mut at = &shape(&engine, &deep);
        while let Some(inner) = at.key("a") {
            (depth, at) = (depth + 1, inner);
        }
        assert_eq!(depth, super::MAX_DEPTH);
    }

    #[test]
    fn a_broad_value_ends() {
        let inner: rhai::Map = (0..400).map(|n| (format!("k{n}").into(), Dynamic::UNIT)).collect();
        let outer = (0..400).map(|n| (format!("k{n}").into(), Dynamic::from(inner.clone())));
        let shape = shape(&Engine::new(), &Dynamic::from(outer.collect::<rhai::Map>()));
        assert_eq!(shape.keys.len(), 400);
        let deeper: usize = shape.keys.iter().map(|(_, inner)| inner.keys.len()).sum();
        assert_eq!(deeper, super::MAX_PARTS - 400);
    }

    #[test]
    fn types_have_their_members() {
        let mut engine = Engine::new();
        #[derive(Clone)]
        struct Thing;
        engine.register_type_with_name::<Thing>("Thing");
        engine.register_get("size", |_: &mut Thing| 1_i64);
        engine.register_fn("open", |_: &mut Thing| String::new());
        let members = members(&engine);
        let names = |kind: &str| {
            members[kind].iter().map(|member| (member.name.as_str(), member.is_method)).collect::<Vec<_>>()
        };
        assert_eq!(names("Thing"), [("open", true), ("size", false)]);
        assert!(names("string").contains(&("to_upper", true)) && names("array").contains(&("filter", true)));
        assert!(names("map").contains(&("keys", true)) && !names("map").contains(&("push", true)));
        let gives = members["string"].iter().find(|member| member.name == "split").unwrap();
        assert_eq!(gives.gives, "array");
    }
}
