//! What the contact calls show of a person.

use serde_json::{Map, Value, json};

use super::state::org::User;

/// Which guarded fields the app may see.
#[derive(Debug, Clone, Copy)]
pub(super) struct Visible {
    pub(super) mobile: bool,
    pub(super) email: bool,
}

impl Visible {
    /// From the permission points of the app.
    pub(super) fn by(permissions: &[String]) -> Self {
        let granted = |point: &str| permissions.iter().any(|granted| granted == point);
        Self { mobile: granted("fieldMobile"), email: granted("fieldEmail") }
    }
}

/// `result` of `/topapi/v2/user/get`.
pub(super) fn whole(user: &User, visible: Visible) -> Value {
    let mut fields = shared(user, visible);
    let per_dept = |name: &str, value: &dyn Fn(i64) -> Value| -> Value {
        user.dept_ids.iter().map(|dept| json!({"dept_id": dept, name: value(*dept)})).collect()
    };
    if visible.mobile {
        fields.insert("state_code".into(), json!("86"));
    }
    fields.insert("dept_order_list".into(), per_dept("order", &|dept| json!(order(user, dept))));
    fields.insert("leader_in_dept".into(), per_dept("leader", &|dept| json!(user.leads.contains(&dept))));
    let roles = if user.admin {
        json!([{"id": 1, "name": "主管理员", "group_name": "默认"}])
    } else {
        json!([])
    };
    fields.insert("role_list".into(), roles);
    fields.insert("real_authed".into(), json!(true));
    fields.insert("senior".into(), json!(user.senior));
    fields.insert("manager_userid".into(), json!(user.manager_userid));
    fields.insert("union_emp_ext".into(), json!({}));
    Value::Object(fields)
}

/// An item of `list` in `/topapi/v2/user/list`, in the order and rank of one department.
pub(super) fn in_department(user: &User, dept_id: i64, visible: Visible) -> Value {
    let mut fields = shared(user, visible);
    fields.insert("dept_order".into(), json!(order(user, dept_id)));
    fields.insert("leader".into(), json!(user.leads.contains(&dept_id)));
    Value::Object(fields)
}

/// The place within a department.
fn order(user: &User, dept_id: i64) -> i64 {
    user.orders.iter().find(|(dept, _)| *dept == dept_id).map_or(1, |(_, order)| *order)
}

fn shared(user: &User, visible: Visible) -> Map<String, Value> {
    let mut fields = Map::new();
    let mut put = |name: &str, value: Value| {
        fields.insert(name.into(), value);
    };
    put("userid", json!(user.userid));
    put("unionid", json!(user.unionid));
    put("name", json!(user.name));
    put("avatar", json!(""));
    if visible.mobile {
        put("mobile", json!(user.mobile));
    }
    put("hide_mobile", json!(user.hide_mobile));
    put("telephone", json!(user.telephone));
    put("job_number", json!(user.job_number));
    put("title", json!(user.title));
    if visible.email {
        put("email", json!(user.email));
        put("org_email", json!(user.org_email));
    }
    put("work_place", json!(user.work_place));
    put("remark", json!(user.remark));
    put("dept_id_list", json!(user.dept_ids));
    put("extension", json!(user.extension));
    if let Some(date) = user.hired_date {
        put("hired_date", json!(date));
    }
    put("active", json!(true));
    put("admin", json!(user.admin));
    put("boss", json!(user.boss));
    put("exclusive_account", json!(false));
    fields
}
