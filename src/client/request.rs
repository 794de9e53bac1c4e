//! A call as a request: address, headers, body.

use std::borrow::Cow;
use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hyper::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue, USER_AGENT};
use hyper::http::uri::PathAndQuery;
use hyper::{Method, Request, Uri};
use parking_lot::RwLock;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use url::Url;

use super::token::Issued;
use super::{Body, Call, Client, To, http};
use crate::config::Endpoints;
use crate::error::{Error, Result};
use crate::spec::{Host, Verb};

/// What stays as it is in a query value.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The header of the newer host's token.
static TOKEN: HeaderName = HeaderName::from_static("x-acs-dingtalk-access-token");

/// The addresses of the calls so far: reading one anew takes longer than building the rest of a request.
#[derive(Debug, Default)]
pub(super) struct Addresses(RwLock<HashMap<(Host, &'static str), Uri>>);

impl Addresses {
    /// The address of a path that DingTalk has.
    fn of(&self, endpoints: &Endpoints, host: Host, path: &'static str) -> Option<Uri> {
        if let Some(known) = self.0.read().get(&(host, path)) {
            return Some(known.clone());
        }
        let uri = join(endpoints, host, path)?;
        self.0.write().insert((host, path), uri.clone());
        Some(uri)
    }
}

fn join(endpoints: &Endpoints, host: Host, path: &str) -> Option<Uri> {
    let base = match host {
        Host::Api => &endpoints.api,
        Host::Oapi => &endpoints.oapi,
    };
    read(&format!("{}{path}", base.trim_end_matches('/')))
}

/// An address as browsers read it: what cannot be sent as it is gets encoded, and a name and password are no part of it.
fn read(address: &str) -> Option<Uri> {
    let mut url = Url::parse(address).ok()?;
    if has_credentials(&url) {
        url.set_username("").and_then(|()| url.set_password(None)).ok()?;
    }
    url.as_str().parse().ok()
}

fn has_credentials(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

/// The header that the name and password in an address stand for.
fn credentials(address: &str) -> Option<HeaderValue> {
    let address = Some(address).filter(|address| address.contains('@'))?;
    let url = Url::parse(address).ok().filter(has_credentials)?;
    let decoded = |text: &str| percent_decode_str(text).collect::<Vec<u8>>();
    let pair = [decoded(url.username()), decoded(url.password().unwrap_or_default())].join(&b':');
    let mut header = HeaderValue::from_str(&format!("Basic {}", STANDARD.encode(pair))).ok()?;
    header.set_sensitive(true);
    Some(header)
}

impl Client {
    /// The request of `call`.
    pub(super) async fn request(
        &self,
        call: &Call,
        token: Option<&Issued>,
    ) -> Result<Request<reqwest::Body>> {
        let mut request = Request::new(reqwest::Body::default());
        *request.method_mut() = method(call.verb);
        *request.uri_mut() = self.address(call, token).ok_or_else(|| bad_address(call))?;
        let headers = request.headers_mut();
        if let (To::Host(Host::Api, _), Some(token)) = (&call.to, token) {
            headers.insert(&TOKEN, token.header()?);
        }
        if let To::Url(url) = &call.to
            && let Some(basic) = credentials(url.expose())
        {
            headers.insert(AUTHORIZATION, basic);
        }
        let accepted = if is_fetch(call) { "*/*" } else { "application/json" };
        headers.insert(ACCEPT, HeaderValue::from_static(accepted));
        headers.insert(USER_AGENT, HeaderValue::from_static(http::USER_AGENT));
        for (name, value) in &call.headers {
            headers.append(header_name(name)?, header_value(name, value)?);
        }
        match &call.body {
            Some(Body::Json(body)) => {
                headers.append(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
                // Serialising JSON that was built in memory cannot fail.
                let bytes = serde_json::to_vec(body).unwrap_or_default();
                *request.body_mut() = bytes.into();
                Ok(request)
            }
            Some(Body::Form(upload)) => {
                let http = self.http.reqwest(&self.config)?.clone();
                let request = request.try_into().map_err(|_| bad_address(call))?;
                let builder = reqwest::RequestBuilder::from_parts(http, request);
                let built = builder.multipart(upload.form().await?).build();
                built.and_then(Request::try_from).map_err(|_| bad_address(call))
            }
            None => Ok(request),
        }
    }

    fn address(&self, call: &Call, token: Option<&Issued>) -> Option<Uri> {
        let endpoints = &self.config.endpoints;
        let (uri, host) = match &call.to {
            To::Host(host, Cow::Borrowed(path)) => (self.addresses.of(endpoints, *host, path)?, Some(*host)),
            To::Host(host, Cow::Owned(path)) => (join(endpoints, *host, path)?, Some(*host)),
            To::Url(url) => (read(url.expose())?, None),
        };
        let token = token.filter(|_| host == Some(Host::Oapi));
        if token.is_none() && call.query.is_empty() {
            return Some(uri);
        }
        let mut parts = uri.into_parts();
        let path = parts.path_and_query.as_ref().map_or("/", PathAndQuery::path);
        let mut query =
            parts.path_and_query.as_ref().and_then(PathAndQuery::query).unwrap_or_default().to_owned();
        let mut push = |name: &str, value: &str| {
            if !query.is_empty() {
                query.push('&');
            }
            query.push_str(name);
            query.push('=');
            query.extend(utf8_percent_encode(value, QUERY));
        };
        if let Some(token) = token {
            push("access_token", token.token.expose());
        }
        for (name, value) in &call.query {
            push(name, value);
        }
        parts.path_and_query = Some(format!("{path}?{query}").parse().ok()?);
        Uri::from_parts(parts).ok()
    }
}

fn method(verb: Verb) -> Method {
    match verb {
        Verb::Get => Method::GET,
        Verb::Post => Method::POST,
        Verb::Put => Method::PUT,
        Verb::Delete => Method::DELETE,
    }
}

/// A file behind an address.
fn is_fetch(call: &Call) -> bool {
    matches!((&call.to, call.verb), (To::Url(_), Verb::Get))
}

fn bad_address(call: &Call) -> Error {
    Error::unsendable(
        format!("{}: the address cannot be used", call.label()),
        format!("{}：地址无法使用", call.label()),
    )
}

pub(super) fn header_name(name: &str) -> Result<HeaderName> {
    let lower = name.to_ascii_lowercase();
    if ["x-acs-dingtalk-access-token", "host", "content-length", "transfer-encoding"]
        .contains(&lower.as_str())
    {
        return Err(Error::unsendable(
            format!("the header `{name}` cannot be set"),
            format!("不能设置请求头 `{name}`"),
        ));
    }
    HeaderName::from_bytes(name.as_bytes()).map_err(|_| {
        Error::unsendable(format!("`{name}` is not a header name"), format!("`{name}` 不是有效的请求头名称"))
    })
}

pub(super) fn header_value(name: &str, value: &serde_json::Value) -> Result<HeaderValue> {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    HeaderValue::from_str(&text).map_err(|_| {
        Error::unsendable(
            format!("the header `{name}` has a value that cannot be sent"),
            format!("请求头 `{name}` 的值无法发送"),
        )
    })
}
