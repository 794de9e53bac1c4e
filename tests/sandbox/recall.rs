//! Taking messages back.

use serde_json::{Value, json};

use super::bench::{Bench, EVERYONE, RELEASE, ROBOT, refused, with, without};

const GROUP: &str = "/v1.0/robot/groupMessages/recall";
const PEOPLE: &str = "/v1.0/robot/otoMessages/batchRecall";
const DAY: i64 = 24 * 3600 * 1000;

async fn sent_to_group(bench: &Bench) -> String {
    let body = json!({
        "robotCode": ROBOT, "openConversationId": RELEASE, "msgKey": "sampleText", "msgParam": "{\"content\":\"a\"}",
    });
    key(bench.api("/v1.0/robot/groupMessages/send", &body).await)
}

async fn sent_to_people(bench: &Bench) -> String {
    let body = json!({
        "robotCode": ROBOT, "userIds": ["0110000001", "0110000002"],
        "msgKey": "sampleText", "msgParam": "{\"content\":\"a\"}",
    });
    key(bench.api("/v1.0/robot/oToMessages/batchSend", &body).await)
}

fn key((status, body): (u16, Value)) -> String {
    assert_eq!(status, 200, "{body}");
    body["processQueryKey"].as_str().unwrap().to_string()
}

fn from_group(cid: &str, keys: &[&str]) -> Value {
    json!({"robotCode": ROBOT, "openConversationId": cid, "processQueryKeys": keys})
}

fn from_people(keys: &[&str]) -> Value {
    json!({"robotCode": ROBOT, "processQueryKeys": keys})
}

#[tokio::test]
async fn a_group_message_is_recalled_once() {
    let bench = Bench::new().await;
    let (first, second) = (sent_to_group(&bench).await, sent_to_group(&bench).await);
    let answer = bench.api(GROUP, &from_group(RELEASE, &[&first, "unknown", &first])).await;
    let expected = json!({"successResult": [first], "failedResult": {"unknown": "invalid.processQueryKey"}});
    assert_eq!(answer, (200, expected));
    let recalled: Vec<bool> = bench.sandbox.sent().iter().map(|message| message.recalled).collect();
    assert_eq!(recalled, [true, false]);
    refused(bench.api(GROUP, &from_group(RELEASE, &[&first])).await, 400, "invalid.processQueryKey");
    let answer = bench.api(GROUP, &from_group(RELEASE, &[&second])).await;
    assert_eq!(answer, (200, json!({"successResult": [second], "failedResult": {}})));
}

#[tokio::test]
async fn a_key_counts_only_where_it_was_sent() {
    let bench = Bench::new().await;
    let (group, people) = (sent_to_group(&bench).await, sent_to_people(&bench).await);
    refused(bench.api(GROUP, &from_group(EVERYONE, &[&group])).await, 400, "invalid.processQueryKey");
    refused(bench.api(GROUP, &from_group(RELEASE, &[&people])).await, 400, "invalid.processQueryKey");
    refused(bench.api(PEOPLE, &from_people(&[&group])).await, 400, "invalid.processQueryKey");
    assert_eq!(bench.api(PEOPLE, &from_people(&[&people])).await.0, 200);
    let recalled: Vec<bool> = bench.sandbox.sent().iter().map(|message| message.recalled).collect();
    assert_eq!(recalled, [false, true, true]);
}

#[tokio::test]
async fn a_one_to_one_message_can_be_recalled_for_a_day() {
    let mut bench = Bench::new().await;
    let (group, old) = (sent_to_group(&bench).await, sent_to_people(&bench).await);
    bench.clock.advance(DAY + 1);
    bench.token = bench.new_token().await;
    let young = sent_to_people(&bench).await;
    refused(bench.api(PEOPLE, &from_people(&[&old])).await, 400, "robot.processQueryKey.expired");
    let answer = bench.api(PEOPLE, &from_people(&[&old, &young])).await;
    let expected = json!({"successResult": [young], "failedResult": {old: "robot.processQueryKey.expired"}});
    assert_eq!(answer, (200, expected));
    assert_eq!(bench.api(GROUP, &from_group(RELEASE, &[&group])).await.0, 200, "groups have no window");
}

#[tokio::test]
async fn recalls_hold_their_limits() {
    let bench = Bench::new().await;
    let keys: Vec<String> = (0..21).map(|number| format!("key{number}")).collect();
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    for (path, good) in [(GROUP, from_group(RELEASE, &keys[..1])), (PEOPLE, from_people(&keys[..1]))] {
        let cases = [
            (with(&good, "processQueryKeys", json!(keys)), "invalidParameter.processQueryKeys.overMax"),
            (with(&good, "processQueryKeys", json!(&keys[..20])), "invalid.processQueryKey"),
            (with(&good, "processQueryKeys", json!([])), "invalidParameter.processQueryKey.missing"),
            (without(&good, "processQueryKeys"), "invalidParameter.processQueryKey.missing"),
            (with(&good, "processQueryKeys", json!("key0")), "invalidParameter.param.invalid"),
            (without(&good, "robotCode"), "invalidParameter.robotCode"),
            (with(&good, "robotCode", json!("dingother")), "invalidParameter.robotCode.notExsit"),
            (with(&good, "odd", json!(1)), "invalidParameter.param.invalid"),
        ];
        for (body, code) in cases {
            refused(bench.api(path, &body).await, 400, code);
        }
    }
    let good = from_group(RELEASE, &keys[..1]);
    refused(bench.api(GROUP, &without(&good, "openConversationId")).await, 400, "miss.openConversationId");
    refused(bench.api(GROUP, &from_group("cidNo==", &keys[..1])).await, 400, "invalid.openConversationId");
    refused(bench.api(PEOPLE, &good).await, 400, "invalidParameter.param.invalid");
}
