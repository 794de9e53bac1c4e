//! Frames as they go through a connection: `specVersion`, `type`, `headers` (texts), `data` (JSON text).

use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::clock::{Clock, hex};

/// A frame before it is text.
#[derive(serde::Serialize)]
pub(super) struct Frame<'f> {
    #[serde(rename = "specVersion")]
    pub(super) version: &'static str,
    #[serde(rename = "type")]
    pub(super) kind: &'f str,
    pub(super) headers: Headers<'f>,
    pub(super) data: &'f str,
}

/// Headers in their order.
pub(super) struct Headers<'f>(pub(super) Vec<(&'static str, &'f str)>);

impl Serialize for Headers<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl<'f> Frame<'f> {
    pub(super) fn new(kind: &'f str, headers: Vec<(&'static str, &'f str)>, data: &'f str) -> Self {
        Self { version: "1.0", kind, headers: Headers(headers), data }
    }

    pub(super) fn text(&self) -> String {
        // Texts in a struct always become JSON.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// A frame of the connection itself: `ping` or `disconnect`.
pub(super) fn system(topic: &str, message_id: &str, clock: &Clock, data: &str) -> String {
    let time = clock.millis().to_string();
    let headers = vec![
        ("topic", topic),
        ("messageId", message_id),
        ("contentType", "application/json"),
        ("time", &time),
    ];
    Frame::new("SYSTEM", headers, data).text()
}

/// A `messageId`: four groups of hexadecimal.
pub(super) fn message_id(clock: &Clock) -> String {
    let mut bytes = [0; 8];
    clock.random(&mut bytes);
    let text = hex(&bytes);
    format!("{}_{}_{:x}_{}", &text[..8], &text[8..11], clock.millis(), &text[11..])
}
