//! The table of calls, and what a call's handler is given.

use axum::http::HeaderMap;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::refuse::{Host, Malformed, Refusal, oapi_request_id};
use super::state::State;
use super::{contact, group, recall, robot, token, webhook};
use crate::clock::Clock;

/// Every call the sandbox serves, by topic. Everything else is refused.
const TABLE: &[&[Route]] =
    &[token::ROUTES, robot::ROUTES, recall::ROUTES, webhook::ROUTES, contact::ROUTES, group::ROUTES];

/// What a call needs besides its parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Auth {
    /// No app token: token calls and webhooks.
    Open,
    /// A valid app token in its place and this permission point.
    App(&'static str),
}

/// One call.
pub(super) struct Route {
    pub(super) host: Host,
    pub(super) verb: &'static str,
    pub(super) path: &'static str,
    pub(super) auth: Auth,
    pub(super) malformed: Malformed,
    pub(super) handle: fn(&Call<'_>) -> Answer,
}

/// What a handler gives back.
pub(super) type Answer = Result<Success, Refusal>;

/// A call that was done.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Success {
    /// The body as it is.
    Body(Value),
    /// oapi: `errcode` 0 around a `result`.
    Wrapped(Value),
    /// oapi: as [`Success::Wrapped`] with `success: true`, as the group calls have it.
    Flagged(Value),
}

impl Success {
    pub(super) fn render(self, clock: &Clock) -> Value {
        match self {
            Self::Body(body) => body,
            Self::Wrapped(result) => json!({
                "errcode": 0, "errmsg": "ok", "result": result, "request_id": oapi_request_id(clock),
            }),
            Self::Flagged(result) => json!({
                "errcode": 0, "errmsg": "ok", "success": true, "result": result,
                "request_id": oapi_request_id(clock),
            }),
        }
    }
}

/// A request on its way to a handler.
pub(super) struct Call<'a> {
    pub(super) state: &'a State,
    pub(super) clock: &'a Clock,
    pub(super) malformed: Malformed,
    pub(super) headers: &'a HeaderMap,
    pub(super) query: &'a [(String, String)],
    pub(super) bytes: &'a [u8],
}

impl Call<'_> {
    /// The JSON body, with the route's own refusal for unknown fields and wrong types.
    pub(super) fn body<T: DeserializeOwned>(&self) -> Result<T, Refusal> {
        serde_json::from_slice(self.bytes).map_err(|error| self.malformed.refuse(error.to_string()))
    }

    /// The query; a name given twice is refused like an unknown one.
    pub(super) fn query<T: DeserializeOwned>(&self) -> Result<T, Refusal> {
        let mut map = Map::new();
        for (name, value) in self.query {
            if map.insert(name.clone(), Value::String(value.clone())).is_some() {
                return Err(self.malformed.refuse(format!("duplicate parameter `{name}`")));
            }
        }
        T::deserialize(Value::Object(map)).map_err(|error| self.malformed.refuse(error.to_string()))
    }

    /// The refusal for a parameter that is missing or has a value that is not allowed.
    pub(super) fn bad(&self, message: impl Into<String>) -> Refusal {
        self.malformed.refuse(message)
    }

    /// A required parameter.
    pub(super) fn need<T>(&self, value: Option<T>, name: &str) -> Result<T, Refusal> {
        value.ok_or_else(|| self.bad(format!("missing parameter `{name}`")))
    }

    /// A required text that may not be empty.
    pub(super) fn need_text<'t>(&self, value: Option<&'t String>, name: &str) -> Result<&'t str, Refusal> {
        self.need(value.map(String::as_str).filter(|text| !text.is_empty()), name)
    }

    /// Whether the body is declared as JSON.
    pub(super) fn is_json(&self) -> bool {
        self.content_type().eq_ignore_ascii_case("application/json")
    }

    fn content_type(&self) -> &str {
        let value =
            self.headers.get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
        value.split(';').next().unwrap_or_default().trim()
    }
}

/// The call of this host, verb and path.
pub(super) fn find(host: Host, verb: &str, path: &str) -> Result<&'static Route, Refusal> {
    let mut on_path =
        TABLE.iter().copied().flatten().filter(|route| route.host == host && route.path == path);
    let Some(first) = on_path.next() else {
        return Err(host.no_such_call(verb, path));
    };
    std::iter::once(first)
        .chain(on_path)
        .find(|route| route.verb == verb)
        .ok_or_else(|| host.wrong_verb(verb, path, first.verb))
}
