//! Requests that are not DingTalk's: routes of one's own answer them.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::lang::Lang;
use crate::model::{Complaints, Route};

/// How long a function may take to answer.
const ANSWER: Duration = Duration::from_secs(30);

/// So many requests are answered at once; each call has a thread.
const AT_ONCE: usize = 32;

/// Finds the routes that take a request, by its method and path, in the order in which they are asked.
pub type Find = Arc<dyn Fn(&str, &str) -> Vec<Route> + Send + Sync>;

/// Answers with routes.
pub(super) struct Routes {
    find: Find,
    room: Semaphore,
    complaints: Arc<Complaints>,
}

/// A request as it came.
pub(super) struct Asked<'a> {
    pub(super) method: &'a str,
    pub(super) path: &'a str,
    pub(super) query: HashMap<String, String>,
    pub(super) headers: &'a HeaderMap,
    pub(super) body: Bytes,
}

impl Routes {
    pub(super) fn new(find: Find, complaints: Arc<Complaints>) -> Self {
        Self { find, room: Semaphore::new(AT_ONCE), complaints }
    }

    /// What the first route that has an answer gives; nothing when none has one.
    pub(super) async fn answer(&self, asked: Asked<'_>) -> Option<Response> {
        let routes = (self.find)(asked.method, asked.path);
        if routes.is_empty() {
            return None;
        }
        let Ok(_place) = self.room.try_acquire() else {
            self.complaints.add("a web request, because too many are being answered");
            return Some(plain(StatusCode::SERVICE_UNAVAILABLE, "too many requests at once"));
        };
        let request = asked.to_json();
        for route in routes {
            let called = timeout(ANSWER, route.function.0.call(vec![request.clone()])).await;
            match called {
                Ok(Ok(Value::Null)) => {}
                Ok(Ok(value)) => return Some(response(value)),
                Ok(Err(error)) => {
                    let (pattern, zh) = (route.pattern(), error.text(Lang::Zh));
                    tracing::error!(target: "dingraia", zh = %format!("路由 {pattern}：{zh}"), "the route {pattern}: {error}");
                    return Some(plain(StatusCode::INTERNAL_SERVER_ERROR, "the handler failed"));
                }
                Err(_) => {
                    self.complaints.add("a web request whose handler took longer than 30 s");
                    return Some(plain(StatusCode::GATEWAY_TIMEOUT, "the handler took too long"));
                }
            }
        }
        None
    }
}

impl Asked<'_> {
    /// As functions get it. A body that is no text comes as `base64`; `json` is there when it is JSON.
    fn to_json(&self) -> Value {
        let headers: Map<String, Value> = self
            .headers
            .iter()
            .filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.into())))
            .collect();
        let mut request = json!({
            "method": self.method, "path": self.path, "query": self.query, "headers": headers,
            "body": std::str::from_utf8(&self.body).ok(), "json": serde_json::from_slice::<Value>(&self.body).ok(),
        });
        if request["body"].is_null() {
            request["base64"] = STANDARD.encode(&self.body).into();
        }
        request
    }
}

/// A text is plain text; a map with `status`, `headers` or `body` says everything; anything else is JSON.
fn response(value: Value) -> Response {
    const PARTS: [&str; 3] = ["status", "headers", "body"];
    let mut map = match value {
        Value::String(text) => return plain(StatusCode::OK, text),
        Value::Object(map) if !map.is_empty() && map.keys().all(|key| PARTS.contains(&key.as_str())) => map,
        other => return json_response(StatusCode::OK, &other),
    };
    let status = map.get("status").and_then(Value::as_u64).and_then(|code| u16::try_from(code).ok());
    let status = status.and_then(|code| StatusCode::from_u16(code).ok()).unwrap_or(StatusCode::OK);
    let mut response = match map.remove("body") {
        None | Some(Value::Null) => status.into_response(),
        Some(Value::String(text)) => plain(status, text),
        Some(other) => json_response(status, &other),
    };
    if let Some(Value::Object(headers)) = map.remove("headers") {
        for (name, value) in &headers {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            // What is no header is left out: the answer goes out all the same.
            if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(&text)) {
                response.headers_mut().insert(name, value);
            }
        }
    }
    response
}

fn plain(status: StatusCode, text: impl Into<String>) -> Response {
    (status, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text.into()).into_response()
}

fn json_response(status: StatusCode, value: &Value) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json; charset=utf-8")], value.to_string()).into_response()
}
