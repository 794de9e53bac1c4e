//! From a push to an event; pure.

use serde_json::{Map, Value};

use super::event::Event;
use super::field::{number, object, text, texts};
use super::{Kind, received};
use crate::cache::group_id;
use crate::model::{Group, Member, Push, Shared, Topic};

/// Reads a push. Nothing in it needs to be there, but it must be an object.
pub fn read(push: Push) -> Option<Event> {
    let Push { topic, event_type, ids, headers, payload, received, size } = push;
    let fields = payload.as_object()?;
    let mut event = Event {
        wire: if topic == Topic::Event { event_type } else { topic.wire().to_owned() },
        trace_id: ids.into_iter().next().unwrap_or_default(),
        time: received,
        size,
        ..Event::default()
    };
    match topic {
        Topic::Message | Topic::Delegated => received::message(&mut event, fields),
        Topic::Assistant => received::assistant(&mut event, fields),
        Topic::CardAction => card(&mut event, fields),
        Topic::CardData => {
            event.kind = Some(Kind::CardDataRequest);
            event.conversation = text(fields, "outTrackId");
        }
        Topic::Event => organisation(&mut event, fields, &headers),
    }
    event.raw = payload;
    Some(event)
}

/// Somebody used a card.
fn card(event: &mut Event, payload: &Map<String, Value>) {
    event.kind = Some(Kind::CardAction);
    let mut content = object(payload, "content");
    if content.is_empty() {
        content = object(payload, "value");
    }
    let space = text(payload, "spaceId");
    if space.starts_with("cid") {
        event.group = Some(Shared::new(Group {
            id: Some(group_id(&space)),
            conversation_id: space,
            ..Group::default()
        }));
    }
    event.member = Some(Shared::new(Member::staff(text(payload, "userId"))));
    event.conversation = text(payload, "outTrackId");
    let private = object(&content, "cardPrivateData");
    let ids = texts(&private, "actionIds");
    event.text = ids.first().cloned().unwrap_or_default();
    event.fields.insert("actionIds".into(), ids.into());
    event.fields.insert("params".into(), Value::Object(object(&private, "params")));
}

/// Something happened in the organisation.
fn organisation(event: &mut Event, payload: &Map<String, Value>, headers: &Map<String, Value>) {
    let kind = Kind::of_wire(&event.wire);
    event.kind = Some(kind);
    let happened = number(payload, "timeStamp")
        .or_else(|| number(payload, "EventTime"))
        .or_else(|| number(headers, "eventBornTime"));
    event.time = happened.unwrap_or(event.time);
    let conversation = text(payload, "openConversationId");
    if !conversation.is_empty() {
        event.group = Some(Shared::new(Group {
            id: Some(group_id(&conversation)),
            name: text(payload, "title"),
            conversation_id: conversation.clone(),
            ..Group::default()
        }));
    }
    event.conversation = if conversation.is_empty() { event.wire.clone() } else { conversation };
    let (staff, union) = match kind {
        // What these are about has no operator: the person who read or recalled is the one who acted.
        Kind::RobotMessageRead | Kind::RobotMessageRecall => {
            (text(payload, "userId"), text(payload, "unionId"))
        }
        _ => (text(payload, "operator"), text(payload, "operatorUnionId")),
    };
    if !(staff.is_empty() && union.is_empty()) {
        let member = Member { staff_id: staff, union_id: union, ..Member::default() };
        event.member = Some(Shared::new(member));
    }
    event.members = match kind {
        Kind::ChatAdd | Kind::ChatKick => people(&texts(payload, "userId"), &texts(payload, "unionId")),
        Kind::GroupOwnerChange => texts(payload, "owner").into_iter().map(Member::staff).collect(),
        _ => Vec::new(),
    };
}

/// The same people by staffId and by unionId; people from outside have no staffId.
fn people(staff: &[String], union: &[String]) -> Vec<Member> {
    let at = |list: &[String], index: usize| list.get(index).cloned().unwrap_or_default();
    let count = staff.len().max(union.len());
    // Only lists of one length are known to be in the same order.
    let paired = staff.len() == union.len() || staff.is_empty() || union.is_empty();
    if !paired {
        return staff.iter().map(Member::staff).collect();
    }
    (0..count)
        .map(|index| Member { staff_id: at(staff, index), union_id: at(union, index), ..Member::default() })
        .collect()
}
