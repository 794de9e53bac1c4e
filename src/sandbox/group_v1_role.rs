//! Roles in scene groups on api: PUT `/v1.0/im/sceneGroups/subAdmins` and POST `/v1.0/im/sceneGroups/muteMembers/set`.

use serde::Deserialize;
use serde_json::json;

use super::group_change::SCOPE;
use super::group_plan;
use super::refuse::{Refusal, api};
use super::route::{Answer, Auth, Call, Route, Success};
use super::state::group::Group;

/// Most people of one change of admins.
const MOST_ADMINS: usize = 12;
/// Most people of one change of mutes.
const MOST_MUTED: usize = 999;
/// The role of an admin.
const ADMIN: i64 = 2;
/// The role of an ordinary member.
const MEMBER: i64 = 3;

pub(super) const ROUTES: &[Route] = &[
    Route::api("PUT", "/v1.0/im/sceneGroups/subAdmins", Auth::App(SCOPE), "invalidParams", sub_admins),
    Route::api(
        "POST",
        "/v1.0/im/sceneGroups/muteMembers/set",
        Auth::App(SCOPE),
        "invalidGroupParams",
        mute_members,
    ),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SubAdmins {
    #[serde(rename = "openConversationId")]
    open_conversation_id: Option<String>,
    #[serde(rename = "userIds")]
    user_ids: Option<Vec<String>>,
    #[serde(rename = "unionIds")]
    union_ids: Option<Vec<String>>,
    role: Option<i64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MuteMembers {
    #[serde(rename = "openConversationId")]
    open_conversation_id: Option<String>,
    #[serde(rename = "userIdList")]
    user_id_list: Option<Vec<String>>,
    #[serde(rename = "muteStatus")]
    mute_status: Option<i64>,
    #[serde(rename = "muteDuration")]
    mute_duration: Option<i64>,
}

fn sub_admins(call: &Call<'_>) -> Answer {
    let request: SubAdmins = call.body()?;
    let cid = call.need_text(request.open_conversation_id.as_ref(), "openConversationId")?;
    let role = call.need(request.role, "role")?;
    if ![ADMIN, MEMBER].contains(&role) {
        return Err(api("commonParamIllegal", format!("role {role} is neither {ADMIN} nor {MEMBER}")));
    }
    let mut people = request.user_ids.unwrap_or_default();
    people.extend(by_unions(call, request.union_ids.unwrap_or_default())?);
    if people.is_empty() {
        return Err(api("invalidUserIds", "userIds is empty"));
    }
    if people.len() > MOST_ADMINS {
        let message = format!("{} userIds, at most {MOST_ADMINS}", people.len());
        return Err(api("subAdminNumberExcessive", message));
    }
    let group = group_of_roles(call, cid)?;
    check_candidates(call, &group, &people)?;
    let done = group_plan::change(call, &group, |group| {
        group.admins.retain(|admin| !people.contains(admin));
        if role == ADMIN {
            group.muted.retain(|member, _| !people.contains(member));
            for person in people {
                // The owner stands above the admins already.
                if person != group.owner && !group.admins.contains(&person) {
                    group.admins.push(person);
                }
            }
        }
    });
    done.map_err(|_| api("invalidOpenConversationId", "群不存在"))?;
    Ok(Success::Body(json!({"success": true})))
}

fn by_unions(call: &Call<'_>, unions: Vec<String>) -> Result<Vec<String>, Refusal> {
    let organisation = call.state.organisation.read();
    let find = |union: String| {
        let user = organisation.user_by_union(&union);
        user.map(|user| user.userid.clone()).ok_or_else(|| api("userNotExists", format!("no user {union}")))
    };
    unions.into_iter().map(find).collect()
}

fn group_of_roles(call: &Call<'_>, cid: &str) -> Result<Group, Refusal> {
    if !cid.starts_with("cid") {
        return Err(api("openConversationIdDecriptFailed", "openConversationId解密失败"));
    }
    let group = call.state.groups.read().get(cid).cloned();
    let group = group.ok_or_else(|| api("invalidOpenConversationId", "群不存在"))?;
    if group.disbanded {
        return Err(api("groupDisbang", "群已解散"));
    }
    if group.template_id.is_none() {
        return Err(api("groupPermissionDenied", "没有该群的权限"));
    }
    Ok(group)
}

/// Who becomes or stops being an admin has to be in the organisation and in the group.
fn check_candidates(call: &Call<'_>, group: &Group, people: &[String]) -> Result<(), Refusal> {
    let organisation = call.state.organisation.read();
    for person in people {
        if organisation.user(person).is_none() {
            return Err(api("userNotExists", format!("no user {person}")));
        }
        if !group.members.contains(person) {
            return Err(api("userNotInGroup", format!("user {person} is not in the group")));
        }
    }
    Ok(())
}

/// Answers with an empty body.
fn mute_members(call: &Call<'_>) -> Answer {
    let request: MuteMembers = call.body()?;
    let cid = call.need_text(request.open_conversation_id.as_ref(), "openConversationId")?;
    let people = request.user_id_list.unwrap_or_default();
    if people.is_empty() || people.len() > MOST_MUTED {
        let message = format!("{} users, 1 to {MOST_MUTED}", people.len());
        return Err(api("invalidParameter.userIdList", message));
    }
    let until = match (request.mute_status, call.need(request.mute_duration, "muteDuration")?) {
        (Some(0), 0..) => None,
        (Some(1), duration @ 1..) => Some(call.clock.millis().saturating_add(duration)),
        (Some(0 | 1), _) => return Err(call.bad("`muteDuration` must be positive")),
        (status, _) => {
            return Err(api("invalidParameter.muteStatusError", format!("muteStatus {status:?}")));
        }
    };
    let group = group_of_mutes(call, cid)?;
    if let Some(stranger) = people.iter().find(|person| !group.members.contains(person)) {
        return Err(api("cannot.find.user", format!("user {stranger} is not in the group")));
    }
    if people.iter().any(|person| *person == group.owner || group.admins.contains(person)) {
        return Err(api("cannot.ban.owner", "群主和管理员不能被禁言"));
    }
    let done = group_plan::change(call, &group, |group| match until {
        Some(until) => group.muted.extend(people.into_iter().map(|person| (person, until))),
        None => group.muted.retain(|member, _| !people.contains(member)),
    });
    done.map_err(|_| api("invalidParameter.openConversationIdError", "群不存在"))?;
    Ok(Success::Empty)
}

fn group_of_mutes(call: &Call<'_>, cid: &str) -> Result<Group, Refusal> {
    if !cid.starts_with("cid") {
        return Err(api("invalidParameter.openConversationIdDecError", "openConversationId解密失败"));
    }
    let group = call.state.groups.read().get(cid).filter(|group| !group.disbanded).cloned();
    let group = group.ok_or_else(|| api("invalidParameter.openConversationIdError", "群不存在"))?;
    if group.template_id.is_none() {
        return Err(api("group.org.checkFailed", "群与应用的组织不一致"));
    }
    Ok(group)
}
