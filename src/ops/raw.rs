//! The raw doors: any path, the whole body back, the same pipeline.

use serde_json::{Map, Value};

use super::safety::raw_effect;
use super::{Context, Output};
use crate::api::raw::{RawDelete, RawGet, RawPost, RawPut};
use crate::api::{Path, Token};
use crate::client::{Auth, Body, Call, Proof, To};
use crate::error::Result;
use crate::spec::{Host, Verb};

pub(super) fn get(host: Host, args: RawGet) -> Call {
    call_of(Verb::Get, host, args.path, None, args.query, args.access_token)
}

pub(super) fn post(host: Host, args: RawPost) -> Call {
    let body = Some(args.body.unwrap_or_default());
    call_of(Verb::Post, host, args.path, body, args.query, args.access_token)
}

pub(super) fn put(host: Host, args: RawPut) -> Call {
    let body = Some(args.body.unwrap_or_default());
    call_of(Verb::Put, host, args.path, body, args.query, args.access_token)
}

pub(super) fn delete(host: Host, args: RawDelete) -> Call {
    call_of(Verb::Delete, host, args.path, None, args.query, args.access_token)
}

fn call_of(
    verb: Verb,
    host: Host,
    path: Path,
    body: Option<Map<String, Value>>,
    query: Option<Map<String, Value>>,
    token: Option<Token>,
) -> Call {
    let effect = raw_effect(verb, host, &path.0);
    let query = query.unwrap_or_default().into_iter().map(|(key, value)| {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        (key, text)
    });
    Call {
        verb,
        to: To::Host(host, path.0.into()),
        query: query.collect(),
        body: body.map(|body| Body::Json(Value::Object(body))),
        headers: Map::new(),
        auth: Auth::App,
        effect,
        proof: Proof::Any,
    }
    .with_token(token.map(|token| token.0))
}

pub(super) async fn call(cx: &Context, call: Call) -> Result<Output> {
    cx.call(&call).await.map(|reply| Output::Json(reply.json))
}
