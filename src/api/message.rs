//! Sending and recalling.

use serde_json::{Map, Value};

use super::{ConversationId, Messages, Receipts, RemindType, Seconds, Texts, UserIds, Voice, Words};
use crate::message::Target;
use crate::spec::{Endpoint, Form, Host, Verb};

const SENDS: Form = Form::Several(&[
    Endpoint { verb: Verb::Post, host: Host::Api, path: "/v1.0/robot/groupMessages/send" },
    Endpoint { verb: Verb::Post, host: Host::Api, path: "/v1.0/robot/oToMessages/batchSend" },
    Endpoint { verb: Verb::Post, host: Host::Oapi, path: "/robot/sendBySession" },
    Endpoint { verb: Verb::Post, host: Host::Oapi, path: "/robot/send" },
]);

const RECALLS: Form = Form::Several(&[
    Endpoint { verb: Verb::Post, host: Host::Api, path: "/v1.0/robot/groupMessages/recall" },
    Endpoint { verb: Verb::Post, host: Host::Api, path: "/v1.0/robot/otoMessages/batchRecall" },
]);

crate::methods! {
    group "message";

    /// Sends one or more messages to a group, a person or a webhook. With several messages, or a list of them, the answer is a
    /// list.
    /// zh: 向群、成员或 Webhook 发送一条或多条消息；多条消息返回列表。
    SendMessage(App "send_message") {
        form: SENDS,
        cost: "1 / 0",
        effect: Notify,
        by_position: 2 variadic,
        params {
            /// Where it goes; `()` is the signed group webhook of the configuration.
            /// zh: 发送目标；`()` 表示配置中的加签群 Webhook。
            target("target"): Option<Target>,
            /// What is sent: text, `MessageChain`, `Markdown`, `Link`, `ActionCard`, `FeedCard`, `File` and its kinds, or a list.
            /// zh: 发送内容：文本、`MessageChain`、`Markdown`、`Link`、`ActionCard`、`FeedCard`、`File` 及其各类，或列表。
            messages("msg", "message", "messages"): Messages,
            /// Further HTTP headers.
            /// zh: 额外的 HTTP 请求头。
            headers("headers"): Option<Map<String, Value>>,
        }
        returns: "a Response, or a list of them" | "Response，或由它们组成的列表",
        example: r#"app.send_message(OpenConversationId("cidSandboxRelease0001=="), "你好")"#,
    }

    /// The same as `send_message` with exactly one message; the third argument holds HTTP headers.
    /// zh: 与 `send_message` 相同，但只接受一条消息；第三个参数为 HTTP 请求头。
    SendMessageBlocking(App "sendMessage") {
        form: SENDS,
        cost: "1 / 0",
        effect: Notify,
        by_position: 3,
        params {
            /// Where it goes; `()` is the signed group webhook of the configuration.
            /// zh: 发送目标；`()` 表示配置中的加签群 Webhook。
            target("target"): Option<Target>,
            /// What is sent: text, `MessageChain`, `Markdown`, `Link`, `ActionCard`, `FeedCard`, `File` and its kinds, or a list.
            /// zh: 发送内容：文本、`MessageChain`、`Markdown`、`Link`、`ActionCard`、`FeedCard`、`File` 及其各类，或列表。
            messages("msg", "message", "messages"): Messages,
            /// Further HTTP headers.
            /// zh: 额外的 HTTP 请求头。
            headers("headers"): Option<Map<String, Value>>,
        }
        returns: "a Response, or a list of them" | "Response，或由它们组成的列表",
        example: r#"app.sendMessage(Member("manager4220"), Markdown("**完成**", "构建"))"#,
    }

    /// Recalls messages that were sent through the API, 20 in a call. A webhook's message cannot be recalled.
    /// zh: 撤回通过 API 发送的消息，每次请求最多 20 条；Webhook 消息无法撤回。
    RecallMessage(App "recall_message") {
        form: RECALLS,
        cost: "1",
        effect: Notify,
        by_position: 1,
        params {
            /// The answer of `send_message`, or a list of them.
            /// zh: `send_message` 的返回值或其列表。
            message("message"): Option<Receipts>,
            /// The conversation of the keys; without it they are messages to people.
            /// zh: 消息所在会话；不填则视为单聊消息。
            conversation("openConversationId", "OpenConversationId"): Option<ConversationId>,
            /// The keys of the messages, when their answers are no longer at hand.
            /// zh: 消息的唯一标识，可在没有返回值对象时使用。
            keys("processQueryKeys", "process_query_keys"): Option<Texts>,
            /// The robot that sent them.
            /// zh: 发送消息的机器人编码。
            robot_code("robotCode", "robot_code"): Option<String> = "the configured robot",
            /// Waits so many seconds and recalls then, while the console goes on.
            /// zh: 等待若干秒后在后台撤回。
            delay("inThreadTime", "in_thread_time"): Option<Seconds> = "0",
        }
        returns: "DingTalk's answer: successResult and failedResult; a list for a list" | "钉钉原始返回：successResult 与 failedResult；列表对应列表",
        example: r#"app.recall_message(app.send_message("cidSandboxRelease0001==", "发错了"))"#,
    }

    /// Sends a DING to people: in the app, by SMS or by phone.
    /// zh: 发送 DING：应用内、短信或电话。
    SendDing(App "send_ding") {
        form: Form::Several(&[Endpoint { verb: Verb::Post, host: Host::Api, path: "/v1.0/robot/ding/send" }]),
        cost: "1",
        effect: Notify,
        by_position: 3,
        params {
            /// Whom: `Member`, staffId or a list of either.
            /// zh: 人员：`Member`、staffId 或其列表。
            targets("targets", "target"): UserIds,
            /// What it says.
            /// zh: 消息内容。
            content("content"): Words,
            /// 1 in the app (200 people in a call), 2 by SMS, 3 by phone (20 people).
            /// zh: 1 应用内（每次 200 人），2 短信、3 电话（每次 20 人）。
            remind("remindType", "remind_type"): Option<RemindType> = "1",
            /// The robot.
            /// zh: 机器人编码。
            robot_code("robotCode", "robot_code"): Option<String> = "the configured robot",
            /// The voice of a call, such as `Standard_Female_Voice`.
            /// zh: 电话语音，例如 `Standard_Female_Voice`。
            voice("callVoice", "call_voice"): Option<Voice>,
        }
        returns: "DingTalk's answer with openDingId" | "钉钉原始返回，含 openDingId",
        example: r#"app.send_ding([Member("0110000001")], "服务器告警", 1)"#,
    }
}
