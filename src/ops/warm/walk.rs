//! The single questions of a walk; each says how many calls it took.

use serde_json::json;

use super::super::organisation::{remember_children, remember_members};
use super::super::{Context, contact, group as groups};
use crate::client::Call;
use crate::error::Result;
use crate::spec::{Effect, Endpoint, Host, Verb};

const LIST_SUB: Endpoint =
    Endpoint { verb: Verb::Post, host: Host::Oapi, path: "/topapi/v2/department/listsub" };
const LIST_ID: Endpoint = Endpoint { verb: Verb::Post, host: Host::Oapi, path: "/topapi/user/listid" };

/// The children of a department.
pub(super) async fn children(cx: Context, department: i64) -> Result<usize> {
    let reply = cx.call(&Call::new(LIST_SUB, Effect::Read, json!({ "dept_id": department }))).await?;
    remember_children(&cx, department, reply.json.pointer("/result"));
    Ok(1)
}

/// Who is directly in a department.
pub(super) async fn members(cx: Context, department: i64) -> Result<usize> {
    let reply = cx.call(&Call::new(LIST_ID, Effect::Read, json!({ "dept_id": department }))).await?;
    remember_members(&cx, department, reply.json.pointer("/result/userid_list"));
    Ok(1)
}

/// A profile.
pub(super) async fn person(cx: Context, staff_id: String) -> Result<usize> {
    contact::fetch(&cx, &staff_id, "zh_CN", None).await.map(|_| 1)
}

/// A group with its members.
pub(super) async fn group(cx: Context, cid: String) -> Result<usize> {
    let info = groups::fetch(&cx, &cid, None).await?;
    groups::remember(&cx, &cid, &info);
    Ok(2)
}
