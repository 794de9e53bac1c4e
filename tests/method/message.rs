//! What `send_message` sends, and what it hands back.

use serde_json::{Value, json};

use super::{ROBOT, calls, received};
use crate::support::{RELEASE, World};

const GROUP: &str = "/v1.0/robot/groupMessages/send";

fn to_group(key: &str, param: &str) -> (&'static str, &'static str, &'static str, Value) {
    let body = json!({"robotCode": ROBOT, "openConversationId": RELEASE, "msgKey": key, "msgParam": param});
    ("api", GROUP, "header", body)
}

/// Runs `app.send_message(<group>, message)`; what was sent.
#[track_caller]
fn template(message: &str) -> (String, String) {
    let mut world = World::new();
    world.run(&format!(r#"app.send_message("{RELEASE}", {message})"#)).prints("<Response [True]>");
    let body = &calls(&world)[0].body;
    let text = |key: &str| body[key].as_str().unwrap().to_owned();
    (text("msgKey"), text("msgParam"))
}

/// The body of `message` to the signed webhook.
#[track_caller]
fn webhook(message: &str) -> Value {
    let mut world = World::new();
    world.run(&format!("app.send_message((), {message})")).prints("<Response [True]>");
    calls(&world)[0].body.clone()
}

#[test]
fn forms_through_the_api() {
    let rows = [
        (r#""你好""#, "sampleText", r#"{"content":"你好"}"#),
        (r#"MessageChain("a", " b")"#, "sampleText", r#"{"content":"a b"}"#),
        (r#"MessageChain(At("0110000001"), " 请看")"#, "sampleText", r#"{"content":" 请看"}"#),
        (r###"Markdown("## x", "发布")"###, "sampleMarkdown", r###"{"title":"发布","text":"## x"}"###),
        (r#"Markdown("x")"#, "sampleMarkdown", r#"{"title":"[Markdown]","text":"x"}"#),
        (r#"Markdown("x", "")"#, "sampleMarkdown", r#"{"title":"[Markdown]","text":"x"}"#),
    ];
    for (message, key, param) in rows {
        let (found_key, found_param) = template(message);
        assert_eq!(found_key, key, "{message}");
        let parse = |text: &str| serde_json::from_str::<Value>(text).unwrap();
        assert_eq!(parse(&found_param), parse(param), "{message}");
    }
}

#[test]
fn forms_through_a_webhook() {
    assert_eq!(webhook(r#""你好""#), json!({"msgtype": "text", "text": {"content": "你好"}}));
    assert_eq!(
        webhook(r###"Markdown("## x", "发布")"###),
        json!({"msgtype": "markdown", "markdown": {"title": "发布", "text": "## x"}})
    );
    assert_eq!(
        webhook(r#"Markdown("x")"#),
        json!({"msgtype": "markdown", "markdown": {"title": "[Markdown]", "text": "x"}})
    );
}

#[test]
fn marks_stand_in_the_text_and_beside_it() {
    let body =
        webhook(r#"MessageChain(At("13800110001"), At("manager4220"), At(Member("0110000001")), " 请看")"#);
    assert_eq!(
        body,
        json!({
            "msgtype": "text",
            "text": {"content": "@13800110001@manager4220@0110000001 请看"},
            "at": {"atMobiles": ["13800110001"], "atUserIds": ["manager4220", "0110000001"], "isAtAll": false},
        })
    );
    let all = webhook(r#"MessageChain(At("all"), " 集合")"#);
    assert_eq!(all["at"], json!({"isAtAll": true}));
}

#[test]
fn an_empty_message_is_not_sent() {
    let mut world = World::new();
    for message in [r#"Markdown("", "")"#, r#""""#, "MessageChain()"] {
        let ran =
            world.run(&format!(r#"let r = app.send_message("{RELEASE}", {message}); [r.ok, r.errorReason]"#));
        ran.gives(json!([false, "Not send request"]));
    }
    received(&world, &[]);
}

#[test]
fn what_cannot_be_sent_is_refused_first() {
    let mut world = World::new();
    let alone = format!(r#"app.send_message("{RELEASE}", MessageChain(At("0110000001")))"#);
    world.run(&alone).fails("unsendable", "only @ marks");
    let long = format!(r#"let t = ""; t.pad(14986, 'x'); app.send_message("{RELEASE}", t).ok"#);
    world.run(&long).gives(json!(true));
    let longer = format!(r#"let t = ""; t.pad(14987, 'x'); app.send_message("{RELEASE}", t)"#);
    world.run(&longer).fails("unsendable", "at most 15000");
    world
        .run("let c = []; for i in 0..51 { c.push(At(`01${i}`)); } app.send_message((), MessageChain(c))")
        .fails("unsendable", "51 people are marked with @, at most 50");
    assert_eq!(calls(&world).len(), 1);
}

#[test]
fn several_messages_give_a_list() {
    for messages in [r#""a", "b", Markdown("c", "t")"#, r#"["a", "b", Markdown("c", "t")]"#] {
        let mut world = World::new();
        let ran = world.run(&format!(r#"app.send_message("{RELEASE}", {messages})"#));
        ran.gives(json!(["<Response [True]>", "<Response [True]>", "<Response [True]>"]));
        received(
            &world,
            &[
                to_group("sampleText", r#"{"content":"a"}"#),
                to_group("sampleText", r#"{"content":"b"}"#),
                to_group("sampleMarkdown", r#"{"title":"t","text":"c"}"#),
            ],
        );
    }
}

#[test]
fn a_list_of_one_gives_one() {
    let mut world = World::new();
    world.run(&format!(r#"app.send_message("{RELEASE}", ["a"])"#)).prints("<Response [True]>");
    world.run(&format!(r#"app.send_message("{RELEASE}", [])"#)).fails("argument", "got an empty list");
    assert_eq!(calls(&world).len(), 1);
}

#[test]
fn a_list_that_breaks_off_says_what_is_done() {
    let mut world = World::new();
    let ran =
        world.run(&format!(r#"app.send_message("{RELEASE}", ["a", MessageChain(At("0110000001")), "c"])"#));
    let problem = ran.problem();
    assert_eq!(problem.exit_code(), 7);
    assert_eq!(problem.error.as_ref().unwrap().kind_name(), "partial");
    assert!(
        problem.message.en.starts_with("send_message: 1 done, 1 failed: message 2"),
        "{}",
        problem.message.en
    );
    assert_eq!(problem.hints[0].en, "the last 2 of 3 messages were not sent");
    received(&world, &[to_group("sampleText", r#"{"content":"a"}"#)]);
}

#[test]
fn people_who_are_not_there_are_a_partial_failure() {
    let mut world = World::new();
    let ran = world.run(r#"app.send_message(Member("nobody01"), "hi")"#);
    let problem = ran.problem();
    assert_eq!(problem.exit_code(), 7);
    assert_eq!(problem.message.en, "send_message: 0 done, 1 failed: nobody01 (unknown staffId)");
    let caught = r#"let r = (); try { app.send_message(Member("nobody01"), "hi") } catch (e) { r = [e.kind, e.sent, e.body.invalidStaffIdList]; } r"#;
    world.run(caught).gives(json!(["partial", "yes", ["nobody01"]]));
}

#[test]
fn the_response_has_the_guides_fields() {
    let mut world = World::new();
    let api = world.session.config.endpoints.api.clone();
    let ran = world.run(&format!(
        r#"let r = app.send_message("{RELEASE}", "hi");
           [r.ok, r.url, r.recallType, r.recallOpenConversationId, r.errorReason, r.sendData, r.text == to_json(r.json())]"#
    ));
    let sent = json!({"robotCode": ROBOT, "openConversationId": RELEASE, "msgKey": "sampleText", "msgParam": "{\"content\":\"hi\"}"});
    ran.gives(json!([true, format!("{api}{GROUP}"), "group", RELEASE, null, sent, true]));
    let person = r#"let r = app.send_message(Member("manager4220"), "hi"); [r.recallType, r.recallOpenConversationId, "processQueryKey" in r.json()]"#;
    world.run(person).gives(json!(["personal", null, true]));
    let hook = r#"let r = app.send_message((), "hi"); [r.recallType, r.json(), r.url.split("?")[1]]"#;
    world.run(hook).gives(json!([
        "unsupported",
        {"errcode": 0, "errmsg": "ok"},
        "access_token=***&timestamp=***&sign=***"
    ]));
}

#[test]
fn further_headers_go_along() {
    let mut world = World::new();
    let plain = format!(r#"app.sendMessage("{RELEASE}", "hi", #{{"x-trace": "1"}})"#);
    world.run(&plain).prints("<Response [True]>");
    let named = format!(r#"app.send_message("{RELEASE}", "hi", #{{headers: #{{"x-trace": "1"}}}})"#);
    world.run(&named).prints("<Response [True]>");
    let token = format!(r#"app.sendMessage("{RELEASE}", "hi", #{{"x-acs-dingtalk-access-token": "t"}})"#);
    world.run(&token).fails("unsendable", "the header `x-acs-dingtalk-access-token` cannot be set");
    assert_eq!(calls(&world).len(), 2);
}

#[test]
fn a_refused_webhook_is_an_error_although_http_says_200() {
    let mut world = World::with(|config| {
        config.bot.as_mut().unwrap().group_webhook_secure_key = Some("SECwrong".into());
    });
    let ran = world.run(r#"app.send_message((), "hi")"#);
    assert_eq!(ran.problem().exit_code(), 1);
    ran.fails("refused", "code 310000");
}

#[test]
fn a_refusal_that_is_not_raised_is_a_response() {
    let mut world = World::with(|config| config.raise_for_api_error = false);
    let ran = world.run(
        r#"let r = app.send_message("cidNowhere==", "hi"); [r.ok, r.json().code, r.errorReason.contains("no group"), r.recallType]"#,
    );
    ran.gives(json!([false, "invalid.openConversationId", true, "group"]));
    world.run(r#"app.send_message(Member("nobody01"), "hi").ok"#).gives(json!(false));
    world.run(r#"app.send_message("cidNowhere==", ["a", "b"]).map(|r| r.ok)"#).gives(json!([false, false]));
}
