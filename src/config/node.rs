//! What a file or a script says, before any key is known: values with their origin.

use std::path::Path;

use serde_json::{Map, Value};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::origin::Origin;
use crate::error::Place;
use crate::lang::Text;

/// One value as it was written.
pub(super) struct Node {
    pub(super) what: What,
    pub(super) origin: Origin,
}

/// The kinds of values that files and scripts have.
pub(super) enum What {
    /// `()` of a script: as if it were not there.
    Nothing,
    Text(String),
    Number(f64),
    Switch(bool),
    List(Vec<Node>),
    Table(Vec<(String, Node)>),
    /// A date or time.
    Moment,
}

impl What {
    /// What it is called in "…, not a list"; never the value, which may be a secret.
    pub(super) fn name(&self) -> Text {
        match self {
            Self::Nothing => Text::fixed("nothing", "空值"),
            Self::Text(_) => Text::fixed("text", "文本"),
            Self::Number(_) => Text::fixed("a number", "数字"),
            Self::Switch(_) => Text::fixed("true or false", "布尔值"),
            Self::List(_) => Text::fixed("a list", "列表"),
            Self::Table(_) => Text::fixed("a table", "表"),
            Self::Moment => Text::fixed("a date or time", "日期或时间"),
        }
    }
}

/// The fields of a script.
pub(super) fn fields(fields: Map<String, Value>, origin: &Origin) -> Vec<(String, Node)> {
    fields.into_iter().map(|(name, value)| (name, from_json(value, origin))).collect()
}

fn from_json(value: Value, origin: &Origin) -> Node {
    let what = match value {
        Value::Null => What::Nothing,
        Value::Bool(on) => What::Switch(on),
        Value::Number(number) => What::Number(number.as_f64().unwrap_or(f64::NAN)),
        Value::String(text) => What::Text(text),
        Value::Array(items) => What::List(items.into_iter().map(|item| from_json(item, origin)).collect()),
        Value::Object(object) => What::Table(fields(object, origin)),
    };
    Node { what, origin: origin.clone() }
}

/// Turns the spans of one TOML file into origins.
pub(super) struct Reader<'a> {
    file: &'a Path,
    /// Offset of each line's first byte.
    lines: Vec<usize>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(file: &'a Path, text: &str) -> Self {
        let lines = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { file, lines }
    }

    /// The place of a byte of the file.
    pub(super) fn place(&self, offset: usize) -> Place {
        Place { file: self.file.into(), line: Some(self.lines.partition_point(|start| *start <= offset)) }
    }

    fn origin(&self, offset: usize) -> Origin {
        Origin::File(self.place(offset))
    }

    /// A table, its entries in the order of the file; an entry stands where its name stands.
    pub(super) fn table(&self, table: &DeTable<'_>) -> Vec<(String, Node)> {
        let mut entries: Vec<_> = table.iter().collect();
        entries.sort_by_key(|(name, _)| name.span().start);
        let node = |value: &DeValue<'_>, at| Node { what: self.what(value), origin: self.origin(at) };
        entries
            .into_iter()
            .map(|(name, value)| (name.get_ref().to_string(), node(value.get_ref(), name.span().start)))
            .collect()
    }

    fn what(&self, value: &DeValue<'_>) -> What {
        match value {
            DeValue::String(text) => What::Text(text.to_string()),
            DeValue::Integer(number) => {
                let number = i128::from_str_radix(number.as_str(), number.radix());
                What::Number(number.map_or(f64::NAN, |number| number as f64))
            }
            DeValue::Float(number) => What::Number(number.as_str().parse().unwrap_or(f64::NAN)),
            DeValue::Boolean(on) => What::Switch(*on),
            DeValue::Datetime(_) => What::Moment,
            DeValue::Array(items) => What::List(items.iter().map(|item| self.item(item)).collect()),
            DeValue::Table(table) => What::Table(self.table(table)),
        }
    }

    fn item(&self, item: &Spanned<DeValue<'_>>) -> Node {
        Node { what: self.what(item.get_ref()), origin: self.origin(item.span().start) }
    }
}
