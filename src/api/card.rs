//! Cards, and the AI cards that are written while they are read.

use super::card_kinds::{
    CallbackType, CardData, CardId, CardMarkdown, CardTarget, ConversationToken, Count, Function, Logo,
    TrackId,
};
use super::{Flag, Seconds};
use crate::message::Target;
use crate::model::{AiCard, ContentType, PrivateData, Shared};
use crate::spec::{Endpoint, Form, Host, Verb};

/// Makes a card that nobody sees yet.
pub const CREATE: Endpoint = Endpoint { verb: Verb::Post, host: Host::Api, path: "/v1.0/card/instances" };
/// Shows a card to a group or a person.
pub const DELIVER: Endpoint =
    Endpoint { verb: Verb::Post, host: Host::Api, path: "/v1.0/card/instances/deliver" };
/// Changes a card's data.
pub const UPDATE: Endpoint = Endpoint { verb: Verb::Put, host: Host::Api, path: "/v1.0/card/instances" };
/// Writes the text of an AI card.
pub const STREAM: Endpoint = Endpoint { verb: Verb::Put, host: Host::Api, path: "/v1.0/card/streaming" };
/// Answers a question to an AI assistant.
pub const REPLY: Endpoint = Endpoint { verb: Verb::Post, host: Host::Api, path: "/v1.0/aiInteraction/reply" };

const SENDS: Form = Form::Several(&[CREATE, DELIVER]);
const SENDS_LOGO: Form =
    Form::Several(&[Endpoint { verb: Verb::Post, host: Host::Oapi, path: "/media/upload" }, CREATE, DELIVER]);
const WRITES: Form = Form::Several(&[CREATE, DELIVER, STREAM]);
const MESSAGES: Form = Form::Several(&[
    Endpoint { verb: Verb::Post, host: Host::Api, path: "/v1.0/robot/groupMessages/send" },
    Endpoint { verb: Verb::Post, host: Host::Api, path: "/v1.0/robot/oToMessages/batchSend" },
    Endpoint { verb: Verb::Post, host: Host::Oapi, path: "/robot/sendBySession" },
    Endpoint { verb: Verb::Post, host: Host::Oapi, path: "/robot/send" },
]);

crate::methods! {
    group "card";

    /// Sends a card to a group or a person.
    /// zh: 发送卡片消息。
    SendCard(App "send_card") {
        form: SENDS,
        cost: "2",
        effect: Notify,
        by_position: 7,
        params {
            /// A group or a person.
            /// zh: 群或成员。
            target("target"): CardTarget,
            /// The template.
            /// zh: 卡片模板 ID。
            template("cardTemplateId", "card_template_id"): String,
            /// The values of the template's variables; what is no text is sent as JSON text.
            /// zh: 卡片数据；非文本的值会转为 JSON 文本。
            data("cardData", "card_data"): CardData,
            /// What single people see: a `PrivateDataBuilder` or a map by staffId.
            /// zh: 私有数据：`PrivateDataBuilder` 或以 staffId 为键的映射。
            private_data("privateData", "private_data"): Option<PrivateData>,
            /// Whether the card may be forwarded.
            /// zh: 是否支持转发。
            support_forward("supportForward", "support_forward"): Option<Flag> = "false",
            /// How clicks come back; `auto` is Stream when a stream is configured or the app listens, HTTP when a route key is configured.
            /// zh: 回调类型；`auto` 表示配置了 stream 或应用正在监听时用 Stream，配置了路由键时用 HTTP。
            callback_type("callbackType", "callback_type"): Option<CallbackType> = "auto",
            /// The id of the new card; a new one for each call.
            /// zh: 卡片的外部追踪 ID，默认每次随机生成。
            out_track_id("outTrackId", "out_track_id"): Option<TrackId> = "a new id",
            /// The route key of HTTP callbacks.
            /// zh: HTTP 回调的路由键。
            route_key("callbackRouteKey", "callback_route_key"): Option<String> = "card_route_key",
        }
        returns: "a CardResponse: card_data, private_data, outTrackId" | "CardResponse：card_data、private_data、outTrackId",
        example: r#"app.send_card(OpenConversationId("cidSandboxRelease0001=="), "589420e2-c1e2-46ef-a5ed-b8728e654da9.schema", #{title: "构建", markdown: "**通过**"}).card_data.title"#,
    }

    /// Sends a Markdown text as a card, which can be changed later.
    /// zh: 发送 Markdown 卡片消息。
    SendMarkdownCard(App "send_markdown_card") {
        form: SENDS_LOGO,
        cost: "2",
        effect: Notify,
        by_position: 5,
        params {
            /// A group or a person.
            /// zh: 群或成员。
            target("target"): CardTarget,
            /// The text and its title.
            /// zh: Markdown 内容，必须是 `Markdown` 实例。
            markdown("markdown"): CardMarkdown,
            /// The picture beside the title: a mediaId that begins with `@`, or a File, which is uploaded first.
            /// zh: 卡片 logo：以 `@` 开头的 mediaId，或先上传的 File。
            logo("logo"): Option<Logo> = "@lALPDfJ6V_FPDmvNAfTNAfQ",
            /// The id of the new card; a new one for each call.
            /// zh: 卡片的外部追踪 ID，默认每次随机生成。
            out_track_id("outTrackId", "out_track_id"): Option<TrackId> = "a new id",
            /// Whether the card may be forwarded.
            /// zh: 是否支持转发。
            support_forward("supportForward", "support_forward"): Option<Flag> = "false",
        }
        returns: "a CardResponse: card_data, private_data, outTrackId" | "CardResponse：card_data、private_data、outTrackId",
        example: r###"app.send_markdown_card(OpenConversationId("cidSandboxRelease0001=="), Markdown("## 你好", "标题")).card_data.title"###,
    }

    /// Changes values of a card; those that are not given stay.
    /// zh: 更新卡片；未给出的字段保持不变。
    UpdateCard(App "update_card") {
        form: Form::Several(&[UPDATE]),
        cost: "1",
        effect: Notify,
        by_position: 3,
        params {
            /// The card: the `CardResponse` or its outTrackId.
            /// zh: 卡片：`CardResponse` 或外部追踪 ID。
            card("outTrackId", "out_track_id"): CardId,
            /// The new values: a map or a `Markdown`.
            /// zh: 卡片数据：映射或 `Markdown`。
            data("cardParamData", "card_param_data", "cardData", "card_data"): Option<CardData>,
            /// What single people see: a `PrivateDataBuilder` or a map by staffId.
            /// zh: 私有数据：`PrivateDataBuilder` 或以 staffId 为键的映射。
            private_data("privateData", "private_data"): Option<PrivateData>,
        }
        returns: "DingTalk's answer" | "钉钉原始返回",
        example: r###"app.update_card(app.send_markdown_card("cidSandboxRelease0001==", Markdown("## 构建中", "构建")), Markdown("## 通过", "构建")).success"###,
    }

    /// Sends a card whose text is written while people read it. Clicks, a handler, its length or Ctrl-C end it.
    /// zh: 发送 AI 卡片，边生成边更新；可由点击、处理函数、长度或 Ctrl-C 停止。
    SendAiCard(App "send_ai_card", "sned_ai_card") {
        form: WRITES,
        cost: "3+",
        effect: Notify,
        by_position: 6,
        params {
            /// A group or a person.
            /// zh: 群或成员。
            target("target"): CardTarget,
            /// The template.
            /// zh: 卡片模板 ID。
            template("cardTemplateId", "card_template_id"): String,
            /// Where the text comes from.
            /// zh: 文本来源。
            card("card"): Shared<AiCard>,
            /// The least seconds between two updates; never less than half a second.
            /// zh: 两次更新的最小间隔（秒），至少半秒。
            update_limit("update_limit", "updateLimit"): Option<Seconds> = "0",
            /// The variable of the template that holds the text.
            /// zh: 文本在卡片模板中的键名。
            key("key"): Option<String> = "content",
            /// The id of the new card; a new one for each call.
            /// zh: 卡片的外部追踪 ID，默认每次随机生成。
            out_track_id("outTrackId", "out_track_id"): Option<TrackId> = "a new id",
            /// The least new characters of an update.
            /// zh: 每次更新至少新增的字符数。
            update_chars("update_chars", "updateChars"): Option<Count> = "1",
            /// A click with this action ends the text.
            /// zh: 点击该动作时停止输出。
            stop_action_id("stopActionId", "stop_action_id"): Option<String> = "stop",
            /// Called with each callback of the card; `true` ends the text.
            /// zh: 收到卡片回调时调用，返回 `true` 则停止输出。
            stop_handler("stopHandler", "stop_handler"): Option<Function>,
            /// Written behind a text that was stopped.
            /// zh: 停止时追加的文本。
            stop_text("stopAdditionalText", "stop_additional_text"): Option<String> = "[Stop]",
            /// The most characters; a longer text is cut there and a note says so.
            /// zh: 最大字符数，超出部分截断并附加说明。
            max_length("maxAnswerLength", "max_answer_length"): Option<Count> = "8192",
            /// Whether the card may be forwarded.
            /// zh: 是否支持转发。
            support_forward("supportForward", "support_forward"): Option<Flag> = "false",
            /// How clicks come back; `auto` is Stream when a stream is configured or the app listens, HTTP when a route key is configured.
            /// zh: 回调类型；`auto` 表示配置了 stream 或应用正在监听时用 Stream，配置了路由键时用 HTTP。
            callback_type("callbackType", "callback_type"): Option<CallbackType> = "auto",
            /// The route key of HTTP callbacks.
            /// zh: HTTP 回调的路由键。
            route_key("callbackRouteKey", "callback_route_key"): Option<String> = "card_route_key",
        }
        returns: "a CardResponse: card_data, private_data, outTrackId" | "CardResponse：card_data、private_data、outTrackId",
        example: r#"let card = AICard(); card.set_response(["你好，", "世界"]); app.send_ai_card("cidSandboxRelease0001==", "8f250f96-da0f-4c9f-8302-740fa0ced1f5.schema", card).card_data.content"#,
    }

    /// Sends the text of an AI card as Markdown messages, one for each paragraph.
    /// zh: 将 AI 卡片的文本按段落以 Markdown 消息逐条发送。
    SendAiMessage(App "send_ai_message") {
        form: MESSAGES,
        cost: "1+ / 0",
        effect: Notify,
        by_position: 2,
        params {
            /// Where it goes, as in `send_message`; `()` is the signed group webhook of the configuration.
            /// zh: 发送目标，与 `send_message` 相同；`()` 表示配置中的加签群 Webhook。
            target("target"): Option<Target>,
            /// Where the text comes from.
            /// zh: 文本来源。
            card("card"): Shared<AiCard>,
        }
        returns: "a list of Responses" | "Response 列表",
        example: r###"let card = AICard(); card.set_response("## 结论\n\n一切正常"); app.send_ai_message("cidSandboxRelease0001==", card).len()"###,
    }

    /// Answers a question to an AI assistant with a card that is written while it is read.
    /// zh: 以 AI 卡片回复 AI 助理的提问，边生成边更新。
    AssistantSendAiCard(App "assistant_send_ai_card") {
        form: Form::Several(&[REPLY]),
        cost: "2+",
        effect: Notify,
        by_position: 4,
        params {
            /// The token that came with the question.
            /// zh: 提问中携带的会话令牌。
            token("conversationToken", "conversation_token"): ConversationToken,
            /// Where the text comes from.
            /// zh: 文本来源。
            card("card"): Shared<AiCard>,
            /// The least seconds between two updates; never less than half a second.
            /// zh: 两次更新的最小间隔（秒），至少半秒。
            update_limit("update_limit", "updateLimit"): Option<Seconds> = "0",
            /// The variable of the template that holds the text.
            /// zh: 文本在卡片模板中的键名。
            key("key"): Option<String> = "content",
            /// The template.
            /// zh: 卡片模板 ID。
            template("cardTemplateId", "card_template_id", "templateId"): Option<String> = "8f250f96-da0f-4c9f-8302-740fa0ced1f5.schema",
            /// The least new characters of an update.
            /// zh: 每次更新至少新增的字符数。
            update_chars("update_chars", "updateChars"): Option<Count> = "1",
            /// Written behind a text that was stopped.
            /// zh: 停止时追加的文本。
            stop_text("stopAdditionalText", "stop_additional_text"): Option<String> = "[Stop]",
            /// The most characters; a longer text is cut there and a note says so.
            /// zh: 最大字符数，超出部分截断并附加说明。
            max_length("maxAnswerLength", "max_answer_length"): Option<Count> = "8192",
        }
        returns: "true" | "true",
        example: r#"let card = AICard(); card.set_content("你好"); app.assistant_send_ai_card("ctokSandbox0001", card)"#,
    }

    /// Gives the last callback of a card, when one has arrived.
    /// zh: 获取卡片最近一次的回调数据。
    GetCardData(App "get_card_data") {
        form: Form::Local,
        cost: "0",
        effect: Read,
        by_position: 1,
        params {
            /// The card: the `CardResponse` or its outTrackId.
            /// zh: 卡片：`CardResponse` 或外部追踪 ID。
            card("outTrackId", "out_track_id"): CardId,
        }
        returns: "a map, or ()" | "映射，或 ()",
        example: r#"app.get_card_data("no-such-card")"#,
    }

    /// Collects what single people see in a card: `.add(user, key, value)` or `.add(user, #{key: value})`, as often as needed.
    /// zh: 构建卡片私有数据：`.add(用户, 键, 值)` 或 `.add(用户, #{键: 值})`，可连续调用。
    NewPrivateData(Nothing "PrivateDataBuilder") {
        form: Form::Local,
        cost: "0",
        effect: Read,
        by_position: 1,
        params {
            /// A map by staffId to begin with.
            /// zh: 初始数据，以 staffId 为键的映射。
            data("data"): Option<PrivateData>,
        }
        returns: "a PrivateDataBuilder" | "PrivateDataBuilder",
        example: r#"PrivateDataBuilder().add("manager4220", "vote", "yes")"#,
    }

    /// An AI card. Its text comes from `set_response(text, list or function)`, `set_content(text)` or
    /// `withPostUrl(url, payload, handler, headers, timeout)`; a function is called until it returns `()`.
    /// zh: AI 卡片。文本由 `set_response(文本、列表或函数)`、`set_content(文本)` 或 `withPostUrl(url, payload, handler, headers, timeout)` 提供；函数会被反复调用，直到返回 `()`。
    NewAiCard(Nothing "AICard") {
        form: Form::Local,
        cost: "0",
        effect: Read,
        by_position: 0,
        params {
            /// What each piece is: `full` the whole text, `stream` an addition, `auto` decides by the first two.
            /// zh: 每段文本的含义：`full` 全量，`stream` 追加，`auto` 自动判断。
            content_type("content_type", "contentType"): Option<ContentType> = "auto",
        }
        returns: "an AICard" | "AICard",
        example: r#"let card = AICard(); card.set_response(["你", "好"], "stream"); card"#,
    }
}
