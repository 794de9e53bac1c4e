//! Conversations.

use std::fmt;

use super::{Member, Webhook};

/// A conversation id handed around as an object.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OpenConversationId {
    /// `cid…`
    pub id: String,
    /// Name, when known.
    pub name: String,
}

impl fmt::Display for OpenConversationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<OpenConversationId {}>", self.id)
    }
}

/// A conversation as the guide's `Group`: what is not known is empty.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Group {
    /// The framework's own number for a conversation, made from its conversationId.
    pub id: Option<i64>,
    /// Name.
    pub name: String,
    /// `cid…`
    pub conversation_id: String,
    /// The address that a message in this conversation brought along, while it is valid.
    pub webhook: Option<Webhook>,
    /// The other person, when this is a single chat.
    pub member: Option<Member>,
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.name.as_str(), self.conversation_id.as_str()) {
            ("", "") => match self.id {
                Some(id) => write!(f, "<Group {id}>"),
                None => write!(f, "<Group>"),
            },
            ("", id) => write!(f, "<Group {id}>"),
            (name, "") => write!(f, "<Group {name}>"),
            (name, id) => write!(f, "<Group {name} {id}>"),
        }
    }
}
