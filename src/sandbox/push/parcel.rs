//! One thing to be pushed, and what became of it.

use std::time::Duration;

use tokio::sync::oneshot;

/// What a push is about: it decides where it goes, what a good answer is, and what happens without one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Topic {
    /// Something happened; sent again until it is answered.
    Event,
    /// Somebody spoke to the robot; sent once.
    Message,
    /// Somebody spoke to a person for whom the robot answers; sent once.
    Delegate,
    /// Somebody pressed a button of a card; its answer changes the card.
    Card,
    /// Somebody asks the assistant; sent once.
    Assistant,
    /// A card fetches data of its own. It can be subscribed to, but no card of the sandbox does it.
    CardData,
}

impl Topic {
    /// Every topic.
    pub const ALL: [Self; 6] =
        [Self::Event, Self::Message, Self::Delegate, Self::Card, Self::Assistant, Self::CardData];

    /// Its name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Event => "*",
            Self::Message => "/v1.0/im/bot/messages/get",
            Self::Delegate => "/v1.0/im/bot/messages/delegate",
            Self::Card => "/v1.0/card/instances/callback",
            Self::Assistant => "/v1.0/graph/api/invoke",
            Self::CardData => "/v1.0/card/dynamicData/get",
        }
    }

    /// The type of its frames and subscriptions.
    pub fn kind(self) -> &'static str {
        if self == Self::Event { "EVENT" } else { "CALLBACK" }
    }
}

/// What became of one attempt to push.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It was answered well.
    Done,
    /// The receiver asked for it to be sent again.
    Later,
    /// The answer is not what it has to be.
    Wrong(String),
    /// No answer came in time.
    Unanswered,
    /// The connection ended before the answer.
    Cut,
    /// Nobody is connected who subscribed to it.
    Nobody,
    /// Too much is waiting already.
    Full,
    /// The address could not be reached.
    Unreachable(String),
}

impl Outcome {
    /// One word for machines.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Later => "later",
            Self::Wrong(_) => "wrong",
            Self::Unanswered => "unanswered",
            Self::Cut => "cut",
            Self::Nobody => "nobody",
            Self::Full => "full",
            Self::Unreachable(_) => "unreachable",
        }
    }

    /// What there is to say beside the word.
    pub fn detail(&self) -> &str {
        match self {
            Self::Wrong(why) | Self::Unreachable(why) => why,
            _ => "",
        }
    }
}

/// One attempt to push, after it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Push {
    /// What it was about.
    pub topic: Topic,
    /// The type of an event, the topic of everything else.
    pub name: String,
    /// The `eventId` of an event, which every attempt shares; the `messageId` of everything else, empty at an address.
    pub id: String,
    /// The connection or the address it went to; empty when there was none.
    pub to: String,
    /// Counts from 1.
    pub attempt: u32,
    /// How it ended.
    pub outcome: Outcome,
    /// The `data` of the answer, or the body of an address's answer; empty when none came.
    pub answer: String,
    /// From the moment it was handed over to the answer.
    pub took: Duration,
}

/// Where something was put on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Placed {
    /// Into this connection.
    Connection(String),
    /// To this address.
    Url(String),
    /// Nowhere: nobody is connected who subscribed to it.
    Nobody,
    /// Nowhere: too much is waiting already.
    Full,
}

/// One thing to be pushed.
#[derive(Debug)]
pub(in crate::sandbox) struct Parcel {
    pub topic: Topic,
    /// The type of an event, the topic of everything else.
    pub name: String,
    /// The `eventId` of an event; the `messageId` of everything else, once it has one.
    pub id: String,
    /// When it happened, in milliseconds of Unix time.
    pub born: i64,
    /// The payload, JSON text.
    pub data: String,
    /// What shares a line is posted to an address one after the other.
    pub line: String,
    /// The route of a card that tells its presses to an address.
    pub route_key: Option<String>,
    /// How often it was tried.
    pub attempt: u32,
    /// Who waits for the end of the first attempt.
    pub told: Option<oneshot::Sender<Push>>,
}

impl Parcel {
    /// A parcel that is no event.
    pub(in crate::sandbox) fn new(topic: Topic, born: i64, data: String, line: String) -> Self {
        let name = topic.name().to_string();
        Self { topic, name, id: String::new(), born, data, line, route_key: None, attempt: 0, told: None }
    }

    /// An event.
    pub(in crate::sandbox) fn event(name: String, id: String, born: i64, data: String) -> Self {
        Self { name, id, ..Self::new(Topic::Event, born, data, "events".into()) }
    }
}
