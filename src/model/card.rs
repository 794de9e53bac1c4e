//! Cards as a script sees them.

use std::fmt;

use serde_json::{Map, Value};

/// A card that was sent, as the guide's `CardResponse`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CardResponse {
    /// The public data as it was given.
    pub card_data: Map<String, Value>,
    /// The data of single people as it was given: a map of maps by staffId.
    pub private_data: Option<Map<String, Value>>,
    /// The id by which the card is updated.
    pub out_track_id: String,
}

impl fmt::Display for CardResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<CardResponse {}>", self.out_track_id)
    }
}

/// What single people see in a card: a map of values for each staffId.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PrivateData {
    /// The values by staffId, each an object.
    pub users: Map<String, Value>,
}

impl PrivateData {
    /// The data of a plain map `{staffId: {key: value}}`; the wire form with `cardParamMap` inside is understood too.
    /// Nothing when an entry is not a map.
    pub fn from_map(map: Map<String, Value>) -> Option<Self> {
        let mut users = Map::new();
        for (user, values) in map {
            users.insert(user, Value::Object(without_wrapping(values)?));
        }
        Some(Self { users })
    }

    /// Sets what `user` sees under `key`.
    pub fn set(&mut self, user: &str, key: &str, value: Value) {
        let values = self.users.entry(user).or_insert_with(|| Value::Object(Map::new()));
        if let Value::Object(values) = values {
            values.insert(key.to_owned(), value);
        }
    }
}

fn without_wrapping(values: Value) -> Option<Map<String, Value>> {
    let Value::Object(mut values) = values else { return None };
    let wrapped = values.len() == 1 && values.get("cardParamMap").is_some_and(Value::is_object);
    if !wrapped {
        return Some(values);
    }
    values.get_mut("cardParamMap").and_then(Value::as_object_mut).map(std::mem::take)
}

impl fmt::Display for PrivateData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<PrivateDataBuilder {}>", self.users.len())
    }
}
