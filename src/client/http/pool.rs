//! Connections straight to a host: hyper's own client, which reqwest is built on. What reqwest does around it for redirects, cookies,
//! proxies and time limits is a third of a call's processor time, and none of it is wanted here.

use std::error::Error as StdError;
use std::future::{Future, poll_fn};
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::{Request, Uri};
use hyper_rustls::{HttpsConnector, MaybeHttpsStream};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::{Client, ResponseFuture};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use reqwest::Body;
use rustls::ClientConfig;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tower_service::Service;

/// How long a connection is kept for the next call.
const IDLE: Duration = Duration::from_secs(90);

/// After how long without a byte the other side is asked whether it is still there, and how often.
const ALIVE: (Duration, u32) = (Duration::from_secs(15), 3);

/// How long what was sent may stay unconfirmed.
#[cfg(target_os = "linux")]
const UNCONFIRMED: Duration = Duration::from_secs(30);

type BoxError = Box<dyn StdError + Send + Sync>;

/// Why a request did not get through.
pub(super) type Error = hyper_util::client::legacy::Error;

/// The connections; clones share them.
#[derive(Debug, Clone)]
pub(super) struct Pool(Client<Connector, Body>);

impl Pool {
    pub(super) fn new(tls: ClientConfig, connect: Duration, idle: usize) -> Self {
        let mut http = HttpConnector::new();
        // The connector around it takes care of https.
        http.enforce_http(false);
        http.set_nodelay(true);
        http.set_keepalive(Some(ALIVE.0));
        http.set_keepalive_interval(Some(ALIVE.0));
        http.set_keepalive_retries(Some(ALIVE.1));
        #[cfg(target_os = "linux")]
        http.set_tcp_user_timeout(Some(UNCONFIRMED));
        let connector = Connector { https: Arc::new(HttpsConnector::from((http, tls))), limit: connect };
        let mut builder = Client::builder(TokioExecutor::new());
        builder.timer(TokioTimer::new()).pool_timer(TokioTimer::new());
        builder.pool_idle_timeout(IDLE).pool_max_idle_per_host(idle);
        Self(builder.build(connector))
    }

    /// Nothing is sent before the answer is waited for.
    pub(super) fn send(&self, request: Request<Body>) -> ResponseFuture {
        self.0.request(request)
    }
}

/// Opens connections within a time limit, handshake included. It is copied for each request, so it is small.
#[derive(Debug, Clone)]
struct Connector {
    https: Arc<HttpsConnector<HttpConnector>>,
    limit: Duration,
}

impl Service<Uri> for Connector {
    type Response = MaybeHttpsStream<TokioIo<TcpStream>>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let (mut https, limit) = (HttpsConnector::clone(&self.https), self.limit);
        let connecting = async move {
            poll_fn(|cx| https.poll_ready(cx)).await?;
            https.call(uri).await
        };
        Box::pin(async move {
            timeout(limit, connecting)
                .await
                .unwrap_or_else(|_| Err(io::Error::from(io::ErrorKind::TimedOut).into()))
        })
    }
}
