//! `%undo`.

use dingraia::sandbox::{Fault, Wish};
use serde_json::json;

use super::{live, paths, squeezed};
use crate::console::window::CTRL_C;
use crate::support::{RELEASE, World, until};

#[test]
fn settings_go_back_to_what_they_were() {
    let world = World::new();
    let mut window = live(&world);
    let before = world.sandbox.group(RELEASE).unwrap();
    let cid = "cid";
    let calls = [
        format!("app.mute_all({cid});"),
        format!("app.change_group_title({cid}, \"发布二组\");"),
        format!("app.change_group_owner({cid}, \"0110000001\");"),
        format!("app.set_admin({cid}, \"0110000002\");"),
        format!("app.update_group({cid}, #{{searchable: true, validation_type: 0}});"),
        format!("app.update_group({cid}, #{{api: \"v1\", title: \"发布三组\", searchable: false}});"),
    ];
    let count = calls.len();
    for (number, call) in calls.iter().enumerate() {
        window.answer(call, number + 1);
    }
    assert_ne!(world.sandbox.group(RELEASE).unwrap(), before);
    let seen = window.answer(&format!("%undo {count}"), count + 1);
    assert!(seen.contains("owner_user_id: \"0110000001\" → \"manager4220\""), "{seen}");
    assert!(!seen.contains("not taken back"), "{seen}");
    assert_eq!(world.sandbox.group(RELEASE).unwrap(), before);
    assert!(
        window
            .answer("%undo", count + 2)
            .starts_with("error[usage]: there is nothing to take back at this prompt")
    );
    assert_eq!(window.answer("app.get_info(cid)[0].dingraia_cache.name", count + 3), "\"发布小组\"");
}

#[test]
fn people_go_back_to_where_they_were() {
    let world = World::new();
    let mut window = live(&world);
    window.answer("%set confirm never", 1);
    let members = || world.sandbox.group(RELEASE).unwrap().members;
    let before = members();
    let (here, there) = (before[1].clone(), "0130000003".to_owned());
    assert!(!before.contains(&there));
    // One was there already, one was not.
    window.answer(&format!("app.add_member(cid, [\"{here}\", \"{there}\"]);"), 2);
    assert!(members().contains(&there));
    let seen = window.answer("%undo", 3);
    assert!(
        seen.starts_with("taken back: add_member cidSandboxRelease0001==\n")
            && seen.contains("member → no member")
            && !seen.contains(&here),
        "{seen}"
    );
    assert_eq!(members(), before);
    window.answer(&format!("app.kick_member(cid, [\"{here}\", \"{there}\"], #{{api: \"v1\"}});"), 4);
    assert_eq!(members().len(), before.len() - 1);
    let seen = window.answer("%undo", 5);
    assert!(seen.contains("no member → member") && !seen.contains(&there), "{seen}");
    assert_eq!(members().len(), before.len());
    let back = paths(&world).pop().unwrap();
    assert_eq!(back, "/v1.0/im/sceneGroup/member/add");
    window.answer("app.mute_member(cid, \"0110000003\", 600);", 6);
    assert_eq!(world.sandbox.group(RELEASE).unwrap().muted.len(), 1);
    window.answer("%undo", 7);
    assert!(world.sandbox.group(RELEASE).unwrap().muted.is_empty());
}

#[test]
fn fields_of_people_go_back() {
    let world = World::new();
    let mut window = live(&world);
    let title = "app.get_user(\"0110000001\", #{using_cache: false}).title";
    let before = window.answer(title, 1);
    window.answer("app.update_user(\"0110000001\", #{title: \"新职位\", work_place: \"杭州\"});", 2);
    assert_eq!(window.answer(title, 3), "\"新职位\"");
    let seen = window.answer("%undo", 4);
    assert!(seen.contains(&format!("title: \"新职位\" → {before}")), "{seen}");
    // An empty field cannot be emptied again by this call.
    assert!(
        squeezed(&seen).contains(&squeezed(
            "not taken back: work_place: how it was before is not known, or it was empty"
        )),
        "{seen}"
    );
    assert_eq!(window.answer(title, 5), before);
}

/// Switches, lists and what is told of each department are written in one form and read in another.
#[test]
fn fields_of_every_form_go_back() {
    let world = World::new();
    let mut window = live(&world);
    let person = "app.get_user(\"0110000003\", #{using_cache: false})";
    let state = format!(
        "{{ let p = {person}; [p.dept_id_list, p.hide_mobile, p.dept_order_list.map(|d| [d.dept_id, d.order])] }}"
    );
    let before = window.answer(&state, 1);
    let fields =
        ["dept_id_list: [110, 200]", "hide_mobile: true", "dept_order_list: [#{dept_id: 110, order: 5}]"];
    let mut number = 2;
    for field in fields {
        window.answer(&format!("app.update_user(\"0110000003\", #{{{field}}});"), number);
        assert_ne!(window.answer(&state, number + 1), before, "{field}");
        let seen = window.answer("%undo", number + 2);
        assert!(
            seen.starts_with("taken back: update_user 李娜 (0110000003)\n") && !seen.contains("error"),
            "{field}: {seen}"
        );
        assert_eq!(window.answer(&state, number + 3), before, "{field}: {seen}");
        number += 4;
    }
}

/// What stops it does not hide what was taken back before, nor what is older.
#[test]
fn one_that_cannot_be_taken_back_hides_no_other() {
    let mut world = World::new();
    let mut window = live(&world);
    window.answer("app.update_group(cid, #{searchable: true});", 1);
    window.answer("app.change_group_title(cid, \"发布二组\");", 2);
    window.answer("app.mute_all(cid);", 3);
    world.run("app.change_group_title(\"cidSandboxRelease0001==\", \"别人改的\");");
    let seen = window.answer("%undo 2", 4);
    let (done, stopped) = seen.split_once("error[").unwrap();
    assert_eq!(
        done.trim_end(),
        "taken back: mute_all 别人改的 (cidSandboxRelease0001==)\n  chat_banned_type: 1 → 0"
    );
    assert!(stopped.contains("%undo drop") && !stopped.contains("nothing was"), "{seen}");
    assert_eq!(window.answer("%undo drop", 5), "change_group_title will not be taken back");
    assert_eq!(
        window.answer("%undo", 6),
        "taken back: update_group 别人改的 (cidSandboxRelease0001==)\n  searchable: 1 → 0"
    );
    assert!(window.answer("%undo drop", 7).starts_with("error[usage]: there is nothing to take back"));
    let group = world.sandbox.group(RELEASE).unwrap();
    assert_eq!(
        (group.title.as_str(), group.switches.contains(&("chat_banned_type", true))),
        ("别人改的", false)
    );
}

#[test]
fn what_is_not_known_is_said() {
    let world = World::new();
    let mut window = live(&world);
    window.answer("%set confirm never", 1);
    window.answer("app.mute_member(cid, \"0110000003\", 86400);", 2);
    window.answer("app.mute_member(cid, \"0110000003\", 60);", 3);
    assert_eq!(window.answer("%undo list", 4).matches("an earlier mute").count(), 1);
    assert!(window.answer("%undo", 5).contains("not taken back: an earlier mute"));
    assert!(!window.answer("%undo", 6).contains("an earlier mute"));
    window.answer("app.kick_member(cid, [\"0110000001\"]);", 7);
    assert!(
        squeezed(&window.answer("%undo", 8))
            .contains(&squeezed("whether they were administrators or the owner was not read"))
    );
    // It may have been done: taking back another one in its place would be wrong.
    window.answer("app.mute_all(cid);", 9);
    world.sandbox.wish(&Wish { on: "scenegroup/update".into(), ..Wish::new("call.drop") }).unwrap();
    assert!(window.answer("app.change_group_title(cid, \"发布二组\");", 10).contains("error["));
    let seen = window.answer("%undo", 11);
    assert!(
        squeezed(&seen).contains(&squeezed("not taken back: whether it was done is not known")),
        "{seen}"
    );
    assert!(world.sandbox.group(RELEASE).unwrap().switches.contains(&("chat_banned_type", true)));
}

#[test]
fn messages_are_recalled_and_the_rest_says_why_not() {
    let world = World::new();
    let mut window = live(&world);
    window.answer("app.send_message(cid, \"a\", Markdown(\"b\", \"c\"));", 1);
    window.answer("app.send_message(Member(\"0110000001\"), \"d\");", 2);
    let seen = window.answer("%undo 2", 3);
    assert_eq!(
        seen,
        "taken back: send_message 0110000001\n  the message is recalled\ntaken back: send_message 发布小组 (cidSandboxRelease0001==)\n  the message is recalled\n  the message is recalled"
    );
    assert!(world.sandbox.sent().iter().all(|message| message.recalled));
    let cannot = [
        (
            "app.create_group(\"测试群聊\", \"c3540000-0000-4000-b4ea-6f1ab0000065\", \"manager4220\");",
            "the group stays; `app.disband_group(\"cid",
        ),
        ("app.unmute_member(cid, \"0110000003\");", "for how long they were still muted is not known"),
        ("app.send_ding([\"0110000001\"], \"x\");", "a DING was seen"),
        ("app.api.put(\"/v1.0/im/nothing\", #{});", ""),
    ];
    for (index, (call, why)) in cannot.iter().enumerate() {
        let number = 4 + 2 * index;
        window.answer(call, number);
        let seen = window.enter("%undo").at_prompt(number + 2);
        let why = if why.is_empty() {
            "there is nothing to take back".to_owned()
        } else {
            format!("not taken back: {why}")
        };
        assert!(squeezed(&seen).contains(&squeezed(&why)), "{call}: {seen}");
    }
}

#[test]
fn what_others_changed_since_is_not_overwritten() {
    let mut world = World::new();
    let mut window = live(&world);
    window.answer("app.change_group_title(cid, \"发布二组\");", 1);
    // A dry run takes nothing back, and forgets nothing.
    window.answer("%dry on", 2);
    let seen = window.answer("%undo", 3);
    assert!(seen.contains("dry run: undo (changes data, 1 API call) is not sent"), "{seen}");
    assert!(seen.contains("would be taken back: change_group_title"), "{seen}");
    window.answer("%dry off", 4);
    world.run("app.change_group_title(\"cidSandboxRelease0001==\", \"别人改的\");");
    let seen = window.answer("%undo", 5);
    let why = "it was changed since: title: \"发布二组\" → \"别人改的\"";
    assert!(squeezed(&seen).contains(&squeezed(why)), "{seen}");
    assert_eq!(world.sandbox.group(RELEASE).unwrap().title, "别人改的");
    // It is still there, for when the other has changed their mind.
    world.run("app.change_group_title(\"cidSandboxRelease0001==\", \"发布二组\");");
    assert!(window.answer("%undo", 6).contains("title: \"发布二组\" → \"发布小组\""));
}

#[test]
fn it_is_asked_about_like_everything_else() {
    let world = World::new();
    let mut window = live(&world);
    window.answer("app.get_user(\"0130000003\").name;", 1);
    window.answer("app.add_member(cid, \"0130000003\");", 2);
    window.enter("%undo").shows(" to go on: ");
    let seen = window.enter("").at_prompt(4);
    assert!(seen.contains("error[declined]: undo was not agreed to"), "{seen}");
    assert!(world.sandbox.group(RELEASE).unwrap().members.contains(&"0130000003".to_owned()));
}

#[test]
fn only_what_is_typed_is_written_down_and_costs_a_read() {
    let mut world = World::new();
    let mut window = live(&world);
    let read = "/topapi/im/chat/scenegroup/get".to_owned();
    world.file("mute.rhai", "app.mute_all(\"cidSandboxRelease0001==\");");
    window.answer("%run mute.rhai", 1);
    assert!(!paths(&world).contains(&read));
    assert!(window.answer("%undo list", 2).contains("there is nothing to take back"));
    window.answer("app.unmute_all(cid);", 3);
    assert_eq!(paths(&world).iter().filter(|path| **path == read).count(), 1);
    assert_eq!(
        window.answer("%undo list", 4),
        "unmute_all cidSandboxRelease0001==\n  chat_banned_type: 0 → 1"
    );
    window.answer("%set undo off", 5);
    // Silencing all of a group whose size nobody knows reads it, once.
    for number in [6, 7] {
        window.answer("app.mute_all(cid);", number);
    }
    assert_eq!(paths(&world).iter().filter(|path| **path == read).count(), 2);
    // An interpreter without a prompt pays nothing either.
    world.run("app.unmute_all(\"cidSandboxRelease0001==\");");
    assert_eq!(paths(&world).iter().filter(|path| **path == read).count(), 2);
    assert!(window.answer("%undo many", 8).starts_with("error[usage]: %undo needs [N|list|drop]"));
}

/// Whoever gives up in the middle does not know what came of it, and neither the list nor a plan says otherwise.
#[test]
fn what_is_interrupted_may_have_been_done() {
    let world = World::new();
    let mut window = live(&world);
    let update = "/topapi/im/chat/scenegroup/update";
    let arrived = |count| paths(&world).iter().filter(|path| *path == update).count() == count;
    window.answer("app.get_group(cid);", 1);
    world.sandbox.fault(Fault::Delay(60_000).on(update));
    window.enter("app.mute_all(cid);");
    until("the request", || arrived(1));
    let seen = window.press(CTRL_C).at_prompt(3);
    assert!(seen.contains("error[interrupted]"), "{seen}");
    let seen = window.answer("%undo list", 3);
    assert!(
        squeezed(&seen).contains(&squeezed("not taken back: whether it was done is not known")),
        "{seen}"
    );
    window.answer("%undo", 4);
    window.answer("%plan app.change_group_title(cid, \"发布二组\")", 5);
    world.sandbox.fault(Fault::Delay(60_000).on(update));
    window.enter("%apply");
    until("the request", || arrived(2));
    let seen = window.press(CTRL_C).at_prompt(7);
    assert!(squeezed(&seen).contains(&squeezed("change_group_title may have been done, look")), "{seen}");
    assert!(window.answer("%apply", 7).starts_with("error[usage]: there is no plan"));
    assert!(
        window
            .answer("%undo", 8)
            .starts_with("change_group_title 发布小组 (cidSandboxRelease0001==)\n  not taken back: whether")
    );
}

/// What was taken back before somebody stopped it is told all the same.
#[test]
fn what_is_taken_back_before_a_stop_is_told() {
    let mut world = World::new();
    let mut window = live(&world);
    window.answer("app.change_group_title(cid, \"发布二组\");", 1);
    window.answer("app.update_user(\"0110000001\", #{title: \"新职位\"});", 2);
    let update = "/topapi/im/chat/scenegroup/update";
    let updates = || paths(&world).iter().filter(|path| *path == update).count();
    let before = updates();
    world.sandbox.fault(Fault::Delay(60_000).on(update));
    window.enter("%undo 2");
    until("the request", || updates() > before);
    let seen = window.press(CTRL_C).at_prompt(4);
    let seen = super::since(&seen, "3> %undo");
    assert!(
        seen.contains("update_user 张伟 (0110000001)\n") && seen.contains("title: \"新职位\" → "),
        "{seen}"
    );
    assert!(!seen.contains("change_group_title ") && seen.contains("error[interrupted]"), "{seen}");
    assert!(window.answer("%undo list", 4).starts_with("change_group_title"));
    // What has its old value already is no obstacle.
    let back =
        format!("app.oapi.post(\"{update}\", #{{open_conversation_id: cid, title: \"发布小组\"}}).errcode");
    world.run(&back.replace("cid,", "\"cidSandboxRelease0001==\",")).gives(json!(0));
    let seen = window.answer("%undo", 5);
    assert!(seen.contains("title: \"发布二组\" → \"发布小组\"") && !seen.contains("error"), "{seen}");
}

#[test]
fn what_changed_nothing_says_so() {
    let world = World::new();
    let mut window = live(&world);
    window.answer("app.unmute_all(cid);", 1);
    assert_eq!(
        window.answer("%undo", 2),
        "unmute_all cidSandboxRelease0001==\n  not taken back: it changed nothing"
    );
    let seen = window.answer("%undo", 3);
    assert!(seen.starts_with("error[usage]: there is nothing to take back"), "{seen}");
}
