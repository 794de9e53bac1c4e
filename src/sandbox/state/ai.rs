//! Conversations with an assistant, by their tokens.

use std::collections::HashSet;

use serde_json::Value;

use super::newest::Newest;

/// What an assistant said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssistantFrame {
    /// `reply`, `prepare`, `update` or `finish`.
    pub call: &'static str,
    /// The token of the conversation.
    pub conversation_token: String,
    /// The decoded content; null where there is none.
    pub content: Value,
}

/// Tokens of both kinds, and what was said.
#[derive(Default)]
pub(in crate::sandbox) struct Assistant {
    /// Tokens of questions that wait for a reply.
    pub asked: HashSet<String>,
    /// Tokens of messages that the app began itself.
    pub prepared: HashSet<String>,
    pub said: Newest<AssistantFrame>,
}
