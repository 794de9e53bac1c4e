//! Making and changing scene groups on oapi.

use serde_json::{Value, json};

use super::bench::{Bench, EVERYONE, LUNCH, RELEASE, with, without, without_id};

const CREATE: &str = "/topapi/im/chat/scenegroup/create";
const UPDATE: &str = "/topapi/im/chat/scenegroup/update";
const ADD: &str = "/topapi/im/chat/scenegroup/member/add";
const DELETE: &str = "/topapi/im/chat/scenegroup/member/delete";
const GET: &str = "/topapi/im/chat/scenegroup/get";
pub(super) const TEMPLATE: &str = "c3540000-0000-4000-b4ea-6f1ab0000065";
/// The switches that a new group takes.
pub(super) const SWITCHES: [&str; 14] = [
    "mention_all_authority",
    "show_history_type",
    "validation_type",
    "searchable",
    "chat_banned_type",
    "management_type",
    "only_admin_can_ding",
    "all_members_can_create_mcs_conf",
    "all_members_can_create_calendar",
    "group_email_disabled",
    "only_admin_can_set_msg_top",
    "add_friend_forbidden",
    "group_live_switch",
    "members_to_admin_chat",
];

fn plan() -> Value {
    json!({
        "title": "新发布小组", "template_id": TEMPLATE, "owner_user_id": "0110000001",
        "user_ids": "0110000002,0110000003", "subadmin_ids": "0110000003", "uuid": "uuid-1",
        "icon": "@lADOADmaWMzazQKA",
    })
}

async fn get(bench: &Bench, cid: &str) -> Value {
    bench.oapi(GET, &json!({"open_conversation_id": cid})).await["result"].clone()
}

pub(super) fn switch(bench: &Bench, cid: &str, name: &str) -> bool {
    let group = bench.sandbox.group(cid).unwrap();
    group.switches.iter().find(|(known, _)| *known == name).unwrap().1
}

#[tokio::test]
async fn a_group_is_made_with_everything_it_was_given() {
    let bench = Bench::new().await;
    let mut body = plan();
    for name in SWITCHES {
        body = with(&body, name, json!(1));
    }
    let answer = without_id(bench.oapi(CREATE, &body).await);
    let cid = answer["result"]["open_conversation_id"].as_str().unwrap();
    let chat = answer["result"]["chat_id"].as_str().unwrap();
    let result = json!({"open_conversation_id": cid, "chat_id": chat});
    assert_eq!(answer, json!({"errcode": 0, "errmsg": "ok", "success": true, "result": result}));
    assert!(cid.starts_with("cid") && cid.ends_with("==") && chat.starts_with("chat"), "{answer}");
    let group = get(&bench, cid).await;
    let expected = json!({
        "icon": "@lADOADmaWMzazQKA", "title": "新发布小组", "template_id": TEMPLATE,
        "open_conversation_id": cid, "owner_staff_id": "0110000001", "sub_admin_staff_ids": ["0110000003"],
        "group_url": group["group_url"],
        "management_options": {
            "chat_banned_type": "1", "searchable": "1", "validation_type": "1", "mention_all_authority": "1",
            "management_type": "1", "show_history_type": "1",
        },
    });
    assert_eq!(group, expected);
    let state = bench.sandbox.group(cid).unwrap();
    assert_eq!(state.members, ["0110000001", "0110000002", "0110000003"]);
    assert!(SWITCHES.iter().all(|name| switch(&bench, cid, name)));
}

#[tokio::test]
async fn a_group_needs_little_and_has_defaults() {
    let bench = Bench::new().await;
    let least = json!({"title": "t", "template_id": TEMPLATE, "owner_user_id": "manager4220"});
    let body = bench.oapi(CREATE, &least).await;
    let cid = body["result"]["open_conversation_id"].as_str().unwrap();
    assert_eq!(bench.sandbox.group(cid).unwrap().members, ["manager4220"]);
    for name in SWITCHES {
        let on = ["all_members_can_create_mcs_conf", "group_live_switch"].contains(&name);
        assert_eq!(switch(&bench, cid, name), on, "{name}");
    }
    // The robot of the template is in the group.
    let message = json!({"robotCode": super::bench::ROBOT, "openConversationId": cid, "msgKey": "sampleText",
        "msgParam": "{\"content\":\"a\"}"});
    assert_eq!(bench.api("/v1.0/robot/groupMessages/send", &message).await.0, 200);
}

#[tokio::test]
async fn the_same_uuid_makes_the_same_group() {
    let bench = Bench::new().await;
    let first = bench.oapi(CREATE, &plan()).await;
    let again = bench.oapi(CREATE, &with(&plan(), "title", json!("other"))).await;
    assert_eq!(first["result"], again["result"]);
    let other = bench.oapi(CREATE, &with(&plan(), "uuid", json!("uuid-2"))).await;
    assert_ne!(first["result"], other["result"]);
    let (one, two) = (
        bench.oapi(CREATE, &without(&plan(), "uuid")).await,
        bench.oapi(CREATE, &without(&plan(), "uuid")).await,
    );
    assert_ne!(one["result"], two["result"]);
}

#[tokio::test]
async fn making_a_group_is_refused() {
    let bench = Bench::new().await;
    let cases = [
        (without(&plan(), "title"), 40035),
        (with(&plan(), "title", json!("")), 40035),
        (with(&plan(), "title", json!("字".repeat(31))), 40035),
        (without(&plan(), "template_id"), 40035),
        (with(&plan(), "template_id", json!("other")), 665_036),
        (without(&plan(), "owner_user_id"), 40035),
        (with(&plan(), "owner_user_id", json!("nobody")), 660_041),
        (with(&plan(), "user_ids", json!("0110000002,nobody")), 660_041),
        (with(&plan(), "subadmin_ids", json!("nobody")), 660_041),
        (with(&plan(), "user_ids", json!(["0110000002"])), 40035),
        (with(&plan(), "user_ids", json!("")), 40035),
        (with(&plan(), "user_ids", json!("0110000002, 0110000003")), 40035),
        (with(&plan(), "icon", json!("a.png")), 40035),
        (with(&plan(), "searchable", json!("1")), 40035),
        (with(&plan(), "searchable", json!(true)), 40035),
        (with(&plan(), "searchable", json!(2)), 40035),
        (with(&plan(), "plugin_customize_verify", json!(1)), 40035),
        (with(&plan(), "management_options", json!({})), 40035),
        (with(&plan(), "name", json!("t")), 40035),
    ];
    for (body, code) in cases {
        assert_eq!(bench.errcode(CREATE, &body).await, code, "{body}");
    }
    assert_eq!(bench.errcode(CREATE, &with(&plan(), "title", json!("字".repeat(30)))).await, 0);
}

#[tokio::test]
async fn a_new_group_takes_999_people_and_holds_1000() {
    let (bench, ids) = Bench::crowded(1001).await;
    let body = |count: usize| with(&without(&plan(), "uuid"), "user_ids", json!(ids[..count].join(",")));
    assert_eq!(bench.errcode(CREATE, &body(1000)).await, 665_033);
    // 998 people, the owner and another admin.
    let answer = bench.oapi(CREATE, &body(998)).await;
    let cid = answer["result"]["open_conversation_id"].as_str().unwrap();
    assert_eq!(bench.sandbox.group(cid).unwrap().members.len(), 1000);
    let more = |id: &str| json!({"open_conversation_id": cid, "user_ids": id});
    assert_eq!(bench.errcode(ADD, &more(&ids[998])).await, 665_033);
    assert_eq!(bench.errcode(ADD, &more(&ids[0])).await, 0);
    assert_eq!(bench.errcode(DELETE, &more(&ids[0])).await, 0);
    assert_eq!(bench.errcode(ADD, &more(&ids[998])).await, 0);
}

#[tokio::test]
async fn an_update_changes_what_is_given() {
    let bench = Bench::new().await;
    let before = get(&bench, RELEASE).await;
    let call = |field: &str, value: Value| json!({"open_conversation_id": RELEASE, field: value});
    let ok = json!({"errcode": 0, "errmsg": "ok", "success": true});
    assert_eq!(bench.oapi(UPDATE, &call("title", json!("新名字"))).await, ok);
    let renamed = get(&bench, RELEASE).await;
    assert_eq!(renamed["title"], "新名字");
    assert_ne!(renamed["group_url"], before["group_url"]);
    assert_eq!(bench.oapi(UPDATE, &call("owner_user_id", json!("0110000001"))).await, ok);
    let given = get(&bench, RELEASE).await;
    assert_eq!((&given["owner_staff_id"], &given["sub_admin_staff_ids"]), (&json!("0110000001"), &json!([])));
    assert_ne!(given["group_url"], renamed["group_url"]);
    assert_eq!(bench.oapi(UPDATE, &call("icon", json!("$icon"))).await, ok);
    let iconed = get(&bench, RELEASE).await;
    assert_eq!((&iconed["icon"], &iconed["group_url"]), (&json!("$icon"), &given["group_url"]));
    for name in SWITCHES.into_iter().chain(["plugin_customize_verify"]) {
        for on in [true, false] {
            assert_eq!(bench.oapi(UPDATE, &call(name, json!(i32::from(on)))).await, ok);
            assert_eq!(switch(&bench, RELEASE, name), on, "{name}");
        }
    }
    assert_eq!(get(&bench, RELEASE).await["management_options"]["show_history_type"], "0");
}

#[tokio::test]
async fn updates_are_refused() {
    let bench = Bench::new().await;
    let good = json!({"open_conversation_id": RELEASE, "title": "t"});
    let cases = [
        (without(&good, "open_conversation_id"), 40035),
        (with(&good, "open_conversation_id", json!("cidNo==")), 400_001),
        (with(&good, "open_conversation_id", json!(LUNCH)), 400_020),
        (with(&good, "title", json!("字".repeat(31))), 40035),
        (with(&good, "title", json!("")), 40035),
        (with(&good, "owner_user_id", json!("nobody")), 660_041),
        (with(&good, "owner_user_id", json!("0130000002")), 40035),
        (with(&good, "icon", json!("icon")), 40035),
        (with(&good, "chat_banned_type", json!("0")), 40035),
        (with(&good, "chat_banned_type", json!(null)), 40035),
        (with(&good, "not_quit_when_emp_leave", json!(1)), 40035),
        (with(&good, "user_ids", json!("0110000001")), 40035),
    ];
    for (body, code) in cases {
        assert_eq!(bench.errcode(UPDATE, &body).await, code, "{body}");
    }
    assert_eq!(get(&bench, RELEASE).await["title"], "发布小组");
}

#[tokio::test]
async fn members_come_and_go() {
    let bench = Bench::new().await;
    let call = |ids: &str| json!({"open_conversation_id": RELEASE, "user_ids": ids});
    let ok = json!({"errcode": 0, "errmsg": "ok", "success": true});
    assert_eq!(without_id(bench.oapi(ADD, &call("0130000002,0130000003,0110000002")).await), ok);
    let members = bench.sandbox.group(RELEASE).unwrap().members;
    assert_eq!((members.len(), members[6].as_str(), members[7].as_str()), (8, "0130000002", "0130000003"));
    assert_eq!(without_id(bench.oapi(DELETE, &call("0130000003,nobody,0110000001")).await), ok);
    let group = get(&bench, RELEASE).await;
    assert_eq!(group["sub_admin_staff_ids"], json!([]));
    assert_eq!(bench.sandbox.group(RELEASE).unwrap().members.len(), 6);
    // The owner can be put out too: somebody follows.
    assert_eq!(bench.errcode(DELETE, &call("manager4220")).await, 0);
    assert_eq!(get(&bench, RELEASE).await["owner_staff_id"], "0110000002");
    let everybody = bench.sandbox.group(RELEASE).unwrap().members.join(",");
    assert_eq!(bench.errcode(DELETE, &call(&everybody)).await, 0);
    let empty = bench.sandbox.group(RELEASE).unwrap();
    assert_eq!((empty.members.len(), empty.owner.as_str(), empty.disbanded), (0, "", false));
    assert_eq!(get(&bench, RELEASE).await["title"], "发布小组");
}

#[tokio::test]
async fn changes_of_members_are_refused() {
    let (bench, ids) = Bench::crowded(101).await;
    let call = |cid: &str, ids: &str| json!({"open_conversation_id": cid, "user_ids": ids});
    for path in [ADD, DELETE] {
        for (body, code) in [
            (call("cidNo==", "0110000001"), 400_001),
            (call(LUNCH, "0110000001"), 400_020),
            (call(RELEASE, &ids.join(",")), 40035),
            (call(RELEASE, ""), 40035),
            (call(RELEASE, "0110000001,,0110000002"), 40035),
            (json!({"open_conversation_id": RELEASE}), 40035),
            (json!({"open_conversation_id": RELEASE, "user_ids": ["0110000001"]}), 40035),
            (json!({"openConversationId": RELEASE, "user_ids": "0110000001"}), 40035),
        ] {
            assert_eq!(bench.errcode(path, &body).await, code, "{path} {body}");
        }
    }
    assert_eq!(bench.errcode(ADD, &call(EVERYONE, "nobody")).await, 660_041);
    assert_eq!(bench.errcode(ADD, &call(EVERYONE, &ids[..100].join(","))).await, 0);
    assert_eq!(bench.sandbox.group(EVERYONE).unwrap().members.len(), 112);
}
