//! What a client says to a frame, and whether it is what it has to say.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::parcel::{Outcome, Topic};
use crate::sandbox::card_body::UpdateOptions;
use crate::sandbox::state::card::Params;

/// An answer to a frame.
#[derive(Debug, Deserialize)]
pub(super) struct Answer {
    code: i64,
    headers: Map<String, Value>,
    #[serde(default)]
    message: Option<String>,
    #[serde(default)]
    pub(super) data: Option<String>,
}

impl Answer {
    pub(super) fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// The frame it belongs to.
    pub(super) fn message_id(&self) -> &str {
        self.headers.get("messageId").and_then(Value::as_str).unwrap_or_default()
    }

    /// Whether it says about a frame of `topic` what has to be said.
    pub(super) fn judge(&self, topic: Topic) -> Outcome {
        match self.data().and_then(|data| check(topic, &data)) {
            Ok(outcome) => outcome,
            Err(why) => Outcome::Wrong(why),
        }
    }

    /// Whether it gives back the `opaque` of a ping: exactly the text that was sent.
    pub(super) fn echoes(&self, sent: &str) -> bool {
        self.code == 200 && self.data.as_deref() == Some(sent)
    }

    fn data(&self) -> Result<Value, String> {
        if self.code != 200 {
            return Err(format!("code {} {}", self.code, self.message.as_deref().unwrap_or_default()));
        }
        match self.headers.get("contentType").and_then(Value::as_str) {
            Some("application/json") => {}
            _ => return Err("the header `contentType` is not application/json".into()),
        }
        let text = self.data.as_deref().ok_or("`data` is missing")?;
        serde_json::from_str(text).map_err(|error| format!("`data` is not the text of JSON: {error}"))
    }
}

fn check(topic: Topic, data: &Value) -> Result<Outcome, String> {
    if topic == Topic::Event {
        return match data.get("status").and_then(Value::as_str) {
            Some("SUCCESS") => Ok(Outcome::Done),
            Some("LATER") => Ok(Outcome::Later),
            _ => Err("`status` is neither SUCCESS nor LATER".into()),
        };
    }
    let response = data.get("response").ok_or("`response` is missing")?;
    match topic {
        Topic::Card => CardAnswer::read(response).map(|_| Outcome::Done),
        Topic::Assistant => assistant(response).map(|()| Outcome::Done),
        _ => Ok(Outcome::Done),
    }
}

fn assistant(response: &Value) -> Result<(), String> {
    match response.pointer("/statusLine/code").and_then(Value::as_i64) {
        Some(200) => {}
        _ => return Err("`statusLine.code` is not 200".into()),
    }
    if !response.get("headers").is_some_and(Value::is_object) {
        return Err("`headers` is no object".into());
    }
    let body = response.get("body").and_then(Value::as_str).ok_or("`body` is no text")?;
    serde_json::from_str::<Value>(body)
        .map_err(|error| format!("`body` is not the text of JSON: {error}"))?;
    Ok(())
}

/// What the answer to a press changes in the card; every part may be absent.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox) struct CardAnswer {
    #[serde(rename = "cardData", default)]
    pub card: Option<Variables>,
    #[serde(rename = "userPrivateData", default)]
    pub private: Option<Variables>,
    #[serde(rename = "cardUpdateOptions", default)]
    pub options: UpdateOptions,
}

/// Variables of a card.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox) struct Variables {
    #[serde(rename = "cardParamMap", default)]
    pub params: Params,
}

impl CardAnswer {
    pub(in crate::sandbox) fn read(response: &Value) -> Result<Self, String> {
        Self::deserialize(response).map_err(|error| format!("the answer to a card: {error}"))
    }
}
