//! Reads the pieces of a card's text, wherever they come from.

use std::sync::Arc;

use serde_json::Value;
use tokio::sync::mpsc::Sender;

use crate::client::Post;
use crate::error::{Error, Result};
use crate::model::{AiCard, Callable, ContentType, PostSource, Shared, TextSource};
use crate::ops::Context;

/// What happens to a card that is being written.
#[derive(Debug)]
pub(super) enum Event {
    /// A piece of text.
    Piece(String),
    /// The text is complete.
    End,
    /// Somebody asked to stop.
    Stop,
    /// The text cannot be had.
    Failed(Error),
}

/// The source of `card`, checked as far as that is possible before anything is sent.
pub(super) fn source(card: &Shared<AiCard>) -> Result<(TextSource, ContentType)> {
    let card = card.read();
    let Some(source) = card.source.clone() else {
        return Err(Error::unsendable(
            "the AICard has no text: call `set_response`, `set_content` or `withPostUrl` first",
            "AICard 没有文本：请先调用 `set_response`、`set_content` 或 `withPostUrl`",
        ));
    };
    match &source {
        TextSource::Pieces(pieces) if pieces.iter().all(String::is_empty) => Err(nothing()),
        _ => Ok((source, card.content_type)),
    }
}

/// The error of a source without a word.
pub(super) fn nothing() -> Error {
    Error::unsendable("the text of the AICard is empty", "AICard 的文本为空")
}

/// Reads to the end and tells `events`. Dropping the future ends the source.
pub(super) async fn read(cx: &Context, source: TextSource, kind: ContentType, events: Sender<Event>) {
    let last = match pieces(cx, source, kind, &events).await {
        Ok(()) => Event::End,
        Err(error) => Event::Failed(error),
    };
    // Nobody listens any more: then nobody needs to know.
    let _ = events.send(last).await;
}

async fn pieces(cx: &Context, source: TextSource, kind: ContentType, events: &Sender<Event>) -> Result<()> {
    match source {
        TextSource::Pieces(pieces) => {
            for piece in pieces {
                tell(events, piece).await;
            }
            Ok(())
        }
        TextSource::Function(function) => call(&function, kind, events).await,
        TextSource::Post(post) => ask(cx, &post, events).await,
    }
}

async fn tell(events: &Sender<Event>, piece: String) {
    let _ = events.send(Event::Piece(piece)).await;
}

/// Calls until nothing comes. A list is all the rest. When nothing is said about the pieces and the second is the first again,
/// the function is no iterator: it gave the whole text both times.
async fn call(function: &Arc<dyn Callable>, kind: ContentType, events: &Sender<Event>) -> Result<()> {
    let mut first: Option<String> = None;
    let mut count = 0_usize;
    loop {
        match function.call(Vec::new()).await? {
            Value::Null => return Ok(()),
            Value::Array(items) => {
                for item in items {
                    if let Some(piece) = text(item)? {
                        tell(events, piece).await;
                    }
                }
                return Ok(());
            }
            value => {
                let Some(piece) = text(value)? else { return Ok(()) };
                count += 1;
                if count == 2 && kind == ContentType::Auto && first.as_ref() == Some(&piece) {
                    return Ok(());
                }
                if count == 1 {
                    first = Some(piece.clone());
                }
                tell(events, piece).await;
            }
        }
    }
}

async fn ask(cx: &Context, post: &PostSource, events: &Sender<Event>) -> Result<()> {
    let PostSource { url, payload, handler, headers, timeout } = post;
    let asked = Post { url, payload, headers, timeout: *timeout };
    let mut lines = cx.session.client.post_events(&asked).await?;
    while let Some(json) = lines.next().await? {
        let piece = match handler {
            Some(handler) => text(handler.call(vec![json]).await?)?,
            None => delta(&json),
        };
        if let Some(piece) = piece {
            tell(events, piece).await;
        }
    }
    Ok(())
}

/// The addition in a line of an OpenAI-compatible server.
fn delta(json: &Value) -> Option<String> {
    json.pointer("/choices/0/delta/content")?.as_str().map(str::to_owned)
}

/// A piece out of what a function returned; nothing for nothing.
fn text(value: Value) -> Result<Option<String>> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text)),
        Value::Number(number) => Ok(Some(number.to_string())),
        Value::Bool(_) | Value::Array(_) | Value::Object(_) => Err(Error::unsendable(
            "the function of the AICard must return text, or () at the end",
            "AICard 的函数必须返回文本，结束时返回 ()",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::delta;
    use serde_json::json;

    #[test]
    fn the_addition_of_an_openai_line() {
        assert_eq!(delta(&json!({"choices": [{"delta": {"content": "你"}}]})), Some("你".into()));
        assert_eq!(delta(&json!({"choices": [{"delta": {"role": "assistant"}}]})), None);
        assert_eq!(delta(&json!({"choices": []})), None);
    }
}
