//! Custom robots and session webhooks.

use dingraia::sandbox::Via;
use serde_json::{Value, json};

use super::bench::{Bench, NOW, RELEASE, answer, ok, with};

const SEND: &str = "/robot/send";
const SESSION: &str = "/robot/sendBySession";
const SESSION_ID: &str = "3f3af1ecebbd1410ab417ec0d27bbfcb";
/// Secret and signatures of the test vectors.
const SECRET: &str = "SEC0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
const SIGN_0: &str = "bTgY2yDbep+wesS7jKiNj+srsHoADES4+C4f8LCHFtU=";
const SIGN_4: &str = "ZeaJlNY30xUaF/p+hFzRR5gZ4qFj+i4uxCJUEwchUXQ=";

/// The small organisation with another custom robot.
async fn with_robot(change: impl FnOnce(&mut Value)) -> (Bench, String) {
    let bench = Bench::changed(|seed| change(&mut seed["webhooks"][0])).await;
    let token = bench.sandbox.credentials().webhook_token;
    (bench, token)
}

fn unsigned(robot: &mut Value) {
    robot.as_object_mut().unwrap().shift_remove("secret");
}

fn text(content: &str) -> Value {
    json!({"msgtype": "text", "text": {"content": content}})
}

async fn by_session(bench: &Bench, body: &Value) -> Value {
    bench.hook(SESSION, &[("session", SESSION_ID)], body).await
}

#[tokio::test]
async fn a_signed_message_arrives() {
    let (bench, token) = with_robot(|robot| robot["secret"] = json!(SECRET)).await;
    let query = [("access_token", token.as_str()), ("timestamp", "1700000000000"), ("sign", SIGN_0)];
    assert_eq!(bench.hook(SEND, &query, &text("你好")).await, json!({"errcode": 0, "errmsg": "ok"}));
    let sent = bench.sandbox.sent();
    assert_eq!((sent[0].to.as_str(), sent[0].kind.as_str(), sent[0].via), (RELEASE, "text", Via::Webhook));
    assert_eq!((&sent[0].body, &sent[0].process_query_key), (&text("你好"), &None));

    // As it stands in a URL: `+`, `/` and `=` encoded, once.
    let url = format!(
        "{}{SEND}?access_token={token}&timestamp=1700000000004&sign={}",
        bench.oapi, "ZeaJlNY30xUaF%2Fp%2BhFzRR5gZ4qFj%2Bi4uxCJUEwchUXQ%3D"
    );
    assert_eq!(ok(answer(bench.http.post(url).json(&text("a"))).await)["errcode"], 0);
    let raw = format!("{}{SEND}?access_token={token}&timestamp=1700000000000&sign={SIGN_0}", bench.oapi);
    let refusal = ok(answer(bench.http.post(raw).json(&text("a"))).await);
    assert_eq!(
        refusal,
        json!({"errcode": 310_000, "errmsg": "sign not match"}),
        "`+` without encoding is a blank"
    );
}

#[tokio::test]
async fn the_third_vector_of_the_signature_holds() {
    let (bench, token) = with_robot(|robot| robot["secret"] = json!("SECtest")).await;
    bench.clock.advance(1_577_262_236_757 - NOW);
    let sign = "Za/ne6w2koB8B4ROVlgTNd/X+/FbyDpZrXLz57xNZSA=";
    let query = [("access_token", token.as_str()), ("timestamp", "1577262236757"), ("sign", sign)];
    assert_eq!(bench.hook(SEND, &query, &text("a")).await["errcode"], 0);
}

#[tokio::test]
async fn a_signature_is_good_for_an_hour() {
    let (bench, token) = with_robot(|robot| robot["secret"] = json!(SECRET)).await;
    let token = token.as_str();
    let call = async |timestamp: &str, sign: &str| {
        let query = [("access_token", token), ("timestamp", timestamp), ("sign", sign)];
        bench.hook(SEND, &query, &text("a")).await
    };
    let stamp = "1700000000000";
    let (late, wrong) = (json!("invalid timestamp"), json!("sign not match"));
    assert_eq!(call(stamp, SIGN_4).await["errmsg"], wrong);
    assert_eq!(call(stamp, "not base64!").await["errmsg"], wrong);
    assert_eq!(call(stamp, "").await["errmsg"], wrong);
    assert_eq!(call("1700000000", SIGN_0).await["errmsg"], late);
    assert_eq!(call("now", SIGN_0).await["errmsg"], late);
    bench.clock.advance(3_600_000);
    assert_eq!(call(stamp, SIGN_0).await["errcode"], 0);
    bench.clock.advance(1);
    assert_eq!(call(stamp, SIGN_0).await, json!({"errcode": 310_000, "errmsg": "invalid timestamp"}));
    bench.clock.advance(-7_200_001);
    assert_eq!(call(stamp, SIGN_0).await["errcode"], 0);
    bench.clock.advance(-1);
    assert_eq!(call(stamp, SIGN_0).await["errmsg"], late);
    let unsigned = bench.hook(SEND, &[("access_token", token)], &text("a")).await;
    assert_eq!(unsigned["errcode"], 310_000);
    let twice = bench.hook(SEND, &[("access_token", token), ("access_token", token)], &text("a")).await;
    assert_eq!(twice["errcode"], 40035);
}

#[tokio::test]
async fn an_unknown_robot_and_a_stopped_one_refuse() {
    let (bench, token) = with_robot(|robot| robot["stopped"] = json!(true)).await;
    assert_eq!(bench.hook(SEND, &[("access_token", &token)], &text("a")).await["errcode"], 400_102);
    assert_eq!(bench.hook(SEND, &[("access_token", "x")], &text("a")).await["errcode"], 400_101);
    assert_eq!(bench.hook(SEND, &[], &text("a")).await["errcode"], 400_101);
    // An app token is not a robot's token.
    assert_eq!(bench.hook(SEND, &[("access_token", &bench.token)], &text("a")).await["errcode"], 400_101);
    assert_eq!(bench.sandbox.sent(), []);
}

#[tokio::test]
async fn a_robot_with_keywords_wants_one_of_them() {
    let (bench, token) = with_robot(|robot| {
        unsigned(robot);
        robot["keywords"] = json!(["发布", "deploy"]);
    })
    .await;
    let query = [("access_token", token.as_str())];
    let refusal = json!({"errcode": 310_000, "errmsg": "keywords not in content"});
    assert_eq!(bench.hook(SEND, &query, &text("你好")).await, refusal);
    assert_eq!(bench.hook(SEND, &query, &text("今晚发布")).await["errcode"], 0);
    let titled = json!({"msgtype": "markdown", "markdown": {"title": "deploy", "text": "done"}});
    assert_eq!(bench.hook(SEND, &query, &titled).await["errcode"], 0);
}

#[tokio::test]
async fn twenty_messages_a_minute_then_ten_minutes_of_silence() {
    let (bench, token) = with_robot(unsigned).await;
    let query = [("access_token", token.as_str())];
    for _ in 0..20 {
        assert_eq!(bench.hook(SEND, &query, &text("a")).await["errcode"], 0);
        bench.clock.advance(1000);
    }
    let refusal = json!({"errcode": 130_101, "errmsg": "send too fast, exceed 20 times per minute"});
    assert_eq!(bench.hook(SEND, &query, &text("a")).await, refusal);
    bench.clock.advance(599_999);
    assert_eq!(bench.hook(SEND, &query, &text("a")).await, refusal);
    bench.clock.advance(1);
    assert_eq!(bench.hook(SEND, &query, &text("a")).await["errcode"], 0);
    assert_eq!(bench.sandbox.sent().len(), 21);
}

#[tokio::test]
async fn the_minute_of_the_limit_moves_on() {
    let (bench, token) = with_robot(unsigned).await;
    let query = [("access_token", token.as_str())];
    for _ in 0..40 {
        assert_eq!(bench.hook(SEND, &query, &text("a")).await["errcode"], 0);
        bench.clock.advance(3000);
    }
}

#[tokio::test]
async fn no_webhook_reaches_a_disbanded_group() {
    let bench = Bench::changed(|seed| seed["groups"][0]["disbanded"] = json!(true)).await;
    assert_eq!(by_session(&bench, &text("a")).await["errcode"], 400_013);
    assert_eq!(bench.sandbox.sent(), []);
}

#[tokio::test]
async fn a_session_webhook_takes_every_msgtype_until_it_expires() {
    let bench = Bench::new().await;
    let card = json!({"title": "t", "text": "x", "singleTitle": "s", "singleURL": "https://a"});
    let buttons = json!([{"title": "a", "actionURL": "https://a"}, {"title": "b", "actionURL": "https://b"}]);
    let choice =
        json!({"title": "t", "text": "x", "btnOrientation": "1", "hideAvatar": "0", "btns": buttons});
    let feed = json!({"links": [{"title": "t", "messageURL": "https://a", "picURL": "https://p"}]});
    let bodies = [
        text("a"),
        json!({"msgtype": "link", "link": {"title": "t", "text": "x", "messageUrl": "https://a"}}),
        json!({"msgtype": "link", "link": {"title": "t", "text": "x", "messageUrl": "https://a", "picUrl": "p"}}),
        json!({"msgtype": "markdown", "markdown": {"title": "t", "text": "x"}}),
        json!({"msgtype": "actionCard", "actionCard": card}),
        json!({"msgtype": "actionCard", "actionCard": choice}),
        json!({"msgtype": "feedCard", "feedCard": feed}),
    ];
    for body in &bodies {
        assert_eq!(by_session(&bench, body).await, json!({"errcode": 0, "errmsg": "ok"}), "{body}");
    }
    let sent = bench.sandbox.sent();
    assert!(sent.iter().all(|message| message.via == Via::Session && message.to == RELEASE));
    assert_eq!(sent.iter().map(|message| message.body.clone()).collect::<Vec<_>>(), bodies);

    let query = [("session", SESSION_ID), ("access_token", bench.token.as_str())];
    assert_eq!(bench.hook(SESSION, &query, &text("a")).await["errcode"], 40035, "no app token here");
    assert_eq!(bench.hook(SESSION, &[("session", "x")], &text("a")).await["errcode"], 300_001);
    bench.clock.advance(5_399_999);
    assert_eq!(by_session(&bench, &text("a")).await["errcode"], 0);
    bench.clock.advance(1);
    assert_eq!(
        by_session(&bench, &text("a")).await,
        json!({"errcode": 300_001, "errmsg": "token is not exist"})
    );
}

#[tokio::test]
async fn webhook_bodies_are_read_strictly() {
    let bench = Bench::new().await;
    let card = json!({"title": "t", "text": "x", "singleTitle": "s", "singleURL": "https://a"});
    let action = |card: Value| json!({"msgtype": "actionCard", "actionCard": card});
    let bad = [
        json!({}),
        json!({"text": {"content": "a"}}),
        json!({"msgtype": "text"}),
        json!({"msgtype": "text", "text": {}}),
        json!({"msgtype": "text", "text": {"content": ""}}),
        json!({"msgtype": "text", "text": {"content": 1}}),
        json!({"msgtype": "text", "text": {"content": "a", "title": "t"}}),
        with(&text("a"), "robotCode", json!("x")),
        with(&text("a"), "markdown", json!({"title": "t", "text": "x"})),
        json!({"msgtype": "markdown", "markdown": {"title": "t"}}),
        json!({"msgtype": "link", "link": {"title": "t", "text": "x", "messageURL": "https://a"}}),
        action(json!({"title": "t", "text": "x"})),
        action(json!({"title": "t", "text": "x", "btns": []})),
        action(with(&card, "btns", json!([{"title": "a", "actionURL": "u"}]))),
        action(with(&card, "btnOrientation", json!("2"))),
        action(with(&card, "btnOrientation", json!(1))),
        json!({"msgtype": "feedCard", "feedCard": {"links": []}}),
        json!({"msgtype": "feedCard", "feedCard": {"links": [{"title": "t", "messageUrl": "u", "picUrl": "p"}]}}),
    ];
    for body in bad {
        let answer = by_session(&bench, &body).await;
        assert_eq!(answer["errcode"], 40035, "{body}: {answer}");
        assert_eq!(answer.as_object().unwrap().len(), 2, "{answer}");
    }
    for kind in ["image", "empty", ""] {
        assert_eq!(by_session(&bench, &json!({"msgtype": kind})).await["errcode"], 400_105);
    }
    assert_eq!(bench.sandbox.sent(), []);
}

#[tokio::test]
async fn a_mention_has_to_stand_in_the_text() {
    let bench = Bench::new().await;
    let at = |body: &Value, at: Value| with(body, "at", at);
    let greeting = text("@0110000001 @13800110002 早");
    let both = json!({"atMobiles": ["13800110002"], "atUserIds": ["0110000001"], "isAtAll": false});
    assert_eq!(by_session(&bench, &at(&greeting, both)).await["errcode"], 0);
    assert_eq!(by_session(&bench, &at(&text("a"), json!({"isAtAll": true}))).await["errcode"], 0);
    let markdown = json!({"msgtype": "markdown", "markdown": {"title": "t", "text": "@0110000001"}});
    assert_eq!(by_session(&bench, &at(&markdown, json!({"atUserIds": ["0110000001"]}))).await["errcode"], 0);

    let link = json!({"msgtype": "link", "link": {"title": "t", "text": "@0110000001", "messageUrl": "u"}});
    let titled = json!({"msgtype": "markdown", "markdown": {"title": "@0110000001", "text": "x"}});
    let many: Vec<String> = (0..51).map(|number| format!("{number}")).collect();
    let crowd = text(&many.iter().map(|id| format!("@{id} ")).collect::<String>());
    let refused = [
        at(&greeting, json!({"atUserIds": ["0110000003"]})),
        at(&greeting, json!({"atMobiles": ["13800110001"]})),
        at(&titled, json!({"atUserIds": ["0110000001"]})),
        at(&link, json!({"atUserIds": ["0110000001"]})),
        at(&link, json!({"isAtAll": true})),
        at(&crowd, json!({"atUserIds": many})),
        at(&greeting, json!({"isAtAll": "true"})),
        at(&greeting, json!({"userIds": []})),
    ];
    for body in refused {
        assert_eq!(by_session(&bench, &body).await["errcode"], 40035, "{body}");
    }
}

#[tokio::test]
async fn a_msg_uuid_arrives_once() {
    let bench = Bench::new().await;
    let body = with(&text("a"), "msgUuid", json!("u1"));
    for _ in 0..2 {
        assert_eq!(by_session(&bench, &body).await["errcode"], 0);
    }
    assert_eq!(by_session(&bench, &with(&body, "msgUuid", json!("u2"))).await["errcode"], 0);
    assert_eq!(bench.sandbox.sent().len(), 2);
}
