//! One request out, one answer in.

use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use hyper::header::{CONTENT_TYPE, DATE, LOCATION};
use hyper::{Request, Response};
use tokio::time::{Instant, Sleep, sleep_until};

use super::exchange::Told;
use super::http::{Sending, chunk, innermost};
use super::reply::redirected;
use super::token::Issued;
use super::trouble;
use super::{Auth, Body, Call, Client, Flight, Reply, To, decode};
use crate::error::{Error, Kind, Limit, Result, Sent};
use crate::lang::Text;
use crate::spec::Host;

/// The largest answer that is read; DingTalk's are far below.
const MAX_ANSWER: usize = 64 * 1024 * 1024;

impl Client {
    /// Sends `call` once. Its tries began at `begun`.
    pub(super) async fn send(
        &self,
        call: &Call,
        token: Option<&Arc<Issued>>,
        flight: &Flight,
        begun: Instant,
    ) -> Result<Reply> {
        let request = self.request(call, token.map(Arc::as_ref)).await?;
        let mut told = Told::new(self, call, token, &request);
        flight.start();
        let answer = self.exchange(call, request, flight, begun).await;
        told.keep(answer.as_ref().ok());
        let answer = answer?;
        let status = answer.status;
        let reply = match answer.leads_to {
            Some(host) => Err(redirected(call, status, &host)),
            None => decode(call, status, answer.html, answer.bytes),
        };
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
        request: Request<reqwest::Body>,
        flight: &Flight,
        begun: Instant,
    ) -> Result<Answer> {
        let (moving, whole) = (Moving::of(call), self.http.whole);
        let patience = self.patience(&moving, begun);
        let mut alarm = pin!(sleep_until(patience.until));
        let sending = self.http.send(&self.config, request)?;
        let response = self.begin_before(call, sending, &moving, &patience, alarm.as_mut()).await?;
        flight.answered();
        if matches!(call.auth, Auth::None) {
            self.compare_clocks(&response);
        }
        let status = response.status().as_u16();
        let leads_to = self.leads_to(call, &response);
        if leads_to.is_some() {
            return Ok(Answer { status, html: false, leads_to, bytes: Vec::new() });
        }
        let html = response
            .headers()
            .get(CONTENT_TYPE)
            .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
        // A file took as long as it took; its answer has the time of a whole call.
        let end = if moving.is_file() { Instant::now() } else { begun } + whole;
        let ring = || {
            if Instant::now() < end { Ok(end) } else { Err(self.late(call, Limit::Whole, whole, Sent::Yes)) }
        };
        let bytes = before(read(response.into_body()), alarm, ring).await?.map_err(|error| match error {
            ReadError::Http(error) => self.cut(call, status, &error),
            ReadError::TooLong => too_long(call, status),
        })?;
        Ok(Answer { status, html, leads_to, bytes })
    }

    /// Sends `request` and waits for the beginning of its answer.
    pub(super) async fn begin(
        &self,
        call: &Call,
        request: Request<reqwest::Body>,
    ) -> Result<Response<reqwest::Body>> {
        let moving = Moving::of(call);
        let patience = self.patience(&moving, Instant::now());
        let sending = self.http.send(&self.config, request)?;
        self.begin_before(call, sending, &moving, &patience, pin!(sleep_until(patience.until))).await
    }

    async fn begin_before(
        &self,
        call: &Call,
        sending: Sending,
        moving: &Moving,
        patience: &Patience,
        alarm: Pin<&mut Sleep>,
    ) -> Result<Response<reqwest::Body>> {
        let Patience { limit, time, .. } = *patience;
        let mut bytes = moving.bytes();
        let ring = || {
            let now = moving.bytes();
            let moves = now > std::mem::replace(&mut bytes, now);
            if moves { Ok(Instant::now() + time) } else { Err(self.late(call, limit, time, Sent::Unknown)) }
        };
        let answer = before(sending, alarm, ring).await?;
        answer.map_err(|error| self.broken(call.label(), self.host(call), &error))
    }

    /// How long the beginning of an answer may take. A file takes as long as it takes; it must only keep moving.
    fn patience(&self, moving: &Moving, begun: Instant) -> Patience {
        let (first_byte, whole) = (self.http.first_byte, self.http.whole);
        let (first, last) = (Instant::now() + first_byte, begun + whole);
        if last < first && !moving.is_file() {
            Patience { limit: Limit::Whole, time: whole, until: last }
        } else {
            Patience { limit: Limit::FirstByte, time: first_byte, until: first }
        }
    }

    /// The header `Date` has whole seconds, so half of one is the expected difference.
    fn compare_clocks(&self, response: &Response<reqwest::Body>) {
        let date = response.headers().get(DATE).and_then(|date| date.to_str().ok());
        if let Some(Ok(theirs)) = date.map(jiff::fmt::rfc2822::parse) {
            *self.skew.lock() = Some(theirs.timestamp().as_millisecond() + 500 - self.clock.millis());
        }
    }

    /// The host that a redirect points to. The rest of its address may hold secrets.
    fn leads_to(&self, call: &Call, response: &Response<reqwest::Body>) -> Option<String> {
        let place = response.headers().get(LOCATION).filter(|_| response.status().is_redirection())?;
        let here = url::Url::parse(self.base(&call.to)).ok()?;
        here.join(place.to_str().ok()?).ok().map(|there| host_of(there.as_str()))
    }

    pub(super) fn host(&self, call: &Call) -> String {
        host_of(self.base(&call.to))
    }

    /// An address on the host of a call.
    pub(super) fn base<'a>(&'a self, to: &'a To) -> &'a str {
        match to {
            To::Host(Host::Api, _) => &self.config.endpoints.api,
            To::Host(Host::Oapi, _) => &self.config.endpoints.oapi,
            To::Url(url) => url.expose(),
        }
    }

    /// The answer of `call` that did not come within `after`.
    pub(super) fn late(&self, call: &Call, limit: Limit, after: Duration, sent: Sent) -> Error {
        trouble::late(call.label(), self.host(call), limit, after.as_secs_f64(), sent)
    }

    pub(super) fn cut(&self, call: &Call, status: u16, error: &reqwest::Error) -> Error {
        let why = innermost(error);
        let problem = Text::made(
            format!("the answer (HTTP {status}) was cut short: {}", why.en),
            format!("应答（HTTP {status}）不完整：{}", why.zh),
        );
        Error::new(Kind::Network { call: call.label(), host: self.host(call), problem, sent: Sent::Yes })
    }
}

/// The host of an address, with its port when that is not the usual one.
pub(super) fn host_of(url: &str) -> String {
    let Ok(url) = url::Url::parse(url) else { return "?".into() };
    let host = url.host_str().unwrap_or("?");
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// What comes back.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) html: bool,
    /// The host that a redirect points to; its body is not read.
    pub(super) leads_to: Option<String>,
    pub(super) bytes: Vec<u8>,
}

impl Answer {
    /// What there is to see of it.
    pub(super) fn shown(&self) -> &[u8] {
        self.leads_to.as_ref().map_or(&self.bytes, |host| host.as_bytes())
    }
}

/// Waits for `work`. Each time the alarm rings, `ring` tells how long to wait on, or that it is too late: most calls are over
/// before the first time, so a call has one timer and not one for each of its steps.
async fn before<T>(
    work: impl Future<Output = T>,
    mut alarm: Pin<&mut Sleep>,
    mut ring: impl FnMut() -> Result<Instant>,
) -> Result<T> {
    let mut work = pin!(work);
    loop {
        tokio::select! {
            biased;
            done = work.as_mut() => return Ok(done),
            () = alarm.as_mut() => alarm.as_mut().reset(ring()?),
        }
    }
}

/// How long the beginning of an answer is waited for: by which limit, how long that is, and when it ends.
struct Patience {
    limit: Limit,
    time: Duration,
    until: Instant,
}

/// What moves while a request waits for its answer.
enum Moving {
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

    fn is_file(&self) -> bool {
        matches!(self, Self::File(_))
    }

    fn bytes(&self) -> u64 {
        match self {
            Self::Nothing => 0,
            Self::File(moved) => moved.load(Ordering::Relaxed),
        }
    }
}

enum ReadError {
    Http(reqwest::Error),
    TooLong,
}

async fn read(mut body: reqwest::Body) -> Result<Vec<u8>, ReadError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = chunk(&mut body).await.map_err(ReadError::Http)? {
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

/// Throttled calls do not count against the quota, nor those that failed in the network. An answer that cannot be read does:
/// rather one too many than one too few.
pub(super) fn is_counted_answer(status: u16, error: Option<&Error>) -> bool {
    use crate::error::Class;
    let refused_early = error.is_some_and(|error| match error.kind() {
        Kind::Refused(refusal) => matches!(refusal.class, Class::Rate | Class::Quota),
        Kind::Unreadable { .. } => false,
        _ => true,
    });
    (200..300).contains(&status) && !refused_early
}
