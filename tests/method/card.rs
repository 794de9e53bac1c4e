//! Cards: what is sent for each method.

use dingraia::config::Stream;
use serde_json::json;

use super::fake::Fake;
use crate::support::World;

const CREATE: &str = "POST /v1.0/card/instances";
const DELIVER: &str = "POST /v1.0/card/instances/deliver";
const UPDATE: &str = "PUT /v1.0/card/instances";

fn robot(world: &World) -> String {
    world.session.robot_code().unwrap().to_owned()
}

#[test]
fn a_card_takes_two_calls() {
    let fake = Fake::new();
    let mut world = fake.world();
    world
        .run(
            r#"let secret = PrivateDataBuilder().add("manager4220", "vote", true).add(Member("u2"), #{n: 3});
               let card = app.send_card(OpenConversationId("cidG=="), "t1.schema",
                   #{title: "构建", ok: true, n: 3, list: [1, "a"]}, secret, true, "auto", "track-1");
               [card.outTrackId, card.out_track_id, card.card_data.n, card.cardData.ok, card.privateData.u2.n, card.to_string()]"#,
        )
        .gives(json!(["track-1", "track-1", 3, true, 3, "<CardResponse track-1>"]));
    assert_eq!(
        fake.bodies(CREATE),
        [json!({
            "cardTemplateId": "t1.schema",
            "outTrackId": "track-1",
            "cardData": {"cardParamMap": {"list": "[1,\"a\"]", "n": "3", "ok": "true", "title": "构建"}},
            "privateData": {
                "manager4220": {"cardParamMap": {"vote": "true"}},
                "u2": {"cardParamMap": {"n": "3"}}
            },
            "imGroupOpenSpaceModel": {"supportForward": true},
            "imRobotOpenSpaceModel": {"supportForward": true},
            "userIdType": 1
        })]
    );
    let robot = robot(&world);
    assert_eq!(
        fake.bodies(DELIVER),
        [json!({
            "outTrackId": "track-1",
            "userIdType": 1,
            "openSpaceId": "dtv1.card//IM_GROUP.cidG==",
            "imGroupOpenDeliverModel": {"robotCode": robot}
        })]
    );
    let seen = fake.seen();
    assert!(seen.iter().all(|seen| seen.headers.contains_key("x-acs-dingtalk-access-token")));
}

#[test]
fn people_and_single_chats_get_it_from_the_robot() {
    let fake = Fake::new();
    let mut world = fake.world();
    let robot = robot(&world);
    for target in [r#"Member("u1")"#, r#"Group("cidS==", #{member: Member("u1")})"#] {
        assert!(world.run(&format!("app.send_card({target}, \"t\", #{{}})")).is_value());
        let body = fake.bodies(DELIVER).pop().unwrap();
        assert_eq!(body["openSpaceId"], "dtv1.card//IM_ROBOT.u1");
        assert_eq!(body["imRobotOpenDeliverModel"], json!({"spaceType": "IM_ROBOT", "robotCode": robot}));
        assert_eq!(body.as_object().unwrap().len(), 4);
    }
    let ids: Vec<_> = fake.bodies(CREATE).into_iter().map(|body| body["outTrackId"].clone()).collect();
    assert_ne!(ids[0], ids[1], "each card has its own id");
}

#[test]
fn the_way_of_callbacks() {
    let fake = Fake::new();
    let callback = |world: &mut World, options: &str| {
        world.run(&format!("app.send_card(\"cidG==\", \"t\", #{{a: 1}}, #{{{options}}}).outTrackId")).json();
        let body = fake.bodies(CREATE).pop().unwrap();
        (body["callbackType"].clone(), body["callbackRouteKey"].clone())
    };
    let mut plain = fake.world();
    assert_eq!(callback(&mut plain, ""), (json!(null), json!(null)));
    assert_eq!(callback(&mut plain, "callbackType: \"Stream\""), (json!("STREAM"), json!(null)));
    assert_eq!(callback(&mut plain, "callbackRouteKey: \"k\""), (json!("HTTP"), json!("k")));
    plain
        .run("app.send_card(\"cidG==\", \"t\", #{a: 1}, #{callbackType: \"HTTP\"})")
        .fails("unconfigured", "card_route_key");
    plain
        .run("app.send_card(\"cidG==\", \"t\", #{a: 1}, #{callbackType: \"mail\"})")
        .fails("argument", "`callbackType` must be \"auto\", \"Stream\" or \"HTTP\"");
    let mut keyed = fake.world_with(|config| config.card_route_key = Some("route".into()));
    assert_eq!(callback(&mut keyed, ""), (json!("HTTP"), json!("route")));
    let mut stream = fake.world_with(|config| {
        config.card_route_key = Some("route".into());
        config.stream = vec![Stream { app_key: "k".into(), app_secret: "s".into() }];
    });
    assert_eq!(callback(&mut stream, ""), (json!("STREAM"), json!(null)));
}

#[test]
fn a_markdown_card() {
    let fake = Fake::new();
    let mut world = fake.world();
    world
        .run(r###"app.send_markdown_card("cidG==", Markdown("## 你好", "标题"), "@logo", "m1").card_data.markdown"###)
        .gives(json!("## 你好"));
    let body = fake.bodies(CREATE).pop().unwrap();
    assert_eq!(body["cardTemplateId"], "589420e2-c1e2-46ef-a5ed-b8728e654da9.schema");
    assert_eq!(
        body["cardData"],
        json!({"cardParamMap": {"markdown": "## 你好", "title": "标题", "logo": "@logo"}})
    );
    assert!(world.run(r#"app.send_markdown_card("cidG==", Markdown("a", "b"))"#).is_value());
    let body = fake.bodies(CREATE).pop().unwrap();
    assert_eq!(body["cardData"]["cardParamMap"]["logo"], "@lALPDfJ6V_FPDmvNAfTNAfQ");
    world
        .run(r#"app.send_markdown_card("cidG==", Markdown("a", "b"), "logo.png")"#)
        .fails("argument", "`logo` must be a mediaId that begins with @");
}

#[test]
fn updates_are_by_key() {
    let fake = Fake::new();
    let mut world = fake.world();
    world
        .run(
            r###"let card = app.send_markdown_card("cidG==", Markdown("a", "b"), #{outTrackId: "m1"});
               app.update_card(card, Markdown("## c", "d"))"###,
        )
        .gives(json!({"success": true, "result": true}));
    let options = json!({"updateCardDataByKey": true, "updatePrivateDataByKey": true});
    assert_eq!(
        fake.bodies(UPDATE).pop().unwrap(),
        json!({
            "outTrackId": "m1",
            "cardData": {"cardParamMap": {"markdown": "## c", "title": "d"}},
            "cardUpdateOptions": options,
            "userIdType": 1
        })
    );
    let private = json!({
        "outTrackId": "m1",
        "privateData": {"u1": {"cardParamMap": {"seen": "true"}}},
        "cardUpdateOptions": options,
        "userIdType": 1
    });
    // By position and by name.
    for source in [
        r#"app.update_card("m1", (), #{u1: #{seen: true}})"#,
        r#"app.update_card("m1", #{}, #{privateData: #{u1: #{seen: true}}})"#,
    ] {
        assert!(world.run(source).is_value(), "{source}");
        assert_eq!(fake.bodies(UPDATE).pop().unwrap(), private);
    }
    world.run(r#"app.update_card("m1", #{})"#).fails("unsendable", "at least one value");
}

#[test]
fn what_cannot_be_sent_is_not_sent() {
    let fake = Fake::new();
    let mut world = fake.world();
    let long = "长".repeat(342);
    for (source, kind, part) in [
        (r#"app.send_card("https://x/y", "t", #{a: 1})"#, "argument", "`target` must be a conversation id"),
        (r#"app.send_card(Webhook("https://x/y?a=b"), "t", #{a: 1})"#, "argument", "got a Webhook"),
        (r#"app.send_card("cidG==", "t", "text")"#, "argument", "`cardData` must be a map"),
        (r#"app.send_card("cidG==", "t", #{a: 1}, #{outTrackId: ""})"#, "argument", "1 to 100 characters"),
        (r#"app.send_card("cidG==", "t", #{a: 1}, #{privateData: #{u: 1}})"#, "argument", "privateData"),
        (r#"app.update_card(3, #{a: 1})"#, "argument", "a CardResponse or its outTrackId"),
        (&format!("app.send_card(\"cidG==\", \"t\", #{{a: \"{long}\"}})"), "unsendable", "at most 1024"),
        (
            &format!("app.send_card(\"cidG==\", \"t\", #{{\"{}\": 1}})", "k".repeat(101)),
            "unsendable",
            "1 to 100",
        ),
    ] {
        world.run(source).fails(kind, part);
    }
    assert!(fake.seen().is_empty());
}

#[test]
fn a_refused_space_is_a_refusal() {
    let fake = Fake::new();
    let mut world = fake.world();
    let space = |id: &str, success: bool, why: &str| json!({"spaceType": "IM_GROUP", "spaceId": id, "success": success, "errorMsg": why});
    fake.next(
        DELIVER,
        200,
        json!({"success": true, "result": [space("cidG==", false, "spaceId is illegal")]}),
    );
    let ran = world.run(r#"app.send_card("cidG==", "t", #{a: 1}, #{outTrackId: "x1"})"#);
    assert!(ran.problem().hints.iter().any(|hint| hint.en.contains("`x1` was made, but nobody sees it")));
    ran.fails("refused", "cidG==: spaceId is illegal");
    let half = json!({"success": true, "result": [space("a", true, ""), space("b", false, "no robot")]});
    fake.next(DELIVER, 200, half);
    world.run(r#"app.send_card("cidG==", "t", #{a: 1})"#).fails("partial", "1 done, 1 failed: b (no robot)");
    fake.next(CREATE, 200, json!({"result": "x"}));
    world.run(r#"app.send_card("cidG==", "t", #{a: 1})"#).fails("unreadable", "without `success: true`");
    fake.next(CREATE, 400, json!({"code": "param.templateNotExist", "message": "no template"}));
    world.run(r#"app.send_card("cidG==", "t", #{a: 1})"#).fails("refused", "param.templateNotExist");
}

#[test]
fn the_last_callback_is_remembered() {
    let fake = Fake::new();
    let mut world = fake.world();
    world.run(r#"app.get_card_data("m1")"#).gives(json!(null));
    world.session.remember_card_callback("m1", json!({"userId": "u1"}));
    world.session.remember_card_callback("m1", json!({"userId": "u2"}));
    world.run(r#"app.get_card_data("m1").userId"#).prints("u2");
    assert!(fake.seen().is_empty());
}

#[test]
fn a_logo_can_be_a_file() {
    let mut world = World::new();
    // The smallest picture that there is.
    let gif = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;";
    let path = world.file("logo.gif", gif);
    let source = format!(
        "app.send_markdown_card(\"cidSandboxRelease0001==\", Markdown(\"a\", \"b\"), Image(\"{}\")).card_data.logo",
        path.display()
    );
    let logo = world.run(&source).json();
    assert!(logo.as_str().unwrap().starts_with(['@', '$']), "{logo}");
    assert_eq!(world.sandbox.cards()[0].params["logo"], logo);
    assert_eq!(world.sandbox.uploads().len(), 1);
}
