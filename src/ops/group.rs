//! Scene groups.

use serde_json::{Map, Value, json};

use super::safety::is_made_up;
use super::{Context, Output};
use crate::api::group::GetGroup;
use crate::cache::{GroupKey, GroupSeen};
use crate::client::Call;
use crate::error::{Error, Kind, Result};
use crate::model::Group;
use crate::secret::Secret;
use crate::spec::{Effect, Endpoint, Host, Verb};

const GROUP_GET: Endpoint =
    Endpoint { verb: Verb::Post, host: Host::Oapi, path: "/topapi/im/chat/scenegroup/get" };
const MEMBER_GET: Endpoint =
    Endpoint { verb: Verb::Post, host: Host::Oapi, path: "/topapi/im/chat/scenegroup/member/get" };

/// How many members a page holds.
const PAGE: u32 = 1000;

pub(super) async fn get_group(cx: &Context, args: GetGroup) -> Result<Output> {
    let cid = conversation_id(cx, &args.conversation.0)?;
    let session = &cx.session;
    let using_cache = args.using_cache.map(|flag| flag.0);
    let (now, lifetime) = (session.clock.seconds(), session.config.data_cache_time.group);
    let row = session.cache.group(GroupKey::Conversation(&cid));
    let row = row.filter(|row| row.answers(using_cache, now, lifetime));
    session.cache.count_answer(row.is_some());
    if let Some(row) = row {
        return Ok(Output::Json(Value::Object(row.with_marker(&session.clock))));
    }
    let token = args.access_token.map(|token| token.0);
    let info = match fetch(cx, &cid, token).await {
        Err(error) if !session.config.raise_for_api_error => return failed(error),
        other => other?,
    };
    remember(cx, &cid, &info);
    Ok(Output::Json(Value::Object(info)))
}

/// Stores a description, unless a dry run made it up.
pub(super) fn remember(cx: &Context, cid: &str, info: &Map<String, Value>) {
    if !is_made_up(info) {
        let name = info.get("title").and_then(Value::as_str).unwrap_or_default();
        cx.session.cache.save_group(&GroupSeen { conversation_id: cid, name, info });
    }
}

/// A group with all pages of its members. Both calls of the older family are current, so they serve either setting.
pub(super) async fn fetch(cx: &Context, cid: &str, token: Option<Secret>) -> Result<Map<String, Value>> {
    let mut info = read(cx, cid, token.clone()).await?;
    let (ids, nicks) = members(cx, cid, token).await?;
    info.insert("user_ids".into(), Value::Array(ids));
    info.insert("staff_id_nick_map".into(), Value::Object(nicks));
    info.insert("success".into(), true.into());
    Ok(info)
}

/// All pages of a group's members, and their names.
pub(super) async fn members(
    cx: &Context,
    cid: &str,
    token: Option<Secret>,
) -> Result<(Vec<Value>, Map<String, Value>)> {
    let (mut ids, mut nicks) = (Vec::new(), Map::new());
    let mut cursor = "0".to_owned();
    loop {
        let body = json!({ "open_conversation_id": cid, "size": PAGE, "cursor": cursor });
        let reply = cx.call(&Call::new(MEMBER_GET, Effect::Read, body).with_token(token.clone())).await?;
        let mut page = object(reply.json, "result");
        if let Some(Value::Array(members)) = page.remove("member_user_ids") {
            ids.extend(members);
        }
        nicks.extend(nick_map(page.remove("staff_id_nick_map")));
        match next_cursor(&page) {
            // A cursor that does not move would ask for the same page for ever.
            Some(next) if next != cursor => cursor = next,
            _ => return Ok((ids, nicks)),
        }
    }
}

/// A group without its members.
pub(super) async fn read(cx: &Context, cid: &str, token: Option<Secret>) -> Result<Map<String, Value>> {
    let body = json!({ "open_conversation_id": cid });
    let reply = cx.call(&Call::new(GROUP_GET, Effect::Read, body).with_token(token)).await?;
    Ok(object(reply.json, "result"))
}

fn object(mut json: Value, key: &str) -> Map<String, Value> {
    match json.get_mut(key).map(Value::take) {
        Some(Value::Object(map)) => map,
        _ => Map::new(),
    }
}

/// DingTalk writes the map as an object or as JSON text.
fn nick_map(value: Option<Value>) -> Map<String, Value> {
    match value {
        Some(Value::Object(map)) => map,
        Some(Value::String(text)) => serde_json::from_str(&text).unwrap_or_default(),
        _ => Map::new(),
    }
}

fn next_cursor(page: &Map<String, Value>) -> Option<String> {
    let more = page.get("has_more").is_some_and(|more| *more == true || more == "true");
    let cursor = page
        .get("next_cursor")
        .map(|cursor| cursor.as_str().map_or_else(|| cursor.to_string(), str::to_owned));
    cursor.filter(|_| more)
}

/// The guide's answer to a refusal that is not raised: the body with `success: false`.
fn failed(error: Error) -> Result<Output> {
    match error.kind() {
        Kind::Refused(refusal) => {
            let mut body = refusal.body.clone();
            body["success"] = false.into();
            Ok(Output::Json(body))
        }
        _ => Err(error),
    }
}

/// The openConversationId of a group, out of the cache when only its number is known.
pub(super) fn conversation_id(cx: &Context, group: &Group) -> Result<String> {
    if !group.conversation_id.is_empty() {
        return Ok(group.conversation_id.clone());
    }
    let row = group.id.and_then(|id| cx.session.cache.group(GroupKey::Id(id)));
    row.map(|row| row.conversation_id).filter(|id| !id.is_empty()).ok_or_else(|| {
        Error::unsendable(
            format!("{group} has no openConversationId, and the cache knows none for it"),
            format!("{group} 没有 openConversationId，缓存中也没有"),
        )
    })
}
