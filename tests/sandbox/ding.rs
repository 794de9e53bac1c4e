//! DING messages and the off-duty prompt.

use serde_json::{Value, json};

use super::bench::{Bench, ROBOT, ok, refused, with, without};

const DING: &str = "/v1.0/robot/ding/send";
const OFF_DUTY: &str = "/v1.0/innerApi/robot/stream/away/template/update";

fn ding() -> Value {
    json!({"robotCode": ROBOT, "remindType": 1, "receiverUserIdList": ["0110000001"], "content": "开会"})
}

#[tokio::test]
async fn a_ding_reaches_people_and_names_strangers() {
    let bench = Bench::new().await;
    let body = ok(bench.api(DING, &ding()).await);
    let id = body["openDingId"].as_str().unwrap();
    assert_eq!(body, json!({"openDingId": id, "failedList": {}}));
    let sent = bench.sandbox.dings().pop().unwrap();
    assert_eq!((sent.open_ding_id.as_str(), sent.remind_type, sent.content.as_str()), (id, 1, "开会"));
    assert_eq!(sent.receivers, ["0110000001"]);
    let body = with(&with(&ding(), "remindType", json!(3)), "callVoice", json!("Lovely_Girl_Voice"));
    let body = with(&body, "receiverUserIdList", json!(["nobody", "0110000002"]));
    assert_eq!(ok(bench.api(DING, &body).await)["failedList"], json!({"staffId.notExisted": ["nobody"]}));
}

#[tokio::test]
async fn dings_are_refused() {
    let bench = Bench::new().await;
    let ids = |count: usize| json!((0..count).map(|number| number.to_string()).collect::<Vec<_>>());
    let good = ding();
    let cases = [
        (without(&good, "robotCode"), "invalid.chatbotId"),
        (with(&good, "robotCode", json!("dingother")), "invalid.chatbotId"),
        (without(&good, "remindType"), "param.invalid"),
        (with(&good, "remindType", json!(4)), "param.invalid"),
        (with(&good, "remindType", json!("1")), "param.invalid"),
        (without(&good, "content"), "param.invalid"),
        (with(&good, "content", json!("")), "param.invalid"),
        (with(&good, "receiverUserIdList", json!([])), "miss.staffId"),
        (with(&good, "receiverUserIdList", json!("0110000001")), "param.invalid"),
        (with(&good, "receiverUserIdList", ids(201)), "ding.receivercount.limit"),
        (
            with(&with(&good, "remindType", json!(2)), "receiverUserIdList", ids(21)),
            "ding.receivercount.limit",
        ),
        (
            with(&with(&good, "remindType", json!(3)), "receiverUserIdList", ids(21)),
            "ding.receivercount.limit",
        ),
        (with(&good, "callVoice", json!("Lovely_Girl_Voice")), "param.invalid"),
        (with(&with(&good, "remindType", json!(3)), "callVoice", json!("Robot")), "param.invalid"),
        (with(&good, "userIds", ids(1)), "param.invalid"),
    ];
    for (body, code) in cases {
        refused(bench.api(DING, &body).await, 400, code);
    }
    assert_eq!(bench.sandbox.dings(), []);
    for (kind, count) in [(1, 200), (2, 20), (3, 20)] {
        let body = with(&with(&good, "remindType", json!(kind)), "receiverUserIdList", ids(count));
        ok(bench.api(DING, &body).await);
    }
    bench.sandbox.grant_only(&[]);
    let (_, body) = bench.api(DING, &good).await;
    assert_eq!(body["accessdenieddetail"], json!({"requiredScopes": ["Premium.Ding.Write"]}));
}

fn card() -> Value {
    json!({
        "config": {"autoLayout": true, "enableForward": true},
        "header": {"title": {"type": "text", "text": "钉钉Stream机器人"}, "logo": "@lALPDfJ6V_FPDmvNAfTNAfQ"},
        "contents": [
            {"type": "markdown", "text": "人家今天下班了呢", "id": "markdown_1700000000000"},
            {"type": "divider", "id": "divider_1700000000000"},
        ],
    })
}

fn prompt(card: &Value) -> Value {
    json!({"robotCode": ROBOT, "cardTemplateId": "StandardCard", "cardData": card.to_string()})
}

#[tokio::test]
async fn the_off_duty_prompt_is_kept() {
    let bench = Bench::new().await;
    assert_eq!(bench.sandbox.off_duty(), None);
    assert_eq!(ok(bench.api(OFF_DUTY, &prompt(&card())).await), json!({"success": true}));
    assert_eq!(bench.sandbox.off_duty(), Some(card()));
}

#[tokio::test]
async fn off_duty_prompts_are_refused() {
    let bench = Bench::new().await;
    let good = prompt(&card());
    let cases = [
        (without(&good, "robotCode"), "param.invalid"),
        (with(&good, "robotCode", json!("dingother")), "resource.not.found"),
        (with(&good, "cardTemplateId", json!("x.schema")), "param.invalid"),
        (with(&good, "cardData", card()), "param.invalid"),
        (with(&good, "cardData", json!("text")), "param.invalid"),
        (without(&good, "cardData"), "param.invalid"),
        (prompt(&without(&card(), "config")), "param.invalid"),
        (prompt(&with(&card(), "contents", json!([]))), "param.invalid"),
        (prompt(&with(&card(), "contents", json!([{"type": "image", "id": "i"}]))), "param.invalid"),
        (prompt(&with(&card(), "contents", json!([{"type": "markdown", "id": "i"}]))), "param.invalid"),
        (
            prompt(&with(
                &card(),
                "header",
                json!({"title": {"type": "text", "text": "t"}, "logo": "logo.png"}),
            )),
            "param.invalid",
        ),
        (prompt(&with(&card(), "odd", json!(1))), "param.invalid"),
    ];
    for (body, code) in cases {
        refused(bench.api(OFF_DUTY, &body).await, 400, code);
    }
    assert_eq!(bench.sandbox.off_duty(), None);
}
