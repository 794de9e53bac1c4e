//! Which way `send_message` takes, row by row of the routing table.

use dingraia::cache::RobotSeen;
use serde_json::{Value, json};

use super::{LIN, ROBOT, SECONDS, ZHANG, calls, received, token_calls};
use crate::support::{RELEASE, World};

/// The path of a message to a group.
const GROUP: &str = "/v1.0/robot/groupMessages/send";
/// The path of a message to people.
const OTO: &str = "/v1.0/robot/oToMessages/batchSend";
/// The session webhook of the small seed.
const SESSION: &str = "3f3af1ecebbd1410ab417ec0d27bbfcb";

/// `SESSION`, `LATER` and `EARLIER` in a script become the session webhook and two times around now.
fn script(world: &World, text: &str) -> String {
    let url = format!("{}/robot/sendBySession?session={SESSION}", world.session.config.endpoints.oapi);
    text.replace("SESSION", &format!("{url:?}"))
        .replace("LATER", &(SECONDS + 3600).to_string())
        .replace("EARLIER", &(SECONDS - 1).to_string())
}

fn to_group() -> (&'static str, &'static str, &'static str, Value) {
    let body = json!({"robotCode": ROBOT, "openConversationId": RELEASE, "msgKey": "sampleText", "msgParam": r#"{"content":"hi"}"#});
    ("api", GROUP, "header", body)
}

fn to_person(id: &str) -> (&'static str, &'static str, &'static str, Value) {
    let body = json!({"robotCode": ROBOT, "userIds": [id], "msgKey": "sampleText", "msgParam": r#"{"content":"hi"}"#});
    ("api", OTO, "header", body)
}

fn to_session() -> (&'static str, &'static str, &'static str, Value) {
    ("oapi", "/robot/sendBySession", "none", json!({"msgtype": "text", "text": {"content": "hi"}}))
}

#[test]
fn each_target_takes_its_way() {
    let rows = [
        (r#""cidSandboxRelease0001==""#, to_group()),
        (r#"OpenConversationId("cidSandboxRelease0001==")"#, to_group()),
        (r#"Group("cidSandboxRelease0001==")"#, to_group()),
        (r#"Group("cidSandboxRelease0001==", #{webhook: Webhook(SESSION, EARLIER)})"#, to_group()),
        (r#"Group("cidSandboxRelease0001==", #{webhook: Webhook(SESSION, LATER)})"#, to_session()),
        (r#"Group("cidSandboxRelease0001==", #{member: "0110000001"})"#, to_person(ZHANG)),
        (
            r#"Group("cidSandboxRelease0001==", #{member: "0110000001", webhook: Webhook(SESSION, EARLIER)})"#,
            to_person(ZHANG),
        ),
        (
            r#"Group("cidSandboxRelease0001==", #{member: "0110000001", webhook: Webhook(SESSION, LATER)})"#,
            to_session(),
        ),
        (r#"Member("manager4220")"#, to_person(LIN)),
        ("Webhook(SESSION, LATER)", to_session()),
        ("Webhook(SESSION)", to_session()),
        ("SESSION", to_session()),
    ];
    for (target, expected) in rows {
        let mut world = World::new();
        let text = script(&world, &format!(r#"app.send_message({target}, "hi")"#));
        let ran = world.run(&text);
        assert!(ran.is_value(), "{target}: {}", ran.problem().message.en);
        ran.prints("<Response [True]>");
        let tokens = usize::from(expected.0 == "api");
        received(&world, &[expected]);
        assert_eq!(token_calls(&world), tokens, "{target}");
    }
}

#[test]
fn a_session_webhook_carries_its_session_and_nothing_else() {
    let mut world = World::new();
    let text = script(&world, r#"app.send_message(SESSION, "hi")"#);
    world.run(&text).prints("<Response [True]>");
    assert_eq!(calls(&world)[0].query, [("session".to_owned(), SESSION.to_owned())]);
}

#[test]
fn no_target_is_the_signed_group_webhook() {
    let mut world = World::new();
    world.run(r#"app.send_message((), "hi")"#).prints("<Response [True]>");
    let body = json!({"msgtype": "text", "text": {"content": "hi"}});
    received(&world, &[("oapi", "/robot/send", "query", body)]);
    let query = &calls(&world)[0].query;
    let names: Vec<&str> = query.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["access_token", "timestamp", "sign"]);
    assert_eq!(query[0].1, world.sandbox.credentials().webhook_token);
    assert_eq!(query[1].1, crate::support::NOW.to_string());
    assert_eq!(token_calls(&world), 0);
}

#[test]
fn no_target_needs_token_and_key() {
    for (token, key) in [(None, Some("SECx")), (Some("00ff"), None), (None, None)] {
        let mut world = World::with(|config| {
            let bot = config.bot.as_mut().unwrap();
            bot.group_webhook_access_token = token.map(Into::into);
            bot.group_webhook_secure_key = key.map(Into::into);
        });
        let name = if token.is_none() { "group_webhook_access_token" } else { "group_webhook_secure_key" };
        world.run(r#"app.send_message((), "hi")"#).fails("unconfigured", name);
        received(&world, &[]);
    }
}

#[test]
fn an_ended_webhook_sends_nothing() {
    let mut world = World::new();
    let text = script(
        &world,
        r#"let r = app.send_message(Webhook(SESSION, EARLIER), "hi"); [r.ok, r.errorReason, r.json(), `${r}`]"#,
    );
    world.run(&text).gives(json!([
        false,
        "Webhook url expired",
        null,
        "<Response [False] Webhook url expired>"
    ]));
    // One that ends in this moment counts as ended.
    let text = script(&world, r#"app.send_message(Webhook(SESSION, TIME), "hi").ok"#)
        .replace("TIME", &(SECONDS + 5).to_string());
    world.run(&text).gives(json!(false));
    received(&world, &[]);
}

#[test]
fn milliseconds_are_understood() {
    let mut world = World::new();
    let text = script(&world, r#"app.send_message(Webhook(SESSION, LATER000), "hi")"#);
    world.run(&text).prints("<Response [True]>");
    let text = script(&world, r#"app.send_message(Webhook(SESSION, EARLIER000), "hi")"#);
    world.run(&text).prints("<Response [False] Webhook url expired>");
}

/// A message from the group left its webhook in the cache.
fn seen(world: &World, expired: i64) {
    let url = format!("{}/robot/sendBySession?session={SESSION}", world.session.config.endpoints.oapi);
    world.session.cache.save_robot_message(&RobotSeen {
        conversation_id: RELEASE,
        title: "发布小组",
        webhook_url: &url,
        webhook_expired: expired as f64,
        ..RobotSeen::default()
    });
}

#[test]
fn a_cached_webhook_serves_a_group() {
    let mut world = World::new();
    seen(&world, SECONDS + 3600);
    let number = dingraia::cache::group_id(RELEASE);
    let text = script(
        &world,
        r#"app.send_message(Group("cidSandboxRelease0001=="), "hi");
           app.send_message(Group(NUMBER), "hi");
           app.send_message(Group("cidSandboxRelease0001==", #{webhook: Webhook("http://127.0.0.1:1/x", EARLIER)}), "hi");
           app.send_message("cidSandboxRelease0001==", "hi");"#,
    );
    let ran = world.run(&text.replace("NUMBER", &number.to_string()));
    assert!(ran.is_value(), "{}", ran.problem().message.en);
    received(&world, &[to_session(), to_session(), to_session(), to_group()]);
}

#[test]
fn an_ended_cached_webhook_does_not() {
    let mut world = World::new();
    seen(&world, SECONDS - 1);
    let number = dingraia::cache::group_id(RELEASE);
    world.run(&format!(r#"app.send_message(Group({number}), "hi")"#)).prints("<Response [True]>");
    received(&world, &[to_group()]);
}

#[test]
fn what_nobody_knows_is_refused_before_it_is_sent() {
    let mut world = World::new();
    world.run(r#"app.send_message(Group(12345), "hi")"#).fails("unsendable", "no openConversationId");
    world.run(r#"app.send_message(Member(#{unionId: "nobody"}), "hi")"#).fails("unsendable", "no staffId");
    world.run(r#"app.send_message("manager4220", "hi")"#).fails("argument", "`target` must be");
    world.run(r#"app.send_message("", "hi")"#).fails("argument", "`target` must be");
    received(&world, &[]);
}

#[test]
fn a_member_known_by_another_id_is_found_in_the_cache() {
    let mut world = World::new();
    world.run(r#"app.get_user("manager4220")"#);
    let union = "qLXJN1dYe11z9mLXTzlDHVyiEiE";
    world
        .run(&format!(r#"app.send_message(Member(#{{unionId: "{union}"}}), "hi")"#))
        .prints("<Response [True]>");
    assert_eq!(calls(&world)[1].body["userIds"], json!([LIN]));
}

#[test]
fn without_a_bot_only_webhooks_work() {
    let mut world = World::with(|config| config.bot = None);
    let text = script(&world, r#"app.send_message(SESSION, "hi")"#);
    world.run(&text).prints("<Response [True]>");
    for line in [
        r#"app.send_message("cidSandboxRelease0001==", "hi")"#,
        r#"app.get_user("manager4220")"#,
        r#"app.recall_message(#{processQueryKeys: ["k"]})"#,
        r#"app.api.get("/x")"#,
    ] {
        let ran = world.run(line);
        let problem = ran.problem();
        assert_eq!(problem.error.as_ref().unwrap().kind_name(), "unconfigured", "{line}");
        assert!(problem.hints[0].en.contains("dingraia config init"), "{line}");
        assert_eq!(problem.exit_code(), 2, "{line}");
    }
    received(&world, &[to_session()]);
}
