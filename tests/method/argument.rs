//! Arguments that do not fit: the parameter, what it must be, what it got, and the place. Nothing is sent.

use serde_json::json;

use super::calls;
use crate::support::World;

const UNION: &str = "qLXJN1dYe11z9mLXTzlDHVyiEiE";

/// What a target and a message can be.
const TARGETS: &str =
    "a conversation id (cid…), an http(s) address, an OpenConversationId, a Group, a Member, a Webhook or ()";
const MESSAGES: &str = "text, a MessageChain, a Markdown, Link, ActionCard, FeedCard, File, Image, Audio or Video, or a list of them";

/// A line, and what is said of it.
const ROWS: &[(&str, &str)] = &[
    ("app.get_user(1)", "get_user: `userId` must be a staffId or a Member, got 1"),
    ("app.get_user()", "get_user: `userId` is missing; it must be a staffId or a Member"),
    ("app.get_user(())", "get_user: `userId` is missing; it must be a staffId or a Member"),
    ("app.get_user(\"\")", "get_user: `userId` must be a staffId of 1 to 64 characters, got \"\""),
    (
        "app.get_user(\"UNION\")",
        "get_user: `userId` must be a staffId; this looks like a unionId, got \"UNION\"",
    ),
    (
        "app.get_user(Member(\"UNION\"))",
        "get_user: `userId` must be a staffId; this looks like a unionId, got \"UNION\"",
    ),
    (
        "app.get_user(\"cidA==\")",
        "get_user: `userId` must be a staffId; this looks like a conversation id, got \"cidA==\"",
    ),
    ("app.get_user(Member())", "get_user: `userId` must be a Member with a staffId, got an empty Member"),
    ("app.get_user(\"a\", \"b\")", "get_user: takes at most 1 argument by position, got 2"),
    ("app.get_user(\"a\", #{userId: \"b\"})", "get_user: `userId` is given twice"),
    ("app.get_user(#{user: \"a\", userId: \"b\"})", "get_user: `userId` is given twice"),
    (
        "app.get_user(\"a\", #{langauge: \"zh_CN\"})",
        "get_user: no parameter `langauge`; did you mean `language`?",
    ),
    (
        "app.get_user(\"a\", #{language: \"fr\"})",
        "get_user: `language` must be \"zh_CN\" or \"en_US\", got \"fr\"",
    ),
    (
        "app.get_user(\"a\", #{using_cache: \"yes\"})",
        "get_user: `using_cache` must be true or false, got \"yes\"",
    ),
    (
        "app.get_user(\"a\", #{access_token: 5})",
        "get_user: `access_token` must be an access token (text or AccessToken), got 5",
    ),
    ("app.get_depts(\"root\")", "get_depts: `deptId` must be a department id (a number), got \"root\""),
    ("app.get_depts(0)", "get_depts: `deptId` must be a department id (a number), got 0"),
    (
        "app.get_group(\"chat1\")",
        "get_group: `OpenConversationId` must be a conversation id (cid…), an OpenConversationId or a Group, got \"chat1\"",
    ),
    ("app.send_message(5, \"x\")", "send_message: `target` must be TARGETS, got 5"),
    ("app.send_message(\"cidA==\")", "send_message: `msg` is missing; it must be MESSAGES"),
    ("app.send_message(\"cidA==\", 5)", "send_message: `msg` must be MESSAGES, got 5"),
    (
        "app.send_message(\"cidA==\", [\"a\", [\"b\"]])",
        "send_message: `msg` must be MESSAGES, got a list of 1",
    ),
    (
        "app.send_message(Member(\"UNION\"), \"x\")",
        "send_message: `target` must be a staffId; this looks like a unionId, got \"UNION\"",
    ),
    (
        "app.send_message(\"cidA==\", \"x\", #{header: #{}})",
        "send_message: no parameter `header`; did you mean `headers`?",
    ),
    (
        "app.recall_message(5)",
        "recall_message: `message` must be the Response of send_message or a list of them, got 5",
    ),
    (
        "app.recall_message(#{processQueryKeys: 5})",
        "recall_message: `processQueryKeys` must be text or a list of texts, got 5",
    ),
    ("app.get_api_counts(1)", "get_api_counts: takes at most 0 arguments by position, got 1"),
    (
        "app.get_info(true)",
        "get_info: `target` must be a Member, a Group, an OpenConversationId, a staffId, a conversation id (cid…) or a number, got true",
    ),
    ("app.get_user(|x| x)", "get_user: `userId` must be a staffId or a Member, got a function"),
];

#[test]
fn the_message_says_which_what_and_where() {
    let mut world = World::new();
    for (line, message) in ROWS {
        let line = line.replace("UNION", UNION);
        let message =
            message.replace("UNION", UNION).replace("TARGETS", TARGETS).replace("MESSAGES", MESSAGES);
        let ran = world.run(&line);
        let problem = ran.problem();
        assert_eq!(problem.message.en, message, "{line}");
        assert!(!problem.message.zh.is_empty(), "{line}");
        assert_eq!(problem.error.as_ref().unwrap().kind_name(), "argument", "{line}");
        assert_eq!(problem.exit_code(), 3, "{line}");
        assert_eq!(problem.spot, Some((1, 5)), "{line}");
    }
    assert_eq!(world.sandbox.requests().len(), 0);
}

#[test]
fn the_place_is_where_the_user_wrote_it() {
    let mut world = World::new();
    let ran = world.run("let x = 1;\nlet y = \"汉字\"; app.get_user(x);");
    assert_eq!(ran.problem().spot, Some((2, 19)));
    let ran = world.run("fn f(u) {\n  app.get_user(u)\n}\n\nf(5)");
    assert_eq!(ran.problem().spot, Some((2, 7)));
    let calls: Vec<_> = ran.problem().trail.iter().map(|call| (call.function.as_str(), call.spot)).collect();
    assert_eq!(calls, [("f", Some((5, 1)))]);
}

#[test]
fn the_hint_shows_the_usage() {
    let mut world = World::new();
    let ran = world.run("app.get_user(1)");
    let usage = "usage: app.get_user(userId, #{language?, access_token?, using_cache?})";
    assert_eq!(ran.problem().hints[0].en, usage);
    let ran = world.run("app.get_user(\"a\", true)");
    assert_eq!(
        ran.problem().hints[0].en,
        "give the others by name in a trailing map #{…}: language, access_token, using_cache"
    );
    let ran = world.run("app.get_user(\"a\", #{zzz: 1})");
    assert_eq!(ran.problem().hints[0].en, "its parameters: userId, language, access_token, using_cache");
    let ran = world.run("app.get_user(1, 2, 3, 4, 5)");
    assert_eq!(ran.problem().message.en, "get_user: takes at most 1 argument by position, got 5");
    assert_eq!(ran.problem().exit_code(), 3);
    let ran =
        world.run("let saw; try { app.get_user(1, 2, 3, 4, 5) } catch (e) { saw = [e.kind, e.message] } saw");
    assert_eq!(ran.json(), json!(["argument", "get_user: takes at most 1 argument by position, got 5"]));
}

#[test]
fn an_unknown_method_names_the_nearest() {
    let mut world = World::new();
    for (line, near) in [
        ("app.get_usr(\"a\")", "get_user"),
        ("app.getUser(\"a\")", "get_user"),
        ("app.sendmessage(1, 2)", "send_message"),
        ("app.recal_message()", "recall_message"),
    ] {
        let ran = world.run(line);
        let hint = ran.problem().hints.first().map(|hint| hint.en.to_string()).unwrap_or_default();
        assert!(hint.contains(near) || hint.contains("sendMessage"), "{line}: {hint}");
        assert_eq!(ran.problem().exit_code(), 8);
    }
    let ran = world.run("get_user(\"a\")");
    assert!(ran.problem().hints[0].en.contains("app.get_user("), "{:?}", ran.problem().hints);
    let ran = world.run("app.zzzzzz()");
    assert_eq!(ran.problem().message.en, "no method `zzzzzz`");
}

#[test]
fn every_spelling_is_understood() {
    let mut world = World::new();
    for name in ["userId", "user", "user_id", "staffId"] {
        world.run(&format!("app.get_user(#{{{name}: \"manager4220\"}}).name")).prints("林晓");
    }
    for name in ["OpenConversationId", "openConversationId", "group"] {
        world
            .run(&format!("app.get_group(#{{{name}: \"cidSandboxRelease0001==\"}}).title"))
            .prints("发布小组");
    }
    for name in ["deptId", "dept_id", "dept"] {
        world.run(&format!("app.get_depts(#{{{name}: \"100\"}}).len()")).gives(json!(1));
        world.run(&format!("app.get_dept_users(#{{{name}: 110}}).len()")).gives(json!(2));
    }
    for name in ["msg", "message", "messages"] {
        world
            .run(&format!("app.send_message(#{{target: \"cidSandboxRelease0001==\", {name}: \"hi\"}})"))
            .prints("<Response [True]>");
    }
    for name in ["using_cache", "usingCache"] {
        for value in ["true", "1", "\"1\"", "\"true\""] {
            let ran = world
                .run(&format!("\"dingraia_cache\" in app.get_user(\"manager4220\", #{{{name}: {value}}})"));
            ran.gives(json!(true));
        }
        for value in ["false", "0", "\"0\"", "\"false\""] {
            let ran = world
                .run(&format!("\"dingraia_cache\" in app.get_user(\"manager4220\", #{{{name}: {value}}})"));
            ran.gives(json!(false));
        }
    }
    for (keys, cid) in
        [("processQueryKeys", "openConversationId"), ("process_query_keys", "OpenConversationId")]
    {
        world
            .run(&format!(
                "let k = app.send_message(\"cidSandboxRelease0001==\", \"x\").json().processQueryKey;
                 app.recall_message(#{{{keys}: k, {cid}: \"cidSandboxRelease0001==\"}}).successResult.len()"
            ))
            .gives(json!(1));
    }
    assert!(calls(&world).iter().all(|call| call.status == 200));
}
