//! One request out, one answer in.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::header::{CONTENT_TYPE, DATE, HeaderName, HeaderValue};
use tokio::time::{Instant, timeout};

use super::exchange::{Piece, Raw, Sent as Carried};
use super::token::Issued;
use super::{Auth, Body, Call, Client, Flight, Reply, To, decode};
use crate::error::{Error, Kind, Result, Sent};
use crate::lang::Text;
use crate::secret::Secret;
use crate::spec::{Host, Verb};

/// What stays as it is in a query value.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The largest answer that is read; DingTalk's are far below.
const MAX_ANSWER: usize = 64 * 1024 * 1024;

impl Client {
    /// Sends `call` once.
    pub(super) async fn send(&self, call: &Call, token: Option<&Issued>, flight: &Flight) -> Result<Reply> {
        let request = self.request(call, token).await?;
        let mut told = Told::new(self, call, token, &request);
        let moving = Moving::of(call);
        // A file takes as long as it takes; it must only keep moving.
        let whole = if let Moving::Nothing = moving { self.http.whole } else { Duration::MAX };
        flight.start();
        let answer = timeout(whole, self.exchange(call, request, &moving, flight))
            .await
            .unwrap_or_else(|_| Err(self.late(call, whole, flight.sent().unwrap_or(Sent::Unknown))));
        told.keep(answer.as_ref().ok());
        let (status, html, bytes) = answer?;
        let reply = decode(call, status, html, bytes);
        if call.is_counted() && is_counted_answer(status, reply.as_ref().err()) {
            match flight.method() {
                Some(method) => self.usage.add(method),
                None => self.usage.add(&call.label()),
            }
        }
        reply
    }

    async fn exchange(
        &self,
        call: &Call,
        request: reqwest::Request,
        moving: &Moving,
        flight: &Flight,
    ) -> Result<Answer> {
        let response = self.begin(call, request, moving).await?;
        flight.answered();
        if matches!(call.auth, Auth::None) {
            self.compare_clocks(&response);
        }
        let status = response.status().as_u16();
        let html = response
            .headers()
            .get(CONTENT_TYPE)
            .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
        let whole = self.http.whole;
        let bytes = timeout(whole, read(response))
            .await
            .map_err(|_| self.late(call, whole, Sent::Yes))?
            .map_err(|error| match error {
                ReadError::Http(error) => self.cut(call, status, &error),
                ReadError::TooLong => too_long(call, status),
            })?;
        Ok((status, html, bytes))
    }

    /// The texts that must not be kept.
    pub(super) fn secrets(&self, token: Option<&Issued>) -> Vec<Secret> {
        let bot = self.config.bot.as_ref();
        let own = [
            bot.and_then(|bot| bot.app_secret.as_ref()),
            bot.and_then(|bot| bot.group_webhook_access_token.as_ref()),
            bot.and_then(|bot| bot.group_webhook_secure_key.as_ref()),
            token.map(|token| &token.token),
        ];
        own.into_iter().flatten().cloned().collect()
    }

    /// Sends `request` and waits for the beginning of its answer.
    pub(super) async fn begin(
        &self,
        call: &Call,
        request: reqwest::Request,
        moving: &Moving,
    ) -> Result<reqwest::Response> {
        let limit = self.http.first_byte;
        let mut answer = pin!(self.http.get()?.execute(request));
        let mut before = moving.bytes();
        loop {
            match timeout(limit, &mut answer).await {
                Ok(answer) => return answer.map_err(|error| self.broken(call, &error)),
                Err(_) if moving.bytes() > before => before = moving.bytes(),
                Err(_) => return Err(self.late(call, limit, Sent::Unknown)),
            }
        }
    }

    /// The header `Date` has whole seconds, so half of one is the expected difference.
    fn compare_clocks(&self, response: &reqwest::Response) {
        let date = response.headers().get(DATE).and_then(|date| date.to_str().ok());
        if let Some(Ok(theirs)) = date.map(jiff::fmt::rfc2822::parse) {
            *self.skew.lock() = Some(theirs.timestamp().as_millisecond() + 500 - self.clock.millis());
        }
    }

    pub(super) async fn request(&self, call: &Call, token: Option<&Issued>) -> Result<reqwest::Request> {
        let verb = match call.verb {
            Verb::Get => reqwest::Method::GET,
            Verb::Post => reqwest::Method::POST,
            Verb::Put => reqwest::Method::PUT,
            Verb::Delete => reqwest::Method::DELETE,
        };
        let address = self.address(call, token);
        let mut builder = self.http.get()?.request(verb, address);
        if let (To::Host(Host::Api, _), Some(token)) = (&call.to, token) {
            builder = builder.header("x-acs-dingtalk-access-token", token.header.clone());
        }
        let accepted = if is_fetch(call) { "*/*" } else { "application/json" };
        builder = builder.header("accept", HeaderValue::from_static(accepted));
        for (name, value) in &call.headers {
            builder = builder.header(header_name(name)?, header_value(name, value)?);
        }
        builder = match &call.body {
            Some(Body::Json(body)) => {
                // Serialising JSON that was built in memory cannot fail.
                let bytes = serde_json::to_vec(body).unwrap_or_default();
                builder
                    .header(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"))
                    .body(bytes)
            }
            Some(Body::Form(upload)) => builder.multipart(upload.form().await?),
            None => builder,
        };
        builder.build().map_err(|_| bad_address(call))
    }

    fn address(&self, call: &Call, token: Option<&Issued>) -> String {
        let (mut address, host) = match &call.to {
            To::Host(host, path) => {
                let base = match host {
                    Host::Api => &self.config.endpoints.api,
                    Host::Oapi => &self.config.endpoints.oapi,
                };
                (format!("{}{path}", base.trim_end_matches('/')), Some(*host))
            }
            To::Url(url) => (url.expose().to_owned(), None),
        };
        let mut push = |name: &str, value: &str| {
            address.push(if address.contains('?') { '&' } else { '?' });
            address.push_str(name);
            address.push('=');
            address.extend(utf8_percent_encode(value, QUERY));
        };
        if let (Some(Host::Oapi), Some(token)) = (host, token) {
            push("access_token", token.token.expose());
        }
        for (name, value) in &call.query {
            push(name, value);
        }
        address
    }

    pub(super) fn host(&self, call: &Call) -> String {
        host_of(self.base(call).expose())
    }

    /// An address on the host of the call.
    fn base(&self, call: &Call) -> Secret {
        match &call.to {
            To::Host(Host::Api, _) => self.config.endpoints.api.as_str().into(),
            To::Host(Host::Oapi, _) => self.config.endpoints.oapi.as_str().into(),
            To::Url(url) => url.clone(),
        }
    }

    pub(super) fn late(&self, call: &Call, after: Duration, sent: Sent) -> Error {
        Error::new(Kind::TimedOut {
            call: call.label(),
            host: self.host(call),
            after: after.as_secs_f64(),
            sent,
        })
        .hint(Text::fixed(
            "`[timeouts]` in the configuration sets the limits",
            "超时时间可在配置的 `[timeouts]` 中调整",
        ))
    }

    fn broken(&self, call: &Call, error: &reqwest::Error) -> Error {
        let sent = if error.is_connect() || error.is_builder() { Sent::No } else { Sent::Unknown };
        if error.is_timeout() {
            return self.late(call, Duration::from_secs_f64(self.config.timeouts.connect), sent);
        }
        let problem = innermost(error);
        let error = Error::new(Kind::Network { call: call.label(), host: self.host(call), problem, sent });
        match sent {
            Sent::No => error.hint(Text::fixed(
                "check the network, the proxy (HTTPS_PROXY) and `[endpoints]`; `dingraia doctor` tests each step",
                "请检查网络、代理（HTTPS_PROXY）与 `[endpoints]`；`dingraia doctor` 会逐项检查",
            )),
            Sent::Yes | Sent::Unknown => error,
        }
    }

    pub(super) fn cut(&self, call: &Call, status: u16, error: &reqwest::Error) -> Error {
        let problem = format!("the answer (HTTP {status}) was cut short: {}", innermost(error));
        Error::new(Kind::Network { call: call.label(), host: self.host(call), problem, sent: Sent::Yes })
    }
}

/// The host of an address, with its port when that is not the usual one.
pub(super) fn host_of(url: &str) -> String {
    let Ok(url) = url::Url::parse(url) else { return "?".into() };
    let host = url.host_str().unwrap_or("?");
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// Status, whether it is HTML, and the body.
type Answer = (u16, bool, Vec<u8>);

/// What is kept of a request until its answer is there; when nobody waits any more it is kept without one.
struct Told<'a> {
    client: &'a Client,
    call: &'a Call,
    secrets: Vec<Secret>,
    carried: Carried,
    start: Instant,
    is_kept: bool,
}

impl<'a> Told<'a> {
    fn new(
        client: &'a Client,
        call: &'a Call,
        token: Option<&'a Issued>,
        request: &reqwest::Request,
    ) -> Self {
        let (secrets, carried) = (client.secrets(token), Carried::of(call, request));
        Self { client, call, secrets, carried, start: Instant::now(), is_kept: false }
    }

    fn keep(&mut self, answer: Option<&Answer>) {
        self.is_kept = true;
        let carried = std::mem::replace(&mut self.carried, Carried::File(String::new()));
        self.client.exchanges.keep(Raw {
            call: self.call.label(),
            address: self.client.base(self.call),
            request: carried,
            status: answer.map(|answer| answer.0),
            answer: answer.map(|answer| Piece::of(&answer.2)).unwrap_or_default(),
            secrets: std::mem::take(&mut self.secrets),
            took: self.start.elapsed(),
        });
    }
}

impl Drop for Told<'_> {
    fn drop(&mut self) {
        if !self.is_kept {
            self.keep(None);
        }
    }
}

/// What moves while a request waits for its answer.
pub(super) enum Moving {
    /// Nothing: the request is small.
    Nothing,
    /// A file that is being sent.
    File(Arc<AtomicU64>),
}

impl Moving {
    fn of(call: &Call) -> Self {
        match &call.body {
            Some(Body::Form(upload)) => Self::File(Arc::clone(&upload.moved)),
            Some(Body::Json(_)) | None => Self::Nothing,
        }
    }

    fn bytes(&self) -> u64 {
        match self {
            Self::Nothing => 0,
            Self::File(moved) => moved.load(Ordering::Relaxed),
        }
    }
}

/// A file behind an address.
fn is_fetch(call: &Call) -> bool {
    matches!((&call.to, call.verb), (To::Url(_), Verb::Get))
}

enum ReadError {
    Http(reqwest::Error),
    TooLong,
}

async fn read(mut response: reqwest::Response) -> Result<Vec<u8>, ReadError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(ReadError::Http)? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > MAX_ANSWER {
            return Err(ReadError::TooLong);
        }
    }
    Ok(bytes)
}

fn too_long(call: &Call, status: u16) -> Error {
    Error::new(Kind::Unreadable {
        call: call.label(),
        status,
        problem: Text::fixed("longer than 64 MiB", "超过 64 MiB"),
    })
}

/// The deepest cause: "connection refused" says more than "error sending request", and it carries no address.
pub(super) fn innermost(error: &reqwest::Error) -> String {
    let mut deepest: &dyn std::error::Error = error;
    while let Some(source) = deepest.source() {
        deepest = source;
    }
    if std::ptr::addr_eq(deepest, error) { "the request failed".into() } else { deepest.to_string() }
}

/// Throttled and failed calls do not count against the quota.
fn is_counted_answer(status: u16, error: Option<&Error>) -> bool {
    use crate::error::Class;
    let refused_early = error.is_some_and(|error| match error.kind() {
        Kind::Refused(refusal) => matches!(refusal.class, Class::Rate | Class::Quota),
        _ => true,
    });
    (200..300).contains(&status) && !refused_early
}

fn bad_address(call: &Call) -> Error {
    Error::unsendable(
        format!("{}: the address cannot be used", call.label()),
        format!("{}：地址无法使用", call.label()),
    )
}

pub(super) fn header_name(name: &str) -> Result<HeaderName> {
    let lower = name.to_ascii_lowercase();
    if ["x-acs-dingtalk-access-token", "host", "content-length", "transfer-encoding"]
        .contains(&lower.as_str())
    {
        return Err(Error::unsendable(
            format!("the header `{name}` cannot be set"),
            format!("不能设置请求头 `{name}`"),
        ));
    }
    HeaderName::from_bytes(name.as_bytes()).map_err(|_| {
        Error::unsendable(format!("`{name}` is not a header name"), format!("`{name}` 不是有效的请求头名称"))
    })
}

pub(super) fn header_value(name: &str, value: &serde_json::Value) -> Result<HeaderValue> {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    HeaderValue::from_str(&text).map_err(|_| {
        Error::unsendable(
            format!("the header `{name}` has a value that cannot be sent"),
            format!("请求头 `{name}` 的值无法发送"),
        )
    })
}
