//! A request as it may be shown before it is sent, or in its place: without its secrets.

use super::exchange::own_secrets;
use super::mask::masked;
use super::send::host_of;
use super::{Auth, Body, Call, Client};
use crate::secret::Secret;

/// A request for the eye.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// `POST /path`.
    pub label: String,
    /// Host, with its port when that is not the usual one.
    pub host: String,
    /// `name=value` of each query parameter, and the body; empty when there is neither.
    pub body: String,
    /// Whether an answer would count against the monthly quota.
    pub is_counted: bool,
}

impl Client {
    /// `call` as it may be shown, without `token`, which may go along with it.
    pub fn shown(&self, call: &Call, token: Option<&Secret>) -> Shown {
        let mut secrets: Vec<&Secret> = own_secrets(self.config.bot.as_ref()).chain(token).collect();
        if let Auth::Given(token) = &call.auth {
            secrets.push(token);
        }
        let held = self.held_token();
        secrets.extend(&held);
        let secrets: Vec<&str> = secrets.into_iter().map(Secret::expose).collect();
        let query = call.query.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>();
        let query = masked(&query.join("&"), &secrets, &[]);
        let body = match &call.body {
            Some(Body::Json(body)) => masked(&body.to_string(), &secrets, &["code"]),
            Some(Body::Form(upload)) => format!("({}: {}, {} bytes)", upload.part, upload.name, upload.size),
            None => String::new(),
        };
        let body = [query, body].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
        Shown { label: call.label(), host: host_of(self.base(&call.to)), body, is_counted: call.is_counted() }
    }
}
