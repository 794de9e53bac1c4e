//! An address that takes what it is told to take: a plain HTTP server of the test.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use parking_lot::Mutex;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// A request as it came in.
#[derive(Clone)]
pub(super) struct Taken {
    pub(super) uri: String,
    pub(super) headers: HeaderMap,
    pub(super) body: String,
}

/// What it answers: makes status, waiting time and body out of a request.
type Answer = Arc<dyn Fn(&Taken) -> (u16, Duration, String) + Send + Sync>;

struct Inside {
    taken: Mutex<Vec<Taken>>,
    answer: Mutex<Answer>,
}

/// The server; it ends with the test.
pub(super) struct Receiver {
    at: String,
    inside: Arc<Inside>,
    task: JoinHandle<()>,
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Receiver {
    pub(super) async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = format!("http://{}", listener.local_addr().unwrap());
        let answer: Answer = Arc::new(|_| (200, Duration::ZERO, String::new()));
        let inside = Arc::new(Inside { taken: Mutex::default(), answer: Mutex::new(answer) });
        let service = Router::new().fallback(take).with_state(Arc::clone(&inside));
        let task = tokio::spawn(async move { axum::serve(listener, service).await.unwrap() });
        Self { at, inside, task }
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.at)
    }

    /// Answers every request from now on with this.
    pub(super) fn answers(&self, status: u16, body: &str) {
        let body = body.to_owned();
        self.answers_by(move |_| (status, Duration::ZERO, body.clone()));
    }

    /// Answers every request from now on with what this makes of it.
    pub(super) fn answers_by(
        &self,
        answer: impl Fn(&Taken) -> (u16, Duration, String) + Send + Sync + 'static,
    ) {
        *self.inside.answer.lock() = Arc::new(answer);
    }

    /// What was answered, oldest answer first.
    pub(super) fn requests(&self) -> Vec<Taken> {
        self.inside.taken.lock().clone()
    }
}

async fn take(State(inside): State<Arc<Inside>>, request: Request) -> (StatusCode, String) {
    let (parts, body) = request.into_parts();
    let bytes: Bytes = to_bytes(body, usize::MAX).await.unwrap();
    let body = String::from_utf8(bytes.to_vec()).unwrap();
    let taken = Taken { uri: parts.uri.to_string(), headers: parts.headers, body };
    let answer = Arc::clone(&*inside.answer.lock());
    let (status, wait, body) = answer(&taken);
    tokio::time::sleep(wait).await;
    inside.taken.lock().push(taken);
    (StatusCode::from_u16(status).unwrap(), body)
}
