//! Many messages through one connection.

use std::time::{Duration, Instant};

use serde_json::json;
use tokio_tungstenite::tungstenite::Message;

use super::bench::Bench;
use super::socket::{ALL, Socket, until};

/// Enough for a test; for a measurement `DINGRAIA_FLOOD` says how many, and `DINGRAIA_PACE` how many a second.
const COUNT: usize = 3_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_connection_takes_a_flood() {
    let asked = |name| std::env::var(name).ok().and_then(|text| text.parse::<u32>().ok());
    let count = asked("DINGRAIA_FLOOD").map_or(COUNT, |count| count as usize);
    let pace = asked("DINGRAIA_PACE");
    let bench = Bench::new().await;
    let mut socket = Socket::open(&bench, &ALL).await;
    let sandbox = bench.sandbox.clone();
    let began = Instant::now();
    let flood = tokio::spawn(async move { sandbox.flood("张伟", None, "flood", count, pace).await.unwrap() });
    for number in 0..count {
        let Some(Message::Text(text)) = socket.next().await else { panic!("the connection ended") };
        let at = text.find("\"messageId\":\"").unwrap() + "\"messageId\":\"".len();
        let id = &text[at..at + text[at..].find('"').unwrap()];
        let headers = json!({"messageId": id, "contentType": "application/json"});
        socket
            .feed(&json!({"code": 200, "headers": headers, "message": "OK", "data": "{\"response\":null}"}))
            .await;
        // Not for each one: a client that acknowledges ten thousand a second gathers them, too.
        if number % 8 == 0 || number + 1 == count {
            socket.flush().await;
        }
    }
    flood.await.unwrap();
    until(|| bench.sandbox.push_counts().done == count as u64).await;
    let took = began.elapsed();
    let mut answered: Vec<Duration> = bench.sandbox.pushes().iter().map(|push| push.took).collect();
    answered.sort_unstable();
    let late = answered[answered.len() * 99 / 100];
    println!(
        "{count} messages in {took:?}, {:.0} a second, 99 % answered in {late:?}",
        count as f64 / took.as_secs_f64()
    );
    let counts = bench.sandbox.push_counts();
    assert_eq!((counts.pushed, counts.failed), (count as u64, 0));
}

/// A client that reads nothing does not make the sandbox grow: the flood waits, and single messages are turned away.
#[tokio::test]
async fn a_connection_that_is_not_read_holds_the_flood_up() {
    let bench = Bench::new().await;
    let socket = Socket::open(&bench, &ALL).await;
    let sandbox = bench.sandbox.clone();
    let text = "x".repeat(10_000);
    let flood = tokio::spawn(async move { sandbox.flood("张伟", None, text, 100_000, None).await });
    let mut last = u64::MAX;
    let wait = async {
        while bench.sandbox.push_counts().pushed != last {
            last = bench.sandbox.push_counts().pushed;
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), wait).await.expect("the flood stands");
    assert!(last < 50_000, "{last}");
    flood.abort();
    let _ = flood.await;
    let mut full = 0;
    for _ in 0..10 {
        let said = bench.sandbox.say("张伟", None, "x").unwrap();
        full += usize::from(said.placed == Some(dingraia::sandbox::Placed::Full));
    }
    assert!(full >= 9, "{full}");
    drop(socket);
    until(|| bench.sandbox.connections().is_empty()).await;
}
