//! A small gateway: tickets over HTTP, websockets that a test holds in its hands.

use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::handshake::server::{Request, Response};
use tokio_tungstenite::tungstenite::{Error, Message, WebSocket, accept_hdr};

use super::canned::{Answer, Canned};

/// Long enough for anything on loopback, even when the machine is busy.
const PATIENCE: Duration = Duration::from_secs(20);

/// The gateway.
pub struct Gateway {
    /// Where tickets are given.
    pub open: Canned,
    connections: Receiver<Connection>,
}

/// One accepted websocket.
pub struct Connection {
    socket: WebSocket<TcpStream>,
    /// The address that was asked for, with its query.
    pub path: String,
    /// The headers of the request, in lower case, `name: value`.
    pub headers: Vec<String>,
}

impl Gateway {
    /// A gateway that gives everybody a ticket.
    pub fn new() -> Self {
        Self::answering(|_, good| good)
    }

    /// A gateway whose answers to requests for a ticket `change` has changed; it gets the number of the request.
    pub fn answering(change: impl Fn(usize, Answer) -> Answer + Clone + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint = format!("ws://{}/connect", listener.local_addr().unwrap());
        let count = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
        let open = Canned::new(move |_| {
            let number = count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            let body = json!({ "endpoint": endpoint, "ticket": format!("ticket+{number}") });
            change(number, (200, "application/json", body.to_string()))
        });
        let (sender, connections) = channel();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let mut seen = (String::new(), Vec::new());
                #[allow(clippy::result_large_err, reason = "the library asks for this form")]
                let look = |request: &Request, response: Response| {
                    let headers = request.headers().iter();
                    let lines = headers.map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()));
                    seen = (request.uri().to_string(), lines.collect());
                    Ok(response)
                };
                let Ok(socket) = accept_hdr(stream, look) else { continue };
                let (path, headers) = seen;
                if sender.send(Connection { socket, path, headers }).is_err() {
                    return;
                }
            }
        });
        Self { open, connections }
    }

    /// The next websocket.
    #[track_caller]
    pub fn accept(&self) -> Connection {
        self.connections.recv_timeout(PATIENCE).expect("nobody connected")
    }

    /// Whether a websocket comes within `time`.
    pub fn accepts_within(&self, time: Duration) -> Option<Connection> {
        self.connections.recv_timeout(time).ok()
    }
}

impl Connection {
    /// Sends a frame, or anything else.
    #[allow(clippy::needless_pass_by_value, reason = "`push(json!(…))` reads best")]
    pub fn push(&mut self, frame: impl ToString) {
        self.socket.send(Message::text(frame.to_string())).unwrap();
    }

    /// The same to somebody who may be gone; whether it could be sent.
    pub fn try_push(&mut self, frame: &Value) -> bool {
        self.socket.send(Message::text(frame.to_string())).is_ok()
    }

    /// Sends bytes.
    pub fn push_bytes(&mut self, bytes: &[u8]) {
        self.socket.send(Message::binary(bytes.to_vec())).unwrap();
    }

    /// The next answer; pings are answered on the way.
    #[track_caller]
    pub fn answer(&mut self) -> Value {
        self.try_answer().expect("the connection was closed")
    }

    /// The data of the next answer, which is JSON as text.
    #[track_caller]
    pub fn data(&mut self) -> Value {
        serde_json::from_str(self.answer()["data"].as_str().unwrap()).unwrap()
    }

    /// Reads until the other side is gone.
    pub fn until_closed(&mut self) {
        while self.try_answer().is_some() {}
    }

    /// Closes it.
    pub fn close(mut self) {
        let _ = self.socket.close(None);
        self.until_closed();
    }

    fn try_answer(&mut self) -> Option<Value> {
        let end = Instant::now() + PATIENCE;
        self.socket.get_ref().set_read_timeout(Some(PATIENCE)).unwrap();
        while Instant::now() < end {
            match self.socket.read() {
                Ok(Message::Text(text)) => return Some(serde_json::from_str(text.as_str()).unwrap()),
                Ok(_) => {}
                Err(Error::Io(error)) if error.kind() == std::io::ErrorKind::WouldBlock => {
                    panic!("nothing came")
                }
                Err(_) => return None,
            }
        }
        panic!("nothing but pings came")
    }
}

/// A CALLBACK frame.
pub fn callback(id: &str, topic: &str, data: &Value) -> Value {
    json!({ "specVersion": "1.0", "type": "CALLBACK", "data": data.to_string(), "headers": {
        "appId": "1305d5f5-0000-484f-0000-97d900000f67", "connectionId": "cb6a2b2f-0000-11ee-0000-5e8a0000d2c1",
        "contentType": "application/json", "messageId": id, "time": "1700000000100", "topic": topic,
    } })
}

/// A robot message as a frame, from somebody in a group.
pub fn message(id: &str, group: &str, staff: &str, text: &str) -> Value {
    callback(id, "/v1.0/im/bot/messages/get", &payload(id, group, staff, text))
}

/// The payload of a robot message in a group.
pub fn payload(id: &str, group: &str, staff: &str, text: &str) -> Value {
    json!({
        "conversationId": group, "atUsers": [{ "dingtalkId": "$:LWCP_v1:$RobotRobotRobot01==" }],
        "chatbotCorpId": "ding9f50b15b0000000016741", "chatbotUserId": "$:LWCP_v1:$RobotRobotRobot01==",
        "msgId": format!("msg{id}=="), "senderNick": format!("人{staff}"), "isAdmin": false, "senderStaffId": staff,
        "sessionWebhookExpiredTime": 1_772_443_800_000_i64, "createAt": 1_700_000_000_000_i64,
        "senderCorpId": "ding9f50b15b0000000016741", "conversationType": "2",
        "senderId": format!("$:LWCP_v1:$Sender{staff}=="), "conversationTitle": "发布群", "isInAtList": true,
        "sessionWebhook": "https://oapi.dingtalk.com/robot/sendBySession?session=0123456789abcdef0123456789abcdef",
        "text": { "content": format!(" {text}") }, "robotCode": "dingabc123def456ghi7", "msgtype": "text",
    })
}

/// An EVENT frame.
pub fn event(id: &str, kind: &str, data: &Value) -> Value {
    json!({ "specVersion": "1.0", "type": "EVENT", "data": data.to_string(), "headers": {
        "topic": "*", "messageId": format!("m{id}"), "contentType": "application/json", "time": "1700000001100",
        "eventType": kind, "eventId": id, "eventCorpId": "ding9f50b15b0000000016741",
        "eventBornTime": "1700000001000", "eventUnifiedAppId": "bbb381b6-f010-4000-8000-000000058dac",
    } })
}

/// A SYSTEM frame.
pub fn system(topic: &str, data: &str) -> Value {
    json!({ "specVersion": "1.0", "type": "SYSTEM", "data": data, "headers": {
        "topic": topic, "messageId": "sys1", "contentType": "application/json", "time": "1700000001100",
    } })
}
