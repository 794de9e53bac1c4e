//! Answers to frames; pure.

use serde_json::{Value, json};

use crate::model::{Taken, Topic};

/// The answer to a push on `topic` with what became of it. `given` is what a handler answered, where an answer is wanted.
pub fn answer(message_id: &str, topic: Topic, taken: &Taken, given: Option<Value>) -> String {
    match taken {
        // An event comes again when there is no room for it now; the rest does not.
        Taken::Full if topic == Topic::Event => {
            frame(message_id, 200, "OK", &json!({ "status": "LATER", "message": "no room" }))
        }
        Taken::Full => frame(message_id, 500, "no room", &json!({})),
        Taken::Unreadable => frame(message_id, 400, "unreadable", &json!({})),
        Taken::Queued | Taken::Again | Taken::Answered(_) => {
            frame(message_id, 200, "OK", &good(topic, given))
        }
    }
}

/// The answer that sends a ping's data back.
pub(super) fn pong(message_id: &str, data: &str) -> String {
    text(message_id, 200, "OK", data)
}

/// The answer to a frame that cannot be used.
pub fn refusal(message_id: &str, code: u16, why: &str) -> String {
    frame(message_id, code, why, &json!({}))
}

fn good(topic: Topic, given: Option<Value>) -> Value {
    match topic {
        Topic::Event => json!({ "status": "SUCCESS", "message": "ok" }),
        Topic::Message | Topic::Delegated => json!({ "response": null }),
        Topic::CardAction | Topic::CardData => json!({ "response": given.unwrap_or_else(|| json!({})) }),
        Topic::Assistant => {
            let body = given.map_or_else(|| "{}".to_owned(), |body| body.to_string());
            json!({ "response": {
                "statusLine": { "code": 200, "reasonPhrase": "OK" },
                "headers": { "Content-Type": "application/json" },
                "body": body,
            } })
        }
    }
}

fn frame(message_id: &str, code: u16, message: &str, data: &Value) -> String {
    text(message_id, code, message, &data.to_string())
}

fn text(message_id: &str, code: u16, message: &str, data: &str) -> String {
    let headers = json!({ "messageId": message_id, "contentType": "application/json" });
    json!({ "code": code, "headers": headers, "message": message, "data": data }).to_string()
}
