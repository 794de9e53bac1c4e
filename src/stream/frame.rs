//! Frames of the gateway, from their text; pure.

use serde_json::{Map, Value};

use crate::model::{Push, Topic};

/// The longest frame that is read, in bytes: four times what the official clients take.
pub const MAX_FRAME: usize = 1024 * 1024;

/// What a frame says.
#[derive(Debug, PartialEq)]
pub enum Frame {
    /// The gateway asks whether anybody is there; the data goes back as it is.
    Ping {
        /// Its id.
        message_id: String,
        /// Its data, as text.
        data: String,
    },
    /// The gateway closes this connection soon.
    Disconnect {
        /// Why.
        reason: String,
    },
    /// Something that needs nothing: `CONNECTED`, `REGISTERED`, `KEEPALIVE`.
    Nothing,
    /// Something for us.
    Push {
        /// The frame's id.
        message_id: String,
        /// What it brings.
        push: Push,
    },
}

/// A frame that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Its id, when it has one: then it can be answered.
    pub message_id: Option<String>,
    /// The code of the answer: 400 for a frame that is wrong, 404 for a topic that is not known.
    pub code: u16,
    /// What is wrong, in few words and always the same ones, so that it can be counted.
    pub why: &'static str,
}

/// Reads a frame that arrived at `now` (Unix milliseconds).
///
/// # Errors
/// When it is none, or one of an unknown kind.
pub fn read(text: &str, now: i64) -> Result<Frame, Refused> {
    let wrong = |message_id: Option<String>, code, why| Refused { message_id, code, why };
    if text.len() > MAX_FRAME {
        return Err(wrong(None, 400, "a frame longer than 1 MiB"));
    }
    let Ok(Value::Object(mut frame)) = serde_json::from_str(text) else {
        return Err(wrong(None, 400, "a frame that is not a JSON object"));
    };
    // One official sample says `header`.
    let headers = match frame.remove("headers").or_else(|| frame.remove("header")) {
        Some(Value::Object(headers)) => headers,
        _ => return Err(wrong(None, 400, "a frame without headers")),
    };
    let data = frame.remove("data");
    let topic = text_of(&headers, "topic");
    let kind = frame.get("type").and_then(Value::as_str).unwrap_or_default();
    if kind == "SYSTEM" && topic != "ping" {
        return Ok(if topic == "disconnect" { disconnect(data) } else { Frame::Nothing });
    }
    let message_id = text_of(&headers, "messageId");
    if message_id.is_empty() {
        return Err(wrong(None, 400, "a frame without a messageId"));
    }
    let refuse = |code, why| Err(wrong(Some(message_id.clone()), code, why));
    let topic = match kind {
        "SYSTEM" => return Ok(Frame::Ping { data: data_text(data), message_id }),
        // The topic of an event is `*` or something else; its type says what it is.
        "EVENT" => Topic::Event,
        "CALLBACK" => match Topic::parse(&topic) {
            Some(topic) => topic,
            None => return refuse(404, "a callback of an unknown topic"),
        },
        _ => return refuse(400, "a frame of an unknown type"),
    };
    let Some(payload) = payload(data) else {
        return refuse(400, "a frame whose data is not a JSON object");
    };
    let event_type = text_of(&headers, "eventType");
    if topic == Topic::Event && event_type.is_empty() {
        return refuse(400, "an event without an eventType");
    }
    let ids = ids(topic, &message_id, &headers, &payload);
    Ok(Frame::Push {
        push: Push { topic, event_type, ids, headers, payload, received: now, size: text.len() },
        message_id,
    })
}

/// An event is known by its eventId, everything else by its messageId, and a message by its msgId too.
fn ids(topic: Topic, message_id: &str, headers: &Map<String, Value>, payload: &Value) -> Vec<String> {
    let event_id = text_of(headers, "eventId");
    if topic == Topic::Event && !event_id.is_empty() {
        return vec![event_id];
    }
    let mut ids = vec![message_id.to_owned()];
    if matches!(topic, Topic::Message | Topic::Delegated) {
        ids.extend(
            payload.get("msgId").and_then(Value::as_str).filter(|id| !id.is_empty()).map(str::to_owned),
        );
    }
    ids
}

/// A header as text: numbers are accepted where texts are documented.
fn text_of(headers: &Map<String, Value>, name: &str) -> String {
    match headers.get(name) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

fn data_text(data: Option<Value>) -> String {
    match data {
        Some(Value::String(text)) => text,
        Some(other) => other.to_string(),
        None => "{}".into(),
    }
}

/// The data is JSON as text; an object in its place is accepted.
fn payload(data: Option<Value>) -> Option<Value> {
    let value = match data {
        Some(Value::String(text)) if text.trim().is_empty() => Value::Object(Map::new()),
        Some(Value::String(text)) => serde_json::from_str(&text).ok()?,
        Some(other) => other,
        None => Value::Object(Map::new()),
    };
    value.is_object().then_some(value)
}

fn disconnect(data: Option<Value>) -> Frame {
    let reason = payload(data).and_then(|data| data.get("reason")?.as_str().map(str::to_owned));
    Frame::Disconnect { reason: reason.unwrap_or_default() }
}
