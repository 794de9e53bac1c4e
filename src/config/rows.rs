//! The rows of `config show`: every key, what it is and where it came from.

use std::fmt;

use serde_json::{Map, Value, json};

use super::keys::{KEYS, Key, Shape};
use super::layer::join;
use super::model::Config;
use super::origin::Origin;

/// One value of the configuration as it may be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its path, as `pace.calls_per_second` or `stream[0].app_key`.
    pub key: String,
    /// Its text, `***` for a secret; empty when there is no value.
    pub shown: String,
    /// Where it came from.
    pub origin: Origin,
    /// True when the value itself is never shown.
    pub secret: bool,
}

impl Row {
    /// Machine form: `{key, value, secret, origin, place}`; `value` and `place` are null when there is none.
    pub fn json(&self) -> Value {
        json!({
            "key": self.key,
            "value": (!self.shown.is_empty()).then_some(&self.shown),
            "secret": self.secret,
            "origin": self.origin.name(),
            "place": self.origin.place().map(|place| place.to_string()),
        })
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} = {}  ({})", self.key, self.shown, self.origin)
    }
}

impl Config {
    /// Every key with its value and origin, in the order of the table of keys.
    pub fn rows(&self) -> Vec<Row> {
        let mut rows = Vec::new();
        // Serialising masks the secrets; it cannot fail for these structs.
        if let Ok(Value::Object(values)) = serde_json::to_value(self) {
            self.push_rows(KEYS, &values, "", &mut rows);
        }
        rows
    }

    /// Where the value at `path` came from, as `endpoints.api`.
    pub fn origin(&self, path: &str) -> Origin {
        self.origins.get(path).cloned().unwrap_or(Origin::Default)
    }

    fn push_rows(&self, keys: &'static [Key], values: &Map<String, Value>, path: &str, rows: &mut Vec<Row>) {
        let none = Map::new();
        for key in keys {
            let at = join(path, key.name);
            let value = values.get(key.name);
            match (key.shape, value) {
                (Shape::Unused, _) => {}
                (Shape::Table(keys) | Shape::Times(keys), _) => {
                    self.push_rows(keys, value.and_then(Value::as_object).unwrap_or(&none), &at, rows);
                }
                (Shape::Tables(keys), Some(Value::Array(items))) if !items.is_empty() => {
                    for (index, item) in items.iter().enumerate() {
                        self.push_rows(
                            keys,
                            item.as_object().unwrap_or(&none),
                            &format!("{at}[{index}]"),
                            rows,
                        );
                    }
                }
                (Shape::Headers, Some(Value::Object(headers))) if !headers.is_empty() => {
                    rows.extend(
                        headers.iter().map(|(name, value)| self.row(join(&at, name), Some(value), true)),
                    );
                }
                _ => rows.push(self.row(at, value, key.secret)),
            }
        }
    }

    fn row(&self, key: String, value: Option<&Value>, secret: bool) -> Row {
        Row { shown: value.map(shown).unwrap_or_default(), origin: self.origin(&key), key, secret }
    }
}

/// Numbers without a useless `.0`; nothing for what is absent.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Bool(on) => on.to_string(),
        Value::Number(number) => number.as_f64().map(|number| number.to_string()).unwrap_or_default(),
        Value::Null | Value::Array(_) | Value::Object(_) => String::new(),
    }
}
