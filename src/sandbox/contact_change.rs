//! Changing the address book: POST oapi `/topapi/v2/user/create`, `/topapi/v2/user/update`, `/topapi/v2/user/delete`.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::contact::{no_user, valid_userid};
use super::contact_edit::{Edit, check_mobile, digits, merged, newcomer};
use super::group_event::Cause;
use super::refuse::{Malformed, Refusal, oapi, oapi_request_id};
use super::route::{Answer, Auth, Call, Route, Success};
use super::strict::Language;

/// The permission point for changing the address book.
const SCOPE: &str = "qyapi_manage_addresslist";

const fn route(path: &'static str, handle: fn(&Call<'_>) -> Answer) -> Route {
    Route::oapi(path, Auth::App(SCOPE), Malformed::Oapi(400_002), handle)
}

pub(super) const ROUTES: &[Route] = &[
    route("/topapi/v2/user/create", create),
    route("/topapi/v2/user/update", update),
    route("/topapi/v2/user/delete", delete),
];

/// What only `create` takes; the rest is an [`Edit`].
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Create {
    userid: Option<String>,
    mobile: Option<String>,
    org_email_type: Option<String>,
    #[serde(rename = "login_email")]
    _login_email: Option<String>,
}

/// What only `update` takes; the rest is an [`Edit`].
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Update {
    userid: Option<String>,
    ext_attrs_update_mode: Option<i64>,
    #[serde(rename = "language")]
    _language: Option<Language>,
    force_update_fields: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Delete {
    userid: Option<String>,
}

fn create(call: &Call<'_>) -> Answer {
    let mut fields: Map<String, Value> = call.body()?;
    let own = take(&mut fields, &["userid", "mobile", "org_email_type", "login_email"]);
    let (request, edit): (Create, Edit) = (call.rest(own)?, call.rest(fields)?);
    call.need_text(edit.name.as_ref(), "name")?;
    call.need_text(edit.dept_id_list.as_ref(), "dept_id_list")?;
    let mobile = call.need_text(request.mobile.as_ref(), "mobile")?.to_string();
    check_mobile(&mobile)?;
    if request.org_email_type.is_some_and(|kind| !["profession", "base"].contains(&kind.as_str())) {
        return Err(call.bad("`org_email_type` must be `profession` or `base`"));
    }
    let userid = request.userid.unwrap_or_else(|| digits(call.clock));
    valid_userid(&userid)?;
    let mut user = newcomer(call.clock, userid, mobile);
    let mut organisation = call.state.organisation.write();
    if organisation.user(&user.userid).is_some() {
        return Err(oapi(60102, "UserID在公司中已存在"));
    }
    if organisation.taken("", |other| other.mobile == user.mobile) {
        return Err(oapi(60104, "手机号码在公司中已存在"));
    }
    edit.apply(call, &organisation, &mut user)?;
    let result = json!({"userid": user.userid, "unionId": user.unionid});
    let joined = user.clone();
    organisation.join(user);
    drop(organisation);
    call.world.emit_person("user_add_org", &joined, None);
    Ok(Success::Wrapped(result))
}

fn update(call: &Call<'_>) -> Answer {
    let mut fields: Map<String, Value> = call.body()?;
    let own = take(&mut fields, &["userid", "ext_attrs_update_mode", "language", "force_update_fields"]);
    let (request, mut edit): (Update, Edit) = (call.rest(own)?, call.rest(fields)?);
    let userid = call.need_text(request.userid.as_ref(), "userid")?;
    valid_userid(userid)?;
    if edit.name.as_ref().is_some_and(String::is_empty) {
        return Err(call.bad("`name` is empty"));
    }
    let merge = match request.ext_attrs_update_mode {
        None | Some(0) => false,
        Some(1) => true,
        Some(_) => return Err(call.bad("`ext_attrs_update_mode` must be 0 or 1")),
    };
    let forced = forced(call, request.force_update_fields.as_deref())?;
    let mut organisation = call.state.organisation.write();
    let mut user = organisation.user(userid).ok_or_else(no_user)?.clone();
    if merge && let Some(more) = &edit.extension {
        edit.extension = Some(merged(call, &user.extension, more)?);
    }
    if forced && edit.manager_userid.as_ref().is_none_or(String::is_empty) {
        user.manager_userid.clear();
    }
    edit.apply(call, &organisation, &mut user)?;
    let mut before = None;
    if let Some(place) = organisation.user_mut(userid) {
        before = Some(std::mem::replace(place, user.clone()));
    }
    drop(organisation);
    if before.as_ref() != Some(&user) {
        call.world.emit_person("user_modify_org", &user, before.as_ref());
    }
    Ok(Success::Body(json!({"errcode": 0, "request_id": oapi_request_id(call.clock)})))
}

fn delete(call: &Call<'_>) -> Answer {
    let request: Delete = call.body()?;
    let userid = call.need_text(request.userid.as_ref(), "userid")?;
    valid_userid(userid)?;
    let user = call.state.organisation.read().user(userid).cloned().ok_or_else(no_user)?;
    call.state.organisation.write().leave(userid);
    call.world.emit_person("user_leave_org", &user, None);
    let groups = call.state.groups.read().of(userid);
    for cid in groups {
        call.world
            .change_group(&cid, Cause::Left(&user), |group| group.remove(std::slice::from_ref(&user.userid)));
    }
    let id = oapi_request_id(call.clock);
    Ok(Success::Body(json!({"errcode": 0, "errmsg": "ok", "request_id": id})))
}

/// Takes these fields out of a body.
fn take(fields: &mut Map<String, Value>, names: &[&str]) -> Map<String, Value> {
    names.iter().filter_map(|name| fields.shift_remove_entry(*name)).collect()
}

/// Whether `force_update_fields` names the manager, the only field it may name.
fn forced(call: &Call<'_>, fields: Option<&str>) -> Result<bool, Refusal> {
    match fields {
        None => Ok(false),
        Some("manager_userid") => Ok(true),
        Some(other) => Err(call.bad(format!("`force_update_fields` cannot be {other}"))),
    }
}
