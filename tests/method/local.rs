//! `get_info`, `update_object`, `get_api_counts`: what asks nobody, and what is counted.

use dingraia::cache::{RobotSeen, group_id, member_id};
use serde_json::{Value, json};

use super::{LIN, SECONDS, calls};
use crate::support::{RELEASE, World};

const UNION: &str = "qLXJN1dYe11z9mLXTzlDHVyiEiE";
const SENDER: &str = "$:LWCP_v1:$AbCdEfGhIjKlMnOpQrStUvWxYz012345";

/// A world whose cache has seen a person, a group and a message.
fn known() -> World {
    let mut world = World::new();
    world.run(r#"app.get_user("manager4220"); app.get_group("cidSandboxRelease0001==")"#);
    world.session.cache.save_robot_message(&RobotSeen {
        conversation_id: RELEASE,
        title: "发布小组",
        sender_id: SENDER,
        sender_name: "林晓",
        sender_staff_id: LIN,
        webhook_url: "https://oapi.dingtalk.com/robot/sendBySession?session=s1",
        webhook_expired: (SECONDS + 60) as f64,
        ..RobotSeen::default()
    });
    world
}

#[test]
fn info_of_every_target() {
    let mut world = known();
    let (group, member) = (group_id(RELEASE), member_id(SENDER));
    let before = calls(&world).len();
    for target in [
        r#""manager4220""#.to_owned(),
        r#"Member("manager4220")"#.into(),
        format!("Member(#{{id: {member}}})"),
        format!(r#"Member(#{{unionId: "{UNION}"}})"#),
        member.to_string(),
    ] {
        let ran =
            world.run(&format!("let i = app.get_info({target}); [i[0].name, i[0].dingraia_cache.id, i[1]]"));
        ran.gives(json!(["林晓", member, SECONDS as f64]));
    }
    for target in [
        format!(r#""{RELEASE}""#),
        format!(r#"OpenConversationId("{RELEASE}")"#),
        format!(r#"Group("{RELEASE}")"#),
        format!("Group({group})"),
        group.to_string(),
    ] {
        let ran =
            world.run(&format!("let i = app.get_info({target}); [i[0].title, i[0].dingraia_cache, i[1]]"));
        let found = ran.json();
        assert_eq!(found[0], "发布小组", "{target}");
        assert_eq!(found[1]["id"], group, "{target}");
        assert_eq!(found[1]["chatId"], RELEASE, "{target}");
        assert_eq!(found[2], SECONDS as f64, "{target}");
    }
    assert_eq!(calls(&world).len(), before, "the cache alone is asked");
}

#[test]
fn info_of_nobody() {
    let mut world = World::new();
    for target in [r#""nobody01""#, r#""cidNowhere==""#, "1234567890", "Member()", "Group()"] {
        world.run(&format!("app.get_info({target})")).gives(json!([{}, 0]));
    }
}

#[test]
fn objects_are_filled_where_they_are_empty() {
    let mut world = known();
    let (group, member) = (group_id(RELEASE), member_id(SENDER));
    let fields = "[m.name, m.staffId, m.unionId, m.id]";
    for object in [
        "Member(\"manager4220\")".to_owned(),
        format!("Member(#{{id: {member}}})"),
        format!("Member(#{{unionId: \"{UNION}\"}})"),
    ] {
        let ran = world.run(&format!("let m = {object}; app.update_object(m); {fields}"));
        ran.gives(json!(["林晓", LIN, UNION, member]));
    }
    let named = world.run(&format!(
        r#"let m = Member(#{{staffId: "manager4220", name: "我"}}); app.update_object(m); {fields}"#
    ));
    named.gives(json!(["我", LIN, UNION, member]));
    let fields = "[g.name, g.openConversationId, g.id, g.webhook.url, g.webhook.expired]";
    let expected = json!([
        "发布小组",
        RELEASE,
        group,
        "https://oapi.dingtalk.com/robot/sendBySession?session=s1",
        (SECONDS + 60) as f64
    ]);
    for object in [format!(r#"Group("{RELEASE}")"#), format!("Group({group})")] {
        let ran = world.run(&format!("let g = {object}; app.update_object(g); {fields}"));
        ran.gives(expected.clone());
    }
}

#[test]
fn the_same_object_comes_back() {
    let mut world = known();
    let ran =
        world.run(r#"let m = Member("manager4220"); let n = app.update_object(m); n.name = "变"; m.name"#);
    ran.prints("变");
}

#[test]
fn an_id_makes_an_object() {
    let mut world = known();
    let member = member_id(SENDER);
    world.run(r#"app.update_object("manager4220")"#).prints("<Member 林晓 manager4220>");
    world.run(&format!("app.update_object({member})")).prints("<Member 林晓 manager4220>");
    world
        .run(&format!(r#"app.update_object(OpenConversationId("{RELEASE}"))"#))
        .prints(&format!("<Group 发布小组 {RELEASE}>"));
    world.run(r#"app.update_object("nobody01")"#).prints("<Member nobody01>");
    world.run(r#"app.update_object("cidNowhere==")"#).prints("<Group cidNowhere==>");
}

/// Runs `line` in a world and says how much it cost.
fn cost(world: &mut World, line: &str) -> i64 {
    let count = |world: &mut World| world.run("app.get_api_counts()").json().as_i64().unwrap();
    let before = count(world);
    let ran = world.run(line);
    assert!(ran.is_value(), "{line}: {}", ran.problem().message.en);
    count(world) - before
}

#[test]
fn calls_cost_what_the_guide_says() {
    let mut world = World::new();
    let session = format!(
        "{}/robot/sendBySession?session=3f3af1ecebbd1410ab417ec0d27bbfcb",
        world.session.config.endpoints.oapi
    );
    let rows = [
        (r#"app.send_message("cidSandboxRelease0001==", "hi")"#.to_owned(), 1),
        (r#"app.send_message("cidSandboxRelease0001==", "a", "b", "c")"#.into(), 3),
        (r#"app.send_message(Member("manager4220"), "hi")"#.into(), 1),
        (r#"app.send_message((), "hi")"#.into(), 0),
        (format!(r#"app.send_message("{session}", "hi")"#), 0),
        (r#"app.recall_message(app.send_message("cidSandboxRelease0001==", "x"))"#.into(), 2),
        (r#"app.get_user("manager4220")"#.into(), 1),
        (r#"app.get_user("manager4220")"#.into(), 0),
        (r#"app.get_group("cidSandboxRelease0001==")"#.into(), 2),
        (r#"app.get_group("cidSandboxRelease0001==")"#.into(), 0),
        ("app.get_depts()".into(), 1),
        ("app.get_dept_users(100)".into(), 1),
        (r#"app.oapi.post("/topapi/user/listid", #{dept_id: 1})"#.into(), 1),
        (r#"app.get_info("manager4220")"#.into(), 0),
        (r#"app.update_object(Member("manager4220"))"#.into(), 0),
    ];
    for (line, expected) in rows {
        assert_eq!(cost(&mut world, &line), expected, "{line}");
    }
    // A new month begins at zero.
    world.clock.advance(31 * 24 * 3600 * 1000);
    world.run("app.get_api_counts()").gives(json!(0));
}

#[test]
fn a_given_token_counts_and_what_was_throttled_does_not() {
    let mut world = World::new();
    world.run("app.get_depts()");
    let token: Value = calls(&world)[0].query[0].1.clone().into();
    assert_eq!(cost(&mut world, &format!("app.get_depts(#{{access_token: {token}}})")), 1);
    world.sandbox.fault(dingraia::sandbox::Fault::Qps.on("listsub"));
    assert_eq!(cost(&mut world, "app.get_depts()"), 1);
}
