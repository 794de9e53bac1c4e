//! What a method returns.

use serde_json::Value;

use crate::api::Object;

/// The result of a method.
#[derive(Debug, Clone)]
pub enum Output {
    /// Plain data.
    Json(Value),
    /// An object of the guide.
    Object(Object),
    /// Several results.
    List(Vec<Output>),
}
