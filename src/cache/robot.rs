//! What a message to the robot tells the cache: its group, its webhook and its sender, stored together.

use std::fmt;

use rusqlite::Transaction;

use super::{Cache, group_id, groups, member_id, users, webhooks};

/// A message to the robot, as far as the cache is concerned. Its printed form does not show the webhook.
#[derive(Clone, Copy, Default)]
pub struct RobotSeen<'a> {
    /// `conversationId`; without one neither group nor webhook is stored.
    pub conversation_id: &'a str,
    /// `conversationTitle`; empty in single chats.
    pub title: &'a str,
    /// Whether it is a single chat (`conversationType` 1).
    pub single: bool,
    /// `senderId`.
    pub sender_id: &'a str,
    /// `senderNick`.
    pub sender_name: &'a str,
    /// `senderStaffId`; empty for people outside the organisation.
    pub sender_staff_id: &'a str,
    /// `sessionWebhook`, a secret; empty when there is none.
    pub webhook_url: &'a str,
    /// `sessionWebhookExpiredTime`, Unix time in milliseconds or seconds.
    pub webhook_expired: f64,
}

impl fmt::Debug for RobotSeen<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RobotSeen")
            .field("conversation_id", &self.conversation_id)
            .field("title", &self.title)
            .field("single", &self.single)
            .field("sender_id", &self.sender_id)
            .field("sender_name", &self.sender_name)
            .field("sender_staff_id", &self.sender_staff_id)
            .finish_non_exhaustive()
    }
}

impl Cache {
    /// Stores group, webhook and sender of a message in one transaction.
    pub fn save_robot_message(&self, message: &RobotSeen<'_>) {
        self.save_robot_messages(&[*message]);
    }

    /// Stores groups, webhooks and senders of messages, oldest first, in one transaction.
    pub fn save_robot_messages(&self, messages: &[RobotSeen<'_>]) {
        if self.shared.off || messages.is_empty() {
            return;
        }
        let now = self.now();
        self.shared.store.lock().write(|tx| messages.iter().try_for_each(|message| save(tx, message, now)));
    }
}

fn save(tx: &Transaction<'_>, message: &RobotSeen<'_>, now: f64) -> rusqlite::Result<()> {
    let conversation = message.conversation_id;
    let (group, sender) = (group_id(conversation), member_id(message.sender_id));
    if !conversation.is_empty() {
        groups::seen(tx, group, conversation, message.title, now)?;
        if !message.webhook_url.is_empty() {
            webhooks::seen(tx, group, conversation, message.webhook_url, message.webhook_expired, now)?;
        }
    }
    users::seen(tx, sender, message.sender_name, message.sender_staff_id, message.single, now)
}
