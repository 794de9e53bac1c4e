//! What events tell the cache.

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::Value;

use super::Kind;
use super::event::Event;
use super::field::{field, number};
use crate::cache::{Cache, RobotSeen};

/// Stores what `events` tell, oldest first. Of several messages of one person in one conversation the last one counts: its
/// webhook is good for longest, and the rest is the same.
pub(super) fn store(cache: &Cache, events: &[Arc<Event>]) {
    let is_message =
        |event: &&Arc<Event>| matches!(event.kind(), Kind::GroupMessage | Kind::GettingMessageError);
    let mut told = HashSet::new();
    let mut messages: Vec<RobotSeen<'_>> =
        events.iter().rev().filter(is_message).filter_map(|event| seen(event, &mut told)).collect();
    messages.reverse();
    cache.save_robot_messages(&messages);
    for event in events.iter().filter(|event| event.kind() == Kind::GroupNameChange) {
        if let Some(group) = &event.group {
            let (conversation, name) = {
                let group = group.read();
                (group.conversation_id.clone(), group.name.clone())
            };
            if !name.is_empty() {
                cache.rename_group(&conversation, &name);
            }
        }
    }
}

fn seen<'a>(event: &'a Event, told: &mut HashSet<(&'a str, &'a str)>) -> Option<RobotSeen<'a>> {
    let payload = event.raw.as_object()?;
    let text = |name: &str| field(payload, name).and_then(Value::as_str).unwrap_or_default();
    let (conversation_id, sender_id) = (text("conversationId"), text("senderId"));
    if !told.insert((conversation_id, sender_id)) {
        return None;
    }
    Some(RobotSeen {
        conversation_id,
        title: text("conversationTitle"),
        single: text("conversationType") == "1",
        sender_id,
        sender_name: text("senderNick"),
        sender_staff_id: text("senderStaffId"),
        webhook_url: text("sessionWebhook"),
        webhook_expired: number(payload, "sessionWebhookExpiredTime").map_or(0.0, |at| at as f64),
    })
}
