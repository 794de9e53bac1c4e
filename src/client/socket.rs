//! Websockets over the connections of the HTTP client: its TLS, its certificates, its proxies.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hyper::header::{CONNECTION, HeaderMap, HeaderValue, UPGRADE};
use reqwest::Upgraded;
use serde_json::{Map, Value};
use sha1::{Digest as _, Sha1};
use tokio::time::{Instant, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};

use super::request::{header_name, header_value};
use super::trouble::late;
use super::{Auth, Body, Call, Client, Flight, Proof, To, spoken};
use crate::error::{Error, Kind, Limit, Result, Sent};
use crate::lang::Text;
use crate::secret::Secret;
use crate::spec::{Effect, Host, Verb};

/// An open websocket.
pub type Socket = WebSocketStream<Upgraded>;

/// The longest message that is read at all: what is longer ends the connection.
const MAX_MESSAGE: usize = 16 * 1024 * 1024;

/// What the protocol appends to a key before it is hashed (RFC 6455).
const GUID: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// Where an endpoint and a ticket are asked for.
const OPEN: &str = "/v1.0/gateway/connections/open";

impl Client {
    /// Asks DingTalk for an endpoint and a ticket; or `signer`, an address that answers as DingTalk does.
    ///
    /// # Errors
    /// As [`Client::call`]; it is not tried again.
    pub async fn ask_for_socket(&self, signer: Option<&str>, body: Value) -> Result<Value> {
        let call = Call {
            verb: Verb::Post,
            to: signer.map_or_else(|| To::Host(Host::Api, OPEN.into()), |url| To::Url(Secret::new(url))),
            query: Vec::new(),
            body: Some(Body::Json(body)),
            headers: Map::new(),
            auth: Auth::None,
            effect: Effect::Read,
            proof: Proof::Object,
        };
        Box::pin(self.call_once(&call, &Flight::default())).await.map(|reply| reply.json)
    }

    /// Connects to a websocket. No token of DingTalk goes there.
    ///
    /// # Errors
    /// When it cannot be reached, or is no websocket.
    pub async fn open_socket(&self, address: &Secret, headers: &BTreeMap<String, Secret>) -> Result<Socket> {
        // The letters after `ws` and `http` are the same: none, or an `s`.
        let url = address.expose().strip_prefix("ws").map(|rest| format!("http{rest}"));
        let url = url.and_then(|url| url::Url::parse(&url).ok()).filter(url::Url::has_host);
        let Some(url) = url else {
            return Err(Error::unsendable(
                "a websocket's address must begin with ws:// or wss://",
                "Websocket 地址必须以 ws:// 或 wss:// 开头",
            ));
        };
        let place = Place::of(&url);
        let mut random = [0; 16];
        self.clock.random(&mut random);
        let key = STANDARD.encode(random);
        let request = self.http.reqwest(&self.config)?.get(url).headers(upgrade(&key, headers)?);
        let late = |_| {
            let after = self.http.first_byte.as_secs_f64();
            late(place.call.clone(), place.host.clone(), Limit::FirstByte, after, Sent::Unknown)
        };
        let start = Instant::now();
        let response = timeout(self.http.first_byte, request.send()).await;
        let status = response.as_ref().ok().and_then(|sent| Some(sent.as_ref().ok()?.status().as_u16()));
        spoken::tell_opened(&place.call, &place.host, status, start.elapsed());
        let response = response.map_err(late)?;
        let broken =
            |error: reqwest::Error| self.broken(place.call.clone(), place.host.clone(), &error.into());
        let response = response.map_err(broken)?;
        let status = response.status().as_u16();
        let accepted = response.headers().get("sec-websocket-accept").map(HeaderValue::as_bytes);
        let expected = STANDARD.encode(Sha1::digest(format!("{key}{GUID}").as_bytes()));
        if status != 101 || accepted != Some(expected.as_bytes()) {
            let problem = Text::fixed("no websocket", "不是 Websocket");
            return Err(Error::new(Kind::Unreadable { call: place.call.clone(), status, problem }));
        }
        let upgraded = response.upgrade().await.map_err(broken)?;
        let config =
            WebSocketConfig::default().max_message_size(Some(MAX_MESSAGE)).max_frame_size(Some(MAX_MESSAGE));
        Ok(WebSocketStream::from_raw_socket(upgraded, Role::Client, Some(config)).await)
    }
}

/// Where a websocket is, for texts: without the ticket.
#[derive(Debug, Clone)]
struct Place {
    call: String,
    host: String,
}

impl Place {
    fn of(url: &url::Url) -> Self {
        let host = url.host_str().unwrap_or_default();
        let host = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        Self { call: format!("GET {}", url.path()), host }
    }
}

fn upgrade(key: &str, given: &BTreeMap<String, Secret>) -> Result<HeaderMap> {
    let mut headers = HeaderMap::new();
    for (name, value) in given {
        let mut held = header_value(name, &Value::from(value.expose()))?;
        held.set_sensitive(true);
        headers.insert(header_name(name)?, held);
    }
    headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert("sec-websocket-version", HeaderValue::from_static("13"));
    // Base64 is always good for a header.
    if let Ok(key) = HeaderValue::from_str(key) {
        headers.insert("sec-websocket-key", key);
    }
    Ok(headers)
}
