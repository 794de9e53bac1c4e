//! The socket of the receiver and of routes of one's own. HTTPS is left to a reverse proxy.

use std::collections::HashMap;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Query, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use tokio_util::sync::CancellationToken;

use super::receive::{Receiver, Reply, Request};
use super::route::{Asked, Find, Routes};
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

/// Serves until `stop`; requests under way are answered. What is not DingTalk's goes to the routes that `find` finds. Must be
/// called on a runtime.
pub async fn serve(listener: TcpListener, receiver: Receiver, find: Find, stop: CancellationToken) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
    let routes = Routes::new(find, receiver.complaints());
    let router = Router::new()
        .route("/", post(take).fallback(other))
        .fallback(other)
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(Arc::new(Served { receiver, routes }));
    let stopped = async move { stop.cancelled().await };
    // It fails only with the system's sockets, and then nothing can be done here.
    let _ = axum::serve(listener, router).with_graceful_shutdown(stopped).await;
}

/// What requests go to.
struct Served {
    receiver: Receiver,
    routes: Routes,
}

async fn other(
    State(served): State<Arc<Served>>,
    method: Method,
    uri: Uri,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let path = uri.path();
    let asked = Asked { method: method.as_str(), path, query, headers: &headers, body };
    match served.routes.answer(asked).await {
        Some(response) => response,
        None if path == "/" && matches!(method, Method::GET | Method::HEAD) => {
            "dingraia receives callbacks of DingTalk here".into_response()
        }
        None if path == "/" => (StatusCode::METHOD_NOT_ALLOWED, "GET or POST").into_response(),
        None => (StatusCode::NOT_FOUND, "nothing is here").into_response(),
    }
}

async fn take(
    State(served): State<Arc<Served>>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let texts =
        headers.iter().filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned())));
    let Reply { status, body } =
        served.receiver.receive(Request { query, headers: texts.collect(), body: body.into() }).await;
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let kind = if status == StatusCode::OK {
        "application/json; charset=utf-8"
    } else {
        "text/plain; charset=utf-8"
    };
    (status, [(header::CONTENT_TYPE, kind)], body).into_response()
}
