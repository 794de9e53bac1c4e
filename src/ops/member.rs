//! Members of scene groups: in, out, administrators, muted.

use serde_json::{Value, json};

use super::batch::in_batches;
use super::{Context, Output, contact, group};
use crate::api::member::{AddMember, KickMember, MuteMember, SetAdmin, UnmuteMember};
use crate::api::{Family, UserIds};
use crate::client::Call;
use crate::config::GroupApi;
use crate::error::{Error, Result};
use crate::spec::{Effect, Endpoint, Host, Verb};

const ADD: Endpoint =
    Endpoint { verb: Verb::Post, host: Host::Oapi, path: "/topapi/im/chat/scenegroup/member/add" };
const ADD_V1: Endpoint =
    Endpoint { verb: Verb::Post, host: Host::Api, path: "/v1.0/im/sceneGroup/member/add" };
const DELETE: Endpoint =
    Endpoint { verb: Verb::Post, host: Host::Oapi, path: "/topapi/im/chat/scenegroup/member/delete" };
const DELETE_V1: Endpoint =
    Endpoint { verb: Verb::Post, host: Host::Api, path: "/v1.0/im/sceneGroup/member/delete" };
const ADMINS: Endpoint =
    Endpoint { verb: Verb::Put, host: Host::Api, path: "/v1.0/im/sceneGroups/subAdmins" };
const MUTE: Endpoint =
    Endpoint { verb: Verb::Post, host: Host::Api, path: "/v1.0/im/sceneGroups/muteMembers/set" };

/// The most people in one call.
const MEMBERS: usize = 100;
const ADMINS_AT_ONCE: usize = 12;
const MUTED_AT_ONCE: usize = 999;

/// The role of `/subAdmins`.
const ADMINISTRATOR: u8 = 2;
const ORDINARY: u8 = 3;

pub(super) async fn add_member(cx: &Context, args: AddMember) -> Result<Output> {
    let cid = group::conversation_id(cx, &args.conversation.0)?;
    add(cx, &cid, &ids(cx, &args.members)?, family(cx, args.family)).await.map(Output::Json)
}

pub(super) async fn kick_member(cx: &Context, args: KickMember) -> Result<Output> {
    let cid = group::conversation_id(cx, &args.conversation.0)?;
    remove(cx, &cid, &ids(cx, &args.members)?, family(cx, args.family)).await.map(Output::Json)
}

/// Adds people to a group.
pub(super) async fn add(cx: &Context, cid: &str, ids: &[String], family: GroupApi) -> Result<Value> {
    move_members(cx, "add_member", cid, ids, (ADD, ADD_V1), Effect::Notify, family).await
}

/// Removes people from a group.
pub(super) async fn remove(cx: &Context, cid: &str, ids: &[String], family: GroupApi) -> Result<Value> {
    move_members(cx, "kick_member", cid, ids, (DELETE, DELETE_V1), Effect::Destroy, family).await
}

async fn move_members(
    cx: &Context,
    what: &str,
    cid: &str,
    ids: &[String],
    (legacy, v1): (Endpoint, Endpoint),
    effect: Effect,
    family: GroupApi,
) -> Result<Value> {
    let call = |batch: &[String]| {
        let (endpoint, ids) = match family {
            GroupApi::Legacy => (legacy, Value::from(batch.join(","))),
            GroupApi::V1 => (v1, Value::from(batch)),
        };
        let body = json!({ "open_conversation_id": cid, "user_ids": ids });
        Call::new(endpoint, effect, body)
    };
    let moved = in_batches(cx, what, ids, MEMBERS, call, |answer, _| Ok(answer)).await;
    // Some may be done when others fail.
    cx.outdate_group(cid);
    moved
}

pub(super) async fn set_admin(cx: &Context, args: SetAdmin) -> Result<Output> {
    let cid = group::conversation_id(cx, &args.conversation.0)?;
    let role = if args.set_admin.is_none_or(|flag| flag.0) { ADMINISTRATOR } else { ORDINARY };
    make_admins(cx, &cid, &ids(cx, &args.members)?, role).await.map(Output::Json)
}

/// Makes people administrators.
pub(super) async fn promote(cx: &Context, cid: &str, ids: &[String]) -> Result<Value> {
    make_admins(cx, cid, ids, ADMINISTRATOR).await
}

async fn make_admins(cx: &Context, cid: &str, ids: &[String], role: u8) -> Result<Value> {
    let call = |batch: &[String]| admins(cid, batch, role);
    let made = in_batches(cx, "set_admin", ids, ADMINS_AT_ONCE, call, |answer, _| Ok(answer)).await;
    cx.outdate_group(cid);
    made
}

fn admins(cid: &str, ids: &[String], role: u8) -> Call {
    Call::new(ADMINS, Effect::Write, json!({ "openConversationId": cid, "userIds": ids, "role": role }))
}

/// The call that makes somebody an administrator.
pub(super) fn promotion(cid: &str, id: &str) -> Call {
    admins(cid, &[id.to_owned()], ADMINISTRATOR)
}

pub(super) async fn mute_member(cx: &Context, args: MuteMember) -> Result<Output> {
    let cid = group::conversation_id(cx, &args.conversation.0)?;
    // Seconds become whole milliseconds; the largest i64 is far beyond any life.
    mute(cx, &cid, &ids(cx, &args.members)?, (args.seconds.0 * 1000.0) as i64).await
}

pub(super) async fn unmute_member(cx: &Context, args: UnmuteMember) -> Result<Output> {
    let cid = group::conversation_id(cx, &args.conversation.0)?;
    mute(cx, &cid, &ids(cx, &args.members)?, 0).await
}

/// Mutes for `millis`; 0 ends it. DingTalk answers with an empty body.
async fn mute(cx: &Context, cid: &str, ids: &[String], millis: i64) -> Result<Output> {
    let status = i64::from(millis > 0);
    let what = if millis > 0 { "mute_member" } else { "unmute_member" };
    let call = |batch: &[String]| {
        let body = json!({
            "openConversationId": cid, "userIdList": batch, "muteStatus": status, "muteDuration": millis,
        });
        Call::new(MUTE, Effect::Write, body)
    };
    let read = |answer: Value, _| {
        let empty = answer.as_object().is_some_and(serde_json::Map::is_empty);
        Ok(if empty { json!({ "success": true }) } else { answer })
    };
    in_batches(cx, what, ids, MUTED_AT_ONCE, call, read).await.map(Output::Json)
}

/// The staffIds of people, each once and in order.
pub(super) fn ids(cx: &Context, members: &UserIds) -> Result<Vec<String>> {
    let mut ids = Vec::with_capacity(members.0.len());
    let mut seen = std::collections::HashSet::new();
    for member in &members.0 {
        let id = contact::staff_id(cx, member)?;
        if id.contains(',') {
            return Err(Error::unsendable(
                format!("`{id}` holds a comma; give several people as a list"),
                format!("`{id}` 含有逗号；多个成员请使用列表"),
            ));
        }
        if seen.insert(id.clone()) {
            ids.push(id);
        }
    }
    Ok(ids)
}

/// The family of calls: the one of this call, else the configured one.
pub(super) fn family(cx: &Context, given: Option<Family>) -> GroupApi {
    given.map_or(cx.session.config.group_api, |family| family.0)
}
