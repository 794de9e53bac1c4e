//! What arrives, typed and handed on.

mod hub;
mod received;
mod stored;
mod typed;

use dingraia::events::{Event, read};
use dingraia::model::{Push, Topic};
use serde_json::{Map, Value};

/// A push as the gateway's client makes it.
pub fn push(topic: Topic, event_type: &str, id: &str, payload: Value) -> Push {
    let ids = vec![id.to_owned()];
    Push {
        topic,
        event_type: event_type.into(),
        ids,
        headers: Map::new(),
        payload,
        received: 1000,
        size: 100,
    }
}

/// The event of a push.
pub fn event(topic: Topic, event_type: &str, payload: Value) -> Event {
    read(push(topic, event_type, "id1", payload)).unwrap()
}
