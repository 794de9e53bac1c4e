//! What the answers of `get_depts` and `get_dept_users` tell the cache.

use serde_json::{Map, Value};

use super::Context;
use crate::cache::DepartmentSeen;
use crate::spec::Method;

/// The root department, which DingTalk does not list.
pub(super) const ROOT: i64 = 1;

/// Stores an answer of a method that is one call, when the cache has a place for it.
pub(super) fn remember(cx: &Context, method: &Method, body: &Map<String, Value>, answer: &Value) {
    let department = body.get("dept_id").and_then(Value::as_i64).unwrap_or(ROOT);
    match (method.name, answer) {
        ("get_depts", Value::Array(children)) => save_children(cx, department, children),
        ("get_dept_users", Value::Array(ids)) => {
            let ids: Vec<String> = ids.iter().filter_map(Value::as_str).map(str::to_owned).collect();
            cx.session.cache.save_members(department, &ids);
        }
        _ => {}
    }
}

fn save_children(cx: &Context, parent: i64, children: &[Value]) {
    let seen: Vec<DepartmentSeen<'_>> = children
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
