//! Scene groups on api, reading: POST `/v1.0/im/sceneGroups/query` and `/v1.0/im/sceneGroups/members/batchQuery`.

use serde::Deserialize;
use serde_json::json;

use super::group::{Names, SCOPE};
use super::group_plan::{self, Trouble};
use super::refuse::{Refusal, api};
use super::route::{Answer, Auth, Call, Route, Success};

const fn route(path: &'static str, handle: fn(&Call<'_>) -> Answer) -> Route {
    Route::api("POST", path, Auth::App(SCOPE), "parameter.invalid", handle)
}

pub(super) const ROUTES: &[Route] =
    &[route("/v1.0/im/sceneGroups/query", query), route("/v1.0/im/sceneGroups/members/batchQuery", members)];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Query {
    #[serde(rename = "openConversationId")]
    open_conversation_id: Option<String>,
    #[serde(rename = "coolAppCode")]
    cool_app_code: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Members {
    #[serde(rename = "openConversationId")]
    open_conversation_id: Option<String>,
    #[serde(rename = "maxResults")]
    max_results: Option<i64>,
    #[serde(rename = "nextToken")]
    next_token: Option<String>,
    #[serde(rename = "coolAppCode")]
    cool_app_code: Option<String>,
}

/// How this family says what is the matter.
pub(super) fn modern(trouble: Trouble) -> Refusal {
    match trouble {
        Trouble::Parameter(message) => api("parameter.invalid", message),
        Trouble::Template => api("groupTemplate.notFound", "群模板不存在"),
        Trouble::Person(id) => api("member.notFound", format!("群成员不存在: {id}")),
        Trouble::Crowded => api("member.exceed", "群成员数量超过限制"),
        Trouble::Unknown => api("parameter.invalid", "群不存在"),
        Trouble::Ordinary => api("permession.checkFailed", "权限校验失败"),
    }
}

fn query(call: &Call<'_>) -> Answer {
    let request: Query = call.body()?;
    no_cool_app(call, request.cool_app_code.as_deref())?;
    let group = group_plan::find(call, request.open_conversation_id.as_deref()).map_err(modern)?;
    Ok(Success::Body(json!({
        "success": true,
        "openConversationId": group.open_conversation_id,
        "templateId": group.template_id,
        "title": group.title,
        "ownerUserId": group.owner,
        "icon": group.icon,
        "groupUrl": group.url(),
        "status": 1,
    })))
}

/// A group of up to 1000 members, which is every group, comes in one page whatever `maxResults` says.
fn members(call: &Call<'_>) -> Answer {
    let request: Members = call.body()?;
    no_cool_app(call, request.cool_app_code.as_deref())?;
    if call.need(request.max_results, "maxResults")? < 1 {
        return Err(call.bad("`maxResults` must be positive"));
    }
    if request.next_token.is_some_and(|token| !token.is_empty()) {
        return Err(call.bad("`nextToken` is not one of this group"));
    }
    let group = group_plan::find(call, request.open_conversation_id.as_deref()).map_err(modern)?;
    let names = Names::of(call, &group.members);
    Ok(Success::Body(json!({
        "success": true,
        "memberUserIds": group.members,
        "hasMore": false,
        "nextToken": "",
        "unionIdList": names.unions,
        "staffIdNickMap": names.by_staff,
        "unionIdNickMap": names.by_union,
    })))
}

fn no_cool_app(call: &Call<'_>, code: Option<&str>) -> Result<(), Refusal> {
    code.map_or(Ok(()), |code| Err(call.bad(format!("the group has no cool app {code}"))))
}
