//! The link over a real websocket.

use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use dingraia::client::Client;
use dingraia::clock::Clock;
use dingraia::config::{Config, CustomStreamConnect, Endpoints, Stream};
use dingraia::model::{Complaints, Push, Taken};
use dingraia::stream::{Link, Options, State, Timing};
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use tokio::sync::{oneshot, watch};
use tokio_util::sync::CancellationToken;

use crate::support::gateway::{Gateway, callback, event, message, system};
use crate::support::{NOW, post};

const PATIENCE: Duration = Duration::from_secs(20);

/// What the sink says to the next pushes.
type Script = Arc<Mutex<Vec<Taken>>>;

/// A link that runs, with short waits.
struct Running {
    pushes: Receiver<Push>,
    state: watch::Receiver<State>,
    stop: CancellationToken,
    complaints: Arc<Complaints>,
    script: Script,
    runtime: Runtime,
}

fn timing() -> Timing {
    let millis = Duration::from_millis;
    Timing {
        ping: millis(100),
        silence: PATIENCE,
        first: millis(10),
        most: millis(80),
        refused: millis(50),
        steady: millis(500),
        answer: millis(300),
        farewell: PATIENCE,
    }
}

fn link_with(api: String, options: Options) -> Running {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let config = Config { endpoints: Endpoints { api, oapi: String::new() }, ..Config::default() };
    let client = Arc::new(Client::new(Arc::new(config), Clock::fixed(NOW, 3)));
    let (sender, pushes) = channel();
    let script = Script::default();
    let says = Arc::clone(&script);
    let sink = Arc::new(move |push: Push| {
        let _ = sender.send(push);
        says.lock().unwrap().pop().unwrap_or(Taken::Queued)
    });
    let account = Stream { app_key: "dingkey".into(), app_secret: "SECRET-OF-APP".into() };
    let complaints = Arc::new(Complaints::default());
    let link = Link::new(client, Clock::fixed(NOW, 3), account, options, sink, Arc::clone(&complaints));
    let (state, stop) = (link.state(), CancellationToken::new());
    runtime.spawn(link.run(stop.clone()));
    Running { pushes, state, stop, complaints, script, runtime }
}

fn link(gateway: &Gateway) -> Running {
    link_with(gateway.open.url(), Options { timing: timing(), ..Options::default() })
}

impl Running {
    #[track_caller]
    fn push(&self) -> Push {
        self.pushes.recv_timeout(PATIENCE).expect("nothing was pushed")
    }

    fn until(&self, what: fn(&State) -> bool) {
        let mut state = self.state.clone();
        self.runtime
            .block_on(async { tokio::time::timeout(PATIENCE, state.wait_for(what)).await })
            .unwrap()
            .unwrap();
    }
}

#[test]
fn it_asks_for_a_ticket_and_connects() {
    let gateway = Gateway::new();
    let running = link(&gateway);
    let mut connection = gateway.accept();
    assert_eq!(connection.path, "/connect?ticket=ticket%2B0");
    let asked = &gateway.open.seen()[0];
    assert_eq!(asked.line, "POST /v1.0/gateway/connections/open");
    assert_eq!(asked.body["clientId"], "dingkey");
    assert_eq!(asked.body["clientSecret"], "SECRET-OF-APP");
    let topics = asked.body["subscriptions"].as_array().unwrap();
    assert_eq!(topics.len(), 5);
    assert_eq!(topics[0], json!({ "type": "EVENT", "topic": "*" }));
    assert_eq!(topics[1], json!({ "type": "CALLBACK", "topic": "/v1.0/im/bot/messages/get" }));
    running.until(|state| matches!(state, State::Connected));
    running.stop.cancel();
    connection.until_closed();
    running.until(|state| matches!(state, State::Stopped));
}

#[test]
fn everything_is_answered() {
    let gateway = Gateway::new();
    let running = link(&gateway);
    let mut connection = gateway.accept();
    connection.push(message("m1", "cidA==", "u1", "你好"));
    assert_eq!(connection.answer()["headers"]["messageId"], "m1");
    assert_eq!(running.push().payload["text"]["content"], " 你好");
    connection.push(event("e1", "chat_disband", &json!({})));
    assert_eq!(connection.data(), json!({ "status": "SUCCESS", "message": "ok" }));
    connection.push(system("ping", r#"{"opaque": "as it  was"}"#));
    let pong = connection.answer();
    assert_eq!(
        (pong["code"].as_u64(), pong["data"].as_str()),
        (Some(200), Some(r#"{"opaque": "as it  was"}"#))
    );
    connection.push(system("KEEPALIVE", "{}"));
    connection.push("no frame");
    connection.push_bytes(b"\x00\x01");
    connection.push(callback("m3", "/v1.0/unknown", &json!({})));
    assert_eq!(connection.answer()["code"], 404, "the three before it are not answered");
    let counts = running.complaints.counts();
    assert_eq!(counts.len(), 3, "{counts:?}");
    running.script.lock().unwrap().extend([Taken::Full, Taken::Full]);
    connection.push(event("e2", "chat_disband", &json!({})));
    assert_eq!(connection.data()["status"], "LATER");
    connection.push(message("m4", "cidA==", "u1", "x"));
    assert_eq!(connection.answer()["code"], 500);
}

#[test]
fn an_answer_that_takes_time_keeps_nobody_waiting() {
    let gateway = Gateway::new();
    let running = link(&gateway);
    let mut connection = gateway.accept();
    let (give, given) = oneshot::channel();
    running.script.lock().unwrap().push(Taken::Answered(given));
    let card = |id: &str| callback(id, "/v1.0/card/instances/callback", &json!({ "outTrackId": id }));
    connection.push(card("c1"));
    running.push();
    connection.push(message("m1", "cidA==", "u1", "x"));
    assert_eq!(connection.answer()["headers"]["messageId"], "m1");
    give.send(json!({ "cardData": { "cardParamMap": { "a": "1" } } })).unwrap();
    let answer = connection.answer();
    assert_eq!(answer["headers"]["messageId"], "c1");
    assert!(answer["data"].as_str().unwrap().contains("cardParamMap"));
    // One that never comes is answered in time with nothing in it.
    let (never, given) = oneshot::channel::<Value>();
    running.script.lock().unwrap().push(Taken::Answered(given));
    connection.push(card("c2"));
    assert_eq!(connection.data(), json!({ "response": {} }));
    drop(never);
}

#[test]
fn a_new_connection_is_there_before_the_old_one_goes() {
    let gateway = Gateway::new();
    let running = link(&gateway);
    let mut old = gateway.accept();
    old.push(system("disconnect", r#"{"reason":"upgrade"}"#));
    let mut new = gateway.accept();
    assert_eq!(new.path, "/connect?ticket=ticket%2B1", "with a ticket of its own");
    // Both are heard and answered until the gateway closes the old one.
    old.push(message("m1", "cidA==", "u1", "old"));
    assert_eq!(old.answer()["headers"]["messageId"], "m1");
    new.push(message("m2", "cidA==", "u1", "new"));
    assert_eq!(new.answer()["headers"]["messageId"], "m2");
    old.close();
    new.push(message("m3", "cidA==", "u1", "new"));
    assert_eq!(new.answer()["headers"]["messageId"], "m3");
    assert_eq!(gateway.open.seen().len(), 2, "the end of the old one changes nothing");
    assert_eq!(
        (running.push().ids, running.push().ids[0].as_str()),
        (vec!["m1".into(), "msgm1==".into()], "m2")
    );
    running.stop.cancel();
    new.until_closed();
}

#[test]
fn a_live_connection_is_kept_by_pings_alone() {
    let gateway = Gateway::new();
    let timing = Timing { ping: Duration::from_millis(30), silence: Duration::from_millis(400), ..timing() };
    let running = link_with(gateway.open.url(), Options { timing, ..Options::default() });
    let mut connection = gateway.accept();
    let stop = running.stop.clone();
    let stopper = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(1200));
        stop.cancel();
    });
    // Reading answers the pings; it goes on until we stop.
    connection.until_closed();
    stopper.join().unwrap();
    assert!(gateway.accepts_within(Duration::ZERO).is_none(), "it was not made again");
}

#[test]
fn refused_credentials_are_tried_again() {
    let gateway = Gateway::answering(|number, good| match number {
        0 | 1 => {
            let body = json!({ "code": "authFailed", "message": "鉴权失败", "requestid": "R" });
            (401, "application/json", body.to_string())
        }
        _ => good,
    });
    let running = link(&gateway);
    running.until(|state| matches!(state, State::Refused(_) | State::Connected));
    gateway.accept();
    assert_eq!(gateway.open.seen().len(), 3);
}

#[test]
fn a_gateway_that_is_ill_is_tried_again() {
    let gateway = Gateway::answering(|number, good| match number {
        0 => (500, "application/json", "{}".into()),
        1 => (200, "application/json", "no json".into()),
        2 => (200, "application/json", json!({ "endpoint": "https://x", "ticket": "t" }).to_string()),
        3 => {
            (200, "application/json", json!({ "endpoint": "ws://127.0.0.1:9/x", "ticket": "t" }).to_string())
        }
        _ => good,
    });
    let running = link(&gateway);
    gateway.accept();
    assert_eq!(gateway.open.seen().len(), 5);
    running.until(|state| matches!(state, State::Connected));
}

#[test]
fn another_server_can_be_named() {
    let gateway = Gateway::new();
    let custom = |change: fn(&mut CustomStreamConnect, String)| {
        let mut custom = CustomStreamConnect::default();
        change(&mut custom, gateway.open.url());
        custom.headers.insert("X-Own".into(), "7".into());
        Options { custom: Some(custom), timing: timing() }
    };
    let options = custom(|custom, url| custom.sign_url = Some(format!("{url}/sign?key=1")));
    let running = link_with("http://127.0.0.1:9".into(), options);
    let connection = gateway.accept();
    assert!(connection.headers.contains(&"x-own: 7".to_owned()), "{:?}", connection.headers);
    assert_eq!(gateway.open.seen()[0].line, "POST /sign?key=1");
    assert_eq!(gateway.open.seen()[0].body["clientId"], "dingkey");
    drop((running, connection));
    // An address alone gets no credentials.
    let (_, answer) = post(&format!("{}/", gateway.open.url()), &[], "{}");
    let endpoint: Value = serde_json::from_str(&answer).unwrap();
    let own = format!("{}?own=1", endpoint["endpoint"].as_str().unwrap());
    let mut options = custom(|_, _| {});
    options.custom.as_mut().unwrap().stream_url = Some(own);
    let _running = link_with("http://127.0.0.1:9".into(), options);
    assert_eq!(gateway.accept().path, "/connect?own=1");
}

#[test]
fn no_secret_is_in_an_error() {
    let gateway = Gateway::answering(|_, _| {
        let body = json!({ "endpoint": "ws://127.0.0.1:9/connect", "ticket": "TICKET" });
        (200, "application/json", body.to_string())
    });
    let running = link(&gateway);
    running.until(|state| matches!(state, State::Waiting(_)));
    let State::Waiting(error) = running.state.borrow().clone() else { return };
    let text = format!("{error} {error:?}");
    assert!(!text.contains("TICKET") && !text.contains("SECRET-OF-APP"), "{text}");
    assert!(text.contains("127.0.0.1:9"), "{text}");
}
