//! The door of connections: an HTTP upgrade to a WebSocket, let in by a ticket.

use std::sync::Arc;

use axum::body::Body;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};
use tokio_util::sync::CancellationToken;

use super::link::{About, Link, Outgoing};
use super::open::Ticket;
use crate::sandbox::World;

/// Where connections begin.
pub(in crate::sandbox) const PATH: &str = "/connect";
/// What a fault that strikes connections is planned for: [`PATH`] alone is a part of the path of tickets.
pub(in crate::sandbox) const CONNECTION: &str = "/connect?ticket";
/// The largest answer that is read.
const LARGEST: usize = 1024 * 1024;

/// Lets a client in, or says why not. The connection ends with `stop`.
pub(in crate::sandbox) fn connect(
    world: &Arc<World>,
    parts: &mut Parts,
    stop: CancellationToken,
) -> Response {
    let Some(accept) = wants_socket(&parts.headers) else {
        return (StatusCode::UPGRADE_REQUIRED, "this is a WebSocket").into_response();
    };
    let ticket = url::form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes())
        .find(|(name, _)| name == "ticket")
        .and_then(|(_, ticket)| world.push.tickets.lock().redeem(&ticket, world.clock.millis()));
    let Some(ticket) = ticket else {
        return (StatusCode::UNAUTHORIZED, "the ticket is unknown, used or too old").into_response();
    };
    let Some(upgrade) = parts.extensions.remove::<OnUpgrade>() else {
        return StatusCode::UPGRADE_REQUIRED.into_response();
    };
    let headers = parts.headers.iter();
    let headers = headers
        .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()));
    let Ticket { user_agent, topics, .. } = ticket;
    let about = About { user_agent, topics, headers: headers.collect() };
    // It is there before the client hears of it, so that nothing is missed in between.
    let (link, outgoing) = Link::new(world.clock.uuid(), about);
    world.push.join(Arc::clone(&link));
    let world = Arc::clone(world);
    // It ends with `stop`, whose guard the server of both hosts holds.
    tokio::spawn(async move { stop.run_until_cancelled(serve(world, upgrade, link, outgoing)).await });
    let head = Response::builder()
        .status(StatusCode::SWITCHING_PROTOCOLS)
        .header(header::CONNECTION, "Upgrade")
        .header(header::UPGRADE, "websocket")
        .header(header::SEC_WEBSOCKET_ACCEPT, accept);
    head.body(Body::empty()).unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

/// The key that accepts the handshake, if these headers are one.
fn wants_socket(headers: &HeaderMap) -> Option<String> {
    let holds = |name, word: &str| {
        let value = headers.get(name).and_then(|value: &header::HeaderValue| value.to_str().ok());
        value.is_some_and(|value| value.split(',').any(|part| part.trim().eq_ignore_ascii_case(word)))
    };
    let asked = holds(header::CONNECTION, "upgrade")
        && holds(header::UPGRADE, "websocket")
        && holds(header::SEC_WEBSOCKET_VERSION, "13");
    let key = headers.get(header::SEC_WEBSOCKET_KEY).filter(|_| asked)?;
    Some(derive_accept_key(key.as_bytes()))
}

async fn serve(world: Arc<World>, upgrade: OnUpgrade, link: Arc<Link>, outgoing: Outgoing) {
    let Ok(upgraded) = upgrade.await else {
        // A client that hung up before the upgrade is none.
        return link.end(&world, outgoing);
    };
    let config = WebSocketConfig::default().max_message_size(Some(LARGEST)).max_frame_size(Some(LARGEST));
    let socket = WebSocketStream::from_raw_socket(TokioIo::new(upgraded), Role::Server, Some(config)).await;
    link.run(&world, socket, outgoing).await;
}
