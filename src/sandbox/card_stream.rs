//! Streaming texts into cards: PUT api `/v1.0/card/streaming`.

use serde::{Deserialize, Deserializer};
use serde_json::json;

use super::refuse::{Refusal, api};
use super::route::{Answer, Auth, Call, Route, Success};
use super::state::card::{Card, Flow, Frame};
use super::strict::filled;

/// The permission point for streaming.
const SCOPE: &str = "Card.Streaming.Write";
/// Most characters of one text.
const LONGEST: usize = 20_000;

pub(super) const ROUTES: &[Route] =
    &[Route::api("PUT", "/v1.0/card/streaming", Auth::App(SCOPE), "param.invalid", stream)];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Streaming {
    #[serde(rename = "outTrackId")]
    out_track_id: Option<String>,
    guid: Option<String>,
    key: Option<String>,
    content: Option<String>,
    /// Null is told from absent.
    #[serde(rename = "isFull", default, deserialize_with = "present")]
    is_full: Option<Option<bool>>,
    #[serde(rename = "isFinalize", default)]
    is_finalize: bool,
    #[serde(rename = "isError", default)]
    is_error: bool,
}

fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<bool>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

fn stream(call: &Call<'_>) -> Answer {
    let body: Streaming = call.body()?;
    let id = body.out_track_id.unwrap_or_default();
    let frame = Frame {
        guid: need(body.guid.as_deref(), "param.stream.guidEmpty")?,
        key: need(body.key.as_deref(), "param.stream.keyEmpty")?,
        content: need(body.content.as_deref(), "param.stream.contentEmpty")?,
        full: match body.is_full {
            None => false,
            Some(full) => full.ok_or_else(|| api("param.stream.isFull", "isFull is null"))?,
        },
        finalize: body.is_finalize,
        error: body.is_error,
    };
    if frame.content.chars().count() > LONGEST {
        return Err(api("param.stream.content", "content is too large"));
    }
    let mut cards = call.state.cards.lock();
    let card = cards.get_mut(&id).ok_or_else(|| api("param.stream.outTrackId", "card is not exist"))?;
    if is_next(call, card, &frame)? {
        card.stream(frame);
    }
    Ok(Success::Body(json!({"success": true, "result": true})))
}

fn need(text: Option<&str>, code: &'static str) -> Result<String, Refusal> {
    filled(text).map(str::to_string).ok_or_else(|| api(code, "a parameter is empty"))
}

/// Whether the text is taken in: not when it is an exact repetition; what the card cannot take is refused.
fn is_next(call: &Call<'_>, card: &Card, frame: &Frame) -> Result<bool, Refusal> {
    if let Some(earlier) = card.frames.iter().find(|earlier| earlier.guid == frame.guid) {
        return if earlier == frame { Ok(false) } else { Err(call.bad("`guid` stood for another content")) };
    }
    if card.is_markdown() && !frame.full {
        return Err(api("param.stream.isFull", "a markdown variable takes whole texts only"));
    }
    match card.flow {
        Flow::Processing | Flow::Inputting => Ok(true),
        Flow::Finished => Err(call.bad("the card is finished")),
        Flow::Failed => Err(call.bad("the card has failed")),
    }
}
