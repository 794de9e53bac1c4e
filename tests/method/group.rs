//! `get_group`.

use serde_json::{Value, json};

use super::{calls, received};
use crate::support::canned::Canned;
use crate::support::{LUNCH, RELEASE, World};

const GET: &str = "/topapi/im/chat/scenegroup/get";
const MEMBERS: &str = "/topapi/im/chat/scenegroup/member/get";

fn both() -> [(&'static str, &'static str, &'static str, Value); 2] {
    [
        ("oapi", GET, "query", json!({"open_conversation_id": RELEASE})),
        ("oapi", MEMBERS, "query", json!({"open_conversation_id": RELEASE, "size": 1000, "cursor": "0"})),
    ]
}

#[test]
fn a_group_with_its_members() {
    for group in [
        r#""cidSandboxRelease0001==""#,
        r#"OpenConversationId("cidSandboxRelease0001==")"#,
        r#"Group("cidSandboxRelease0001==")"#,
        r#"#{openConversationId: "cidSandboxRelease0001=="}"#,
    ] {
        let mut world = World::new();
        let ran = world.run(&format!("app.get_group({group})"));
        let found = ran.json();
        assert_eq!(found["title"], "发布小组");
        assert_eq!(found["owner_staff_id"], "manager4220");
        assert_eq!(found["success"], true);
        assert_eq!(found["management_options"]["show_history_type"], "1");
        assert_eq!(
            found["user_ids"],
            json!(["manager4220", "0110000001", "0110000002", "0110000003", "0110000004", "0110000005"])
        );
        assert_eq!(found["staff_id_nick_map"]["0110000001"], "张伟");
        received(&world, &both());
    }
}

#[test]
fn the_cache_answers_while_it_is_fresh() {
    let mut world = World::new();
    world.run(r#"app.get_group("cidSandboxRelease0001==")"#);
    world.clock.advance(3_599_000);
    let ran = world.run(r#"let g = app.get_group("cidSandboxRelease0001=="); [g.title, g.success, g.user_ids.len(), g.dingraia_cache]"#);
    let found = ran.json();
    assert_eq!(found[0], "发布小组");
    assert_eq!((&found[1], &found[2]), (&json!(true), &json!(6)));
    let marker = &found[3];
    assert_eq!(marker["openConversationId"], RELEASE);
    assert_eq!(marker["name"], "发布小组");
    assert_eq!((&marker["id"], &marker["chatId"]), (&json!(""), &json!("")));
    assert_eq!(calls(&world).len(), 2);
    world.clock.advance(2_000);
    world.run(r#"app.get_group("cidSandboxRelease0001==", #{using_cache: true})"#);
    assert_eq!(calls(&world).len(), 2);
    world.run(r#"app.get_group("cidSandboxRelease0001==")"#);
    assert_eq!(calls(&world).len(), 4);
    world.run(r#"app.get_group("cidSandboxRelease0001==", #{using_cache: false})"#);
    assert_eq!(calls(&world).len(), 6);
}

#[test]
fn a_stub_row_is_a_miss() {
    let mut world = World::new();
    world.session.cache.rename_group(RELEASE, "旧名");
    let ran = world.run(r#"app.get_group("cidSandboxRelease0001==", #{using_cache: true})"#);
    assert_eq!(ran.json()["success"], true);
    assert_eq!(calls(&world).len(), 2);
}

#[test]
fn an_ordinary_group_is_refused() {
    let mut world = World::new();
    let ran = world.run(&format!(r#"app.get_group("{LUNCH}")"#));
    let problem = ran.problem();
    assert_eq!(problem.error.as_ref().unwrap().code(), "400020");
    assert!(problem.hints[0].en.contains("not made from a template"), "{:?}", problem.hints);
    received(&world, &[("oapi", GET, "query", json!({"open_conversation_id": LUNCH}))]);
}

#[test]
fn not_raised_a_refusal_has_success_false() {
    let mut world = World::with(|config| config.raise_for_api_error = false);
    let ran = world.run(&format!(r#"let g = app.get_group("{LUNCH}"); [g.errcode, g.success]"#));
    ran.gives(json!([400_020, false]));
}

/// Pages of two, three and one members; texts where DingTalk is known to write texts.
fn pages(cursor: &str) -> Value {
    let (ids, nicks, more, next) = match cursor {
        "0" => (json!(["a", "b"]), json!({"a": "甲", "b": "乙"}), json!(true), json!("2")),
        "2" => (json!(["c", "d", "e"]), json!("{\"c\":\"丙\"}"), json!("true"), json!(5)),
        "5" => (json!(["f"]), json!({}), json!(false), json!("6")),
        _ => (json!([]), json!({}), json!(true), json!(cursor)),
    };
    json!({"errcode": "0", "success": "true", "result": {
        "has_more": more, "next_cursor": next, "member_user_ids": ids, "staff_id_nick_map": nicks,
    }})
}

fn paged(first: &'static str) -> (World, Canned) {
    let server = Canned::new(move |request| {
        let body = if request.line.contains("member/get") {
            let cursor = request.body["cursor"].as_str().expect("the cursor is a text");
            pages(if cursor == "0" { first } else { cursor })
        } else {
            json!({"errcode": 0, "result": {"title": "大群"}})
        };
        (200, "application/json", body.to_string())
    });
    let world = World::with(|config| config.endpoints.oapi = server.url());
    (world, server)
}

#[test]
fn members_come_in_pages() {
    let (mut world, server) = paged("0");
    let ran = world.run(r#"let g = app.get_group("cidBig=="); [g.title, g.user_ids, g.staff_id_nick_map]"#);
    ran.gives(json!(["大群", ["a", "b", "c", "d", "e", "f"], {"a": "甲", "b": "乙", "c": "丙"}]));
    let cursors: Vec<Value> =
        server.seen().into_iter().skip(1).map(|request| request.body["cursor"].clone()).collect();
    assert_eq!(cursors, [json!("0"), json!("2"), json!("5")]);
    world.run("app.get_api_counts()").gives(json!(4));
}

#[test]
fn a_cursor_that_stands_still_is_not_followed_for_ever() {
    let (mut world, server) = paged("7");
    world.run(r#"app.get_group("cidBig==").user_ids"#).gives(json!([]));
    assert!(server.seen().len() <= 3);
}
