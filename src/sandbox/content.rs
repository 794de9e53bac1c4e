//! What stands in the body of an answer.

use serde_json::Value;

/// The body of an answer.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Content {
    /// JSON, declared the way the host declares it.
    Json(Value),
    /// Nothing at all.
    Empty,
    /// Bytes of another type.
    Bytes { content_type: &'static str, bytes: Vec<u8> },
}
