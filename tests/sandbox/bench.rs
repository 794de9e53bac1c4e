//! A running sandbox with a fixed clock, and shorthands for calling it.

use std::sync::Once;

use dingraia::clock::Clock;
use dingraia::sandbox::{Sandbox, Seed};
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::seed::{SMALL, file};

/// When the fixed clock stands still.
pub(super) const NOW: i64 = 1_700_000_000_000;
pub(super) const RELEASE: &str = "cidSandboxRelease0001==";
pub(super) const EVERYONE: &str = "cidSandboxEveryone002==";
pub(super) const LUNCH: &str = "cidSandboxLunch000003==";
pub(super) const ROBOT: &str = "dingsandboxapp000001";
pub(super) const HEADER: &str = "x-acs-dingtalk-access-token";

pub(super) struct Bench {
    pub(super) sandbox: Sandbox,
    pub(super) clock: Clock,
    pub(super) api: String,
    pub(super) oapi: String,
    pub(super) http: Client,
    pub(super) task: JoinHandle<()>,
    pub(super) token: String,
}

impl Drop for Bench {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Bench {
    pub(super) async fn new() -> Self {
        Self::of(&Seed::Small).await
    }

    pub(super) async fn of(seed: &Seed) -> Self {
        static TLS: Once = Once::new();
        TLS.call_once(|| {
            let _ = rustls::crypto::ring::default_provider().install_default();
        });
        let clock = Clock::fixed(NOW, 7);
        let sandbox = Sandbox::new(seed, clock.clone()).unwrap();
        let api = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let oapi = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (at_api, at_oapi) = (api.local_addr().unwrap(), oapi.local_addr().unwrap());
        let mut bench = Self {
            task: tokio::spawn(sandbox.clone().serve(api, oapi)),
            sandbox,
            clock,
            api: format!("http://{at_api}"),
            oapi: format!("http://{at_oapi}"),
            http: Client::builder().no_proxy().build().unwrap(),
            token: String::new(),
        };
        bench.token = bench.new_token().await;
        bench
    }

    /// The small organisation with this many more people, `0900000000` and following, in the root department.
    pub(super) async fn crowded(more: usize) -> (Self, Vec<String>) {
        let ids: Vec<String> = (0..more).map(|number| format!("09{number:08}")).collect();
        let users = ids.iter().enumerate().map(|(number, id)| {
            json!({"userid": id, "unionid": format!("u{number}"), "name": id, "dept_ids": [1],
                "mobile": format!("139{number:08}")})
        });
        let users: Vec<Value> = users.collect();
        let bench = Self::changed(|seed| seed["users"].as_array_mut().unwrap().extend(users)).await;
        (bench, ids)
    }

    /// The small organisation with a change in its seed.
    pub(super) async fn changed(change: impl FnOnce(&mut Value)) -> Self {
        let mut seed: Value = serde_json::from_str(SMALL).unwrap();
        change(&mut seed);
        let (_directory, path) = file(&seed.to_string());
        Self::of(&Seed::File(path)).await
    }

    /// A token of the new kind.
    pub(super) async fn new_token(&self) -> String {
        let keys = self.sandbox.credentials();
        let body = json!({"appKey": keys.app_key, "appSecret": keys.app_secret});
        let (status, body) =
            answer(self.http.post(self.at_api("/v1.0/oauth2/accessToken")).json(&body)).await;
        assert_eq!(status, 200, "{body}");
        body["accessToken"].as_str().unwrap().to_string()
    }

    pub(super) fn at_api(&self, path: &str) -> String {
        format!("{}{path}", self.api)
    }

    pub(super) fn at_oapi(&self, path: &str) -> String {
        format!("{}{path}", self.oapi)
    }

    /// POST to api with the token in its header.
    pub(super) async fn api(&self, path: &str, body: &Value) -> (u16, Value) {
        answer(self.http.post(self.at_api(path)).header(HEADER, &self.token).json(body)).await
    }

    /// PUT to api with the token in its header.
    pub(super) async fn put(&self, path: &str, body: &Value) -> (u16, Value) {
        answer(self.http.put(self.at_api(path)).header(HEADER, &self.token).json(body)).await
    }

    /// The `errcode` of a call on oapi.
    pub(super) async fn errcode(&self, path: &str, body: &Value) -> i64 {
        let answer = self.oapi(path, body).await;
        answer["errcode"].as_i64().unwrap_or_else(|| panic!("{answer}"))
    }

    /// POST to oapi with the token in its query.
    pub(super) async fn oapi(&self, path: &str, body: &Value) -> Value {
        ok(answer(self.oapi_request(Method::POST, path).json(body)).await)
    }

    pub(super) fn oapi_request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, self.at_oapi(path)).query(&[("access_token", &self.token)])
    }

    /// POST to a webhook: query and body as given.
    pub(super) async fn hook(&self, path: &str, query: &[(&str, &str)], body: &Value) -> Value {
        ok(answer(self.http.post(self.at_oapi(path)).query(query).json(body)).await)
    }
}

/// Query parameters of a request, encoded.
pub(super) trait WithQuery {
    fn query<V: ToString>(self, pairs: &[(&str, V)]) -> Self;
}

impl WithQuery for RequestBuilder {
    fn query<V: ToString>(self, pairs: &[(&str, V)]) -> Self {
        let (client, request) = self.build_split();
        let mut request = request.unwrap();
        for (name, value) in pairs {
            request.url_mut().query_pairs_mut().append_pair(name, &value.to_string());
        }
        Self::from_parts(client, request)
    }
}

/// Status and JSON body.
pub(super) async fn answer(request: RequestBuilder) -> (u16, Value) {
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    let body = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
    (status, body)
}

/// The body of an answer that has to have HTTP 200.
pub(super) fn ok((status, body): (u16, Value)) -> Value {
    assert_eq!(status, 200, "{body}");
    body
}

/// Takes `request_id` out of an oapi body, after a look at its shape.
pub(super) fn without_id(mut body: Value) -> Value {
    let id = body.as_object_mut().unwrap().shift_remove("request_id").unwrap();
    let id = id.as_str().unwrap();
    assert!((10..=16).contains(&id.len()), "{id}");
    assert!(id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()), "{id}");
    body
}

/// Holds an api refusal: status, code, and the three fields it consists of.
pub(super) fn refused((status, body): (u16, Value), expected: u16, code: &str) {
    assert_eq!((status, body["code"].as_str()), (expected, Some(code)), "{body}");
    assert!(body["message"].is_string(), "{body}");
    let id = body["requestid"].as_str().unwrap();
    assert!(id.len() == 36 && !id.bytes().any(|byte| byte.is_ascii_lowercase()), "{id}");
}

/// A JSON object with one more or one other field.
pub(super) fn with(body: &Value, name: &str, value: Value) -> Value {
    let mut body = body.clone();
    body.as_object_mut().unwrap().insert(name.into(), value);
    body
}

/// A JSON object with one field less.
pub(super) fn without(body: &Value, name: &str) -> Value {
    let mut body = body.clone();
    assert!(body.as_object_mut().unwrap().shift_remove(name).is_some(), "{name}");
    body
}
