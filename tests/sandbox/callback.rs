//! Events and messages to an address: encryption, signatures, and answers that count.
//!
//! The vectors of the encryption stand beside its code. Here an address holds sealed answers that were computed elsewhere.

use std::time::Duration;

use dingraia::sandbox::{EventAddress, Outcome};
use serde_json::{Value, json};
use sha1::{Digest, Sha1};

use super::bench::{Bench, RELEASE, ROBOT};
use super::receiver::{Receiver, Taken};
use super::socket::{ALL, Socket, millis, timing, until};

const KEY: &str = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
const TOKEN: &str = "dingtalkToken01";
const OWNER: &str = "dingtestappkey0001";
/// `success` under these keys, with its time, nonce and signature.
const SUCCESS: [&str; 4] = [
    "DpQeJfnf/MGZ/+GTIspwVIrytpxseNieWpwBrdmfR/brf964LVtvBkJl69zSNRcJ6w0NKZoOilgOBVdJaGmXLQ==",
    "1700000000123",
    "Zz9Yy8Xx7Ww6Vv5U",
    "9296356325d8a6f09750c290019563230b3589e4",
];
/// `{"EventType":"check_url"}` under these keys, well signed, and no `success`.
const OTHER: [&str; 4] = [
    "Q3stYC6hdFzMh9T8HCvyDLV8JeomtQuxZLosYEI28mjzSD5UpK2hp0QUc4H6M/N59oD4Vm0Q72L/7psFFeLGWg==",
    "1700000000000",
    "nonceABCDEFG1234",
    "f6ce41ce82fbae879730840983ed2a50f21f15fe",
];

fn sealed([encrypt, timestamp, nonce, signature]: [&str; 4]) -> String {
    json!({"msg_signature": signature, "timeStamp": timestamp, "nonce": nonce, "encrypt": encrypt})
        .to_string()
}

fn address(receiver: &Receiver) -> EventAddress {
    EventAddress {
        owner_key: Some(OWNER.into()),
        ..EventAddress::new(receiver.url("/events?mine=1"), TOKEN, KEY)
    }
}

/// Checks the signature of a request and gives what is encrypted in it.
fn encrypted(request: &Taken, name: &str) -> String {
    let url = url::Url::parse(&format!("http://x{}", request.uri)).unwrap();
    let query: std::collections::HashMap<String, String> = url.query_pairs().into_owned().collect();
    let body: Value = serde_json::from_str(&request.body).unwrap();
    assert_eq!(body.as_object().unwrap().len(), 1);
    let encrypt = body["encrypt"].as_str().unwrap();
    let mut parts = [TOKEN, &query["timestamp"], &query["nonce"], encrypt];
    parts.sort_unstable();
    let signature: String = Sha1::digest(parts.concat()).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(query[name], signature, "{query:?}");
    assert_eq!(query["mine"], "1");
    encrypt.to_owned()
}

#[tokio::test]
async fn an_address_is_checked_before_it_is_used() {
    let bench = Bench::new().await;
    let receiver = Receiver::new().await;
    let refused = async |status: u16, answer: String| {
        receiver.answers(status, &answer);
        bench.sandbox.events_to(Some(address(&receiver))).await.unwrap_err().to_string()
    };
    assert!(refused(500, sealed(SUCCESS)).await.contains("HTTP status 500"));
    assert!(refused(200, "success".into()).await.contains("not JSON"));
    assert!(refused(200, "{}".into()).await.contains("the answer"));
    let forged = [SUCCESS[0], SUCCESS[1], SUCCESS[2], OTHER[3]];
    assert!(refused(200, sealed(forged)).await.contains("signature of the answer is wrong"));
    assert!(refused(200, sealed(OTHER)).await.contains("not `success`"));
    receiver.answers(200, &sealed(SUCCESS));
    let foreign = EventAddress { owner_key: Some("dingother".into()), ..address(&receiver) };
    let error = bench.sandbox.events_to(Some(foreign)).await.unwrap_err().to_string();
    assert!(error.contains("owner key"), "{error}");
    let short = EventAddress { aes_key: "abc".into(), ..address(&receiver) };
    assert!(bench.sandbox.events_to(Some(short)).await.unwrap_err().to_string().contains("43 letters"));
    let nowhere = EventAddress { url: "http://127.0.0.1:1/".into(), ..address(&receiver) };
    assert!(bench.sandbox.events_to(Some(nowhere)).await.is_err());
    // None of them was taken: events still go through connections.
    let mut socket = Socket::open(&bench, &ALL).await;
    bench.sandbox.rename("林晓", RELEASE, "一").unwrap();
    socket.take("chat_update_title").await;
    bench.sandbox.events_to(Some(address(&receiver))).await.unwrap();
    let check = receiver.requests().pop().unwrap();
    assert_eq!(check.headers["content-type"], "application/json");
    encrypted(&check, "signature");
}

#[tokio::test]
async fn events_go_to_the_address_until_it_answers_success() {
    let bench = Bench::new().await;
    let receiver = Receiver::new().await;
    timing(&bench.sandbox, |timing| timing.redelivery = millis(5));
    receiver.answers(200, &sealed(SUCCESS));
    let named = EventAddress { msg_signature: true, ..address(&receiver) };
    bench.sandbox.events_to(Some(named)).await.unwrap();
    let mut socket = Socket::open(&bench, &ALL).await;
    receiver.answers(200, "");
    bench.sandbox.rename("林晓", RELEASE, "一").unwrap();
    until(|| !bench.sandbox.pushes().is_empty()).await;
    timing(&bench.sandbox, |timing| timing.http_answer = millis(40));
    receiver.answers_by(|_| (200, Duration::from_millis(200), sealed(SUCCESS)));
    until(|| bench.sandbox.pushes().iter().any(|push| push.outcome == Outcome::Unanswered)).await;
    timing(&bench.sandbox, |timing| timing.http_answer = millis(5000));
    receiver.answers(200, &sealed(SUCCESS));
    until(|| bench.sandbox.push_counts().done == 1).await;
    let pushes = bench.sandbox.pushes();
    assert!(pushes[0].outcome.detail().contains("not JSON"), "{pushes:?}");
    assert!(pushes.iter().all(|push| push.id == pushes[0].id && push.name == "chat_update_title"));
    // Each attempt is encrypted anew, with another nonce.
    let requests = receiver.requests();
    let (first, second) =
        (encrypted(&requests[1], "msg_signature"), encrypted(&requests[2], "msg_signature"));
    assert_ne!(first, second);
    socket.silent().await;
    bench.sandbox.events_to(None).await.unwrap();
    bench.sandbox.rename("林晓", RELEASE, "二").unwrap();
    socket.take("chat_update_title").await;
}

#[tokio::test]
async fn messages_go_to_the_address_with_their_signature() {
    // The vector of the documentation: the clock stands at its timestamp.
    let secret = "appSecretForTests_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJ";
    let bench = Bench::changed(|seed| seed["app"]["app_secret"] = json!(secret)).await;
    let receiver = Receiver::new().await;
    bench.sandbox.messages_to(Some(&receiver.url("/")));
    receiver.answers(200, r#"{"msgtype":"empty"}"#);
    let said = bench.sandbox.say("张伟", Some(RELEASE), "你好").unwrap();
    until(|| bench.sandbox.push_counts().done == 1).await;
    let request = receiver.requests().remove(0);
    assert_eq!(request.body, said.payload.to_string());
    assert_eq!(request.headers["timestamp"], "1700000000000");
    assert_eq!(request.headers["sign"], "IRtWPmLoG8l1cy00ez6j5Cs2/dYdwEmjgfns4RBo0BY=");
    let reply = json!({"msgtype": "markdown", "markdown": {"title": "t", "text": "x"}});
    receiver.answers(200, &reply.to_string());
    bench.sandbox.say("张伟", Some(RELEASE), "x").unwrap();
    bench.sandbox.say("张伟", None, "y").unwrap();
    until(|| bench.sandbox.push_counts().done == 3).await;
    let replies: Vec<(String, Value)> =
        bench.sandbox.sent().into_iter().map(|message| (message.to, message.body)).collect();
    assert_eq!(replies.len(), 2);
    for to in [RELEASE, "0110000001"] {
        assert!(replies.contains(&(to.to_owned(), reply.clone())), "{replies:?}");
    }
    for (status, answer) in [(200, r#"{"msgtype":"text"}"#), (200, "no"), (403, ""), (200, "[]")] {
        receiver.answers(status, answer);
        bench.sandbox.say("张伟", None, "z").unwrap();
        let before = bench.sandbox.push_counts().failed;
        until(|| bench.sandbox.push_counts().failed > before).await;
    }
    let counts = bench.sandbox.push_counts();
    assert_eq!((counts.done, counts.failed, counts.waiting), (3, 4, 0));
    assert_eq!(receiver.requests().len(), 7);
}

#[tokio::test]
async fn messages_of_one_conversation_arrive_in_their_order() {
    let bench = Bench::new().await;
    let receiver = Receiver::new().await;
    bench.sandbox.messages_to(Some(&receiver.url("/")));
    // The first of each takes longest.
    receiver.answers_by(|taken| {
        let wait = if taken.body.contains("number 0") { 40 } else { 0 };
        (200, Duration::from_millis(wait), String::new())
    });
    for number in 0..5 {
        bench.sandbox.say("张伟", None, format!("number {number}")).unwrap();
        bench.sandbox.say("王芳", None, format!("number {number}")).unwrap();
    }
    until(|| bench.sandbox.push_counts().done == 10).await;
    for person in ["0110000001", "0110000002"] {
        let texts: Vec<String> = receiver
            .requests()
            .iter()
            .map(|request| serde_json::from_str::<Value>(&request.body).unwrap())
            .filter(|payload| payload["senderStaffId"] == person)
            .map(|payload| payload["text"]["content"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(texts, ["number 0", "number 1", "number 2", "number 3", "number 4"]);
    }
    assert_eq!(bench.sandbox.credentials().robot_code, ROBOT);
}
