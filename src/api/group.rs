//! Scene groups.

use super::{ConversationId, Flag, Token};
use crate::spec::{Endpoint, Form, Host, Verb};

crate::methods! {
    group "group";

    /// Reads a scene group with all its members; answered from the cache while it is fresh.
    /// zh: 获取场景群信息及全部成员；缓存未过期时直接使用缓存。
    GetGroup(App "get_group") {
        form: Form::Several(&[
            Endpoint { verb: Verb::Post, host: Host::Oapi, path: "/topapi/im/chat/scenegroup/get" },
            Endpoint { verb: Verb::Post, host: Host::Oapi, path: "/topapi/im/chat/scenegroup/member/get" },
        ]),
        cost: "2 / 0",
        effect: Read,
        by_position: 1,
        params {
            /// The group.
            /// zh: 群聊。
            conversation("OpenConversationId", "openConversationId", "group"): ConversationId,
            /// A token for this call alone.
            /// zh: 仅用于本次调用的 access_token。
            access_token("access_token", "accessToken"): Option<Token>,
            /// `true`: any cached row with data; `false`: never the cache; not given: while it is fresh.
            /// zh: `true` 使用任意有数据的缓存，`false` 不使用，不填则在有效期内使用。
            using_cache("using_cache", "usingCache"): Option<Flag>,
        }
        returns: "the group, a map with user_ids and staff_id_nick_map" | "群信息，含 user_ids 与 staff_id_nick_map",
        example: r#"app.get_group("cidSandboxRelease0001==").title"#,
    }
}
