//! AI cards: frames and sources.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use dingraia::ops::Progress;
use serde_json::{Value, json};

use super::fake::Fake;
use crate::support::World;

pub const STREAM: &str = "PUT /v1.0/card/streaming";
const REPLY: &str = "POST /v1.0/aiInteraction/reply";
const SEND: &str = "POST /v1.0/robot/groupMessages/send";

/// `(content, isFinalize, isError)` of each frame.
pub fn frames(fake: &Fake) -> Vec<(String, bool, bool)> {
    let flag = |body: &Value, key: &str| body[key].as_bool().unwrap();
    let frames = fake.bodies(STREAM).into_iter().map(|body| {
        (body["content"].as_str().unwrap().to_owned(), flag(&body, "isFinalize"), flag(&body, "isError"))
    });
    frames.collect()
}

pub fn last(text: &str) -> (String, bool, bool) {
    (text.to_owned(), true, false)
}

pub fn send(world: &mut World, source: &str, options: &str) -> crate::support::Ran {
    world.run(&format!(
        "let card = AICard(); card.set_response({source});
         app.send_ai_card(\"cidG==\", \"t.schema\", card, #{{outTrackId: \"x1\", {options}}})"
    ))
}

#[test]
fn what_is_there_already_takes_one_frame() {
    let fake = Fake::new();
    let mut world = fake.world();
    for (source, text) in
        [(r#""整段""#, "整段"), (r#"["你", "好"]"#, "你好"), (r#"["你", "你好", "你好吗"]"#, "你好吗")]
    {
        assert!(send(&mut world, source, "").is_value());
        world.run("card.text").prints(text);
        assert_eq!(frames(&fake).pop().unwrap(), last(text));
    }
    assert_eq!(frames(&fake).len(), 3);
    let create = fake.bodies("POST /v1.0/card/instances").pop().unwrap();
    assert_eq!(create["cardData"], json!({"cardParamMap": {"content": ""}}));
    let mut bodies = fake.bodies(STREAM);
    let guids: Vec<Value> = bodies.iter_mut().map(|body| body["guid"].take()).collect();
    assert!(guids[0] != guids[1] && guids[1] != guids[2]);
    assert_eq!(
        bodies[0],
        json!({"outTrackId": "x1", "guid": null, "key": "content", "content": "整段", "isFull": true,
               "isFinalize": true, "isError": false})
    );
}

#[test]
fn the_answer_holds_the_text_under_the_key() {
    let fake = Fake::new();
    let mut world = fake.world();
    let card = r#"let card = AICard(); card.set_content("好");"#;
    world
        .run(&format!(r#"{card} app.sned_ai_card("cidG==", "t", card, 0, "msg", "y1").card_data"#))
        .gives(json!({"msg": "好"}));
    assert_eq!(fake.bodies(STREAM)[0]["key"], "msg");
    assert_eq!(fake.bodies(STREAM)[0]["outTrackId"], "y1");
}

#[test]
fn a_function_is_called_until_it_returns_nothing() {
    let fake = Fake::new();
    let mut world = fake.world();
    world.run("fn piece(n) { `第${n}段。` }");
    let closure = r#"|| { n += 1; if n > 3 { () } else { sleep(0.03); piece(n) } }"#;
    assert!(world.run(&format!("let n = 0; let next = {closure};")).is_value());
    assert!(send(&mut world, "next", "").is_value());
    world.run("n").gives(json!(4));
    let frames = frames(&fake);
    assert_eq!(frames.last().unwrap(), &last("第1段。第2段。第3段。"));
    assert!(frames.len() > 1, "what came slowly was written as it came: {frames:?}");
    assert_eq!(frames[0], ("第1段。".to_owned(), false, false));
}

#[test]
fn other_kinds_of_functions() {
    let fake = Fake::new();
    let mut world = fake.world();
    for (source, text) in [
        // The same text twice: no iterator.
        (r#"|| "整段文字""#, "整段文字"),
        (r#"|| ["甲", "乙"]"#, "甲乙"),
        (r#"{ let i = 0; || { i += 1; if i < 4 { i } } }"#, "123"),
    ] {
        assert!(send(&mut world, source, "").is_value(), "{source}");
        assert_eq!(frames(&fake).pop().unwrap(), last(text), "{source}");
    }
    send(&mut world, "|| #{}", "").fails("unsendable", "must return text");
}

#[test]
fn a_function_may_call_methods() {
    let fake = Fake::new();
    let mut world = fake.world();
    let source = r#"|| { n += 1; if n == 1 { app.update_card("other", #{a: 1}); "完" } }"#;
    assert!(world.run(&format!("let n = 0; let next = {source};")).is_value());
    assert!(send(&mut world, "next", "").is_value());
    assert_eq!(fake.bodies("PUT /v1.0/card/instances").len(), 1);
}

#[test]
fn frames_keep_their_distance() {
    let fake = Fake::new();
    let mut world = fake.world();
    world.session.cards.set_floor(Duration::from_millis(60));
    world.run("let n = 0; let next = || { n += 1; if n < 30 { sleep(0.01); `${n} ` } };");
    assert!(send(&mut world, "next", "").is_value());
    let at: Vec<Instant> = fake.seen().iter().filter(|s| s.call == STREAM).map(|s| s.at).collect();
    assert!(at.len() >= 3 && at.len() < 15, "{} frames", at.len());
    assert!(at.windows(2).all(|pair| pair[1] - pair[0] >= Duration::from_millis(55)), "{at:?}");
}

#[test]
fn updates_can_be_limited() {
    let fake = Fake::new();
    let mut world = fake.world();
    let next = "let n = 0; let next = || { n += 1; if n <= 9 { sleep(0.02); `${n}` } };";
    world.run(next);
    assert!(send(&mut world, "next", "update_chars: 4").is_value());
    let texts: Vec<String> = frames(&fake).into_iter().map(|frame| frame.0).collect();
    assert_eq!(texts, ["1234", "12345678", "123456789"]);
    world.run(next);
    assert!(send(&mut world, "next", "update_limit: 60").is_value());
    assert_eq!(frames(&fake).len(), 5, "one at once, one at the end");
}

#[test]
fn a_card_without_text_is_not_sent() {
    let fake = Fake::new();
    let mut world = fake.world();
    world.run(r#"app.send_ai_card("cidG==", "t", AICard())"#).fails("unsendable", "call `set_response`");
    send(&mut world, r#"["", ""]"#, "").fails("unsendable", "is empty");
    world.run(r#"AICard().set_response(3)"#).fails("argument", "text, a list of texts or a function");
    world.run(r#"AICard().set_response("a", "half")"#).fails("argument", "`content_type`");
    world.run(r#"let c = AICard(); c.content_type = "half";"#).fails("argument", "`content_type`");
    assert!(fake.seen().is_empty());
}

#[test]
fn a_server_writes_the_text() {
    let fake = Fake::new();
    let mut world = fake.world();
    let url =
        fake.lines(": ping\n\ndata: {\"mes\": \"你\"}\n\ndata: {\"mes\": \"你好\"}\r\n\r\ndata: [DONE]\n\n");
    world
        .run(&format!(
            r#"let card = AICard();
               card.withPostUrl("{url}?key=k0", #{{q: "问"}}, |json| json.mes, #{{Authorization: "Bearer b0"}}, 10);
               app.send_ai_card("cidG==", "t", card).card_data.content"#
        ))
        .prints("你好");
    let asked = fake.seen().into_iter().find(|seen| seen.call == "POST /lines").unwrap();
    assert_eq!(asked.body, json!({"q": "问"}));
    assert_eq!(asked.headers["authorization"], "Bearer b0");
    assert_eq!(asked.headers["content-type"], "application/json; charset=utf-8");
    assert!(!asked.headers.contains_key("x-acs-dingtalk-access-token"));
}

#[test]
fn an_openai_server_needs_no_handler() {
    let fake = Fake::new();
    let mut world = fake.world();
    let url = fake.lines(
        "data: {\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}\n\
         data: {\"choices\":[{\"delta\":{\"content\":\"你\"}}]}\n\
         data: {\"choices\":[{\"delta\":{\"content\":\"好\"}}]}\n\
         data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\ndata: [DONE]",
    );
    let ask = |options: &str| {
        format!(
            "let card = AICard(); card.withPostUrl(\"{url}\", #{{stream: true}}{options});
             app.send_ai_card(\"cidG==\", \"t\", card).card_data.content"
        )
    };
    world.run(&ask("")).prints("你好");
    world.run(&ask(", #{timeout: 5}")).prints("你好");
    world.run(&ask(", (), #{timeout: 5, headers: #{a: \"b\"}}")).prints("你好");
    world.run(&ask(", #{tmeout: 5}")).fails("argument", "did you mean `timeout`?");
}

#[test]
fn cards_share_nothing() {
    let fake = Fake::new();
    let mut world = fake.world();
    world.run(
        r#"let a = AICard(); a.set_response(["一", "一二"]); let b = AICard(); b.set_response(["三", "四"]);
           parallel([a, b], |card| app.send_ai_card("cidG==", "t", card));"#,
    );
    world.run("[a.text, b.text, a.content_type]").gives(json!(["一二", "三四", "auto"]));
}

#[test]
fn progress_is_told() {
    let fake = Fake::new();
    let mut world = fake.world();
    let told = Arc::new(Mutex::new(Vec::new()));
    let book = Arc::clone(&told);
    world.session.watch(Arc::new(move |step: &Progress<'_>| {
        if let Progress::Card { out_track_id, characters, done } = step {
            book.lock().unwrap().push((out_track_id.clone(), *characters, *done));
        }
    }));
    assert!(send(&mut world, r#"["你", "好"]"#, "").is_value());
    let step = |characters, done| ("x1".to_owned(), characters, done);
    assert_eq!(*told.lock().unwrap(), [step(1, false), step(2, false), step(2, true)]);
}

#[test]
fn an_assistant_answers() {
    let fake = Fake::new();
    let mut world = fake.world();
    world
        .run(r#"let card = AICard(); card.set_content("答"); app.assistant_send_ai_card("token-1", card)"#)
        .gives(json!(true));
    let body = fake.bodies(REPLY).pop().unwrap();
    assert_eq!((&body["conversationToken"], &body["contentType"]), (&json!("token-1"), &json!("ai_card")));
    let content: Value = serde_json::from_str(body["content"].as_str().unwrap()).unwrap();
    assert_eq!(
        content,
        json!({
            "templateId": "8f250f96-da0f-4c9f-8302-740fa0ced1f5.schema",
            "cardData": {"key": "content", "value": "答", "isFull": true, "isFinalize": true},
            "options": {"componentTag": "streamingComponent"}
        })
    );
    fake.next(REPLY, 200, json!({"result": {"success": false}}));
    world.run(r#"app.assistant_send_ai_card("token-1", card)"#).fails("refused", "did not take the answer");
    world
        .run(r#"app.assistant_send_ai_card("token-1", card, #{maxAnswerLength: 1, key: "k"})"#)
        .gives(json!(true));
}

#[test]
fn paragraphs_become_messages() {
    let fake = Fake::new();
    let mut world = fake.world();
    world
        .run(
            r###"let card = AICard(); card.set_response("## 结论\n一切正常\n\n```\na\n\nb\n```\n\n完");
               app.send_ai_message("cidG==", card).map(|r| r.ok)"###,
        )
        .gives(json!([true, true, true]));
    let params: Vec<Value> = fake
        .bodies(SEND)
        .iter()
        .map(|body| serde_json::from_str(body["msgParam"].as_str().unwrap()).unwrap())
        .collect();
    assert_eq!(
        params,
        [
            json!({"title": "结论", "text": "## 结论\n一切正常"}),
            json!({"title": "a", "text": "```\na\n\nb\n```"}),
            json!({"title": "完", "text": "完"})
        ]
    );
    fake.next(SEND, 200, json!({"processQueryKey": "q"}));
    fake.next(SEND, 400, json!({"code": "group.disbanded", "message": "gone"}));
    world.run(r#"app.send_ai_message("cidG==", card)"#).fails("partial", "1 done, 1 failed");
    world.run(r#"app.send_ai_message("cidG==", AICard())"#).fails("unsendable", "set_response");
}
