//! Help at the prompt: of methods, values, commands, topics; searching; both languages; narrow windows.

use dingraia::console::help::Help;
use dingraia::console::help::topics::{Line, TOPICS};
use dingraia::console::style::Palette;
use dingraia::console::text::width;
use dingraia::lang::Lang;
use serde_json::json;
use tempfile::tempdir;

use super::window::{Window, console};
use crate::support::World;

#[test]
fn one_screen_of_a_method() {
    let home = tempdir().unwrap();
    let mut window = Window::console(home.path());
    let screen = window.answer("app.mute_member?", 1);
    for part in [
        "app.mute_member(openConversationId, memberStaffIds, muteTime)",
        "muteTime            For how many seconds; 0 ends it.  seconds, 0 or more",
        "returns   DingTalk's answer",
        "cost      1 API call, changes data",
        "calls     POST api /v1.0/im/sceneGroups/muteMembers/set",
        "needs     qyapi_chat_manage",
        "mind      owner and administrators cannot be muted (cannot.ban.owner)",
        "see also  app.unmute_member, app.mute_all",
        "example   app.mute_member(",
    ] {
        assert!(screen.contains(part), "{part:?} in\n{screen}");
    }
    assert!(screen.lines().count() <= 24, "{screen}");
    assert_eq!(window.answer("?mute_member", 2), screen);
    assert_eq!(window.answer("%help app.mute_member", 3), screen);
    assert_eq!(window.answer("help mute_member", 4), screen);
}

#[test]
fn help_about_what_the_session_has() {
    let home = tempdir().unwrap();
    let mut window = Window::console(home.path());
    window.answer("let m = Member(\"u1\"); let 映射 = #{ name: \"林\", list: [1] };", 1);
    let told = window.answer("m?", 2);
    assert!(told.starts_with("m: Member\nvalue     <Member u1>\nfields    id, name, staffId"), "{told}");
    let told = window.answer("映射?", 3);
    assert!(told.starts_with("映射: map, 2 fields\n") && told.contains("fields    list, name"), "{told}");
    window.enter("/// Twice the number.").enter("fn twice(x) { x * 2 }").at_prompt(5);
    let told = window.answer("twice?", 5);
    assert_eq!(told, "twice(x)\nTwice the number.\nfrom      <in 4>");
    let told = window.answer("%run?", 6);
    assert!(told.starts_with("%run FILE [ARGS…]\nRuns a script in this session.\n"), "{told}");
    assert_eq!(window.answer("%help %run", 7), told);
    assert!(window.answer("nothing_is_called_so?", 8).contains("nothing is called `nothing_is_called_so`"));
    assert!(window.answer("get_usr?", 9).contains("did you mean `get_user`?"));
}

#[test]
fn topics_and_searching() {
    let home = tempdir().unwrap();
    let mut window = Window::console(home.path());
    let told = window.answer("help exit codes", 1);
    assert!(
        told.starts_with("exit codes: how a script or a command ended\n") && told.contains("130"),
        "{told}"
    );
    assert_eq!(window.answer("exit_codes?", 2), told);
    let ids = window.answer("unionid?", 3);
    assert!(ids.starts_with("ids: ") && ids.contains("app.unionId2staffId("), "{ids}");
    let event = window.answer("help CardAction", 4);
    assert!(event.starts_with("CardAction: ") && event.contains("actionIds, params, outTrackId"), "{event}");
    assert_eq!(window.answer("help CardCallback", 5), event);
    assert!(window.answer("help CardActoin", 6).contains("did you mean `CardAction`?"));
    let found = window.answer("??禁言", 7);
    assert!(found.trim_start().starts_with("mute_all"), "{found}");
    assert_eq!(window.answer("%search 禁言", 8), found);
    assert!(window.answer("??scene group", 9).contains("create_group"));
    assert!(window.answer("??nothing_has_it", 10).contains("nothing in the help has `nothing_has_it`"));
    let found = window.answer("%methods member", 11);
    assert!(found.contains("app.kick_member") && !found.contains("app.get_user "), "{found}");
    assert!(window.answer("%methods user", 12).contains("app.get_user "));
    assert!(window.answer("%methods zzz", 13).contains("groups: message, card"));
    let all = window.answer("help", 14);
    assert!(
        all.contains("app.send_message") && all.contains("%explain") && all.contains("permissions, events"),
        "{all}"
    );
}

#[test]
fn help_in_chinese_in_a_narrow_window() {
    let home = tempdir().unwrap();
    let mut command = console(home.path());
    command.env("LANG", "zh_CN.UTF-8");
    let mut window = Window::open(&command);
    window.at_prompt(1);
    window.resize(40).at_prompt(1);
    window.enter("mute_member?").at_prompt(2);
    let text = window.shows("消耗      1 次 API");
    assert!(text.contains("注意      "), "{text}");
    // Code and addresses stay whole: somebody will copy them.
    for line in text.lines().filter(|line| !line.contains(['"', '/', '['])) {
        assert!(width(line) <= 40, "{line}");
    }
    assert!(!text.contains("seconds"), "{text}");
}

/// Everything that help shows fits into every window, in both languages, and has no English in Chinese.
#[test]
fn every_screen_fits() {
    for lang in [Lang::En, Lang::Zh] {
        for columns in [40, 80, 120] {
            let help = Help { palette: Palette::new(false), lang, columns };
            let names = TOPICS.iter().map(|topic| topic.name);
            for name in names.chain(dingraia::api::methods().map(|method| method.name)) {
                let screen = help.topic(name).unwrap();
                let code = |line: &str| line.contains(['(', '`', '_', '{', '/']) || line.contains("://");
                for line in screen.lines().filter(|line| !code(line)) {
                    assert!(width(line) <= columns, "{name} at {columns}: {line}");
                }
            }
        }
    }
}

#[test]
fn a_topic_is_one_screen() {
    let help = Help { palette: Palette::new(false), lang: Lang::En, columns: 80 };
    for topic in TOPICS {
        let lines = help.topic(topic.name).unwrap().lines().count();
        assert!((4..=23).contains(&lines), "{}: {lines} lines", topic.name);
        for line in topic.lines {
            if let Line::Say(en, zh) | Line::Item(_, en, zh) = line {
                assert!(
                    !zh.is_ascii()
                        && !en
                            .contains(|c: char| ('\u{4e00}'..'\u{9fff}').contains(&c)
                                && !"林晓张伟研发部".contains(c)),
                    "{en} | {zh}"
                );
            }
        }
    }
}

/// What help shows against the traps of the language does what it says.
#[test]
fn the_way_around_a_trap_is_real() {
    let traps = TOPICS.iter().find(|topic| topic.name == "traps").unwrap();
    let given = traps.lines.iter().filter_map(|line| match line {
        Line::Code(code) => Some(World::new().run(code).json()),
        _ => None,
    });
    let expected = [json!(null), json!(3), json!([1]), json!("refused"), json!("你好"), json!([2, 4])];
    assert_eq!(given.collect::<Vec<_>>(), expected);
}
