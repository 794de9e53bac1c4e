//! Frames that arrive as on a bad day.

use crate::sandbox::Planned;

/// A way for a frame to go wrong; planned like the faults of calls, `on` part of an event type or topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FrameFault {
    /// It arrives twice, with the same `messageId`.
    Twice,
    /// It arrives this many milliseconds late; later ones overtake it.
    Late(u64),
    /// It never arrives.
    Lost,
    /// It arrives spoiled.
    Spoiled(Spoil),
}

impl FrameFault {
    /// Strikes the next frame whose event type or topic holds `name`.
    pub fn on(self, name: impl Into<String>) -> Planned<Self> {
        Planned::from(self).on(name)
    }

    /// Strikes the next `times` frames.
    pub fn times(self, times: usize) -> Planned<Self> {
        Planned::from(self).times(times)
    }
}

/// What is wrong with a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spoil {
    /// Half of the text.
    Half,
    /// Not JSON at all.
    NotJson,
    /// JSON, but no object.
    NoObject,
    /// No headers.
    NoHeaders,
    /// The headers under the name `header`, as one official sample prints them.
    HeaderSpelled,
    /// No `messageId`.
    NoId,
    /// `data` is the object itself and not its text.
    RawData,
    /// `data` is a text, but not of JSON.
    BadData,
    /// A type that nobody knows.
    OtherType,
    /// A topic that nobody knows.
    OtherTopic,
    /// A binary message.
    Binary,
    /// Objects in objects, 5,000 deep.
    Deep,
}

impl Spoil {
    /// Every way, with its name for machines.
    pub const ALL: [(&'static str, Self); 12] = [
        ("half", Self::Half),
        ("not_json", Self::NotJson),
        ("no_object", Self::NoObject),
        ("no_headers", Self::NoHeaders),
        ("header_spelled", Self::HeaderSpelled),
        ("no_id", Self::NoId),
        ("raw_data", Self::RawData),
        ("bad_data", Self::BadData),
        ("other_type", Self::OtherType),
        ("other_topic", Self::OtherTopic),
        ("binary", Self::Binary),
        ("deep", Self::Deep),
    ];

    /// The frame, spoiled; a [`Spoil::Binary`] one keeps its text.
    pub(super) fn apply(self, text: &str) -> String {
        let Ok(serde_json::Value::Object(mut frame)) = serde_json::from_str(text) else {
            return text.into();
        };
        match self {
            Self::Binary => return text.into(),
            Self::Half => return text.chars().take(text.chars().count() / 2).collect(),
            Self::NotJson => return "<html>502</html>".into(),
            Self::NoObject => return "[1,2,3]".into(),
            Self::Deep => return format!("{}1{}", "{\"a\":".repeat(5_000), "}".repeat(5_000)),
            Self::NoHeaders => {
                frame.shift_remove("headers");
            }
            Self::HeaderSpelled => {
                let headers = frame.shift_remove("headers").unwrap_or_default();
                frame.insert("header".into(), headers);
            }
            Self::NoId => {
                if let Some(headers) = frame.get_mut("headers").and_then(|headers| headers.as_object_mut()) {
                    headers.shift_remove("messageId");
                }
            }
            Self::RawData => {
                let data = frame.get("data").and_then(|data| data.as_str()).unwrap_or_default();
                let raw = serde_json::from_str(data).unwrap_or_default();
                frame.insert("data".into(), raw);
            }
            Self::BadData => {
                frame.insert("data".into(), "{\"half\":".into());
            }
            Self::OtherType => {
                frame.insert("type".into(), "TELEPATHY".into());
            }
            Self::OtherTopic => {
                if let Some(headers) = frame.get_mut("headers").and_then(|headers| headers.as_object_mut()) {
                    headers.insert("topic".into(), "/v9.9/of/the/future".into());
                }
            }
        }
        serde_json::Value::Object(frame).to_string()
    }
}

/// What happens to connections, at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkFault {
    /// The notice `disconnect`; the connection is closed a while later ([`super::Timing::close`]).
    Disconnect,
    /// A WebSocket close without a notice.
    Close,
    /// The TCP connection ends without a WebSocket close.
    Drop,
    /// Nothing is read or written any more, but nothing is closed: a dead link.
    Silence,
}
