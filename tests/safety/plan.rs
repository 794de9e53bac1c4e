//! `%plan` and `%apply`.

use super::{live, paths, since, squeezed};
use crate::console::window::{CTRL_C, Window};
use crate::support::{RELEASE, World};

const BLOCK: &[&str] = &[
    "%plan {",
    "app.mute_all(cid); app.change_group_title(cid, \"发布二组\");",
    "app.kick_member(cid, [\"0110000001\"]); app.send_message(cid, \"你好\");",
    "}",
];

/// Enters a block, line by line; what came of it.
fn enter(window: &mut Window, lines: &[&str], number: usize) -> String {
    for line in lines {
        window.enter(line);
    }
    let seen = window.at_prompt(number + 1);
    let start = seen.rfind(&format!("{number}> {}", lines[0])).unwrap();
    seen[start..].to_owned()
}

#[test]
fn of_a_long_plan_the_beginning_is_shown() {
    let world = World::new();
    let mut window = live(&world);
    let code = "%plan { for i in 0..60 { app.send_message(cid, `m${i}`) } app.mute_all(cid) }";
    let seen = window.enter(code).at_prompt(2);
    let end = "… and 11 more: send_message 10, mute_all 1; `%plan show all` lists them\n`%apply` sends exactly these";
    assert!(seen.contains(end) && seen.contains("50. send_message") && !seen.contains("51. "), "{seen}");
    let seen = window.enter("%plan show all").at_prompt(3);
    assert!(seen.contains("61. mute_all") && seen.matches("more:").count() == 1, "{seen}");
}

#[test]
fn what_is_planned_is_what_is_sent() {
    let world = World::new();
    let mut window = live(&world);
    window.answer("app.get_user(\"0110000001\"); app.get_group(cid);", 1);
    let before = paths(&world).len();
    let seen = enter(&mut window, BLOCK, 2);
    let expected = "plan: 4 requests, 4 API calls; nothing is sent yet\n  1. mute_all 发布小组 (cidSandboxRelease0001==)\n     \
        chat_banned_type: 0 → 1\n  2. change_group_title 发布小组 (cidSandboxRelease0001==)\n     title: \"发布小组\" → \"发布二组\"\n  \
        3. kick_member 发布小组 (cidSandboxRelease0001==): 张伟 (0110000001)\n     张伟 (0110000001): member → no member\n  \
        4. send_message 发布小组 (cidSandboxRelease0001==)\n";
    assert!(seen.contains(expected), "{seen}");
    assert!(seen.contains("你好") && seen.ends_with("read for it: 2 API calls"), "{seen}");
    let read = ["/topapi/im/chat/scenegroup/get", "/topapi/im/chat/scenegroup/member/get"];
    assert_eq!(paths(&world)[before..], read);
    assert!(window.answer("%plan show", 3).starts_with(expected));
    window.enter("%apply").shows("Send these 4 requests (1 that removes something)?\nType 张伟 to go on: ");
    let seen = window.enter("y").at_prompt(5);
    assert!(seen.contains("error[declined]: the plan was not agreed to; the request was not sent"), "{seen}");
    assert!(seen.contains("hint: `y` is not `张伟`"), "{seen}");
    assert_eq!(world.sandbox.group(RELEASE).unwrap().title, "发布小组");
    window.enter("%apply").wait("the question", |text| text.matches("Send these").count() == 2);
    let seen = window.enter("张伟").at_prompt(6);
    assert!(seen.ends_with("4 requests sent, 6 API calls"), "{seen}");
    let group = world.sandbox.group(RELEASE).unwrap();
    assert_eq!((group.title.as_str(), group.members.contains(&"0110000001".to_owned())), ("发布二组", false));
    assert!(group.switches.contains(&("chat_banned_type", true)));
    assert_eq!(world.sandbox.sent().len(), 1);
    let sent = ["scenegroup/update", "scenegroup/update", "member/delete", "groupMessages/send"];
    let last = paths(&world).split_off(paths(&world).len() - 4);
    assert!(last.iter().zip(sent).all(|(path, end)| path.ends_with(end)), "{last:?}");
    assert!(window.answer("%apply", 6).starts_with("error[usage]: there is no plan"));
    // A plan is taken back like everything else.
    let seen = window.answer("%undo 4", 7);
    assert!(
        seen.contains("title: \"发布二组\" → \"发布小组\"") && seen.contains("the message is recalled"),
        "{seen}"
    );
    let group = world.sandbox.group(RELEASE).unwrap();
    assert_eq!((group.title.as_str(), group.members.contains(&"0110000001".to_owned())), ("发布小组", true));
}

#[test]
fn a_world_that_has_moved_stops_it() {
    let mut world = World::new();
    let mut window = live(&world);
    window.answer("%plan app.change_group_title(cid, \"发布二组\")", 1);
    world.run("app.change_group_title(\"cidSandboxRelease0001==\", \"别人改的\");");
    let seen = window.answer("%apply", 2);
    let expected = "error[unsendable]: the world has moved since the plan was made: title: \"发布小组\" → \"别人改的\" hint: nothing was sent; make the plan again";
    assert!(squeezed(&seen).contains(&squeezed(expected)), "{seen}");
    assert_eq!(world.sandbox.group(RELEASE).unwrap().title, "别人改的");
    world.run("app.change_group_title(\"cidSandboxRelease0001==\", \"发布小组\");");
    assert_eq!(window.answer("%apply", 3), "1 request sent, 2 API calls");
    assert_eq!(world.sandbox.group(RELEASE).unwrap().title, "发布二组");
}

/// While the question stands the world goes on: what is read is read behind it.
#[test]
fn a_world_that_moves_while_it_asks_stops_it() {
    let mut world = World::new();
    let mut window = live(&world);
    window.answer("app.get_user(\"0110000001\"); app.get_user(\"0130000003\"); app.get_group(cid);", 1);
    let block = [
        "%plan {",
        "app.change_group_title(cid, \"发布二组\"); app.kick_member(cid, [\"0110000001\"]);",
        "app.remove_user(\"0130000003\");",
        "}",
    ];
    enter(&mut window, &block, 2);
    let seen = window.enter("%apply").shows("Type 2 to go on: ");
    assert!(seen.contains("  goes: 张伟 (0110000001), "), "{seen}");
    world.run("app.change_group_title(\"cidSandboxRelease0001==\", \"别人改的\");");
    let seen = window.enter("2").at_prompt(4);
    assert!(seen.contains("error[unsendable]: the world has moved since the plan was made"), "{seen}");
    let group = world.sandbox.group(RELEASE).unwrap();
    assert_eq!((group.title.as_str(), group.members.contains(&"0110000001".to_owned())), ("别人改的", true));
    // Nothing was sent, so the plan is there still; Ctrl-C at the question changes nothing about that.
    world.run("app.change_group_title(\"cidSandboxRelease0001==\", \"发布小组\");");
    window.enter("%apply").wait("the question", |text| text.matches("Type 2").count() == 2);
    window.press(CTRL_C).at_prompt(5);
    window.enter("%apply").wait("the question", |text| text.matches("Type 2").count() == 3);
    let seen = window.enter("2").at_prompt(6);
    assert!(seen.contains("3 requests sent") || seen.contains("1 done"), "{seen}");
    assert_eq!(world.sandbox.group(RELEASE).unwrap().title, "发布二组");
}

/// What is made by one request is named by the next.
#[test]
fn ids_are_put_in_as_they_become_known() {
    let world = World::new();
    let mut window = live(&world);
    let lines = [
        "%plan {",
        "let template = \"c3540000-0000-4000-b4ea-6f1ab0000065\";",
        "let made = app.create_group(\"测试群聊\", template, \"manager4220\");",
        "let fresh = made.result.open_conversation_id;",
        "app.add_member(fresh, \"0110000003\"); app.mute_all(fresh);",
        "app.send_message(fresh, \"欢迎\");",
        "}",
    ];
    let seen = enter(&mut window, &lines, 1);
    assert!(seen.contains("plan: 4 requests, 4 API calls; nothing is sent yet"), "{seen}");
    let seen = window.answer("%apply", 2);
    assert!(seen.starts_with("4 requests sent"), "{seen}");
    let made = world.sandbox.sent().pop().unwrap().to;
    let group = world.sandbox.group(&made).unwrap();
    assert_eq!(group.title, "测试群聊");
    assert!(
        group.members.contains(&"0110000003".to_owned())
            && group.switches.contains(&("chat_banned_type", true))
    );
}

#[test]
fn a_failure_ends_it_and_says_what_is_done() {
    let world = World::new();
    let mut window = live(&world);
    let lines = [
        "%plan {",
        "app.send_message(cid, \"a\"); app.send_message(\"cidNowhere\", \"b\");",
        "app.send_message(cid, \"c\") }",
    ];
    enter(&mut window, &lines, 1);
    let seen = window.answer("%apply", 2);
    assert!(seen.starts_with("error[partial]: %apply: 1 done, 1 failed: send_message"), "{seen}");
    assert!(
        seen.replace('\n', " ").contains("the first request was sent and stays so; the last was not tried"),
        "{seen}"
    );
    assert_eq!(world.sandbox.sent().len(), 1);
}

#[test]
fn its_words() {
    let world = World::new();
    let mut window = live(&world);
    assert!(window.answer("%plan", 1).starts_with("error[usage]: %plan needs CODE | show [all] | drop"));
    assert!(window.answer("%plan show", 2).starts_with("error[usage]: there is no plan"));
    assert_eq!(window.answer("%plan app.get_depts()", 3), "nothing would be sent");
    assert!(window.answer("%plan app.no_such()", 4).starts_with("error: no method `no_such`"));
    window.answer("%plan app.send_message(cid, \"a\")", 5);
    assert_eq!(window.answer("%plan drop", 6), "the plan is dropped");
    assert!(window.answer("%apply", 7).starts_with("error[usage]: there is no plan"));
    // What a task of it would send belongs to it, unless nobody waits for that: it goes on as a dry run.
    let task = |seconds| {
        format!(
            "%plan {{ app.create_task(|| {{ sleep({seconds}); app.send_message(cid, \"later\") }}); app.send_message(cid, \"a\") }}"
        )
    };
    let seen = window.answer(&task(0.2), 8);
    assert!(seen.contains("waiting for the tasks") && seen.contains("plan: 2 requests"), "{seen}");
    window.enter(&task(1.0)).wait("the notice", |text| since(text, "9> ").contains("waiting for the tasks"));
    let seen = window.press(CTRL_C).at_prompt(10);
    let seen = since(&seen, "9> ");
    assert!(seen.contains("goes on as a dry run") && seen.contains("plan: 1 request, "), "{seen}");
    window.shows("dry run: send_message");
    let seen = window.press("\r").answer("%apply", 10);
    assert!(seen.ends_with("1 request sent, 1 API call"), "{seen}");
    assert_eq!(world.sandbox.sent().len(), 1);
    window.answer("%set lang zh", 11);
    let seen = window.answer("%plan app.mute_all(cid)", 12);
    assert!(seen.starts_with("计划：1 个请求，1 次 API 调用；尚未发送"), "{seen}");
    window.answer("%dry on", 13);
    let seen = window.answer("%apply", 14);
    assert!(seen.contains("试运行：mute_all") && seen.contains("已发送 0 个请求"), "{seen}");
    window.answer("%dry off", 15);
    window.answer("%readonly on", 16);
    let seen = window.answer("%apply", 17);
    assert!(seen.starts_with("错误[read_only]"), "{seen}");
}
