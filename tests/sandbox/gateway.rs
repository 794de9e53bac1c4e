//! Connections of Stream mode: tickets, subscriptions, pings, and how they end.

use dingraia::sandbox::{Fault, LinkFault, Outcome, Placed, Topic};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;

use super::bench::{Bench, RELEASE, answer, refused, with, without};
use super::socket::{
    ALL, ASSISTANT, CARDS, EVENTS, MESSAGES, OPEN, Socket, asks, data, millis, refusal, ticket, timing, until,
};

async fn open(bench: &Bench, body: &Value) -> (u16, Value) {
    answer(bench.http.post(bench.at_api(OPEN)).json(body)).await
}

#[tokio::test]
async fn a_ticket_is_asked_for_as_documented() {
    let bench = Bench::new().await;
    let good = asks(&bench, &ALL);
    let (status, body) = open(&bench, &good).await;
    assert_eq!(status, 200, "{body}");
    assert_eq!(body.as_object().unwrap().keys().collect::<Vec<_>>(), ["endpoint", "ticket"]);
    assert_eq!(body["endpoint"], format!("{}/connect", bench.api.replace("http", "ws")));
    let wrong = with(&good, "clientSecret", json!("wrong"));
    let (status, body) = open(&bench, &wrong).await;
    assert_eq!(body["message"], "鉴权失败");
    refused((status, body), 401, "authFailed");
    for missing in ["clientId", "clientSecret", "subscriptions"] {
        refused(open(&bench, &without(&good, missing)).await, 400, "param.invalid");
    }
    for (kind, topic) in [
        ("EVENT", "chat_update_title"),
        ("CALLBACK", "*"),
        ("SYSTEM", "ping"),
        ("CALLBACK", "/v1.0/im/bot/messages"),
    ] {
        let subscriptions = json!([{"type": kind, "topic": topic}]);
        refused(open(&bench, &with(&good, "subscriptions", subscriptions)).await, 400, "param.invalid");
    }
    refused(open(&bench, &with(&good, "subscriptions", json!([]))).await, 400, "param.invalid");
    refused(open(&bench, &with(&good, "secret", json!("x"))).await, 400, "param.invalid");
    let with_token = bench.http.post(bench.at_api(OPEN)).header(super::bench::HEADER, &bench.token);
    refused(answer(with_token.json(&good)).await, 400, "param.invalid");
}

#[tokio::test]
async fn a_ticket_is_good_once_and_not_for_long() {
    let bench = Bench::new().await;
    let url = ticket(&bench, &ALL).await;
    let (_socket, _) = tokio_tungstenite::connect_async(&url).await.unwrap();
    assert_eq!(refusal(&url).await, 401);
    let old = ticket(&bench, &ALL).await;
    bench.clock.advance(90_000);
    assert_eq!(refusal(&old).await, 401);
    let young = ticket(&bench, &ALL).await;
    bench.clock.advance(89_999);
    assert!(tokio_tungstenite::connect_async(&young).await.is_ok());
    assert_eq!(refusal(&format!("{}/connect", bench.api.replace("http", "ws"))).await, 401);
    assert_eq!(bench.http.get(bench.at_api("/connect")).send().await.unwrap().status(), 426);
    let refused_once = ticket(&bench, &ALL).await;
    bench.sandbox.fault(Fault::Status(401).on("/connect?"));
    assert_eq!(refusal(&refused_once).await, 401);
    assert!(tokio_tungstenite::connect_async(&refused_once).await.is_ok());
}

#[tokio::test]
async fn what_was_not_subscribed_to_does_not_come() {
    let bench = Bench::new().await;
    let mut events = Socket::open(&bench, &[EVENTS]).await;
    let mut messages = Socket::open(&bench, &[MESSAGES, CARDS]).await;
    let said = bench.sandbox.say("张伟", Some(RELEASE), "hello").unwrap();
    let connections = bench.sandbox.connections();
    assert_eq!(connections.len(), 2);
    assert_eq!(connections[0].topics, [Topic::Event]);
    assert_eq!(connections[1].user_agent, "plain-test/1");
    assert_eq!(said.placed, Some(Placed::Connection(connections[1].id.clone())));
    let frame = messages.frame().await;
    assert_eq!(frame["headers"]["connectionId"], connections[1].id.as_str());
    bench.sandbox.rename("林晓", RELEASE, "新名字").unwrap();
    events.take("chat_update_title").await;
    let asked = bench.sandbox.ask("张伟", None, "who?").unwrap();
    assert_eq!(asked.placed, Some(Placed::Nobody));
    events.silent().await;
    messages.silent().await;
    let mut assistant = Socket::open(&bench, &[ASSISTANT]).await;
    bench.sandbox.ask("张伟", None, "who?").unwrap();
    assert_eq!(assistant.frame().await["headers"]["topic"], "/v1.0/graph/api/invoke");
}

/// Which of two connections got each of these messages.
async fn chosen() -> (Bench, Vec<usize>) {
    let bench = Bench::new().await;
    let _one = Socket::open(&bench, &[MESSAGES]).await;
    let _two = Socket::open(&bench, &[MESSAGES]).await;
    let ids: Vec<String> = bench.sandbox.connections().into_iter().map(|connection| connection.id).collect();
    let mut places = Vec::new();
    for _ in 0..40 {
        match bench.sandbox.say("张伟", None, "x").unwrap().placed {
            Some(Placed::Connection(id)) => places.push(ids.iter().position(|other| *other == id).unwrap()),
            other => panic!("{other:?}"),
        }
    }
    (bench, places)
}

#[tokio::test]
async fn one_of_several_connections_is_chosen_by_the_clocks_randomness() {
    let (_bench, places) = chosen().await;
    let second: usize = places.iter().sum();
    assert!((8..=32).contains(&second), "{places:?}");
    assert_eq!(chosen().await.1, places);
}

#[tokio::test]
async fn pings_want_their_own_data_back() {
    let bench = Bench::new().await;
    timing(&bench.sandbox, |timing| timing.ping = millis(60));
    let mut socket = Socket::open(&bench, &ALL).await;
    for _ in 0..5 {
        let frame = socket.frame().await;
        assert_eq!((&frame["type"], &frame["headers"]["topic"]), (&json!("SYSTEM"), &json!("ping")));
        assert!(data(&frame)["opaque"].is_string());
        socket.answer_text(&frame, frame["data"].as_str().unwrap()).await;
    }
    until(|| bench.sandbox.connections()[0].answered >= 5).await;
    // A WebSocket ping of the client is answered by the WebSocket itself.
    socket.ping().await;
    while !matches!(socket.next().await, Some(Message::Pong(_))) {}
    // Three pings in a row that come back changed end the connection.
    let mut wrong = 0;
    while let Some(message) = socket.next().await {
        if let Message::Text(text) = message {
            wrong += 1;
            assert!(wrong <= 3, "it is still asked");
            let frame: Value = serde_json::from_str(&text).unwrap();
            // Its end may come in between.
            let _ = socket.try_answer(&frame, &json!({"opaque": "another"})).await;
        }
    }
    until(|| bench.sandbox.connections().is_empty()).await;
}

#[tokio::test]
async fn a_notice_comes_before_the_close_and_others_are_preferred_meanwhile() {
    let bench = Bench::new().await;
    timing(&bench.sandbox, |timing| timing.close = millis(300));
    let mut old = Socket::open(&bench, &ALL).await;
    assert_eq!(bench.sandbox.link_fault(LinkFault::Disconnect, None), 1);
    let frame = old.frame().await;
    assert_eq!((&frame["type"], &frame["headers"]["topic"]), (&json!("SYSTEM"), &json!("disconnect")));
    assert!(data(&frame)["reason"].is_string());
    // Alone it still gets what comes; beside another one it gets nothing.
    bench.sandbox.say("张伟", None, "one").unwrap();
    assert_eq!(data(&old.frame().await)["text"]["content"], "one");
    let mut new = Socket::open(&bench, &ALL).await;
    for _ in 0..10 {
        bench.sandbox.say("张伟", None, "two").unwrap();
        assert_eq!(data(&new.frame().await)["text"]["content"], "two");
    }
    assert!(matches!(old.next().await, Some(Message::Close(_))));
    assert!(old.next().await.is_none());
    until(|| bench.sandbox.connections().len() == 1).await;
}

#[tokio::test]
async fn connections_close_drop_and_die() {
    let bench = Bench::new().await;
    let mut closed = Socket::open(&bench, &ALL).await;
    bench.sandbox.link_fault(LinkFault::Close, None);
    assert!(matches!(closed.next().await, Some(Message::Close(_))));
    assert!(closed.next().await.is_none());
    until(|| bench.sandbox.connections().is_empty()).await;

    let mut dropped = Socket::open(&bench, &ALL).await;
    let other = Socket::open(&bench, &ALL).await;
    let id = bench.sandbox.connections()[0].id.clone();
    assert_eq!(bench.sandbox.link_fault(LinkFault::Drop, Some(&id)), 1);
    assert!(dropped.next().await.is_none());
    until(|| bench.sandbox.connections().len() == 1).await;
    drop(other);
    until(|| bench.sandbox.connections().is_empty()).await;

    timing(&bench.sandbox, |timing| timing.message_answer = millis(20));
    let mut dead = Socket::open(&bench, &ALL).await;
    bench.sandbox.link_fault(LinkFault::Silence, None);
    dead.ping().await;
    let said = bench.sandbox.say("张伟", None, "anybody?").unwrap();
    assert!(matches!(said.placed, Some(Placed::Connection(_))), "{said:?}");
    dead.silent().await;
    until(|| bench.sandbox.pushes().last().is_some_and(|push| push.outcome == Outcome::Unanswered)).await;
    assert_eq!(bench.sandbox.connections().len(), 1);
    // A client that gives up is noticed.
    drop(dead);
    until(|| bench.sandbox.connections().is_empty()).await;
}

#[tokio::test]
async fn connections_end_with_the_sandbox() {
    let bench = Bench::new().await;
    let mut socket = Socket::open(&bench, &ALL).await;
    bench.task.abort();
    assert!(socket.next().await.is_none());
    until(|| bench.sandbox.connections().is_empty()).await;
}

#[tokio::test]
async fn headers_of_a_client_are_seen_and_its_connection_can_be_slow() {
    let bench = Bench::new().await;
    let mut request = ticket(&bench, &ALL).await.into_client_request().unwrap();
    request.headers_mut().insert("X-Proxy", "inside".parse().unwrap());
    bench.sandbox.fault(Fault::Delay(30).on("/connect?"));
    let began = std::time::Instant::now();
    let _socket = tokio_tungstenite::connect_async(request).await.unwrap();
    assert!(began.elapsed() >= millis(30));
    let headers = bench.sandbox.connections().remove(0).headers;
    assert!(headers.contains(&("x-proxy".to_owned(), "inside".to_owned())), "{headers:?}");
    bench.sandbox.fault(Fault::Drop.on("/connect?"));
    assert!(tokio_tungstenite::connect_async(ticket(&bench, &ALL).await).await.is_err());
}
