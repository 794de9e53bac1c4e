//! A script's value as plain data, ready to be shown or written; nothing of the engine is left in it.

use serde_json::{Map, Number, Value};

/// What stands in JSON for a part that is nested deeper than [`MAX_DEPTH`].
pub(super) const TOO_DEEP: &str = "…";

/// How deeply nested a value may be; what lies deeper is replaced when the value is written.
pub const MAX_DEPTH: usize = 100;

/// How many bytes of a blob are shown at most.
pub(super) const MOST_BYTES: usize = 64;

/// A value of a script.
#[derive(Debug, Clone, PartialEq)]
pub enum View {
    /// `()`.
    Nil,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A floating-point number.
    Float(f64),
    /// Text, and characters.
    Text(String),
    /// An object, printed as it wants, such as `<Response [True]>`.
    Opaque(String),
    /// A blob.
    Bytes(Bytes),
    /// An object with fields that are worth seeing: a person, a group.
    Record(Record),
    /// An array.
    List(Vec<View>),
    /// The beginning of an array, or of rows that are fetched when they are asked for.
    Part(Part),
    /// An object map; the order is kept.
    Map(Vec<(String, View)>),
}

/// The size of a blob and how it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bytes {
    /// All bytes.
    pub size: usize,
    /// The first of them.
    pub head: Vec<u8>,
}

/// An object that is shown by its fields where there is room, and by its text elsewhere.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// As it prints.
    pub text: String,
    /// What is known, under the names that scripts use.
    pub fields: Vec<(String, View)>,
}

/// The first items of something longer.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// The items.
    pub items: Vec<View>,
    /// How many there are in all, when that is known.
    pub total: Option<usize>,
}

impl View {
    /// The value as JSON: `NaN` and the infinities are `null`, objects are their text.
    pub fn to_json(&self) -> Value {
        self.json(MAX_DEPTH)
    }

    fn json(&self, depth: usize) -> Value {
        match self {
            Self::Nil => Value::Null,
            Self::Bool(value) => Value::Bool(*value),
            Self::Int(value) => Value::Number((*value).into()),
            Self::Float(value) => Number::from_f64(*value).map_or(Value::Null, Value::Number),
            Self::Text(text) | Self::Opaque(text) | Self::Record(Record { text, .. }) => {
                Value::String(text.clone())
            }
            Self::Bytes(bytes) => Value::String(format!("<{} bytes>", bytes.size)),
            Self::List(_) | Self::Part(_) | Self::Map(_) if depth == 0 => Value::String(TOO_DEEP.into()),
            Self::List(items) | Self::Part(Part { items, .. }) => {
                items.iter().map(|item| item.json(depth - 1)).collect()
            }
            Self::Map(entries) => {
                let map: Map<_, _> =
                    entries.iter().map(|(key, value)| (key.clone(), value.json(depth - 1))).collect();
                Value::Object(map)
            }
        }
    }

    /// True for everything that has no parts.
    pub fn is_scalar(&self) -> bool {
        !matches!(self, Self::List(_) | Self::Part(_) | Self::Map(_))
    }

    /// The items of a list, or those of its beginning.
    pub fn items(&self) -> Option<&[View]> {
        match self {
            Self::List(items) | Self::Part(Part { items, .. }) => Some(items),
            _ => None,
        }
    }

    /// How many items a list has in all; [`None`] where that is not known.
    pub fn total(&self) -> Option<usize> {
        match self {
            Self::Part(part) => part.total,
            _ => self.items().map(<[View]>::len),
        }
    }

    /// The fields of a map or of an object that shows some.
    pub fn fields(&self) -> Option<&[(String, View)]> {
        match self {
            Self::Map(fields) | Self::Record(Record { fields, .. }) => Some(fields),
            _ => None,
        }
    }
}

impl From<Value> for View {
    /// Whole numbers above `i64::MAX` are kept digit by digit, as an object.
    fn from(value: Value) -> Self {
        match value {
            Value::Null => Self::Nil,
            Value::Bool(value) => Self::Bool(value),
            Value::Number(number) => match (number.as_i64(), number.is_f64()) {
                (Some(int), _) => Self::Int(int),
                (None, true) => number.as_f64().map_or(Self::Nil, Self::Float),
                (None, false) => Self::Opaque(number.to_string()),
            },
            Value::String(text) => Self::Text(text),
            Value::Array(items) => Self::List(items.into_iter().map(Self::from).collect()),
            Value::Object(map) => {
                Self::Map(map.into_iter().map(|(key, value)| (key, Self::from(value))).collect())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_DEPTH, View};
    use serde_json::json;

    #[test]
    fn json_goes_there_and_back() {
        let value = json!({"名": "张三", "n": 9_007_199_254_740_993_i64, "f": 1.0, "l": [null, true]});
        assert_eq!(View::from(value.clone()).to_json(), value);
    }

    #[test]
    fn what_json_cannot_hold() {
        assert_eq!(View::Float(f64::NAN).to_json(), json!(null));
        assert_eq!(View::Opaque("<App>".into()).to_json(), json!("<App>"));
        assert_eq!(View::from(json!(u64::MAX)), View::Opaque(u64::MAX.to_string()));
    }

    #[test]
    fn depth_ends() {
        let deep = (0..MAX_DEPTH + 50).fold(View::Int(1), |inner, _| View::List(vec![inner]));
        assert!(deep.to_json().to_string().contains('…'));
    }
}
