//! A server that writes down what it is sent: DingTalk's card calls with answers that a test chooses, and a writer of lines.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::Response;
use dingraia::config::Config;
use serde_json::{Value, json};
use tokio::runtime::{Builder, Runtime};

use crate::support::World;

/// A request as it arrived.
#[derive(Debug, Clone)]
pub struct Seen {
    /// `POST /path`
    pub call: String,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Value,
    /// When.
    pub at: Instant,
}

#[derive(Default)]
struct Book {
    seen: Mutex<Vec<Seen>>,
    answers: Mutex<VecDeque<(String, u16, Value)>>,
    lines: Mutex<String>,
}

/// The server. It ends with the test.
pub struct Fake {
    book: Arc<Book>,
    url: String,
    _runtime: Runtime,
}

impl Fake {
    pub fn new() -> Self {
        let book = Arc::new(Book::default());
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(answer).with_state(Arc::clone(&book));
        runtime.spawn(async move { axum::serve(listener, router).await });
        Self { book, url, _runtime: runtime }
    }

    /// A world whose API is this server, with cards that are written fast.
    pub fn world(&self) -> World {
        self.world_with(|_| {})
    }

    /// The same with a changed configuration.
    pub fn world_with(&self, change: impl FnOnce(&mut Config)) -> World {
        let world = World::with(|config| {
            config.endpoints.api.clone_from(&self.url);
            change(config);
        });
        world.session.cards.set_floor(Duration::from_millis(5));
        world
    }

    /// Answers the next call of `path` with this.
    pub fn next(&self, call: &str, status: u16, body: Value) {
        self.book.answers.lock().unwrap().push_back((call.to_owned(), status, body));
    }

    /// What `POST /lines` writes.
    pub fn lines(&self, text: &str) -> String {
        text.clone_into(&mut self.book.lines.lock().unwrap());
        format!("{}/lines", self.url)
    }

    /// The requests so far, without those for a token.
    pub fn seen(&self) -> Vec<Seen> {
        let seen = self.book.seen.lock().unwrap();
        seen.iter().filter(|seen| !seen.call.contains("oauth2")).cloned().collect()
    }

    /// The bodies that `call` was sent.
    pub fn bodies(&self, call: &str) -> Vec<Value> {
        self.seen().into_iter().filter(|seen| seen.call == call).map(|seen| seen.body).collect()
    }

    /// Waits until `call` was made `count` times.
    pub fn wait_for(&self, call: &str, count: usize) {
        let start = Instant::now();
        while self.bodies(call).len() < count {
            assert!(start.elapsed() < Duration::from_secs(20), "no {call}: {:#?}", self.seen());
            std::thread::yield_now();
        }
    }
}

async fn answer(
    State(book): State<Arc<Book>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let call = format!("{method} {}", uri.path());
    let body = serde_json::from_slice(&body).unwrap_or_default();
    book.seen.lock().unwrap().push(Seen { call: call.clone(), headers, body, at: Instant::now() });
    let chosen = {
        let mut answers = book.answers.lock().unwrap();
        let index = answers.iter().position(|(wanted, ..)| *wanted == call);
        index.and_then(|index| answers.remove(index))
    };
    let (status, body) = match chosen {
        Some((_, status, body)) => (status, body.to_string()),
        None if call == "POST /lines" => (200, book.lines.lock().unwrap().clone()),
        None => (200, usual(&call).to_string()),
    };
    Response::builder().status(StatusCode::from_u16(status).unwrap()).body(Body::from(body)).unwrap()
}

fn usual(call: &str) -> Value {
    match call {
        "POST /v1.0/oauth2/accessToken" => json!({"accessToken": "t0", "expireIn": 7200}),
        "POST /v1.0/card/instances/deliver" => json!({"success": true, "result": [
            {"spaceType": "IM_GROUP", "spaceId": "s", "success": true, "carrierId": "c", "errorMsg": ""}
        ]}),
        "POST /v1.0/aiInteraction/reply" => json!({"result": {"success": true}}),
        "POST /v1.0/robot/groupMessages/send" => json!({"processQueryKey": "q"}),
        _ => json!({"success": true, "result": true}),
    }
}
