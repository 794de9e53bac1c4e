//! Questions at a live prompt: once for each call, and never where nobody types.

use dingraia::cache::GroupSeen;
use serde_json::json;

use super::{live, paths, since};
use crate::console::window::{CTRL_C, CTRL_D, Window, console};
use crate::support::{LUNCH, RELEASE, World, crowded};

const KICK: &str = "app.kick_member(\"cidSandboxRelease0001==\", \"0110000001\").success";
const SEND: &str = "app.send_message(cid, \"a\").ok";

/// Reads the group and its people, so that the cache knows their names.
fn know(window: &mut Window) {
    let read = "app.get_group(cid).user_ids.map(|id| app.get_user(id)).len()";
    assert_eq!(window.answer(read, 1), "6");
}

fn members(world: &World) -> Vec<String> {
    world.sandbox.group(RELEASE).unwrap().members
}

#[test]
fn a_person_is_removed_only_by_name() {
    let world = World::new();
    let mut window = live(&world);
    know(&mut window);
    let before = members(&world);
    window.enter(KICK);
    let seen = window.shows("Type 张伟 to go on: ");
    let seen = since(&seen, "kick_member: ");
    let expected = "kick_member: removes something, 1 API call\n  group: 发布小组 (cidSandboxRelease0001==), 6 members\n  person: 张伟 (0110000001)\nType 张伟 to go on:";
    assert_eq!(seen.trim_end(), expected);
    let seen = window.enter("y").at_prompt(3);
    assert!(
        since(&seen, "error[")
            .starts_with("error[declined]: kick_member was not agreed to; the request was not sent"),
        "{seen}"
    );
    assert_eq!(members(&world), before);
    for (number, key) in [(3, CTRL_C), (4, CTRL_D)] {
        let asked = format!("{number}> {KICK}");
        window.enter(KICK).wait("the question", |text| since(text, &asked).contains("Type 张伟"));
        let seen = window.press(key).at_prompt(number + 1);
        assert!(
            since(&seen, "error[").starts_with(if key == CTRL_C {
                "error[interrupted]"
            } else {
                "error[declined]"
            }),
            "{seen}"
        );
    }
    assert_eq!(members(&world), before);
    let caught = format!("let seen = 0; try {{ {KICK} }} catch (e) {{ seen = [e.kind, e.sent]; }} seen");
    window.enter(&caught).wait("the question", |text| since(text, "5> ").contains("Type 张伟"));
    let seen = window.enter("").at_prompt(6);
    assert!(seen.ends_with("[\"declined\", \"no\"]"), "{seen}");
    window.enter(KICK).wait("the question", |text| since(text, "6> ").contains("Type 张伟"));
    let seen = window.enter("张伟").at_prompt(7);
    assert!(since(&seen, "6> ").contains("true\n"), "{seen}");
    assert_eq!(members(&world).len(), before.len() - 1);
    // After a question keys are read as before.
    assert_eq!(window.answer("1 + 1", 7), "2");
}

#[test]
fn what_was_typed_before_the_question_is_no_answer() {
    let world = World::new();
    let mut window = live(&world);
    know(&mut window);
    let before = members(&world);
    window
        .enter(&format!("print(\"on\"); sleep(0.3); {KICK}"))
        .wait("output", |text| text.lines().next_back() == Some("on"));
    window.press("张伟\r");
    window.wait("the question", |text| since(text, "2> ").contains("Type 张伟"));
    assert_eq!(members(&world), before);
    window.enter("").at_prompt(3);
    assert_eq!(members(&world), before);
}

#[test]
fn a_group_is_emptied_and_disbanded_by_name() {
    let world = World::new();
    let mut window = live(&world);
    know(&mut window);
    window.enter("app.disband_group(\"cidSandboxRelease0001==\").success");
    let seen = window.shows("Type 发布小组 to go on: ");
    assert!(since(&seen, "disband_group: ").contains("  6 people: 林晓 (manager4220), 张伟"), "{seen}");
    window.enter("发布").at_prompt(3);
    assert_eq!(members(&world).len(), 6);
    window.enter("app.disband_group(\"cidSandboxRelease0001==\", #{real: true}).success");
    window.wait("the question", |text| since(text, "3> ").contains("Type 发布小组"));
    window.enter("发布小组").at_prompt(4);
    assert!(world.sandbox.group(RELEASE).unwrap().disbanded);
}

/// The bar of `parallel` is there when the question comes, and would take the line of the question along.
#[test]
fn a_bar_takes_no_question_away() {
    let world = World::new();
    let mut window = live(&world);
    know(&mut window);
    let ids = "[\"0110000001\", \"0110000002\"]";
    window.enter(&format!(
        "parallel({ids}, |id| {{ sleep(0.7); app.kick_member(cid, [id]).success }}, #{{limit: 1}})"
    ));
    window.shows("parallel [");
    for name in ["张伟", "王芳"] {
        let question = format!("Type {name} to go on:");
        let is_there = |text: &str| text.trim_end().ends_with(&question) && !text.contains("parallel [");
        window.wait(&question, is_there);
        window.press("?").wait("what is typed", |text| text.ends_with('?'));
        window.press("\x7f").wait(&question, is_there);
        window.enter(name);
    }
    let seen = window.at_prompt(3);
    assert!(seen.contains("Type 张伟 to go on: 张伟") && seen.contains("Type 王芳 to go on: 王芳"), "{seen}");
    assert_eq!(members(&world).len(), 4);
}

#[test]
fn raw_calls_that_destroy_ask_too() {
    let world = World::new();
    let mut window = live(&world);
    assert_eq!(window.answer("app.get_user(\"0130000003\").userid", 1), "\"0130000003\"");
    window.enter("app.oapi.post(\"/topapi/v2/user/delete\", #{userid: \"0130000003\"}).errcode");
    let seen = window.shows(" to go on: ");
    assert!(
        since(&seen, "POST /topapi")
            .starts_with("POST /topapi/v2/user/delete: removes something, 1 API call\n  person: "),
        "{seen}"
    );
    window.enter("").at_prompt(3);
    window.enter("app.api.delete(\"/v1.0/some/thing\")").shows("[y/N/a = yes to all of this input]");
    window.enter("n").at_prompt(4);
    assert_eq!(paths(&world), ["/topapi/v2/user/get"]);
}

#[test]
fn it_says_when_to_ask() {
    let world = World::new();
    let mut window = live(&world);
    assert_eq!(window.answer(SEND, 1), "true");
    assert_eq!(window.answer("%set confirm", 2), "confirm = destroy");
    window.answer("%set confirm all", 3);
    window.enter(SEND).shows("send_message: reaches people, 1 API call");
    window.enter("n").at_prompt(5);
    window.enter(SEND).wait("the question", |text| since(text, "5> ").contains("Go on?"));
    let seen = window.enter("y").at_prompt(6);
    assert!(since(&seen, "5> ").contains("true\n"), "{seen}");
    // One yes for all of an input, and for that alone.
    window
        .enter(&format!("for i in 0..3 {{ {SEND} }}"))
        .wait("it", |text| since(text, "6> ").contains("Go on?"));
    window.enter("a").at_prompt(7);
    assert_eq!(world.sandbox.sent().len(), 5);
    window.enter(SEND).wait("the question", |text| since(text, "7> ").contains("Go on?"));
    window.enter("").at_prompt(8);
    window.answer("%set confirm never", 8);
    assert_eq!(window.answer(KICK, 9), "true");
    window.answer("%set confirm all", 10);
    window.answer("%dry on", 11);
    let seen = window.answer(KICK, 12);
    assert!(seen.contains("dry run: kick_member") && !seen.contains("Type"), "{seen}");
}

#[test]
fn a_message_to_a_large_group_asks() {
    let world = crowded(15, true);
    // What the cache knows of it is from long ago.
    let info = json!({"title": "小群", "user_ids": ["0110000001"]}).as_object().unwrap().clone();
    world.session.cache.save_group(&GroupSeen { conversation_id: RELEASE, name: "小群", info: &info });
    let mut window = live(&world);
    window.enter(SEND);
    let seen = window.shows("Go on?");
    let seen = since(&seen, "send_message: ");
    assert!(
        seen.starts_with(
            "send_message: reaches people, 1 API call\n  group: 发布小组 (cidSandboxRelease0001==), 21 members\n"
        ),
        "{seen}"
    );
    assert!(since(seen, "send_message: ").contains("21 members\n  text: a\nGo on?"), "{seen}");
    window.enter("n").at_prompt(2);
    window
        .enter("app.mute_all(\"cidSandboxRelease0001==\")")
        .wait("it", |text| since(text, "2> ").contains("Go on?"));
    window.enter("n").at_prompt(3);
    // Nothing of a card or of a message with a file is sent before the answer.
    world.file("b.zip", b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
    let before = paths(&world).len();
    for (number, call) in
        [(3, "app.send_card(cid, \"t\", #{a: 1})"), (4, "app.send_message(cid, File(\"b.zip\"))")]
    {
        let asked = format!("{number}> ");
        window.enter(call).wait("the question", |text| since(text, &asked).contains("21 members"));
        window.enter("n").at_prompt(number + 1);
    }
    assert_eq!(paths(&world).len(), before);
    let world = crowded(14, true);
    assert_eq!(live(&world).answer(SEND, 1), "true");
    assert_eq!(world.sandbox.sent().len(), 1);
}

/// What the cache does not know is read before somebody is asked, once.
#[test]
fn what_a_question_tells_is_looked_up() {
    let world = World::new();
    let mut window = live(&world);
    window.enter(KICK);
    let seen = window.shows(" to go on: ");
    let expected = "kick_member: removes something, 1 API call\n  group: 发布小组 (cidSandboxRelease0001==), 6 members\n  person: 张伟 (0110000001)\nType 张伟 to go on:";
    assert_eq!(since(&seen, "kick_member: ").trim_end(), expected);
    window.enter("").at_prompt(2);
    let group = ["/topapi/im/chat/scenegroup/get", "/topapi/im/chat/scenegroup/member/get"];
    assert_eq!(paths(&world), [&group[..], &["/topapi/v2/user/get"]].concat());
    // Who is not there has no name, and is not asked for again.
    let call = "app.oapi.post(\"/topapi/v2/user/delete\", #{userid: \"nobody\"})";
    for number in [2, 3] {
        let asked = format!("{number}> ");
        window.enter(call).wait("it", |text| since(text, &asked).contains("Type nobody to go on"));
        window.enter("").at_prompt(number + 1);
    }
    assert_eq!(paths(&world).len(), 4);
}

/// A group that the cache does not know may be a large one. Where its members cannot be read, nobody knows.
#[test]
fn the_size_of_an_unknown_group_is_looked_up() {
    let world = crowded(19, true);
    let mut window = live(&world);
    window.enter(SEND);
    let seen = window.shows("Go on?");
    assert!(
        since(&seen, "send_message: ").contains("发布小组 (cidSandboxRelease0001==), 25 members"),
        "{seen}"
    );
    window.enter("n").at_prompt(2);
    assert_eq!(paths(&world).len(), 2);
    // Once: the group is old again at every change of it.
    world.session.cache.outdate_group(RELEASE);
    window.enter(SEND).wait("the question", |text| since(text, "2> ").contains("25 members"));
    window.enter("n").at_prompt(3);
    assert_eq!(paths(&world).len(), 2);
    window.answer(&format!("let cid = {LUNCH:?};"), 3);
    for number in [4, 5] {
        assert_eq!(window.answer(SEND, number), "true");
    }
    assert_eq!(paths(&world).iter().filter(|path| path.contains("scenegroup")).count(), 3);
    window.answer("%set confirm never", 6);
    assert_eq!(
        window.answer("let cid = \"cidUnknown\"; try { app.send_message(cid, \"a\") } catch {}", 7),
        ""
    );
    assert_eq!(paths(&world).iter().filter(|path| path.contains("scenegroup")).count(), 3);
}

#[test]
fn what_reaches_many_asks() {
    let world = World::new();
    let mut window = live(&world);
    window.answer("let people = []; for i in 0..21 { people.push(`p${i}`); }", 1);
    window.enter("app.send_ding(people, \"x\", 2)");
    let seen = window.shows("Go on?");
    assert!(
        since(&seen, "send_ding: ")
            .starts_with("send_ding: reaches people, 2 API calls\n  21 people: p0, p1, p2"),
        "{seen}"
    );
    window.enter("n").at_prompt(3);
    assert!(world.sandbox.dings().is_empty());
    let seen = window.answer("people.pop(); app.send_ding(people, \"x\", 1)", 3);
    assert!(!seen.contains("Go on?"), "{seen}");
}

#[test]
fn workers_ask_one_after_another_and_the_first_no_ends_it() {
    let world = World::new();
    let mut window = live(&world);
    know(&mut window);
    let people = "parallel([\"0110000001\", \"0110000002\", \"0110000003\"], |id| app.kick_member(\"cidSandboxRelease0001==\", id).success)";
    window.enter(people);
    let seen = window.shows(" to go on: ");
    assert_eq!(since(&seen, "2> ").matches(" to go on: ").count(), 1, "{seen}");
    let seen = window.enter("").at_prompt(3);
    assert!(seen.contains("error[declined]"), "{seen}");
    assert_eq!(since(&seen, "2> ").matches(" to go on: ").count(), 1, "{seen}");
    assert_eq!(members(&world).len(), 6);
}

#[test]
fn handlers_and_tasks_cannot_ask() {
    let world = World::new();
    let mut window = live(&world);
    let task = format!(
        "app.create_task(|| {{ let seen = 0; try {{ {KICK} }} catch (e) {{ seen = [e.kind, e.hint.contains(\"%set confirm never\")]; }} seen }})[0].result()"
    );
    assert_eq!(window.answer(&task, 1), "[\"declined\", true]");
    // What does not destroy goes out.
    assert_eq!(window.answer(&format!("app.create_task(|| {SEND})[0].result()"), 2), "true");
    world.file("kick.rhai", format!("let task = app.create_task(|| {KICK})[0]; task.result()"));
    assert_eq!(window.answer("%run kick.rhai", 3), "");
    assert_eq!(members(&world).len(), 5);
}

#[test]
fn nobody_is_asked_elsewhere() {
    let world = World::new();
    world.program().run(["eval", KICK]).code(0).stdout("true\n");
    assert_eq!(members(&world).len(), 5);
    world.program().input(KICK.replace("0110000001", "0110000002")).run::<&str>([]).code(0);
    assert_eq!(members(&world).len(), 4);
    let mut sandbox = Window::console(world.folder.path());
    assert_eq!(sandbox.answer(KICK, 1), "true");
    let mut flagged = console(world.folder.path());
    flagged.arg("--sandbox");
    let mut window = Window::open(&flagged);
    window.at_prompt(1);
    assert_eq!(window.answer(KICK, 1), "true");
}

#[test]
fn it_asks_in_chinese() {
    let world = World::new();
    let mut window = live(&world);
    know(&mut window);
    window.answer("%set lang zh", 2);
    window.enter(KICK);
    let seen = window.shows("输入 张伟 以继续：");
    assert!(since(&seen, "kick_member：").starts_with("kick_member：会删除内容，1 次 API 调用\n  群：发布小组 (cidSandboxRelease0001==)，6 人\n  1 人：张伟 (0110000001)"), "{seen}");
    let seen = window.enter("").at_prompt(4);
    assert!(seen.contains("kick_member 未获同意；请求未发出"), "{seen}");
}

#[test]
fn the_prompt_says_what_is_sent() {
    let world = World::new();
    let mut window = live(&world);
    window.shows("dingraia[default·live·rw] 1>");
    assert_eq!(window.answer("%dry on", 1), "dry run is on");
    window.shows("dingraia[default·live·dry] 2>");
    assert!(
        window.answer(SEND, 2).contains("dry run: send_message (reaches people, 1 API call) is not sent")
    );
    assert_eq!(window.answer("%readonly on", 3), "read-only is on");
    window.shows("dingraia[default·live·dry] 4>");
    window.answer("%dry off", 4);
    window.shows("dingraia[default·live·ro] 5>");
    assert!(window.answer(SEND, 5).starts_with("error[read_only]"));
    assert_eq!(window.answer("%readonly", 6), "read-only is on");
    window.answer("%readonly off", 7);
    window.shows("dingraia[default·live·rw] 8>");
    assert!(window.answer("%dry maybe", 8).starts_with("error[usage]: %dry needs [on|off]"));
    assert!(world.sandbox.sent().is_empty());
    let mut command = console(world.folder.path());
    command.args(["--sandbox", "--read-only"]);
    Window::open(&command).shows("dingraia[default·sandbox·ro] 1>");
}
