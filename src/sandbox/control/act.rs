//! Everything else that can be asked for below `/sandbox/`.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::shown::push;
use super::{Answer, EventAddress, Refused, placed};
use crate::sandbox::Sandbox;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Press {
    card: String,
    person: String,
    #[serde(default)]
    actions: Vec<String>,
    #[serde(default)]
    params: Map<String, Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Event {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    data: Value,
}

/// What somebody does; each takes some of the fields.
#[derive(Deserialize)]
#[serde(tag = "what", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Act {
    Quit { person: String, group: String },
    Invite { person: String, group: String, others: Vec<String> },
    Rename { person: String, group: String, title: String },
    Dissolve { person: String, group: String },
    Read { person: String, key: String },
    TakeBack { person: String, key: String },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Raw {
    text: String,
}

/// Times in milliseconds; what is absent stays.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Times {
    ticket: Option<u64>,
    session_webhook: Option<u64>,
    event_answer: Option<u64>,
    message_answer: Option<u64>,
    card_answer: Option<u64>,
    http_answer: Option<u64>,
    redelivery: Option<u64>,
    ping: Option<u64>,
    close: Option<u64>,
}

/// Addresses; null takes one away, what is absent stays.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Addresses {
    #[serde(default, deserialize_with = "given")]
    events: Option<Option<Events>>,
    #[serde(default, deserialize_with = "given")]
    messages: Option<Option<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Events {
    url: String,
    token: String,
    aes_key: String,
    #[serde(default)]
    owner_key: Option<String>,
    #[serde(default)]
    msg_signature: bool,
}

/// Tells null from absence.
fn given<'de, D, T>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Some)
}

pub(super) async fn press(sandbox: &Sandbox, request: Press) -> Answer {
    let actions: Vec<&str> = request.actions.iter().map(String::as_str).collect();
    let pressed = sandbox.press_card(&request.card, &request.person, &actions, &request.params).await?;
    let card = sandbox.cards().into_iter().find(|card| card.out_track_id == request.card);
    Ok(json!({
        "callback": pressed.callback,
        "placed": placed(Some(&pressed.placed)),
        "push": pressed.push.as_ref().map(push),
        "params": card.map(|card| card.params),
    }))
}

pub(super) fn event(sandbox: &Sandbox, request: &Event) -> Answer {
    if request.kind.is_empty() {
        return Err(Refused::Body("`type` is empty".into()));
    }
    Ok(json!({"placed": placed(Some(&sandbox.emit(&request.kind, &request.data)))}))
}

pub(super) fn act(sandbox: &Sandbox, request: Act) -> Answer {
    match request {
        Act::Quit { person, group } => sandbox.quit(&person, &group)?,
        Act::Invite { person, group, others } => {
            let others: Vec<&str> = others.iter().map(String::as_str).collect();
            sandbox.invite(&person, &group, &others)?;
        }
        Act::Rename { person, group, title } => sandbox.rename(&person, &group, &title)?,
        Act::Dissolve { person, group } => sandbox.dissolve(&person, &group)?,
        Act::Read { person, key } => sandbox.read(&person, &key)?,
        Act::TakeBack { person, key } => sandbox.take_back(&person, &key)?,
    }
    Ok(json!({}))
}

pub(super) fn raw(sandbox: &Sandbox, request: &Raw) -> Answer {
    Ok(json!({"connections": sandbox.send_raw(&request.text)}))
}

pub(super) fn timing(sandbox: &Sandbox, times: &Times) -> Answer {
    let mut timing = sandbox.timing();
    for (given, time) in [
        (times.ticket, &mut timing.ticket),
        (times.session_webhook, &mut timing.session_webhook),
        (times.event_answer, &mut timing.event_answer),
        (times.message_answer, &mut timing.message_answer),
        (times.card_answer, &mut timing.card_answer),
        (times.http_answer, &mut timing.http_answer),
        (times.redelivery, &mut timing.redelivery),
        (times.ping, &mut timing.ping),
        (times.close, &mut timing.close),
    ] {
        if let Some(millis) = given {
            *time = Duration::from_millis(millis);
        }
    }
    sandbox.set_timing(timing);
    Ok(json!({}))
}

pub(super) async fn address(sandbox: &Sandbox, request: Addresses) -> Answer {
    if let Some(events) = request.events {
        let address = events.map(|events| {
            let Events { url, token, aes_key, owner_key, msg_signature } = events;
            EventAddress { url, token, aes_key, owner_key, msg_signature }
        });
        sandbox.events_to(address).await?;
    }
    if let Some(messages) = request.messages {
        sandbox.messages_to(messages.as_deref());
    }
    Ok(json!({}))
}
