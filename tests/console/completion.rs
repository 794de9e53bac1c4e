//! What Tab offers and what the hint says, over a real session: nothing is evaluated, and nothing is sent.

use std::sync::Arc;

use dingraia::api::Arg;
use dingraia::api::{CallbackType, Family, FromArg, Language, MailType, Voice};
use dingraia::cache::UserSeen;
use dingraia::console::complete::Completer;
use dingraia::console::editor::{Assist as _, Candidate};
use dingraia::console::host::{Crowd, Crowds};
use dingraia::events::KINDS;
use dingraia::sandbox::Sandbox;
use dingraia::spec::Kind;
use serde_json::json;

use crate::support::{RELEASE, World};

/// A session that has used its app.
fn world() -> World {
    let mut world = World::new();
    let group = format!("app.get_group(\"{RELEASE}\")");
    for input in [
        "for id in app.get_dept_users(1) { app.get_user(id) } app.get_depts(1)",
        &group,
        "let 人 = Member(\"manager4220\"); let group = Group(\"cidSandboxRelease0001==\");",
        "let map = #{name: \"甲\", inner: #{deep: #{deeper: 1}}, \"not a name\": 2}; let list = [人];",
        "let answer = app.send_message(group, \"好\"); fn greet(who, how) { who }",
    ] {
        assert!(world.run(input).is_value(), "{input}");
    }
    world
}

fn completer(world: &World) -> Completer {
    let folder = world.folder.path().into();
    let sandbox = world.sandbox.clone();
    let crowds: Crowds = Arc::new(move |_| {
        let crowd = sandbox.crowd();
        let faults = Sandbox::wishes();
        Some(Crowd { people: crowd.people, groups: crowd.groups, cards: crowd.cards, faults })
    });
    Completer { known: world.known(), folder, profiles: vec!["work".into()], crowds }
}

/// What is offered where `|` stands.
fn offered(completer: &Completer, line: &str) -> Vec<Candidate> {
    let pos = line.find('|').unwrap_or(line.len());
    completer.complete(&line.replacen('|', "", 1), pos).candidates
}

fn names(completer: &Completer, line: &str) -> Vec<String> {
    offered(completer, line).into_iter().map(|candidate| candidate.replacement).collect()
}

/// The line once the first offer was taken.
fn taken(completer: &Completer, line: &str) -> String {
    let pos = line.find('|').unwrap_or(line.len());
    let line = line.replacen('|', "", 1);
    let found = completer.complete(&line, pos);
    let first = &found.candidates.first().unwrap_or_else(|| panic!("nothing is offered: {line}")).replacement;
    format!("{}{first}{}", &line[..found.start], &line[found.end..])
}

#[test]
fn members_follow_the_type() {
    let world = world();
    let completer = completer(&world);
    let has = |line: &str, name: &str| names(&completer, line).iter().any(|found| found == name);
    for (line, name) in [
        ("app.", "get_user"),
        ("app.", "api"),
        ("app.api.", "put"),
        ("人.", "staffId"),
        ("group.", "openConversationId"),
        ("cache.", "find"),
        ("app.cache.", "users"),
        ("answer.", "json"),
        ("map.", "inner"),
        ("map.inner.", "deep"),
        ("map.inner.deep.", "deeper"),
        ("map[\"inner\"].", "deep"),
        ("list[0].", "unionId"),
        ("list.", "filter"),
        ("list.filter(|x| x.ok).", "map"),
        ("\"text\".", "to_upper"),
        ("`text`.", "to_upper"),
        ("Member(\"x\").", "staffId"),
        ("[1, 2].", "push"),
        ("#{a: 1}.", "keys"),
        ("app.send_message(group, \"x\").", "ok"),
        ("group.name.", "len"),
        ("人.name.split(\"\").", "filter"),
        ("let u = Member(\"x\"); u.", "staffId"),
        ("for m in list { m.", "staffId"),
        ("list.map(｜m｜ m.", "staffId"),
        ("parallel(list, ｜m｜ m.", "staffId"),
        ("app . ge", "get_user"),
        ("人?.na", "name"),
    ] {
        let line = format!("{}|", line.replace('｜', "\u{1}"));
        let pos = line.len() - 1;
        let line = line.replace('\u{1}', "|");
        let found = completer.complete(&line[..pos], pos).candidates;
        assert!(found.iter().any(|candidate| candidate.replacement == name), "{line} {name}: {found:?}");
    }
    assert!(!has("map.", "not a name") && !has("map.", "push") && !has("人.", "get_user"));
    assert!(!has("map.inner.", "name"), "keys of another map");
    // A key in a text may be anything.
    assert_eq!(taken(&completer, "map[\"not|\"]"), "map[\"not a name\"]");
    assert_eq!(taken(&completer, "map.inner.get(\"de|"), "map.inner.get(\"deep\"");
    for none in [
        "nobody.",
        "answer.sendData.",
        "1 + ",
        "",
        "  ",
        "// app.",
        "\"app.",
        "`${1} app.",
        "'a",
        "let na",
        "fn gre",
        "12",
    ] {
        assert_eq!(names(&completer, none), [""; 0], "{none}");
    }
}

#[test]
fn names_that_stand_alone() {
    let world = world();
    let completer = completer(&world);
    assert_eq!(names(&completer, "let u = Mem")[0], "Member");
    assert_eq!(names(&completer, "人"), ["人"]);
    assert_eq!(names(&completer, "gree"), ["greet"]);
    assert_eq!(names(&completer, "`甲 ${gree"), ["greet"]);
    assert_eq!(names(&completer, "para"), ["parallel"]);
    // Those of the text itself, though nothing of it was evaluated.
    assert_eq!(names(&completer, "let 一个名字 = 1;\n一"), ["一个名字"]);
    assert_eq!(names(&completer, "fn f(first_one, second_one) { second"), ["second_one"]);
    assert_eq!(names(&completer, "greet(gr")[..2], ["greet", "group"]);
    // The rest of the word is replaced as well, and letters may be missing.
    assert_eq!(taken(&completer, "app.get_de|pt_usrs(1)"), "app.get_dept_users(1)");
    assert_eq!(taken(&completer, "app.gdu|"), "app.get_dept_users");
    assert_eq!(taken(&completer, "app.GetUserAccess|"), "app.get_user_access_token");
}

#[test]
fn options_have_a_type_and_a_default() {
    let world = world();
    let completer = completer(&world);
    let found = offered(&completer, "app.get_user(\"x\", #{lang");
    assert_eq!((found.len(), found[0].replacement.as_str()), (1, "language: "));
    assert_eq!(found[0].note, "\"zh_CN\" or \"en_US\" = zh_CN");
    // What is given is not offered again, and another spelling is known too.
    let rest = names(&completer, "app.get_user(\"x\", #{language: \"zh_CN\", ");
    assert!(
        !rest.contains(&"language: ".to_owned()) && rest.contains(&"using_cache: ".to_owned()),
        "{rest:?}"
    );
    assert_eq!(names(&completer, "app.get_user(\"x\", #{usingC"), ["using_cache: "]);
    assert_eq!(names(&completer, "Member(#{unionI"), ["unionId: "]);
    // A map that is no argument has keys of its own.
    assert_eq!(names(&completer, "let m = #{lang"), [""; 0]);
    assert_eq!(names(&completer, "app.get_user(\"x\", #{language: #{us"), [""; 0]);
}

#[test]
fn words_and_events_are_listed() {
    let world = world();
    let completer = completer(&world);
    assert_eq!(names(&completer, "app.get_user(\"x\", #{language: "), ["\"zh_CN\"", "\"en_US\""]);
    assert_eq!(
        taken(&completer, "app.get_user(\"x\", #{language: \"e|\"})"),
        "app.get_user(\"x\", #{language: \"en_US\"})"
    );
    assert_eq!(
        taken(&completer, "app.get_user(\"x\", #{language: \"e|"),
        "app.get_user(\"x\", #{language: \"en_US\""
    );
    assert_eq!(names(&completer, "app.get_user(\"x\", #{using_cache: t")[0], "true");
    assert_eq!(taken(&completer, "on(\"GroupM|"), "on(\"GroupMessage\"");
    assert_eq!(names(&completer, "on(\"").len(), KINDS.len());
    assert_eq!(names(&completer, "on(\"chat_dis"), ["chat_disband\""]);
}

/// Every word that is offered is taken.
#[test]
fn offered_words_are_right() {
    fn takes<T: FromArg>() {
        let words = T::KIND.choices();
        assert!(!words.is_empty(), "{:?}", T::KIND);
        for word in words {
            assert!(T::from_arg(Arg::Text((*word).into())).is_ok(), "{:?} {word}", T::KIND);
        }
    }
    takes::<Language>();
    takes::<Family>();
    takes::<CallbackType>();
    takes::<MailType>();
    takes::<Voice>();
    takes::<dingraia::model::ContentType>();
    assert!(Kind::Text.choices().is_empty());
}

#[test]
fn people_and_groups_come_from_the_cache() {
    let world = world();
    let completer = completer(&world);
    for typed in ["林", "lin", "lx", "林晓", "manager42"] {
        let line = format!("app.get_user(\"{typed}|\")");
        assert_eq!(taken(&completer, &line), "app.get_user(\"manager4220\")", "{typed}");
    }
    let found = offered(&completer, "app.get_user(\"林晓");
    assert_eq!((found[0].display.as_str(), found[0].note.as_str()), ("林晓", "manager4220 · 0 s ago"));
    for line in [
        "Member(\"lx|",
        "At(\"lx|",
        "app.kick_member(\"cid1\", \"lx|",
        "app.kick_member(\"cid1\", [\"a\", \"lx|",
    ] {
        let taken = taken(&completer, line);
        assert!(taken.ends_with("\"manager4220\""), "{taken}");
    }
    // Without a letter some are listed; a department is found too.
    assert!(names(&completer, "app.get_user(\"").contains(&"manager4220\"".to_owned()));
    assert!(taken(&completer, "app.get_dept_users(\"研发|\")").ends_with("(\"100\")"));
    // A name that was typed bare becomes the id in quotes.
    assert_eq!(taken(&completer, "app.get_user(林晓|)"), "app.get_user(\"manager4220\")");
    for line in [
        "app.get_group(\"发布|",
        "app.send_message(\"fabu|",
        "Group(\"fb|",
        "OpenConversationId(\"发|",
        "app.get_group(#{group: \"发|",
    ] {
        let taken = taken(&completer, line);
        assert!(taken.ends_with(&format!("\"{RELEASE}\"")), "{taken}");
    }
    // Nobody is offered where something else belongs.
    assert_eq!(names(&completer, "app.send_message(\"cid\", \"林"), [""; 0]);
    assert_eq!(names(&completer, "print(\"林"), [""; 0]);
}

#[test]
fn old_rows_are_marked_and_strange_names_kept_whole() {
    let world = World::new();
    let info = json!({"name": "x"}).as_object().unwrap().clone();
    let seen = UserSeen { staff_id: "u-1", union_id: "", name: "张\"三\\", info: &info };
    world.session.cache.save_user(&seen);
    world.clock.advance(3 * 86_400_000);
    let completer = completer(&world);
    let found = offered(&completer, "app.get_user(\"张");
    assert_eq!((found[0].display.as_str(), found[0].note.as_str()), ("张\"三\\", "u-1 · 3 d ago, stale"));
}

#[test]
fn files_are_found_where_a_path_belongs() {
    let world = world();
    for name in ["报告.pdf", "pho\"to.png"] {
        world.file(name, "");
    }
    let completer = completer(&world);
    assert_eq!(taken(&completer, "app.upload_file(\"报|\")"), "app.upload_file(\"报告.pdf\")");
    assert_eq!(taken(&completer, "Image(\"pho|"), "Image(\"pho\\\"to.png\"");
    assert_eq!(names(&completer, "app.get_user(\"报"), [""; 0]);
}

#[test]
fn commands_and_their_words() {
    let world = world();
    let completer = completer(&world);
    assert_eq!(names(&completer, "%hel"), ["help"]);
    assert_eq!(names(&completer, "%help get_dept_u"), ["get_dept_users"]);
    assert_eq!(names(&completer, "?app.get_dept_u"), ["app.get_dept_users"]);
    assert_eq!(names(&completer, "%help %hist"), ["%history"]);
    assert_eq!(names(&completer, "%nothing x"), [""; 0]);
    // `%` in the middle is an operator.
    assert_eq!(names(&completer, "1 %hel"), [""; 0]);
}

fn hint(completer: &Completer, line: &str) -> Option<String> {
    let signature = completer.signature(line, line.len())?;
    let current = signature.current.map(|at| signature.params[at].clone()).unwrap_or_default();
    Some(format!(
        "{}{}{} [{current}: {}] {}",
        signature.open,
        signature.params.join(", "),
        signature.close,
        signature.about,
        signature.facts
    ))
}

#[test]
fn the_signature_follows_the_cursor() {
    let world = world();
    let completer = completer(&world);
    let hint = |line: &str| hint(&completer, line).unwrap_or_default();
    assert_eq!(
        hint("app.get_user("),
        "get_user(userId, #{…}) [userId: a staffId or a Member] API 1 / 0 · reads only"
    );
    assert_eq!(
        hint("app.get_user(\"x\", #{language: \""),
        "get_user(#{userId, language?, access_token?, using_cache?}) [language?: \"zh_CN\" or \"en_US\"] API 1 / 0 · reads only"
    );
    assert!(hint("app.get_user(\"x\", #{").contains("[: ]"));
    assert!(
        hint("app.kick_member(\"cid\", [\"a\", ")
            .starts_with("kick_member(openConversationId, memberStaffIds")
    );
    assert!(hint("app.disband_group(").ends_with("removes something"));
    assert!(hint("app.send_message(group, ").ends_with("reaches people"));
    assert_eq!(hint("Member("), "Member(staffId?, #{…}) [staffId?: text] ");
    assert_eq!(hint("greet(1, "), "greet(who, how) [how: ] ");
    assert_eq!(hint("parallel("), "parallel(list, |x| …, #{limit?}) [list: ] ");
    assert!(hint("app.get_user(app.get_dept_users(1)[0").starts_with("get_user("));
    assert!(hint("%help get").starts_with("%help [TOPIC]"));
    for none in ["app.get_user(\"x\")", "nobody.f(", "unknown(", "1 + ", "// app.get_user(", ""] {
        assert_eq!(hint(none), "", "{none}");
    }
}

#[test]
fn events_have_their_fields() {
    let world = world();
    let completer = completer(&world);
    // Closures have bars of their own, so the cursor is at the end.
    let names = |line: &str| -> Vec<String> {
        let found = completer.complete(line, line.len()).candidates.into_iter();
        found.map(|candidate| candidate.replacement).collect()
    };
    let has = |line: &str, name: &str| names(line).iter().any(|found| found == name);
    for (line, name) in [
        ("on(\"GroupMessage\", |event| event.", "reply"),
        ("on(\"GroupMessage\", |event| event.", "senderNick"),
        ("on(\"GroupMessage\", |e| { let a = [1, 2]; f(a[0]); e.", "at_me"),
        ("on(\"chat_update_title\", #{group: \"cidA\"}, |e| e.ti", "title"),
        ("on(\"CardAction\", |e| e.act", "actionIds"),
        ("on(\"GroupMessage\", |e| e.group.", "openConversationId"),
        ("on(\"GroupMessage\", |e| e.member.", "staffId"),
        ("on(\"GroupMessage\", |e| e.ask(\"?\").", "text"),
        ("on(\"GroupMessage\", |e| e.app.", "get_user"),
        ("on(\"GroupM", "GroupMessage\""),
        ("on(\"chat_up", "chat_update_title\""),
        ("off(\"CardA", "CardAction\""),
    ] {
        assert!(has(line, name), "{line}: {:?}", names(line));
    }
    assert!(!has("on(\"GroupMessage\", |event| event.", "title"));
    assert!(names("x.on(\"GroupMessage\", |event| event.").is_empty());
    assert!(names("f(\"GroupMessage\", |event| event.").is_empty());
}

#[test]
fn people_of_the_sandbox_are_completed() {
    let world = world();
    let completer = completer(&world);
    assert_eq!(names(&completer, "%as zhangw"), ["张伟"]);
    assert_eq!(names(&completer, "%as 0110000003"), ["李娜"]);
    assert_eq!(names(&completer, "%as 张伟 fbxz"), ["发布小组"]);
    assert!(names(&completer, "%as ").len() == 12 && names(&completer, "%as 张伟 发布小组 zhang").is_empty());
    assert_eq!(names(&completer, "%sandbox sa"), ["say"]);
    assert_eq!(names(&completer, "%sandbox say lx"), ["林晓"]);
    assert_eq!(names(&completer, "%sandbox fault frame.tw"), ["frame.twice"]);
    assert!(names(&completer, "%sandbox fault frame.twice --").contains(&"--times".to_owned()));
    assert_eq!(names(&completer, "%sandbox event calendar"), ["calendar_event_change"]);
    assert!(names(&completer, "%sandbox press ").is_empty(), "there are no cards yet");
}
