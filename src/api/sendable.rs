//! The types of parameters that have to do with messages: where they go, what they are, how they come back.

use std::sync::Arc;

use super::kinds::member_id;
use super::{Arg, FromArg, Mismatch, Object};
use crate::message::{At, Element, Message, Target};
use crate::model::Response;
use crate::spec::Kind;

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
            Arg::Object(Object::File(file)) => Ok(Self::File(file)),
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
