//! Pushes over real HTTP, to an app that listens.

use dingraia::callback::{Crypto, card_signature, message_signature};
use dingraia::config::{Bot, CallBack, Config};
use serde_json::{Value, json};

use crate::support::gateway::payload;
use crate::support::{NOW, World, post};

const CARD_SECRET: &str = "apiSecretForTests";

fn keys() -> CallBack {
    CallBack {
        aes_key: "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG".into(),
        token: "dingtalkToken01".into(),
        app_key: "dingtestappkey0001".into(),
    }
}

/// A world that receives callbacks.
struct Receiving {
    world: World,
    url: String,
}

fn receiving(source: &str) -> Receiving {
    receiving_with(source, |_| {})
}

fn receiving_with(source: &str, change: impl FnOnce(&mut Config)) -> Receiving {
    let mut world = World::with(|config| {
        config.event_callback = Some(keys());
        config.card_api_secret = Some(CARD_SECRET.into());
        change(config);
    });
    let station = world.station();
    station.listen_beside();
    world.run(source).view();
    world.run("app.start(#{port: 0})").view();
    let status = station.status(&world.session).unwrap();
    assert_eq!(status.len(), 1, "no stream was configured");
    assert!(status[0].app_key.starts_with("http://127.0.0.1:"), "{}", status[0].app_key);
    Receiving { url: status[0].app_key.clone(), world }
}

impl Receiving {
    /// Pushes an event, encrypted at `now`.
    fn event(&self, event: &Value, name: &str, now: i64) -> (u16, String) {
        let crypto = Crypto::new(&keys()).unwrap();
        let sealed = crypto.seal(&event.to_string(), [3; 16], &now.to_string(), "nonce1");
        let url = format!("{}/?{name}={}&timestamp={now}&nonce=nonce1", self.url, sealed.signature);
        post(&url, &[], json!({ "encrypt": sealed.encrypt }).to_string())
    }

    fn until(&mut self, source: &str, expected: &Value) {
        let end = std::time::Instant::now() + std::time::Duration::from_secs(20);
        while self.world.run(source).json() != *expected {
            assert!(std::time::Instant::now() < end, "{source} is not {expected}");
            std::thread::yield_now();
        }
    }

    fn message(&self, body: &Value, timestamp: i64) -> (u16, String) {
        let secret = self.world.session.config.bot.as_ref().and_then(Bot::app).unwrap().1.clone();
        let timestamp = timestamp.to_string();
        let sign = message_signature(&secret, &timestamp);
        post(&format!("{}/", self.url), &[("timestamp", &timestamp), ("sign", &sign)], body.to_string())
    }
}

#[test]
fn an_event_is_decrypted_and_answered() {
    let mut receiving = receiving(r#"let seen = []; on("*", |e| seen.push([e.name, e.type]));"#);
    for name in ["signature", "msg_signature"] {
        let event = json!({ "EventType": "check_url", "eventId": name });
        let (status, body) = receiving.event(&event, name, NOW);
        assert_eq!(status, 200, "{body}");
        let answer: Value = serde_json::from_str(&body).unwrap();
        let part = |name: &str| answer[name].as_str().unwrap().to_owned();
        let opened = Crypto::new(&keys()).unwrap().open(
            &part("msg_signature"),
            &part("timeStamp"),
            &part("nonce"),
            &part("encrypt"),
        );
        assert_eq!(opened.unwrap(), "success");
    }
    let renamed = json!({ "EventType": "chat_update_title", "EventTime": 1, "openConversationId": "cidA==", "title": "新" });
    assert_eq!(receiving.event(&renamed, "signature", NOW).0, 200);
    // The same request again is answered, and does nothing.
    assert_eq!(receiving.event(&renamed, "signature", NOW).0, 200);
    receiving.until("seen.len()", &json!(3));
    receiving.world.run(r#"app.get_info("cidA==")[0].dingraia_cache.name"#).prints("新");
    receiving.world.run("seen[0]").gives(json!(["CheckUrl", "check_url"]));
    receiving.world.run("seen.len()").gives(json!(3));
}

#[test]
fn what_is_not_dingtalks_is_refused() {
    let receiving = receiving(r#"let n = 0; on("*", |e| n += 1);"#);
    let event = json!({ "EventType": "check_url" });
    assert_eq!(receiving.event(&event, "signature", NOW - 3_600_001).0, 403, "old");
    assert_eq!(receiving.event(&event, "other", NOW).0, 403, "no signature");
    let root = format!("{}/", receiving.url);
    let send = |body: &str| post(&root, &[], body).0;
    assert_eq!(send("no json"), 400);
    assert_eq!(send("[1]"), 400);
    assert_eq!(send(r#"{"EventType":"chat_disband"}"#), 403, "not encrypted");
    assert_eq!(send(r#"{"some":"thing"}"#), 400);
    assert_eq!(send(r#"{"encrypt":7}"#), 403);
    assert_eq!(send(&"[".repeat(100_000)), 400);
    assert_eq!(send(&payload("m1", "cidA==", "u1", "x").to_string()), 403, "not signed");
    assert_eq!(post(&root, &[], vec![b'x'; 2 * 1024 * 1024]).0, 413);
    assert_eq!(post(&format!("{root}other"), &[], "{}").0, 404);
    assert_eq!(receiving.message(&payload("m1", "cidA==", "u1", "x"), NOW - 3_600_001).0, 403, "old");
    let mut world = receiving.world;
    world.run("n").gives(json!(0));
    let complaints = world.station().hub(&world.session).complaints().counts();
    assert!(complaints.contains(&("a callback that is not a JSON object", 3)), "{complaints:?}");
}

#[test]
fn a_signed_message_is_handled() {
    let mut receiving = receiving(r#"let seen = []; on("GroupMessage", |e| seen.push(e.text));"#);
    let body = payload("m1", "cidA==", "u1", "你好");
    for _ in 0..2 {
        assert_eq!(receiving.message(&body, NOW), (200, json!({ "msgtype": "empty" }).to_string()));
    }
    receiving.until("seen", &json!(["你好"]));
}

#[test]
fn a_card_is_answered() {
    let mut receiving =
        receiving(r#"let seen = []; on("CardAction", |e| { seen.push(e.text); #{title: "好"} });"#);
    let content = json!({ "cardPrivateData": { "actionIds": ["ok"], "params": {} } });
    let body = json!({ "type": "actionCallback", "outTrackId": "t1", "content": content.to_string() });
    let (now, sign) = (NOW.to_string(), card_signature(&CARD_SECRET.into(), &NOW.to_string()));
    let url = format!("{}/", receiving.url);
    let send = |sign: &str| {
        post(&url, &[("x-ddpaas-signature-timestamp", &now), ("x-ddpaas-signature", sign)], body.to_string())
    };
    assert_eq!(send("wrong").0, 403);
    let (status, answer) = send(&sign);
    assert_eq!(status, 200);
    let expected = json!({
        "cardData": { "cardParamMap": { "title": "好" } },
        "cardUpdateOptions": { "updateCardDataByKey": true },
    });
    assert_eq!(serde_json::from_str::<Value>(&answer).unwrap(), expected);
    receiving.until("seen", &json!(["ok"]));
}

#[test]
fn without_keys_nothing_is_accepted() {
    let receiving = receiving_with("", |config| {
        config.event_callback = None;
        config.card_api_secret = None;
    });
    assert_eq!(receiving.event(&json!({ "EventType": "check_url" }), "signature", NOW).0, 403);
    let card = json!({ "type": "actionCallback" }).to_string();
    assert_eq!(post(&format!("{}/", receiving.url), &[], card).0, 403);
}

#[test]
fn the_socket_is_given_back() {
    let mut receiving = receiving("");
    let port = receiving.url.rsplit_once(':').unwrap().1.to_owned();
    let mut other = World::with(|_| {});
    other.run(&format!("app.start(#{{port: {port}}})")).fails("usage", "cannot listen on 127.0.0.1");
    other.run(r#"app.start(#{port: 1, host: "here"})"#).fails("argument", "`host` must be an address");
    receiving.world.run("app.stop()").view();
    crate::support::until("the port is free", || {
        std::net::TcpListener::bind(format!("127.0.0.1:{port}")).is_ok()
    });
}
