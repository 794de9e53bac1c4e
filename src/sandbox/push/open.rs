//! Tickets for connections: POST api `/v1.0/gateway/connections/open`.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::connect::PATH;
use super::parcel::Topic;
use crate::sandbox::refuse::{Refusal, api};
use crate::sandbox::route::{Answer, Auth, Call, Route, Success};
use crate::sandbox::token::known;

/// The only topic of events.
const ALL_EVENTS: &str = "*";

pub(in crate::sandbox) const ROUTES: &[Route] =
    &[Route::api("POST", "/v1.0/gateway/connections/open", Auth::Open, "param.invalid", open)];

/// What a ticket stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ticket {
    pub(super) topics: Vec<Topic>,
    pub(super) user_agent: String,
    expires: i64,
}

/// Tickets that were given out and not used.
#[derive(Default)]
pub(in crate::sandbox) struct Tickets(HashMap<String, Ticket>);

impl Tickets {
    fn give(&mut self, text: String, ticket: Ticket, now: i64) {
        self.0.retain(|_, ticket| now < ticket.expires);
        self.0.insert(text, ticket);
    }

    /// Uses a ticket up; nothing when it is unknown, used or too old.
    pub(super) fn redeem(&mut self, text: &str, now: i64) -> Option<Ticket> {
        self.0.remove(text).filter(|ticket| now < ticket.expires)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Open {
    #[serde(rename = "clientId")]
    client_id: Option<String>,
    #[serde(rename = "clientSecret")]
    client_secret: Option<String>,
    subscriptions: Option<Vec<Subscription>>,
    ua: Option<String>,
    #[serde(rename = "localIp")]
    _local_ip: Option<String>,
    #[serde(rename = "extras")]
    _extras: Option<Map<String, Value>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Subscription {
    #[serde(rename = "type")]
    kind: String,
    topic: String,
}

fn open(call: &Call<'_>) -> Answer {
    let request: Open = call.body()?;
    let id = call.need_text(request.client_id.as_ref(), "clientId")?;
    let secret = call.need_text(request.client_secret.as_ref(), "clientSecret")?;
    if !known(call, id, secret) {
        return Err(Refusal::Api { status: 401, code: "authFailed".into(), message: "鉴权失败".into() });
    }
    let topics = topics(call, call.need(request.subscriptions, "subscriptions")?)?;
    let hub = &call.world.push;
    let ticket = call.world.clock.uuid();
    let now = call.clock.millis();
    let life = i64::try_from(hub.timing().ticket.as_millis()).unwrap_or(i64::MAX);
    let user_agent = request.ua.unwrap_or_default();
    let expires = now.saturating_add(life);
    hub.tickets.lock().give(ticket.clone(), Ticket { topics, user_agent, expires }, now);
    let endpoint = format!("ws://{}{PATH}", call.host());
    Ok(Success::Body(json!({"endpoint": endpoint, "ticket": ticket})))
}

fn topics(call: &Call<'_>, subscriptions: Vec<Subscription>) -> Result<Vec<Topic>, Refusal> {
    if subscriptions.is_empty() {
        return Err(call.bad("`subscriptions` is empty"));
    }
    let mut topics = Vec::new();
    for Subscription { kind, topic } in subscriptions {
        let known = Topic::ALL.into_iter().find(|known| known.kind() == kind && known.name() == topic);
        match known {
            Some(topic) if !topics.contains(&topic) => topics.push(topic),
            Some(_) => {}
            None if kind == "EVENT" => {
                return Err(api("param.invalid", format!("EVENT has the topic {ALL_EVENTS} only")));
            }
            None => return Err(call.bad(format!("no topic {topic} of type {kind}"))),
        }
    }
    Ok(topics)
}
