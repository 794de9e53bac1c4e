//! Scene groups on api.

use serde_json::{Value, json};

use super::bench::{Bench, LUNCH, RELEASE, ok, refused, with, without};
use super::group_change::{SWITCHES, TEMPLATE, switch};

const CREATE: &str = "/v1.0/im/sceneGroup/create";
const UPDATE: &str = "/v1.0/im/sceneGroup/update";
const ADD: &str = "/v1.0/im/sceneGroup/member/add";
const DELETE: &str = "/v1.0/im/sceneGroup/member/delete";
const QUERY: &str = "/v1.0/im/sceneGroups/query";
const MEMBERS: &str = "/v1.0/im/sceneGroups/members/batchQuery";
const DISBAND: &str = "/v1.0/im/chat/scenegroup/disband";
const ADMINS: &str = "/v1.0/im/sceneGroups/subAdmins";
const MUTE: &str = "/v1.0/im/sceneGroups/muteMembers/set";
/// The unionId of 0110000001.
const UNION: &str = "1dstQczhgA1FBZpX4ZwRXlxiEiE";

fn plan() -> Value {
    json!({
        "title": "新发布小组", "template_id": TEMPLATE, "owner_user_id": "0110000001",
        "user_ids": ["0110000002", "0110000003"], "subadmin_ids": ["0110000003"], "uuid": "uuid-1",
    })
}

#[tokio::test]
async fn a_group_is_made_from_arrays_and_management_options() {
    let bench = Bench::new().await;
    let more = ["not_quit_when_emp_leave", "only_admin_can_add_mem"];
    let options: Value = SWITCHES
        .into_iter()
        .chain(more)
        .map(|name| (name.to_string(), json!(1)))
        .collect::<serde_json::Map<_, _>>()
        .into();
    let body = ok(bench.api(CREATE, &with(&plan(), "management_options", options)).await);
    let cid = body["open_conversation_id"].as_str().unwrap();
    assert_eq!(body, json!({"open_conversation_id": cid, "chat_id": body["chat_id"]}));
    assert!(SWITCHES.into_iter().chain(more).all(|name| switch(&bench, cid, name)));
    let group = bench.sandbox.group(cid).unwrap();
    assert_eq!((group.members.len(), group.admins), (3, vec!["0110000003".to_string()]));
    assert_eq!(ok(bench.api(CREATE, &plan()).await), body);
}

#[tokio::test]
async fn making_a_group_is_refused() {
    let (bench, ids) = Bench::crowded(1000).await;
    let cases = [
        (without(&plan(), "title"), "parameter.invalid"),
        (with(&plan(), "title", json!("字".repeat(31))), "parameter.invalid"),
        (with(&plan(), "user_ids", json!("0110000002")), "parameter.invalid"),
        (with(&plan(), "user_ids", json!(["nobody"])), "member.notFound"),
        (with(&plan(), "user_ids", json!(ids)), "member.exceed"),
        (with(&plan(), "template_id", json!("other")), "groupTemplate.notFound"),
        (with(&plan(), "searchable", json!(1)), "parameter.invalid"),
        (with(&plan(), "management_options", json!({"searchable": "1"})), "parameter.invalid"),
        (with(&plan(), "management_options", json!({"odd": 1})), "parameter.invalid"),
        (with(&plan(), "management_options", json!({"plugin_customize_verify": 1})), "parameter.invalid"),
    ];
    for (body, code) in cases {
        refused(bench.api(CREATE, &body).await, 400, code);
    }
}

#[tokio::test]
async fn updates_and_members() {
    let bench = Bench::new().await;
    let done = json!({"success": true});
    let call = |field: &str, value: Value| json!({"open_conversation_id": RELEASE, field: value});
    assert_eq!(ok(bench.api(UPDATE, &call("title", json!("新名字"))).await), done);
    assert_eq!(ok(bench.api(UPDATE, &call("owner_union_id", json!(UNION))).await), done);
    let options = json!({"chat_banned_type": 1, "plugin_customize_verify": 1});
    assert_eq!(ok(bench.api(UPDATE, &call("management_options", options)).await), done);
    assert_eq!(ok(bench.api(ADD, &call("user_ids", json!(["0130000002"]))).await), done);
    assert_eq!(ok(bench.api(DELETE, &call("union_ids", json!([UNION]))).await), done);
    let group = bench.sandbox.group(RELEASE).unwrap();
    assert_eq!(
        (group.title.as_str(), group.owner.as_str(), group.members.len()),
        ("新名字", "manager4220", 6)
    );
    assert!(
        switch(&bench, RELEASE, "chat_banned_type") && switch(&bench, RELEASE, "plugin_customize_verify")
    );
}

#[tokio::test]
async fn updates_and_members_are_refused() {
    let (bench, ids) = Bench::crowded(101).await;
    let call = |cid: &str, field: &str, value: Value| json!({"open_conversation_id": cid, field: value});
    let cases = [
        (UPDATE, call(LUNCH, "title", json!("t")), "permession.checkFailed"),
        (UPDATE, call("cidNo==", "title", json!("t")), "parameter.invalid"),
        (UPDATE, call(RELEASE, "owner_user_id", json!("nobody")), "permession.checkFailed"),
        (UPDATE, call(RELEASE, "owner_union_id", json!("nobody")), "parameter.invalid"),
        (UPDATE, call(RELEASE, "chat_banned_type", json!(1)), "parameter.invalid"),
        (ADD, call(RELEASE, "user_ids", json!(ids)), "parameter.invalid"),
        (ADD, call(RELEASE, "user_ids", json!(["nobody"])), "parameter.invalid"),
        (ADD, call(RELEASE, "user_ids", json!("0130000002")), "parameter.invalid"),
        (ADD, call(LUNCH, "user_ids", json!(["0130000002"])), "permession.checkFailed"),
        (DELETE, call(RELEASE, "user_ids", json!([])), "parameter.invalid"),
        (DELETE, call(RELEASE, "userIds", json!(["0130000002"])), "parameter.invalid"),
    ];
    for (path, body, code) in cases {
        refused(bench.api(path, &body).await, 400, code);
    }
}

#[tokio::test]
async fn query_shows_the_group_and_its_people() {
    let bench = Bench::new().await;
    let body = ok(bench.api(QUERY, &json!({"openConversationId": RELEASE})).await);
    let expected = json!({
        "success": true, "openConversationId": RELEASE, "templateId": TEMPLATE, "title": "发布小组",
        "ownerUserId": "manager4220", "icon": "", "groupUrl": body["groupUrl"], "status": 1,
    });
    assert_eq!(body, expected);
    let body = ok(bench.api(MEMBERS, &json!({"openConversationId": RELEASE, "maxResults": 2})).await);
    assert_eq!((&body["success"], &body["hasMore"]), (&json!(true), &json!(false)));
    assert_eq!(body["memberUserIds"].as_array().unwrap().len(), 6);
    assert_eq!(
        (&body["unionIdList"][1], &body["staffIdNickMap"]["0110000001"]),
        (&json!(UNION), &json!("张伟"))
    );
    assert_eq!(body["unionIdNickMap"][UNION], "张伟");
    for bad in [
        json!({"openConversationId": RELEASE}),
        json!({"openConversationId": RELEASE, "maxResults": 0}),
        json!({"openConversationId": RELEASE, "maxResults": 10, "nextToken": "x"}),
        json!({"openConversationId": RELEASE, "maxResults": 10, "coolAppCode": "x"}),
    ] {
        refused(bench.api(MEMBERS, &bad).await, 400, "parameter.invalid");
    }
    refused(bench.api(QUERY, &json!({"openConversationId": LUNCH})).await, 400, "permession.checkFailed");
    refused(bench.api(QUERY, &json!({"open_conversation_id": RELEASE})).await, 400, "parameter.invalid");
}

#[tokio::test]
async fn a_disbanded_group_is_gone() {
    let bench = Bench::new().await;
    refused(bench.api(DISBAND, &json!({"openConversationId": LUNCH})).await, 400, "permession.checkFailed");
    refused(bench.api(DISBAND, &json!({"open_conversation_id": RELEASE})).await, 400, "paramIllegal");
    let body = json!({"openConversationId": RELEASE});
    assert_eq!(ok(bench.api(DISBAND, &body).await), json!({"success": true}));
    assert!(bench.sandbox.group(RELEASE).unwrap().disbanded);
    refused(bench.api(DISBAND, &body).await, 400, "paramIllegal");
    refused(bench.api(QUERY, &body).await, 400, "parameter.invalid");
    let legacy = json!({"open_conversation_id": RELEASE});
    assert_eq!(bench.errcode("/topapi/im/chat/scenegroup/get", &legacy).await, 400_001);
    let admins = json!({"openConversationId": RELEASE, "userIds": ["0110000002"], "role": 2});
    refused(bench.put(ADMINS, &admins).await, 400, "groupDisbang");
}

#[tokio::test]
async fn admins_come_and_go() {
    let bench = Bench::new().await;
    let call = |ids: &[&str], role: i64| json!({"openConversationId": RELEASE, "userIds": ids, "role": role});
    let done = json!({"success": true});
    assert_eq!(ok(bench.put(ADMINS, &call(&["0110000002", "0110000003"], 2)).await), done);
    let admins = bench.sandbox.group(RELEASE).unwrap().admins;
    assert_eq!(admins, ["0110000001", "0110000002", "0110000003"]);
    assert_eq!(ok(bench.put(ADMINS, &call(&["0110000002", "0110000001"], 3)).await), done);
    assert_eq!(bench.sandbox.group(RELEASE).unwrap().admins, ["0110000003"]);
    let union = json!({"openConversationId": RELEASE, "unionIds": [UNION], "role": 2});
    assert_eq!(ok(bench.put(ADMINS, &union).await), done);
    assert_eq!(bench.sandbox.group(RELEASE).unwrap().admins.len(), 2);
    // The owner is above the admins.
    assert_eq!(ok(bench.put(ADMINS, &call(&["manager4220"], 2)).await), done);
    assert_eq!(bench.sandbox.group(RELEASE).unwrap().admins.len(), 2);
}

#[tokio::test]
async fn changes_of_admins_are_refused() {
    let bench = Bench::new().await;
    let good = json!({"openConversationId": RELEASE, "userIds": ["0110000002"], "role": 2});
    let many: Vec<String> = (0..13).map(|number| number.to_string()).collect();
    let cases = [
        (with(&good, "openConversationId", json!("x")), "openConversationIdDecriptFailed"),
        (with(&good, "openConversationId", json!("cidNo==")), "invalidOpenConversationId"),
        (with(&good, "openConversationId", json!(LUNCH)), "groupPermissionDenied"),
        (without(&good, "openConversationId"), "invalidParams"),
        (with(&good, "role", json!(1)), "commonParamIllegal"),
        (with(&good, "role", json!("2")), "invalidParams"),
        (without(&good, "role"), "invalidParams"),
        (with(&good, "userIds", json!([])), "invalidUserIds"),
        (with(&good, "userIds", json!("0110000002")), "invalidParams"),
        (with(&good, "userIds", json!(many)), "subAdminNumberExcessive"),
        (with(&good, "userIds", json!(["0130000002"])), "userNotInGroup"),
        (with(&good, "userIds", json!(["nobody"])), "userNotExists"),
        (with(&good, "unionIds", json!(["nobody"])), "userNotExists"),
        (with(&good, "user_ids", json!([])), "invalidParams"),
    ];
    for (body, code) in cases {
        refused(bench.put(ADMINS, &body).await, 400, code);
    }
    refused(bench.api(ADMINS, &good).await, 404, "InvalidAction.NotFound");
}

#[tokio::test]
async fn mutes_are_answered_with_an_empty_body() {
    let bench = Bench::new().await;
    let call = |status: i64, duration: i64| {
        json!({"openConversationId": RELEASE, "userIdList": ["0110000002"], "muteStatus": status,
            "muteDuration": duration})
    };
    for (body, muted) in [(call(1, 60_000), true), (call(0, 0), false)] {
        let request = bench.http.post(bench.at_api(MUTE)).header(super::bench::HEADER, &bench.token);
        let response = request.json(&body).send().await.unwrap();
        assert_eq!((response.status().as_u16(), response.text().await.unwrap().as_str()), (200, ""));
        let expected = [("0110000002".to_string(), super::bench::NOW + 60_000)];
        assert_eq!(bench.sandbox.group(RELEASE).unwrap().muted, expected[..usize::from(muted)]);
    }
}

#[tokio::test]
async fn mutes_are_refused() {
    let bench = Bench::new().await;
    let good = json!({"openConversationId": RELEASE, "userIdList": ["0110000002"], "muteStatus": 1,
        "muteDuration": 1000});
    let many: Vec<String> = (0..1000).map(|number| number.to_string()).collect();
    let cases = [
        (with(&good, "openConversationId", json!("x")), "invalidParameter.openConversationIdDecError"),
        (with(&good, "openConversationId", json!("cidNo==")), "invalidParameter.openConversationIdError"),
        (with(&good, "openConversationId", json!(LUNCH)), "group.org.checkFailed"),
        (without(&good, "openConversationId"), "invalidGroupParams"),
        (with(&good, "userIdList", json!([])), "invalidParameter.userIdList"),
        (with(&good, "userIdList", json!(many)), "invalidParameter.userIdList"),
        (with(&good, "userIdList", json!("0110000002")), "invalidGroupParams"),
        (with(&good, "userIdList", json!(["0130000002"])), "cannot.find.user"),
        (with(&good, "userIdList", json!(["0110000002", "manager4220"])), "cannot.ban.owner"),
        (with(&good, "userIdList", json!(["0110000001"])), "cannot.ban.owner"),
        (with(&good, "muteStatus", json!(2)), "invalidParameter.muteStatusError"),
        (without(&good, "muteStatus"), "invalidParameter.muteStatusError"),
        (without(&good, "muteDuration"), "invalidGroupParams"),
        (with(&good, "muteDuration", json!(0)), "invalidGroupParams"),
        (with(&good, "muteDuration", json!("1000")), "invalidGroupParams"),
        (with(&good, "muteTime", json!(1)), "invalidGroupParams"),
    ];
    for (body, code) in cases {
        refused(bench.api(MUTE, &body).await, 400, code);
    }
    assert_eq!(bench.sandbox.group(RELEASE).unwrap().muted, []);
}
