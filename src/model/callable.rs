//! A function that somebody gave: scripts give closures, and nothing below them knows their language.

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use serde_json::Value;

use crate::error::Result;

/// A call under way. Dropping it ends the call.
pub type Calling<'a> = Pin<Box<dyn Future<Output = Result<Value>> + Send + 'a>>;

/// Something that can be called with plain data, and answers with plain data.
pub trait Callable: fmt::Debug + Send + Sync {
    /// Calls it.
    fn call(&self, args: Vec<Value>) -> Calling<'_>;
}
