//! Messages of the app's robot to groups and people.

use dingraia::sandbox::Via;
use serde_json::{Value, json};

use super::bench::{Bench, EVERYONE, LUNCH, RELEASE, ROBOT, refused, with, without};

const GROUP: &str = "/v1.0/robot/groupMessages/send";
const PEOPLE: &str = "/v1.0/robot/oToMessages/batchSend";

fn to_group(cid: &str, key: &str, param: &Value) -> Value {
    json!({"robotCode": ROBOT, "openConversationId": cid, "msgKey": key, "msgParam": param.to_string()})
}

fn to_people(ids: &[&str]) -> Value {
    json!({"robotCode": ROBOT, "userIds": ids, "msgKey": "sampleText", "msgParam": "{\"content\":\"你好\"}"})
}

fn card(fields: &[&str]) -> Value {
    let mut card = json!({"title": "t", "text": "x"});
    for field in fields {
        card[*field] = json!("v");
    }
    card
}

/// Every template with all of its required fields, as the page of message types shows them.
fn templates() -> Vec<(&'static str, Value)> {
    let buttons = |count: usize| -> Value {
        let names: Vec<String> =
            (1..=count).flat_map(|n| [format!("actionTitle{n}"), format!("actionURL{n}")]).collect();
        card(&names.iter().map(String::as_str).collect::<Vec<_>>())
    };
    vec![
        ("sampleText", json!({"content": "hello"})),
        ("sampleMarkdown", json!({"title": "t", "text": "# x"})),
        ("sampleImageMsg", json!({"photoURL": "@lADPDe7s0000abcdXYZ"})),
        ("sampleLink", json!({"text": "x", "title": "t", "picUrl": "", "messageUrl": "https://example.com"})),
        ("sampleActionCard", card(&["singleTitle", "singleURL"])),
        ("sampleActionCard2", buttons(2)),
        ("sampleActionCard3", buttons(3)),
        ("sampleActionCard4", buttons(4)),
        ("sampleActionCard5", buttons(5)),
        ("sampleActionCard6", card(&["buttonTitle1", "buttonUrl1", "buttonTitle2", "buttonUrl2"])),
        ("sampleAudio", json!({"mediaId": "@a", "duration": "1500"})),
        ("sampleFile", json!({"mediaId": "@a", "fileName": "a.xlsx", "fileType": "xlsx"})),
        (
            "sampleVideo",
            json!({"duration": "3", "videoMediaId": "@v", "videoType": "mp4", "picMediaId": "@p"}),
        ),
    ]
}

#[tokio::test]
async fn a_group_gets_every_template() {
    let bench = Bench::new().await;
    for (key, param) in templates() {
        let (status, body) = bench.api(GROUP, &to_group(RELEASE, key, &param)).await;
        assert_eq!(status, 200, "{key}: {body}");
        let process_key = body["processQueryKey"].as_str().unwrap().to_string();
        assert_eq!(body, json!({"processQueryKey": process_key}));
        assert!(process_key.ends_with('='), "{process_key}");
        let sent = bench.sandbox.sent().pop().unwrap();
        assert_eq!((sent.to.as_str(), sent.kind.as_str(), &sent.body), (RELEASE, key, &param));
        assert_eq!((sent.via, sent.recalled), (Via::Group, false));
        assert_eq!(sent.process_query_key, Some(process_key));
    }
}

#[tokio::test]
async fn a_template_wants_exactly_its_fields_as_texts() {
    let bench = Bench::new().await;
    let code = "invalidParameter.msgParam.invalid";
    for (key, param) in templates() {
        for name in param.as_object().unwrap().keys() {
            refused(bench.api(GROUP, &to_group(RELEASE, key, &without(&param, name))).await, 400, code);
            refused(
                bench.api(GROUP, &to_group(RELEASE, key, &with(&param, name, json!(7)))).await,
                400,
                code,
            );
        }
        refused(bench.api(GROUP, &to_group(RELEASE, key, &with(&param, "odd", json!("x")))).await, 400, code);
    }
    let video = json!({"duration": "3", "videoMediaId": "@v", "videoType": "mp4", "picMediaId": "@p"});
    let sized = with(&with(&video, "height", json!("600")), "width", json!("800"));
    assert_eq!(bench.api(GROUP, &to_group(RELEASE, "sampleVideo", &sized)).await.0, 200);
    for (name, value) in [("duration", "1.5"), ("duration", "0"), ("videoType", "avi"), ("width", "x")] {
        let odd = to_group(RELEASE, "sampleVideo", &with(&sized, name, json!(value)));
        refused(bench.api(GROUP, &odd).await, 400, code);
    }
    let odd = [
        ("sampleFile", json!({"mediaId": "@a", "fileName": "a.xlsx", "fileType": ".xlsx"})),
        ("sampleFile", json!({"mediaId": "a", "fileName": "a.xlsx", "fileType": "xlsx"})),
        ("sampleAudio", json!({"mediaId": "https://example.com/a.ogg", "duration": "1500"})),
        ("sampleImageMsg", json!({"photoURL": "a.png"})),
    ];
    for (key, param) in odd {
        refused(bench.api(GROUP, &to_group(RELEASE, key, &param)).await, 400, code);
    }
    assert_eq!(bench.sandbox.sent().len(), 1);
}

#[tokio::test]
async fn msg_param_is_json_text_of_at_most_15000_bytes() {
    let bench = Bench::new().await;
    let good = to_group(RELEASE, "sampleText", &json!({"content": "a"}));
    for text in ["content", "\"content\"", "[]", "{\"content\":\"a\"", ""] {
        let body = with(&good, "msgParam", json!(text));
        refused(bench.api(GROUP, &body).await, 400, "invalidParameter.msgParam.invalid");
    }
    let object = with(&good, "msgParam", json!({"content": "a"}));
    refused(bench.api(GROUP, &object).await, 400, "invalidParameter.param.invalid");
    // {"content":""} has 14 bytes, a Chinese character three.
    let full = json!({"content": format!("{}aa", "字".repeat(4994))});
    assert_eq!(full.to_string().len(), 14_998);
    let fits = json!({"content": format!("{}aaaa", "字".repeat(4994))});
    assert_eq!(bench.api(GROUP, &to_group(RELEASE, "sampleText", &fits)).await.0, 200);
    let over = json!({"content": format!("{}aaaaa", "字".repeat(4994))});
    let over = bench.api(GROUP, &to_group(RELEASE, "sampleText", &over)).await;
    refused(over, 400, "invalidParameter.msgParam.tooLong");
}

#[tokio::test]
async fn group_send_refuses_what_is_missing_unknown_or_not_its_own() {
    let bench = Bench::new().await;
    let good = to_group(RELEASE, "sampleText", &json!({"content": "a"}));
    let cases = [
        (without(&good, "robotCode"), "invalidParameter.robotCode.empty"),
        (with(&good, "robotCode", json!("dingother")), "invalidParameter.robotCode.notExsit"),
        (without(&good, "msgKey"), "invalidParameter.msgKey.empty"),
        (with(&good, "msgKey", json!("sampleFeedCard")), "invalidParameter.msgKey.invalid"),
        (without(&good, "msgParam"), "invalidParameter.msgParam.invalid"),
        (without(&good, "openConversationId"), "miss.openConversationId"),
        (with(&good, "openConversationId", json!("cidUnknown==")), "invalid.openConversationId"),
        (with(&good, "userIds", json!(["0110000001"])), "invalidParameter.param.invalid"),
        (with(&good, "robotCode", json!(1)), "invalidParameter.param.invalid"),
        (with(&good, "token", json!("x")), "token.notExisted"),
        (with(&good, "coolAppCode", json!("x")), "invalidParameter.robotCode.coolApp"),
    ];
    for (body, code) in cases {
        refused(bench.api(GROUP, &body).await, 400, code);
    }
    assert_eq!(bench.sandbox.sent(), []);
}

#[tokio::test]
async fn the_robot_reaches_the_groups_it_is_in() {
    let bench = Bench::new().await;
    for cid in [RELEASE, EVERYONE, LUNCH] {
        let body = to_group(cid, "sampleText", &json!({"content": "a"}));
        assert_eq!(bench.api(GROUP, &body).await.0, 200, "{cid}");
    }
}

#[tokio::test]
async fn the_robot_reaches_no_other_group() {
    let bench = Bench::changed(|seed| {
        seed["groups"][0]["robot"] = json!(false);
        seed["groups"][1]["disbanded"] = json!(true);
    })
    .await;
    for (cid, code) in [(RELEASE, "resource.not.found"), (EVERYONE, "group.disbanded")] {
        let body = to_group(cid, "sampleText", &json!({"content": "a"}));
        refused(bench.api(GROUP, &body).await, 400, code);
    }
}

#[tokio::test]
async fn people_get_messages_and_strangers_are_named() {
    let bench = Bench::new().await;
    let (status, body) =
        bench.api(PEOPLE, &to_people(&["0110000001", "nobody", "manager4220", "0110000001"])).await;
    let key = body["processQueryKey"].as_str().unwrap();
    let expected =
        json!({"processQueryKey": key, "invalidStaffIdList": ["nobody"], "flowControlledStaffIdList": []});
    assert_eq!((status, &body), (200, &expected));
    let sent = bench.sandbox.sent();
    let to: Vec<&str> = sent.iter().map(|message| message.to.as_str()).collect();
    assert_eq!(to, ["0110000001", "manager4220"]);
    assert!(
        sent.iter().all(|message| message.via == Via::OneToOne && message.body == json!({"content": "你好"}))
    );
    assert!(sent.iter().all(|message| message.process_query_key.as_deref() == Some(key)));
}

#[tokio::test]
async fn one_to_one_send_holds_its_limits() {
    let bench = Bench::new().await;
    let ids: Vec<String> = (0..21).map(|number| format!("01100{number:05}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    assert_eq!(bench.api(PEOPLE, &to_people(&ids[..20])).await.0, 200);
    refused(bench.api(PEOPLE, &to_people(&ids)).await, 400, "invalidParameter.userIds.overMax");
    let good = to_people(&["0110000001"]);
    let cases = [
        (to_people(&[]), "invalidParameter.userIds.empty"),
        (without(&good, "userIds"), "invalidParameter.userIds.empty"),
        (with(&good, "userIds", json!("0110000001")), "invalidParameter.param.invalid"),
        (with(&good, "userIds", json!([110_000_001])), "invalidParameter.param.invalid"),
        (with(&good, "openConversationId", json!(RELEASE)), "invalidParameter.param.invalid"),
        (without(&good, "robotCode"), "invalidParameter.robotCode.empty"),
        (with(&good, "msgKey", json!("text")), "invalidParameter.msgKey.invalid"),
        (without(&good, "msgParam"), "invalidParameter.msgParam.invalid"),
    ];
    for (body, code) in cases {
        refused(bench.api(PEOPLE, &body).await, 400, code);
    }
}
