//! The table of calls, and what a call's handler is given.

use axum::http::HeaderMap;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::content::Content;
use super::form::Form;
use super::refuse::{Host, Malformed, Refusal, oapi_request_id};
use super::state::State;
use super::{
    World, ai, card, card_callback, card_deliver, card_stream, contact, contact_change, ding, file, group,
    group_change, group_v1, group_v1_change, group_v1_role, login, media, off_duty, push, recall, robot,
    token, webhook,
};
use crate::clock::Clock;

/// Every call the sandbox serves, by topic. Everything else is refused.
const TABLE: &[&[Route]] = &[
    token::ROUTES,
    login::ROUTES,
    robot::ROUTES,
    recall::ROUTES,
    ding::ROUTES,
    off_duty::ROUTES,
    ai::ROUTES,
    webhook::ROUTES,
    card::ROUTES,
    card_deliver::ROUTES,
    card_stream::ROUTES,
    card_callback::ROUTES,
    contact::ROUTES,
    contact_change::ROUTES,
    group::ROUTES,
    group_change::ROUTES,
    group_v1::ROUTES,
    group_v1_change::ROUTES,
    group_v1_role::ROUTES,
    media::ROUTES,
    file::ROUTES,
    push::ROUTES,
];

/// What a call needs besides its parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Auth {
    /// No app token: token calls, webhooks and stored files.
    Open,
    /// A valid app token in its place.
    AnyApp,
    /// A valid app token in its place and this permission point.
    App(&'static str),
    /// The token of a person who logged in, and this permission point.
    Person(&'static str),
}

/// What the body of a call is, unless its verb is GET.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Takes {
    Json,
    /// `multipart/form-data`.
    Form,
}

/// One call.
pub(super) struct Route {
    pub(super) host: Host,
    pub(super) verb: &'static str,
    /// The path; one that ends in `/*` stands for everything below it.
    pub(super) path: &'static str,
    pub(super) auth: Auth,
    pub(super) takes: Takes,
    /// Query parameters that a call with a token takes beside the token.
    pub(super) query: &'static [&'static str],
    pub(super) malformed: Malformed,
    pub(super) handle: fn(&Call<'_>) -> Answer,
}

impl Route {
    /// A call on api; `code` refuses malformed parameters.
    pub(super) const fn api(
        verb: &'static str,
        path: &'static str,
        auth: Auth,
        code: &'static str,
        handle: fn(&Call<'_>) -> Answer,
    ) -> Self {
        let malformed = Malformed::Api(code);
        Self { host: Host::Api, verb, path, auth, takes: Takes::Json, query: &[], malformed, handle }
    }

    /// A POST call on oapi; `malformed` refuses malformed parameters.
    pub(super) const fn oapi(
        path: &'static str,
        auth: Auth,
        malformed: Malformed,
        handle: fn(&Call<'_>) -> Answer,
    ) -> Self {
        Self { host: Host::Oapi, verb: "POST", path, auth, takes: Takes::Json, query: &[], malformed, handle }
    }

    fn serves(&self, path: &str) -> bool {
        match self.path.strip_suffix('*') {
            Some(above) => path.len() > above.len() && path.starts_with(above),
            None => self.path == path,
        }
    }
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
    /// HTTP 200 without a body.
    Empty,
    /// A stored file.
    File { content_type: &'static str, bytes: Vec<u8> },
}

impl Success {
    pub(super) fn render(self, clock: &Clock) -> Content {
        Content::Json(match self {
            Self::Body(body) => body,
            Self::Wrapped(result) => json!({
                "errcode": 0, "errmsg": "ok", "result": result, "request_id": oapi_request_id(clock),
            }),
            Self::Flagged(result) => json!({
                "errcode": 0, "errmsg": "ok", "success": true, "result": result,
                "request_id": oapi_request_id(clock),
            }),
            Self::Empty => return Content::Empty,
            Self::File { content_type, bytes } => return Content::Bytes { content_type, bytes },
        })
    }
}

/// A request on its way to a handler.
pub(super) struct Call<'a> {
    pub(super) world: &'a World,
    pub(super) state: &'a State,
    pub(super) clock: &'a Clock,
    pub(super) malformed: Malformed,
    pub(super) path: &'a str,
    pub(super) headers: &'a HeaderMap,
    pub(super) query: &'a [(String, String)],
    /// The body, unless it was a form.
    pub(super) bytes: &'a [u8],
    pub(super) form: Option<&'a Form>,
}

impl Call<'_> {
    /// The JSON body, with the route's own refusal for unknown fields and wrong types.
    pub(super) fn body<T: DeserializeOwned>(&self) -> Result<T, Refusal> {
        serde_json::from_slice(self.bytes).map_err(|error| self.malformed.refuse(error.to_string()))
    }

    /// What is left of a JSON body after some of its fields were taken out.
    pub(super) fn rest<T: DeserializeOwned>(&self, fields: Map<String, Value>) -> Result<T, Refusal> {
        T::deserialize(Value::Object(fields)).map_err(|error| self.malformed.refuse(error.to_string()))
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

    /// The host that was called, as the caller knows it.
    pub(super) fn host(&self) -> &str {
        self.headers.get("host").and_then(|host| host.to_str().ok()).unwrap_or("127.0.0.1")
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
        TABLE.iter().copied().flatten().filter(|route| route.host == host && route.serves(path));
    let Some(first) = on_path.next() else {
        return Err(host.no_such_call(verb, path));
    };
    std::iter::once(first)
        .chain(on_path)
        .find(|route| route.verb == verb)
        .ok_or_else(|| host.wrong_verb(verb, path, first.verb))
}
