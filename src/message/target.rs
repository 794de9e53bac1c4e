//! Where a message goes.

use crate::model::{Group, Member, Webhook};

/// A target as it was given; how it is reached is decided when it is sent.
#[derive(Debug, Clone, PartialEq)]
pub enum Target {
    /// A group by openConversationId.
    Conversation(String),
    /// A group or a single chat.
    Group(Group),
    /// A person.
    Member(Member),
    /// A webhook that may end.
    Webhook(Webhook),
    /// An address as it is.
    Url(String),
}
