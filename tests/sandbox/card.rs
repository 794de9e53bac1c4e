//! Making, delivering and changing cards, and presses on them.

use dingraia::sandbox::{Card, Flow, Via};
use serde_json::{Value, json};

use super::bench::{Bench, LUNCH, RELEASE, ROBOT, ok, refused, with, without};

const CREATE: &str = "/v1.0/card/instances";
const DELIVER: &str = "/v1.0/card/instances/deliver";
const AT_ONCE: &str = "/v1.0/card/instances/createAndDeliver";
const REGISTER: &str = "/v1.0/card/callbacks/register";
/// The markdown card that everybody has.
pub(super) const MARKDOWN: &str = "589420e2-c1e2-46ef-a5ed-b8728e654da9.schema";

pub(super) fn made(id: &str) -> Value {
    json!({
        "cardTemplateId": MARKDOWN, "outTrackId": id,
        "cardData": {"cardParamMap": {"markdown": "# hi", "title": "t", "logo": "@l"}},
        "privateData": {"0110000001": {"cardParamMap": {"seen": "true"}}},
        "callbackType": "STREAM", "imGroupOpenSpaceModel": {"supportForward": false},
        "imRobotOpenSpaceModel": {"supportForward": true}, "userIdType": 1,
    })
}

fn to_group(id: &str, cid: &str) -> Value {
    json!({"outTrackId": id, "openSpaceId": format!("dtv1.card//IM_GROUP.{cid}"), "userIdType": 1,
        "imGroupOpenDeliverModel": {"robotCode": ROBOT}})
}

fn card(bench: &Bench, id: &str) -> Card {
    bench.sandbox.cards().into_iter().find(|card| card.out_track_id == id).unwrap()
}

#[tokio::test]
async fn a_card_is_made_and_then_delivered() {
    let bench = Bench::new().await;
    refused(bench.api(DELIVER, &to_group("c1", RELEASE)).await, 400, "param.cardNotExist");
    assert_eq!(ok(bench.api(CREATE, &made("c1")).await), json!({"success": true, "result": "c1"}));
    assert_eq!(bench.sandbox.sent(), []);
    let body = ok(bench.api(DELIVER, &to_group("c1", RELEASE)).await);
    let carrier = body["result"][0]["carrierId"].as_str().unwrap().to_string();
    let result = json!([{
        "spaceType": "IM_GROUP", "spaceId": RELEASE, "success": true, "carrierId": carrier, "errorMsg": "",
    }]);
    assert_eq!(body, json!({"success": true, "result": result}));
    let card = card(&bench, "c1");
    assert_eq!(card.spaces, [("IM_GROUP".to_string(), RELEASE.to_string())]);
    assert_eq!(
        (card.params["markdown"].as_str(), card.private["0110000001"]["seen"].as_str()),
        ("# hi", "true")
    );
    assert_eq!((card.template_id.as_str(), card.flow), (MARKDOWN, Flow::Processing));
    let sent = bench.sandbox.sent();
    assert_eq!((sent[0].to.as_str(), sent[0].via, sent[0].kind.as_str()), (RELEASE, Via::Group, "card"));
    let recall = json!({"robotCode": ROBOT, "openConversationId": RELEASE, "processQueryKeys": [carrier]});
    let recalled = ok(bench.api("/v1.0/robot/groupMessages/recall", &recall).await);
    assert_eq!(recalled["successResult"], json!([carrier]));
}

#[tokio::test]
async fn every_space_has_its_own_result() {
    let bench = Bench::new().await;
    ok(bench.api(CREATE, &made("c1")).await);
    let spaces = format!(
        "dtv1.card//IM_GROUP.{RELEASE};IM_GROUP.cidNo==;im_robot.0110000001;IM_ROBOT.nobody;ONE_BOX.{RELEASE}"
    );
    let robot = json!({"spaceType": "IM_ROBOT", "robotCode": ROBOT});
    let body = with(&to_group("c1", RELEASE), "openSpaceId", json!(spaces));
    let body = with(
        &with(&body, "imRobotOpenDeliverModel", robot),
        "topOpenDeliverModel",
        json!({"expiredTimeMillis": 1, "platforms": ["android", "win"]}),
    );
    let results = ok(bench.api(DELIVER, &body).await)["result"].clone();
    let seen: Vec<(Value, Value, Value)> = (0..5)
        .map(|n| {
            (results[n]["spaceType"].clone(), results[n]["success"].clone(), results[n]["errorMsg"].clone())
        })
        .collect();
    let expected = [
        ("IM_GROUP", true, ""),
        ("IM_GROUP", false, "spaceId is illegal"),
        ("IM_ROBOT", true, ""),
        ("IM_ROBOT", false, "spaceId is illegal"),
        ("ONE_BOX", false, "space model is not exist"),
    ];
    let expected: Vec<(Value, Value, Value)> =
        expected.iter().map(|(kind, good, why)| (json!(kind), json!(good), json!(why))).collect();
    assert_eq!(seen, expected);
    assert_eq!(card(&bench, "c1").spaces.len(), 2);
    let strange = with(&to_group("c1", LUNCH), "imGroupOpenDeliverModel", json!({"robotCode": "dingother"}));
    let results = ok(bench.api(DELIVER, &strange).await)["result"].clone();
    assert_eq!(
        (&results[0]["success"], &results[0]["errorMsg"]),
        (&json!(false), &json!("robotCode is illegal"))
    );
}

#[tokio::test]
async fn cards_are_refused() {
    let bench = Bench::new().await;
    let good = made("c1");
    let data = |params: Value| json!({"cardParamMap": params});
    let cases = [
        (without(&good, "cardTemplateId"), "param.cardTemplateIdEmpty"),
        (with(&good, "cardTemplateId", json!("x.schema")), "param.templateNotExist"),
        (
            with(&good, "cardTemplateId", json!("5a4db0c5-0000-4000-8000-000000000002.schema")),
            "param.templateUnpublished",
        ),
        (without(&good, "outTrackId"), "param.outTrackIdEmpty"),
        (with(&good, "outTrackId", json!("x".repeat(101))), "param.invalid"),
        (without(&good, "cardData"), "param.empty"),
        (with(&good, "cardData", json!({"markdown": "x"})), "param.invalid"),
        (with(&good, "cardData", data(json!({"n": 3}))), "param.invalid"),
        (with(&good, "cardData", data(json!({"b": true}))), "param.invalid"),
        (with(&good, "cardData", data(json!({"x": "y".repeat(1025)}))), "param.invalid"),
        (with(&good, "cardData", data(json!({"x".repeat(101): "y"}))), "param.invalid"),
        (with(&good, "privateData", json!({"nobody": data(json!({}))})), "param.userIdNotExist"),
        (with(&good, "privateData", json!({"0110000001": {"seen": "true"}})), "param.invalid"),
        (with(&good, "callbackType", json!("Stream")), "param.invalid"),
        (with(&good, "callbackType", json!("HTTP")), "param.invalid"),
        (with(&good, "callbackRouteKey", json!("c1")), "param.invalid"),
        (with(&good, "userIdType", json!(3)), "param.invalid"),
        (with(&good, "imGroupOpenSpaceModel", json!({})), "param.invalid"),
        (with(&good, "supportForward", json!(true)), "param.invalid"),
        (with(&good, "openSpaceId", json!("dtv1.card//IM_GROUP.x")), "param.invalid"),
    ];
    for (body, code) in cases {
        refused(bench.api(CREATE, &body).await, 400, code);
    }
    assert_eq!(bench.sandbox.cards(), []);
    ok(bench.api(CREATE, &good).await);
    refused(bench.api(CREATE, &good).await, 400, "param.cardAlreadyExist");
    let fits = with(&made("c2"), "cardData", data(json!({"x": "y".repeat(1024)})));
    ok(bench
        .api(CREATE, &with(&fits, "cardTemplateId", json!("5a4db0c5-0000-4000-8000-000000000001.schema")))
        .await);
}

#[tokio::test]
async fn deliveries_are_refused() {
    let bench = Bench::new().await;
    ok(bench.api(CREATE, &made("c1")).await);
    let good = to_group("c1", RELEASE);
    let cases = [
        (without(&good, "outTrackId"), "param.outTrackIdEmpty"),
        (without(&good, "openSpaceId"), "param.openSpaceIdEmpty"),
        (with(&good, "openSpaceId", json!(RELEASE)), "param.openSpaceIdInvalid"),
        (with(&good, "openSpaceId", json!("dtv1.card//IM_OTHER.x")), "param.openSpaceIdInvalid"),
        (with(&good, "openSpaceId", json!("dtv1.card//IM_GROUP.")), "param.openSpaceIdInvalid"),
        (
            with(&good, "openSpaceId", json!(format!("dtv1.card//IM_GROUP.{}", "x".repeat(1000)))),
            "param.openSpaceIdInvalid",
        ),
        (without(&good, "imGroupOpenDeliverModel"), "param.openDeliverModelEmpty"),
        (with(&good, "openSpaceId", json!("dtv1.card//IM_ROBOT.0110000001")), "param.spaceDeliverModelEmpty"),
        (with(&good, "imGroupOpenDeliverModel", json!({})), "param.invalid"),
        (with(&good, "imRobotOpenDeliverModel", json!({"spaceType": "IM_GROUP"})), "param.invalid"),
        (with(&good, "imRobotOpenDeliverModel", json!({"robotCode": ROBOT})), "param.invalid"),
        (with(&good, "cardTemplateId", json!(MARKDOWN)), "param.invalid"),
    ];
    for (body, code) in cases {
        refused(bench.api(DELIVER, &body).await, 400, code);
    }
    assert_eq!(bench.sandbox.sent(), []);
}

#[tokio::test]
async fn a_card_is_made_and_delivered_at_once() {
    let bench = Bench::new().await;
    let mut body = made("c1");
    body["openSpaceId"] = json!("dtv1.card//IM_ROBOT.qLXJN1dYe11z9mLXTzlDHVyiEiE");
    body["imRobotOpenDeliverModel"] = json!({"spaceType": "IM_ROBOT"});
    body["userIdType"] = json!(2);
    body["privateData"] = json!({});
    let answer = ok(bench.api(AT_ONCE, &body).await);
    assert_eq!(answer["result"]["outTrackId"], "c1");
    assert_eq!(answer["result"]["deliverResults"][0]["success"], true);
    assert_eq!(bench.sandbox.sent()[0].via, Via::OneToOne);
    refused(bench.api(AT_ONCE, &body).await, 400, "param.cardAlreadyExist");
    body["outTrackId"] = json!("c2");
    refused(bench.api(AT_ONCE, &without(&body, "openSpaceId")).await, 400, "param.openSpaceIdEmpty");
    assert_eq!(bench.sandbox.cards().len(), 1);
}

#[tokio::test]
async fn updates_replace_unless_they_go_by_key() {
    let bench = Bench::new().await;
    ok(bench.api(CREATE, &made("c1")).await);
    let update = json!({
        "outTrackId": "c1", "cardData": {"cardParamMap": {"markdown": "## new"}},
        "privateData": {"0110000001": {"cardParamMap": {"more": "1"}}},
        "cardUpdateOptions": {"updateCardDataByKey": true, "updatePrivateDataByKey": true},
    });
    assert_eq!(ok(bench.put(CREATE, &update).await), json!({"success": true, "result": true}));
    let now = card(&bench, "c1");
    assert_eq!((now.params["markdown"].as_str(), now.params["logo"].as_str()), ("## new", "@l"));
    assert_eq!(now.private["0110000001"].len(), 2);
    ok(bench.put(CREATE, &without(&update, "cardUpdateOptions")).await);
    let now = card(&bench, "c1");
    assert_eq!((now.params.len(), now.private["0110000001"].len()), (1, 1));
    let empty = without(&without(&update, "cardData"), "privateData");
    let cases = [
        (empty.clone(), "param.cardDataAndPrivateDataBothEmpty"),
        (with(&empty, "cardData", json!({"cardParamMap": {}})), "param.cardDataAndPrivateDataBothEmpty"),
        (with(&update, "outTrackId", json!("c9")), "param.cardNotExist"),
        (without(&update, "outTrackId"), "param.outTrackIdEmpty"),
        (with(&update, "cardData", json!({"cardParamMap": {"n": 1}})), "param.invalid"),
        (with(&update, "cardUpdateOptions", json!({"updateByKey": true})), "param.invalid"),
        (with(&update, "cardTemplateId", json!(MARKDOWN)), "param.invalid"),
    ];
    for (body, code) in cases {
        refused(bench.put(CREATE, &body).await, 400, code);
    }
}

#[tokio::test]
async fn callbacks_have_registered_addresses() {
    let bench = Bench::new().await;
    let good = json!({"callbackRouteKey": "k", "callbackUrl": "https://example.com/c", "apiSecret": "s",
        "forceUpdate": false});
    let answer =
        json!({"success": true, "result": {"callbackUrl": "https://example.com/c", "apiSecret": "s"}});
    assert_eq!(ok(bench.api(REGISTER, &good).await), answer);
    assert_eq!(ok(bench.api(REGISTER, &good).await), answer);
    let other = with(&good, "callbackUrl", json!("https://example.com/d"));
    refused(bench.api(REGISTER, &other).await, 500, "param.callbackRouteKeyExist");
    ok(bench.api(REGISTER, &with(&other, "forceUpdate", json!(true))).await);
    let cases = [
        (without(&good, "callbackUrl"), "param.callbackUrlEmpty"),
        (without(&good, "callbackRouteKey"), "param.callbackRouteKeyEmpty"),
        (with(&good, "callbackUrl", json!("example")), "param.invalid"),
        (with(&good, "secret", json!("x")), "param.invalid"),
    ];
    for (body, code) in cases {
        refused(bench.api(REGISTER, &body).await, 400, code);
    }
    let made = with(&made("c1"), "callbackType", json!("HTTP"));
    refused(bench.api(CREATE, &with(&made, "callbackRouteKey", json!("j"))).await, 400, "param.invalid");
    ok(bench.api(CREATE, &with(&made, "callbackRouteKey", json!("k"))).await);
    assert_eq!(card(&bench, "c1").callback_route_key.as_deref(), Some("k"));
}

#[tokio::test]
async fn a_press_makes_a_callback() {
    let bench = Bench::new().await;
    ok(bench.api(CREATE, &made("c1")).await);
    assert_eq!(bench.sandbox.press("c1", "0110000001", &["stop"]), None);
    ok(bench.api(DELIVER, &to_group("c1", RELEASE)).await);
    let body = bench.sandbox.press("c1", "0110000001", &["stop"]).unwrap();
    let expected = json!({
        "type": "actionCallback", "outTrackId": "c1", "corpId": bench.sandbox.corp_id(),
        "userId": "0110000001", "userIdType": 1, "spaceType": "IM_GROUP", "spaceId": RELEASE, "extension": "{}",
        "content": "{\"cardPrivateData\":{\"actionIds\":[\"stop\"],\"params\":{}}}",
    });
    assert_eq!(body, expected);
    assert_eq!(card(&bench, "c1").callbacks, [expected]);
    ok(bench.api(CREATE, &without(&made("c2"), "callbackType")).await);
    ok(bench.api(DELIVER, &to_group("c2", RELEASE)).await);
    assert_eq!(bench.sandbox.press("c2", "0110000001", &["stop"]), None);
    assert_eq!(bench.sandbox.press("c9", "0110000001", &["stop"]), None);
}

#[tokio::test]
async fn cards_need_their_permissions() {
    let bench = Bench::new().await;
    bench.sandbox.grant_only(&["Card.Streaming.Write"]);
    for path in [CREATE, DELIVER, AT_ONCE, REGISTER] {
        let (_, body) = bench.api(path, &json!({})).await;
        assert_eq!(body["accessdenieddetail"], json!({"requiredScopes": ["Card.Instance.Write"]}), "{path}");
    }
    bench.sandbox.grant_only(&["Card.Instance.Write"]);
    let (_, body) = bench.put("/v1.0/card/streaming", &json!({})).await;
    assert_eq!(body["accessdenieddetail"], json!({"requiredScopes": ["Card.Streaming.Write"]}));
}
