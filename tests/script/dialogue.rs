//! `event.reply`, `event.ask`, `app.wait_message`.

use serde_json::json;

use crate::support::{RELEASE, Robot, World, until};

#[test]
fn a_reply_goes_over_the_webhook_while_it_is_good() {
    let mut robot =
        Robot::new(r#"let sent = (); on("GroupMessage", |e| { sent = e.reply("收到 " + e.text); });"#);
    robot.say("cidA==", "u1", "一");
    robot.until("sent != ()", json!(true));
    robot.world.run("[sent.ok, sent.via]").gives(json!([true, "webhook"]));
    assert_eq!(robot.replies(), ["收到 一"]);
}

#[test]
fn a_reply_goes_through_the_api_when_it_has_ended() {
    let mut robot = Robot::new(r#"let sent = (); on("GroupMessage", |e| { sent = e.reply("收到"); });"#);
    robot.world.clock.advance(10_000_000);
    robot.say(RELEASE, "manager4220", "一");
    robot.until("sent != ()", json!(true));
    robot.world.run("[sent.ok, sent.via]").gives(json!([true, "api"]));
    assert!(robot.replies().is_empty());
}

#[test]
fn a_question_waits_for_the_same_person() {
    let mut robot = Robot::new(
        r#"let n = 0; on("GroupMessage", |e| {
            n += 1;
            if e.text == "book" {
                let day = e.ask("哪天？", 20);
                let time = e.ask("几点？", 20);
                e.reply(`${day.text} ${time.text}`);
            }
        });"#,
    );
    robot.say("cidA==", "u1", "book");
    assert_eq!(robot.reply(1), ["哪天？"]);
    // Others in the same conversation, and the same person elsewhere, are handled meanwhile.
    robot.say("cidA==", "u2", "hello");
    robot.say("cidB==", "u1", "hello");
    robot.until("n", json!(3));
    robot.say("cidA==", "u1", "周五");
    assert_eq!(robot.reply(2)[1], "几点？");
    robot.say("cidA==", "u1", "三点");
    assert_eq!(robot.reply(3)[2], "周五 三点");
    robot.until("n", json!(3));
}

#[test]
fn nobody_answers() {
    let mut robot = Robot::new(
        r#"let said = (); on("GroupMessage", |e| { try { e.ask("在吗？", 0.01) } catch (x) { said = [x.kind, x.message]; } });"#,
    );
    robot.say("cidA==", "u1", "x");
    robot.until("said != ()", json!(true));
    robot.world.run("said").gives(json!(["timeout", "ask: no message from <Member 人u1 u1> within 0.01 s"]));
}

#[test]
fn a_script_waits_for_a_message() {
    let mut robot = Robot::new(r#"let heard = []; let n = 0; on("GroupMessage", |e| n += 1);"#);
    robot.world.run(
        r#"for waiter in [Waiter(OpenConversationId("cidA=="), Member("u1")), Waiter((), "人u2"), Waiter("cidC==", ())] {
            app.create_task(|| heard.push(app.wait_message(waiter, 20).text)); }"#,
    );
    let station = robot.world.station();
    until("all wait", || station.waiting_count() == 3);
    robot.say("cidA==", "u9", "not this");
    robot.until("n", json!(1));
    robot.say("cidX==", "u2", "two");
    robot.until("heard", json!(["two"]));
    robot.say("cidC==", "u9", "three");
    robot.until("heard", json!(["two", "three"]));
    robot.say("cidA==", "u1", "one");
    robot.until("heard", json!(["two", "three", "one"]));
    robot.say("cidA==", "u1", "again");
    robot.until("n", json!(2));
    robot
        .world
        .run("app.wait_message(Waiter((), ()), 0.01)")
        .fails("timeout", "wait_message: no message came within 0.01 s");
    robot
        .world
        .run("app.wait_message(1, 1)")
        .fails("argument", "`waiter` must be a Waiter(group, member), got 1");
    robot.world.run("Waiter(1.5, ())").fails("argument", "`group` must be");
}

#[test]
fn nothing_is_waited_for_without_listening() {
    World::new().run("app.wait_message(Waiter((), ()), 1)").fails("unsendable", "nothing is listened to");
}
