//! An event as it is shown: plain texts, nothing to answer with.

use std::sync::Arc;

use serde_json::Value;

use super::station::Station;
use crate::events::{Event, Kind, redacted};
use crate::ops::Session;

/// Something that arrived. Its texts come from outside: they are to be escaped.
#[derive(Debug, Clone)]
pub struct Arrived {
    /// What kind of event.
    pub name: &'static str,
    /// `eventType` or the topic.
    pub wire: String,
    /// When it happened, Unix time in milliseconds.
    pub time: i64,
    /// The group's name or id; empty in single chats and where there is none.
    pub group: String,
    /// Who it was; empty when nobody is known.
    pub who: String,
    /// What was said, or what it is about.
    pub text: String,
    /// Whether somebody said something.
    pub is_message: bool,
    /// The payload, without its secrets.
    pub raw: Value,
}

impl Arrived {
    fn of(event: &Event) -> Self {
        let or =
            |first: &str, second: &str| if first.is_empty() { second.to_owned() } else { first.to_owned() };
        let group =
            event.group.as_ref().map(|group| group.read().clone()).filter(|group| group.member.is_none());
        let member = event.member.as_ref().map(|member| member.read().clone()).unwrap_or_default();
        let is_message = event.message.is_some();
        let text = match (&event.message, event.kind()) {
            (Some(message), _) => message.to_string(),
            (None, Kind::GroupNameChange) => {
                group.as_ref().map(|group| group.name.clone()).unwrap_or_default()
            }
            (None, Kind::BasicEvent) => event.wire.clone(),
            (None, _) => {
                let members = event
                    .members
                    .iter()
                    .map(|member| or(&member.name, &or(&member.staff_id, &member.union_id)));
                or(&event.text, &members.collect::<Vec<_>>().join(", "))
            }
        };
        Self {
            name: event.name(),
            wire: event.wire.clone(),
            time: event.time,
            group: group
                .map(|group| match event.kind() {
                    Kind::GroupNameChange => group.conversation_id,
                    _ => or(&group.name, &group.conversation_id),
                })
                .unwrap_or_default(),
            who: or(&member.name, &or(&member.staff_id, &member.union_id)),
            text,
            is_message,
            raw: redacted(&event.raw),
        }
    }

    /// Whether `word` stands in it: in its name, its type, its group, its person or its text.
    pub fn mentions(&self, word: &str) -> bool {
        [self.name, &self.wire, &self.group, &self.who, &self.text].iter().any(|part| part.contains(word))
    }
}

impl Station {
    /// Has `see` told about everything that arrives at any app.
    pub fn watch_arrivals(&self, see: impl Fn(&Arrived) + Send + Sync + 'static) {
        self.watch(Arc::new(move |event| {
            if !event.kind().is_internal() {
                see(&Arrived::of(event));
            }
        }));
    }

    /// The last `most` arrivals of an app that mention `word`, oldest first.
    pub fn arrivals(self: &Arc<Self>, session: &Arc<Session>, most: usize, word: &str) -> Vec<Arrived> {
        let wanted = |event: &Event| word.is_empty() || Arrived::of(event).mentions(word);
        let mut found: Vec<Arrived> =
            self.hub(session).recent(most, wanted).iter().map(|event| Arrived::of(event)).collect();
        found.reverse();
        found
    }
}
