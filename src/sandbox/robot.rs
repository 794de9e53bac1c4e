//! Messages of the app's robot: POST api `/v1.0/robot/groupMessages/send` and `/v1.0/robot/oToMessages/batchSend`.

use std::collections::HashSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};

use super::refuse::{Refusal, api};
use super::route::{Answer, Auth, Call, Route, Success};
use super::state::message::{SentMessage, Via};
use super::strict::filled;
use super::template;
use crate::clock::Clock;

/// The permission point of everything a robot sends or takes back.
pub(super) const SCOPE: &str = "qyapi_robot_sendmsg";
/// Most people of one one-to-one call.
const MOST_PEOPLE: usize = 20;

pub(super) const ROUTES: &[Route] = &[
    Route::api(
        "POST",
        "/v1.0/robot/groupMessages/send",
        Auth::App(SCOPE),
        "invalidParameter.param.invalid",
        send_to_group,
    ),
    Route::api(
        "POST",
        "/v1.0/robot/oToMessages/batchSend",
        Auth::App(SCOPE),
        "invalidParameter.param.invalid",
        send_to_people,
    ),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GroupSend {
    #[serde(rename = "robotCode")]
    robot_code: Option<String>,
    #[serde(rename = "openConversationId")]
    open_conversation_id: Option<String>,
    #[serde(rename = "msgKey")]
    msg_key: Option<String>,
    #[serde(rename = "msgParam")]
    msg_param: Option<String>,
    #[serde(rename = "coolAppCode")]
    cool_app_code: Option<String>,
    token: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BatchSend {
    #[serde(rename = "robotCode")]
    robot_code: Option<String>,
    #[serde(rename = "userIds")]
    user_ids: Option<Vec<String>>,
    #[serde(rename = "msgKey")]
    msg_key: Option<String>,
    #[serde(rename = "msgParam")]
    msg_param: Option<String>,
}

fn send_to_group(call: &Call<'_>) -> Answer {
    let request: GroupSend = call.body()?;
    let robot_code = check_robot(call, request.robot_code.as_deref())?;
    if request.cool_app_code.is_some() {
        return Err(api("invalidParameter.robotCode.coolApp", "the group has no cool app"));
    }
    if request.token.is_some() {
        return Err(api("token.notExisted", "token is not exist"));
    }
    let body = template::check(request.msg_key.as_deref(), request.msg_param.as_deref())?;
    let Some(cid) = filled(request.open_conversation_id.as_deref()) else {
        return Err(api("miss.openConversationId", "openConversationId is missing"));
    };
    check_group(call, cid, robot_code)?;
    let key = process_query_key(call.clock);
    deliver(call, Via::Group, cid, request.msg_key, body, &key);
    Ok(Success::Body(json!({"processQueryKey": key})))
}

fn send_to_people(call: &Call<'_>) -> Answer {
    let request: BatchSend = call.body()?;
    check_robot(call, request.robot_code.as_deref())?;
    let user_ids = request.user_ids.unwrap_or_default();
    if user_ids.is_empty() || user_ids.iter().any(String::is_empty) {
        return Err(api("invalidParameter.userIds.empty", "userIds is empty"));
    }
    if user_ids.len() > MOST_PEOPLE {
        let message = format!("{} userIds, at most {MOST_PEOPLE}", user_ids.len());
        return Err(api("invalidParameter.userIds.overMax", message));
    }
    let body = template::check(request.msg_key.as_deref(), request.msg_param.as_deref())?;
    let (known, unknown): (Vec<&String>, Vec<&String>) = {
        let organisation = call.state.organisation.read();
        user_ids.iter().partition(|id| organisation.user(id).is_some())
    };
    let key = process_query_key(call.clock);
    let mut reached = HashSet::new();
    for user in known {
        if reached.insert(user) {
            deliver(call, Via::OneToOne, user, request.msg_key.clone(), body.clone(), &key);
        }
    }
    Ok(Success::Body(json!({
        "processQueryKey": key,
        "invalidStaffIdList": unknown,
        "flowControlledStaffIdList": [],
    })))
}

/// The robot code, if it is the app's own.
fn check_robot<'r>(call: &Call<'_>, robot_code: Option<&'r str>) -> Result<&'r str, Refusal> {
    let Some(code) = filled(robot_code) else {
        return Err(api("invalidParameter.robotCode.empty", "robotCode is empty"));
    };
    if call.state.app.read().robot_code != code {
        return Err(api("invalidParameter.robotCode.notExsit", format!("robot {code} does not exist")));
    }
    Ok(code)
}

/// The group has to exist, to be alive, and to have the robot in it.
fn check_group(call: &Call<'_>, cid: &str, robot_code: &str) -> Result<(), Refusal> {
    let groups = call.state.groups.read();
    let Some(group) = groups.get(cid) else {
        return Err(api("invalid.openConversationId", format!("no group {cid}")));
    };
    if group.disbanded {
        return Err(api("group.disbanded", "the group is disbanded"));
    }
    if !group.robot {
        return Err(api("resource.not.found", format!("robot {robot_code} is not in the group")));
    }
    Ok(())
}

fn deliver(call: &Call<'_>, via: Via, to: &str, kind: Option<String>, body: Value, key: &str) {
    call.state.messages.lock().deliver(SentMessage {
        to: to.into(),
        via,
        kind: kind.unwrap_or_default(),
        body,
        process_query_key: Some(key.into()),
        recalled: false,
        at: call.clock.millis(),
    });
}

/// A key for a recall: base64 text with a `=` at its end.
pub(super) fn process_query_key(clock: &Clock) -> String {
    let mut bytes = [0; 17];
    clock.random(&mut bytes);
    STANDARD.encode(bytes)
}
