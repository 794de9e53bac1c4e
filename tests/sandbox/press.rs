//! Presses on cards, through a connection or to an address, and what their answers change.

use dingraia::sandbox::{Outcome, Placed};
use serde_json::{Map, Value, json};

use super::bench::{Bench, RELEASE, ROBOT};
use super::receiver::Receiver;
use super::socket::{CARDS, Socket, data, millis, timing};

const TEMPLATE: &str = "589420e2-c1e2-46ef-a5ed-b8728e654da9.schema";

/// A card in the release group, with more fields at its making.
async fn card(bench: &Bench, id: &str, more: &Value) {
    let mut body = json!({
        "cardTemplateId": TEMPLATE, "outTrackId": id, "imGroupOpenSpaceModel": {"supportForward": false},
        "cardData": {"cardParamMap": {"markdown": "x", "title": "t"}},
    });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let (status, answer) = bench.api("/v1.0/card/instances", &body).await;
    assert_eq!(status, 200, "{answer}");
    let deliver = json!({
        "outTrackId": id, "openSpaceId": format!("dtv1.card//IM_GROUP.{RELEASE}"),
        "imGroupOpenDeliverModel": {"robotCode": ROBOT},
    });
    let (status, answer) = bench.api("/v1.0/card/instances/deliver", &deliver).await;
    assert_eq!((status, &answer["result"][0]["success"]), (200, &json!(true)), "{answer}");
}

/// A variable of a card.
fn variable(bench: &Bench, id: &str, name: &str) -> Option<String> {
    let card = bench.sandbox.cards().into_iter().find(|card| card.out_track_id == id).unwrap();
    card.params.get(name).cloned()
}

#[tokio::test]
async fn the_answer_of_a_connection_changes_the_card() {
    let bench = Bench::new().await;
    card(&bench, "c1", &json!({"callbackType": "STREAM"})).await;
    let mut socket = Socket::open(&bench, &[CARDS]).await;
    let mut params = Map::new();
    params.insert("reason".into(), json!("enough"));
    let press = bench.sandbox.press_card("c1", "张伟", &["stop"], &params);
    let app = async {
        let frame = socket.frame().await;
        assert_eq!(frame["headers"]["topic"], CARDS.1);
        let callback = data(&frame);
        assert_eq!((&callback["type"], &callback["outTrackId"]), (&json!("actionCallback"), &json!("c1")));
        assert_eq!((&callback["userId"], &callback["spaceId"]), (&json!("0110000001"), &json!(RELEASE)));
        let content: Value = serde_json::from_str(callback["content"].as_str().unwrap()).unwrap();
        let expected = json!({"cardPrivateData": {"actionIds": ["stop"], "params": {"reason": "enough"}}});
        assert_eq!(content, expected);
        let answer = json!({"response": {
            "cardData": {"cardParamMap": {"markdown": "stopped"}},
            "userPrivateData": {"cardParamMap": {"mine": "yes"}},
            "cardUpdateOptions": {"updateCardDataByKey": true, "updatePrivateDataByKey": true},
        }});
        socket.answer(&frame, &answer).await;
    };
    let (pressed, ()) = tokio::join!(press, app);
    let push = pressed.unwrap().push.unwrap();
    assert_eq!(push.outcome, Outcome::Done);
    assert_eq!(variable(&bench, "c1", "markdown").as_deref(), Some("stopped"));
    assert_eq!(variable(&bench, "c1", "title").as_deref(), Some("t"));
    assert_eq!(bench.sandbox.cards()[0].private["0110000001"]["mine"], "yes");
}

#[tokio::test]
async fn without_options_everything_is_replaced_and_an_empty_answer_changes_nothing() {
    let bench = Bench::new().await;
    card(&bench, "c1", &json!({"callbackType": "STREAM"})).await;
    let mut socket = Socket::open(&bench, &[CARDS]).await;
    for (answer, title) in
        [(json!({}), Some("t")), (json!({"cardData": {"cardParamMap": {"markdown": "y"}}}), None)]
    {
        let params = Map::new();
        let press = bench.sandbox.press_card("c1", "张伟", &["ok"], &params);
        let app = async {
            let frame = socket.frame().await;
            socket.answer(&frame, &json!({"response": answer})).await;
        };
        let (pressed, ()) = tokio::join!(press, app);
        assert_eq!(pressed.unwrap().push.unwrap().outcome, Outcome::Done);
        assert_eq!(variable(&bench, "c1", "title").as_deref(), title);
    }
}

#[tokio::test]
async fn wrong_late_and_missing_answers_change_nothing() {
    let bench = Bench::new().await;
    card(&bench, "c1", &json!({"callbackType": "STREAM"})).await;
    let params = Map::new();
    let alone = bench.sandbox.press_card("c1", "张伟", &["ok"], &params).await.unwrap();
    assert_eq!((alone.placed, alone.push.unwrap().outcome), (Placed::Nobody, Outcome::Nobody));
    let mut socket = Socket::open(&bench, &[CARDS]).await;
    let wrong = [
        json!({"response": null}),
        json!({"status": "SUCCESS"}),
        json!({"response": {"cardData": {"cardParamMap": {"markdown": 3}}}}),
        json!({"response": {"userPrivateData": {"0110000001": {"cardParamMap": {}}}}}),
    ];
    for answer in wrong {
        let press = bench.sandbox.press_card("c1", "张伟", &["ok"], &params);
        let app = async {
            let frame = socket.frame().await;
            socket.answer(&frame, &answer).await;
        };
        let (pressed, ()) = tokio::join!(press, app);
        assert_eq!(pressed.unwrap().push.unwrap().outcome.name(), "wrong", "{answer}");
    }
    timing(&bench.sandbox, |timing| timing.card_answer = millis(20));
    let late = bench.sandbox.press_card("c1", "张伟", &["ok"], &params).await.unwrap();
    assert_eq!(late.push.unwrap().outcome, Outcome::Unanswered);
    let frame = socket.frame().await;
    socket.answer(&frame, &json!({"response": {"cardData": {"cardParamMap": {"markdown": "late"}}}})).await;
    super::socket::until(|| bench.sandbox.connections()[0].stray == 1).await;
    assert_eq!(variable(&bench, "c1", "markdown").as_deref(), Some("x"));
    assert!(bench.sandbox.press_card("c9", "张伟", &["ok"], &params).await.is_err());
    assert!(bench.sandbox.press_card("c1", "没有的人", &["ok"], &params).await.is_err());
}

#[tokio::test]
async fn a_press_goes_to_the_address_of_its_route() {
    let bench = Bench::new().await;
    let receiver = Receiver::new().await;
    let route = json!({
        "callbackRouteKey": "k1", "callbackUrl": receiver.url("/card"), "apiSecret": "apiSecretForTests",
    });
    assert_eq!(bench.api("/v1.0/card/callbacks/register", &route).await.0, 200);
    card(&bench, "c1", &json!({"callbackType": "HTTP", "callbackRouteKey": "k1"})).await;
    receiver.answers(200, &json!({"cardData": {"cardParamMap": {"markdown": "z"}}}).to_string());
    let params = Map::new();
    let pressed = bench.sandbox.press_card("c1", "张伟", &["ok"], &params).await.unwrap();
    assert_eq!(pressed.push.unwrap().outcome, Outcome::Done);
    assert_eq!(variable(&bench, "c1", "markdown").as_deref(), Some("z"));
    let request = receiver.requests().remove(0);
    assert_eq!(request.body, pressed.callback.to_string());
    // The vector of the documentation: the clock stands at its timestamp.
    assert_eq!(request.headers["x-ddpaas-signature-timestamp"], "1700000000000");
    assert_eq!(request.headers["x-ddpaas-signature"], "Sx1lXU7CjxdQ9yIFRd3HHPBjoz0F1R/lpROovZ/BvgA=");
    receiver.answers(200, "no JSON");
    let pressed = bench.sandbox.press_card("c1", "张伟", &["ok"], &params).await.unwrap();
    assert_eq!(pressed.push.unwrap().outcome.name(), "wrong");
}
