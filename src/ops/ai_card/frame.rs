//! One frame of a card that is being written: always the whole text so far.
//!
//! Source: the streaming page of the card API, and the AI assistant's reply page.

use serde_json::{Map, Value, json};

use crate::api::card::{REPLY, STREAM};
use crate::client::Call;
use crate::error::{Class, Error, Kind, Refusal, Result};
use crate::ops::{Context, card};
use crate::spec::Effect;

/// Where the frames go.
#[derive(Debug, Clone)]
pub(super) enum Way {
    /// To a card.
    Card { out_track_id: String, key: String },
    /// Back to the person who asked an assistant.
    Assistant { token: String, template: String, key: String },
}

/// What a frame says beside its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// More follows.
    More,
    /// This is the last.
    Last,
    /// This is the last, and it failed.
    Failed,
}

impl Way {
    /// The id of the card, when there is one.
    pub(super) fn out_track_id(&self) -> &str {
        match self {
            Self::Card { out_track_id, .. } => out_track_id,
            Self::Assistant { .. } => "",
        }
    }

    /// Sends a frame once. The same `guid` twice is the same frame.
    pub(super) async fn put(&self, cx: &Context, text: &str, mark: Mark, guid: &str) -> Result<()> {
        if mark == Mark::More && cx.holds_back() {
            // What is not sent is shown once, when it is complete.
            return Ok(());
        }
        let (last, failed) = (mark == Mark::Last, mark == Mark::Failed);
        match self {
            Self::Card { out_track_id, key } => {
                let body = json!({
                    "outTrackId": out_track_id,
                    "guid": guid,
                    "key": key,
                    "content": text,
                    "isFull": true,
                    "isFinalize": last,
                    "isError": failed,
                });
                let call = Call::new(STREAM, Effect::Notify, body);
                let reply = cx.call_once(&call).await?;
                card::succeeded(&call, &reply)
            }
            Self::Assistant { token, template, key } => {
                let mut data = Map::new();
                data.insert("key".into(), key.as_str().into());
                data.insert("value".into(), text.into());
                data.insert("isFull".into(), true.into());
                // An answer that failed is over as well; the field is required.
                data.insert("isFinalize".into(), (last || failed).into());
                if failed {
                    data.insert("isError".into(), true.into());
                }
                let content = json!({
                    "templateId": template,
                    "cardData": data,
                    "options": { "componentTag": "streamingComponent" },
                });
                let body = json!({
                    "conversationToken": token,
                    "contentType": "ai_card",
                    "content": content.to_string(),
                });
                let call = Call::new(REPLY, Effect::Notify, body);
                let reply = cx.call_once(&call).await?;
                replied(&call, reply.json)
            }
        }
    }
}

/// `{"result": {"success": true}}`
fn replied(call: &Call, body: Value) -> Result<()> {
    let success = body.pointer("/result/success");
    if success.is_some_and(|success| success == true || success == "true") {
        return Ok(());
    }
    Err(Error::new(Kind::Refused(Box::new(Refusal {
        call: call.label(),
        code: "result.success:false".into(),
        message: "the assistant did not take the answer".into(),
        request_id: String::new(),
        status: 200,
        class: Class::Request,
        exception: "DingtalkAPIError",
        body,
    }))))
}

/// True for what a slower pace or another try helps against.
pub(super) fn is_passing(error: &Error) -> bool {
    match error.kind() {
        Kind::Refused(refusal) => {
            matches!(refusal.class, Class::Rate | Class::Server)
                || refusal.status == 429
                || (refusal.status == 403 && refusal.code == "403")
        }
        Kind::Network { .. } | Kind::TimedOut { .. } => true,
        Kind::Unreadable { status, .. } => *status >= 500 || *status == 429,
        _ => false,
    }
}
