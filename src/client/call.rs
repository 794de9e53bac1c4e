//! One request, as data.

use std::borrow::Cow;
use std::fmt;

use serde_json::{Map, Value};

use super::Body;
use crate::secret::Secret;
use crate::spec::{Effect, Endpoint, Host, Verb};

/// Where a request goes.
#[derive(Debug, Clone)]
pub enum To {
    /// A path on a host of DingTalk.
    Host(Host, Cow<'static, str>),
    /// A whole address that carries its own secret: a webhook.
    Url(Secret),
}

/// Which token goes along.
#[derive(Debug, Clone)]
pub enum Auth {
    /// The app's.
    App,
    /// One that was given for this call; it is never renewed.
    Given(Secret),
    /// None.
    None,
}

/// What an answer must have to be one. Whatever else stands between here and DingTalk may answer, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// Nothing: any JSON is an answer.
    Any,
    /// It is an object, or empty.
    Object,
    /// It is an object with this field.
    Field(&'static str),
}

/// One request. Its printed form is its label: body and query may hold secrets.
#[derive(Clone)]
pub struct Call {
    /// Verb.
    pub verb: Verb,
    /// Where.
    pub to: To,
    /// Query parameters beside the token.
    pub query: Vec<(String, String)>,
    /// Body.
    pub body: Option<Body>,
    /// Further headers.
    pub headers: Map<String, Value>,
    /// Token.
    pub auth: Auth,
    /// What it does to the world; decides whether it may be tried again.
    pub effect: Effect,
    /// What its answer has.
    pub proof: Proof,
}

impl Call {
    /// A call of `endpoint` with `body` and the app's token.
    pub fn new(endpoint: Endpoint, effect: Effect, body: Value) -> Self {
        Self {
            verb: endpoint.verb,
            to: To::Host(endpoint.host, endpoint.path.into()),
            query: Vec::new(),
            body: Some(Body::Json(body)),
            headers: Map::new(),
            auth: Auth::App,
            effect,
            proof: match endpoint.host {
                Host::Api => Proof::Object,
                Host::Oapi => Proof::Field("errcode"),
            },
        }
    }

    /// A message to a webhook: no token of the app, not counted.
    pub fn webhook(url: Secret, body: Value) -> Self {
        let is_robot = is_robot(path_of(url.expose()));
        Self {
            verb: Verb::Post,
            to: To::Url(url),
            query: Vec::new(),
            body: Some(Body::Json(body)),
            headers: Map::new(),
            auth: Auth::None,
            effect: Effect::Notify,
            proof: if is_robot { Proof::Field("errcode") } else { Proof::Any },
        }
    }

    /// Uses `token` instead of the app's, when one was given.
    #[must_use]
    pub fn with_token(mut self, token: Option<Secret>) -> Self {
        if let Some(token) = token {
            self.auth = Auth::Given(token);
        }
        self
    }

    /// `POST /path`, for texts: no host, no query, no secret.
    pub fn label(&self) -> String {
        label(self.verb, &self.to)
    }

    /// Takes the JSON that it carries.
    pub fn take_json(&mut self) -> Value {
        match self.body.take() {
            Some(Body::Json(body)) => body,
            _ => Value::Null,
        }
    }

    /// Whether an answer counts against the monthly quota.
    pub fn is_counted(&self) -> bool {
        matches!(self.to, To::Host(..)) && !matches!(self.auth, Auth::None)
    }
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Call").field(&self.label()).finish()
    }
}

pub(super) fn label(verb: Verb, to: &To) -> String {
    let path = match to {
        To::Host(_, path) => path.split('?').next().unwrap_or_default(),
        To::Url(url) => path_of(url.expose()),
    };
    [verb.name(), " ", path].concat()
}

/// Whether a path is that of a robot of DingTalk's, which tells no secret.
pub(super) fn is_robot(path: &str) -> bool {
    path.ends_with("/robot/send") || path.ends_with("/robot/sendBySession")
}

/// The path of an address, or all of it up to its query when it has none.
pub(super) fn path_of(url: &str) -> &str {
    let bare = url.split(['?', '#']).next().unwrap_or_default();
    bare.split_once("://").and_then(|(_, rest)| rest.find('/').map(|at| &rest[at..])).unwrap_or(bare)
}
