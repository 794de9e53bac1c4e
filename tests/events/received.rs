//! Messages to the robot.

use dingraia::events::{Event, Kind};
use dingraia::message::Element;
use dingraia::model::{MediaKind, Topic};
use serde_json::{Value, json};

use super::event;

fn message(payload: Value) -> Event {
    event(Topic::Message, "", payload)
}

/// A message in a single chat, with these fields on top.
#[allow(clippy::needless_pass_by_value, reason = "`single(json!(…))` reads best")]
fn single(extra: Value) -> Event {
    let mut payload = json!({
        "conversationId": "cidS1ngleAAAAbbbb==", "conversationType": "1", "chatbotUserId": "$:LWCP_v1:$Robot==",
        "msgId": "msgAAAA0002==", "senderNick": "韩梅梅", "senderStaffId": "manager4220",
        "senderId": "$:LWCP_v1:$AbCdEfGhIjKlMnOpQrStUvWxYz012345", "createAt": 1_700_000_060_000_i64,
        "sessionWebhook": "https://h/robot/sendBySession?session=f", "sessionWebhookExpiredTime": 1_700_005_460_000_i64,
    });
    payload.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
    message(payload)
}

/// The elements, written down.
fn parts(event: &Event) -> Vec<String> {
    let elements = &event.message.as_ref().unwrap().elements;
    elements
        .iter()
        .map(|element| match element {
            Element::File(file) => {
                let file = file.read();
                format!(
                    "{} {} {} {:?}",
                    file.kind.class(),
                    file.download_code,
                    file.given_name,
                    file.duration
                )
            }
            other => other.to_string(),
        })
        .collect()
}

#[test]
fn a_text_in_a_group() {
    let event = message(json!({
        "conversationId": "cidTestConversation0001==", "conversationType": "2", "conversationTitle": "发布群",
        "atUsers": [{ "dingtalkId": "$:LWCP_v1:$Robot==" }, { "dingtalkId": "$:LWCP_v1:$X==", "staffId": "0720" },
            { "dingtalkId": "$:LWCP_v1:$Out==" }],
        "chatbotCorpId": "ding9f", "chatbotUserId": "$:LWCP_v1:$BoTiDBoTiDBoTiDBoTiDBoTiDBoTiD12",
        "senderNick": "李雷", "senderStaffId": "0123", "senderId": "$:LWCP_v1:$AbCdEfGhIjKlMnOpQrStUvWxYz012345",
        "isInAtList": true, "sessionWebhook": "https://h/s", "sessionWebhookExpiredTime": 1_700_005_400_000_i64,
        "createAt": 1_700_000_000_000_i64, "robotCode": "dingabc", "msgtype": "text", "text": { "content": "  status  " },
    }));
    assert_eq!((event.name(), event.text.as_str(), event.at_me), ("GroupMessage", "status  ", true));
    assert_eq!(event.time, 1_700_000_000_000);
    assert_eq!(event.conversation, "cidTestConversation0001==");
    // The robot's own mark is left out where the ids say so; here none of them is the robot's.
    assert_eq!(parts(&event), ["@$:LWCP_v1:$Robot==", "@0720", "@$:LWCP_v1:$Out==", "status  "]);
    let group = event.group.as_ref().unwrap().read().clone();
    assert_eq!((group.id, group.name.as_str()), (Some(3_912_957_204), "发布群"));
    assert!(group.member.is_none());
    assert_eq!(group.webhook.unwrap().expired, Some(1_700_005_400.0));
    let member = event.member.as_ref().unwrap().read().clone();
    assert_eq!(
        (member.id, member.name.as_str(), member.staff_id.as_str()),
        (Some(3_359_076_501), "李雷", "0123")
    );
    assert_eq!((event.robot.id, event.robot.code.as_str()), (8_544_822_750, "dingabc"));
}

#[test]
fn a_single_chat_is_the_persons() {
    let event = single(json!({ "msgtype": "text", "text": { "content": "hi" } }));
    let group = event.group.as_ref().unwrap().read().clone();
    assert_eq!(group.id, Some(3_359_076_501), "the number of the person");
    assert_eq!(group.member.unwrap().staff_id, "manager4220");
    assert!(event.at_me, "alone with the robot everything is meant for it");
    assert_eq!(event.from(), Some((3_359_076_501, 3_359_076_501)));
}

#[test]
fn the_robots_own_mark_is_left_out() {
    let event = single(json!({ "atUsers": [{ "dingtalkId": "$:LWCP_v1:$Robot==" }], "msgtype": "text",
        "text": { "content": "hi" } }));
    assert_eq!(parts(&event), ["hi"]);
}

#[test]
fn other_messages_hold_files() {
    let of = |kind: &str, content: Value| parts(&single(json!({ "msgtype": kind, "content": content })));
    let rich = json!({ "richText": [{ "text": " look: " },
        { "type": "picture", "downloadCode": "d1", "pictureDownloadCode": "p1" }, { "text": "\nthanks" }] });
    assert_eq!(of("richText", rich), ["look: ", "Image d1  None", "\nthanks"]);
    let picture = json!({ "downloadCode": "d2", "pictureDownloadCode": "p2" });
    assert_eq!(of("picture", picture), ["Image d2  None"]);
    let audio =
        |duration: Value| json!({ "duration": duration, "downloadCode": "d3", "recognition": "你好" });
    assert_eq!(of("audio", audio(json!(4000))), ["Audio d3  Some(4000)", "你好"]);
    assert_eq!(of("audio", audio(json!("5"))), ["Audio d3  Some(5000)", "你好"], "seconds as text");
    assert_eq!(of("audio", audio(json!("5000"))), ["Audio d3  Some(5000)", "你好"]);
    let video = json!({ "duration": 7600, "videoType": "mp4", "downloadCode": "d4" });
    assert_eq!(of("video", video), ["Video d4  Some(7600)"]);
    let file = json!({ "spaceId": "2", "fileName": "计划.xlsx", "downloadCode": "d5", "fileId": "3" });
    assert_eq!(of("file", file), ["File d5 计划.xlsx None"]);
    assert_eq!(of("unknownMsgType", json!({})), ["Unknown Message"]);
    let event = single(json!({ "msgtype": "picture", "content": { "downloadCode": "d" } }));
    let Element::File(file) = &event.message.as_ref().unwrap().elements[0] else { panic!("no file") };
    assert_eq!(file.read().kind, MediaKind::Image);
}

#[test]
fn a_message_that_could_not_be_delivered() {
    let event = single(json!({ "msgtype": "text", "errorCode": "20001", "errorMessage": "quota exceeded" }));
    assert_eq!((event.kind(), event.message), (Kind::GettingMessageError, None));
    assert_eq!(event.raw["errorCode"], "20001");
}

#[test]
fn what_is_missing_or_odd_breaks_nothing() {
    for payload in [
        json!({}),
        json!({ "atUsers": "x", "text": 7, "msgtype": [], "senderId": {}, "createAt": "soon" }),
        json!({ "msgtype": "richText", "content": { "richText": { "a": 1 } } }),
        json!({ "msgtype": "audio", "content": { "duration": "-3" } }),
        json!({ "msgtype": "audio", "content": { "duration": "NaN" } }),
    ] {
        let event = message(payload);
        assert_eq!((event.kind(), event.from()), (Kind::GroupMessage, None));
    }
    let text = "长".repeat(300_000);
    let event = single(json!({ "msgtype": "text", "text": { "content": text } }));
    assert_eq!(event.text.chars().count(), 300_000);
}

#[test]
fn an_assistant_asks() {
    let body = json!({ "rawInput": "hello", "openConversationId": "cidT3==", "unionId": "unionIdTest0001",
        "userId": "0123", "sessionWebhook": "https://h/s", "corpId": "ding9f", "conversationToken": "ctok0001" });
    let payload =
        json!({ "requestLine": { "method": "POST", "uri": "/a" }, "headers": {}, "body": body.to_string() });
    let event = event(Topic::Assistant, "", payload);
    assert_eq!((event.name(), event.text.as_str()), ("AiAssistantMessage", "hello"));
    assert_eq!(event.fields["conversationToken"], "ctok0001");
    let member = event.member.as_ref().unwrap().read().clone();
    assert_eq!((member.id, member.staff_id.as_str()), (Some(306_460_070_818), "0123"));
    let webhook = event.group.as_ref().unwrap().read().webhook.clone().unwrap();
    assert_eq!(webhook.expired, Some(601.0), "600 s after it came");
    let bare = super::event(Topic::Assistant, "", json!({ "body": "no json" }));
    assert_eq!(bare.text, "");
}
