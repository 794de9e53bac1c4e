//! Between Rhai's values and ours.

use std::sync::Arc;

use rhai::{Array, Dynamic, FnPtr, ImmutableString, Map, NativeCallContext};
use serde_json::Value;

use super::failure::{RhaiResult, raise};
use super::live::{ConfigHandle, Part};
use super::view::MAX_DEPTH;
use crate::api::{Arg, Mismatch, Object, argument};
use crate::message::{
    ActionCard, ActionCardButton, At, FeedCard, FeedCardNode, Link, Markdown, MessageChain,
};
use crate::model::{
    AccessToken, AiCard, CardResponse, File, Group, Member, OpenConversationId, Own, PrivateData, Response,
    Shared, Task, Webhook,
};
use crate::ops::Output;
use crate::spec::Method;

/// An argument out of a script's value; a function in it is none.
pub(super) fn arg(value: Dynamic) -> Arg {
    arg_with(value, &|_| Arg::Other("function".into()))
}

/// An argument out of a script's value, with what becomes of a function. One that is nested without measure is none: it could
/// not be sent.
pub(super) fn arg_with(value: Dynamic, function: &dyn Fn(FnPtr) -> Arg) -> Arg {
    if is_deep(&value, MAX_DEPTH) { Arg::Other("deeply nested data".into()) } else { part(value, function) }
}

/// Whether there are more than `levels` of lists and maps inside each other.
fn is_deep(value: &Dynamic, levels: usize) -> bool {
    let inside = |part: &Dynamic| levels == 0 || is_deep(part, levels - 1);
    if let Some(items) = value.read_lock::<Array>() {
        return items.iter().any(inside);
    }
    value.read_lock::<Map>().is_some_and(|map| map.values().any(inside))
}

fn part(value: Dynamic, function: &dyn Fn(FnPtr) -> Arg) -> Arg {
    let value = value.flatten();
    if value.is_unit() {
        return Arg::Nil;
    }
    if let Ok(flag) = value.as_bool() {
        return Arg::Bool(flag);
    }
    if let Ok(number) = value.as_int() {
        return Arg::Int(number);
    }
    if let Ok(number) = value.as_float() {
        return Arg::Float(number);
    }
    if let Ok(letter) = value.as_char() {
        return Arg::Text(letter.to_string());
    }
    if value.is_string() {
        return Arg::Text(value.cast::<ImmutableString>().into());
    }
    if value.is_array() {
        return Arg::List(value.cast::<Array>().into_iter().map(|item| part(item, function)).collect());
    }
    if value.is_map() {
        let entries = value.cast::<Map>().into_iter();
        return Arg::Map(entries.map(|(key, value)| (key.into(), part(value, function))).collect());
    }
    if value.is_fnptr() {
        return function(value.cast::<FnPtr>());
    }
    if value.is_blob() {
        return Arg::Bytes(value.cast::<rhai::Blob>());
    }
    object(&value).map_or_else(|| Arg::Other(type_name(&value)), Arg::Object)
}

/// The object that a value is, if it is one.
pub(super) fn object(value: &Dynamic) -> Option<Object> {
    fn get<T: Clone + Send + Sync + 'static>(value: &Dynamic) -> Option<T> {
        value.read_lock::<T>().map(|object| object.clone())
    }
    let member = || get::<Shared<Member>>(value).map(Object::Member);
    member()
        .or_else(|| get::<Shared<Group>>(value).map(Object::Group))
        .or_else(|| get::<OpenConversationId>(value).map(Object::Conversation))
        .or_else(|| get::<Webhook>(value).map(Object::Webhook))
        .or_else(|| get::<AccessToken>(value).map(Object::Token))
        .or_else(|| get::<Arc<Response>>(value).map(Object::Response))
        .or_else(|| get::<MessageChain>(value).map(Object::Chain))
        .or_else(|| get::<Markdown>(value).map(Object::Markdown))
        .or_else(|| get::<Link>(value).map(Object::Link))
        .or_else(|| get::<ActionCard>(value).map(Object::ActionCard))
        .or_else(|| get::<ActionCardButton>(value).map(Object::Button))
        .or_else(|| get::<FeedCard>(value).map(Object::FeedCard))
        .or_else(|| get::<FeedCardNode>(value).map(Object::FeedNode))
        .or_else(|| get::<At>(value).map(Object::At))
        .or_else(|| get::<Shared<File>>(value).map(Object::File))
        .or_else(|| get::<Arc<CardResponse>>(value).map(Object::Card))
        .or_else(|| get::<Shared<PrivateData>>(value).map(Object::PrivateData))
        .or_else(|| get::<Shared<AiCard>>(value).map(Object::AiCard))
        .or_else(|| get::<Arc<Task>>(value).map(Object::Task))
        .or_else(|| get::<ConfigHandle>(value).map(|handle| Object::Config(handle.0)))
        .or_else(|| get::<Part>(value).map(|part| Object::Part(part.name, part.fields)))
}

/// A value for a script out of an object.
pub(super) fn object_to_dynamic(object: Object) -> Dynamic {
    match object {
        Object::Member(member) => Dynamic::from(member),
        Object::Group(group) => Dynamic::from(group),
        Object::Conversation(id) => Dynamic::from(id),
        Object::Webhook(webhook) => Dynamic::from(webhook),
        Object::Token(token) => Dynamic::from(token),
        Object::Response(response) => Dynamic::from(response),
        Object::Chain(chain) => Dynamic::from(chain),
        Object::Markdown(markdown) => Dynamic::from(markdown),
        Object::Link(link) => Dynamic::from(link),
        Object::ActionCard(card) => Dynamic::from(card),
        Object::Button(button) => Dynamic::from(button),
        Object::FeedCard(card) => Dynamic::from(card),
        Object::FeedNode(node) => Dynamic::from(node),
        Object::At(at) => Dynamic::from(at),
        Object::File(file) => Dynamic::from(file),
        Object::Card(card) => Dynamic::from(card),
        Object::PrivateData(data) => Dynamic::from(data),
        Object::AiCard(card) => Dynamic::from(card),
        Object::Task(task) => Dynamic::from(task),
        Object::Config(config) => Dynamic::from(ConfigHandle(config)),
        Object::Part(name, fields) => Dynamic::from(Part { name, fields }),
    }
}

/// Whether a value is the answer of a method, and nothing that a script made: the tag is its mark, and copies keep it.
pub(super) fn is_answer(value: &Dynamic) -> bool {
    // Copied only where it is shared: it may be a long list of fields.
    let tag = if value.is_shared() { value.flatten_clone().tag() } else { value.tag() };
    tag == 1
}

/// A value for a script out of a method's result.
pub(super) fn output_to_dynamic(output: Output) -> Dynamic {
    match output {
        Output::Json(json) => {
            let mut answer = json_to_dynamic(json);
            if answer.is_map() {
                answer.set_tag(1);
            }
            answer
        }
        Output::Object(object) => object_to_dynamic(object),
        Output::List(items) => Dynamic::from_array(items.into_iter().map(output_to_dynamic).collect()),
    }
}

/// A value for a script out of an argument of a method. Functions do not come back.
fn arg_to_dynamic(arg: Arg) -> Dynamic {
    match arg {
        Arg::Nil | Arg::Function(_) | Arg::Other(_) => Dynamic::UNIT,
        Arg::Bool(flag) => flag.into(),
        Arg::Int(number) => number.into(),
        Arg::Float(number) => number.into(),
        Arg::Text(text) => text.into(),
        Arg::List(items) => Dynamic::from_array(items.into_iter().map(arg_to_dynamic).collect()),
        Arg::Map(entries) => Dynamic::from_map(
            entries.into_iter().map(|(key, value)| (key.into(), arg_to_dynamic(value))).collect(),
        ),
        Arg::Bytes(bytes) => Dynamic::from_blob(bytes),
        Arg::Object(object) => object_to_dynamic(object),
    }
}

/// A value for a script out of one that went through the layers below as it was.
pub(super) fn own_to_dynamic(own: &Own) -> Dynamic {
    let value = own.downcast_ref::<Dynamic>().cloned();
    let arg = || own.downcast_ref::<Arg>().cloned().map(arg_to_dynamic);
    value.or_else(arg).unwrap_or(Dynamic::UNIT)
}

/// A value for a script out of JSON. A whole number that does not fit becomes text: an id must not lose digits.
pub(super) fn json_to_dynamic(json: Value) -> Dynamic {
    match json {
        Value::Null => Dynamic::UNIT,
        Value::Bool(flag) => flag.into(),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => whole.into(),
            (None, Some(float)) if !number.is_u64() => float.into(),
            _ => number.to_string().into(),
        },
        Value::String(text) => text.into(),
        Value::Array(items) => Dynamic::from_array(items.into_iter().map(json_to_dynamic).collect()),
        Value::Object(map) => Dynamic::from_map(
            map.into_iter().map(|(key, value)| (key.into(), json_to_dynamic(value))).collect(),
        ),
    }
}

/// The name of a value's type in the words of scripts.
pub(super) fn type_name(value: &Dynamic) -> String {
    match value.type_name() {
        "Fn" => "function".into(),
        "blob" => "bytes".into(),
        other => other.rsplit("::").next().unwrap_or(other).trim_end_matches('>').to_owned(),
    }
}

/// The function that a row calls in its place, given as parameter `index`.
pub(super) fn fn_ptr(
    ctx: &NativeCallContext<'_>,
    method: &Method,
    index: usize,
    value: Dynamic,
) -> RhaiResult<FnPtr> {
    let param = &method.params[index];
    value.try_cast_result::<FnPtr>().map_err(|other| {
        raise(ctx, argument(method, param.name, param.kind, Mismatch::Kind(arg(other).describe())))
    })
}
