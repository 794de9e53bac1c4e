//! Reading parameters strictly: types that refuse what DingTalk refuses.

use std::fmt;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer};

/// An integer that may also come as a numeric string, as ids and cursors of oapi may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Numeric(pub(super) i64);

impl<'de> Deserialize<'de> for Numeric {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NumericVisitor)
    }
}

struct NumericVisitor;

impl Visitor<'_> for NumericVisitor {
    type Value = Numeric;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number or a numeric string")
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Numeric, E> {
        Ok(Numeric(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Numeric, E> {
        i64::try_from(value).map(Numeric).map_err(E::custom)
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Numeric, E> {
        value.parse().map(Numeric).map_err(|_| E::custom(format!("`{value}` is not a number")))
    }
}

/// The languages of oapi's contact calls.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(super) enum Language {
    #[serde(rename = "zh_CN")]
    Chinese,
    #[serde(rename = "en_US")]
    English,
}

/// The text, unless it is missing or empty.
pub(super) fn filled(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.is_empty())
}

/// The items of a comma-joined list; nothing when an item is empty or has blanks around it.
pub(super) fn joined(text: &str) -> Option<Vec<String>> {
    let items: Vec<String> = text.split(',').map(str::to_string).collect();
    items.iter().all(|item| !item.is_empty() && item.trim() == item).then_some(items)
}
