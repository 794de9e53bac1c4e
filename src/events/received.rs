//! Messages to the robot: the payload becomes people, a group and a chain.

use serde_json::{Map, Value};

use super::event::{Event, Robot};
use super::field::{number, object, text};
use super::{Kind, field};
use crate::cache::{assistant_id, group_id, member_id};
use crate::message::{At, Element, MessageChain};
use crate::model::{File, Group, MediaKind, Member, Shared, Webhook};

/// What stands for a message of a kind that is not known.
const UNKNOWN: &str = "Unknown Message";

/// How long the webhook of an assistant's question may be used, in seconds.
const ASSISTANT_WEBHOOK: f64 = 600.0;

/// Reads a message to the robot into `event`.
pub(super) fn message(event: &mut Event, payload: &Map<String, Value>) {
    let failed = payload.contains_key("errorCode")
        && !payload.contains_key("text")
        && !payload.contains_key("content");
    event.kind = Some(if failed { Kind::GettingMessageError } else { Kind::GroupMessage });
    let conversation = text(payload, "conversationId");
    let single = text(payload, "conversationType") == "1";
    let member = member(payload);
    let webhook = Some(text(payload, "sessionWebhook")).filter(|url| !url.is_empty());
    let expired = number(payload, "sessionWebhookExpiredTime").map(|at| at as f64);
    let id =
        if single { member.id } else { Some(group_id(&conversation)).filter(|_| !conversation.is_empty()) };
    event.group = Some(Shared::new(Group {
        id,
        name: text(payload, "conversationTitle"),
        conversation_id: conversation.clone(),
        webhook: webhook.map(|url| Webhook::new(url, expired)),
        member: single.then(|| member.clone()),
    }));
    event.member = Some(Shared::new(member));
    event.robot = Robot {
        id: member_id(&text(payload, "chatbotUserId")),
        code: text(payload, "robotCode"),
        corp_id: text(payload, "chatbotCorpId"),
    };
    event.at_me = single || field(payload, "isInAtList").and_then(Value::as_bool).unwrap_or_default();
    // One official sample writes `createA`.
    event.time = number(payload, "createAt").or_else(|| number(payload, "createA")).unwrap_or(event.time);
    event.conversation = conversation;
    if !failed {
        let chain = chain(payload);
        event.text = chain.plain();
        event.message = Some(chain);
    }
}

fn member(payload: &Map<String, Value>) -> Member {
    let sender = text(payload, "senderId");
    Member {
        id: Some(member_id(&sender)).filter(|id| *id != 0),
        name: text(payload, "senderNick"),
        staff_id: text(payload, "senderStaffId"),
        union_id: text(payload, "senderUnionId"),
    }
}

/// Marks of others come first, then what was said.
fn chain(payload: &Map<String, Value>) -> MessageChain {
    let robot = text(payload, "chatbotUserId");
    let marked = field(payload, "atUsers").and_then(Value::as_array).into_iter().flatten();
    let marks = marked.filter_map(Value::as_object).filter_map(|user| {
        let (id, staff) = (text(user, "dingtalkId"), text(user, "staffId"));
        let name = if staff.is_empty() { &id } else { &staff };
        (id != robot && !name.is_empty()).then(|| Element::At(At::Staff(name.clone())))
    });
    let mut elements: Vec<Element> = marks.collect();
    let content = object(payload, "content");
    match text(payload, "msgtype").as_str() {
        "text" => {
            let said = text(&object(payload, "text"), "content");
            elements.push(Element::Plain(said.trim_start().to_owned()));
        }
        "richText" => elements.extend(rich(&content)),
        "picture" => elements.push(file(&content, MediaKind::Image)),
        "audio" => {
            elements.push(file(&content, MediaKind::Voice));
            // What was said in it, as far as it was understood.
            let heard = text(&content, "recognition");
            elements.extend(Some(Element::Plain(heard.clone())).filter(|_| !heard.is_empty()));
        }
        "video" => elements.push(file(&content, MediaKind::Video)),
        "file" => elements.push(file(&content, MediaKind::File)),
        _ => elements.push(Element::Plain(UNKNOWN.into())),
    }
    MessageChain { elements }
}

fn rich(content: &Map<String, Value>) -> Vec<Element> {
    let parts = field(content, "richText").and_then(Value::as_array).into_iter().flatten();
    let mut elements: Vec<Element> = parts
        .filter_map(Value::as_object)
        .filter_map(|part| match text(part, "type").as_str() {
            "picture" => Some(file(part, MediaKind::Image)),
            _ => Some(text(part, "text")).filter(|text| !text.is_empty()).map(Element::Plain),
        })
        .collect();
    if let Some(Element::Plain(first)) = elements.first_mut() {
        *first = first.trim_start().to_owned();
    }
    elements
}

fn file(content: &Map<String, Value>, kind: MediaKind) -> Element {
    let code = text(content, "downloadCode");
    let given_name = text(content, "fileName");
    let download_code = if code.is_empty() { text(content, "pictureDownloadCode") } else { code };
    let duration = duration(field(content, "duration"));
    Element::File(Shared::new(File { kind, given_name, download_code, duration, ..File::default() }))
}

/// A duration in milliseconds. Documents give milliseconds as a number, one sample gives seconds as text.
fn duration(value: Option<&Value>) -> Option<u64> {
    match value? {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => {
            let number: f64 = text.trim().parse().ok().filter(|number: &f64| *number >= 0.0)?;
            // Nobody speaks for a quarter of an hour.
            Some(if number < 1000.0 { number * 1000.0 } else { number } as u64)
        }
        _ => None,
    }
}

/// Reads the question that an AI assistant passes on into `event`; its body's fields are chosen by whoever set it up.
pub(super) fn assistant(event: &mut Event, payload: &Map<String, Value>) {
    event.kind = Some(Kind::AiAssistantMessage);
    let body = object(payload, "body");
    let (union_id, conversation) = (text(&body, "unionId"), text(&body, "openConversationId"));
    let webhook = Some(text(&body, "sessionWebhook")).filter(|url| !url.is_empty());
    let expired = event.time as f64 / 1000.0 + ASSISTANT_WEBHOOK;
    event.group = Some(Shared::new(Group {
        id: Some(group_id(&conversation)).filter(|_| !conversation.is_empty()),
        conversation_id: conversation.clone(),
        webhook: webhook.map(|url| Webhook::new(url, Some(expired))),
        ..Group::default()
    }));
    event.member = Some(Shared::new(Member {
        id: Some(assistant_id(&union_id)).filter(|id| *id != 0),
        staff_id: text(&body, "userId"),
        union_id,
        ..Member::default()
    }));
    event.robot.corp_id = text(&body, "corpId");
    event.text = text(&body, "rawInput");
    event.message = Some(MessageChain { elements: vec![Element::Plain(event.text.clone())] });
    event.at_me = true;
    event.conversation = conversation;
    event.fields = body;
}
