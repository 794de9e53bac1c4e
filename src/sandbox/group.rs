//! Scene groups: POST oapi `/topapi/im/chat/scenegroup/get` and `/topapi/im/chat/scenegroup/member/get`.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::refuse::{Host, Malformed, Refusal, oapi};
use super::route::{Answer, Auth, Call, Route, Success};
use super::state::group::{Group, Options};
use super::strict::Numeric;

/// The permission point for reading groups.
const SCOPE: &str = "qyapi_chat_read";
/// Most members of one page.
const LARGEST_PAGE: i64 = 1000;

pub(super) const ROUTES: &[Route] = &[
    Route {
        host: Host::Oapi,
        verb: "POST",
        path: "/topapi/im/chat/scenegroup/get",
        auth: Auth::App(SCOPE),
        malformed: Malformed::Oapi(40035),
        handle: get,
    },
    Route {
        host: Host::Oapi,
        verb: "POST",
        path: "/topapi/im/chat/scenegroup/member/get",
        auth: Auth::App(SCOPE),
        malformed: Malformed::Oapi(40035),
        handle: members,
    },
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Get {
    open_conversation_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Members {
    open_conversation_id: Option<String>,
    size: Option<i64>,
    cursor: Option<Numeric>,
}

fn get(call: &Call<'_>) -> Answer {
    let request: Get = call.body()?;
    let group = scene_group(call, request.open_conversation_id.as_ref())?;
    Ok(Success::Flagged(json!({
        "icon": group.icon,
        "title": group.title,
        "template_id": group.template_id,
        "open_conversation_id": group.open_conversation_id,
        "owner_staff_id": group.owner,
        "sub_admin_staff_ids": group.admins,
        "group_url": format!("https://h5.dingtalk.com/circle/joinCircle.html?chat={}", group.chat_id),
        "management_options": options(&group.options),
    })))
}

fn members(call: &Call<'_>) -> Answer {
    let request: Members = call.body()?;
    let size = call.need(request.size, "size")?;
    let Numeric(cursor) = call.need(request.cursor, "cursor")?;
    if !(1..=LARGEST_PAGE).contains(&size) {
        return Err(call.bad(format!("`size` must be 1 to {LARGEST_PAGE}")));
    }
    let group = scene_group(call, request.open_conversation_id.as_ref())?;
    let start = usize::try_from(cursor).ok().filter(|start| *start <= group.members.len());
    let start = start.ok_or_else(|| call.bad("`cursor` is not one of this group"))?;
    let end = group.members.len().min(start.saturating_add(usize::try_from(size).unwrap_or(usize::MAX)));
    let page = &group.members[start..end];

    let (mut unions, mut staff_nicks, mut union_nicks) = (Vec::new(), Map::new(), Map::new());
    let organisation = call.state.organisation.read();
    for user in page.iter().filter_map(|id| organisation.user(id)) {
        unions.push(user.unionid.clone());
        staff_nicks.insert(user.userid.clone(), Value::from(user.name.as_str()));
        union_nicks.insert(user.unionid.clone(), Value::from(user.name.as_str()));
    }
    Ok(Success::Flagged(json!({
        "has_more": end < group.members.len(),
        "next_cursor": end.to_string(),
        "member_user_ids": page,
        "member_contact_staff_ids": [],
        "union_ids": unions,
        "staff_id_nick_map": staff_nicks,
        "union_id_nick_map": union_nicks,
    })))
}

/// The group, if it is there and was made from a template.
fn scene_group(call: &Call<'_>, cid: Option<&String>) -> Result<Group, Refusal> {
    let cid = call.need_text(cid, "open_conversation_id")?;
    let group = call.state.groups.read().get(cid).filter(|group| !group.disbanded).cloned();
    let group = group.ok_or_else(|| oapi(400_001, "系统错误，请检查群id"))?;
    if group.template_id.is_none() {
        return Err(oapi(400_020, "无权限访问"));
    }
    Ok(group)
}

/// The switches as this call spells them: texts `"0"` and `"1"`.
fn options(options: &Options) -> Value {
    let text = |on: bool| if on { "1" } else { "0" };
    json!({
        "chat_banned_type": text(options.chat_banned_type),
        "searchable": text(options.searchable),
        "validation_type": text(options.validation_type),
        "mention_all_authority": text(options.mention_all_authority),
        "management_type": text(options.management_type),
        "show_history_type": text(options.show_history_type),
    })
}
