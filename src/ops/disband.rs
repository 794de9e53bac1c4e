//! `disband_group`: as the guide does it, by removing everybody; or the official call.

use serde_json::{Value, json};

use super::{Context, Output, group, member};
use crate::api::group::DisbandGroup;
use crate::client::Call;
use crate::error::{Error, Kind, Result};
use crate::lang::Text;
use crate::spec::{Effect, Endpoint, Host, Verb};

const DISBAND: Endpoint =
    Endpoint { verb: Verb::Post, host: Host::Api, path: "/v1.0/im/chat/scenegroup/disband" };

pub(super) async fn disband_group(cx: &Context, args: DisbandGroup) -> Result<Output> {
    let cid = group::conversation_id(cx, &args.conversation.0)?;
    let family = member::family(cx, args.family);
    if args.real.is_some_and(|flag| flag.0) {
        let call = Call::new(DISBAND, Effect::Destroy, json!({ "openConversationId": cid }));
        let reply = cx.call(&call).await?;
        cx.outdate_group(&cid);
        return Ok(Output::Json(reply.json));
    }
    // Never from the cache: an old list would leave people behind.
    let info = group::fetch(cx, &cid, None).await?;
    let ids: Vec<String> = info
        .get("user_ids")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|id| id.as_str().map(str::to_owned))
        .collect();
    let title = info.get("title").and_then(Value::as_str).unwrap_or(&cid);
    if ids.is_empty() {
        return Err(Error::unsendable(
            format!("{title} has no members to remove"),
            format!("{title} 没有可移出的成员"),
        ));
    }
    cx.tell(&Text::made(
        format!("{title}: removing {} members; the group itself stays", ids.len()),
        format!("{title}：正在移出 {} 名成员；群本身仍保留", ids.len()),
    ));
    member::remove(cx, &cid, &ids, family).await.map(Output::Json).map_err(|error| match error.kind() {
        Kind::Partial { .. } => error.hint(Text::fixed(
            "call disband_group again to go on: it reads the members anew",
            "再次调用 disband_group 可继续：它会重新读取成员",
        )),
        _ => error,
    })
}
