//! Scene groups: the group itself.

use super::{ConversationId, Family, Flag, Icon, Switch, TemplateId, Title, Token, UserId, UserIds};
use crate::spec::{Endpoint, Form, Host, Verb};

const fn oapi(path: &'static str) -> Endpoint {
    Endpoint { verb: Verb::Post, host: Host::Oapi, path }
}

const fn api(path: &'static str) -> Endpoint {
    Endpoint { verb: Verb::Post, host: Host::Api, path }
}

const UPDATES: Form =
    Form::Several(&[oapi("/topapi/im/chat/scenegroup/update"), api("/v1.0/im/sceneGroup/update")]);

crate::methods! {
    group "group";

    /// Creates a scene group from a template of the app.
    /// zh: 用应用的群模板创建场景群。
    CreateGroup(App "create_group") {
        form: Form::Several(&[oapi("/topapi/im/chat/scenegroup/create"), api("/v1.0/im/sceneGroup/create")]),
        cost: "1",
        effect: Notify,
        by_position: 6,
        params {
            /// Its name, at most 30 characters.
            /// zh: 群名称，最多 30 个字符。
            title("name", "title"): Title => "title",
            /// The template, from the developer console.
            /// zh: 群模板 ID。
            template("templateId", "template_id"): TemplateId => "template_id",
            /// The owner.
            /// zh: 群主。
            owner("ownerUserId", "owner_user_id", "owner"): UserId => "owner_user_id",
            /// Its picture, a mediaId.
            /// zh: 群头像的 mediaId。
            icon("icon"): Option<Icon> => "icon",
            /// Its members, at most 999.
            /// zh: 群成员，最多 999 人。
            members("userIds", "user_ids"): Option<UserIds> => "user_ids",
            /// Its administrators.
            /// zh: 群管理员。
            admins("subAdminIds", "subadmin_ids"): Option<UserIds> => "subadmin_ids",
            /// 1: only the owner may @ everybody; 0: all may.
            /// zh: 1：仅群主可 @所有人；0：所有人可以。
            mention_all("mention_all_authority"): Option<Switch> = "1" => "mention_all_authority",
            /// New members see the history.
            /// zh: 是否展示历史消息。
            show_history("showHistory", "show_history_type"): Option<Switch> = "0" => "show_history_type",
            /// Joining needs approval.
            /// zh: 是否开启入群验证。
            validation("validation", "validation_type"): Option<Switch> = "1" => "validation_type",
            /// The group can be searched.
            /// zh: 是否允许群搜索。
            searchable("searchable"): Option<Switch> = "0" => "searchable",
            /// Idempotency key; the same one gives the same group.
            /// zh: 幂等标识，相同标识返回同一个群。
            uuid("UUID", "uuid"): Option<String> = "new for each call" => "uuid",
            /// A token for this call alone.
            /// zh: 仅用于本次调用的 access_token。
            access_token("access_token", "accessToken"): Option<Token>,
            /// Family of the calls: `"legacy"` or `"v1"`.
            /// zh: 接口系列：`"legacy"` 或 `"v1"`。
            family("api", "group_api"): Option<Family> = "the configured one",
        }
        returns: "DingTalk's answer with the new open_conversation_id" | "钉钉原始返回，含新群的 open_conversation_id",
        example: r#"app.create_group("测试群聊", "c3540000-0000-4000-b4ea-6f1ab0000065", "manager4220", "@lALPSandboxIcon", [Member("0110000001"), "0110000002"])"#,
    }

    /// Reads a scene group with all its members; answered from the cache while it is fresh.
    /// zh: 获取场景群信息及全部成员；缓存未过期时直接使用缓存。
    GetGroup(App "get_group") {
        form: Form::Several(&[
            oapi("/topapi/im/chat/scenegroup/get"),
            oapi("/topapi/im/chat/scenegroup/member/get"),
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

    /// Makes a copy of a scene group under a new id, with its members, administrators and owner; ` - 转生` is added to its name.
    /// zh: 创建场景群的镜像：成员、管理员与群主相同，群名后加 ` - 转生`。
    MirrorGroup(App "mirror_group") {
        form: Form::Several(&[
            oapi("/topapi/im/chat/scenegroup/get"),
            oapi("/topapi/im/chat/scenegroup/create"),
            oapi("/topapi/im/chat/scenegroup/member/add"),
            Endpoint { verb: Verb::Put, host: Host::Api, path: "/v1.0/im/sceneGroups/subAdmins" },
            oapi("/topapi/im/chat/scenegroup/update"),
        ]),
        cost: "6+",
        effect: Notify,
        by_position: 1,
        params {
            /// The group.
            /// zh: 群聊。
            conversation("OpenConversationId", "openConversationId", "group"): ConversationId,
        }
        returns: "the last answer with invite_url and open_conversation_id" | "最后一次返回，另含 invite_url 与 open_conversation_id",
        example: r#"app.mirror_group("cidSandboxRelease0001==")"#,
    }

    /// Changes the settings of a scene group; what is not given stays as it is.
    /// zh: 更新场景群设置；未给出的设置保持不变。
    UpdateGroup(App "update_group") {
        form: UPDATES,
        cost: "1",
        effect: Write,
        by_position: 1,
        params {
            /// The group.
            /// zh: 群聊。
            conversation("openConversationId", "OpenConversationId", "group"): ConversationId,
            /// Its name, at most 30 characters.
            /// zh: 群名称，最多 30 个字符。
            title("title"): Option<Title> => "title",
            /// Its owner.
            /// zh: 群主。
            owner("owner_user_id", "ownerUserId"): Option<UserId> => "owner_user_id",
            /// Its picture, a mediaId.
            /// zh: 群头像的 mediaId。
            icon("icon"): Option<Icon> => "icon",
            /// 1: only the owner may @ everybody; 0: all may.
            /// zh: 1：仅群主可 @所有人；0：所有人可以。
            mention_all_authority("mention_all_authority"): Option<Switch> => "mention_all_authority",
            /// 1: new members see the history.
            /// zh: 1：新成员可查看历史消息。
            show_history_type("show_history_type"): Option<Switch> => "show_history_type",
            /// 1: joining needs approval.
            /// zh: 1：入群需要验证。
            validation_type("validation_type"): Option<Switch> => "validation_type",
            /// 1: the group can be searched.
            /// zh: 1：群可被搜索。
            searchable("searchable"): Option<Switch> => "searchable",
            /// 1: everybody is muted.
            /// zh: 1：全员禁言。
            chat_banned_type("chat_banned_type"): Option<Switch> => "chat_banned_type",
            /// 1: only the owner manages; 0: all do.
            /// zh: 1：仅群主可管理；0：所有人可管理。
            management_type("management_type"): Option<Switch> => "management_type",
            /// 1: only owner and administrators may DING.
            /// zh: 1：仅群主和管理员可发送 DING。
            only_admin_can_ding("only_admin_can_ding"): Option<Switch> => "only_admin_can_ding",
            /// 1: all may start a conference; 0: owner and administrators.
            /// zh: 1：所有人可发起会议；0：仅群主和管理员。
            all_members_can_create_mcs_conf("all_members_can_create_mcs_conf"): Option<Switch> => "all_members_can_create_mcs_conf",
            /// 1: all may create calendar entries.
            /// zh: 1：所有成员均可创建日程。
            all_members_can_create_calendar("all_members_can_create_calendar"): Option<Switch> => "all_members_can_create_calendar",
            /// 1: no group mail.
            /// zh: 1：禁用群邮件。
            group_email_disabled("group_email_disabled"): Option<Switch> => "group_email_disabled",
            /// 1: only owner and administrators pin messages.
            /// zh: 1：仅群主和管理员可置顶消息。
            only_admin_can_set_msg_top("only_admin_can_set_msg_top"): Option<Switch> => "only_admin_can_set_msg_top",
            /// 1: members may not add each other as friends.
            /// zh: 1：禁止成员互加好友。
            add_friend_forbidden("add_friend_forbidden"): Option<Switch> => "add_friend_forbidden",
            /// 1: live streams are allowed.
            /// zh: 1：允许群直播。
            group_live_switch("group_live_switch"): Option<Switch> => "group_live_switch",
            /// 1: members may not chat with administrators alone.
            /// zh: 1：禁止成员与管理员单独聊天。
            members_to_admin_chat("members_to_admin_chat"): Option<Switch> => "members_to_admin_chat",
            /// 1: plugins need the owner's or an administrator's approval.
            /// zh: 1：自定义插件需要群主或管理员审批。
            plugin_customize_verify("plugin_customize_verify"): Option<Switch> => "plugin_customize_verify",
            /// A token for this call alone.
            /// zh: 仅用于本次调用的 access_token。
            access_token("access_token", "accessToken"): Option<Token>,
            /// Family of the calls: `"legacy"` or `"v1"`.
            /// zh: 接口系列：`"legacy"` 或 `"v1"`。
            family("api", "group_api"): Option<Family> = "the configured one",
        }
        returns: "DingTalk's answer" | "钉钉原始返回",
        example: r#"app.update_group("cidSandboxRelease0001==", #{title: "发布小组", searchable: true})"#,
    }

    /// Removes everybody from a scene group; the group itself stays. `real: true` disbands it officially.
    /// zh: 移出全部群成员，群本身仍存在；`real: true` 使用官方接口解散。
    DisbandGroup(App "disband_group") {
        form: Form::Several(&[
            oapi("/topapi/im/chat/scenegroup/get"),
            oapi("/topapi/im/chat/scenegroup/member/get"),
            oapi("/topapi/im/chat/scenegroup/member/delete"),
            api("/v1.0/im/chat/scenegroup/disband"),
        ]),
        cost: "1",
        effect: Destroy,
        by_position: 1,
        params {
            /// The group.
            /// zh: 群聊。
            conversation("openConversationId", "OpenConversationId", "group"): ConversationId,
            /// Uses the official call instead.
            /// zh: 是否使用官方解散接口。
            real("real"): Option<Flag> = "false",
            /// Family of the calls: `"legacy"` or `"v1"`.
            /// zh: 接口系列：`"legacy"` 或 `"v1"`。
            family("api", "group_api"): Option<Family> = "the configured one",
        }
        returns: "DingTalk's answer" | "钉钉原始返回",
        example: r#"app.disband_group("cidSandboxRelease0001==")"#,
    }

    /// Renames a scene group.
    /// zh: 修改群名称。
    ChangeGroupTitle(App "change_group_title") {
        form: UPDATES,
        cost: "1",
        effect: Write,
        by_position: 2,
        params {
            /// The group.
            /// zh: 群聊。
            conversation("openConversationId", "OpenConversationId", "group"): ConversationId,
            /// The new name, at most 30 characters.
            /// zh: 新群名，最多 30 个字符。
            title("title"): Title,
            /// A token for this call alone.
            /// zh: 仅用于本次调用的 access_token。
            access_token("access_token", "accessToken"): Option<Token>,
            /// Family of the calls: `"legacy"` or `"v1"`.
            /// zh: 接口系列：`"legacy"` 或 `"v1"`。
            family("api", "group_api"): Option<Family> = "the configured one",
        }
        returns: "DingTalk's answer" | "钉钉原始返回",
        example: r#"app.change_group_title("cidSandboxRelease0001==", "发布二组")"#,
    }

    /// Gives a scene group another owner.
    /// zh: 修改群主。
    ChangeGroupOwner(App "change_group_owner") {
        form: UPDATES,
        cost: "1",
        effect: Write,
        by_position: 2,
        params {
            /// The group.
            /// zh: 群聊。
            conversation("openConversationId", "OpenConversationId", "group"): ConversationId,
            /// The new owner.
            /// zh: 新群主。
            owner("owner_user_id", "userStaffId", "ownerUserId"): UserId,
            /// A token for this call alone.
            /// zh: 仅用于本次调用的 access_token。
            access_token("access_token", "accessToken"): Option<Token>,
            /// Family of the calls: `"legacy"` or `"v1"`.
            /// zh: 接口系列：`"legacy"` 或 `"v1"`。
            family("api", "group_api"): Option<Family> = "the configured one",
        }
        returns: "DingTalk's answer" | "钉钉原始返回",
        example: r#"app.change_group_owner("cidSandboxRelease0001==", Member("0110000001"))"#,
    }

    /// Mutes everybody in a scene group.
    /// zh: 全员禁言。
    MuteAll(App "mute_all") {
        form: UPDATES,
        cost: "1",
        effect: Write,
        by_position: 1,
        params {
            /// The group.
            /// zh: 群聊。
            conversation("openConversationId", "OpenConversationId", "group"): ConversationId,
            /// A token for this call alone.
            /// zh: 仅用于本次调用的 access_token。
            access_token("access_token", "accessToken"): Option<Token>,
            /// Family of the calls: `"legacy"` or `"v1"`.
            /// zh: 接口系列：`"legacy"` 或 `"v1"`。
            family("api", "group_api"): Option<Family> = "the configured one",
        }
        returns: "DingTalk's answer" | "钉钉原始返回",
        example: r#"app.mute_all("cidSandboxRelease0001==")"#,
    }

    /// Lets everybody in a scene group speak again.
    /// zh: 取消全员禁言。
    UnmuteAll(App "unmute_all") {
        form: UPDATES,
        cost: "1",
        effect: Write,
        by_position: 1,
        params {
            /// The group.
            /// zh: 群聊。
            conversation("openConversationId", "OpenConversationId", "group"): ConversationId,
            /// A token for this call alone.
            /// zh: 仅用于本次调用的 access_token。
            access_token("access_token", "accessToken"): Option<Token>,
            /// Family of the calls: `"legacy"` or `"v1"`.
            /// zh: 接口系列：`"legacy"` 或 `"v1"`。
            family("api", "group_api"): Option<Family> = "the configured one",
        }
        returns: "DingTalk's answer" | "钉钉原始返回",
        example: r#"app.unmute_all("cidSandboxRelease0001==")"#,
    }
}
