//! The address book on oapi: `/topapi/v2/department/…`, `/topapi/v2/user/…`, `/topapi/user/…`.

use serde::Deserialize;
use serde_json::{Value, json};

use super::profile::{self, Visible};
use super::refuse::{Malformed, Refusal, oapi};
use super::route::{Answer, Auth, Call, Route, Success};
use super::strict::{Language, Numeric};

/// The permission point for departments.
const DEPARTMENTS: &str = "qyapi_get_department_list";
/// The permission point for people.
const PEOPLE: &str = "qyapi_get_member";
/// The root department.
const ROOT: Numeric = Numeric(1);
/// Most people of one page.
const LARGEST_PAGE: i64 = 100;

const fn route(path: &'static str, scope: &'static str, handle: fn(&Call<'_>) -> Answer) -> Route {
    Route::oapi(path, Auth::App(scope), Malformed::Oapi(400_002), handle)
}

pub(super) const ROUTES: &[Route] = &[
    route("/topapi/v2/department/listsub", DEPARTMENTS, list_sub),
    route("/topapi/v2/department/get", DEPARTMENTS, get_department),
    route("/topapi/user/listid", PEOPLE, list_ids),
    route("/topapi/v2/user/list", PEOPLE, list_people),
    route("/topapi/v2/user/get", PEOPLE, get_person),
    route("/topapi/user/getbyunionid", PEOPLE, get_by_union),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OfDepartment {
    dept_id: Option<Numeric>,
    #[serde(rename = "language")]
    _language: Option<Language>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ListIds {
    dept_id: Option<Numeric>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ListPeople {
    dept_id: Option<Numeric>,
    cursor: Option<Numeric>,
    size: Option<Numeric>,
    order_field: Option<String>,
    #[serde(rename = "contain_access_limit")]
    _contain_access_limit: Option<bool>,
    #[serde(rename = "language")]
    _language: Option<Language>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GetPerson {
    userid: Option<String>,
    #[serde(rename = "language")]
    _language: Option<Language>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GetByUnion {
    unionid: Option<String>,
}

fn list_sub(call: &Call<'_>) -> Answer {
    let request: OfDepartment = call.body()?;
    let Numeric(dept_id) = request.dept_id.unwrap_or(ROOT);
    let organisation = call.state.organisation.read();
    organisation.department(dept_id).ok_or_else(no_department)?;
    let children: Vec<Value> = organisation
        .children(dept_id)
        .map(|child| {
            json!({
                "dept_id": child.dept_id,
                "name": child.name,
                "parent_id": child.parent_id,
                "create_dept_group": true,
                "auto_add_user": true,
            })
        })
        .collect();
    Ok(Success::Wrapped(Value::Array(children)))
}

fn get_department(call: &Call<'_>) -> Answer {
    let request: OfDepartment = call.body()?;
    let Numeric(dept_id) = call.need(request.dept_id, "dept_id")?;
    let organisation = call.state.organisation.read();
    let department = organisation.department(dept_id).ok_or_else(no_department)?;
    let leaders: Vec<&str> = organisation
        .people_in(dept_id)
        .filter(|user| user.leads.contains(&dept_id))
        .map(|user| user.userid.as_str())
        .collect();
    let mut result = json!({
        "dept_id": dept_id,
        "name": department.name,
        "order": 1,
        "create_dept_group": true,
        "auto_add_user": true,
        "group_contain_sub_dept": true,
        "hide_dept": false,
        "outer_dept": false,
        "dept_manager_userid_list": leaders,
        "dept_permits": [],
        "user_permits": [],
        "outer_permit_depts": [],
        "outer_permit_users": [],
    });
    if let (Some(parent), Some(fields)) = (department.parent_id, result.as_object_mut()) {
        fields.insert("parent_id".into(), json!(parent));
    }
    Ok(Success::Wrapped(result))
}

fn list_ids(call: &Call<'_>) -> Answer {
    let request: ListIds = call.body()?;
    let Numeric(dept_id) = call.need(request.dept_id, "dept_id")?;
    let organisation = call.state.organisation.read();
    organisation.department(dept_id).ok_or_else(no_department)?;
    let ids: Vec<&str> = organisation.people_in(dept_id).map(|user| user.userid.as_str()).collect();
    Ok(Success::Wrapped(json!({"userid_list": ids})))
}

fn list_people(call: &Call<'_>) -> Answer {
    let request: ListPeople = call.body()?;
    let Numeric(dept_id) = call.need(request.dept_id, "dept_id")?;
    let Numeric(cursor) = call.need(request.cursor, "cursor")?;
    let Numeric(size) = call.need(request.size, "size")?;
    if !(1..=LARGEST_PAGE).contains(&size) {
        return Err(call.bad(format!("`size` must be 1 to {LARGEST_PAGE}")));
    }
    let orders = ["entry_asc", "entry_desc", "modify_asc", "modify_desc", "custom"];
    if let Some(order) = request.order_field.filter(|order| !orders.contains(&order.as_str())) {
        return Err(call.bad(format!("`order_field` cannot be {order}")));
    }
    let visible = Visible::by(&call.state.app.read().permissions);
    let organisation = call.state.organisation.read();
    organisation.department(dept_id).ok_or_else(no_department)?;
    let start = usize::try_from(cursor).map_err(|_| call.bad("`cursor` is negative"))?;
    let size = usize::try_from(size).unwrap_or_default();
    let all: Vec<_> = organisation.people_in(dept_id).collect();
    let page: Vec<Value> = all
        .iter()
        .skip(start)
        .take(size)
        .map(|user| profile::in_department(user, dept_id, visible))
        .collect();
    let end = start.saturating_add(size);
    let mut result = json!({"has_more": end < all.len(), "list": page});
    if let (true, Some(fields)) = (end < all.len(), result.as_object_mut()) {
        fields.insert("next_cursor".into(), json!(end));
    }
    Ok(Success::Wrapped(result))
}

fn get_person(call: &Call<'_>) -> Answer {
    let request: GetPerson = call.body()?;
    let userid = call.need_text(request.userid.as_ref(), "userid")?;
    valid_userid(userid)?;
    let visible = Visible::by(&call.state.app.read().permissions);
    let organisation = call.state.organisation.read();
    let user = organisation.user(userid).ok_or_else(no_user)?;
    Ok(Success::Wrapped(profile::whole(user, visible)))
}

fn get_by_union(call: &Call<'_>) -> Answer {
    let request: GetByUnion = call.body()?;
    let unionid = call.need_text(request.unionid.as_ref(), "unionid")?;
    let organisation = call.state.organisation.read();
    let user = organisation.user_by_union(unionid).ok_or_else(no_user)?;
    Ok(Success::Wrapped(json!({"contact_type": 0, "userid": user.userid})))
}

fn no_department() -> Refusal {
    oapi(60003, "部门不存在")
}

/// A userid has 1 to 64 characters and no blanks.
pub(super) fn valid_userid(userid: &str) -> Result<(), Refusal> {
    if userid.is_empty() || userid.chars().count() > 64 || userid.chars().any(char::is_whitespace) {
        return Err(oapi(33012, "无效的USERID"));
    }
    Ok(())
}

pub(super) fn no_user() -> Refusal {
    oapi(60121, "找不到该用户")
}
