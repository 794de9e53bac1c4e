//! What a session remembers of its cards: the last callback of each, the newest cards only; and how fast they are written.

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use serde_json::Value;
use tokio::sync::watch;

/// How many cards are remembered.
const MOST: usize = 1000;

/// The least time between two frames of an AI card, in milliseconds.
const FLOOR: u64 = 500;

/// The cards of a session.
pub struct Cards {
    floor: AtomicU64,
    memory: Mutex<Memory>,
    arrivals: watch::Sender<u64>,
}

#[derive(Default)]
struct Memory {
    /// Counts arrivals; each entry holds its own number.
    last: u64,
    callbacks: HashMap<String, (u64, Value)>,
}

impl Cards {
    /// The last callback of a card.
    pub fn callback(&self, out_track_id: &str) -> Option<Value> {
        self.memory.lock().callbacks.get(out_track_id).map(|(_, callback)| callback.clone())
    }

    /// The last callback of a card, if it is younger than arrival `after`.
    pub(super) fn callback_after(&self, out_track_id: &str, after: u64) -> Option<(u64, Value)> {
        self.memory.lock().callbacks.get(out_track_id).filter(|(number, _)| *number > after).cloned()
    }

    /// Tells of every arrival.
    pub(super) fn arrivals(&self) -> watch::Receiver<u64> {
        self.arrivals.subscribe()
    }

    pub(super) fn remember(&self, out_track_id: &str, callback: Value) {
        let number = {
            let mut memory = self.memory.lock();
            memory.last += 1;
            let number = memory.last;
            memory.callbacks.insert(out_track_id.to_owned(), (number, callback));
            if memory.callbacks.len() > MOST {
                let oldest = memory.callbacks.iter().min_by_key(|(_, (number, _))| *number);
                if let Some(id) = oldest.map(|(id, _)| id.clone()) {
                    memory.callbacks.remove(&id);
                }
            }
            number
        };
        self.arrivals.send_replace(number);
    }

    /// The least time between two frames of an AI card.
    pub fn floor(&self) -> Duration {
        Duration::from_millis(self.floor.load(Ordering::Relaxed))
    }

    /// Sets the least time between two frames, for a server that is not DingTalk's.
    pub fn set_floor(&self, floor: Duration) {
        self.floor.store(u64::try_from(floor.as_millis()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }
}

impl Default for Cards {
    fn default() -> Self {
        Self { floor: AtomicU64::new(FLOOR), memory: Mutex::default(), arrivals: watch::Sender::new(0) }
    }
}

impl fmt::Debug for Cards {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cards").field("floor", &self.floor()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::{Cards, MOST};
    use serde_json::json;

    #[test]
    fn the_oldest_card_is_forgotten() {
        let cards = Cards::default();
        for n in 0..=MOST {
            cards.remember(&format!("card{n}"), json!({ "n": n }));
        }
        assert_eq!(cards.callback("card0"), None);
        assert_eq!(cards.callback("card1"), Some(json!({ "n": 1 })));
        assert_eq!(
            cards.callback_after(&format!("card{MOST}"), 1),
            Some((MOST as u64 + 1, json!({"n": MOST})))
        );
    }
}
