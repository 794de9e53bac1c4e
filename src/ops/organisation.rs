//! What the answers of rows that are one call tell the cache.

use serde_json::{Map, Value};

use super::Context;
use crate::cache::DepartmentSeen;
use crate::spec::Method;

/// The root department, which DingTalk does not list.
pub(super) const ROOT: i64 = 1;

/// Stores an answer of a method that is one call, when the cache has a place for it.
pub(super) fn remember(cx: &Context, method: &Method, body: &Map<String, Value>, answer: &Value) {
    let department = body.get("dept_id").and_then(Value::as_i64).unwrap_or(ROOT);
    match method.name {
        "get_depts" => remember_children(cx, department, Some(answer)),
        "get_dept_users" => remember_members(cx, department, Some(answer)),
        "remove_user" => {
            let staff_id = body.get("userid").and_then(Value::as_str).unwrap_or_default();
            cx.outdate_user(staff_id);
        }
        _ => {}
    }
}

/// Stores the list of a department's people.
pub(super) fn remember_members(cx: &Context, department: i64, list: Option<&Value>) {
    // An answer without the list is that of a department without people.
    let ids = list.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let ids: Vec<String> = ids.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    cx.session.cache.save_members(department, &ids);
}

/// Stores the list of a department's children.
pub(super) fn remember_children(cx: &Context, parent: i64, list: Option<&Value>) {
    let seen: Vec<DepartmentSeen<'_>> = list
        .and_then(Value::as_array)
        .map_or(&[][..], Vec::as_slice)
        .iter()
        .filter_map(Value::as_object)
        .filter_map(|child| {
            let id = child.get("dept_id").and_then(Value::as_i64)?;
            let name = child.get("name").and_then(Value::as_str).unwrap_or_default();
            Some(DepartmentSeen { id, parent, name, info: child })
        })
        .collect();
    cx.session.cache.save_children(parent, &seen);
}
