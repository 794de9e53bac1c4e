//! A value on its way into a method, and an object on its way out.

use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use crate::config::Config;
use crate::message::{
    ActionCard, ActionCardButton, At, FeedCard, FeedCardNode, Link, Markdown, Message, MessageChain,
};
use crate::model::{
    AccessToken, AiCard, Callable, CardResponse, File, Group, Member, OpenConversationId, PrivateData,
    Response, Shared, Task, Webhook,
};
use crate::secret::mask_url;

/// An object of the guide.
#[derive(Debug, Clone)]
pub enum Object {
    /// A person.
    Member(Shared<Member>),
    /// A group or single chat.
    Group(Shared<Group>),
    /// A conversation id.
    Conversation(OpenConversationId),
    /// A webhook.
    Webhook(Webhook),
    /// A token.
    Token(AccessToken),
    /// The answer of `send_message`.
    Response(Arc<Response>),
    /// A chain.
    Chain(MessageChain),
    /// A Markdown message.
    Markdown(Markdown),
    /// A mark.
    At(At),
    /// A link.
    Link(Link),
    /// A text with buttons.
    ActionCard(ActionCard),
    /// One of its buttons.
    Button(ActionCardButton),
    /// Several links.
    FeedCard(FeedCard),
    /// One of them.
    FeedNode(FeedCardNode),
    /// A file of any kind.
    File(Shared<File>),
    /// A card that was sent.
    Card(Arc<CardResponse>),
    /// What single people see in a card.
    PrivateData(Shared<PrivateData>),
    /// An AI card and where its text comes from.
    AiCard(Shared<AiCard>),
    /// A function that runs beside the script.
    Task(Arc<Task>),
    /// A configuration.
    Config(Arc<Config>),
    /// A part of a configuration: `Bot`, `CallBack`, `Stream`, with its fields.
    Part(&'static str, serde_json::Map<String, Value>),
}

impl Object {
    /// The guide's class name.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Member(_) => "Member",
            Self::Group(_) => "Group",
            Self::Conversation(_) => "OpenConversationId",
            Self::Webhook(_) => "Webhook",
            Self::Token(_) => "AccessToken",
            Self::Response(_) => "Response",
            Self::Chain(_) => "MessageChain",
            Self::Markdown(_) => "Markdown",
            Self::At(_) => "At",
            Self::Link(_) => "Link",
            Self::ActionCard(_) => "ActionCard",
            Self::Button(_) => "ActionCardButton",
            Self::FeedCard(_) => "FeedCard",
            Self::FeedNode(_) => "FeedCardNode",
            Self::File(file) => file.read().kind.class(),
            Self::Card(_) => "CardResponse",
            Self::PrivateData(_) => "PrivateDataBuilder",
            Self::AiCard(_) => "AICard",
            Self::Task(_) => "Task",
            Self::Config(_) => "Config",
            Self::Part(name, _) => name,
        }
    }

    /// The message it is, if it is one.
    pub fn message(&self) -> Option<Message> {
        match self {
            Self::Chain(chain) => Some(Message::Chain(chain.clone())),
            Self::Markdown(markdown) => Some(Message::Markdown(markdown.clone())),
            Self::Link(link) => Some(Message::Link(link.clone())),
            Self::ActionCard(card) => Some(Message::ActionCard(card.clone())),
            Self::FeedCard(card) => Some(Message::FeedCard(card.clone())),
            Self::File(file) => Some(Message::File(file.clone())),
            _ => None,
        }
    }
}

impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Member(member) => member.read().fmt(f),
            Self::Group(group) => group.read().fmt(f),
            Self::Conversation(id) => id.fmt(f),
            Self::Webhook(webhook) => webhook.fmt(f),
            Self::Token(token) => token.fmt(f),
            Self::Response(response) => response.fmt(f),
            Self::Chain(chain) => write!(f, "<MessageChain {:?}>", chain.to_string()),
            Self::Markdown(markdown) => markdown.fmt(f),
            Self::At(at) => write!(f, "<At {at}>"),
            Self::Link(link) => link.fmt(f),
            Self::ActionCard(card) => card.fmt(f),
            Self::Button(button) => button.fmt(f),
            Self::FeedCard(card) => card.fmt(f),
            Self::FeedNode(node) => node.fmt(f),
            Self::File(file) => file.read().fmt(f),
            Self::Card(card) => card.fmt(f),
            Self::PrivateData(data) => data.read().fmt(f),
            Self::AiCard(card) => card.read().fmt(f),
            Self::Task(task) => task.fmt(f),
            Self::Config(_) => f.write_str("<Config>"),
            Self::Part(name, _) => write!(f, "<{name}>"),
        }
    }
}

/// An argument as a script gave it.
#[derive(Debug, Clone)]
pub enum Arg {
    /// `()`
    Nil,
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number with a fraction.
    Float(f64),
    /// Text.
    Text(String),
    /// A list.
    List(Vec<Arg>),
    /// A map, in order of its keys.
    Map(Vec<(String, Arg)>),
    /// Bytes.
    Bytes(Vec<u8>),
    /// An object.
    Object(Object),
    /// A function or closure.
    Function(Arc<dyn Callable>),
    /// Something no method takes, with its type's name: a function, a range.
    Other(String),
}

impl Arg {
    /// How an error text calls it: short, without secrets.
    pub fn describe(&self) -> String {
        match self {
            Self::Nil => "nothing".into(),
            Self::Bool(value) => value.to_string(),
            Self::Int(value) => value.to_string(),
            Self::Float(value) => value.to_string(),
            Self::Text(text) => {
                // An address may carry a token in its query.
                let text = mask_url(text);
                let short: String = text.chars().take(40).collect();
                if short.len() < text.len() { format!("\"{short}…\"") } else { format!("\"{short}\"") }
            }
            Self::List(items) => format!("a list of {}", items.len()),
            Self::Map(_) => "a map".into(),
            Self::Bytes(bytes) => format!("{} bytes", bytes.len()),
            Self::Object(object) => format!("a {}", object.type_name()),
            Self::Function(_) => "a function".into(),
            Self::Other(name) => format!("a value of type {name}"),
        }
    }

    /// The value as JSON. Objects stand for the id they carry.
    pub fn to_json(&self) -> Value {
        match self {
            Self::Nil => Value::Null,
            Self::Bool(value) => (*value).into(),
            Self::Int(value) => (*value).into(),
            Self::Float(value) => (*value).into(),
            Self::Text(text) => text.as_str().into(),
            Self::List(items) => items.iter().map(Self::to_json).collect(),
            Self::Map(entries) => entries.iter().map(|(key, value)| (key.clone(), value.to_json())).collect(),
            Self::Object(object) => match object {
                Object::Member(member) => member.read().staff_id.clone().into(),
                Object::Group(group) => group.read().conversation_id.clone().into(),
                Object::Conversation(id) => id.id.clone().into(),
                Object::File(file) if !file.read().media_id.is_empty() => file.read().media_id.clone().into(),
                Object::Part(_, fields) => Value::Object(fields.clone()),
                Object::Card(card) => card.out_track_id.clone().into(),
                Object::PrivateData(data) => Value::Object(data.read().users.clone()),
                other => other.to_string().into(),
            },
            Self::Bytes(_) => "bytes".into(),
            Self::Function(_) => "function".into(),
            Self::Other(name) => name.as_str().into(),
        }
    }
}
