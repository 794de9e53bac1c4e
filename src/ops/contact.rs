//! People.

use serde_json::{Map, Value, json};

use super::{Context, Output};
use crate::api::contact::GetUser;
use crate::cache::{UserKey, UserSeen};
use crate::client::Call;
use crate::error::{Error, Result};
use crate::model::Member;
use crate::spec::{Effect, Endpoint, Host, Verb};

const USER_GET: Endpoint = Endpoint { verb: Verb::Post, host: Host::Oapi, path: "/topapi/v2/user/get" };

pub(super) async fn get_user(cx: &Context, args: GetUser) -> Result<Output> {
    let staff_id = staff_id(cx, &args.user.0)?;
    let session = &cx.session;
    let using_cache = args.using_cache.map(|flag| flag.0);
    if let Some(row) = session.cache.user(UserKey::Staff(&staff_id))
        && row.answers(using_cache, session.clock.seconds(), session.config.data_cache_time.user)
    {
        return Ok(Output::Json(Value::Object(row.with_marker(&session.clock))));
    }
    let language = args.language.map_or("zh_CN", |language| language.0);
    let body = json!({ "userid": staff_id, "language": language });
    let call = Call::new(USER_GET, Effect::Read, body).with_token(args.access_token.map(|token| token.0));
    let mut reply = cx.call(&call).await?;
    let profile = match reply.json.get_mut("result").map(Value::take) {
        Some(Value::Object(profile)) => profile,
        _ => Map::new(),
    };
    remember(cx, &staff_id, &profile);
    Ok(Output::Json(Value::Object(profile)))
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
