//! Making and changing scene groups on oapi: POST `/topapi/im/chat/scenegroup/create`, `…/update`, `…/member/add`,
//! `…/member/delete`. Lists are comma-joined texts, switches the numbers 0 and 1.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::group_plan::{self, Amendment, Plan, Trouble};
use super::refuse::{Malformed, Refusal, oapi, oapi_request_id};
use super::route::{Answer, Auth, Call, Route, Success};
use super::state::switches::Taker;
use super::strict::joined;

/// The permission point for making and changing groups.
pub(super) const SCOPE: &str = "qyapi_chat_manage";

const fn route(path: &'static str, handle: fn(&Call<'_>) -> Answer) -> Route {
    Route::oapi(path, Auth::App(SCOPE), Malformed::Oapi(40035), handle)
}

pub(super) const ROUTES: &[Route] = &[
    route("/topapi/im/chat/scenegroup/create", create),
    route("/topapi/im/chat/scenegroup/update", update),
    route("/topapi/im/chat/scenegroup/member/add", add),
    route("/topapi/im/chat/scenegroup/member/delete", remove),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Create {
    title: Option<String>,
    template_id: Option<String>,
    owner_user_id: Option<String>,
    user_ids: Option<String>,
    subadmin_ids: Option<String>,
    uuid: Option<String>,
    icon: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Update {
    open_conversation_id: Option<String>,
    title: Option<String>,
    owner_user_id: Option<String>,
    icon: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Members {
    open_conversation_id: Option<String>,
    user_ids: Option<String>,
}

/// How this family says what is the matter.
pub(super) fn legacy(trouble: Trouble) -> Refusal {
    match trouble {
        Trouble::Parameter(message) => oapi(40035, message),
        Trouble::Template => oapi(665_036, "群模板不存在"),
        Trouble::Person(id) => oapi(660_041, format!("员工不存在: {id}")),
        Trouble::Crowded => oapi(665_033, "群成员数量超过限制"),
        Trouble::Unknown => oapi(400_001, "系统错误，请检查群id"),
        Trouble::Ordinary => oapi(400_020, "无权限访问"),
    }
}

fn create(call: &Call<'_>) -> Answer {
    let mut fields: Map<String, Value> = call.body()?;
    let switches = Taker::Create.take(&mut fields).map_err(|problem| call.bad(problem))?;
    let request: Create = call.rest(fields)?;
    let plan = Plan {
        title: request.title,
        template_id: request.template_id,
        owner: request.owner_user_id,
        people: list(call, request.user_ids, "user_ids")?,
        admins: list(call, request.subadmin_ids, "subadmin_ids")?,
        uuid: request.uuid,
        icon: request.icon,
        switches,
    };
    let group = group_plan::create(call, plan).map_err(legacy)?;
    Ok(Success::Flagged(json!({
        "open_conversation_id": group.open_conversation_id, "chat_id": group.chat_id,
    })))
}

fn update(call: &Call<'_>) -> Answer {
    let mut fields: Map<String, Value> = call.body()?;
    let switches = Taker::Update.take(&mut fields).map_err(|problem| call.bad(problem))?;
    let request: Update = call.rest(fields)?;
    let amendment =
        Amendment { title: request.title, owner: request.owner_user_id, icon: request.icon, switches };
    group_plan::update(call, request.open_conversation_id.as_deref(), amendment).map_err(legacy)?;
    Ok(Success::Body(json!({"errcode": 0, "errmsg": "ok", "success": true})))
}

fn add(call: &Call<'_>) -> Answer {
    let request: Members = call.body()?;
    let people = list(call, request.user_ids, "user_ids")?;
    group_plan::add(call, request.open_conversation_id.as_deref(), &people).map_err(legacy)?;
    Ok(done(call))
}

fn remove(call: &Call<'_>) -> Answer {
    let request: Members = call.body()?;
    let people = list(call, request.user_ids, "user_ids")?;
    group_plan::remove(call, request.open_conversation_id.as_deref(), &people).map_err(legacy)?;
    Ok(done(call))
}

fn done(call: &Call<'_>) -> Success {
    let id = oapi_request_id(call.clock);
    Success::Body(json!({"errcode": 0, "errmsg": "ok", "success": true, "request_id": id}))
}

fn list(call: &Call<'_>, text: Option<String>, name: &str) -> Result<Vec<String>, Refusal> {
    match text {
        None => Ok(Vec::new()),
        Some(text) => {
            joined(&text).ok_or_else(|| call.bad(format!("`{name}` must be ids joined with commas")))
        }
    }
}
