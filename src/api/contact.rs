//! The address book.

use super::{DeptId, Flag, Language, Token, UserId};
use crate::spec::{Endpoint, Form, Host, Verb};

const fn oapi(path: &'static str) -> Endpoint {
    Endpoint { verb: Verb::Post, host: Host::Oapi, path }
}

crate::methods! {
    group "contact";

    /// Reads a person's profile; answered from the cache while it is fresh.
    /// zh: 获取用户详细信息；缓存未过期时直接使用缓存。
    GetUser(App "get_user") {
        form: Form::Several(&[oapi("/topapi/v2/user/get")]),
        cost: "1 / 0",
        effect: Read,
        by_position: 1,
        params {
            /// The person: a staffId or a `Member`.
            /// zh: 用户：staffId 或 `Member`。
            user("userId", "user", "user_id", "staffId"): UserId,
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
}
