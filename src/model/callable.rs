//! A function that somebody gave: scripts give closures, and nothing below them knows their language.

use std::any::Any;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use serde_json::Value;

use crate::error::Result;

/// A value as its owner holds it: nobody between looks inside.
pub type Own = Arc<dyn Any + Send + Sync>;

/// A call under way. Dropping it ends the call.
pub type Calling<'a, T = Value> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// Something that can be called with plain data, and answers with plain data.
pub trait Callable: fmt::Debug + Send + Sync {
    /// Calls it.
    fn call(&self, args: Vec<Value>) -> Calling<'_>;

    /// Calls it with values of the caller's, and keeps what it returns as it is. A callable knows the values of its own
    /// language and the arguments of methods.
    fn call_own(&self, args: Vec<Own>) -> Calling<'_, Own>;
}

/// A function among plain data. Two are the same when they are one.
#[derive(Debug, Clone)]
pub struct Hook(pub Arc<dyn Callable>);

impl PartialEq for Hook {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}
