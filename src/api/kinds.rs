//! The types of parameters: each brings its kind and its check.

use serde_json::Value;

use super::{Arg, FromArg, Mismatch, Object};
use crate::lang::Text;
use crate::message::{At, Element, Message, Target};
use crate::model::{AccessToken, Group, Member, Response, Shared, Webhook};
use crate::secret::Secret;
use crate::spec::Kind;

use std::sync::Arc;

impl FromArg for String {
    const KIND: Kind = Kind::Text;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        match arg {
            Arg::Text(text) => Ok(text),
            other => Err(Mismatch::of(&other)),
        }
    }
}

impl FromArg for i64 {
    const KIND: Kind = Kind::Int;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        match arg {
            Arg::Int(value) => Ok(value),
            other => Err(Mismatch::of(&other)),
        }
    }
}

/// A JSON object.
impl FromArg for serde_json::Map<String, Value> {
    const KIND: Kind = Kind::Map;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        match arg.to_json() {
            Value::Object(map) => Ok(map),
            _ => Err(Mismatch::of(&arg)),
        }
    }
}

/// A person: the staffId, or what is known of a Member without one.
#[derive(Debug, Clone)]
pub struct UserId(pub Member);

impl FromArg for UserId {
    const KIND: Kind = Kind::User;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        match arg {
            Arg::Text(id) => staff_id(&id).map(|()| Self(Member::staff(id))),
            Arg::Object(Object::Member(member)) => {
                let member = member.read().clone();
                if member == Member::default() {
                    let expected = Text::fixed("a Member with a staffId", "带有 staffId 的 Member");
                    return Err(Mismatch::Value(expected, "an empty Member".into()));
                }
                member_id(&member)?;
                Ok(Self(member))
            }
            other => Err(Mismatch::of(&other)),
        }
    }
}

/// Refuses what cannot be a staffId: a unionId or a conversation id in its place is a common mistake.
fn staff_id(id: &str) -> Result<(), Mismatch> {
    let length = id.chars().count();
    let problem = if length == 0 || length > 64 {
        Some(("a staffId of 1 to 64 characters", "1 到 64 个字符的 staffId"))
    } else if id.ends_with("iEiE") {
        Some(("a staffId; this looks like a unionId", " staffId，这看起来是 unionId"))
    } else if id.starts_with("cid") && id.ends_with('=') {
        Some(("a staffId; this looks like a conversation id", " staffId，这看起来是会话 ID"))
    } else {
        None
    };
    match problem {
        Some((en, zh)) => Err(Mismatch::Value(Text::fixed(en, zh), Arg::Text(id.to_owned()).describe())),
        None => Ok(()),
    }
}

/// As [`staff_id`], for the staffId that a Member carries.
fn member_id(member: &Member) -> Result<(), Mismatch> {
    if member.staff_id.is_empty() { Ok(()) } else { staff_id(&member.staff_id) }
}

/// A department's number.
#[derive(Debug, Clone, Copy)]
pub struct DeptId(pub i64);

impl FromArg for DeptId {
    const KIND: Kind = Kind::Dept;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        let number = match &arg {
            Arg::Int(value) => Some(*value),
            Arg::Text(text) => text.trim().parse().ok(),
            _ => None,
        };
        number.filter(|id| *id > 0).map(Self).ok_or_else(|| Mismatch::of(&arg))
    }
}

/// A conversation: its openConversationId, or a Group that the cache may know.
#[derive(Debug, Clone)]
pub struct ConversationId(pub Group);

impl FromArg for ConversationId {
    const KIND: Kind = Kind::Conversation;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        let by_id = |id: String| Group { conversation_id: id, ..Group::default() };
        match arg {
            Arg::Text(id) if id.starts_with("cid") => Ok(Self(by_id(id))),
            Arg::Object(Object::Conversation(id)) => Ok(Self(by_id(id.id))),
            Arg::Object(Object::Group(group)) => Ok(Self(group.read().clone())),
            other => Err(Mismatch::of(&other)),
        }
    }
}

/// A switch: `true`/`false`, 1/0, "1"/"0".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flag(pub bool);

impl FromArg for Flag {
    const KIND: Kind = Kind::Flag;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        match &arg {
            Arg::Bool(value) => Ok(Self(*value)),
            Arg::Int(0) => Ok(Self(false)),
            Arg::Int(1) => Ok(Self(true)),
            Arg::Text(text) if text == "0" || text == "false" => Ok(Self(false)),
            Arg::Text(text) if text == "1" || text == "true" => Ok(Self(true)),
            other => Err(Mismatch::of(other)),
        }
    }
}

/// A language of names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Language(pub &'static str);

impl FromArg for Language {
    const KIND: Kind = Kind::Lang;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        match &arg {
            Arg::Text(text) if text == "zh_CN" => Ok(Self("zh_CN")),
            Arg::Text(text) if text == "en_US" => Ok(Self("en_US")),
            other => Err(Mismatch::of(other)),
        }
    }
}

/// A number of seconds.
#[derive(Debug, Clone, Copy)]
pub struct Seconds(pub f64);

impl FromArg for Seconds {
    const KIND: Kind = Kind::Seconds;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        let number = match arg {
            Arg::Int(value) => value as f64,
            Arg::Float(value) => value,
            _ => -1.0,
        };
        if number.is_finite() && number >= 0.0 { Ok(Self(number)) } else { Err(Mismatch::of(&arg)) }
    }
}

/// One text or several.
#[derive(Debug, Clone)]
pub struct Texts(pub Vec<String>);

impl FromArg for Texts {
    const KIND: Kind = Kind::Texts;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        let items = match arg {
            Arg::List(items) => items,
            one => vec![one],
        };
        items.into_iter().map(String::from_arg).collect::<Result<_, _>>().map(Self)
    }
}

/// A token for one call.
#[derive(Debug, Clone)]
pub struct Token(pub Secret);

impl FromArg for Token {
    const KIND: Kind = Kind::Token;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        match arg {
            Arg::Text(text) if !text.is_empty() => Ok(Self(Secret::new(text))),
            Arg::Object(Object::Token(AccessToken { token })) => Ok(Self(token)),
            // What was given may be a secret: it is not repeated.
            Arg::Text(_) => Err(Mismatch::Kind("an empty text".into())),
            other => Err(Mismatch::of(&other)),
        }
    }
}

/// A path on a host of DingTalk. A whole address is refused: the token must not leave for another host.
#[derive(Debug, Clone)]
pub struct Path(pub String);

impl FromArg for Path {
    const KIND: Kind = Kind::Path;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        match arg {
            Arg::Text(path)
                if path.starts_with('/') && !path.starts_with("//") && !path.contains(['\\', '#']) =>
            {
                Ok(Self(path))
            }
            other => Err(Mismatch::of(&other)),
        }
    }
}

impl FromArg for Target {
    const KIND: Kind = Kind::Target;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        match arg {
            Arg::Text(id) if id.starts_with("cid") => Ok(Self::Conversation(id)),
            Arg::Text(url) if url.starts_with("http://") || url.starts_with("https://") => Ok(Self::Url(url)),
            Arg::Object(Object::Conversation(id)) => Ok(Self::Conversation(id.id)),
            Arg::Object(Object::Group(group)) => Ok(Self::Group(group.read().clone())),
            Arg::Object(Object::Member(member)) => {
                let member = member.read().clone();
                member_id(&member).map(|()| Self::Member(member))
            }
            Arg::Object(Object::Webhook(webhook)) => Ok(Self::Webhook(webhook)),
            other => Err(Mismatch::of(&other)),
        }
    }
}

/// The messages of one call: one, or a list that is answered with a list.
#[derive(Debug, Clone)]
pub enum Messages {
    /// One message, one answer.
    One(Message),
    /// Several, in order, a list of answers.
    Many(Vec<Message>),
}

impl FromArg for Messages {
    const KIND: Kind = Kind::Messages;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        let Arg::List(items) = arg else { return message(arg).map(Self::One) };
        if items.is_empty() {
            return Err(Mismatch::Kind("an empty list".into()));
        }
        let mut messages = items.into_iter().map(message).collect::<Result<Vec<_>, _>>()?;
        match messages.len() {
            1 => messages.pop().map(Self::One).ok_or_else(|| Mismatch::Kind("an empty list".into())),
            _ => Ok(Self::Many(messages)),
        }
    }
}

fn message(arg: Arg) -> Result<Message, Mismatch> {
    match arg {
        Arg::Text(text) => Ok(Message::text(text)),
        Arg::Object(object) => object.message().ok_or_else(|| Mismatch::of(&Arg::Object(object))),
        other => Err(Mismatch::of(&other)),
    }
}

impl FromArg for Element {
    const KIND: Kind = Kind::Element;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        match arg {
            Arg::Text(text) => Ok(Self::Plain(text)),
            Arg::Int(value) => Ok(Self::Plain(value.to_string())),
            Arg::Float(value) => Ok(Self::Plain(value.to_string())),
            Arg::Object(Object::At(at)) => Ok(Self::At(at)),
            other => Err(Mismatch::of(&other)),
        }
    }
}

/// One or more elements.
impl FromArg for Vec<Element> {
    const KIND: Kind = Kind::Element;
    const REQUIRED: bool = false;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        match arg {
            Arg::List(items) => items.into_iter().map(Element::from_arg).collect(),
            one => Element::from_arg(one).map(|element| vec![element]),
        }
    }

    fn absent() -> Option<Self> {
        Some(Vec::new())
    }
}

impl FromArg for At {
    const KIND: Kind = Kind::User;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        match arg {
            Arg::Text(text) if !text.is_empty() => Ok(Self::parse(&text)),
            Arg::Object(Object::Member(member)) if !member.read().staff_id.is_empty() => {
                Ok(Self::member(&member.read()))
            }
            other => Err(Mismatch::of(&other)),
        }
    }
}

/// The answers of `send_message` that are to be recalled.
#[derive(Debug, Clone)]
pub enum Receipts {
    /// One, answered with a map.
    One(Arc<Response>),
    /// Several, answered with a list.
    Many(Vec<Arc<Response>>),
}

impl FromArg for Receipts {
    const KIND: Kind = Kind::Receipt;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        let one = |arg| match arg {
            Arg::Object(Object::Response(response)) => Ok(response),
            other => Err(Mismatch::of(&other)),
        };
        match arg {
            Arg::List(items) => items.into_iter().map(one).collect::<Result<_, _>>().map(Self::Many),
            other => one(other).map(Self::One),
        }
    }
}

/// Something the cache may know, with the object to fill when one was given.
#[derive(Debug, Clone)]
pub enum Cached {
    /// A person by staffId.
    Staff(String),
    /// A group by openConversationId.
    Conversation(String),
    /// A group or person by the framework's number.
    Number(i64),
    /// A person.
    Member(Shared<Member>),
    /// A group.
    Group(Shared<Group>),
}

impl FromArg for Cached {
    const KIND: Kind = Kind::Cached;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        match arg {
            Arg::Text(id) if id.starts_with("cid") => Ok(Self::Conversation(id)),
            Arg::Text(id) if !id.is_empty() => Ok(Self::Staff(id)),
            Arg::Int(id) => Ok(Self::Number(id)),
            Arg::Object(Object::Conversation(id)) => Ok(Self::Conversation(id.id)),
            Arg::Object(Object::Member(member)) => Ok(Self::Member(member)),
            Arg::Object(Object::Group(group)) => Ok(Self::Group(group)),
            other => Err(Mismatch::of(&other)),
        }
    }
}

impl FromArg for Webhook {
    const KIND: Kind = Kind::Object("Webhook");

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        match arg {
            Arg::Object(Object::Webhook(webhook)) => Ok(webhook),
            other => Err(Mismatch::of(&other)),
        }
    }
}

/// A point in time in Unix seconds or milliseconds.
#[derive(Debug, Clone, Copy)]
pub struct Time(pub f64);

impl FromArg for Time {
    const KIND: Kind = Kind::Time;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        Seconds::from_arg(arg).map(|seconds| Self(seconds.0))
    }
}
