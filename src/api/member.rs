//! Scene groups: their members.

use super::{ConversationId, Family, Flag, Seconds, UserIds};
use crate::spec::{Endpoint, Form, Host, Verb};

const MUTES: Form = Form::Several(&[Endpoint {
    verb: Verb::Post,
    host: Host::Api,
    path: "/v1.0/im/sceneGroups/muteMembers/set",
}]);

crate::methods! {
    group "member";

    /// Removes members from a scene group, 100 in a call.
    /// zh: 踢出场景群成员，每次请求最多 100 人。
    KickMember(App "kick_member") {
        form: Form::Several(&[
            Endpoint { verb: Verb::Post, host: Host::Oapi, path: "/topapi/im/chat/scenegroup/member/delete" },
            Endpoint { verb: Verb::Post, host: Host::Api, path: "/v1.0/im/sceneGroup/member/delete" },
        ]),
        cost: "1",
        effect: Destroy,
        by_position: 2,
        params {
            /// The group.
            /// zh: 群聊。
            conversation("openConversationId", "OpenConversationId", "group"): ConversationId,
            /// Who: `Member`, staffId or a list of either.
            /// zh: 成员：`Member`、staffId 或其列表。
            members("memberStaffIds", "userIds", "members"): UserIds,
            /// Family of the calls: `"legacy"` or `"v1"`.
            /// zh: 接口系列：`"legacy"` 或 `"v1"`。
            family("api", "group_api"): Option<Family> = "the configured one",
        }
        returns: "DingTalk's answer" | "钉钉原始返回",
        example: r#"app.kick_member("cidSandboxRelease0001==", [Member("0110000004"), "0110000005"])"#,
    }

    /// Adds members to a scene group, 100 in a call.
    /// zh: 邀请成员加入场景群，每次请求最多 100 人。
    AddMember(App "add_member") {
        form: Form::Several(&[
            Endpoint { verb: Verb::Post, host: Host::Oapi, path: "/topapi/im/chat/scenegroup/member/add" },
            Endpoint { verb: Verb::Post, host: Host::Api, path: "/v1.0/im/sceneGroup/member/add" },
        ]),
        cost: "1",
        effect: Notify,
        by_position: 2,
        params {
            /// The group.
            /// zh: 群聊。
            conversation("openConversationId", "OpenConversationId", "group"): ConversationId,
            /// Who: `Member`, staffId or a list of either.
            /// zh: 成员：`Member`、staffId 或其列表。
            members("memberStaffIds", "userIds", "members"): UserIds,
            /// Family of the calls: `"legacy"` or `"v1"`.
            /// zh: 接口系列：`"legacy"` 或 `"v1"`。
            family("api", "group_api"): Option<Family> = "the configured one",
        }
        returns: "DingTalk's answer" | "钉钉原始返回",
        example: r#"app.add_member("cidSandboxRelease0001==", "0120000001")"#,
    }

    /// Makes members administrators of a scene group, or ordinary members again; 12 in a call.
    /// zh: 设置或取消场景群管理员，每次请求最多 12 人。
    SetAdmin(App "set_admin") {
        form: Form::Several(&[Endpoint { verb: Verb::Put, host: Host::Api, path: "/v1.0/im/sceneGroups/subAdmins" }]),
        cost: "1",
        effect: Write,
        by_position: 3,
        params {
            /// The group.
            /// zh: 群聊。
            conversation("openConversationId", "OpenConversationId", "group"): ConversationId,
            /// Who: `Member`, staffId or a list of either.
            /// zh: 成员：`Member`、staffId 或其列表。
            members("memberStaffIds", "userIds", "members"): UserIds,
            /// `true`: administrator, `false`: ordinary member.
            /// zh: `true` 为设置，`false` 为取消。
            set_admin("set_admin", "setAdmin"): Option<Flag> = "true",
        }
        returns: "DingTalk's answer" | "钉钉原始返回",
        example: r#"app.set_admin("cidSandboxRelease0001==", "0110000002", true)"#,
    }

    /// Mutes members of a scene group for some seconds; the owner and administrators cannot be muted.
    /// zh: 禁言场景群成员若干秒；不能禁言群主和管理员。
    MuteMember(App "mute_member") {
        form: MUTES,
        cost: "1",
        effect: Write,
        by_position: 3,
        params {
            /// The group.
            /// zh: 群聊。
            conversation("openConversationId", "OpenConversationId", "group"): ConversationId,
            /// Who: `Member`, staffId or a list of either.
            /// zh: 成员：`Member`、staffId 或其列表。
            members("memberStaffIds", "userIds", "members"): UserIds,
            /// For how many seconds; 0 ends it.
            /// zh: 禁言秒数，0 为取消禁言。
            seconds("muteTime", "mute_time"): Seconds,
        }
        returns: "DingTalk's answer" | "钉钉原始返回",
        example: r#"app.mute_member("cidSandboxRelease0001==", "0110000002", 60 * 60)"#,
    }

    /// Lets muted members of a scene group speak again.
    /// zh: 取消禁言场景群成员。
    UnmuteMember(App "unmute_member") {
        form: MUTES,
        cost: "1",
        effect: Write,
        by_position: 2,
        params {
            /// The group.
            /// zh: 群聊。
            conversation("openConversationId", "OpenConversationId", "group"): ConversationId,
            /// Who: `Member`, staffId or a list of either.
            /// zh: 成员：`Member`、staffId 或其列表。
            members("memberStaffIds", "userIds", "members"): UserIds,
        }
        returns: "DingTalk's answer" | "钉钉原始返回",
        example: r#"app.unmute_member("cidSandboxRelease0001==", "0110000002")"#,
    }
}
