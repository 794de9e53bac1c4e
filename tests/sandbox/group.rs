//! Scene groups.

use serde_json::{Value, json};

use super::bench::{Bench, EVERYONE, LUNCH, RELEASE, without_id};

const GET: &str = "/topapi/im/chat/scenegroup/get";
const MEMBERS: &str = "/topapi/im/chat/scenegroup/member/get";

#[tokio::test]
async fn get_shows_a_scene_group() {
    let bench = Bench::new().await;
    let body = without_id(bench.oapi(GET, &json!({"open_conversation_id": RELEASE})).await);
    let expected = json!({"errcode": 0, "errmsg": "ok", "success": true, "result": {
        "icon": "",
        "title": "发布小组",
        "template_id": "c3540000-0000-4000-b4ea-6f1ab0000065",
        "open_conversation_id": RELEASE,
        "owner_staff_id": "manager4220",
        "sub_admin_staff_ids": ["0110000001"],
        "group_url": body["result"]["group_url"],
        "management_options": {
            "chat_banned_type": "0", "searchable": "0", "validation_type": "0", "mention_all_authority": "0",
            "management_type": "0", "show_history_type": "1",
        },
    }});
    assert_eq!(body, expected);
    assert!(body["result"]["group_url"].as_str().unwrap().starts_with("https://"));
}

#[tokio::test]
async fn members_come_in_pages() {
    let bench = Bench::new().await;
    let (mut ids, mut cursor, mut pages): (Vec<Value>, Value, usize) = (Vec::new(), json!("0"), 0);
    while pages < 4 {
        let request = json!({"open_conversation_id": EVERYONE, "size": 5, "cursor": cursor});
        let body = without_id(bench.oapi(MEMBERS, &request).await);
        assert_eq!((&body["errcode"], &body["success"]), (&json!(0), &json!(true)));
        let page = &body["result"];
        ids.extend(page["member_user_ids"].as_array().unwrap().iter().cloned());
        assert_eq!(
            page["union_ids"].as_array().unwrap().len(),
            page["member_user_ids"].as_array().unwrap().len()
        );
        pages += 1;
        cursor = page["next_cursor"].clone();
        assert!(cursor.is_string(), "{page}");
        if page["has_more"] == false {
            break;
        }
    }
    assert_eq!((ids.len(), pages), (12, 3));
    assert_eq!((&ids[0], &ids[11]), (&json!("manager4220"), &json!("0130000003")));
}

#[tokio::test]
async fn a_page_names_its_people_and_takes_both_kinds_of_cursor() {
    let bench = Bench::new().await;
    for cursor in [json!("4"), json!(4)] {
        let request = json!({"open_conversation_id": RELEASE, "size": 1000, "cursor": cursor});
        let page = &bench.oapi(MEMBERS, &request).await["result"];
        let unions = page["union_ids"].as_array().unwrap();
        let expected = json!({
            "has_more": false,
            "next_cursor": "6",
            "member_user_ids": ["0110000004", "0110000005"],
            "member_contact_staff_ids": [],
            "union_ids": unions,
            "staff_id_nick_map": {"0110000004": "刘洋", "0110000005": "黄磊"},
            "union_id_nick_map": {unions[0].as_str().unwrap(): "刘洋", unions[1].as_str().unwrap(): "黄磊"},
        });
        assert_eq!(page, &expected);
    }
}

#[tokio::test]
async fn ordinary_and_unknown_groups_are_refused() {
    let bench = Bench::new().await;
    for (cid, expected) in [(LUNCH, 400_020), ("cidNo==", 400_001), ("", 40035)] {
        let body = bench.oapi(GET, &json!({"open_conversation_id": cid})).await;
        assert_eq!(without_id(body)["errcode"], expected, "{cid}");
        let body =
            bench.oapi(MEMBERS, &json!({"open_conversation_id": cid, "size": 10, "cursor": "0"})).await;
        assert_eq!(body["errcode"], expected, "{cid}");
    }
}

#[tokio::test]
async fn a_disbanded_group_is_gone() {
    let bench = Bench::changed(|seed| seed["groups"][0]["disbanded"] = json!(true)).await;
    assert_eq!(bench.oapi(GET, &json!({"open_conversation_id": RELEASE})).await["errcode"], 400_001);
}

#[tokio::test]
async fn group_calls_read_their_parameters_strictly() {
    let bench = Bench::new().await;
    for bad in [json!({}), json!({"openConversationId": RELEASE}), json!({"open_conversation_id": 1})] {
        assert_eq!(bench.oapi(GET, &bad).await["errcode"], 40035, "{bad}");
    }
    let call =
        |size: Value, cursor: Value| json!({"open_conversation_id": RELEASE, "size": size, "cursor": cursor});
    let bad = [
        call(json!(0), json!("0")),
        call(json!(1001), json!("0")),
        call(json!("10"), json!("0")),
        call(json!(10), json!("abc")),
        call(json!(10), json!("-1")),
        call(json!(10), json!("7")),
        call(json!(10), Value::Null),
        json!({"open_conversation_id": RELEASE, "size": 10}),
        json!({"open_conversation_id": RELEASE, "cursor": "0"}),
        json!({"open_conversation_id": RELEASE, "maxResults": 10, "cursor": "0"}),
    ];
    for request in bad {
        assert_eq!(bench.oapi(MEMBERS, &request).await["errcode"], 40035, "{request}");
    }
}
