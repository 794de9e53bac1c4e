//! The address book.

use super::{
    Date, DeptId, DeptIds, Flag, JsonText, Language, MailType, Manager, Maps, Person, PersonName, Texts,
    Token, UnionId, UserId,
};
use crate::spec::{Endpoint, Form, Host, Verb};

const fn oapi(path: &'static str) -> Endpoint {
    Endpoint { verb: Verb::Post, host: Host::Oapi, path }
}

crate::methods! {
    group "contact";

    /// Reads a person's profile; answered from the cache while it is fresh.
    /// zh: 获取用户详细信息；缓存未过期时直接使用缓存。
    GetUser(App "get_user") {
        form: Form::Several(&[
            oapi("/topapi/v2/user/get"),
            oapi("/topapi/user/getbyunionid"),
            Endpoint { verb: Verb::Get, host: Host::Api, path: "/v1.0/contact/users/me" },
        ]),
        cost: "1 / 0",
        effect: Read,
        by_position: 1,
        params {
            /// The person: a staffId, a `Member`, or a user's `AccessToken` for the one who logged in.
            /// zh: 用户：staffId、`Member`，或登录用户的 `AccessToken`。
            user("userId", "user", "user_id", "staffId"): Person,
            /// Language of the names.
            /// zh: 语言。
            language("language"): Option<Language> = "zh_CN",
            /// A token for this call alone.
            /// zh: 仅用于本次调用的 access_token。
            access_token("access_token", "accessToken"): Option<Token>,
            /// `true`: any cached row with data; `false`: never the cache; not given: while it is fresh.
            /// zh: `true` 使用任意有数据的缓存，`false` 不使用，不填则在有效期内使用。
            using_cache("using_cache", "usingCache"): Option<Flag>,
        }
        returns: "the profile, a map; from the cache with `dingraia_cache` in it" | "用户信息；来自缓存时含 `dingraia_cache`",
        example: r#"app.get_user("manager4220").name"#,
    }

    /// Lists the direct children of a department.
    /// zh: 获取下一级部门列表。
    GetDepts(App "get_depts") {
        form: Form::Call { endpoint: oapi("/topapi/v2/department/listsub"), answer: "/result" },
        cost: "1",
        effect: Read,
        by_position: 1,
        params {
            /// The department; 1 is the root.
            /// zh: 部门 ID，1 为根部门。
            dept("deptId", "dept_id", "dept"): Option<DeptId> = "1" => "dept_id",
            /// Language of the names.
            /// zh: 语言。
            language("language"): Option<Language> = "zh_CN" => "language",
            /// A token for this call alone.
            /// zh: 仅用于本次调用的 access_token。
            access_token("access_token", "accessToken"): Option<Token>,
        }
        returns: "a list of departments: dept_id, name, parent_id, …" | "部门列表：dept_id、name、parent_id 等",
        example: "app.get_depts()",
    }

    /// Lists the staffIds of the people directly in a department.
    /// zh: 获取部门直属成员的 staffId 列表。
    GetDeptUsers(App "get_dept_users") {
        form: Form::Call { endpoint: oapi("/topapi/user/listid"), answer: "/result/userid_list" },
        cost: "1",
        effect: Read,
        by_position: 1,
        params {
            /// The department; 1 is the root.
            /// zh: 部门 ID，1 为根部门。
            dept("deptId", "dept_id", "dept"): Option<DeptId> = "1" => "dept_id",
            /// A token for this call alone.
            /// zh: 仅用于本次调用的 access_token。
            access_token("access_token", "accessToken"): Option<Token>,
        }
        returns: "a list of staffIds" | "staffId 列表",
        example: "app.get_dept_users(100)",
    }

    /// Finds the staffId of a unionId; a `Member` gets it filled in.
    /// zh: 根据 unionId 获取 staffId；传入 `Member` 时会更新它。
    UnionIdToStaffId(App "unionId2staffId") {
        form: Form::Several(&[oapi("/topapi/user/getbyunionid")]),
        cost: "1 / 0",
        effect: Read,
        by_position: 1,
        params {
            /// The unionId, or a `Member` that has one.
            /// zh: unionId，或带有 unionId 的 `Member`。
            union_id("unionId", "union_id", "user"): UnionId,
            /// `true` or not given: the cache when it knows; `false`: never the cache.
            /// zh: `true` 或不填时优先使用缓存，`false` 不使用。
            using_cache("using_cache", "usingCache"): Option<Flag>,
        }
        returns: "the staffId" | "staffId",
        example: r#"app.unionId2staffId(app.get_user("manager4220").unionid)"#,
    }

    /// Adds a person to the organisation.
    /// zh: 创建用户。
    CreateUser(App "create_user") {
        form: Form::Call { endpoint: oapi("/topapi/v2/user/create"), answer: "" },
        cost: "1",
        effect: Notify,
        by_position: 4,
        params {
            /// Name.
            /// zh: 姓名。
            user_name("name"): PersonName => "name",
            /// Mobile number, unique in the organisation.
            /// zh: 手机号，组织内唯一。
            mobile("mobilePhone", "mobile"): String => "mobile",
            /// Departments.
            /// zh: 部门 ID 列表。
            depts("deptIds", "dept_id_list"): DeptIds => "dept_id_list",
            /// staffId; made by DingTalk when not given, and never changed again.
            /// zh: staffId；不填由钉钉生成，之后不可修改。
            user_id("userId", "userid"): Option<String> => "userid",
            /// Hides the number.
            /// zh: 是否隐藏手机号。
            hide_phone("hidePhone", "hide_mobile"): Option<Flag> => "hide_mobile",
            /// Extension number, unique.
            /// zh: 分机号，唯一。
            telephone("telephone"): Option<String> => "telephone",
            /// Job number.
            /// zh: 工号。
            job_number("jobNumber", "job_number"): Option<String> => "job_number",
            /// Position.
            /// zh: 职位。
            position("positionName", "title"): Option<String> => "title",
            /// Personal mail.
            /// zh: 个人邮箱。
            email("personalEmail", "email"): Option<String> => "email",
            /// Mail of the organisation.
            /// zh: 组织邮箱。
            org_email("organizeEmail", "org_email"): Option<String> => "org_email",
            /// `base` or `profession`.
            /// zh: `base` 或 `profession`。
            org_email_type("organizeEmailType", "org_email_type"): Option<MailType> => "org_email_type",
            /// Place of work.
            /// zh: 办公地点。
            work_place("workPlace", "work_place"): Option<String> => "work_place",
            /// Remark.
            /// zh: 备注。
            remark("remark"): Option<String> => "remark",
            /// Order in departments: `#{dept_id, order}`.
            /// zh: 部门内排序：`#{dept_id, order}`。
            orders("dept_order_list"): Option<Maps> => "dept_order_list",
            /// Titles in departments: `#{dept_id, title}`.
            /// zh: 部门内职位：`#{dept_id, title}`。
            titles("dept_title_list"): Option<Maps> => "dept_title_list",
            /// Further fields.
            /// zh: 扩展属性。
            extension("extension"): Option<JsonText> => "extension",
            /// Hides the person from others.
            /// zh: 是否开启高管模式。
            senior("isSenior", "senior_mode"): Option<Flag> => "senior_mode",
            /// First day.
            /// zh: 入职时间。
            hired("hired_date", "hiredDate"): Option<Date> => "hired_date",
            /// The manager.
            /// zh: 上级用户。
            manager("managerUserId", "manager_userid"): Option<Manager> => "manager_userid",
            /// Mail for the log-in.
            /// zh: 登录邮箱。
            login_email("loginEmail", "login_email"): Option<String> => "login_email",
        }
        returns: "DingTalk's answer; the staffId is in result.userid" | "钉钉原始返回；staffId 在 result.userid",
        example: r#"app.create_user("测试用户", "13800138000", [100, 110], #{jobNumber: "T001"})"#,
    }

    /// Changes a person; what is not given stays as it is.
    /// zh: 更新用户；未给出的字段保持不变。
    UpdateUser(App "update_user") {
        form: Form::Several(&[oapi("/topapi/v2/user/update")]),
        cost: "1",
        effect: Write,
        by_position: 1,
        params {
            /// The person.
            /// zh: 用户。
            user("userId", "userid", "user"): UserId => "userid",
            /// Name.
            /// zh: 姓名。
            user_name("name"): Option<PersonName> => "name",
            /// Hides the number.
            /// zh: 是否隐藏手机号。
            hide_mobile("hide_mobile", "hidePhone"): Option<Flag> => "hide_mobile",
            /// Extension number.
            /// zh: 分机号。
            telephone("telephone"): Option<String> => "telephone",
            /// Job number.
            /// zh: 工号。
            job_number("job_number", "jobNumber"): Option<String> => "job_number",
            /// The manager.
            /// zh: 上级用户。
            manager("manager_userid", "managerUserId"): Option<Manager> => "manager_userid",
            /// Position.
            /// zh: 职位。
            position("title", "positionName"): Option<String> => "title",
            /// Personal mail.
            /// zh: 个人邮箱。
            email("email", "personalEmail"): Option<String> => "email",
            /// Mail of the organisation.
            /// zh: 组织邮箱。
            org_email("org_email", "organizeEmail"): Option<String> => "org_email",
            /// Place of work.
            /// zh: 办公地点。
            work_place("work_place", "workPlace"): Option<String> => "work_place",
            /// Remark.
            /// zh: 备注。
            remark("remark"): Option<String> => "remark",
            /// Departments.
            /// zh: 部门 ID 列表。
            depts("dept_id_list", "deptIds"): Option<DeptIds> => "dept_id_list",
            /// Titles in departments: `#{dept_id, title}`.
            /// zh: 部门内职位：`#{dept_id, title}`。
            titles("dept_title_list"): Option<Maps> => "dept_title_list",
            /// Order in departments: `#{dept_id, order}`.
            /// zh: 部门内排序：`#{dept_id, order}`。
            orders("dept_order_list"): Option<Maps> => "dept_order_list",
            /// Further fields.
            /// zh: 扩展属性。
            extension("extension"): Option<JsonText> => "extension",
            /// 0: the further fields replace the old ones; 1: they join them.
            /// zh: 0 覆盖原有扩展属性，1 追加。
            extension_mode("ext_attrs_update_mode"): Option<i64> => "ext_attrs_update_mode",
            /// Hides the person from others.
            /// zh: 是否开启高管模式。
            senior("senior_mode", "isSenior"): Option<Flag> => "senior_mode",
            /// First day.
            /// zh: 入职时间。
            hired("hired_date", "hiredDate"): Option<Date> => "hired_date",
            /// Language of the names.
            /// zh: 语言。
            language("language"): Option<Language> => "language",
            /// Fields that are emptied when they are not given; DingTalk supports `manager_userid`.
            /// zh: 强制更新的字段；钉钉目前支持 `manager_userid`。
            force("force_update_fields"): Option<Texts> => "force_update_fields",
        }
        returns: "DingTalk's answer" | "钉钉原始返回",
        example: r#"app.update_user("0110000001", #{title: "高级工程师"})"#,
    }

    /// Removes a person from the organisation.
    /// zh: 从组织中移除用户。
    RemoveUser(App "remove_user") {
        form: Form::Call { endpoint: oapi("/topapi/v2/user/delete"), answer: "" },
        cost: "1",
        effect: Destroy,
        by_position: 1,
        params {
            /// The person.
            /// zh: 用户。
            user("userStaffId", "userId", "userid"): UserId => "userid",
            /// A token for this call alone.
            /// zh: 仅用于本次调用的 access_token。
            access_token("access_token", "accessToken"): Option<Token>,
        }
        returns: "DingTalk's answer" | "钉钉原始返回",
        example: r#"app.remove_user("0130000003")"#,
    }
}
