//! Messages that arrived, and their recall.

use std::collections::VecDeque;

use serde_json::Value;

/// How many messages are remembered.
const REMEMBERED: usize = 10_000;

/// Which door a message came through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Via {
    /// `/v1.0/robot/groupMessages/send`.
    Group,
    /// `/v1.0/robot/oToMessages/batchSend`.
    OneToOne,
    /// A custom robot's webhook.
    Webhook,
    /// A session webhook.
    Session,
}

/// A message that reached a group or a person.
#[derive(Debug, Clone, PartialEq)]
pub struct SentMessage {
    /// The group's `cid…`, also for webhooks, or the userId of the person.
    pub to: String,
    /// How it came.
    pub via: Via,
    /// `msgKey` of a template message, `msgtype` of a webhook message.
    pub kind: String,
    /// The decoded `msgParam`, or the whole webhook body.
    pub body: Value,
    /// The key for a recall; webhook messages have none.
    pub process_query_key: Option<String>,
    /// Whether it was recalled.
    pub recalled: bool,
    /// When it arrived, in milliseconds of Unix time.
    pub at: i64,
}

/// What became of one key of a recall.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sandbox) enum Recall {
    Done,
    /// No such message there, or it is recalled already.
    Unknown,
    /// Too old.
    Expired,
}

/// Told of messages as they arrive.
type Listener = Box<dyn Fn(&SentMessage) + Send + Sync>;

/// The newest messages.
#[derive(Default)]
pub(in crate::sandbox) struct Messages(VecDeque<SentMessage>, Option<Listener>);

impl Messages {
    pub(in crate::sandbox) fn deliver(&mut self, message: SentMessage) {
        if self.0.len() == REMEMBERED {
            self.0.pop_front();
        }
        if let Some(listener) = &self.1 {
            listener(&message);
        }
        self.0.push_back(message);
    }

    /// Has `listener` told of every message from now on.
    pub(in crate::sandbox) fn tell(&mut self, listener: Listener) {
        self.1 = Some(listener);
    }

    pub(in crate::sandbox) fn all(&self) -> Vec<SentMessage> {
        self.0.iter().cloned().collect()
    }

    /// Recalls the messages of `key` that came through `via`, to the group `to` if given and not before `oldest`.
    pub(in crate::sandbox) fn recall(
        &mut self,
        key: &str,
        via: Via,
        to: Option<&str>,
        oldest: i64,
    ) -> Recall {
        let mut outcome = Recall::Unknown;
        let matching = self.0.iter_mut().filter(|message| {
            message.process_query_key.as_deref() == Some(key)
                && message.via == via
                && to.is_none_or(|to| message.to == to)
                && !message.recalled
        });
        for message in matching {
            if message.at < oldest {
                return Recall::Expired;
            }
            message.recalled = true;
            outcome = Recall::Done;
        }
        outcome
    }
}
