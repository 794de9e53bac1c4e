//! What a running method has at hand.

use std::sync::Arc;

use super::safety::{Held, UnderWay, hold};
use super::{Output, Scope, Session};
use crate::client::{Auth, Call, Flight, Reply};
use crate::error::{Error, Kind, Result};
use crate::lang::Text;
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
    /// Who began it, and whether it only tries.
    pub scope: Scope,
}

impl Context {
    /// A context for one method call.
    pub fn new(session: Arc<Session>) -> Self {
        Self { session, flight: Arc::new(Flight::default()), token: None, scope: Scope::default() }
    }

    /// The same, inside a `with_access_token`.
    #[must_use]
    pub fn with_token(mut self, token: Option<Secret>) -> Self {
        self.token = token;
        self
    }

    /// The same, begun in `scope`.
    #[must_use]
    pub fn under(mut self, scope: Scope) -> Self {
        self.scope = scope;
        self
    }

    /// One for reads beside the call, of which the call itself knows nothing. In a dry run what was made up can be read, too.
    pub(super) fn aside(&self) -> Self {
        let scope = Scope { dry: self.holds_back(), ..Scope::default() };
        Self::new(Arc::clone(&self.session)).with_token(self.token.clone()).under(scope)
    }

    /// Makes one call, if nothing holds it. A token of the call itself comes before that of the surrounding scope.
    ///
    /// # Errors
    /// As the client's, and when it may not be sent.
    pub async fn call(&self, call: &Call) -> Result<Reply> {
        let mut record = None;
        if !self.session.safety.lets_pass(call.effect, &self.scope) {
            match Box::pin(self.held(call)).await? {
                Held::Answered(reply) => return Ok(reply),
                Held::Free => {}
                Held::Recorded(image) => record = Some(UnderWay::new(self, call, *image)),
            }
        }
        let answer = self.send(call).await;
        if let Some(record) = record {
            record.end(&answer);
        }
        answer
    }

    /// As [`Context::call`], but it is not tried again: its caller has something newer to say by then.
    ///
    /// # Errors
    /// As there.
    pub(super) async fn call_once(&self, call: &Call) -> Result<Reply> {
        if !self.session.safety.is_idle(&self.scope)
            && let Held::Answered(reply) = Box::pin(self.held(call)).await?
        {
            return Ok(reply);
        }
        Box::pin(self.session.client.call_once(call, &self.flight)).await
    }

    /// What becomes of a call that something holds. What is not sent stands in the journal, too.
    async fn held(&self, call: &Call) -> Result<Held> {
        let held = hold(self, call).await;
        match &held {
            Ok(Held::Answered(_)) => self.session.client.note_held(call, &self.flight),
            Ok(Held::Free | Held::Recorded(_)) => {}
            Err(error) => self.session.client.note_unsent(call, &self.flight, error),
        }
        held
    }

    async fn send(&self, call: &Call) -> Result<Reply> {
        let scoped = match (&self.token, &call.auth) {
            (Some(token), Auth::App) => Some(call.clone().with_token(Some(token.clone()))),
            _ => None,
        };
        let call = scoped.as_ref().unwrap_or(call);
        // Boxed where it is made: what awaits it is moved often, and would carry it along each time.
        Box::pin(self.session.client.call(call, &self.flight)).await
    }

    /// Whether what changes something is not sent at the moment, but its answer made up.
    pub(super) fn holds_back(&self) -> bool {
        self.session.safety.holds_back(&self.scope)
    }

    /// Tells a step of a method that takes several, when it is taken.
    pub(super) fn tell(&self, step: &Text) {
        if self.session.safety.lets_write(&self.scope) {
            self.session.tell(step);
        }
    }

    /// A group was changed: what the cache knows of it is old, unless nothing was sent.
    pub(super) fn outdate_group(&self, cid: &str) {
        if self.session.safety.lets_write(&self.scope) {
            self.session.cache.outdate_group(cid);
        }
    }

    /// A person was changed.
    pub(super) fn outdate_user(&self, staff_id: &str) {
        if self.session.safety.lets_write(&self.scope) {
            self.session.cache.outdate_user(staff_id);
        }
    }

    /// Says whom the method is about in all, `size` in a request, where that is shown or asked about.
    pub(super) fn tell_scale(&self, people: &[String], size: usize) {
        if !self.session.safety.is_idle(&self.scope) {
            self.flight.set_scale(people, people.len().div_ceil(size.max(1)));
        }
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
