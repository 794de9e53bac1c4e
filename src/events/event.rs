//! Something that happened, typed.

use std::fmt;

use parking_lot::Mutex;
use serde_json::{Map, Value};
use tokio::sync::oneshot;

use super::Kind;
use crate::message::MessageChain;
use crate::model::{Group, Member, Shared};

/// The robot that was written to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Robot {
    /// The framework's own number for it.
    pub id: i64,
    /// `robotCode`.
    pub code: String,
    /// Its organisation.
    pub corp_id: String,
}

/// An event. What does not apply to its kind is empty.
#[derive(Debug, Default)]
pub struct Event {
    /// What kind.
    pub kind: Option<Kind>,
    /// `eventType` or the topic.
    pub wire: String,
    /// What this push is known by.
    pub trace_id: String,
    /// When it happened, Unix time in milliseconds.
    pub time: i64,
    /// Where.
    pub group: Option<Shared<Group>>,
    /// Who: the sender, the one who acted.
    pub member: Option<Shared<Member>>,
    /// To whom: who was added or removed, the new owner.
    pub members: Vec<Member>,
    /// What was said.
    pub message: Option<MessageChain>,
    /// What was said, as text alone.
    pub text: String,
    /// Who was written to.
    pub robot: Robot,
    /// Whether the robot was meant: marked in a group, or alone with the person.
    pub at_me: bool,
    /// Fields of the kind that have no place above, by their names on the wire.
    pub fields: Map<String, Value>,
    /// The whole payload.
    pub raw: Value,
    /// How long it was on the wire, in bytes.
    pub size: usize,
    /// What it belongs to: events of the same conversation are handled one after another.
    pub conversation: String,
    /// Takes the answer, where one is waited for.
    pub answer: Answer,
}

impl Event {
    /// Its kind; [`Kind::BasicEvent`] unless it has one.
    pub fn kind(&self) -> Kind {
        self.kind.unwrap_or(Kind::BasicEvent)
    }

    /// Its name.
    pub fn name(&self) -> &'static str {
        self.kind().name()
    }

    /// Whether `name` means it: a kind, an `eventType`, or `*`.
    pub fn is_named(&self, name: &str) -> bool {
        name == "*" || self.wire == name || Kind::parse(name) == Some(self.kind())
    }

    /// What arises here when this one was handled.
    pub fn follow(&self, kind: Kind) -> Self {
        Self {
            kind: Some(kind),
            wire: kind.name().to_owned(),
            trace_id: self.trace_id.clone(),
            time: self.time,
            group: self.group.clone(),
            member: self.member.clone(),
            message: self.message.clone(),
            text: self.text.clone(),
            robot: self.robot.clone(),
            at_me: self.at_me,
            conversation: self.conversation.clone(),
            ..Self::default()
        }
    }

    /// The conversation and the person it comes from, where there is such a thing: what somebody waits for.
    pub fn from(&self) -> Option<(i64, i64)> {
        let group = self.group.as_ref()?.read().id?;
        Some((group, self.member.as_ref()?.read().id?))
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{}", self.name())?;
        if let Some(group) = &self.group {
            write!(f, " {}", group.read())?;
        }
        match &self.member {
            Some(member) => write!(f, " {}>", member.read()),
            None if self.kind() == Kind::BasicEvent => write!(f, " {}>", self.wire),
            None => f.write_str(">"),
        }
    }
}

/// The place where an answer goes; the first one counts.
#[derive(Debug, Default)]
pub struct Answer(Mutex<Option<oneshot::Sender<Value>>>);

impl Answer {
    /// A place that sends what it gets to `sender`.
    pub fn to(sender: oneshot::Sender<Value>) -> Self {
        Self(Mutex::new(Some(sender)))
    }

    /// Gives the answer; true when somebody waited for it and this is the first.
    pub fn give(&self, value: Value) -> bool {
        let sender = self.0.lock().take();
        sender.is_some_and(|sender| sender.send(value).is_ok())
    }

    /// Says that there will be none.
    pub fn close(&self) {
        self.0.lock().take();
    }

    /// Whether somebody waits.
    pub fn is_wanted(&self) -> bool {
        self.0.lock().is_some()
    }
}
