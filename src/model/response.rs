//! What `send_message` hands back.

use std::fmt;

use serde_json::Value;

/// How a sent message can be recalled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecallTarget {
    /// A message in a conversation.
    Group(String),
    /// A message to a person.
    Personal,
    /// A webhook's message: DingTalk has no call for it.
    Unsupported,
}

/// The answer to one sent message, as the guide's `Response`.
#[derive(Debug, Clone, PartialEq)]
pub struct Response {
    /// Whether the message was accepted: HTTP success and no error code in the body.
    pub ok: bool,
    /// The address used, its query masked.
    pub url: String,
    /// The body as it came.
    pub text: String,
    /// The body, parsed; `null` when nothing was sent.
    pub json: Value,
    /// The body that was sent.
    pub sent: Value,
    /// How it can be recalled.
    pub recall: RecallTarget,
    /// Why it failed.
    pub error_reason: Option<String>,
}

impl Response {
    /// An answer to something that was not sent, with the reason.
    pub fn unsent(reason: &str) -> Self {
        Self {
            ok: false,
            url: String::new(),
            text: String::new(),
            json: Value::Null,
            sent: Value::Null,
            recall: RecallTarget::Unsupported,
            error_reason: Some(reason.to_owned()),
        }
    }

    /// The key by which DingTalk knows the message, for a recall.
    pub fn process_query_key(&self) -> Option<&str> {
        self.json.get("processQueryKey").and_then(Value::as_str)
    }

    /// Whether nothing was sent and a dry run made the answer up.
    pub fn is_made_up(&self) -> bool {
        self.json.get("dry_run").is_some()
    }

    /// The guide's `recallType`.
    pub fn recall_type(&self) -> &'static str {
        match self.recall {
            RecallTarget::Group(_) => "group",
            RecallTarget::Personal => "personal",
            RecallTarget::Unsupported => "unsupported",
        }
    }
}

impl fmt::Display for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match self.ok {
            true if self.is_made_up() => "dry run",
            true => "True",
            false => "False",
        };
        match &self.error_reason {
            Some(reason) => write!(f, "<Response [{state}] {reason}>"),
            None => write!(f, "<Response [{state}]>"),
        }
    }
}
