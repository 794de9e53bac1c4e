//! `recall_message`.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{ROBOT, calls, received};
use crate::support::{RELEASE, World};

const FROM_GROUP: &str = "/v1.0/robot/groupMessages/recall";
const FROM_PEOPLE: &str = "/v1.0/robot/otoMessages/batchRecall";

/// The keys of the messages that arrived.
fn keys(world: &World) -> Vec<String> {
    world.sandbox.sent().into_iter().filter_map(|message| message.process_query_key).collect()
}

fn recalls(world: &World) -> Vec<(String, Value)> {
    let recalls = calls(world).into_iter().filter(|call| call.path.to_lowercase().contains("recall"));
    recalls.map(|call| (call.path, call.body)).collect()
}

#[test]
fn the_answer_of_a_message_is_enough() {
    let mut world = World::new();
    let ran = world.run(&format!(r#"app.recall_message(app.send_message("{RELEASE}", "oops"))"#));
    let key = keys(&world).remove(0);
    ran.gives(json!({"successResult": [key], "failedResult": {}}));
    let body = json!({"robotCode": ROBOT, "openConversationId": RELEASE, "processQueryKeys": [key]});
    assert_eq!(recalls(&world), [(FROM_GROUP.to_owned(), body)]);
    assert!(world.sandbox.sent()[0].recalled);

    let ran = world.run(r#"app.recall_message(app.send_message(Member("manager4220"), "oops"))"#);
    let key = keys(&world).remove(1);
    ran.gives(json!({"successResult": [key], "failedResult": {}}));
    assert_eq!(
        recalls(&world)[1],
        (FROM_PEOPLE.to_owned(), json!({"robotCode": ROBOT, "processQueryKeys": [key]}))
    );
}

#[test]
fn a_list_gives_a_list() {
    let mut world = World::new();
    let ran = world.run(&format!(r#"app.recall_message(app.send_message("{RELEASE}", "a", "b"))"#));
    let keys = keys(&world);
    ran.gives(json!([
        {"successResult": [keys[0]], "failedResult": {}},
        {"successResult": [keys[1]], "failedResult": {}}
    ]));
}

#[test]
fn keys_alone_are_enough() {
    let mut world = World::new();
    world
        .run(&format!(r#"app.send_message("{RELEASE}", "a"); app.send_message(Member("manager4220"), "b")"#));
    let keys = keys(&world);
    world.run(&format!(
        r#"app.recall_message(#{{processQueryKeys: "{}", openConversationId: "{RELEASE}"}});
           app.recall_message(#{{processQueryKeys: ["{}"]}})"#,
        keys[0], keys[1]
    ));
    assert_eq!(
        recalls(&world),
        [
            (
                FROM_GROUP.to_owned(),
                json!({"robotCode": ROBOT, "openConversationId": RELEASE, "processQueryKeys": [keys[0]]})
            ),
            (FROM_PEOPLE.to_owned(), json!({"robotCode": ROBOT, "processQueryKeys": [keys[1]]})),
        ]
    );
}

/// Sends `count` messages to a person; then `keys` is the list of their keys.
fn many(world: &mut World, count: usize) {
    world.run(&format!(
        r#"let keys = []; for i in 0..{count} {{ keys.push(app.send_message(Member("manager4220"), "m").json().processQueryKey); }}"#
    ));
}

#[test]
fn twenty_in_a_call() {
    let mut world = World::new();
    many(&mut world, 41);
    let ran = world.run(
        "let r = app.recall_message(#{processQueryKeys: keys}); [r.successResult == keys, r.failedResult]",
    );
    ran.gives(json!([true, {}]));
    let sizes: Vec<usize> =
        recalls(&world).iter().map(|(_, body)| body["processQueryKeys"].as_array().unwrap().len()).collect();
    assert_eq!(sizes, [20, 20, 1]);
}

#[test]
fn a_partial_failure_is_told() {
    let mut world = World::new();
    many(&mut world, 2);
    let ran = world.run(r#"keys.push("gone"); app.recall_message(#{processQueryKeys: keys})"#);
    let problem = ran.problem();
    assert_eq!(problem.exit_code(), 7);
    assert_eq!(problem.message.en, "recall_message: 2 done, 1 failed: gone (invalid.processQueryKey)");
    let sent = problem.error.as_ref().unwrap().sent().name();
    assert_eq!(sent, "yes");
}

#[test]
fn a_later_call_that_is_refused_does_not_hide_what_is_done() {
    let mut world = World::new();
    many(&mut world, 20);
    let ran = world.run(
        r#"for i in 0..21 { keys.push(`gone${i}`); }
           let r = ();
           try { app.recall_message(#{processQueryKeys: keys}) } catch (e) { r = [e.kind, e.message, e.body.successResult == keys.extract(0, 20)]; }
           r"#,
    );
    let found = ran.json();
    assert_eq!(found[0], "partial");
    assert!(found[1].as_str().unwrap().starts_with("recall_message: 20 done, 21 failed: gone0"), "{found}");
    assert_eq!(found[2], true);
    assert_eq!(recalls(&world).len(), 2);
}

#[test]
fn a_refusal_keeps_its_code() {
    let mut world = World::new();
    let ran = world.run(r#"app.recall_message(#{processQueryKeys: ["gone"]})"#);
    assert_eq!(ran.problem().exit_code(), 1);
    ran.fails("refused", "invalid.processQueryKey");
    many(&mut world, 1);
    world.clock.advance(24 * 3600 * 1000 + 1);
    let ran = world.run("app.recall_message(#{processQueryKeys: keys})");
    assert_eq!(ran.problem().hints[0].en, "a message to a person can be recalled for 24 hours");
}

#[test]
fn not_raised_it_is_the_body() {
    let mut world = World::with(|config| config.raise_for_api_error = false);
    world.run(r#"app.recall_message(#{processQueryKeys: ["gone"]}).code"#).prints("invalid.processQueryKey");
    many(&mut world, 1);
    let ran = world.run(r#"keys.push("gone"); app.recall_message(#{processQueryKeys: keys}).failedResult"#);
    ran.gives(json!({"gone": "invalid.processQueryKey"}));
}

#[test]
fn what_cannot_be_recalled_is_refused_first() {
    let mut world = World::new();
    world
        .run(r#"app.recall_message(app.send_message((), "hi"))"#)
        .fails("unsendable", "went through a webhook; DingTalk cannot recall it");
    world.run("app.recall_message()").fails("unsendable", "give the Response of send_message");
    world.run("app.recall_message(#{processQueryKeys: []})").fails("unsendable", "give the Response");
    world
        .run(r#"app.recall_message(app.send_message("cidSandboxRelease0001==", ""))"#)
        .fails("unsendable", "webhook");
    assert_eq!(recalls(&world).len(), 0);
}

#[test]
fn another_robot() {
    let mut world = World::new();
    world
        .run(r#"app.recall_message(#{processQueryKeys: ["k"], robotCode: "dingother"})"#)
        .fails("refused", "invalidParameter.robotCode.notExsit");
    let body = json!({"robotCode": "dingother", "processQueryKeys": ["k"]});
    received(&world, &[("api", FROM_PEOPLE, "header", body)]);
}

#[test]
fn later_means_while_the_script_goes_on() {
    let mut world = World::new();
    let ran = world.run(&format!(
        r#"app.recall_message(app.send_message("{RELEASE}", "oops"), #{{inThreadTime: 0.05}})"#
    ));
    ran.gives(json!({"scheduled": true, "inThreadTime": 0.05}));
    let deadline = Instant::now() + Duration::from_secs(10);
    while recalls(&world).is_empty() {
        assert!(Instant::now() < deadline, "the recall was never made");
        std::thread::yield_now();
    }
    assert!(world.sandbox.sent()[0].recalled);
    world
        .run(r#"app.recall_message(#{processQueryKeys: ["k"], inThreadTime: -1})"#)
        .fails("argument", "seconds, 0 or more");
}

#[test]
fn a_delayed_recall_ends_with_its_client() {
    let mut world = World::new();
    world.run(&format!(
        r#"app.recall_message(app.send_message("{RELEASE}", "oops"), #{{inThreadTime: 600}})"#
    ));
    assert_eq!(world.session.background_count(), 1);
    let weak = std::sync::Arc::downgrade(&world.session);
    drop(world);
    assert!(weak.upgrade().is_none(), "the task keeps the session alive");
}
