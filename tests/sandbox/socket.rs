//! A plain Stream client: a ticket, a WebSocket, frames in, answers out.

use std::time::Duration;

use dingraia::sandbox::{Sandbox, Timing};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::bench::{Bench, answer};

pub(super) const EVENTS: (&str, &str) = ("EVENT", "*");
pub(super) const MESSAGES: (&str, &str) = ("CALLBACK", "/v1.0/im/bot/messages/get");
pub(super) const DELEGATE: (&str, &str) = ("CALLBACK", "/v1.0/im/bot/messages/delegate");
pub(super) const CARDS: (&str, &str) = ("CALLBACK", "/v1.0/card/instances/callback");
pub(super) const ASSISTANT: (&str, &str) = ("CALLBACK", "/v1.0/graph/api/invoke");
pub(super) const ALL: [(&str, &str); 5] = [EVENTS, MESSAGES, DELEGATE, CARDS, ASSISTANT];
pub(super) const OPEN: &str = "/v1.0/gateway/connections/open";

/// Longer than anything takes.
const PATIENCE: Duration = Duration::from_secs(10);
/// Long enough for something that must not come, on loopback.
const MOMENT: Duration = Duration::from_millis(60);

/// An open connection.
pub(super) struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

/// The body that asks for a ticket.
pub(super) fn asks(bench: &Bench, topics: &[(&str, &str)]) -> Value {
    let keys = bench.sandbox.credentials();
    let topics: Vec<Value> =
        topics.iter().map(|(kind, topic)| json!({"type": kind, "topic": topic})).collect();
    json!({
        "clientId": keys.app_key, "clientSecret": keys.app_secret, "subscriptions": topics,
        "ua": "plain-test/1", "localIp": "127.0.0.1",
    })
}

/// Where a ticket leads to.
pub(super) async fn ticket(bench: &Bench, topics: &[(&str, &str)]) -> String {
    let request = bench.http.post(bench.at_api(OPEN)).json(&asks(bench, topics));
    let (status, body) = answer(request).await;
    assert_eq!(status, 200, "{body}");
    let endpoint = body["endpoint"].as_str().unwrap();
    format!("{endpoint}?ticket={}", body["ticket"].as_str().unwrap())
}

/// The HTTP status of a connection that is refused.
pub(super) async fn refusal(url: &str) -> u16 {
    match connect_async(url).await {
        Err(Error::Http(response)) => response.status().as_u16(),
        other => panic!("{other:?}"),
    }
}

impl Socket {
    /// Connects with these subscriptions.
    pub(super) async fn open(bench: &Bench, topics: &[(&str, &str)]) -> Self {
        Self(connect_async(ticket(bench, topics).await).await.unwrap().0)
    }

    /// The next message; nothing when the connection is over.
    pub(super) async fn next(&mut self) -> Option<Message> {
        let next = tokio::time::timeout(PATIENCE, self.0.next()).await.expect("something comes");
        next.and_then(Result::ok)
    }

    /// The next text.
    pub(super) async fn text(&mut self) -> String {
        match self.next().await {
            Some(Message::Text(text)) => text.as_str().to_owned(),
            other => panic!("{other:?}"),
        }
    }

    /// The next frame.
    pub(super) async fn frame(&mut self) -> Value {
        let text = self.text().await;
        let frame: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
        assert_eq!(frame["specVersion"], "1.0", "{frame}");
        let headers = frame["headers"].as_object().unwrap();
        assert!(headers.values().all(Value::is_string), "{frame}");
        assert_eq!(headers["contentType"], "application/json");
        frame
    }

    /// The next frame, which has to be an event of this type, and its payload.
    pub(super) async fn event(&mut self, kind: &str) -> (Value, Value) {
        let frame = self.frame().await;
        assert_eq!(
            (&frame["type"], &frame["headers"]["eventType"]),
            (&json!("EVENT"), &json!(kind)),
            "{frame}"
        );
        let data = data(&frame);
        (frame, data)
    }

    /// Answers a frame with this `data`.
    pub(super) async fn answer(&mut self, frame: &Value, data: &Value) {
        self.answer_text(frame, &data.to_string()).await;
    }

    /// Answers a frame with this text of `data`.
    pub(super) async fn answer_text(&mut self, frame: &Value, data: &str) {
        let headers = json!({"messageId": frame["headers"]["messageId"], "contentType": "application/json"});
        self.send(&json!({"code": 200, "headers": headers, "message": "OK", "data": data})).await;
    }

    /// As [`Socket::answer`], where the connection may be over.
    pub(super) async fn try_answer(&mut self, frame: &Value, data: &Value) -> Result<(), Error> {
        let headers = json!({"messageId": frame["headers"]["messageId"], "contentType": "application/json"});
        let answer = json!({"code": 200, "headers": headers, "message": "OK", "data": data.to_string()});
        self.0.send(Message::text(answer.to_string())).await
    }

    /// Answers an event.
    pub(super) async fn success(&mut self, frame: &Value) {
        self.answer(frame, &json!({"status": "SUCCESS", "message": "ok"})).await;
    }

    /// Takes the next event of this type and answers it.
    pub(super) async fn take(&mut self, kind: &str) -> Value {
        let (frame, data) = self.event(kind).await;
        self.success(&frame).await;
        data
    }

    pub(super) async fn send(&mut self, value: &Value) {
        self.0.send(Message::text(value.to_string())).await.unwrap();
    }

    /// Puts something behind what waits to be sent.
    pub(super) async fn feed(&mut self, value: &Value) {
        self.0.feed(Message::text(value.to_string())).await.unwrap();
    }

    pub(super) async fn flush(&mut self) {
        self.0.flush().await.unwrap();
    }

    pub(super) async fn ping(&mut self) {
        self.0.send(Message::Ping("hello".into())).await.unwrap();
    }

    /// Nothing comes for a moment.
    pub(super) async fn silent(&mut self) {
        if let Ok(message) = tokio::time::timeout(MOMENT, self.0.next()).await {
            panic!("{message:?}");
        }
    }
}

/// The payload of a frame.
pub(super) fn data(frame: &Value) -> Value {
    let text = frame["data"].as_str().unwrap_or_else(|| panic!("{frame}"));
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// Waits until it holds.
pub(super) async fn until(holds: impl Fn() -> bool) {
    let wait = async {
        while !holds() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::time::timeout(PATIENCE, wait).await.expect("it never came true");
}

/// Makes times short.
pub(super) fn timing(sandbox: &Sandbox, change: impl FnOnce(&mut Timing)) {
    let mut timing = sandbox.timing();
    change(&mut timing);
    sandbox.set_timing(timing);
}

/// A short time.
pub(super) fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}
