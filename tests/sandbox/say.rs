//! People speak: what of it reaches the robot, and how.

use dingraia::sandbox::{Part, Placed, Saying, Speech};
use serde_json::{Value, json};

use super::bench::{Bench, HEADER, LUNCH, NOW, RELEASE, ROBOT, answer, ok};
use super::socket::{ALL, DELEGATE, MESSAGES, Socket, data, millis, timing, until};

/// The payload of the next frame, which is answered.
async fn heard(socket: &mut Socket) -> Value {
    let frame = socket.frame().await;
    assert_eq!((&frame["type"], &frame["headers"]["topic"]), (&json!("CALLBACK"), &json!(MESSAGES.1)));
    socket.answer(&frame, &json!({"response": null})).await;
    data(&frame)
}

fn keys(payload: &Value) -> Vec<&str> {
    payload.as_object().unwrap().keys().map(String::as_str).collect()
}

#[tokio::test]
async fn a_text_in_a_group() {
    let bench = Bench::new().await;
    let mut socket = Socket::open(&bench, &ALL).await;
    let saying = Saying::from("状态").mentioning(&["王芳"]);
    let said = bench.sandbox.say("张伟", Some("发布小组"), saying).unwrap();
    let payload = heard(&mut socket).await;
    assert_eq!(said.payload, payload);
    let mut expected = vec![
        "conversationId",
        "atUsers",
        "chatbotCorpId",
        "chatbotUserId",
        "msgId",
        "senderNick",
        "isAdmin",
        "senderStaffId",
        "sessionWebhookExpiredTime",
        "createAt",
        "senderCorpId",
        "conversationType",
        "senderId",
        "conversationTitle",
        "isInAtList",
        "sessionWebhook",
        "text",
        "robotCode",
        "msgtype",
    ];
    let mut found = keys(&payload);
    expected.sort_unstable();
    found.sort_unstable();
    assert_eq!(found, expected);
    assert_eq!((&payload["msgtype"], &payload["text"]), (&json!("text"), &json!({"content": " 状态"})));
    assert_eq!((&payload["conversationId"], &payload["conversationType"]), (&json!(RELEASE), &json!("2")));
    assert_eq!((&payload["senderStaffId"], &payload["senderNick"]), (&json!("0110000001"), &json!("张伟")));
    assert_eq!((&payload["createAt"], &payload["robotCode"]), (&json!(NOW), &json!(ROBOT)));
    assert_eq!((&payload["isInAtList"], &payload["isAdmin"]), (&json!(true), &json!(false)));
    assert_eq!(payload["chatbotCorpId"], bench.sandbox.corp_id());
    let at = payload["atUsers"].as_array().unwrap();
    assert_eq!((at.len(), &at[0]["dingtalkId"]), (2, &payload["chatbotUserId"]));
    assert_eq!(at[1]["staffId"], "0110000002");
    assert!(payload["senderId"].as_str().unwrap().starts_with("$:LWCP_v1:$"));
    until(|| bench.sandbox.push_counts().done == 1).await;
    // The same person has the same id in the next message, which has another of its own.
    bench.sandbox.say("0110000001", Some(RELEASE), "again").unwrap();
    let next = heard(&mut socket).await;
    assert_eq!(next["senderId"], payload["senderId"]);
    assert_ne!(next["msgId"], payload["msgId"]);
}

#[tokio::test]
async fn alone_with_the_robot() {
    let bench = Bench::new().await;
    let mut socket = Socket::open(&bench, &ALL).await;
    bench.sandbox.say("林晓", None, "你好").unwrap();
    let payload = heard(&mut socket).await;
    assert_eq!((&payload["conversationType"], &payload["isAdmin"]), (&json!("1"), &json!(true)));
    assert_eq!(payload["text"]["content"], "你好");
    assert!(payload["conversationId"].as_str().unwrap().starts_with("cid"));
    for absent in ["conversationTitle", "atUsers", "isInAtList"] {
        assert!(payload.get(absent).is_none(), "{absent}");
    }
    let reply = json!({"msgtype": "text", "text": {"content": "hi"}});
    let url = payload["sessionWebhook"].as_str().unwrap();
    assert_eq!(ok(answer(bench.http.post(url).json(&reply)).await)["errcode"], 0);
    let sent = bench.sandbox.sent().remove(0);
    assert_eq!((sent.to.as_str(), &sent.body), ("manager4220", &reply));
}

#[tokio::test]
async fn a_session_webhook_reaches_the_group_until_it_expires() {
    let bench = Bench::new().await;
    let mut socket = Socket::open(&bench, &ALL).await;
    bench.sandbox.say("张伟", Some(RELEASE), "x").unwrap();
    let payload = heard(&mut socket).await;
    let url = payload["sessionWebhook"].as_str().unwrap().to_owned();
    assert!(url.starts_with(&bench.oapi), "{url}");
    assert_eq!(payload["sessionWebhookExpiredTime"], NOW + 5_400_000);
    let reply = json!({"msgtype": "text", "text": {"content": "hi"}});
    assert_eq!(ok(answer(bench.http.post(&url).json(&reply)).await)["errcode"], 0);
    assert_eq!(bench.sandbox.sent()[0].to, RELEASE);
    bench.clock.advance(5_400_000);
    assert_eq!(ok(answer(bench.http.post(&url).json(&reply)).await)["errcode"], 300_001);
    timing(&bench.sandbox, |timing| timing.session_webhook = millis(500));
    bench.sandbox.say("张伟", Some(RELEASE), "x").unwrap();
    let payload = heard(&mut socket).await;
    assert_eq!(payload["sessionWebhookExpiredTime"], NOW + 5_400_500);
}

/// The bytes behind a download code.
async fn fetched(bench: &Bench, code: &Value) -> Vec<u8> {
    let body = json!({"downloadCode": code, "robotCode": ROBOT});
    let (status, answer) = bench.api("/v1.0/robot/messageFiles/download", &body).await;
    assert_eq!(status, 200, "{answer}");
    let response = bench.http.get(answer["downloadUrl"].as_str().unwrap()).send().await.unwrap();
    response.bytes().await.unwrap().to_vec()
}

#[tokio::test]
async fn every_kind_of_message() {
    let bench = Bench::new().await;
    let mut socket = Socket::open(&bench, &ALL).await;
    let mut said = async |speech: Speech| {
        bench.sandbox.say("张伟", None, speech).unwrap();
        heard(&mut socket).await
    };
    let rich = vec![Part::Text("看：".into()), Part::Picture(b"one".to_vec()), Part::Text("\n谢谢".into())];
    let payload = said(Speech::Rich(rich)).await;
    let parts = &payload["content"]["richText"];
    assert_eq!((&payload["msgtype"], &parts[0]), (&json!("richText"), &json!({"text": "看："})));
    assert_eq!((&parts[1]["type"], &parts[2]), (&json!("picture"), &json!({"text": "\n谢谢"})));
    for code in ["downloadCode", "pictureDownloadCode"] {
        assert_eq!(fetched(&bench, &parts[1][code]).await, b"one", "{code}");
    }
    let payload = said(Speech::Picture(b"two".to_vec())).await;
    assert_eq!((&payload["msgtype"], keys(&payload["content"]).len()), (&json!("picture"), 2));
    assert_eq!(fetched(&bench, &payload["content"]["pictureDownloadCode"]).await, b"two");
    let payload =
        said(Speech::Audio { bytes: b"three".to_vec(), millis: 4000, recognition: "你好".into() }).await;
    let content = &payload["content"];
    assert_eq!((&payload["msgtype"], &content["duration"]), (&json!("audio"), &json!(4000)));
    assert_eq!(content["recognition"], "你好");
    assert_eq!(fetched(&bench, &content["downloadCode"]).await, b"three");
    let payload = said(Speech::Video { bytes: b"four".to_vec(), millis: 7600, format: "mp4".into() }).await;
    let content = &payload["content"];
    assert_eq!((&payload["msgtype"], &content["videoType"]), (&json!("video"), &json!("mp4")));
    assert_eq!(fetched(&bench, &content["downloadCode"]).await, b"four");
    let payload = said(Speech::File { name: "计划.xlsx".into(), bytes: b"five".to_vec() }).await;
    let content = &payload["content"];
    assert_eq!((&payload["msgtype"], &content["fileName"]), (&json!("file"), &json!("计划.xlsx")));
    assert_eq!(keys(content), ["spaceId", "fileName", "downloadCode", "fileId"]);
    assert_eq!(fetched(&bench, &content["downloadCode"]).await, b"five");
    let payload = said(Speech::Unknown("interactiveCard".into())).await;
    assert_eq!(payload["msgtype"], "unknownMsgType");
    assert_eq!(payload["content"], json!({"unknownMsgType": "interactiveCard"}));
    let payload = said(Speech::QuotaSpent).await;
    assert_eq!((&payload["msgtype"], &payload["errorCode"]), (&json!("text"), &json!("20001")));
    assert!(payload.get("text").is_none() && payload.get("content").is_none());
}

#[tokio::test]
async fn what_does_not_reach_the_robot() {
    let bench = Bench::new().await;
    let mut socket = Socket::open(&bench, &ALL).await;
    let say = |person: &str, group: Option<&str>, saying: Saying| bench.sandbox.say(person, group, saying);
    let problem = |person: &str, group: Option<&str>, saying: Saying| {
        say(person, group, saying).unwrap_err().to_string()
    };
    let said = say("张伟", Some(RELEASE), Saying::from("x").not_to_robot()).unwrap();
    assert_eq!((said.placed, &said.payload["isInAtList"]), (None, &json!(false)));
    assert!(problem("没有的人", None, "x".into()).contains("nobody"));
    assert!(problem("张伟", Some("没有的群"), "x".into()).contains("no group"));
    assert!(problem("陈静", Some(RELEASE), "x".into()).contains("not in the group"));
    let film = Speech::File { name: "a".into(), bytes: Vec::new() };
    assert!(problem("张伟", Some(RELEASE), film.into()).contains("alone"));
    assert!(problem("张伟", Some(RELEASE), Saying::from("x").mentioning(&["没有的人"])).contains("nobody"));
    let mute = json!({
        "openConversationId": RELEASE, "userIdList": ["0110000002"], "muteStatus": 1, "muteDuration": 1000,
    });
    let request = bench.http.post(bench.at_api("/v1.0/im/sceneGroups/muteMembers/set"));
    assert_eq!(request.header(HEADER, &bench.token).json(&mute).send().await.unwrap().status(), 200);
    assert!(problem("王芳", Some(RELEASE), "x".into()).contains("muted"));
    bench.clock.advance(1000);
    say("王芳", Some(RELEASE), "y".into()).unwrap();
    let all = json!({"open_conversation_id": RELEASE, "chat_banned_type": 1});
    assert_eq!(bench.errcode("/topapi/im/chat/scenegroup/update", &all).await, 0);
    assert!(problem("王芳", Some(RELEASE), "x".into()).contains("muted"));
    say("张伟", Some(RELEASE), "z".into()).unwrap();
    assert_eq!(heard(&mut socket).await["text"]["content"], " y");
    assert_eq!(heard(&mut socket).await["text"]["content"], " z");
    socket.silent().await;
    let twins = Bench::changed(|seed| {
        seed["users"][1]["name"] = json!("林晓");
        seed["groups"][0]["robot"] = json!(false);
    })
    .await;
    assert!(twins.sandbox.say("林晓", None, "x").unwrap_err().to_string().contains("several people"));
    let absent = twins.sandbox.say("manager4220", Some(RELEASE), "x").unwrap_err().to_string();
    assert!(absent.contains("the robot is not in the group"), "{absent}");
}

#[tokio::test]
async fn strangers_and_delegates() {
    let bench = Bench::new().await;
    let mut socket = Socket::open(&bench, &[MESSAGES, DELEGATE]).await;
    bench.sandbox.say("客户王", Some(LUNCH), Saying::from("在吗").by_a_stranger()).unwrap();
    let payload = heard(&mut socket).await;
    assert_eq!(payload["senderNick"], "客户王");
    assert!(payload.get("senderStaffId").is_none() && payload.get("senderCorpId").is_none());
    assert!(bench.sandbox.say("客户王", None, Saying::from("x").by_a_stranger()).is_err());
    let delegated = Saying::from("请假").to_the_delegate_of("林晓");
    bench.sandbox.say("张伟", None, delegated).unwrap();
    let frame = socket.frame().await;
    assert_eq!(frame["headers"]["topic"], DELEGATE.1);
    let payload = data(&frame);
    assert_eq!(payload["hostingContext"], json!({"userId": "manager4220", "nick": "林晓"}));
    assert_eq!(payload["conversationMsgContext"][0]["senderUserId"], "0110000001");
}

#[tokio::test]
async fn a_message_is_sent_once_whatever_the_answer() {
    let bench = Bench::new().await;
    timing(&bench.sandbox, |timing| timing.redelivery = millis(1));
    assert_eq!(bench.sandbox.say("张伟", None, "nobody there").unwrap().placed, Some(Placed::Nobody));
    let mut socket = Socket::open(&bench, &ALL).await;
    for answer in [json!({"status": "LATER"}), json!({"response": null})] {
        bench.sandbox.say("张伟", None, "x").unwrap();
        let frame = socket.frame().await;
        socket.answer(&frame, &answer).await;
        let id = frame["headers"]["messageId"].as_str().unwrap();
        until(|| bench.sandbox.pushes().last().is_some_and(|push| push.id == id)).await;
    }
    timing(&bench.sandbox, |timing| timing.message_answer = millis(20));
    bench.sandbox.say("张伟", None, "x").unwrap();
    socket.frame().await;
    until(|| bench.sandbox.pushes().len() == 4).await;
    socket.silent().await;
    let names: Vec<&str> = bench.sandbox.pushes().iter().map(|push| push.outcome.name()).collect();
    assert_eq!(names, ["nobody", "wrong", "done", "unanswered"]);
    assert!(bench.sandbox.pushes().iter().all(|push| push.attempt == 1));
}

#[tokio::test]
async fn the_off_duty_card_shows_while_nobody_is_connected() {
    let bench = Bench::new().await;
    bench.sandbox.say("张伟", Some(RELEASE), "x").unwrap();
    assert_eq!(bench.sandbox.sent(), []);
    let card = json!({
        "config": {"autoLayout": true, "enableForward": true},
        "header": {"title": {"type": "text", "text": "休息中"}, "logo": "@lALP"},
        "contents": [{"type": "markdown", "text": "稍后", "id": "t1"}],
    });
    let body = json!({"robotCode": ROBOT, "cardTemplateId": "StandardCard", "cardData": card.to_string()});
    assert_eq!(bench.api("/v1.0/innerApi/robot/stream/away/template/update", &body).await.0, 200);
    bench.sandbox.say("张伟", Some(RELEASE), "x").unwrap();
    bench.sandbox.say("张伟", None, "x").unwrap();
    let shown: Vec<(String, Value)> =
        bench.sandbox.sent().into_iter().map(|message| (message.to, message.body)).collect();
    assert_eq!(shown, [(RELEASE.to_owned(), card.clone()), ("0110000001".to_owned(), card)]);
    let _socket = Socket::open(&bench, &ALL).await;
    bench.sandbox.say("张伟", None, "x").unwrap();
    assert_eq!(bench.sandbox.sent().len(), 2);
}

#[tokio::test]
async fn a_question_to_the_assistant_can_be_answered() {
    let bench = Bench::new().await;
    let mut socket = Socket::open(&bench, &ALL).await;
    bench.sandbox.ask("张伟", Some(RELEASE), "你好").unwrap();
    let frame = socket.frame().await;
    let call = data(&frame);
    assert_eq!(
        (&call["requestLine"]["method"], &call["headers"]["x-ability-key"]),
        (&json!("POST"), &json!("chat"))
    );
    let body: Value = serde_json::from_str(call["body"].as_str().unwrap()).unwrap();
    assert_eq!((&body["rawInput"], &body["openConversationId"]), (&json!("你好"), &json!(RELEASE)));
    assert_eq!(
        (&body["userId"], &body["unionId"]),
        (&json!("0110000001"), &json!("1dstQczhgA1FBZpX4ZwRXlxiEiE"))
    );
    assert_eq!(body["inputAttribute"], "{\"msgType\":\"text\"}");
    let response = json!({
        "statusLine": {"code": 200, "reasonPhrase": "OK"}, "headers": {"Content-Type": "application/json"},
        "body": "{}",
    });
    socket.answer(&frame, &json!({"response": response})).await;
    let content = json!({
        "templateId": "8f250f96-da0f-4c9f-8302-740fa0ced1f5.schema",
        "cardData": {"key": "content", "value": "hi", "isFinalize": true},
    });
    let reply = json!({
        "conversationToken": body["conversationToken"], "contentType": "ai_card", "content": content.to_string(),
    });
    assert_eq!(ok(bench.api("/v1.0/aiInteraction/reply", &reply).await)["result"]["success"], true);
    bench.sandbox.ask("张伟", None, "again").unwrap();
    let frame = socket.frame().await;
    socket
        .answer(&frame, &json!({"response": {"statusLine": {"code": 500}, "headers": {}, "body": "{}"}}))
        .await;
    until(|| bench.sandbox.pushes().len() == 2).await;
    let ended: Vec<&str> = bench.sandbox.pushes().iter().map(|push| push.outcome.name()).collect();
    assert_eq!(ended, ["done", "wrong"]);
}
