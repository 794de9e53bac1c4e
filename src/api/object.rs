//! The constructors. They take their parameters as methods do: by position, or by name in a trailing map.

use serde_json::{Map, Value};

use super::kinds::Time;
use super::{Arg, FromArg, Mismatch, Object, UserId};
use crate::message::{At, Element};
use crate::spec::{Form, Kind};

/// A `Config(…)` object, or the map for one.
#[derive(Debug, Clone)]
pub struct ConfigObject(pub std::sync::Arc<crate::config::Config>);

impl FromArg for ConfigObject {
    const KIND: Kind = Kind::Config;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        match arg {
            Arg::Object(Object::Config(config)) => Ok(Self(config)),
            other => Err(Mismatch::of(&other)),
        }
    }
}

/// What a `Group` is made from: the framework's number or an openConversationId.
#[derive(Debug, Clone)]
pub enum GroupKey {
    /// Number.
    Number(i64),
    /// `cid…`
    Conversation(String),
}

impl FromArg for GroupKey {
    const KIND: Kind = Kind::Conversation;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        match arg {
            Arg::Int(id) => Ok(Self::Number(id)),
            Arg::Text(id) if id.starts_with("cid") => Ok(Self::Conversation(id)),
            Arg::Object(Object::Conversation(id)) => Ok(Self::Conversation(id.id)),
            other => Err(Mismatch::of(&other)),
        }
    }
}

crate::methods! {
    group "object";

    /// A person. What is not known stays empty and can be filled later, by assignment or `app.update_object`.
    /// zh: 成员对象；未知的字段留空，之后可以赋值或用 `app.update_object` 补全。
    NewMember(Nothing "Member") {
        form: Form::Local,
        cost: "0",
        effect: Read,
        by_position: 1,
        params {
            /// Id inside the organisation.
            /// zh: 组织内唯一标识。
            staff_id("staffId", "staff_id", "userId"): Option<String>,
            /// Name.
            /// zh: 姓名。
            member_name("name"): Option<String>,
            /// Id across organisations.
            /// zh: 钉钉用户唯一标识。
            union_id("unionId", "union_id"): Option<String>,
            /// The framework's number.
            /// zh: 框架内的编号。
            id("id"): Option<i64>,
        }
        returns: "a Member" | "Member",
        example: r#"Member("manager4220")"#,
    }

    /// A group, by openConversationId or by the framework's number.
    /// zh: 群对象，用 openConversationId 或框架内编号指定。
    NewGroup(Nothing "Group") {
        form: Form::Local,
        cost: "0",
        effect: Read,
        by_position: 1,
        params {
            /// `cid…` or the number.
            /// zh: `cid…` 或编号。
            key("id", "openConversationId", "OpenConversationId"): Option<GroupKey>,
            /// Name.
            /// zh: 群名。
            group_name("name"): Option<String>,
            /// The webhook that a message in this group brought along.
            /// zh: 群消息带来的 Webhook。
            webhook("webhook"): Option<crate::model::Webhook>,
            /// The other person of a single chat.
            /// zh: 单聊的对方。
            member("member"): Option<UserId>,
        }
        returns: "a Group" | "Group",
        example: r#"Group("cidSandboxRelease0001==")"#,
    }

    /// A conversation id.
    /// zh: 会话 ID 对象。
    NewConversation(Nothing "OpenConversationId") {
        form: Form::Local,
        cost: "0",
        effect: Read,
        by_position: 2,
        params {
            /// `cid…`
            /// zh: `cid…`
            id("openConversationId", "id"): String,
            /// Name.
            /// zh: 群名。
            group_name("name"): Option<String>,
        }
        returns: "an OpenConversationId" | "OpenConversationId",
        example: r#"OpenConversationId("cidSandboxRelease0001==")"#,
    }

    /// A webhook: a custom robot's, or the one that a message brought along.
    /// zh: Webhook：自定义机器人的地址，或消息携带的会话地址。
    NewWebhook(Nothing "Webhook") {
        form: Form::Local,
        cost: "0",
        effect: Read,
        by_position: 2,
        params {
            /// The address.
            /// zh: 地址。
            url("url"): String,
            /// When it ends, Unix seconds or milliseconds; 0 = never.
            /// zh: 过期时间，Unix 秒或毫秒；0 表示不过期。
            expired("expired_time", "expired", "expiredTime"): Option<Time>,
        }
        returns: "a Webhook" | "Webhook",
        example: r#"Webhook("https://oapi.dingtalk.com/robot/send?access_token=0")"#,
    }

    /// A token as an object, for the `access_token` of a method.
    /// zh: 访问令牌对象，用于方法的 `access_token` 参数。
    NewToken(Nothing "AccessToken") {
        form: Form::Local,
        cost: "0",
        effect: Read,
        by_position: 1,
        params {
            /// The token.
            /// zh: 令牌。
            token("token", "accessToken", "access_token"): String,
        }
        returns: "an AccessToken" | "AccessToken",
        example: r#"AccessToken("0123abcd")"#,
    }

    /// Text and marks as one message.
    /// zh: 由文本和 @ 组成的一条消息。
    NewChain(Nothing "MessageChain") {
        form: Form::Local,
        cost: "0",
        effect: Read,
        by_position: 1 variadic,
        params {
            /// Texts and `At(…)` in order.
            /// zh: 按顺序的文本和 `At(…)`。
            elements("elements"): Vec<Element>,
        }
        returns: "a MessageChain" | "MessageChain",
        example: r#"MessageChain(At("0110000001"), " 请看一下")"#,
    }

    /// A Markdown message.
    /// zh: Markdown 消息。
    NewMarkdown(Nothing "Markdown") {
        form: Form::Local,
        cost: "0",
        effect: Read,
        by_position: 2,
        params {
            /// The text.
            /// zh: 正文。
            text("text"): String,
            /// Shown in the list of conversations.
            /// zh: 会话列表中显示的标题。
            title("title"): Option<String> = "[Markdown]",
        }
        returns: "a Markdown" | "Markdown",
        example: r###"Markdown("## 发布\n- 完成", "发布")"###,
    }

    /// A mark that calls a person by `Member` or staffId, by mobile number (11 digits), or everybody (`"all"`).
    /// zh: @ 某人：`Member`、staffId、手机号（11 位数字），或 `"all"` 表示所有人。
    NewAt(Nothing "At") {
        form: Form::Local,
        cost: "0",
        effect: Read,
        by_position: 1,
        params {
            /// Who.
            /// zh: 被 @ 的人。
            target("target"): At,
        }
        returns: "an At" | "At",
        example: r#"At("0110000001")"#,
    }

    /// The robot of a configuration.
    /// zh: 机器人配置。
    NewBot(Nothing "Bot") {
        form: Form::Local,
        cost: "0",
        effect: Read,
        by_position: 5,
        params {
            /// App key.
            /// zh: AppKey。
            app_key("app_key", "appKey", "AppKey"): String,
            /// App secret.
            /// zh: AppSecret。
            app_secret("app_secret", "appSecret", "AppSecret"): String,
            /// Robot code.
            /// zh: 机器人编码。
            robot_code("robot_code", "robotCode", "RobotCode"): Option<String> = "the app key",
            /// Token of the group webhook.
            /// zh: 群 Webhook 的 access_token。
            webhook_token("group_webhook_access_token", "GroupWebhookAccessToken"): Option<String>,
            /// Signing key of the group webhook.
            /// zh: 群 Webhook 的加签密钥。
            webhook_key("group_webhook_secure_key", "GroupWebhookSecureKey"): Option<String>,
        }
        returns: "a Bot" | "Bot",
        example: r#"Bot("dingsandboxapp000001", "secret")"#,
    }

    /// The event callback of a configuration.
    /// zh: 事件回调配置。
    NewCallBack(Nothing "CallBack") {
        form: Form::Local,
        cost: "0",
        effect: Read,
        by_position: 3,
        params {
            /// Encryption key, 43 characters.
            /// zh: 加密密钥，43 个字符。
            aes_key("aes_key", "AesKey", "aesKey"): String,
            /// Signing token.
            /// zh: 签名 Token。
            token("token", "Token"): String,
            /// App key.
            /// zh: AppKey。
            app_key("app_key", "AppKey", "appKey"): String,
        }
        returns: "a CallBack" | "CallBack",
        example: r#"CallBack("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "dingtalkToken01", "dingsandboxapp000001")"#,
    }

    /// A Stream connection of a configuration.
    /// zh: Stream 连接配置。
    NewStream(Nothing "Stream") {
        form: Form::Local,
        cost: "0",
        effect: Read,
        by_position: 2,
        params {
            /// App key.
            /// zh: AppKey。
            app_key("app_key", "AppKey", "appKey"): String,
            /// App secret.
            /// zh: AppSecret。
            app_secret("app_secret", "AppSecret", "appSecret"): String,
        }
        returns: "a Stream" | "Stream",
        example: r#"Stream("dingsandboxapp000001", "secret")"#,
    }

    /// A configuration, with the keys of the configuration file or the guide's spellings.
    /// zh: 配置对象；键名与配置文件相同，也可使用指南中的写法。
    NewConfig(Nothing "Config") {
        form: Form::Local,
        cost: "0",
        effect: Read,
        by_position: 1,
        params {
            /// The keys.
            /// zh: 配置项。
            fields("fields"): Option<Map<String, Value>>,
        }
        returns: "a Config" | "Config",
        example: r#"Config(#{bot: Bot("dingsandboxapp000001", "secret")})"#,
    }

    /// Another live client, from a configuration.
    /// zh: 用配置创建另一个客户端。
    NewDingtalk(Nothing "Dingtalk") {
        form: Form::Local,
        cost: "0",
        effect: Read,
        by_position: 1,
        params {
            /// The configuration.
            /// zh: 配置。
            config("config"): Option<ConfigObject>,
        }
        returns: "a client with every method of `app`" | "拥有 `app` 全部方法的客户端",
        example: r#"Dingtalk(Config(#{use_database: false}))"#,
    }
}
