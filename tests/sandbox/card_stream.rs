//! Streaming texts into cards.

use dingraia::sandbox::{Card, Flow};
use serde_json::{Value, json};

use super::bench::{Bench, ok, refused, with, without};
use super::card::{MARKDOWN, made};

const STREAM: &str = "/v1.0/card/streaming";
/// A template with a markdown variable.
const AI: &str = "8f250f96-da0f-4c9f-8302-740fa0ced1f5.schema";

fn frame(guid: &str, content: &str) -> Value {
    json!({"outTrackId": "c1", "guid": guid, "key": "content", "content": content, "isFull": true,
        "isFinalize": false, "isError": false})
}

async fn bench(template: &str) -> Bench {
    let bench = Bench::new().await;
    let body = with(&made("c1"), "cardTemplateId", json!(template));
    ok(bench.api("/v1.0/card/instances", &body).await);
    bench
}

fn card(bench: &Bench) -> Card {
    bench.sandbox.cards().pop().unwrap()
}

#[tokio::test]
async fn texts_come_in_until_the_last_one() {
    let bench = bench(AI).await;
    let done = json!({"success": true, "result": true});
    assert_eq!(card(&bench).flow.status(), "1");
    assert_eq!(ok(bench.put(STREAM, &frame("1", "你")).await), done);
    assert_eq!((card(&bench).flow, card(&bench).flow.status()), (Flow::Inputting, "2"));
    assert_eq!(ok(bench.put(STREAM, &frame("2", "你好")).await), done);
    let last = with(&frame("3", "你好。"), "isFinalize", json!(true));
    assert_eq!(ok(bench.put(STREAM, &last).await), done);
    let card = card(&bench);
    assert_eq!((card.flow, card.flow.status()), (Flow::Finished, "3"));
    assert_eq!((card.params["content"].as_str(), card.frames.len()), ("你好。", 3));
    assert!(card.frames[2].finalize && card.frames[2].full && !card.frames[2].error);
    // An exact repetition is no new frame; anything else comes too late.
    assert_eq!(ok(bench.put(STREAM, &last).await), done);
    refused(bench.put(STREAM, &frame("4", "x")).await, 400, "param.invalid");
    assert_eq!(bench.sandbox.cards()[0].frames.len(), 3);
}

#[tokio::test]
async fn pieces_are_appended_where_the_variable_allows_it() {
    let bench = bench(MARKDOWN).await;
    let piece = |guid: &str, content: &str| without(&frame(guid, content), "isFull");
    ok(bench.put(STREAM, &piece("1", "a")).await);
    ok(bench.put(STREAM, &with(&piece("2", "b"), "isFull", json!(false))).await);
    assert_eq!(card(&bench).params["content"], "ab");
    ok(bench.put(STREAM, &frame("3", "c")).await);
    assert_eq!(card(&bench).params["content"], "c");
}

#[tokio::test]
async fn a_failed_card_takes_no_more() {
    let bench = bench(AI).await;
    ok(bench.put(STREAM, &frame("1", "a")).await);
    ok(bench.put(STREAM, &with(&frame("2", "出错了"), "isError", json!(true))).await);
    assert_eq!((card(&bench).flow, card(&bench).flow.status()), (Flow::Failed, "5"));
    let last = with(&frame("3", "a"), "isFinalize", json!(true));
    refused(bench.put(STREAM, &last).await, 400, "param.invalid");
    assert_eq!(card(&bench).params["content"], "出错了");
}

#[tokio::test]
async fn texts_are_refused() {
    let bench = bench(AI).await;
    let good = frame("1", "a");
    ok(bench.put(STREAM, &good).await);
    let next = frame("2", "b");
    let cases = [
        (with(&good, "content", json!("b")), "param.invalid"),
        (without(&next, "guid"), "param.stream.guidEmpty"),
        (with(&next, "guid", json!("")), "param.stream.guidEmpty"),
        (without(&next, "key"), "param.stream.keyEmpty"),
        (with(&next, "content", json!("")), "param.stream.contentEmpty"),
        (without(&next, "content"), "param.stream.contentEmpty"),
        (with(&next, "content", json!("x".repeat(20_001))), "param.stream.content"),
        (with(&next, "outTrackId", json!("c9")), "param.stream.outTrackId"),
        (without(&next, "outTrackId"), "param.stream.outTrackId"),
        (with(&next, "isFull", Value::Null), "param.stream.isFull"),
        (with(&next, "isFull", json!(false)), "param.stream.isFull"),
        (without(&next, "isFull"), "param.stream.isFull"),
        (with(&next, "isFinalize", json!("true")), "param.invalid"),
        (with(&next, "content", json!({"a": 1})), "param.invalid"),
        (with(&next, "flowStatus", json!("3")), "param.invalid"),
    ];
    for (body, code) in cases {
        refused(bench.put(STREAM, &body).await, 400, code);
    }
    assert_eq!(card(&bench).frames.len(), 1);
    ok(bench.put(STREAM, &with(&next, "content", json!("字".repeat(20_000)))).await);
}
