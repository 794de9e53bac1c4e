//! The method that fills the cache.

use super::{Arg, ConversationId, Flag, FromArg, Mismatch};
use crate::spec::{Endpoint, Form, Host, Kind, Verb};

/// One group or several.
#[derive(Debug, Clone)]
pub struct Conversations(pub Vec<ConversationId>);

impl FromArg for Conversations {
    const KIND: Kind = Kind::Conversation;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        let items = match arg {
            Arg::List(items) => items,
            one => vec![one],
        };
        items.into_iter().map(ConversationId::from_arg).collect::<Result<_, _>>().map(Self)
    }
}

const fn oapi(path: &'static str) -> Endpoint {
    Endpoint { verb: Verb::Post, host: Host::Oapi, path }
}

crate::methods! {
    group "cache";

    /// Fills the cache: walks the departments, reads their people and the given groups. What is fresh is not asked for again,
    /// so a walk that was stopped goes on where it was; what it will cost is said before each part.
    /// zh: 预热缓存：遍历部门、读取成员以及指定的群。仍然有效的内容不再请求，因此中断后可继续；每一部分开始前会说明消耗。
    Warm(App "warm") {
        form: Form::Several(&[
            oapi("/topapi/v2/department/listsub"),
            oapi("/topapi/user/listid"),
            oapi("/topapi/v2/user/get"),
            oapi("/topapi/im/chat/scenegroup/get"),
            oapi("/topapi/im/chat/scenegroup/member/get"),
        ]),
        cost: "1+ / 0",
        effect: Read,
        by_position: 0,
        params {
            /// Walk the departments: a call for each.
            /// zh: 遍历部门：每个部门一次调用。
            departments("departments", "depts"): Option<Flag> = "false",
            /// Read the people of all departments: a call for each department and each person.
            /// zh: 读取全部成员：每个部门与每个人各一次调用。
            users("users", "people", "members"): Option<Flag> = "false",
            /// Groups to read: two calls for each.
            /// zh: 要读取的群：每个群两次调用。
            groups("groups"): Option<Conversations>,
            /// Only say what it would cost, as far as the cache knows.
            /// zh: 只估算消耗（以缓存中已知的内容为准），不发送请求。
            estimate("estimate", "dry"): Option<Flag> = "false",
        }
        returns: "a map: calls made, and how many departments, people and groups are fresh now" | "映射：已消耗的次数，以及现在有效的部门、成员和群的数量",
        example: r#"app.warm(#{departments: true, users: true, groups: ["cidSandboxRelease0001=="]}).users"#,
    }
}
