//! Frames in, answers out.

use std::sync::LazyLock;
use std::time::Duration;

use dingraia::model::{Taken, Topic};
use dingraia::stream::{Frame, MAX_FRAME, answer, delay, read};
use proptest::prelude::{any, prop, proptest};
use serde_json::{Value, json};

use crate::fuzz::cases;
use crate::support::gateway::{callback, event, message, payload, system};

fn push(frame: &Value) -> dingraia::model::Push {
    match read(&frame.to_string(), 5) {
        Ok(Frame::Push { push, .. }) => push,
        other => panic!("no push, but {other:?}"),
    }
}

fn refused(text: &str) -> (Option<String>, u16) {
    let refused = read(text, 5).unwrap_err();
    (refused.message_id, refused.code)
}

#[test]
fn pushes_are_read() {
    let found = push(&message("m1", "cidA==", "u1", "hi"));
    assert_eq!((found.topic, found.received), (Topic::Message, 5));
    assert_eq!(found.ids, ["m1", "msgm1=="]);
    assert_eq!(found.payload, payload("m1", "cidA==", "u1", "hi"));

    let frame = event("c7c7", "chat_update_title", &json!({ "title": "新名字" }));
    let found = push(&frame);
    assert_eq!((found.topic, found.event_type.as_str()), (Topic::Event, "chat_update_title"));
    assert_eq!(found.ids, ["c7c7"]);
    assert_eq!(found.payload["title"], "新名字");

    // One official sample says `header`, and numbers stand where texts are documented.
    let odd = json!({ "type": "EVENT", "header": { "messageId": 7, "eventType": "x", "eventBornTime": 1 }, "data": {"a": 1} });
    assert_eq!((push(&odd).ids, push(&odd).payload), (vec!["7".to_owned()], json!({"a": 1})));
    let bare = json!({ "type": "EVENT", "headers": { "messageId": "m", "eventType": "x" }, "data": "" });
    assert_eq!(push(&bare).payload, json!({}));
}

#[test]
fn the_system_is_heard() {
    let ping = r#"{"opaque":"0d-1"}"#;
    let found = read(&system("ping", ping).to_string(), 0).unwrap();
    assert_eq!(found, Frame::Ping { message_id: "sys1".into(), data: ping.into() });
    let found = read(&system("disconnect", r#"{"reason":"upgrade"}"#).to_string(), 0).unwrap();
    assert_eq!(found, Frame::Disconnect { reason: "upgrade".into() });
    for topic in ["CONNECTED", "REGISTERED", "KEEPALIVE", "new"] {
        assert_eq!(read(&system(topic, "{}").to_string(), 0).unwrap(), Frame::Nothing);
    }
}

#[test]
fn wrong_frames_are_refused() {
    for text in ["", "no", "[1]", "7", "{\"type\":\"EVENT\"}", "{\"headers\":{}}", "{\"headers\":7}"] {
        assert_eq!(refused(text), (None, 400), "{text}");
    }
    let id = Some("m".to_owned());
    let of = |kind: &str, topic: &str, data: &str| {
        json!({ "type": kind, "headers": { "messageId": "m", "topic": topic }, "data": data }).to_string()
    };
    assert_eq!(refused(&of("CALLBACK", "/v1.0/new", "{}")), (id.clone(), 404));
    assert_eq!(refused(&of("NEWS", "*", "{}")), (id.clone(), 400));
    assert_eq!(refused(&of("EVENT", "*", "{}")), (id.clone(), 400), "no eventType");
    for data in ["{", "[]", "text", "1"] {
        assert_eq!(refused(&of("CALLBACK", "/v1.0/im/bot/messages/get", data)), (id.clone(), 400), "{data}");
    }
    let deep = ["[".repeat(100_000), "]".repeat(100_000)].concat();
    assert_eq!(refused(&deep), (None, 400));
    assert_eq!(refused(&of("CALLBACK", "/v1.0/im/bot/messages/get", &deep)), (id, 400));
    let long = message("m", "cidA==", "u1", &"长".repeat(MAX_FRAME / 3)).to_string();
    assert_eq!(refused(&long), (None, 400));
}

#[test]
fn answers_are_as_documented() {
    let data = |topic, taken: &Taken, given| {
        let frame: Value = serde_json::from_str(&answer("m1", topic, taken, given)).unwrap();
        assert_eq!(frame["headers"], json!({ "messageId": "m1", "contentType": "application/json" }));
        let data: Value = serde_json::from_str(frame["data"].as_str().unwrap()).unwrap();
        (frame["code"].as_u64().unwrap(), data)
    };
    let good = json!({ "status": "SUCCESS", "message": "ok" });
    assert_eq!(data(Topic::Event, &Taken::Queued, None), (200, good.clone()));
    assert_eq!(data(Topic::Event, &Taken::Again, None), (200, good));
    assert_eq!(data(Topic::Event, &Taken::Full, None).1["status"], "LATER");
    assert_eq!(data(Topic::Message, &Taken::Queued, None), (200, json!({ "response": null })));
    assert_eq!(data(Topic::Message, &Taken::Full, None).0, 500);
    assert_eq!(data(Topic::Message, &Taken::Unreadable, None).0, 400);
    assert_eq!(data(Topic::CardAction, &Taken::Queued, None), (200, json!({ "response": {} })));
    let card = json!({ "cardData": { "cardParamMap": { "a": "1" } } });
    assert_eq!(
        data(Topic::CardAction, &Taken::Queued, Some(card.clone())),
        (200, json!({ "response": card }))
    );
    let response = json!({ "statusLine": { "code": 200, "reasonPhrase": "OK" },
        "headers": { "Content-Type": "application/json" }, "body": "{}" });
    assert_eq!(data(Topic::Assistant, &Taken::Queued, None), (200, json!({ "response": response })));
}

#[test]
fn waits_grow_and_differ() {
    let of =
        |attempt, random| delay(attempt, random, Duration::from_secs(1), Duration::from_secs(60)).as_millis();
    assert_eq!([0, 1, 2, 5].map(|attempt| of(attempt, 0)), [800, 1600, 3200, 25_600]);
    assert_eq!([0, 1, 2, 5].map(|attempt| of(attempt, u64::MAX)), [1200, 2400, 4800, 38_400]);
    for attempt in [6, 7, 30, u32::MAX] {
        assert_eq!((of(attempt, 0), of(attempt, u64::MAX)), (48_000, 72_000));
    }
}

/// The letters of a good frame.
static GOOD: LazyLock<Vec<char>> =
    LazyLock::new(|| message("m1", "cidA==", "u1", "你好").to_string().chars().collect());

proptest! {
    #![proptest_config(cases(100_000))]

    /// Whatever comes, reading it ends with a frame or a refusal.
    #[test]
    fn nothing_breaks_the_reader(text in any::<String>(), cut in any::<prop::sample::Index>(), with in any::<char>()) {
        let _ = read(&text, 0);
        // A good frame with one character changed.
        let mut letters = GOOD.clone();
        let at = cut.index(letters.len());
        letters[at] = with;
        let _ = read(&letters.iter().collect::<String>(), 0);
        let _ = read(&letters[..at].iter().collect::<String>(), 0);
    }

    /// What an unknown topic brings is refused with its id.
    #[test]
    fn unknown_topics_are_refused(topic in "[a-z/]{1,20}", id in "[ -~]{1,20}") {
        let frame = callback(&id, &topic, &json!({}));
        assert_eq!(refused(&frame.to_string()), (Some(id), 404));
    }
}
