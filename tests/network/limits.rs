//! The three limits of time, each with its own words.

use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use super::{SEND, both, failure};
use crate::support::World;
use crate::support::canned::Canned;

#[test]
fn a_connection_that_does_not_come_to_stand() {
    // Nobody accepts, and whoever waits to be accepted leaves no room for more.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let at = socket.local_addr().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let _listening = runtime.block_on(async { socket.listen(1).unwrap() });
    let mut waiting = Vec::new();
    while let Ok(stream) = TcpStream::connect_timeout(&at, Duration::from_millis(200)) {
        waiting.push(stream);
    }
    let mut world = World::with(|config| {
        config.endpoints = both(&format!("http://{at}"));
        config.timeouts.connect = 0.1;
    });
    let (kind, sent, text, hints) = failure(&mut world, SEND);
    assert_eq!((kind.as_str(), sent.as_str()), ("timeout", "no"), "{text}");
    assert_eq!(
        text,
        format!("POST /robot/send: no connection to {at} within 0.1 s; the request was not sent")
    );
    assert!(hints.contains("`timeouts.connect`"), "{hints}");
}

#[test]
fn an_answer_that_does_not_begin() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let at = listener.local_addr().unwrap();
    let mut world = World::with(|config| {
        config.endpoints = both(&format!("http://{at}"));
        config.timeouts.first_byte = 0.1;
    });
    let (kind, sent, text, hints) = failure(&mut world, SEND);
    assert_eq!((kind.as_str(), sent.as_str()), ("timeout", "unknown"), "{text}");
    assert!(text.contains(&format!("no answer from {at} within 0.1 s")), "{text}");
    assert!(hints.contains("`timeouts.first_byte`"), "{hints}");
}

#[test]
fn a_call_that_takes_too_long_as_a_whole() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let at = listener.local_addr().unwrap();
    let mut world = World::with(|config| {
        config.endpoints = both(&format!("http://{at}"));
        config.timeouts.call = 0.1;
    });
    let (kind, sent, text, hints) = failure(&mut world, SEND);
    assert_eq!((kind.as_str(), sent.as_str()), ("timeout", "unknown"), "{text}");
    assert!(text.contains(&format!("no whole answer from {at} within 0.1 s")), "{text}");
    assert!(hints.contains("`timeouts.call`"), "{hints}");
}

/// The tries of a call have one limit together.
#[test]
fn tries_end_with_the_time() {
    let server = Canned::new(|_| (503, "application/json", r#"{"code":"ServiceUnavailable"}"#.into()));
    let mut world = World::with(|config| {
        config.endpoints = both(&server.url());
        config.timeouts.call = 0.5;
    });
    let (kind, ..) = failure(&mut world, r#"app.with_access_token("t0ken123", || app.get_depts())"#);
    assert_eq!(kind, "server");
    // One at once and one after 0.3 s; the next would come 0.6 s later.
    assert!(matches!(server.seen().len(), 1 | 2), "{}", server.seen().len());
}
