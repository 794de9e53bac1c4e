//! What of a request goes into the journal: no body and no token, but whom it was about and how it ended.

use std::time::Instant;

use serde_json::Value;

use super::call::is_robot;
use super::reply::request_id_of;
use super::send::is_counted_answer;
use super::{Body, Call, Client, Flight, Reply, To};
use crate::error::{Error, Kind, Result, Sent};
use crate::journal::Entry;

/// How many ids of a list are told, and how long they may be together.
const MOST_IDS: usize = 3;
const MOST_TARGET: usize = 120;

impl Client {
    /// Notes a call that was shown or kept for later in place of being sent.
    pub fn note_held(&self, call: &Call, flight: &Flight) {
        if let Some(begun) = Line::begin(self, call, flight, 0).0.take() {
            begun.write_down("held", Sent::No, 0, "");
        }
    }

    /// Notes a call that was not sent, and why.
    pub fn note_unsent(&self, call: &Call, flight: &Flight, error: &Error) {
        Line::begin(self, call, flight, 0).end_with(Some(error));
    }
}

/// A line of the journal whose end is to come.
pub(super) struct Line<'a>(Option<Begun<'a>>);

struct Begun<'a> {
    client: &'a Client,
    call: &'a Call,
    flight: &'a Flight,
    attempt: u32,
    time: i64,
    start: Instant,
}

impl<'a> Line<'a> {
    pub(super) fn begin(client: &'a Client, call: &'a Call, flight: &'a Flight, attempt: u32) -> Self {
        let is_on = client.journal.is_on();
        let begun = || {
            let (time, start) = (client.clock.millis(), Instant::now());
            Begun { client, call, flight, attempt, time, start }
        };
        Self(is_on.then(begun))
    }

    /// The answer is there, or will not come; gives it back.
    pub(super) fn ended(mut self, reply: Result<Reply>) -> Result<Reply> {
        if let Some(begun) = self.0.take() {
            begun.end(reply.as_ref());
        }
        reply
    }

    /// The same for what has no answer of DingTalk's.
    pub(super) fn end_with(mut self, error: Option<&Error>) {
        if let Some(begun) = self.0.take() {
            begun.add(error, 0, "");
        }
    }
}

impl Begun<'_> {
    fn end(&self, reply: Result<&Reply, &Error>) {
        let status = match reply.map_err(Error::kind) {
            Ok(reply) => reply.status,
            Err(Kind::Refused(refusal)) => refusal.status,
            Err(Kind::Unreadable { status, .. }) => *status,
            Err(_) => 0,
        };
        let is_counted = self.call.is_counted() && is_counted_answer(status, reply.err());
        let id = match reply {
            Ok(reply) => request_id_of(&reply.json).unwrap_or_default(),
            Err(error) => error.request_id().into(),
        };
        self.add(reply.err(), u32::from(is_counted), &id);
    }

    fn add(&self, error: Option<&Error>, cost: u32, request_id: &str) {
        let (result, sent) = error.map_or(("ok", Sent::Yes), |error| (result(error), error.sent()));
        self.write_down(result, sent, cost, request_id);
    }

    fn write_down(&self, result: &str, sent: Sent, cost: u32, request_id: &str) {
        self.client.journal.add(&Entry {
            time: self.time,
            method: self.flight.method().unwrap_or_default(),
            call: &label(self.call),
            target: &target(self.call),
            effect: self.call.effect.name(),
            result,
            sent: sent.name(),
            attempt: self.attempt,
            cost,
            took: self.start.elapsed(),
            request_id,
        });
    }
}

impl Drop for Line<'_> {
    /// Nobody waited for the end.
    fn drop(&mut self) {
        if let Some(begun) = &self.0 {
            let sent = begun.flight.sent().unwrap_or(Sent::No);
            begun.write_down("interrupted", sent, 0, "");
        }
    }
}

/// DingTalk's code, or the kind of the failure.
fn result(error: &Error) -> &str {
    match error.code() {
        "" => error.kind_name(),
        code => code,
    }
}

/// The path of a whole address may be a secret of its own, unless it is that of a robot.
fn label(call: &Call) -> String {
    let label = call.label();
    match call.to {
        To::Url(_) if !is_robot(&label) => {
            format!("{} (address)", call.verb.name())
        }
        _ => label,
    }
}

/// The ids of the people and groups that a call is about.
fn target(call: &Call) -> String {
    let mut out = String::new();
    for (name, value) in &call.query {
        if names_target(name) {
            push(&mut out, name, &Value::String(value.clone()));
        }
    }
    if let Some(Body::Json(Value::Object(body))) = &call.body {
        for (name, value) in body.iter().filter(|(name, _)| names_target(name)) {
            push(&mut out, name, value);
        }
    }
    if out.len() > MOST_TARGET {
        let end = out.floor_char_boundary(MOST_TARGET);
        out.truncate(end);
        out.push('…');
    }
    out
}

/// The fields that say whom or what a request is about.
fn names_target(name: &str) -> bool {
    matches!(
        name,
        "openConversationId"
            | "open_conversation_id"
            | "openConversationIds"
            | "openSpaceId"
            | "outTrackId"
            | "chatid"
            | "userId"
            | "userid"
            | "userIds"
            | "user_id"
            | "user_ids"
            | "userIdList"
            | "receiverUserIdList"
            | "ownerUserId"
            | "owner_user_id"
            | "unionid"
            | "unionId"
            | "dept_id"
            | "dept_id_list"
    )
}

fn push(out: &mut String, name: &str, value: &Value) {
    let gap = if out.is_empty() { "" } else { " · " };
    match value {
        Value::String(text) if !text.is_empty() => {
            out.push_str(gap);
            out.push_str(text);
        }
        Value::Number(number) => *out += &format!("{gap}{name} {number}"),
        Value::Array(items) if !items.is_empty() => {
            let ids = items
                .iter()
                .take(MOST_IDS)
                .map(|id| id.as_str().map_or_else(|| id.to_string(), str::to_owned));
            *out += gap;
            *out += &ids.collect::<Vec<_>>().join(", ");
            if items.len() > MOST_IDS {
                *out += &format!(" +{}", items.len() - MOST_IDS);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::{label, target};
    use crate::client::Call;
    use crate::spec::{Effect, Endpoint, Host, Verb};
    use serde_json::json;

    #[test]
    fn a_call_is_about_somebody() {
        let of = |body| {
            let endpoint = Endpoint { verb: Verb::Post, host: Host::Api, path: "/x" };
            target(&Call::new(endpoint, Effect::Write, body))
        };
        assert_eq!(
            of(json!({ "openConversationId": "cidA==", "userIds": ["a", "b", "c", "d", "e"] })),
            "cidA== · a, b, c +2"
        );
        assert_eq!(of(json!({ "userid": "u1", "name": "林", "code": "secret" })), "u1");
        assert_eq!(of(json!({ "dept_id": 100 })), "dept_id 100");
        assert_eq!(of(json!({ "userid": "" })), "");
        assert!(of(json!({ "userid": "字".repeat(200) })).len() < 130);
    }

    #[test]
    fn an_address_is_not_told() {
        let of = |url: &str| label(&Call::webhook(url.into(), json!({})));
        assert_eq!(of("https://oapi.dingtalk.com/robot/send?access_token=s3cret"), "POST /robot/send");
        assert_eq!(of("https://hooks.example/s3cret/s3cret"), "POST (address)");
    }
}
