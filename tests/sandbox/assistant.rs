//! What an assistant says.

use serde_json::{Value, json};

use super::bench::{Bench, HEADER, RELEASE, answer, ok, refused, with, without};

const REPLY: &str = "/v1.0/aiInteraction/reply";
const PREPARE: &str = "/v1.0/aiInteraction/prepare";
const UPDATE: &str = "/v1.0/aiInteraction/update";
const FINISH: &str = "/v1.0/aiInteraction/finish";
const TEMPLATE: &str = "8f250f96-da0f-4c9f-8302-740fa0ced1f5.schema";

fn content(text: &str, last: bool) -> Value {
    json!({
        "templateId": TEMPLATE,
        "cardData": {"key": "content", "value": text, "isFinalize": last, "isFull": true},
        "options": {"componentTag": "streamingComponent"},
    })
}

fn say(token: &str, content: &Value) -> Value {
    json!({"conversationToken": token, "contentType": "ai_card", "content": content.to_string()})
}

#[tokio::test]
async fn a_question_is_answered() {
    let bench = Bench::new().await;
    let done = json!({"result": {"success": true}});
    for (text, last) in [("你", false), ("你好", true)] {
        let body = say("ctokSandbox0001", &content(text, last));
        assert_eq!(ok(bench.api(REPLY, &body).await), done);
    }
    let said = bench.sandbox.assistant();
    assert_eq!(
        (said.len(), said[1].call, said[1].conversation_token.as_str()),
        (2, "reply", "ctokSandbox0001")
    );
    assert_eq!(said[1].content, content("你好", true));
}

#[tokio::test]
async fn answers_are_refused() {
    let bench = Bench::new().await;
    let good = say("ctokSandbox0001", &content("a", true));
    let text = |value: Value| with(&good, "content", json!(value.to_string()));
    let data = |value: Value| text(json!({"templateId": TEMPLATE, "cardData": value}));
    let cases = [
        (with(&good, "conversationToken", json!("x")), "invalid.conversation.token"),
        (without(&good, "conversationToken"), "invalid.conversation.token"),
        (with(&good, "contentType", json!("text")), "invalid.content.type"),
        (without(&good, "contentType"), "invalid.content.type"),
        (without(&good, "content"), "invalid.content"),
        (with(&good, "content", json!("plain")), "invalid.content"),
        (with(&good, "content", content("a", true)), "invalid.param"),
        (data(json!({"key": "content", "value": "a"})), "invalid.content"),
        (data(json!({"key": "content", "content": "a", "isFinalize": true})), "invalid.content"),
        (data(json!({"key": "", "value": "a", "isFinalize": true})), "invalid.content"),
        (text(with(&content("a", true), "options", json!({"componentTag": "other"}))), "invalid.content"),
        (with(&good, "unionId", json!("x")), "invalid.param"),
    ];
    for (body, code) in cases {
        refused(bench.api(REPLY, &body).await, 400, code);
    }
    let naked = answer(bench.http.post(bench.at_api(REPLY)).header(HEADER, "x").json(&good)).await;
    refused(naked, 400, "InvalidAuthentication");
    assert_eq!(bench.sandbox.assistant(), []);
}

#[tokio::test]
async fn a_message_of_its_own_has_three_steps() {
    let bench = Bench::new().await;
    let whole = json!({"templateId": TEMPLATE, "cardData": {"content": ""}}).to_string();
    let prepare = json!({"openConversationId": RELEASE, "contentType": "ai_card", "content": whole});
    let body = ok(bench.api(PREPARE, &prepare).await);
    let token = body["result"]["conversationToken"].as_str().unwrap();
    assert_eq!(body, json!({"result": {"conversationToken": token}}));
    refused(bench.api(REPLY, &say(token, &content("a", true))).await, 400, "invalid.conversation.token");
    let done = json!({"result": {"success": true}});
    assert_eq!(ok(bench.api(UPDATE, &say(token, &content("a", true))).await), done);
    let finish = json!({"conversationToken": token});
    assert_eq!(ok(bench.api(FINISH, &finish).await), done);
    refused(bench.api(FINISH, &finish).await, 400, "invalid.conversation.token");
    refused(bench.api(UPDATE, &say(token, &content("a", true))).await, 400, "invalid.conversation.token");
    let calls: Vec<&str> = bench.sandbox.assistant().iter().map(|frame| frame.call).collect();
    assert_eq!(calls, ["prepare", "update", "finish"]);
    let cases = [
        (without(&prepare, "openConversationId"), "invalid.param"),
        (with(&prepare, "openConversationId", json!("cidNo==")), "invalid.param"),
        (with(&prepare, "unionId", json!("nobody")), "invalid.param"),
        (with(&prepare, "contentType", json!("text")), "invalid.content.type"),
        (with(&prepare, "content", json!("{}")), "invalid.content"),
    ];
    for (body, code) in cases {
        refused(bench.api(PREPARE, &body).await, 400, code);
    }
    ok(bench.api(PREPARE, &without(&prepare, "content")).await);
}
