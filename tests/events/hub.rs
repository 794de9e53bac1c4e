//! The way of a push: once, stored, in order, and only if there is room.

use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use dingraia::cache::{Cache, GroupKey, UserKey, WebhookKey};
use dingraia::clock::Clock;
use dingraia::events::{Event, Hub, LIFETIME, MOST, Place, Seen};
use dingraia::model::{Taken, Topic};
use serde_json::json;

use super::push;
use crate::support::NOW;
use crate::support::gateway::payload;

fn hub(room: usize) -> (Hub, Cache, Receiver<(Arc<Event>, Place)>) {
    let cache = Cache::scratch(Clock::fixed(NOW, 1));
    let hub = Hub::new(cache.clone(), room);
    let (sender, receiver) = channel();
    let sender = Mutex::new(sender);
    hub.handle(Arc::new(move |event, place| sender.lock().unwrap().send((event, place)).unwrap()));
    (hub, cache, receiver)
}

fn next(receiver: &Receiver<(Arc<Event>, Place)>) -> (Arc<Event>, Place) {
    receiver.recv_timeout(Duration::from_secs(20)).unwrap()
}

fn message(id: &str, text: &str) -> dingraia::model::Push {
    push(Topic::Message, "", id, payload(id, "cidA==", "u1", text))
}

#[test]
fn each_push_is_handled_once_and_in_order() {
    let (hub, _, handled) = hub(100);
    for number in 0..50 {
        assert!(matches!(hub.take(message(&format!("m{number}"), &number.to_string())), Taken::Queued));
        assert!(matches!(hub.take(message(&format!("m{number}"), "again")), Taken::Again));
    }
    for number in 0..50 {
        assert_eq!(next(&handled).0.text, number.to_string());
    }
    let counts = hub.counts();
    assert_eq!((counts.taken, counts.again, counts.waiting), (50, 50, 0));
    let last: Vec<String> = hub.recent(2, |_| true).iter().map(|event| event.text.clone()).collect();
    assert_eq!(last, ["49", "48"]);
    assert_eq!(hub.recent(9, |event| event.text == "7").len(), 1);
}

#[test]
fn what_finds_no_room_is_not_taken_and_may_come_again() {
    let (hub, _, handled) = hub(2);
    assert!(matches!(hub.take(message("m1", "1")), Taken::Queued));
    assert!(matches!(hub.take(message("m2", "2")), Taken::Queued));
    assert!(matches!(hub.take(message("m3", "3")), Taken::Full));
    let (first, place) = next(&handled);
    drop(place);
    assert_eq!(first.text, "1");
    assert!(matches!(hub.take(message("m3", "3")), Taken::Queued), "it was not remembered");
    assert_eq!((hub.counts().dropped, hub.counts().taken), (1, 3));
    assert_eq!(hub.complaints().counts().len(), 1);
}

#[test]
fn what_is_no_object_is_refused() {
    let (hub, ..) = hub(2);
    assert!(matches!(hub.take(push(Topic::Message, "", "m1", json!([1]))), Taken::Unreadable));
    assert_eq!(hub.complaints().counts(), [("a push that cannot be read", 1)]);
}

#[test]
fn the_cache_learns_before_the_handler_runs() {
    let (hub, cache, handled) = hub(100);
    hub.take(message("m1", "hi"));
    let _first = next(&handled);
    let group = cache.group(GroupKey::Conversation("cidA==")).unwrap();
    assert_eq!((group.name.as_str(), group.is_stub()), ("发布群", true));
    assert_eq!(cache.user(UserKey::Staff("u1")).unwrap().name, "人u1");
    let webhook = cache.webhook(WebhookKey::Conversation("cidA==")).unwrap();
    assert!(webhook.url.contains("sendBySession"));
    assert_eq!(webhook.expired, 1_772_443_800.0);
    let renamed = json!({ "openConversationId": "cidA==", "title": "新群名" });
    hub.take(push(Topic::Event, "chat_update_title", "e1", renamed));
    let _second = next(&handled);
    assert_eq!(cache.group(GroupKey::Conversation("cidA==")).unwrap().name, "新群名");
}

#[test]
fn an_answer_comes_back() {
    let (hub, _, handled) = hub(100);
    let Taken::Answered(receiver) = hub.take(push(Topic::CardAction, "", "c1", json!({ "outTrackId": "x" })))
    else {
        panic!("nobody waits")
    };
    let (event, _place) = next(&handled);
    assert!(event.answer.is_wanted());
    assert!(event.answer.give(json!({ "a": 1 })));
    assert!(!event.answer.give(json!({ "a": 2 })), "the first one counts");
    assert_eq!(receiver.blocking_recv().unwrap(), json!({ "a": 1 }));
    // Without a handler there is no answer, and nobody waits for it.
    let hub = Hub::new(Cache::scratch(Clock::fixed(NOW, 1)), 10);
    let Taken::Answered(receiver) = hub.take(push(Topic::CardAction, "", "c1", json!({}))) else {
        panic!("nobody waits")
    };
    receiver.blocking_recv().unwrap_err();
}

#[test]
fn ids_are_forgotten() {
    let id = |number: usize| vec![format!("m{number}")];
    let mut seen = Seen::default();
    seen.remember(&id(0), 0);
    assert!(seen.knows(&id(0), LIFETIME) && !seen.knows(&id(1), 0));
    assert!(!seen.knows(&id(0), LIFETIME + 1) && seen.is_empty());
    for number in 0..=MOST {
        seen.remember(&id(number), 5);
    }
    assert_eq!(seen.len(), MOST);
    assert!(!seen.knows(&id(0), 5) && seen.knows(&id(1), 5) && seen.knows(&id(MOST), 5));
    // Either of two ids is enough, and the same one is not counted twice.
    seen.remember(&["a".into(), "b".into()], 5);
    seen.remember(&["a".into()], 5);
    assert!(seen.knows(&["new".into(), "b".into()], 5));
    assert_eq!(seen.len(), MOST);
}

#[test]
fn the_hub_ends() {
    let (hub, _, handled) = hub(10);
    let sink = hub.sink();
    hub.take(message("m1", "1"));
    drop(next(&handled));
    drop(hub);
    // The thread may still have been at work.
    crate::support::until("the hub ends", || matches!(sink(message("m2", "2")), Taken::Full | Taken::Again));
    // It may have taken the second message too while it was at work.
    let end = loop {
        match handled.recv_timeout(Duration::from_secs(20)) {
            Ok(event) => drop(event),
            Err(end) => break end,
        }
    };
    assert_eq!(end, RecvTimeoutError::Disconnected, "the thread keeps something");
}
