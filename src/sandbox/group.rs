//! Reading scene groups: POST oapi `/topapi/im/chat/scenegroup/get` and `/topapi/im/chat/scenegroup/member/get`.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::group_change::legacy;
use super::group_plan;
use super::refuse::Malformed;
use super::route::{Answer, Auth, Call, Route, Success};
use super::state::group::Group;
use super::strict::Numeric;

/// The permission point for reading groups.
pub(super) const SCOPE: &str = "qyapi_chat_read";
/// Most members of one page.
const LARGEST_PAGE: i64 = 1000;
/// The switches that `get` shows.
const SHOWN: [&str; 6] = [
    "chat_banned_type",
    "searchable",
    "validation_type",
    "mention_all_authority",
    "management_type",
    "show_history_type",
];

pub(super) const ROUTES: &[Route] = &[
    Route::oapi("/topapi/im/chat/scenegroup/get", Auth::App(SCOPE), Malformed::Oapi(40035), get),
    Route::oapi("/topapi/im/chat/scenegroup/member/get", Auth::App(SCOPE), Malformed::Oapi(40035), members),
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
    let group = group_plan::find(call, request.open_conversation_id.as_deref()).map_err(legacy)?;
    // The switches are texts here, `"0"` and `"1"`.
    let options: Map<String, Value> = group
        .options
        .all()
        .filter(|(name, _)| SHOWN.contains(name))
        .map(|(name, on)| (name.to_string(), Value::from(if on { "1" } else { "0" })))
        .collect();
    Ok(Success::Flagged(json!({
        "icon": group.icon,
        "title": group.title,
        "template_id": group.template_id,
        "open_conversation_id": group.open_conversation_id,
        "owner_staff_id": group.owner,
        "sub_admin_staff_ids": group.admins,
        "group_url": group.url(),
        "management_options": options,
    })))
}

fn members(call: &Call<'_>) -> Answer {
    let request: Members = call.body()?;
    let size = call.need(request.size, "size")?;
    let Numeric(cursor) = call.need(request.cursor, "cursor")?;
    if !(1..=LARGEST_PAGE).contains(&size) {
        return Err(call.bad(format!("`size` must be 1 to {LARGEST_PAGE}")));
    }
    let group = group_plan::find(call, request.open_conversation_id.as_deref()).map_err(legacy)?;
    let start = usize::try_from(cursor).ok().filter(|start| *start <= group.members.len());
    let start = start.ok_or_else(|| call.bad("`cursor` is not one of this group"))?;
    let end = group.members.len().min(start.saturating_add(usize::try_from(size).unwrap_or(usize::MAX)));
    let page = &group.members[start..end];
    let names = Names::of(call, page);
    Ok(Success::Flagged(json!({
        "has_more": end < group.members.len(),
        "next_cursor": end.to_string(),
        "member_user_ids": page,
        "member_contact_staff_ids": [],
        "union_ids": names.unions,
        "staff_id_nick_map": names.by_staff,
        "union_id_nick_map": names.by_union,
    })))
}

/// The members' other names.
pub(super) struct Names {
    pub(super) unions: Vec<String>,
    pub(super) by_staff: Map<String, Value>,
    pub(super) by_union: Map<String, Value>,
}

impl Names {
    pub(super) fn of(call: &Call<'_>, people: &[String]) -> Self {
        let mut names = Self { unions: Vec::new(), by_staff: Map::new(), by_union: Map::new() };
        let organisation = call.state.organisation.read();
        for user in people.iter().filter_map(|id| organisation.user(id)) {
            names.unions.push(user.unionid.clone());
            names.by_staff.insert(user.userid.clone(), Value::from(user.name.as_str()));
            names.by_union.insert(user.unionid.clone(), Value::from(user.name.as_str()));
        }
        names
    }
}

/// The state of a group as other programs see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupState {
    /// The group's `cid…`.
    pub open_conversation_id: String,
    /// What it is called.
    pub title: String,
    /// userId of the owner; empty when everybody was removed.
    pub owner: String,
    /// userIds of the admins without the owner.
    pub admins: Vec<String>,
    /// userIds of all members, in the order in which they came.
    pub members: Vec<String>,
    /// Who is muted, and until when, in milliseconds of Unix time.
    pub muted: Vec<(String, i64)>,
    /// Every management switch.
    pub switches: Vec<(&'static str, bool)>,
    /// Whether the group is gone.
    pub disbanded: bool,
}

impl From<&Group> for GroupState {
    fn from(group: &Group) -> Self {
        Self {
            open_conversation_id: group.open_conversation_id.clone(),
            title: group.title.clone(),
            owner: group.owner.clone(),
            admins: group.admins.clone(),
            members: group.members.clone(),
            muted: group.muted.iter().map(|(member, until)| (member.clone(), *until)).collect(),
            switches: group.options.all().collect(),
            disbanded: group.disbanded,
        }
    }
}
