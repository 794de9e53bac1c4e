//! `app.dry_run(|| …)`: for a function and what it starts, and for nothing else.

use serde_json::json;

use super::Told;
use crate::support::gateway::callback;
use crate::support::{Robot, World, until};

const SEND: &str = "app.send_message(\"cidSandboxRelease0001==\", \"a\")";

#[test]
fn it_holds_inside_and_ends_with_the_function() {
    let mut world = World::new();
    world.run(&format!("app.dry_run(|| {SEND}.dry_run)")).gives(json!(true));
    world.run(&format!("app.dry_run(|| {{ app.dry_run(|| 1); {SEND}.dry_run }})")).gives(json!(true));
    world.run(&format!("fn send() {{ {SEND}.dry_run }} app.dry_run(|| send())")).gives(json!(true));
    assert!(world.sandbox.sent().is_empty());
    world.run(&format!("app.dry_run(|| 1); {SEND}.dry_run")).gives(json!(false));
    world.run(&format!("try {{ app.dry_run(|| throw 1) }} catch {{ }} {SEND}.dry_run")).gives(json!(false));
    assert_eq!(world.sandbox.sent().len(), 2);
    world.run(&format!("app.dry_run(|| {SEND})")).prints("<Response [dry run]>");
    let ran = world.run("app.dry_run(1)");
    assert_eq!(ran.problem().message.en, "dry_run: `function` must be a function or closure, got 1");
}

#[test]
fn workers_of_parallel_are_in_it() {
    let mut world = World::new();
    world
        .run(&format!("app.dry_run(|| parallel([1, 2, 3], |x| {SEND}.dry_run))"))
        .gives(json!([true, true, true]));
    world.run(&format!("parallel([1, 2], |x| if x == 1 {{ app.dry_run(|| {{ sleep(0.02); {SEND}.dry_run }}) }} else {{ sleep(0.01); {SEND}.dry_run }})"))
        .gives(json!([true, false]));
    assert_eq!(world.sandbox.sent().len(), 1);
}

#[test]
fn tasks_keep_what_held_where_they_were_started() {
    let mut world = World::new();
    world
        .run(&format!(
            "let dry = app.dry_run(|| app.create_task(|| {{ sleep(0.05); {SEND}.dry_run }}))[0]; dry.result()"
        ))
        .gives(json!(true));
    world.run(&format!("let real = app.create_task(|| {{ sleep(0.02); {SEND}.dry_run }})[0]; app.dry_run(|| sleep(0.06)); real.result()")).gives(json!(false));
    assert_eq!(world.sandbox.sent().len(), 1);
    world.run(&format!("app.dry_run(|| app.every(0.01, || {SEND}, \"often\"));"));
    let told = Told::of(&world);
    until("the task runs", || told.take().iter().any(|step| step.starts_with("dry run")));
    world.run("app.stop()");
    assert_eq!(world.sandbox.sent().len(), 1);
}

#[test]
fn a_recall_that_waits_is_shown_at_once() {
    let mut world = World::new();
    world.run(&format!("let sent = {SEND};"));
    let told = Told::of(&world);
    world
        .run("app.dry_run(|| app.recall_message(sent, #{inThreadTime: 3600}).successResult.len())")
        .gives(json!(1));
    assert!(told.take()[0].contains("groupMessages/recall"));
    assert_eq!(world.session.background_count(), 0);
}

#[test]
fn handlers_keep_what_held_where_they_were_registered() {
    let script = r#"app.dry_run(|| on("GroupMessage", |e| e.reply("dry"), #{text: "^a"})); on("GroupMessage", |e| e.reply("real"), #{text: "^b"});"#;
    let mut robot = Robot::new(script);
    let told = Told::of(&robot.world);
    robot.say("cidSandboxRelease0001==", "manager4220", "a");
    until("the reply is shown", || {
        told.take().iter().any(|step| step.contains("\"dry\"") && step.contains("dry run"))
    });
    robot.say("cidSandboxRelease0001==", "manager4220", "b");
    until("the reply arrives", || !robot.webhook.seen().is_empty());
    assert_eq!(robot.webhook.seen().len(), 1);
    assert!(told.take().is_empty());
}

#[test]
fn a_card_is_not_answered_in_a_dry_run() {
    let mut robot = Robot::new("on(\"CardAction\", |e| #{count: 2});");
    let told = Told::of(&robot.world);
    let press = |id: &str| {
        let content = json!({ "cardPrivateData": { "actionIds": ["x"], "params": {} } }).to_string();
        let data =
            json!({ "type": "actionCallback", "outTrackId": "t1", "userId": "u1", "content": content });
        callback(id, "/v1.0/card/instances/callback", &data)
    };
    robot.world.session.safety.set_dry(true);
    robot.connection.push(press("c1"));
    assert_eq!(robot.connection.data(), json!({ "response": {} }));
    let shown = told.take().join("\n");
    assert!(shown.starts_with("dry run: the answer to CardAction is not given\n  {\"cardData\""), "{shown}");
    robot.world.session.safety.set_dry(false);
    robot.world.session.safety.set_read_only(true);
    robot.connection.push(press("c2"));
    assert_eq!(robot.connection.data(), json!({ "response": {} }));
    assert!(told.take().join("\n").starts_with("read-only: "));
    robot.world.session.safety.set_read_only(false);
    robot.connection.push(press("c3"));
    assert_eq!(
        robot.connection.data(),
        json!({ "response": {
            "cardData": { "cardParamMap": { "count": "2" } },
            "cardUpdateOptions": { "updateCardDataByKey": true },
        } })
    );
}
