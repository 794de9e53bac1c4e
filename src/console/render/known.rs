//! What is known of the fields of people, groups and departments: which are the same everywhere, what they are called, and
//! which matter most.

use crate::lang::Text;
use crate::script::view::View;

/// What a map is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum About {
    Person,
    Group,
    Department,
}

/// A field: its names and what it is called.
pub(super) struct Field {
    names: &'static [&'static str],
    pub(super) label: Text,
}

const fn field(names: &'static [&'static str], en: &'static str, zh: &'static str) -> Field {
    Field { names, label: Text::fixed(en, zh) }
}

/// In the order in which people look for them.
static PERSON: &[Field] = &[
    field(&["name"], "name", "姓名"),
    field(&["nick"], "nickname", "昵称"),
    field(&["userid", "staffId", "staff_id", "userId"], "staffId", "员工 ID"),
    field(&["title"], "title", "职位"),
    field(&["dept_id_list", "dept_ids"], "departments", "部门"),
    field(&["mobile"], "mobile", "手机"),
    field(&["telephone"], "telephone", "分机"),
    field(&["email"], "email", "邮箱"),
    field(&["org_email"], "work email", "企业邮箱"),
    field(&["job_number"], "job number", "工号"),
    field(&["work_place"], "workplace", "办公地点"),
    field(&["manager_userid"], "manager", "直属主管"),
    field(&["hired_date"], "hired", "入职时间"),
    field(&["role_list"], "roles", "角色"),
    field(&["unionid", "unionId", "union_id"], "unionId", "unionId"),
    field(&["openId"], "openId", "openId"),
    field(&["id"], "number", "编号"),
    field(&["remark"], "remark", "备注"),
    field(&["leader_in_dept"], "leads", "主管部门"),
    field(&["dept_order_list"], "order", "部门内排序"),
    field(&["state_code", "stateCode"], "country code", "国际区号"),
    field(&["extension"], "extension", "扩展字段"),
    field(&["avatar", "avatarUrl"], "picture", "头像"),
    field(&["timeStamp"], "seen", "更新时间"),
];

static GROUP: &[Field] = &[
    field(&["title", "name"], "name", "群名"),
    field(&["open_conversation_id", "openConversationId", "openconversation_id"], "conversation", "会话 ID"),
    field(&["owner_staff_id", "owner_user_id"], "owner", "群主"),
    field(&["sub_admin_staff_ids"], "admins", "管理员"),
    field(&["member"], "other person", "对方"),
    field(&["user_ids"], "members", "成员"),
    field(&["staff_id_nick_map"], "nicknames", "群昵称"),
    field(&["id"], "number", "编号"),
    field(&["webhook"], "webhook", "Webhook"),
    field(&["template_id"], "template", "模板"),
    field(&["group_url"], "link", "入群链接"),
    field(&["management_options"], "settings", "群设置"),
    field(&["icon"], "picture", "头像"),
    field(&["timeStamp"], "seen", "更新时间"),
];

static DEPARTMENT: &[Field] = &[
    field(&["name"], "name", "名称"),
    field(&["dept_id"], "deptId", "部门 ID"),
    field(&["parent_id"], "parent", "上级部门"),
    field(&["order"], "order", "排序"),
];

/// The row of the cache that answered.
pub(super) const MARKER: &str = "dingraia_cache";
pub(super) const MARKER_LABEL: Text = Text::fixed("from the cache", "来自缓存");

fn has(fields: &[(String, View)], names: &[&str]) -> bool {
    fields.iter().any(|(key, value)| names.contains(&key.as_str()) && matches!(value, View::Text(_)))
}

impl About {
    /// What the fields of a map or an object are about.
    pub(super) fn of(fields: &[(String, View)]) -> Option<Self> {
        let key = |name: &str| fields.iter().any(|field| field.0 == name);
        let person = has(fields, &["userid", "staffId", "staff_id", "unionId", "unionid"])
            && (has(fields, &["name", "nick"]) || has(fields, &["staffId"]));
        if has(fields, &["open_conversation_id", "openConversationId"]) && has(fields, &["title", "name"]) {
            return Some(Self::Group);
        }
        if key("dept_id") && key("name") && !key("userid") {
            return Some(Self::Department);
        }
        (person && fields.len() >= 2).then_some(Self::Person)
    }

    /// Its fields, the most important first.
    pub(super) fn fields(self) -> &'static [Field] {
        match self {
            Self::Person => PERSON,
            Self::Group => GROUP,
            Self::Department => DEPARTMENT,
        }
    }

    /// The place of a field, and what is known of it.
    pub(super) fn find(self, key: &str) -> Option<(usize, &'static Field)> {
        self.fields().iter().enumerate().find(|(_, field)| field.names.contains(&key))
    }
}
