//! Taking messages back: POST api `/v1.0/robot/groupMessages/recall` and `/v1.0/robot/otoMessages/batchRecall`.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::refuse::{Refusal, api};
use super::robot::SCOPE;
use super::route::{Answer, Auth, Call, Route, Success};
use super::state::message::{Recall, Via};
use super::strict::filled;

/// Most keys of one call.
const MOST_KEYS: usize = 20;
/// How long a one-to-one message can be taken back, in milliseconds.
const ONE_DAY: i64 = 24 * 3600 * 1000;

pub(super) const ROUTES: &[Route] = &[
    Route::api(
        "POST",
        "/v1.0/robot/groupMessages/recall",
        Auth::App(SCOPE),
        "invalidParameter.param.invalid",
        recall_from_group,
    ),
    Route::api(
        "POST",
        "/v1.0/robot/otoMessages/batchRecall",
        Auth::App(SCOPE),
        "invalidParameter.param.invalid",
        recall_from_people,
    ),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GroupRecall {
    #[serde(rename = "robotCode")]
    robot_code: Option<String>,
    #[serde(rename = "openConversationId")]
    open_conversation_id: Option<String>,
    #[serde(rename = "processQueryKeys")]
    process_query_keys: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BatchRecall {
    #[serde(rename = "robotCode")]
    robot_code: Option<String>,
    #[serde(rename = "processQueryKeys")]
    process_query_keys: Option<Vec<String>>,
}

fn recall_from_group(call: &Call<'_>) -> Answer {
    let request: GroupRecall = call.body()?;
    check_robot(call, request.robot_code.as_deref())?;
    let keys = check_keys(request.process_query_keys)?;
    let Some(cid) = filled(request.open_conversation_id.as_deref()) else {
        return Err(api("miss.openConversationId", "openConversationId is missing"));
    };
    if call.state.groups.read().get(cid).is_none() {
        return Err(api("invalid.openConversationId", format!("no group {cid}")));
    }
    recall(call, keys, Via::Group, Some(cid), i64::MIN)
}

fn recall_from_people(call: &Call<'_>) -> Answer {
    let request: BatchRecall = call.body()?;
    check_robot(call, request.robot_code.as_deref())?;
    let keys = check_keys(request.process_query_keys)?;
    recall(call, keys, Via::OneToOne, None, call.clock.millis() - ONE_DAY)
}

fn check_robot(call: &Call<'_>, robot_code: Option<&str>) -> Result<(), Refusal> {
    match filled(robot_code) {
        None => Err(api("invalidParameter.robotCode", "robotCode is empty")),
        Some(code) if call.state.app.read().robot_code == code => Ok(()),
        Some(code) => Err(api("invalidParameter.robotCode.notExsit", format!("robot {code} does not exist"))),
    }
}

/// The keys, each once.
fn check_keys(keys: Option<Vec<String>>) -> Result<Vec<String>, Refusal> {
    let keys = keys.unwrap_or_default();
    if keys.is_empty() || keys.iter().any(String::is_empty) {
        return Err(api("invalidParameter.processQueryKey.missing", "processQueryKeys is empty"));
    }
    if keys.len() > MOST_KEYS {
        let message = format!("{} processQueryKeys, at most {MOST_KEYS}", keys.len());
        return Err(api("invalidParameter.processQueryKeys.overMax", message));
    }
    let mut once: Vec<String> = Vec::with_capacity(keys.len());
    for key in keys {
        if !once.contains(&key) {
            once.push(key);
        }
    }
    Ok(once)
}

/// Recalls what it can. Some failures stand in `failedResult`; when everything failed, the call is refused.
fn recall(call: &Call<'_>, keys: Vec<String>, via: Via, to: Option<&str>, oldest: i64) -> Answer {
    let mut done = Vec::new();
    let mut failed = Map::new();
    for key in keys {
        let outcome = call.state.messages.lock().recall(&key, via, to, oldest);
        let reason = match outcome {
            Recall::Done => {
                done.push(key);
                continue;
            }
            Recall::Unknown => "invalid.processQueryKey",
            Recall::Expired => "robot.processQueryKey.expired",
        };
        failed.insert(key, Value::from(reason));
    }
    if !done.is_empty() {
        return Ok(Success::Body(json!({"successResult": done, "failedResult": failed})));
    }
    let expired = failed.values().all(|reason| reason == "robot.processQueryKey.expired");
    Err(if expired {
        api("robot.processQueryKey.expired", "the messages are older than 24 hours")
    } else {
        api("invalid.processQueryKey", "no message has one of these keys")
    })
}
