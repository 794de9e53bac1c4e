//! Webhooks: POST oapi `/robot/send` (custom robots) and `/robot/sendBySession` (session webhooks).
//!
//! They answer HTTP 200 whatever happens; `errcode` alone tells.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::Sha256;

use super::refuse::{Malformed, Refusal, bare};
use super::route::{Answer, Auth, Call, Route, Success};
use super::state::message::{SentMessage, Via};
use super::state::webhook::CustomRobot;
use super::strict::filled;
use super::webhook_body::{self, Message};

/// How far the timestamp of a signature may be from now, in milliseconds.
const CLOCK_DIFFERENCE: u64 = 3_600_000;

pub(super) const ROUTES: &[Route] = &[
    Route::oapi("/robot/send", Auth::Open, Malformed::Bare(40035), send),
    Route::oapi("/robot/sendBySession", Auth::Open, Malformed::Bare(40035), send_by_session),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CustomQuery {
    access_token: Option<String>,
    timestamp: Option<String>,
    sign: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SessionQuery {
    session: Option<String>,
}

fn send(call: &Call<'_>) -> Answer {
    let query: CustomQuery = call.query()?;
    let token =
        filled(query.access_token.as_deref()).ok_or_else(|| bare(400_101, "access_token is missing"))?;
    let robot = call.state.webhooks.lock().robot(token);
    let robot = robot.ok_or_else(|| bare(400_101, "token is not exist"))?;
    if robot.stopped {
        return Err(bare(400_102, "robot is stopped"));
    }
    check_signature(call, &robot, &query)?;
    let message = webhook_body::check(call)?;
    let keywords = &robot.keywords;
    if !keywords.is_empty() && !keywords.iter().any(|keyword| message.words.contains(keyword.as_str())) {
        return Err(bare(310_000, "keywords not in content"));
    }
    check_group(call, &robot.open_conversation_id)?;
    deliver(call, Via::Webhook, &robot.token, &robot.open_conversation_id, message)
}

fn send_by_session(call: &Call<'_>) -> Answer {
    let query: SessionQuery = call.query()?;
    let id = query.session.unwrap_or_default();
    let session = call.state.webhooks.lock().session(&id, call.clock.millis());
    let session = session.ok_or_else(|| bare(300_001, "token is not exist"))?;
    let message = webhook_body::check(call)?;
    let Some(person) = session.person else {
        check_group(call, &session.open_conversation_id)?;
        return deliver(call, Via::Session, &id, &session.open_conversation_id, message);
    };
    deliver(call, Via::Session, &id, &person, message)
}

/// HMAC-SHA256 of "timestamp, line feed, secret" under the secret, in base64
/// (<https://open.dingtalk.com/document/robots/customize-robot-security-settings>).
fn check_signature(call: &Call<'_>, robot: &CustomRobot, query: &CustomQuery) -> Result<(), Refusal> {
    let Some(secret) = &robot.secret else {
        return Ok(());
    };
    let timestamp = query.timestamp.as_deref().unwrap_or_default();
    let near = timestamp.parse().is_ok_and(|at: i64| at.abs_diff(call.clock.millis()) <= CLOCK_DIFFERENCE);
    if !near {
        return Err(bare(310_000, "invalid timestamp"));
    }
    let mismatch = || bare(310_000, "sign not match");
    let sign = STANDARD.decode(query.sign.as_deref().unwrap_or_default()).map_err(|_| mismatch())?;
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).map_err(|_| mismatch())?;
    mac.update(format!("{timestamp}\n{secret}").as_bytes());
    mac.verify_slice(&sign).map_err(|_| mismatch())
}

fn check_group(call: &Call<'_>, cid: &str) -> Result<(), Refusal> {
    if call.state.groups.read().get(cid).is_none_or(|group| group.disbanded) {
        return Err(bare(400_013, "group is disbanded"));
    }
    Ok(())
}

/// Paces the webhook `key` and takes the message to its group or person, unless its `msgUuid` was there before.
fn deliver(call: &Call<'_>, via: Via, key: &str, to: &str, message: Message) -> Answer {
    let now = call.clock.millis();
    let first = {
        let mut webhooks = call.state.webhooks.lock();
        if !webhooks.may_send(key, now) {
            return Err(bare(130_101, "send too fast, exceed 20 times per minute"));
        }
        message.uuid.is_none_or(|uuid| webhooks.first_use(key, &uuid))
    };
    if first {
        let body: Value = call.body()?;
        call.state.messages.lock().deliver(SentMessage {
            to: to.into(),
            via,
            kind: message.kind.into(),
            body,
            process_query_key: None,
            recalled: false,
            at: now,
        });
    }
    Ok(Success::Body(json!({"errcode": 0, "errmsg": "ok"})))
}
