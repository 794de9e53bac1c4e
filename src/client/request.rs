//! A call as a request: address, headers, body.

use std::borrow::Cow;
use std::collections::HashMap;

use parking_lot::RwLock;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Request;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderName, HeaderValue};
use url::Url;

use super::token::Issued;
use super::{Body, Call, Client, To};
use crate::config::Endpoints;
use crate::error::{Error, Result};
use crate::spec::{Host, Verb};

/// What stays as it is in a query value.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The header of the newer host's token.
static TOKEN: HeaderName = HeaderName::from_static("x-acs-dingtalk-access-token");

/// The addresses of the calls so far: reading one anew takes longer than building the rest of a request.
#[derive(Debug, Default)]
pub(super) struct Addresses(RwLock<HashMap<(Host, &'static str), Url>>);

impl Addresses {
    /// The address of a path that DingTalk has.
    fn of(&self, endpoints: &Endpoints, host: Host, path: &'static str) -> Option<Url> {
        if let Some(known) = self.0.read().get(&(host, path)) {
            return Some(known.clone());
        }
        let url = join(endpoints, host, path)?;
        self.0.write().insert((host, path), url.clone());
        Some(url)
    }
}

fn join(endpoints: &Endpoints, host: Host, path: &str) -> Option<Url> {
    let base = match host {
        Host::Api => &endpoints.api,
        Host::Oapi => &endpoints.oapi,
    };
    Url::parse(&format!("{}{path}", base.trim_end_matches('/'))).ok()
}

impl Client {
    /// The request of `call`.
    pub(super) async fn request(&self, call: &Call, token: Option<&Issued>) -> Result<Request> {
        let address = self.address(call, token).ok_or_else(|| bad_address(call))?;
        let http = self.http.get(&self.config)?;
        let mut request = http.request(method(call.verb), address).build().map_err(|_| bad_address(call))?;
        let headers = request.headers_mut();
        if let (To::Host(Host::Api, _), Some(token)) = (&call.to, token) {
            headers.insert(&TOKEN, token.header()?);
        }
        let accepted = if is_fetch(call) { "*/*" } else { "application/json" };
        headers.insert(ACCEPT, HeaderValue::from_static(accepted));
        for (name, value) in &call.headers {
            headers.append(header_name(name)?, header_value(name, value)?);
        }
        match &call.body {
            Some(Body::Json(body)) => {
                headers.append(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
                // Serialising JSON that was built in memory cannot fail.
                let bytes = serde_json::to_vec(body).unwrap_or_default();
                *request.body_mut() = Some(bytes.into());
                Ok(request)
            }
            Some(Body::Form(upload)) => {
                let builder = reqwest::RequestBuilder::from_parts(http.clone(), request);
                builder.multipart(upload.form().await?).build().map_err(|_| bad_address(call))
            }
            None => Ok(request),
        }
    }

    fn address(&self, call: &Call, token: Option<&Issued>) -> Option<Url> {
        let endpoints = &self.config.endpoints;
        let (mut url, host) = match &call.to {
            To::Host(host, Cow::Borrowed(path)) => (self.addresses.of(endpoints, *host, path)?, Some(*host)),
            To::Host(host, Cow::Owned(path)) => (join(endpoints, *host, path)?, Some(*host)),
            To::Url(url) => (Url::parse(url.expose()).ok()?, None),
        };
        let token = token.filter(|_| host == Some(Host::Oapi));
        if token.is_none() && call.query.is_empty() {
            return Some(url);
        }
        let mut query = url.query().unwrap_or_default().to_owned();
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
        url.set_query(Some(&query));
        Some(url)
    }
}

fn method(verb: Verb) -> reqwest::Method {
    match verb {
        Verb::Get => reqwest::Method::GET,
        Verb::Post => reqwest::Method::POST,
        Verb::Put => reqwest::Method::PUT,
        Verb::Delete => reqwest::Method::DELETE,
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
