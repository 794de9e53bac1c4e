//! The app's token: fetched once, shared, renewed early by one task while the others wait.

use std::sync::Arc;

use hyper::header::HeaderValue;
use parking_lot::RwLock;
use serde::Deserialize;
use serde_json::{Map, json};

use super::retry::Tries;
use super::{Auth, Call, Client, Flight, Proof, To};
use crate::error::{Class, Error, Kind, Result};
use crate::lang::Text;
use crate::secret::Secret;
use crate::spec::{Effect, Endpoint, Host, Verb};

/// A token that has less than this left is renewed, in milliseconds.
const MARGIN: i64 = 300_000;

/// A token that can be sent.
#[derive(Debug)]
pub(super) struct Issued {
    pub(super) token: Secret,
    /// When it ends, Unix milliseconds.
    until: i64,
}

impl Issued {
    fn new(token: Secret, until: i64) -> Result<Self> {
        let issued = Self { token, until };
        issued.header().map(|_| issued)
    }

    /// As a header. It is made anew for each request: the count of a shared one would travel between the processors.
    pub(super) fn header(&self) -> Result<HeaderValue> {
        let mut header = HeaderValue::from_str(self.token.expose()).map_err(|_| {
            Error::unsendable(
                "the access token holds characters that cannot be sent",
                "access_token 含有无法发送的字符",
            )
        })?;
        header.set_sensitive(true);
        Ok(header)
    }

    /// A token that somebody gave; when it ends is not known.
    pub(super) fn given(token: &Secret) -> Result<Self> {
        Self::new(token.clone(), i64::MAX)
    }
}

#[derive(Debug, Default)]
pub(super) struct Tokens {
    current: RwLock<Option<Arc<Issued>>>,
    fetching: tokio::sync::Mutex<()>,
}

impl Tokens {
    /// The current token, a new one when it ends within five minutes.
    pub(super) async fn get(&self, client: &Client, flight: &Flight) -> Result<Arc<Issued>> {
        if let Some(token) = self.live(client) {
            return Ok(token);
        }
        let _single = self.fetching.lock().await;
        if let Some(token) = self.live(client) {
            return Ok(token);
        }
        let token = Arc::new(Box::pin(client.fetch_token(flight)).await?);
        *self.current.write() = Some(Arc::clone(&token));
        Ok(token)
    }

    fn live(&self, client: &Client) -> Option<Arc<Issued>> {
        let current = self.current.read();
        current.as_ref().filter(|token| token.until - MARGIN > client.clock.millis()).cloned()
    }

    /// The current token, whatever is left of it.
    pub(super) fn held(&self) -> Option<Secret> {
        self.current.read().as_ref().map(|issued| issued.token.clone())
    }

    /// Forgets `token`, unless another has taken its place already.
    pub(super) fn drop_if(&self, token: &Arc<Issued>) {
        let mut current = self.current.write();
        if current.as_ref().is_some_and(|held| Arc::ptr_eq(held, token)) {
            *current = None;
        }
    }
}

#[derive(Deserialize)]
struct NewToken {
    #[serde(alias = "access_token")]
    #[serde(rename = "accessToken")]
    token: Secret,
    #[serde(alias = "expires_in", alias = "expiresIn")]
    #[serde(rename = "expireIn")]
    seconds: i64,
}

impl Client {
    /// Asks for a token: `/v1.0/oauth2/accessToken`, or the older `/gettoken` where the new call does not exist.
    async fn fetch_token(&self, flight: &Flight) -> Result<Issued> {
        let (key, secret) = self.credentials()?;
        let endpoint = Endpoint { verb: Verb::Post, host: Host::Api, path: "/v1.0/oauth2/accessToken" };
        let mut call =
            Call::new(endpoint, Effect::Read, json!({ "appKey": key, "appSecret": secret.expose() }));
        call.auth = Auth::None;
        call.proof = Proof::Field("accessToken");
        let asked = self.clock.millis();
        let answer = match self.send_until_done(&call, None, flight, &mut Tries::default()).await {
            Err(error) if is_missing(&error) => {
                self.send_until_done(&old_call(key, secret), None, flight, &mut Tries::default()).await
            }
            other => other,
        };
        let reply = answer.map_err(with_hint)?;
        // The request is over; what follows has its own state.
        flight.reset();
        let token: NewToken =
            serde_json::from_value(reply.json).map_err(|_| no_token(&call, reply.status))?;
        Issued::new(token.token, asked + token.seconds.max(0) * 1000)
    }
}

fn old_call(key: &str, secret: &Secret) -> Call {
    Call {
        verb: Verb::Get,
        to: To::Host(Host::Oapi, "/gettoken".into()),
        query: vec![("appkey".into(), key.into()), ("appsecret".into(), secret.expose().into())],
        body: None,
        headers: Map::new(),
        auth: Auth::None,
        effect: Effect::Read,
        proof: Proof::Field("access_token"),
    }
}

fn is_missing(error: &Error) -> bool {
    matches!(error.kind(), Kind::Refused(refusal) if refusal.status == 404)
}

/// A refused token call is a matter of the credentials, whatever its code, unless there were too many or the server is to blame.
fn with_hint(error: Error) -> Error {
    match error.kind() {
        Kind::Refused(refusal)
            if error.hints().is_empty() && matches!(refusal.class, Class::Request | Class::Token) =>
        {
            error.hint(Text::fixed(
                "check `bot.app_key` and `bot.app_secret`; `dingraia config show` tells where they come from",
                "请检查 `bot.app_key` 与 `bot.app_secret`；`dingraia config show` 会显示它们的来源",
            ))
        }
        _ => error,
    }
}

fn no_token(call: &Call, status: u16) -> Error {
    let problem = Text::fixed("JSON without a token in it", "不含 token 的 JSON");
    Error::new(Kind::Unreadable { call: call.label(), status, problem })
}
