//! The HTTP clients, each made at its first call: the [`pool::Pool`] for calls that go straight to their host, and reqwest for what
//! goes through a proxy, follows or streams.

mod failure;
mod pool;

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::OnceLock;
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::body::{Body as _, Bytes};
use hyper::{Request, Response};
use hyper_util::client::legacy::ResponseFuture;
use reqwest::{Body, NoProxy, Proxy};
use rustls::ClientConfig;

pub(super) use failure::Failure;
pub use failure::innermost;

use self::pool::Pool;
use super::tls;
use crate::config::{Config, Proxies};
use crate::error::{Error, Kind, Result};

/// What the program calls itself.
pub(super) const USER_AGENT: &str = concat!("dingraia/", env!("CARGO_PKG_VERSION"));

/// How many connections to a host are kept for the next calls.
const MOST_IDLE: usize = 128;

#[derive(Debug)]
pub(super) struct Http {
    reqwest: OnceLock<reqwest::Client>,
    pool: OnceLock<Pool>,
    tls: OnceLock<ClientConfig>,
    connect: Duration,
    pub(super) first_byte: Duration,
    pub(super) whole: Duration,
}

impl Http {
    pub(super) fn new(config: &Config) -> Self {
        let timeouts = &config.timeouts;
        Self {
            reqwest: OnceLock::new(),
            pool: OnceLock::new(),
            tls: OnceLock::new(),
            connect: seconds(timeouts.connect),
            first_byte: seconds(timeouts.first_byte),
            whole: seconds(timeouts.call),
        }
    }

    /// Sends `request` when the beginning of its answer is waited for.
    pub(super) fn send(&self, config: &Config, request: Request<Body>) -> Result<Sending> {
        if is_direct(&request, &config.proxies) {
            return Ok(Sending::Straight(self.pool(config)?.send(request)));
        }
        let client = self.reqwest(config)?.clone();
        Ok(Sending::Through(Box::pin(async move { client.execute(request.try_into()?).await })))
    }

    fn pool(&self, config: &Config) -> Result<&Pool> {
        if let Some(pool) = self.pool.get() {
            return Ok(pool);
        }
        let tls = self.tls(config)?.clone();
        Ok(self.pool.get_or_init(|| Pool::new(tls, self.connect, MOST_IDLE)))
    }

    /// For what the other client does not do.
    pub(super) fn reqwest(&self, config: &Config) -> Result<&reqwest::Client> {
        if let Some(client) = self.reqwest.get() {
            return Ok(client);
        }
        let client = self.build(config)?;
        Ok(self.reqwest.get_or_init(|| client))
    }

    /// Both clients trust the same, and resume each other's sessions.
    fn tls(&self, config: &Config) -> Result<&ClientConfig> {
        if let Some(tls) = self.tls.get() {
            return Ok(tls);
        }
        let tls = tls::config(config.tls.ca_file.as_deref())?;
        Ok(self.tls.get_or_init(|| tls))
    }

    fn build(&self, config: &Config) -> Result<reqwest::Client> {
        // Installed once for the process; a second try only says that it is there.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let tls = self.tls(config)?.clone();
        // No redirects: a token must not follow one to another host.
        let builder = reqwest::Client::builder()
            .user_agent(USER_AGENT)
            .redirect(reqwest::redirect::Policy::none())
            // What may be tried again is decided by `retry`; without this each request is copied for the library's own answer.
            .retry(reqwest::retry::never())
            .connect_timeout(self.connect)
            .pool_max_idle_per_host(MOST_IDLE)
            .tcp_nodelay(true)
            .tls_backend_preconfigured(tls);
        through(builder, &config.proxies).and_then(reqwest::ClientBuilder::build).map_err(|error| {
            Error::new(Kind::Bug { problem: "the HTTP client cannot be made".into() })
                .because(error.without_url())
        })
    }
}

/// A request under way, until its answer begins. It is small: every call carries it along.
pub(super) enum Sending {
    Straight(ResponseFuture),
    Through(Pin<Box<dyn Future<Output = reqwest::Result<reqwest::Response>> + Send>>),
}

impl Future for Sending {
    type Output = Result<Response<Body>, Failure>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut *self {
            Self::Straight(future) => Pin::new(future)
                .poll(cx)
                .map(|answer| answer.map(|response| response.map(Body::wrap)).map_err(Failure::Pool)),
            Self::Through(future) => {
                future.as_mut().poll(cx).map(|answer| answer.map(Response::from).map_err(Failure::Reqwest))
            }
        }
    }
}

/// The next bytes of a body; `None` at its end.
pub(super) async fn chunk(body: &mut Body) -> reqwest::Result<Option<Bytes>> {
    loop {
        let Some(frame) = poll_fn(|cx| Pin::new(&mut *body).poll_frame(cx)).await else { return Ok(None) };
        // What is not data are fields after the body.
        if let Ok(bytes) = frame?.into_data() {
            return Ok(Some(bytes));
        }
    }
}

/// Whether `request` goes straight to its host. Where a proxy is named reqwest decides: it knows the exceptions, and how to speak to
/// each kind.
fn is_direct(request: &Request<Body>, proxies: &Proxies) -> bool {
    match request.uri().scheme_str() {
        Some("http") => proxies.http.is_none(),
        Some("https") => proxies.https.is_none(),
        _ => false,
    }
}

/// Has requests go through `proxies`, and through no other that the library would find.
fn through(builder: reqwest::ClientBuilder, proxies: &Proxies) -> reqwest::Result<reqwest::ClientBuilder> {
    let direct = NoProxy::from_string(&proxies.direct());
    let mut builder = builder.no_proxy();
    if let Some(http) = &proxies.http {
        builder = builder.proxy(Proxy::http(http.expose())?.no_proxy(direct.clone()));
    }
    if let Some(https) = &proxies.https {
        builder = builder.proxy(Proxy::https(https.expose())?.no_proxy(direct));
    }
    Ok(builder)
}

/// A time limit in seconds; 0 = none.
fn seconds(value: f64) -> Duration {
    const LONGEST: f64 = u32::MAX as f64;
    Duration::from_secs_f64(if value > 0.0 { value.min(LONGEST) } else { LONGEST })
}
