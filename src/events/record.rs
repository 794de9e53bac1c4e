//! Pushes as lines of a file: without secrets, to be played again.

use serde_json::{Map, Value, json};

use super::redacted;
use crate::model::{Push, Topic};

/// A push as one line of JSON, without its secrets.
pub fn line(push: &Push) -> String {
    json!({
        "received": push.received,
        "topic": push.topic.wire(),
        "eventType": push.event_type,
        "ids": push.ids,
        "headers": push.headers,
        "payload": redacted(&push.payload),
    })
    .to_string()
}

/// The push of a line; nothing when the line is none.
pub fn push(line: &str) -> Option<Push> {
    let Value::Object(mut entry) = serde_json::from_str(line).ok()? else { return None };
    let topic = match entry.get("topic")?.as_str()? {
        "*" => Topic::Event,
        wire => Topic::parse(wire)?,
    };
    let ids = entry.get("ids")?.as_array()?.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    let headers = match entry.remove("headers") {
        Some(Value::Object(headers)) => headers,
        _ => Map::new(),
    };
    let event_type = entry.get("eventType").and_then(Value::as_str).unwrap_or_default().to_owned();
    let received = entry.get("received")?.as_i64()?;
    let payload = entry.remove("payload")?;
    Some(Push { topic, event_type, ids, headers, payload, received, size: line.len() })
}
