//! Events of the organisation and of cards.

use dingraia::events::{Event, Kind};
use dingraia::model::Topic;
use serde_json::{Value, json};

use super::event;

fn happened(kind: &str, payload: Value) -> Event {
    event(Topic::Event, kind, payload)
}

/// `cid/operator/members`
fn people(event: &Event) -> String {
    let group = event.group.as_ref().map(|group| group.read().conversation_id.clone()).unwrap_or_default();
    let who = event.member.as_ref().map(|member| member.read().clone()).unwrap_or_default();
    let members: Vec<String> =
        event.members.iter().map(|member| format!("{}+{}", member.staff_id, member.union_id)).collect();
    format!("{group}/{}+{}/{}", who.staff_id, who.union_id, members.join(","))
}

#[test]
fn groups_change() {
    let payload = |extra: Value| {
        let mut payload = json!({ "timeStamp": 1_700_000_001_000_i64, "chatId": "chat6d", "corpId": "ding9f",
            "operatorUnionId": "iPM", "operator": "0123", "openConversationId": "cidT3==" });
        payload.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        payload
    };
    let event = happened("chat_update_title", payload(json!({ "title": "发布群2" })));
    assert_eq!((event.kind(), event.time), (Kind::GroupNameChange, 1_700_000_001_000));
    assert_eq!(event.group.as_ref().unwrap().read().name, "发布群2");
    assert_eq!(people(&event), "cidT3==/0123+iPM/");
    for (wire, kind) in [
        ("chat_disband", Kind::GroupDisband),
        ("chat_quit", Kind::ChatQuit),
        ("ChatQuit", Kind::ChatQuit),
        ("something_new", Kind::BasicEvent),
    ] {
        let event = happened(wire, payload(json!({})));
        assert_eq!((event.kind(), event.wire.as_str()), (kind, wire));
        assert!(event.is_named(wire) && event.is_named("*") && event.is_named(kind.name()));
        assert!(!event.is_named("GroupMessage"));
    }
    let both = json!({ "userId": ["u1", "u2"], "unionId": ["n1", "n2"] });
    assert_eq!(people(&happened("chat_remove_member", payload(both))), "cidT3==/0123+iPM/u1+n1,u2+n2");
    let outsiders = json!({ "userId": [], "unionId": ["n1"] });
    assert_eq!(people(&happened("chat_add_member", payload(outsiders))), "cidT3==/0123+iPM/+n1");
    let uneven = json!({ "userId": ["u1"], "unionId": ["n1", "n2"] });
    assert_eq!(people(&happened("chat_add_member", payload(uneven))), "cidT3==/0123+iPM/u1+");
    let owner = json!({ "owner": "manager4220", "timeStamp": 1, "operatorUnionId": "iPM", "openConversationId": "cidT3==" });
    let event = happened("chat_update_owner", owner);
    assert_eq!(
        (event.kind(), people(&event).as_str()),
        (Kind::GroupOwnerChange, "cidT3==/+iPM/manager4220+")
    );
}

#[test]
fn old_names_are_understood() {
    let event = happened(
        "chat_update_title",
        json!({ "TimeStamp": "1700000001000", "Operator": "0123", "OpenConversationId": "cidT3==", "Title": "新" }),
    );
    assert_eq!((event.time, people(&event).as_str()), (1_700_000_001_000, "cidT3==/0123+/"));
    assert_eq!(event.group.as_ref().unwrap().read().name, "新");
}

#[test]
fn others_are_known_too() {
    let read = happened(
        "robot_msg_read",
        json!({ "userId": "u1", "unionId": "n1", "openConversationId": "cidA==" }),
    );
    assert_eq!((read.kind(), people(&read).as_str()), (Kind::RobotMessageRead, "cidA==/u1+n1/"));
    let calendar =
        happened("calendar_event_change", json!({ "changeType": "created", "operator": { "type": "user" } }));
    assert_eq!(
        (calendar.kind(), calendar.raw["changeType"].as_str()),
        (Kind::CalendarEventChange, Some("created"))
    );
    assert!(calendar.member.is_none());
    assert_eq!(calendar.time, 1000, "when it came");
    assert_eq!(happened("check_url", json!({})).kind(), Kind::CheckUrl);
}

#[test]
fn a_card_is_used() {
    let content =
        json!({ "cardPrivateData": { "actionIds": ["stop"], "params": { "reason": "够了" } } }).to_string();
    let payload = |name: &str| {
        json!({ "type": "actionCallback", "outTrackId": "7c1c", "userId": "0123", "spaceType": "IM_GROUP",
            "spaceId": "cidT3==", "extension": "{}", name: content })
    };
    for name in ["content", "value"] {
        let event = event(Topic::CardAction, "", payload(name));
        assert_eq!(
            (event.name(), event.text.as_str(), event.conversation.as_str()),
            ("CardAction", "stop", "7c1c")
        );
        assert_eq!(event.fields["params"]["reason"], "够了");
        assert_eq!(people(&event), "cidT3==/0123+/");
    }
    assert_eq!(event(Topic::CardAction, "", json!({ "content": "{" })).text, "");
}
