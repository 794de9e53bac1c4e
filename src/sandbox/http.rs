//! One request's way: read, admit, handle, spoil if a fault says so, record, answer.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{ConnectInfo, Request, State as Shared};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::World;
use super::fault::Fault;
use super::gate;
use super::log::{self, Recorded};
use super::refuse::{Host, Malformed, Refusal, oapi};
use super::route::{self, Call};
use super::wire::{Cut, Door};

/// The largest request body that is read.
const LARGEST: usize = 64 * 1024 * 1024;

#[derive(Clone)]
struct Entrance {
    world: Arc<World>,
    host: Host,
}

/// An answer before it becomes HTTP.
struct Reply {
    status: StatusCode,
    content_type: &'static str,
    body: Vec<u8>,
}

/// Serves one host until `stop`; its connections end with `stop` too.
pub(super) async fn serve(world: Arc<World>, host: Host, listener: TcpListener, stop: CancellationToken) {
    let service = Router::new()
        .fallback(enter)
        .with_state(Entrance { world, host })
        .into_make_service_with_connect_info::<Cut>();
    // axum answers accept errors by trying again, so this ends only when it is dropped.
    let _ = axum::serve(Door { listener, stop }, service).await;
}

async fn enter(
    Shared(entrance): Shared<Entrance>,
    ConnectInfo(cut): ConnectInfo<Cut>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(bytes) = to_bytes(body, LARGEST).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let fault = entrance.world.faults.strike(parts.uri.path());
    let reply = entrance.reply(&parts, &bytes, fault);
    match fault {
        Some(Fault::Drop) => cut.now(),
        Some(Fault::Truncated) => cut.in_body(reply.body.len() / 2),
        _ => {}
    }
    if let Some(delay) = fault.and_then(Fault::delay) {
        tokio::time::sleep(delay).await;
    }
    (reply.status, [(header::CONTENT_TYPE, reply.content_type)], Body::from(reply.body)).into_response()
}

impl Entrance {
    /// Does the call, or the fault instead of it, and records it.
    fn reply(&self, parts: &Parts, bytes: &Bytes, fault: Option<Fault>) -> Reply {
        let query: Vec<(String, String)> =
            url::form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes())
                .into_owned()
                .collect();
        let mut call = Call {
            state: &self.world.state,
            clock: &self.world.clock,
            malformed: Malformed::Oapi(40035),
            headers: &parts.headers,
            query: &query,
            bytes,
        };
        let (method, path) = (parts.method.as_str(), parts.uri.path());
        let reply = match fault.and_then(|fault| self.instead(fault)) {
            Some(reply) => reply,
            None => self.handle(method, path, &mut call),
        };
        self.world.log.record(Recorded {
            host: self.host.name(),
            method: method.into(),
            path: path.into(),
            token: gate::token_place(&call),
            body: log::body(bytes),
            status: if fault == Some(Fault::Drop) { 0 } else { reply.status.as_u16() },
            query,
        });
        reply
    }

    fn handle(&self, method: &str, path: &str, call: &mut Call<'_>) -> Reply {
        let answer = route::find(self.host, method, path).and_then(|route| {
            call.malformed = route.malformed;
            gate::admit(route, call)?;
            (route.handle)(call)
        });
        match answer {
            Ok(success) => self.json(StatusCode::OK, &success.render(&self.world.clock)),
            Err(refusal) => self.refused(&refusal),
        }
    }

    /// The answer of a fault that takes the place of the call.
    fn instead(&self, fault: Fault) -> Option<Reply> {
        match fault {
            Fault::Status(status) => Some(self.status(status)),
            Fault::Html => Some(Reply {
                status: StatusCode::OK,
                content_type: "text/html;charset=utf-8",
                body: b"<!DOCTYPE html><html><head><title>405</title></head><body>blocked</body></html>"
                    .into(),
            }),
            Fault::NotJson => Some(Reply {
                status: StatusCode::OK,
                content_type: self.content_type(),
                body: b"{\"errcode\":0,".into(),
            }),
            Fault::Qps => Some(self.refused(&self.host.too_many_calls())),
            Fault::Busy => Some(self.refused(&self.host.busy())),
            Fault::Truncated | Fault::Delay(_) | Fault::Drop => None,
        }
    }

    fn status(&self, status: u16) -> Reply {
        let (code, message) = match status {
            429 => ("Throttling", "请求被限流"),
            503 => ("ServiceUnavailable", "服务暂不可用"),
            500.. => ("system.error", "系统错误"),
            _ => ("param.invalid", "参数错误"),
        };
        let refusal = match self.host {
            Host::Api => Refusal::Api { status, code: code.into(), message: message.into() },
            Host::Oapi => oapi(-1, message),
        };
        let mut reply = self.refused(&refusal);
        reply.status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        reply
    }

    fn refused(&self, refusal: &Refusal) -> Reply {
        let (status, body) = refusal.render(&self.world.clock);
        self.json(status, &body)
    }

    fn json(&self, status: StatusCode, body: &serde_json::Value) -> Reply {
        Reply { status, content_type: self.content_type(), body: body.to_string().into_bytes() }
    }

    fn content_type(&self) -> &'static str {
        match self.host {
            Host::Api => "application/json;charset=utf-8",
            Host::Oapi => "application/json",
        }
    }
}
