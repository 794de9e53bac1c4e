//! The door for other programs that play people or ask for failures: `/sandbox/…` on the api host, a path that DingTalk has
//! not. It wants the app secret in the header `x-sandbox-secret`, and answers JSON.

mod act;
mod say;
mod shown;

use std::sync::Arc;

use axum::body::{Body, Bytes, to_bytes};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::push::{EventAddress, Placed};
use super::{Sandbox, World};
use crate::error::Error;
use crate::lang::Lang;

/// The header of the app secret.
const SECRET: &str = "x-sandbox-secret";
/// Everything of the door stands below it.
const FOLDER: &str = "/sandbox/";
/// The largest body, which may hold a film.
const LARGEST: usize = 64 * 1024 * 1024;

/// Why something is not done.
enum Refused {
    /// The body is not what it has to be.
    Body(String),
    /// The sandbox says why.
    Error(Error),
    /// There is no such thing.
    Unknown,
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

type Answer = Result<Value, Refused>;

/// Whether a path belongs to this door.
pub(super) fn serves(path: &str) -> bool {
    path.starts_with(FOLDER)
}

/// Does what is asked for.
pub(super) async fn enter(world: &Arc<World>, parts: &Parts, body: Body) -> Response {
    let secret = world.state.app.read().app_secret.clone();
    if parts.headers.get(SECRET).is_none_or(|given| given.as_bytes() != secret.as_bytes()) {
        return answer(
            StatusCode::UNAUTHORIZED,
            &said("the app secret is missing or wrong", "应用密钥缺失或错误"),
        );
    }
    let Ok(bytes) = to_bytes(body, LARGEST).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let sandbox = Sandbox(Arc::clone(world));
    let name = parts.uri.path().strip_prefix(FOLDER).unwrap_or_default();
    match run(&sandbox, (&parts.method, name), &bytes).await {
        Ok(value) => answer(StatusCode::OK, &value),
        Err(Refused::Body(why)) => answer(StatusCode::BAD_REQUEST, &said(&why, &why)),
        Err(Refused::Error(error)) => {
            let mut value = said(&error.text(Lang::En), &error.text(Lang::Zh));
            let hints = |lang: Lang| error.hints().iter().map(|hint| hint.get(lang)).collect::<Vec<_>>();
            value["hints"] = json!({"en": hints(Lang::En), "zh": hints(Lang::Zh)});
            answer(StatusCode::BAD_REQUEST, &value)
        }
        Err(Refused::Unknown) => answer(StatusCode::NOT_FOUND, &said("no such door", "没有这个入口")),
    }
}

async fn run(sandbox: &Sandbox, (method, name): (&Method, &str), body: &Bytes) -> Answer {
    if method == Method::GET {
        return if name == "state" { Ok(shown::state(sandbox)) } else { Err(Refused::Unknown) };
    }
    if method != Method::POST {
        return Err(Refused::Unknown);
    }
    match name {
        "say" => say::say(sandbox, read(body)?),
        "ask" => say::ask(sandbox, read(body)?),
        "flood" => say::flood(sandbox, read(body)?).await,
        "press" => act::press(sandbox, read(body)?).await,
        "event" => act::event(sandbox, &read(body)?),
        "act" => act::act(sandbox, read(body)?),
        "fault" => Ok(json!({"strikes": sandbox.wish(&read(body)?)?})),
        "raw" => act::raw(sandbox, &read(body)?),
        "timing" => act::timing(sandbox, &read(body)?),
        "address" => act::address(sandbox, read(body)?).await,
        _ => Err(Refused::Unknown),
    }
}

fn read<T: DeserializeOwned>(body: &Bytes) -> Result<T, Refused> {
    serde_json::from_slice(body).map_err(|error| Refused::Body(error.to_string()))
}

fn said(en: &str, zh: &str) -> Value {
    json!({"error": {"en": en, "zh": zh}})
}

fn answer(status: StatusCode, value: &Value) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], value.to_string()).into_response()
}

/// Where something went, for machines.
fn placed(placed: Option<&Placed>) -> Value {
    match placed {
        None => json!({"to": "not_mentioned"}),
        Some(Placed::Connection(id)) => json!({"to": "connection", "id": id}),
        Some(Placed::Url(url)) => json!({"to": "address", "url": url}),
        Some(Placed::Nobody) => json!({"to": "nobody"}),
        Some(Placed::Full) => json!({"to": "full"}),
    }
}
