//! What a running method has at hand.

use std::sync::Arc;

use super::{Output, Session};
use crate::client::{Auth, Call, Flight, Reply};
use crate::error::{Error, Kind, Result};
use crate::secret::Secret;

/// The live session and the state of this call's requests.
#[derive(Debug, Clone)]
pub struct Context {
    /// The session.
    pub session: Arc<Session>,
    /// Where the requests are.
    pub flight: Arc<Flight>,
    /// The token of the surrounding `with_access_token`.
    pub token: Option<Secret>,
}

impl Context {
    /// A context for one method call.
    pub fn new(session: Arc<Session>) -> Self {
        Self { session, flight: Arc::new(Flight::default()), token: None }
    }

    /// The same, inside a `with_access_token`.
    #[must_use]
    pub fn with_token(mut self, token: Option<Secret>) -> Self {
        self.token = token;
        self
    }

    /// Makes one call. A token of the call itself comes before that of the surrounding scope.
    ///
    /// # Errors
    /// As the client's.
    pub async fn call(&self, call: &Call) -> Result<Reply> {
        let scoped = match (&self.token, &call.auth) {
            (Some(token), Auth::App) => Some(call.clone().with_token(Some(token.clone()))),
            _ => None,
        };
        let call = scoped.as_ref().unwrap_or(call);
        // Boxed where it is made: what awaits it is moved often, and would carry it along each time.
        Box::pin(self.session.client.call(call, &self.flight)).await
    }

    /// With `raise_for_api_error = false` DingTalk's refusal is an answer like any other.
    pub(super) fn refusal_as_answer(&self, result: Result<Output>) -> Result<Output> {
        match result {
            Err(error) if !self.session.config.raise_for_api_error => refused_body(error).map(Output::Json),
            other => other,
        }
    }
}

fn refused_body(error: Error) -> Result<serde_json::Value> {
    match error.kind() {
        Kind::Refused(refusal) => Ok(refusal.body.clone()),
        Kind::Partial { body, .. } => Ok(body.clone()),
        _ => Err(error),
    }
}
