//! Fields of payloads: older pushes write their names with a capital letter.

use serde_json::{Map, Value};

/// The field `name`, whatever the case of its first letter.
pub fn field<'a>(map: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    map.get(name).or_else(|| {
        let mut letters = name.chars();
        let first = letters.next()?;
        let other: String = if first.is_lowercase() {
            first.to_uppercase().chain(letters).collect()
        } else {
            first.to_lowercase().chain(letters).collect()
        };
        map.get(&other)
    })
}

/// The field `name` as text; numbers become text; empty when there is none.
pub(super) fn text(map: &Map<String, Value>, name: &str) -> String {
    match field(map, name) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

/// The field `name` as a number, also when it is written as text.
pub(super) fn number(map: &Map<String, Value>, name: &str) -> Option<i64> {
    match field(map, name) {
        Some(Value::Number(number)) => number.as_i64().or_else(|| number.as_f64().map(|float| float as i64)),
        Some(Value::String(text)) => text.trim().parse().ok(),
        _ => None,
    }
}

/// The field `name` as a list of texts; a single text is a list of one.
pub(super) fn texts(map: &Map<String, Value>, name: &str) -> Vec<String> {
    match field(map, name) {
        Some(Value::Array(items)) => {
            items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect()
        }
        Some(Value::String(one)) if !one.is_empty() => vec![one.clone()],
        _ => Vec::new(),
    }
}

/// The field `name`, an object or one written as JSON text.
pub(super) fn object(map: &Map<String, Value>, name: &str) -> Map<String, Value> {
    let value = match field(map, name) {
        Some(Value::String(text)) => serde_json::from_str(text).unwrap_or_default(),
        Some(other) => other.clone(),
        None => Value::Null,
    };
    match value {
        Value::Object(object) => object,
        _ => Map::new(),
    }
}
