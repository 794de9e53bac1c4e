//! What was taken before: the same push comes twice when its answer was lost, and on two connections at once.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

/// So many ids are remembered.
pub const MOST: usize = 10_000;

/// For so long, in milliseconds.
pub const LIFETIME: i64 = 600_000;

/// The ids of the last pushes.
#[derive(Debug, Default)]
pub struct Seen {
    known: HashSet<Arc<str>>,
    order: VecDeque<(i64, Arc<str>)>,
}

impl Seen {
    /// Whether one of `ids` was remembered within the last ten minutes of `now` (Unix milliseconds).
    pub fn knows(&mut self, ids: &[String], now: i64) -> bool {
        while self.order.front().is_some_and(|(at, _)| now - at > LIFETIME) {
            self.forget_oldest();
        }
        ids.iter().any(|id| self.known.contains(id.as_str()))
    }

    /// Remembers `ids`.
    pub fn remember(&mut self, ids: &[String], now: i64) {
        for id in ids {
            let id: Arc<str> = id.as_str().into();
            if self.known.insert(Arc::clone(&id)) {
                self.order.push_back((now, id));
            }
        }
        while self.order.len() > MOST {
            self.forget_oldest();
        }
    }

    fn forget_oldest(&mut self) {
        if let Some((_, id)) = self.order.pop_front() {
            self.known.remove(&id);
        }
    }

    /// How many are remembered.
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// True when none is.
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }
}
