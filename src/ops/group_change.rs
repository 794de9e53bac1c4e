//! Making and changing scene groups, in either family of calls.

use serde_json::{Map, Value, json};

use super::{Context, Output, group, member};
use crate::api::group::{ChangeGroupOwner, ChangeGroupTitle, CreateGroup, MuteAll, UnmuteAll, UpdateGroup};
use crate::api::{Args, Request, body};
use crate::client::Call;
use crate::config::GroupApi;
use crate::error::{Error, Result};
use crate::secret::Secret;
use crate::spec::{Effect, Endpoint, Host, Verb};

const CREATE: Endpoint =
    Endpoint { verb: Verb::Post, host: Host::Oapi, path: "/topapi/im/chat/scenegroup/create" };
const CREATE_V1: Endpoint =
    Endpoint { verb: Verb::Post, host: Host::Api, path: "/v1.0/im/sceneGroup/create" };
const UPDATE: Endpoint =
    Endpoint { verb: Verb::Post, host: Host::Oapi, path: "/topapi/im/chat/scenegroup/update" };
const UPDATE_V1: Endpoint =
    Endpoint { verb: Verb::Post, host: Host::Api, path: "/v1.0/im/sceneGroup/update" };

/// What stands beside `management_options` in the newer family.
const PLAIN: [&str; 8] = [
    "title",
    "template_id",
    "owner_user_id",
    "icon",
    "user_ids",
    "subadmin_ids",
    "uuid",
    "open_conversation_id",
];

/// The most members of a new group.
const MEMBERS: usize = 999;

pub(super) async fn create_group(cx: &Context, mut args: Args) -> Result<Output> {
    let method = CreateGroup::METHOD;
    let family = member::family(cx, args.take_named(method, "api")?);
    let token = args.take_token(method)?;
    let mut fields = body(method, &mut args)?;
    let defaults =
        [("mention_all_authority", 1), ("show_history_type", 0), ("validation_type", 1), ("searchable", 0)];
    for (name, value) in defaults {
        fields.entry(name).or_insert_with(|| value.into());
    }
    // A new key for each call: the same one gives the same group again.
    fields.entry("uuid").or_insert_with(|| cx.session.clock.uuid().into());
    create(cx, fields, token, family).await.map(Output::Json)
}

/// Creates a group from checked fields.
pub(super) async fn create(
    cx: &Context,
    fields: Map<String, Value>,
    token: Option<Secret>,
    family: GroupApi,
) -> Result<Value> {
    let count = fields.get("user_ids").and_then(Value::as_array).map_or(0, Vec::len);
    if count > MEMBERS {
        return Err(Error::unsendable(
            format!("create_group: {count} members, at most {MEMBERS}; add the others with add_member"),
            format!("create_group：成员 {count} 人，最多 {MEMBERS} 人；其余请用 add_member 添加"),
        ));
    }
    let (endpoint, body) = in_family(fields, family, (CREATE, CREATE_V1));
    cx.call(&Call::new(endpoint, Effect::Notify, body).with_token(token)).await.map(|reply| reply.json)
}

pub(super) async fn update_group(cx: &Context, mut args: Args) -> Result<Output> {
    let method = UpdateGroup::METHOD;
    let family = member::family(cx, args.take_named(method, "api")?);
    let token = args.take_token(method)?;
    let fields = body(method, &mut args)?;
    let cid = group::conversation_id(cx, &args.take::<crate::api::ConversationId>(method, 0)?.0)?;
    update(cx, &cid, fields, token, family).await
}

pub(super) async fn change_title(cx: &Context, args: ChangeGroupTitle) -> Result<Output> {
    let cid = group::conversation_id(cx, &args.conversation.0)?;
    let fields = one("title", args.title.0.into());
    update(cx, &cid, fields, args.access_token.map(|token| token.0), member::family(cx, args.family)).await
}

pub(super) async fn change_owner(cx: &Context, args: ChangeGroupOwner) -> Result<Output> {
    let cid = group::conversation_id(cx, &args.conversation.0)?;
    let fields = one("owner_user_id", super::contact::staff_id(cx, &args.owner.0)?.into());
    update(cx, &cid, fields, args.access_token.map(|token| token.0), member::family(cx, args.family)).await
}

pub(super) async fn mute_all(cx: &Context, args: MuteAll) -> Result<Output> {
    let cid = group::conversation_id(cx, &args.conversation.0)?;
    let fields = one("chat_banned_type", 1.into());
    update(cx, &cid, fields, args.access_token.map(|token| token.0), member::family(cx, args.family)).await
}

pub(super) async fn unmute_all(cx: &Context, args: UnmuteAll) -> Result<Output> {
    let cid = group::conversation_id(cx, &args.conversation.0)?;
    let fields = one("chat_banned_type", 0.into());
    update(cx, &cid, fields, args.access_token.map(|token| token.0), member::family(cx, args.family)).await
}

fn one(name: &str, value: Value) -> Map<String, Value> {
    [(name.to_owned(), value)].into_iter().collect()
}

/// Changes what `fields` name; the cache learns a new title.
pub(super) async fn update(
    cx: &Context,
    cid: &str,
    fields: Map<String, Value>,
    token: Option<Secret>,
    family: GroupApi,
) -> Result<Output> {
    if fields.is_empty() {
        return Err(Error::unsendable(
            "update_group: nothing to change was given",
            "update_group：没有要更新的设置",
        ));
    }
    let title = fields.get("title").and_then(Value::as_str).map(str::to_owned);
    let fields = one("open_conversation_id", cid.into()).into_iter().chain(fields).collect();
    let (endpoint, body) = in_family(fields, family, (UPDATE, UPDATE_V1));
    let reply = cx.call(&Call::new(endpoint, Effect::Write, body).with_token(token)).await?;
    if let Some(title) = title.filter(|_| reply.was_sent()) {
        cx.session.cache.rename_group(cid, &title);
    }
    cx.outdate_group(cid);
    Ok(Output::Json(reply.json))
}

/// The body of a family: the older joins lists with commas, the newer puts the settings into `management_options`.
fn in_family(
    fields: Map<String, Value>,
    family: GroupApi,
    (legacy, v1): (Endpoint, Endpoint),
) -> (Endpoint, Value) {
    match family {
        GroupApi::Legacy => {
            let joined = fields.into_iter().map(|(name, value)| (name, joined(value)));
            (legacy, Value::Object(joined.collect()))
        }
        GroupApi::V1 => {
            let (mut body, mut settings) = (Map::new(), Map::new());
            for (name, value) in fields {
                let place = if PLAIN.contains(&name.as_str()) { &mut body } else { &mut settings };
                place.insert(name, value);
            }
            if !settings.is_empty() {
                body.insert("management_options".into(), json!(settings));
            }
            (v1, Value::Object(body))
        }
    }
}

fn joined(value: Value) -> Value {
    match value {
        Value::Array(items) => items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(",").into(),
        other => other,
    }
}
