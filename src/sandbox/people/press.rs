//! People press buttons of cards and see what the app makes of it.

use serde_json::{Map, Value};
use tokio::sync::oneshot;

use crate::error::{Error, Result};
use crate::sandbox::push::{Placed, Push};
use crate::sandbox::state::card::Card;
use crate::sandbox::{Sandbox, card_callback};

/// What became of a press.
#[derive(Debug, Clone, PartialEq)]
pub struct Pressed {
    /// The body of the callback.
    pub callback: Value,
    /// Where it went.
    pub placed: Placed,
    /// How it ended; nothing when the sandbox stopped before.
    pub push: Option<Push>,
}

impl Sandbox {
    /// Somebody presses buttons of a card: gives the body of the callback, keeps it with the card, and sends it on its way.
    /// Nothing happens when the card was not delivered or was made without a callback.
    pub fn press(&self, out_track_id: &str, user_id: &str, action_ids: &[&str]) -> Option<Value> {
        let body = card_callback::record(&self.0.state, out_track_id, user_id, action_ids, &Map::new())?;
        card_callback::push(&self.0, out_track_id, &body, None);
        Some(body)
    }

    /// As [`Sandbox::press`] by userId or name, with inputs, and waits for the end: the answer of the app is in the card then.
    ///
    /// # Errors
    /// When there is no such person, or no such card that was delivered and tells its presses.
    pub async fn press_card(
        &self,
        out_track_id: &str,
        person: &str,
        action_ids: &[&str],
        params: &Map<String, Value>,
    ) -> Result<Pressed> {
        let user = self.0.person(person)?;
        let recorded = card_callback::record(&self.0.state, out_track_id, &user.userid, action_ids, params);
        let Some(callback) = recorded else {
            return Err(self.silent(out_track_id));
        };
        let (tell, told) = oneshot::channel();
        let placed = card_callback::push(&self.0, out_track_id, &callback, Some(tell));
        Ok(Pressed { callback, placed, push: told.await.ok() })
    }

    /// Why a card tells no presses, and what to do about it.
    fn silent(&self, out_track_id: &str) -> Error {
        let is_silent = |card: &Card| card.callback_type.is_none();
        if self.0.state.cards.lock().get(out_track_id).is_some_and(is_silent) {
            return Error::usage(
                format!(
                    "the card `{out_track_id}` tells no presses, since nothing listened when it was sent: listen first, or send it with \
                     callbackType: \"Stream\""
                ),
                format!(
                    "卡片 `{out_track_id}` 不会回传点击，因为发送时尚未监听：请先开始监听，或发送时给出 callbackType: \"Stream\""
                ),
            );
        }
        Error::usage(
            format!("no card `{out_track_id}` was delivered that tells its presses"),
            format!("没有已投放且设置了回调的卡片 `{out_track_id}`"),
        )
    }
}
