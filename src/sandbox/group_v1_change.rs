//! Making and changing scene groups on api: POST `/v1.0/im/sceneGroup/create`, `…/update`, `…/member/add`,
//! `…/member/delete` and `/v1.0/im/chat/scenegroup/disband`. Lists are arrays, switches stand in `management_options`.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::group_change::SCOPE;
use super::group_plan::{self, Amendment, Plan, Trouble};
use super::group_v1::modern;
use super::refuse::{Refusal, api};
use super::route::{Answer, Auth, Call, Route, Success};
use super::state::switches::{Change, Taker};

const fn route(path: &'static str, code: &'static str, handle: fn(&Call<'_>) -> Answer) -> Route {
    Route::api("POST", path, Auth::App(SCOPE), code, handle)
}

pub(super) const ROUTES: &[Route] = &[
    route("/v1.0/im/sceneGroup/create", "parameter.invalid", create),
    route("/v1.0/im/sceneGroup/update", "parameter.invalid", update),
    route("/v1.0/im/sceneGroup/member/add", "parameter.invalid", add),
    route("/v1.0/im/sceneGroup/member/delete", "parameter.invalid", remove),
    route("/v1.0/im/chat/scenegroup/disband", "paramIllegal", disband),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Create {
    title: Option<String>,
    template_id: Option<String>,
    owner_user_id: Option<String>,
    user_ids: Option<Vec<String>>,
    subadmin_ids: Option<Vec<String>>,
    uuid: Option<String>,
    icon: Option<String>,
    management_options: Option<Map<String, Value>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Update {
    open_conversation_id: Option<String>,
    title: Option<String>,
    icon: Option<String>,
    owner_user_id: Option<String>,
    owner_union_id: Option<String>,
    management_options: Option<Map<String, Value>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Members {
    open_conversation_id: Option<String>,
    user_ids: Option<Vec<String>>,
    union_ids: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Disband {
    #[serde(rename = "openConversationId")]
    open_conversation_id: Option<String>,
}

fn create(call: &Call<'_>) -> Answer {
    let request: Create = call.body()?;
    let plan = Plan {
        title: request.title,
        template_id: request.template_id,
        owner: request.owner_user_id,
        people: request.user_ids.unwrap_or_default(),
        admins: request.subadmin_ids.unwrap_or_default(),
        uuid: request.uuid,
        icon: request.icon,
        switches: switches(call, request.management_options, Taker::CreateV1)?,
    };
    let group = group_plan::create(call, plan).map_err(modern)?;
    Ok(Success::Body(json!({
        "open_conversation_id": group.open_conversation_id, "chat_id": group.chat_id,
    })))
}

fn update(call: &Call<'_>) -> Answer {
    let request: Update = call.body()?;
    let owner = match (request.owner_user_id, request.owner_union_id) {
        (Some(_), Some(_)) => return Err(call.bad("`owner_user_id` and `owner_union_id` are given")),
        (owner, None) => owner,
        (None, Some(union)) => Some(by_union(call, &union)?),
    };
    let switches = switches(call, request.management_options, Taker::UpdateV1)?;
    let amendment = Amendment { title: request.title, owner, icon: request.icon, switches };
    group_plan::update(call, request.open_conversation_id.as_deref(), amendment).map_err(|trouble| {
        match trouble {
            Trouble::Person(_) => api("permession.checkFailed", "群主不在应用可见性内"),
            other => modern(other),
        }
    })?;
    Ok(done())
}

fn add(call: &Call<'_>) -> Answer {
    let request: Members = call.body()?;
    let people = people(call, request.user_ids, request.union_ids)?;
    group_plan::add(call, request.open_conversation_id.as_deref(), &people).map_err(changing)?;
    Ok(done())
}

fn remove(call: &Call<'_>) -> Answer {
    let request: Members = call.body()?;
    let people = people(call, request.user_ids, request.union_ids)?;
    group_plan::remove(call, request.open_conversation_id.as_deref(), &people).map_err(changing)?;
    Ok(done())
}

fn disband(call: &Call<'_>) -> Answer {
    let request: Disband = call.body()?;
    let refuse = |trouble| match trouble {
        Trouble::Ordinary => api("permession.checkFailed", "权限校验失败"),
        _ => api("paramIllegal", "参数错误"),
    };
    let group = group_plan::find(call, request.open_conversation_id.as_deref()).map_err(refuse)?;
    group_plan::change(call, &group, |group| group.disbanded = true).map_err(refuse)?;
    Ok(done())
}

/// Changing members knows fewer codes than making a group.
fn changing(trouble: Trouble) -> Refusal {
    match trouble {
        Trouble::Person(id) => api("parameter.invalid", format!("群成员不存在: {id}")),
        Trouble::Crowded => api("parameter.invalid", "群成员数量超过限制"),
        other => modern(other),
    }
}

fn switches(
    call: &Call<'_>,
    options: Option<Map<String, Value>>,
    taker: Taker,
) -> Result<Vec<Change>, Refusal> {
    let mut options = options.unwrap_or_default();
    let changes = taker.take(&mut options).map_err(|problem| call.bad(problem))?;
    match options.keys().next() {
        Some(unknown) => Err(call.bad(format!("unknown field `{unknown}` in `management_options`"))),
        None => Ok(changes),
    }
}

/// userIds and the userIds of unionIds.
fn people(
    call: &Call<'_>,
    users: Option<Vec<String>>,
    unions: Option<Vec<String>>,
) -> Result<Vec<String>, Refusal> {
    let mut people = users.unwrap_or_default();
    for union in unions.unwrap_or_default() {
        people.push(by_union(call, &union)?);
    }
    Ok(people)
}

fn by_union(call: &Call<'_>, union: &str) -> Result<String, Refusal> {
    let organisation = call.state.organisation.read();
    let user = organisation.user_by_union(union);
    user.map(|user| user.userid.clone()).ok_or_else(|| call.bad(format!("nobody has the unionId {union}")))
}

fn done() -> Success {
    Success::Body(json!({"success": true}))
}
