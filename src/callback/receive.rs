//! One request: what it is, whether it is DingTalk's, and what is answered.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value, json};
use tokio::time::timeout;

use super::Crypto;
use super::sign::{is_card, is_message, is_recent};
use crate::clock::{Clock, hex};
use crate::config::{Bot, Config};
use crate::error::Result;
use crate::model::{Complaints, Push, Sink, Taken, Topic};
use crate::secret::Secret;

/// The most that a handler's answer is waited for; a card's is due within 2 s.
const ANSWER: Duration = Duration::from_millis(1800);

/// What pushes are checked with.
#[derive(Debug, Clone, Default)]
pub struct Keys {
    /// Of events.
    pub events: Option<Crypto>,
    /// The app's secret, which signs messages.
    pub app: Option<Secret>,
    /// What signs card actions.
    pub card: Option<Secret>,
}

impl Keys {
    /// Those that are configured.
    ///
    /// # Errors
    /// When one of them is none.
    pub fn of(config: &Config) -> Result<Self> {
        let events = config.event_callback.as_ref().map(Crypto::new).transpose()?;
        let app = config.bot.as_ref().and_then(Bot::app).map(|(_, secret)| secret.clone());
        Ok(Self { events, app, card: config.card_api_secret.clone() })
    }
}

/// A request as it came.
#[derive(Debug, Default)]
pub struct Request {
    /// Its query, decoded.
    pub query: HashMap<String, String>,
    /// Its headers, their names in lower case.
    pub headers: HashMap<String, String>,
    /// Its body.
    pub body: Vec<u8>,
}

/// What is answered: JSON with status 200, a short reason otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// The body.
    pub body: String,
}

/// Takes requests.
pub struct Receiver {
    keys: Keys,
    clock: Clock,
    sink: Sink,
    complaints: Arc<Complaints>,
}

/// Why a request is not taken.
struct Refused(u16, &'static str);

type Checked<T> = std::result::Result<T, Refused>;

const OLD: Refused = Refused(403, "a callback that is old");
const FULL: Refused = Refused(503, "a callback, because too many wait to be handled");

impl Receiver {
    /// A receiver that gives what is DingTalk's to `sink`.
    pub fn new(keys: Keys, clock: Clock, sink: Sink, complaints: Arc<Complaints>) -> Self {
        Self { keys, clock, sink, complaints }
    }

    /// What is counted here, too.
    pub(super) fn complaints(&self) -> Arc<Complaints> {
        Arc::clone(&self.complaints)
    }

    /// Takes a request: by its body it is an event, a message or a card action.
    pub async fn receive(&self, request: Request) -> Reply {
        match self.checked(&request).await {
            Ok(body) => Reply { status: 200, body: body.to_string() },
            Err(Refused(status, why)) => {
                self.complaints.add(why);
                Reply { status, body: why.to_owned() }
            }
        }
    }

    async fn checked(&self, request: &Request) -> Checked<Value> {
        let body = serde_json::from_slice::<Value>(&request.body);
        let Ok(Value::Object(body)) = body else {
            return Err(Refused(400, "a callback that is not a JSON object"));
        };
        if let Some(encrypt) = body.get("encrypt") {
            return self.event(request, encrypt.as_str().unwrap_or_default());
        }
        if body.contains_key("conversationType") && body.contains_key("msgtype") {
            return self.message(request, body);
        }
        if body.get("type").and_then(Value::as_str) == Some("actionCallback") {
            return self.card(request, body).await;
        }
        if body.contains_key("EventType") {
            return Err(Refused(403, "an event that is not encrypted"));
        }
        Err(Refused(400, "a callback of an unknown kind"))
    }

    fn event(&self, request: &Request, encrypt: &str) -> Checked<Value> {
        let Some(crypto) = &self.keys.events else {
            return Err(Refused(403, "an event, for `event_callback` is not configured"));
        };
        let query = |name: &str| request.query.get(name).map(String::as_str).unwrap_or_default();
        let (timestamp, nonce) = (query("timestamp"), query("nonce"));
        let signature =
            [query("signature"), query("msg_signature")].into_iter().find(|text| !text.is_empty());
        let signature = signature.unwrap_or_default();
        if !is_recent(timestamp, self.clock.millis()) {
            return Err(OLD);
        }
        let text = crypto
            .open(signature, timestamp, nonce, encrypt)
            .map_err(|refused| Refused(403, refused.why()))?;
        let payload: Value =
            serde_json::from_str(&text).map_err(|_| Refused(400, "an event that is not a JSON object"))?;
        let text = |name: &str| payload.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let event_id = text("eventId");
        // What has no id of its own is known by its signature, so that the same request does nothing again.
        let id = if event_id.is_empty() { format!("http-{signature}") } else { event_id };
        let push = self.push(Topic::Event, text("EventType"), vec![id], payload, request.body.len());
        match (self.sink)(push) {
            Taken::Full => Err(FULL),
            Taken::Unreadable => Err(Refused(400, "a push that cannot be read")),
            Taken::Queued | Taken::Again | Taken::Answered(_) => Ok(self.success(crypto)),
        }
    }

    /// The encrypted `success`, with a time and a nonce of its own.
    fn success(&self, crypto: &Crypto) -> Value {
        let (mut random, mut nonce) = ([0; 16], [0; 8]);
        self.clock.random(&mut random);
        self.clock.random(&mut nonce);
        let (timestamp, nonce) = (self.clock.millis().to_string(), hex(&nonce));
        let answer = crypto.seal("success", random, &timestamp, &nonce);
        json!({ "msg_signature": answer.signature, "timeStamp": timestamp, "nonce": nonce, "encrypt": answer.encrypt })
    }

    fn message(&self, request: &Request, body: Map<String, Value>) -> Checked<Value> {
        let Some(secret) = &self.keys.app else {
            return Err(Refused(403, "a message, for no app is configured"));
        };
        let header = |name: &str| request.headers.get(name).map(String::as_str).unwrap_or_default();
        if !is_message(secret, header("timestamp"), header("sign"), self.clock.millis()) {
            return Err(Refused(403, "a message with a wrong or old signature"));
        }
        let id = body.get("msgId").and_then(Value::as_str).unwrap_or_default();
        let id = if id.is_empty() { format!("http-{}", header("sign")) } else { id.to_owned() };
        let push =
            self.push(Topic::Message, String::new(), vec![id], Value::Object(body), request.body.len());
        match (self.sink)(push) {
            Taken::Full => Err(FULL),
            _ => Ok(json!({ "msgtype": "empty" })),
        }
    }

    async fn card(&self, request: &Request, body: Map<String, Value>) -> Checked<Value> {
        let Some(secret) = &self.keys.card else {
            return Err(Refused(403, "a card action, for `card_api_secret` is not configured"));
        };
        let header = |name: &str| request.headers.get(name).map(String::as_str).unwrap_or_default();
        let (timestamp, sign) = (header("x-ddpaas-signature-timestamp"), header("x-ddpaas-signature"));
        if !is_card(secret, timestamp, sign, self.clock.millis()) {
            return Err(Refused(403, "a card action with a wrong or old signature"));
        }
        // The signature covers the time alone, so the body makes two actions of one moment different.
        let body = Value::Object(body);
        let id = format!("card-{timestamp}-{body}");
        let push = self.push(Topic::CardAction, String::new(), vec![id], body, request.body.len());
        match (self.sink)(push) {
            Taken::Full => Err(FULL),
            Taken::Answered(given) => {
                let given = timeout(ANSWER, given).await.ok().and_then(std::result::Result::ok);
                Ok(given.unwrap_or_else(|| json!({})))
            }
            Taken::Queued | Taken::Again | Taken::Unreadable => Ok(json!({})),
        }
    }

    fn push(&self, topic: Topic, event_type: String, ids: Vec<String>, payload: Value, size: usize) -> Push {
        Push { topic, event_type, ids, headers: Map::new(), payload, received: self.clock.millis(), size }
    }
}
