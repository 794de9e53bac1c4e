//! What DingTalk pushes, whichever way it came: over the gateway's websocket or by HTTP.

use std::fmt;
use std::sync::Arc;

use serde_json::{Map, Value};
use tokio::sync::oneshot;

/// What a push is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Topic {
    /// Something happened in the organisation.
    Event,
    /// Somebody wrote to the robot.
    Message,
    /// A message handed on to the robot by somebody whom it stands for.
    Delegated,
    /// Somebody used a card.
    CardAction,
    /// An AI assistant asks.
    Assistant,
    /// A card asks for its data.
    CardData,
}

impl Topic {
    /// Every topic.
    pub const ALL: [Self; 6] =
        [Self::Event, Self::Message, Self::Delegated, Self::CardAction, Self::Assistant, Self::CardData];

    /// Its name on the wire.
    pub fn wire(self) -> &'static str {
        match self {
            Self::Event => "*",
            Self::Message => "/v1.0/im/bot/messages/get",
            Self::Delegated => "/v1.0/im/bot/messages/delegate",
            Self::CardAction => "/v1.0/card/instances/callback",
            Self::Assistant => "/v1.0/graph/api/invoke",
            Self::CardData => "/v1.0/card/dynamicData/get",
        }
    }

    /// The topic with this name on the wire; events have none of their own.
    pub fn parse(wire: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|topic| *topic != Self::Event && topic.wire() == wire)
    }

    /// Whether whoever sent it waits for an answer with something in it.
    pub fn wants_answer(self) -> bool {
        matches!(self, Self::CardAction | Self::Assistant | Self::CardData)
    }
}

/// One push. Its printed form shows nothing of what it holds.
#[derive(Clone, PartialEq)]
pub struct Push {
    /// What it is about.
    pub topic: Topic,
    /// `eventType` of an event; empty otherwise.
    pub event_type: String,
    /// What it is known by: the same push has one of these again.
    pub ids: Vec<String>,
    /// What stood beside the payload.
    pub headers: Map<String, Value>,
    /// The payload.
    pub payload: Value,
    /// When it arrived, Unix time in milliseconds.
    pub received: i64,
    /// How long it was on the wire, in bytes.
    pub size: usize,
}

impl fmt::Debug for Push {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Push")
            .field("topic", &self.topic)
            .field("event_type", &self.event_type)
            .field("ids", &self.ids)
            .finish_non_exhaustive()
    }
}

/// What became of a push at the place that takes it.
#[derive(Debug)]
pub enum Taken {
    /// It will be handled.
    Queued,
    /// It was taken before.
    Again,
    /// It will be handled, and the answer comes here; nothing comes when nobody has one.
    Answered(oneshot::Receiver<Value>),
    /// There is no room: it will not be handled.
    Full,
    /// It cannot be read, so it will not be handled.
    Unreadable,
}

/// Takes pushes, at once and without waiting.
pub type Sink = Arc<dyn Fn(Push) -> Taken + Send + Sync>;
