//! Handlers: what they see, what they want, what happens when they fail.

use std::time::Duration;

use serde_json::json;

use crate::support::gateway::{callback, event, payload};
use crate::support::{Robot, World, until};

#[test]
fn a_handler_sees_the_event() {
    let mut robot = Robot::new(
        r#"let seen = []; on("GroupMessage", |event| {
            seen.push([event.name, event.text, event.message.text, event.group.name, event.group.openConversationId,
                event.member.name, event.member.staffId, event.bot.robot_code, event.trace_id, event.at_me, event.time,
                event.raw.msgtype, event.conversationType, event.conversation_type, `${event}`, event.group.webhook != ()]);
        });"#,
    );
    robot.say("cidA==", "u1", "你好");
    robot.until(
        "seen",
        json!([[
            "GroupMessage",
            "你好",
            "你好",
            "发布群",
            "cidA==",
            "人u1",
            "u1",
            "dingabc123def456ghi7",
            "m1",
            true,
            1_700_000_000.0,
            "text",
            "2",
            "2",
            "<GroupMessage <Group 发布群 cidA==> <Member 人u1 u1>>",
            true
        ]]),
    );
    robot.world.run("handlers()").gives(json!([
        { "calls": 1, "errors": 0, "event": "GroupMessage", "filter": "", "id": 1 }
    ]));
}

#[test]
fn filters_choose() {
    let mut robot = Robot::new(
        r#"let seen = [];
        on("GroupMessage", |e| seen.push("any"));
        on("GroupMessage", |e| seen.push("group"), #{group: "cidA=="});
        on("GroupMessage", |e| seen.push("name"), #{group: "发布群"});
        on("GroupMessage", #{group: [OpenConversationId("cidB=="), Group(1)]}, |e| seen.push("list"));
        on("GroupMessage", |e| seen.push("member"), #{member: Member("u1")});
        on("GroupMessage", |e| seen.push("help"), #{text: "^/help( |$)", at_me: true});
        on("GroupMessage", |e| seen.push("never"), #{at_me: false});
        on("chat_disband", |e| seen.push("never"));
        on("*", |e| seen.push("all"));"#,
    );
    robot.say("cidA==", "u1", "/help me");
    robot.until("seen", json!(["any", "group", "name", "member", "help", "all"]));
    robot.world.run("seen = [];");
    robot.say("cidB==", "u2", "/helpless");
    robot.until("seen", json!(["any", "name", "list", "all"]));
}

#[test]
fn handlers_come_and_go() {
    let mut robot =
        Robot::new(r#"let seen = ""; fn word() { "a" } let h = on("GroupMessage", |e| seen += word());"#);
    robot.say("cidA==", "u1", "1");
    robot.until("seen", json!("a"));
    // A function that is written anew is seen by handlers that were there before.
    robot.world.run(r#"fn word() { "b" }"#);
    robot.say("cidA==", "u1", "2");
    robot.until("seen", json!("ab"));
    robot.world.run("`${h} ${off(h)} ${off(h)}`").prints("<Handler 1 GroupMessage> 1 0");
    robot.world.run(r#"on("GroupMessage", |e| seen += "c");"#);
    robot.say("cidA==", "u1", "3");
    robot.until("seen", json!("abc"));
    robot.world.run(r#"[off("GroupMessage"), handlers().len()]"#).gives(json!([1, 0]));
    robot.world.run(r#"on("ChatKick", |e| 1); on("GroupMessage", |e| 1); off(3)"#).gives(json!(1));
    robot.world.run(r#"off("*")"#).gives(json!(1));
}

#[test]
fn wrong_handlers_are_refused() {
    let mut world = World::new();
    world.run(r#"on("GroupMesage", |e| 1)"#).fails("argument", "the name of an event");
    world.run(r#"on("GroupMessage", |e| 1, #{txt: "a"})"#).fails("argument", "did you mean `text`?");
    world.run(r#"on("GroupMessage", |e| 1, #{text: "("})"#).fails("argument", "a regular expression");
    world.run(r#"on("GroupMessage", |e| 1, #{group: 1.5})"#).fails("argument", "`group` must be a Group");
    world.run(r#"on("GroupMessage", |e| 1, #{at_me: 1})"#).fails("argument", "true or false");
    world.run(r#"on("GroupMessage", |e| 1, #{timeout: -1})"#).fails("argument", "seconds");
    world.run("handlers()").gives(json!([]));
    world.run("app.stop()").gives(json!(null));
}

#[test]
fn an_error_harms_nothing_else() {
    let mut robot = Robot::new("let n = 0;");
    robot.world.run("\non(\"GroupMessage\", |e| {\n  if e.text == \"bad\" { e.nothing } });");
    robot.world.run("on(\"GroupMessage\", |e| n += 1);");
    robot.say("cidA==", "u1", "bad");
    robot.say("cidA==", "u1", "good");
    robot.until("n", json!(2));
    robot.world.run("[handlers()[0].errors, handlers()[0].calls]").gives(json!([1, 2]));
    let told = robot.told.lock().unwrap().clone();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(
        told[0].starts_with("<test>:3:25: <Handler 1 GroupMessage>: an Event has no field `nothing`"),
        "{told:?}"
    );
    robot.world.run(r#"off("*"); on("GroupMessage", |e| exit(3)); on("GroupMessage", |e| n = 10);"#);
    robot.say("cidA==", "u1", "x");
    robot.until("n", json!(10));
    assert!(robot.told.lock().unwrap()[1].contains("`app.stop()` ends listening"));
}

#[test]
fn a_handler_has_a_time_limit() {
    let mut robot = Robot::new(
        r#"let n = 0; on("GroupMessage", |e| { loop {} }, #{timeout: 0.05, text: "spin"});
        on("GroupMessage", |e| sleep(60), #{timeout: 0.05, text: "nap"}); on("GroupMessage", |e| n += 1);"#,
    );
    robot.say("cidA==", "u1", "spin");
    robot.say("cidB==", "u1", "nap");
    robot.until("n", json!(2));
    let told = robot.told.lock().unwrap().join("\n");
    assert!(told.contains("<Handler 1 GroupMessage>: stopped: it took longer than 0.05 s"), "{told}");
    assert!(told.contains("<Handler 2 GroupMessage>: stopped"), "{told}");
}

#[test]
fn one_conversation_in_order_others_at_the_same_time() {
    let mut robot = Robot::new(
        r#"let seen = []; let open = false;
        on("GroupMessage", |e| { while e.text == "wait" && !open { sleep(0.001); } seen.push(e.text); });"#,
    );
    robot.say("cidA==", "u1", "wait");
    for number in 0..20 {
        robot.say("cidA==", "u1", &number.to_string());
    }
    robot.say("cidB==", "u1", "other");
    robot.until("seen", json!(["other"]));
    robot.world.run("open = true;");
    let rest: Vec<String> =
        ["other", "wait"].map(str::to_owned).into_iter().chain((0..20).map(|n| n.to_string())).collect();
    robot.until("seen", json!(rest));
}

#[test]
fn handlers_share_the_session() {
    let mut robot = Robot::new(
        r#"let n = 0; let people = #{}; on("GroupMessage", |e| { n += 1; people[e.member.staffId] = n; sleep(0.001); n += 1; });"#,
    );
    for number in 0..60 {
        robot.say(&format!("cid{}==", number % 7), &format!("u{number}"), "x");
    }
    robot.until("n", json!(120));
    robot.world.run("people.len()").gives(json!(60));
}

#[test]
fn events_of_the_organisation_arrive() {
    let mut robot = Robot::new(
        r#"let seen = []; on("ChatKick", |e| seen.push([e.name, e.type, e.operator.staffId, e.members.map(|m| m.staffId), e.group.openConversationId]));
        on("something_new", |e| seen.push([e.name, e.Odd, e["chat_id"]]));
        on("GroupNameChange", |e| seen.push([e.title, e.group.name]));"#,
    );
    let kicked = json!({ "timeStamp": 1, "operator": "op1", "openConversationId": "cidA==", "userId": ["u1", "u2"], "unionId": [] });
    robot.connection.push(event("e1", "chat_remove_member", &kicked));
    robot.connection.push(event("e2", "something_new", &json!({ "odd": 7, "ChatId": "c" })));
    robot.connection.push(event(
        "e3",
        "chat_update_title",
        &json!({ "openConversationId": "cidA==", "title": "新" }),
    ));
    robot.until("seen.len()", json!(3));
    robot.world.run("seen.sort(|a, b| if `${a}` < `${b}` { -1 } else { 1 }); seen").gives(json!([
        ["BasicEvent", 7, "c"],
        ["ChatKick", "chat_remove_member", "op1", ["u1", "u2"], "cidA=="],
        ["新", "新"]
    ]));
    // The cache learned the title.
    robot.world.run(r#"app.get_info("cidA==")[0].dingraia_cache.name"#).prints("新");
}

#[test]
fn a_card_gets_its_answer() {
    let mut robot = Robot::new(
        r#"let used = []; on("CardAction", |e| { used.push([e.text, e.params.reason, e.outTrackId, e.member.staffId]);
            if e.text == "full" { #{cardData: #{cardParamMap: #{a: "1"}}} } else { #{count: 2, title: "好"} } });"#,
    );
    let card = |id: &str, action: &str| {
        let content = json!({ "cardPrivateData": { "actionIds": [action], "params": { "reason": "够了" } } });
        callback(
            id,
            "/v1.0/card/instances/callback",
            &json!({ "type": "actionCallback", "outTrackId": "t1",
            "userId": "u1", "content": content.to_string() }),
        )
    };
    robot.connection.push(card("c1", "full"));
    assert_eq!(
        robot.connection.data(),
        json!({ "response": { "cardData": { "cardParamMap": { "a": "1" } } } })
    );
    robot.connection.push(card("c2", "short"));
    assert_eq!(
        robot.connection.data(),
        json!({ "response": {
            "cardData": { "cardParamMap": { "count": "2", "title": "好" } },
            "cardUpdateOptions": { "updateCardDataByKey": true },
        } }),
        "the other variables of the card stay"
    );
    robot.world.run("used").gives(json!([["full", "够了", "t1", "u1"], ["short", "够了", "t1", "u1"]]));
    robot.world.run(r#"app.get_card_data("t1").userId"#).prints("u1");
    robot.world.run(r#"off("*")"#).view();
    robot.connection.push(card("c3", "x"));
    assert_eq!(
        robot.connection.data(),
        json!({ "response": {} }),
        "nobody answers, and nobody is waited for"
    );
}

#[test]
fn the_answer_of_a_method_is_no_answer_to_a_card() {
    let mut robot = Robot::new(
        r#"app.send_card("cidSandboxRelease0001==", "589420e2-c1e2-46ef-a5ed-b8728e654da9.schema", #{title: "a"}, #{outTrackId: "t1"});
        let kept = ();
        on("CardAction", |e| app.update_card(e.outTrackId, #{title: "b"}), #{text: "last"});
        on("CardAction", |e| { kept = app.update_card(e.outTrackId, #{title: "c"}); kept }, #{text: "kept"});
        on("CardAction", |e| { let answer = app.update_card(e.outTrackId, #{title: "d"}); #{done: answer.success} }, #{text: "own"});"#,
    );
    let card = |id: &str, action: &str| {
        let content = json!({ "cardPrivateData": { "actionIds": [action] } }).to_string();
        let data =
            json!({ "type": "actionCallback", "outTrackId": "t1", "userId": "u1", "content": content });
        callback(id, "/v1.0/card/instances/callback", &data)
    };
    for action in ["last", "kept"] {
        robot.connection.push(card(action, action));
        assert_eq!(robot.connection.data(), json!({ "response": {} }), "{action}");
    }
    robot.connection.push(card("own", "own"));
    assert_eq!(
        robot.connection.data()["response"]["cardData"],
        json!({ "cardParamMap": { "done": "true" } }),
        "what a script makes of it is one"
    );
    robot.world.run("kept.success").gives(json!(true));
}

#[test]
fn the_framework_tells_when_a_message_was_handled() {
    let mut robot = Robot::new(
        r#"let seen = []; for name in ["RadioComplete", "MessageSend", "NoMessageSend", "LoadComplete"] { on(name, |e| seen.push([e.name, e.text])); }
        on("GroupMessage", |e| if e.text == "reply" { e.reply("ok"); });"#,
    );
    robot.say("cidA==", "u1", "quiet");
    robot
        .until("seen", json!([["LoadComplete", ""], ["RadioComplete", "quiet"], ["NoMessageSend", "quiet"]]));
    robot.say("cidA==", "u1", "reply");
    robot.until("seen.len()", json!(5));
    robot
        .world
        .run("[seen[3], seen[4]]")
        .gives(json!([["RadioComplete", "reply"], ["MessageSend", "reply"]]));
}

#[test]
fn what_comes_twice_is_handled_once() {
    let mut robot = Robot::new(r#"let n = 0; on("*", |e| n += 1);"#);
    let frame = robot.frame("cidA==", "u1", "x");
    for _ in 0..3 {
        robot.connection.push(&frame);
        assert_eq!(robot.connection.answer()["code"], 200, "it is answered every time");
    }
    // The same message in another frame.
    robot.connection.push(callback(
        "other",
        "/v1.0/im/bot/messages/get",
        &payload("m1", "cidA==", "u1", "x"),
    ));
    robot.connection.answer();
    robot.say("cidA==", "u1", "y");
    robot.until("n", json!(2));
}

#[test]
fn a_panic_costs_one_event() {
    let mut robot = Robot::new(
        r#"let n = 0; on("GroupMessage", |e| { if e.text == "bad" { print("panic"); } n += 1; });"#,
    );
    robot.say("cidA==", "u1", "bad");
    robot.say("cidA==", "u1", "good");
    robot.until("n", json!(1));
    robot.world.run("1 + 1").gives(json!(2));
}

#[test]
fn a_session_that_ends_ends_its_handlers() {
    let mut robot = Robot::new(r#"let n = 0; on("GroupMessage", |e| { n += 1; sleep(3600); });"#);
    robot.say("cidA==", "u1", "x");
    robot.until("n", json!(1));
    let session = std::sync::Arc::downgrade(&robot.world.session);
    let Robot { world, mut connection, .. } = robot;
    drop(world);
    connection.until_closed();
    until("the session ends", || session.strong_count() == 0);
    std::thread::sleep(Duration::ZERO);
}

#[test]
fn a_token_in_a_handler_does_not_leak_into_another() {
    let mut robot = Robot::new(
        r#"let inside = false; let go_on = false; let seen = #{};
        on("GroupMessage", |e| app.with_access_token(AccessToken("given"), || {
            inside = true; while !go_on { sleep(0.001); }
            try { app.get_depts(100); seen.own = "the app's"; } catch (x) { seen.own = x.code; }
        }), #{text: "own"});
        on("GroupMessage", |e| { while !inside { sleep(0.001); } seen.other = app.get_depts(100).len() > 0; go_on = true; }, #{text: "other"});"#,
    );
    robot.say("cidA==", "u1", "own");
    robot.say("cidB==", "u1", "other");
    robot.until("seen", json!({ "own": "40014", "other": true }));
}
