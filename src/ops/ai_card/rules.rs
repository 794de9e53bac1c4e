//! When a text that is being written is to stop.

use std::sync::Arc;

use serde_json::Value;
use tokio::sync::mpsc::Sender;

use super::source::Event;
use crate::error::Result;
use crate::lang::Text;
use crate::model::Callable;
use crate::ops::Context;

/// What ends a text before its source does.
#[derive(Debug)]
pub(super) struct Rules {
    /// A click with this action.
    pub(super) action: String,
    /// A function that is asked with each callback.
    pub(super) handler: Option<Arc<dyn Callable>>,
    /// Written behind a text that was stopped.
    pub(super) note: String,
    /// The most characters.
    pub(super) most: usize,
}

impl Rules {
    /// Written behind a text that was cut.
    pub(super) fn length_note(&self, cx: &Context) -> String {
        let most = self.most;
        let note = Text::made(format!("[Stopped at {most} characters]"), format!("[已达到 {most} 字上限]"));
        note.get(cx.session.config.language.unwrap_or_default()).to_owned()
    }

    /// Tells `events` when a callback of the card asks to stop; never ends otherwise. Older callbacks than number `after` do
    /// not count.
    pub(super) async fn watch(&self, cx: &Context, card: &str, mut after: u64, events: Sender<Event>) {
        let mut arrivals = cx.session.cards.arrivals();
        loop {
            if let Some((number, callback)) = cx.session.cards.callback_after(card, after) {
                after = number;
                let event = match self.asks_to_stop(callback).await {
                    Ok(true) => Some(Event::Stop),
                    Ok(false) => None,
                    Err(error) => Some(Event::Failed(error)),
                };
                if let Some(event) = event {
                    let _ = events.send(event).await;
                    return;
                }
            }
            if arrivals.changed().await.is_err() {
                return;
            }
        }
    }

    async fn asks_to_stop(&self, callback: Value) -> Result<bool> {
        if actions(&callback).contains(&self.action) {
            return Ok(true);
        }
        match &self.handler {
            Some(handler) => Ok(handler.call(vec![callback]).await? == Value::Bool(true)),
            None => Ok(false),
        }
    }
}

/// The actions of a callback: in `content`, else in `value`, as JSON text or as an object.
fn actions(callback: &Value) -> Vec<String> {
    let content = callback.get("content").or_else(|| callback.get("value"));
    let content = match content {
        Some(Value::String(text)) => serde_json::from_str(text).unwrap_or_default(),
        Some(other) => other.clone(),
        None => Value::Null,
    };
    let ids = content.pointer("/cardPrivateData/actionIds").and_then(Value::as_array);
    ids.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::actions;
    use serde_json::json;

    #[test]
    fn actions_stand_in_json_text() {
        let text = r#"{"cardPrivateData":{"actionIds":["stop"],"params":{}}}"#;
        assert_eq!(actions(&json!({ "content": text })), ["stop"]);
        assert_eq!(actions(&json!({ "value": text })), ["stop"]);
        assert_eq!(
            actions(&json!({ "content": {"cardPrivateData": {"actionIds": ["a", "b"]}} })),
            ["a", "b"]
        );
        assert!(actions(&json!({ "content": "{" })).is_empty());
    }
}
