//! A host of files: takes uploads and keeps what they were, serves downloads well or badly, and hands everything else on to
//! the sandbox.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, Multipart, Path, RawQuery, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use dingraia::config::Endpoints;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// One part of an upload; of a large one the size alone is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    pub name: String,
    pub file_name: Option<String>,
    pub content_type: Option<String>,
    pub size: usize,
    pub beginning: Vec<u8>,
}

/// One upload.
#[derive(Debug, Clone)]
pub struct Upload {
    pub query: String,
    pub length: Option<String>,
    pub parts: Vec<Part>,
}

/// How a download is answered.
#[derive(Clone)]
pub enum Serve {
    /// With these bytes and this content type.
    Whole(&'static str, Vec<u8>),
    /// With so many zero bytes, made as they go.
    Zeros(usize),
    /// With some bytes of more, and then nothing for a long time.
    Stuck,
    /// With a status.
    Status(u16),
    /// From another address.
    Moved(String),
}

#[derive(Default)]
pub struct Inner {
    pub uploads: Mutex<Vec<Upload>>,
    /// Answers to the next uploads instead of a mediaId.
    pub refusals: Mutex<Vec<Value>>,
    /// A pause after each piece of an upload.
    pub pause: Mutex<Duration>,
    pub files: Mutex<HashMap<String, Serve>>,
    pub asked: Mutex<Vec<Value>>,
    /// Tokens that came along with downloads: there must be none.
    pub tokens: Mutex<Vec<String>>,
    behind: Mutex<Option<Endpoints>>,
    own: Mutex<String>,
    cut: Mutex<String>,
}

/// The host; its thread ends with the test process.
#[derive(Clone, Default)]
pub struct Host(pub Arc<Inner>);

impl Host {
    /// Starts a host before the sandbox at `behind` and gives the addresses to use instead.
    pub fn start(&self, behind: Endpoints) -> Endpoints {
        *self.0.behind.lock().unwrap() = Some(behind);
        let (inner, (sender, receiver)) = (Arc::clone(&self.0), std::sync::mpsc::channel());
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
                let cut = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
                sender.send((listener.local_addr().unwrap(), cut.local_addr().unwrap())).unwrap();
                tokio::join!(async { axum::serve(listener, router(inner)).await.unwrap() }, cut_short(cut));
            });
        });
        let (own, cut) = receiver.recv().unwrap();
        *self.0.own.lock().unwrap() = format!("http://{own}");
        *self.0.cut.lock().unwrap() = format!("http://{cut}/file");
        Endpoints { api: format!("http://{own}"), oapi: format!("http://{own}") }
    }

    /// An address that is answered with `serve`.
    pub fn serve(&self, name: &str, serve: Serve) -> String {
        self.0.files.lock().unwrap().insert(name.to_owned(), serve);
        format!("{}/files/{name}", self.0.own.lock().unwrap())
    }

    /// The download code of a file whose connection breaks in the middle.
    pub fn broken(&self) -> String {
        let address = self.0.cut.lock().unwrap().clone();
        self.serve("broken", Serve::Moved(address));
        "broken".into()
    }

    pub fn uploads(&self) -> Vec<Upload> {
        self.0.uploads.lock().unwrap().clone()
    }
}

fn router(inner: Arc<Inner>) -> Router {
    Router::new()
        .route("/media/upload", post(upload))
        .route("/v1.0/robot/messageFiles/download", post(address))
        .route("/files/{name}", get(file))
        .fallback(forward)
        .layer(DefaultBodyLimit::disable())
        .with_state(inner)
}

async fn upload(
    State(inner): State<Arc<Inner>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    mut form: Multipart,
) -> Response {
    let mut parts = Vec::new();
    while let Some(mut field) = form.next_field().await.unwrap() {
        let mut part = Part {
            name: field.name().unwrap_or_default().into(),
            file_name: field.file_name().map(str::to_owned),
            content_type: field.content_type().map(str::to_owned),
            size: 0,
            beginning: Vec::new(),
        };
        let pause = *inner.pause.lock().unwrap();
        let mut since = 0;
        while let Some(chunk) = field.chunk().await.unwrap() {
            part.size += chunk.len();
            since += chunk.len();
            part.beginning.extend(chunk.iter().take(200 - part.beginning.len().min(200)));
            if since > 1 << 20 && !pause.is_zero() {
                since = 0;
                tokio::time::sleep(pause).await;
            }
        }
        parts.push(part);
    }
    let length = headers.get(header::CONTENT_LENGTH).map(|length| length.to_str().unwrap().to_owned());
    let number = {
        let mut uploads = inner.uploads.lock().unwrap();
        uploads.push(Upload { query: query.unwrap_or_default(), length, parts });
        uploads.len()
    };
    let refusal = inner.refusals.lock().unwrap().pop();
    axum::Json(refusal.unwrap_or_else(
        || json!({ "errcode": 0, "errmsg": "ok", "media_id": format!("@media{number}"), "created_at": 1 }),
    ))
    .into_response()
}

async fn address(State(inner): State<Arc<Inner>>, axum::Json(body): axum::Json<Value>) -> Response {
    let code = body["downloadCode"].as_str().unwrap().to_owned();
    inner.asked.lock().unwrap().push(body);
    let own = inner.own.lock().unwrap().clone();
    axum::Json(json!({ "downloadUrl": format!("{own}/files/{code}?Expires=1&Signature=s3cret") }))
        .into_response()
}

async fn file(State(inner): State<Arc<Inner>>, Path(name): Path<String>, headers: HeaderMap) -> Response {
    if let Some(token) = headers.get("x-acs-dingtalk-access-token") {
        inner.tokens.lock().unwrap().push(token.to_str().unwrap().into());
    }
    let serve = inner.files.lock().unwrap().get(&name).cloned();
    match serve {
        Some(Serve::Whole(kind, bytes)) => ([(header::CONTENT_TYPE, kind)], bytes).into_response(),
        Some(Serve::Zeros(size)) => {
            let stream = tokio_util::io::ReaderStream::new(tokio::io::repeat(0).take(size as u64));
            ([(header::CONTENT_LENGTH, size)], Body::from_stream(stream)).into_response()
        }
        Some(Serve::Stuck) => {
            let (mut writer, reader) = tokio::io::duplex(1024);
            tokio::spawn(async move {
                writer.write_all(b"the beginning").await.unwrap();
                tokio::time::sleep(Duration::from_secs(600)).await;
            });
            Body::from_stream(tokio_util::io::ReaderStream::new(reader)).into_response()
        }
        Some(Serve::Status(status)) => StatusCode::from_u16(status).unwrap().into_response(),
        Some(Serve::Moved(to)) => (StatusCode::FOUND, [(header::LOCATION, to)]).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Says that 1000 bytes come, sends a few and closes.
async fn cut_short(listener: tokio::net::TcpListener) {
    loop {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = [0; 2048];
        let _ = stream.read(&mut request).await;
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nthe beginning").await;
    }
}

/// Everything else is the sandbox's.
async fn forward(State(inner): State<Arc<Inner>>, request: Request) -> Response {
    let endpoints = inner.behind.lock().unwrap().clone().unwrap();
    let (parts, body) = request.into_parts();
    let path = parts.uri.path_and_query().unwrap().as_str().to_owned();
    let base = if path.starts_with("/v1.0/") { endpoints.api } else { endpoints.oapi };
    let bytes: Bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    let mut headers = parts.headers;
    headers.remove(header::HOST);
    let client = reqwest::Client::builder().build().unwrap();
    let sent = client.request(parts.method, format!("{base}{path}")).headers(headers).body(bytes).send();
    let answer = sent.await.unwrap();
    let (status, kind) = (answer.status(), answer.headers().get(header::CONTENT_TYPE).cloned());
    let mut response = (status, answer.bytes().await.unwrap()).into_response();
    if let Some(kind) = kind {
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
    }
    response
}
