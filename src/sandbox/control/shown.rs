//! `GET /sandbox/state`: what the sandbox knows of pushing, for other programs.

use serde_json::{Value, json};

use crate::sandbox::{Push, Sandbox, Via};

/// How many of the newest things are shown.
const SHOWN: usize = 100;

pub(super) fn state(sandbox: &Sandbox) -> Value {
    let connections = sandbox.connections().into_iter().map(|connection| {
        let topics: Vec<&str> = connection.topics.iter().map(|topic| topic.name()).collect();
        json!({
            "id": connection.id, "user_agent": connection.user_agent, "topics": topics, "sent": connection.sent,
            "answered": connection.answered, "stray": connection.stray, "leaving": connection.leaving,
        })
    });
    let connections: Vec<Value> = connections.collect();
    let counts = sandbox.push_counts();
    let messages = sandbox.sent();
    let sent = newest(&messages).iter().map(|message| {
        json!({
            "to": message.to, "via": via(message.via), "kind": message.kind, "body": message.body,
            "process_query_key": message.process_query_key, "recalled": message.recalled, "at": message.at,
        })
    });
    let sent: Vec<Value> = sent.collect();
    let pushes: Vec<Value> = newest(&sandbox.pushes()).iter().map(push).collect();
    json!({
        "connections": connections,
        "counts": {
            "pushed": counts.pushed, "done": counts.done, "failed": counts.failed, "waiting": counts.waiting,
        },
        "pushes": pushes,
        "sent": sent,
    })
}

fn newest<T>(all: &[T]) -> &[T] {
    &all[all.len().saturating_sub(SHOWN)..]
}

pub(super) fn push(push: &Push) -> Value {
    json!({
        "topic": push.topic.name(), "name": push.name, "id": push.id, "to": push.to, "attempt": push.attempt,
        "outcome": push.outcome.name(), "detail": push.outcome.detail(), "answer": push.answer,
        "millis": push.took.as_secs_f64() * 1000.0,
    })
}

fn via(via: Via) -> &'static str {
    match via {
        Via::Group => "group",
        Via::OneToOne => "one_to_one",
        Via::Webhook => "webhook",
        Via::Session => "session",
    }
}
