//! What came in: a bounded list of requests, for tests and for the console.

use std::collections::VecDeque;

use parking_lot::Mutex;
use serde_json::Value;

/// How many requests are remembered.
const REMEMBERED: usize = 1000;

/// A request as it came in.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    /// `api` or `oapi`.
    pub host: &'static str,
    /// HTTP method.
    pub method: String,
    /// Path without query.
    pub path: String,
    /// Query parameters in order, decoded.
    pub query: Vec<(String, String)>,
    /// Where the token stood: `header`, `query` or `none`.
    pub token: &'static str,
    /// The JSON body; a text when it is not JSON, null when there is none.
    pub body: Value,
    /// HTTP status of the answer; 0 when the connection was closed without one.
    pub status: u16,
}

/// The newest requests.
#[derive(Debug, Default)]
pub(super) struct Log(Mutex<VecDeque<Recorded>>);

impl Log {
    pub(super) fn record(&self, request: Recorded) {
        let mut log = self.0.lock();
        if log.len() == REMEMBERED {
            log.pop_front();
        }
        log.push_back(request);
    }

    pub(super) fn all(&self) -> Vec<Recorded> {
        self.0.lock().iter().cloned().collect()
    }
}

/// A body as the log keeps it.
pub(super) fn body(bytes: &[u8]) -> Value {
    if bytes.is_empty() {
        return Value::Null;
    }
    serde_json::from_slice(bytes)
        .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(bytes).into_owned()))
}
