//! People.

use serde_json::{Map, Value, json};

use super::{Context, Output};
use crate::api::contact::{GetUser, UnionIdToStaffId, UpdateUser};
use crate::api::{Args, Person, Request, body};
use crate::cache::{UserKey, UserSeen};
use crate::client::Call;
use crate::error::{Error, Result};
use crate::model::Member;
use crate::secret::Secret;
use crate::spec::{Effect, Endpoint, Host, Verb};

const BY_UNION: Endpoint = Endpoint { verb: Verb::Post, host: Host::Oapi, path: "/topapi/user/getbyunionid" };
const USER_UPDATE: Endpoint = Endpoint { verb: Verb::Post, host: Host::Oapi, path: "/topapi/v2/user/update" };
const USER_GET: Endpoint = Endpoint { verb: Verb::Post, host: Host::Oapi, path: "/topapi/v2/user/get" };

pub(super) async fn get_user(cx: &Context, args: GetUser) -> Result<Output> {
    let staff_id = match &args.user {
        Person::Known(member) => staff_id(cx, member)?,
        Person::Token(token) => {
            let me = super::login::me(cx, token).await?;
            staff_id_of(cx, &me, None).await?
        }
    };
    let session = &cx.session;
    let using_cache = args.using_cache.map(|flag| flag.0);
    let (now, lifetime) = (session.clock.seconds(), session.config.data_cache_time.user);
    let row = session.cache.user(UserKey::Staff(&staff_id));
    let row = row.filter(|row| row.answers(using_cache, now, lifetime));
    session.cache.count_answer(row.is_some());
    if let Some(row) = row {
        return Ok(Output::Json(Value::Object(row.with_marker(&session.clock))));
    }
    let language = args.language.map_or("zh_CN", |language| language.0);
    let token = args.access_token.map(|token| token.0);
    fetch(cx, &staff_id, language, token).await.map(|profile| Output::Json(Value::Object(profile)))
}

/// A profile from DingTalk, which the cache keeps.
pub(super) async fn fetch(
    cx: &Context,
    staff_id: &str,
    language: &str,
    token: Option<Secret>,
) -> Result<Map<String, Value>> {
    let body = json!({ "userid": staff_id, "language": language });
    let call = Call::new(USER_GET, Effect::Read, body).with_token(token);
    let mut reply = cx.call(&call).await?;
    let profile = match reply.json.get_mut("result").map(Value::take) {
        Some(Value::Object(profile)) => profile,
        _ => Map::new(),
    };
    if reply.was_sent() {
        remember(cx, staff_id, &profile);
    }
    Ok(profile)
}

fn remember(cx: &Context, staff_id: &str, profile: &Map<String, Value>) {
    let text = |key: &str| profile.get(key).and_then(Value::as_str).unwrap_or_default();
    let found = text("userid");
    cx.session.cache.save_user(&UserSeen {
        staff_id: if found.is_empty() { staff_id } else { found },
        union_id: text("unionid"),
        name: text("name"),
        info: profile,
    });
}

/// The staffId of a person, out of the cache when only another id is known.
pub(super) fn staff_id(cx: &Context, member: &Member) -> Result<String> {
    if !member.staff_id.is_empty() {
        return Ok(member.staff_id.clone());
    }
    let by_id = member.id.and_then(|id| cx.session.cache.user(UserKey::Id(id)));
    let row = by_id.or_else(|| {
        let union_id = Some(member.union_id.as_str()).filter(|id| !id.is_empty());
        union_id.and_then(|id| cx.session.cache.user(UserKey::Union(id)))
    });
    row.map(|row| row.staff_id).filter(|id| !id.is_empty()).ok_or_else(|| {
        Error::unsendable(
            format!("{member} has no staffId, and the cache knows none for it"),
            format!("{member} 没有 staffId，缓存中也没有"),
        )
    })
}

pub(super) async fn union_to_staff(cx: &Context, args: UnionIdToStaffId) -> Result<Output> {
    let found = staff_id_of(cx, &args.union_id.id, args.using_cache.map(|flag| flag.0)).await?;
    if let Some(member) = args.union_id.member {
        member.write().staff_id.clone_from(&found);
    }
    Ok(Output::Json(found.into()))
}

/// The staffId of a unionId: out of the cache, where it lasts practically for ever, or from DingTalk.
async fn staff_id_of(cx: &Context, union_id: &str, using_cache: Option<bool>) -> Result<String> {
    let session = &cx.session;
    let lifetime = session.config.data_cache_time.union_id;
    let row = session.cache.user(UserKey::Union(union_id)).filter(|row| {
        using_cache != Some(false)
            && !row.staff_id.is_empty()
            && (using_cache == Some(true) || row.is_fresh(session.clock.seconds(), lifetime))
    });
    session.cache.count_answer(row.is_some());
    if let Some(row) = row {
        return Ok(row.staff_id);
    }
    let call = Call::new(BY_UNION, Effect::Read, json!({ "unionid": union_id }));
    let reply = cx.call(&call).await?;
    let found = reply.json.pointer("/result/userid").and_then(Value::as_str).unwrap_or_default().to_owned();
    if found.is_empty() {
        return Err(Error::unsendable(
            format!("{union_id} has no staffId in this organisation"),
            format!("{union_id} 在本组织中没有 staffId"),
        ));
    }
    session.cache.save_union(union_id, &found);
    Ok(found)
}

/// A person's fields; the languages and lists of the guide are brought into DingTalk's form by the row's kinds.
pub(super) async fn update_user(cx: &Context, mut args: Args) -> Result<Output> {
    let body = body(UpdateUser::METHOD, &mut args)?;
    if body.len() < 2 {
        return Err(Error::unsendable(
            "update_user: nothing to change was given",
            "update_user：没有要更新的字段",
        ));
    }
    let staff_id = body.get("userid").and_then(Value::as_str).unwrap_or_default().to_owned();
    let call = Call::new(USER_UPDATE, Effect::Write, Value::Object(body));
    let reply = cx.call(&call).await?;
    cx.outdate_user(&staff_id);
    Ok(Output::Json(reply.json))
}
