//! The raw doors: every call of DingTalk that has no method of its own, `app.api.…` and `app.oapi.…`.

use serde_json::{Map, Value};

use super::{Path, Token};
use crate::spec::Form;

crate::methods! {
    group "raw";

    /// Calls any path of a host with GET.
    /// zh: 以 GET 调用任意路径。
    RawGet(Door "get") {
        form: Form::Several(&[]),
        cost: "1",
        effect: Read,
        by_position: 2,
        params {
            /// The path, such as `/v1.0/contact/users/me`.
            /// zh: 路径，例如 `/v1.0/contact/users/me`。
            path("path"): Path,
            /// Query parameters.
            /// zh: 查询参数。
            query("query", "params"): Option<Map<String, Value>>,
            /// A token for this call alone.
            /// zh: 仅用于本次调用的 access_token。
            access_token("access_token", "accessToken"): Option<Token>,
        }
        returns: "the whole body" | "完整的返回内容",
        example: r#"try { app.api.get("/v1.0/no/such/path") } catch (e) { print(e.code) }"#,
    }

    /// Calls any path of a host with POST and a JSON body.
    /// zh: 以 POST 和 JSON 内容调用任意路径。
    RawPost(Door "post") {
        form: Form::Several(&[]),
        cost: "1",
        effect: Write,
        by_position: 2,
        params {
            /// The path, such as `/topapi/v2/department/get`.
            /// zh: 路径，例如 `/topapi/v2/department/get`。
            path("path"): Path,
            /// The body.
            /// zh: 请求内容。
            body("body", "data"): Option<Map<String, Value>>,
            /// Query parameters.
            /// zh: 查询参数。
            query("query", "params"): Option<Map<String, Value>>,
            /// A token for this call alone.
            /// zh: 仅用于本次调用的 access_token。
            access_token("access_token", "accessToken"): Option<Token>,
        }
        returns: "the whole body" | "完整的返回内容",
        example: r#"app.oapi.post("/topapi/user/listid", #{dept_id: 100})"#,
    }

    /// Calls any path of a host with PUT and a JSON body.
    /// zh: 以 PUT 和 JSON 内容调用任意路径。
    RawPut(Door "put") {
        form: Form::Several(&[]),
        cost: "1",
        effect: Write,
        by_position: 2,
        params {
            /// The path.
            /// zh: 路径。
            path("path"): Path,
            /// The body.
            /// zh: 请求内容。
            body("body", "data"): Option<Map<String, Value>>,
            /// Query parameters.
            /// zh: 查询参数。
            query("query", "params"): Option<Map<String, Value>>,
            /// A token for this call alone.
            /// zh: 仅用于本次调用的 access_token。
            access_token("access_token", "accessToken"): Option<Token>,
        }
        returns: "the whole body" | "完整的返回内容",
        example: r#"try { app.api.put("/v1.0/no/such/path", #{}) } catch (e) { print(e.code) }"#,
    }

    /// Calls any path of a host with DELETE.
    /// zh: 以 DELETE 调用任意路径。
    RawDelete(Door "delete") {
        form: Form::Several(&[]),
        cost: "1",
        effect: Destroy,
        by_position: 2,
        params {
            /// The path.
            /// zh: 路径。
            path("path"): Path,
            /// Query parameters.
            /// zh: 查询参数。
            query("query", "params"): Option<Map<String, Value>>,
            /// A token for this call alone.
            /// zh: 仅用于本次调用的 access_token。
            access_token("access_token", "accessToken"): Option<Token>,
        }
        returns: "the whole body" | "完整的返回内容",
        example: r#"try { app.api.delete("/v1.0/no/such/path") } catch (e) { print(e.code) }"#,
    }
}
