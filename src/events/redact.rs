//! Payloads without what must not be kept: the addresses and tokens with which anybody could answer.

use serde_json::{Map, Value};

const SECRET: [&str; 3] = ["sessionWebhook", "sessionWebhookExpiredTime", "conversationToken"];

/// `payload` without its secrets, those in JSON texts inside of it included.
pub fn redacted(payload: &Value) -> Value {
    match payload {
        Value::Object(map) => Value::Object(map.iter().filter_map(kept).collect::<Map<_, _>>()),
        Value::Array(items) => Value::Array(items.iter().map(redacted).collect()),
        Value::String(text) if SECRET.iter().any(|key| text.contains(key)) => {
            // What is no JSON but speaks of them is left out.
            serde_json::from_str::<Value>(text)
                .map_or(Value::String("***".into()), |inner| Value::String(redacted(&inner).to_string()))
        }
        other => other.clone(),
    }
}

fn kept((key, value): (&String, &Value)) -> Option<(String, Value)> {
    (!SECRET.contains(&key.as_str())).then(|| (key.clone(), redacted(value)))
}

#[cfg(test)]
mod tests {
    use super::redacted;
    use serde_json::json;

    #[test]
    fn nothing_to_answer_with_is_left() {
        let body =
            json!({ "rawInput": "hi", "sessionWebhook": "https://h/s?session=x", "conversationToken": "t" });
        let payload = json!({ "sessionWebhook": "https://h/s", "sessionWebhookExpiredTime": 1, "text": { "content": "x" },
            "body": body.to_string(), "list": [{ "conversationToken": "t", "a": 1 }] });
        let body = json!({ "rawInput": "hi" }).to_string();
        assert_eq!(
            redacted(&payload),
            json!({ "text": { "content": "x" }, "body": body, "list": [{ "a": 1 }] })
        );
        // A person may say the word.
        assert_eq!(redacted(&json!({ "content": "sessionWebhook?" })), json!({ "content": "***" }));
    }
}
