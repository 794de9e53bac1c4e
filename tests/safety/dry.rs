//! Dry runs: reads are made, everything else is shown.

use dingraia::api::methods;
use dingraia::spec::{Effect, On};
use serde_json::json;

use super::{Told, paths};
use crate::support::{RELEASE, World};

/// What may come in during a dry run: reads, by their paths.
fn is_read(path: &str) -> bool {
    let reads = methods().filter(|method| method.effect == Effect::Read);
    reads.flat_map(|method| method.form.endpoints()).any(|endpoint| endpoint.path == path)
        || ["/topapi/im/chat/scenegroup/get", "/topapi/im/chat/scenegroup/member/get"].contains(&path)
        || path.starts_with("/v1.0/oauth2/")
        || path.starts_with("/files/")
        || path == "/v1.0/no/such/path"
        || path == "/v1.0/gateway/connections/open"
}

#[test]
fn a_write_is_shown_and_not_sent() {
    let mut world = World::new();
    let told = Told::of(&world);
    world.run("app.get_user(\"0110000001\"); app.get_group(\"cidSandboxRelease0001==\");");
    let (before, spent) = (paths(&world).len(), world.session.client.usage.session());
    world.session.safety.set_dry(true);
    world.run("app.kick_member(\"cidSandboxRelease0001==\", \"0110000001\").errcode").gives(json!(0));
    let shown = told.take().join("\n");
    let host = world.session.config.endpoints.oapi.trim_start_matches("http://").to_owned();
    assert_eq!(
        shown,
        format!(
            "dry run: kick_member (removes something, 1 API call) is not sent\n  POST {host} /topapi/im/chat/scenegroup/member/delete\n  \
             {{\"open_conversation_id\":\"{RELEASE}\",\"user_ids\":\"0110000001\"}}\n  group: 发布小组 ({RELEASE})\n  \
             people: 张伟 (0110000001)"
        )
    );
    assert_eq!(paths(&world).len(), before);
    assert_eq!(world.session.client.usage.session(), spent);
    // Reads are made.
    world.run("app.get_user(\"manager4220\").name").prints("林晓");
    assert_eq!(world.session.client.usage.session(), spent + 1);
    world.session.safety.set_dry(false);
    world.run("app.kick_member(\"cidSandboxRelease0001==\", \"0110000001\").errcode").gives(json!(0));
    assert_eq!(paths(&world).last().unwrap(), "/topapi/im/chat/scenegroup/member/delete");
}

/// Every method in a dry run: it ends well, and nothing but reads comes in.
#[test]
fn every_example_runs_dry() {
    for method in methods().filter(|method| method.on != On::Nothing) {
        let mut world = World::new();
        world.session.safety.set_dry(true);
        let ran = world.run(method.example);
        assert!(ran.is_value(), "{}: {}", method.name, ran.problem().message.en);
        let wrong: Vec<String> = paths(&world).into_iter().filter(|path| !is_read(path)).collect();
        assert!(wrong.is_empty(), "{}: {wrong:?}", method.name);
        assert!(world.sandbox.sent().is_empty(), "{}", method.name);
    }
}

#[test]
fn raw_calls_are_held_by_their_paths() {
    let mut world = World::new();
    let told = Told::of(&world);
    world.session.safety.set_dry(true);
    world
        .run("app.oapi.post(\"/topapi/v2/user/get\", #{userid: \"manager4220\"}).result.name")
        .prints("林晓");
    world
        .run("app.oapi.post(\"/topapi/im/chat/scenegroup/get\", #{open_conversation_id: \"cidSandboxRelease0001==\"}).result.title")
        .prints("发布小组");
    assert!(told.take().is_empty());
    let held = [
        ("app.oapi.post(\"/topapi/v2/user/delete\", #{userid: \"0110000001\"}).dry_run", "removes something"),
        ("app.api.post(\"/v1.0/nobody/knows\", #{a: 1}).dry_run", "changes data"),
        ("app.api.put(\"/v1.0/nobody/knows\", #{a: 1}).dry_run", "changes data"),
        ("app.api.delete(\"/v1.0/nobody/knows\", #{id: 7}).dry_run", "removes something"),
        ("app.oapi.get(\"/user/delete\", #{userid: \"0110000001\"}).dry_run", "removes something"),
    ];
    let before = paths(&world).len();
    for (call, effect) in held {
        world.run(call).gives(json!(true));
        let shown = told.take().join("\n");
        assert!(shown.contains(&format!("({effect}, 1 API call) is not sent")), "{call}: {shown}");
    }
    assert_eq!(paths(&world).len(), before);
}

#[test]
fn a_message_comes_back_as_one_that_was_not_sent() {
    let mut world = World::new();
    let told = Told::of(&world);
    world.run("app.get_group(\"cidSandboxRelease0001==\");");
    world.session.safety.set_dry(true);
    world
        .run("let r = app.send_message(\"cidSandboxRelease0001==\", \"你好\"); r")
        .prints("<Response [dry run]>");
    world.run("r.ok").gives(json!(true));
    let shown = told.take().join("\n");
    assert!(shown.contains("group: 发布小组") && shown.contains("你好"), "{shown}");
    world.run("app.recall_message(r).successResult.len()").gives(json!(1));
    world.run("app.send_message((), \"群机器人\").ok").gives(json!(true));
    let shown = told.take().join("\n");
    let token = world.sandbox.credentials().webhook_token;
    assert!(shown.contains("(reaches people, 0 API calls)") && shown.contains("/robot/send"), "{shown}");
    assert!(!token.is_empty() && !shown.contains(&token) && !shown.contains("sign="), "{shown}");
    assert!(world.sandbox.sent().is_empty());
}

#[test]
fn secrets_are_masked() {
    let mut world = World::new();
    let told = Told::of(&world);
    world.session.safety.set_dry(true);
    let secret = world.sandbox.credentials().app_secret;
    world.run(&format!(
        "app.with_access_token(AccessToken(\"tok-en-0123\"), || app.api.post(\"/v1.0/x\", #{{appSecret: \"abc\", text: \"{secret} tok-en-0123\"}}, #{{query: #{{k: \"tok-en-0123\"}}}}));"
    ));
    let shown = told.take().join("\n");
    assert!(shown.contains("\"appSecret\":\"***\""), "{shown}");
    assert!(!shown.contains(&secret) && !shown.contains("tok-en-0123") && !shown.contains("abc"), "{shown}");
}

#[test]
fn a_card_that_is_written_is_shown_once() {
    let mut world = World::new();
    let told = Told::of(&world);
    world.session.safety.set_dry(true);
    let script = r#"
        let pieces = ["一", "二", "三"];
        let card = AICard(); card.set_response(|| if pieces.len() > 0 { pieces.shift() } else { () });
        app.send_ai_card("cidSandboxRelease0001==", "tpl", card).card_data.content"#;
    world.run(script).prints("一二三");
    let shown = told.take();
    assert_eq!(shown.len(), 3, "{shown:#?}");
    assert!(shown[2].contains("一二三") && shown[2].contains("\"isFinalize\":true"), "{shown:#?}");
}
