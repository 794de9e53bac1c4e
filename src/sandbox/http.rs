//! One request's way: read, admit, handle, spoil if a fault says so, record, answer.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{ConnectInfo, DefaultBodyLimit, Request, State as Shared};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::World;
use super::content::Content;
use super::control;
use super::fault::Fault;
use super::form::{self, Form};
use super::gate;
use super::log::{self, Recorded};
use super::push;
use super::refuse::{Host, Malformed, Refusal, oapi};
use super::route::{self, Call, Takes};
use super::wire::{Cut, Door};

/// The largest request body that is read.
const LARGEST: usize = 64 * 1024 * 1024;

#[derive(Clone)]
struct Entrance {
    world: Arc<World>,
    host: Host,
    stop: CancellationToken,
}

/// What came in the body of a request.
enum Payload {
    Bytes(Bytes),
    Form(Form),
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
        .layer(DefaultBodyLimit::disable())
        .with_state(Entrance { world, host, stop: stop.clone() })
        .into_make_service_with_connect_info::<Cut>();
    // axum answers accept errors by trying again, so this ends only when it is dropped.
    let _ = axum::serve(Door { listener, stop }, service).await;
}

async fn enter(
    Shared(entrance): Shared<Entrance>,
    ConnectInfo(cut): ConnectInfo<Cut>,
    request: Request,
) -> Response {
    let (mut parts, body) = request.into_parts();
    if entrance.host == Host::Api && control::serves(parts.uri.path()) {
        return control::enter(&entrance.world, &parts, body).await;
    }
    let Some(payload) = entrance.payload(&parts, body).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let connects = entrance.host == Host::Api && parts.uri.path() == push::CONNECT;
    let struck = if connects { push::CONNECTION } else { parts.uri.path() };
    let fault = entrance.world.faults.strike(struck);
    if connects && matches!(fault, None | Some(Fault::Delay(_))) {
        hold_back(fault).await;
        return push::connect(&entrance.world, &mut parts, entrance.stop.clone());
    }
    let reply = entrance.reply(&parts, &payload, fault);
    match fault {
        Some(Fault::Drop) => cut.now(),
        Some(Fault::Truncated) => cut.in_body(reply.body.len() / 2),
        _ => {}
    }
    hold_back(fault).await;
    (reply.status, [(header::CONTENT_TYPE, reply.content_type)], Body::from(reply.body)).into_response()
}

async fn hold_back(fault: Option<Fault>) {
    if let Some(delay) = fault.and_then(Fault::delay) {
        tokio::time::sleep(delay).await;
    }
}

impl Entrance {
    /// Reads the body: a form as a stream where a form belongs, everything else whole; nothing when it is too large.
    async fn payload(&self, parts: &Parts, body: Body) -> Option<Payload> {
        let route = route::find(self.host, parts.method.as_str(), parts.uri.path());
        if route.is_ok_and(|route| route.takes == Takes::Form) && form::is_form(parts) {
            return Some(Payload::Form(form::read(parts, body).await));
        }
        to_bytes(body, LARGEST).await.ok().map(Payload::Bytes)
    }

    /// Does the call, or the fault instead of it, and records it.
    fn reply(&self, parts: &Parts, payload: &Payload, fault: Option<Fault>) -> Reply {
        let (bytes, form, logged): (&[u8], _, _) = match payload {
            Payload::Bytes(bytes) => (bytes, None, log::body(bytes)),
            Payload::Form(form) => (&[], Some(form), form.logged()),
        };
        let query: Vec<(String, String)> =
            url::form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes())
                .into_owned()
                .collect();
        let mut call = Call {
            world: &self.world,
            state: &self.world.state,
            clock: &self.world.clock,
            malformed: Malformed::Oapi(40035),
            path: parts.uri.path(),
            headers: &parts.headers,
            query: &query,
            bytes,
            form,
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
            body: logged,
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
            Ok(success) => self.answer(StatusCode::OK, success.render(&self.world.clock)),
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
        let (status, content) = refusal.render(&self.world.clock);
        self.answer(status, content)
    }

    fn answer(&self, status: StatusCode, content: Content) -> Reply {
        let (content_type, body) = match content {
            Content::Json(body) => (self.content_type(), body.to_string().into_bytes()),
            Content::Empty => (self.content_type(), Vec::new()),
            Content::Bytes { content_type, bytes } => (content_type, bytes),
        };
        Reply { status, content_type, body }
    }

    fn content_type(&self) -> &'static str {
        match self.host {
            Host::Api => "application/json;charset=utf-8",
            Host::Oapi => "application/json",
        }
    }
}
