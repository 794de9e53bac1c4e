//! The socket of the receiver. HTTPS is left to a reverse proxy.

use std::collections::HashMap;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use tokio_util::sync::CancellationToken;

use super::receive::{Receiver, Reply, Request};
use crate::error::{Error, Result};

/// The longest body that is read, in bytes.
const MAX_BODY: usize = 1024 * 1024;

/// Binds the socket; the address it got.
///
/// # Errors
/// When it is taken, or not this machine's.
pub fn bind(address: SocketAddr) -> Result<(TcpListener, SocketAddr)> {
    let bound = TcpListener::bind(address).and_then(|listener| {
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        Ok((listener, address))
    });
    bound.map_err(|error| {
        Error::usage(format!("cannot listen on {address}: {error}"), format!("无法监听 {address}：{error}"))
    })
}

/// Serves until `stop`; requests under way are answered. Must be called on a runtime.
pub async fn serve(listener: TcpListener, receiver: Receiver, stop: CancellationToken) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
    let routes = Router::new()
        .route("/", get(page).post(take))
        .fallback(async || (StatusCode::NOT_FOUND, "nothing is here"))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(Arc::new(receiver));
    let stopped = async move { stop.cancelled().await };
    // It fails only with the system's sockets, and then nothing can be done here.
    let _ = axum::serve(listener, routes).with_graceful_shutdown(stopped).await;
}

async fn page() -> &'static str {
    "dingraia receives callbacks of DingTalk here"
}

async fn take(
    State(receiver): State<Arc<Receiver>>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let texts =
        headers.iter().filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned())));
    let Reply { status, body } =
        receiver.receive(Request { query, headers: texts.collect(), body: body.into() }).await;
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let kind = if status == StatusCode::OK {
        "application/json; charset=utf-8"
    } else {
        "text/plain; charset=utf-8"
    };
    (status, [(header::CONTENT_TYPE, kind)], body).into_response()
}
