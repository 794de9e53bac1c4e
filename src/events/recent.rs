//! The last events, for those who look back.

use std::collections::VecDeque;
use std::sync::Arc;

use super::event::Event;

/// So many are kept at most.
const MOST: usize = 500;

/// And no more than this of what they were on the wire, in bytes.
const MOST_BYTES: usize = 8 * 1024 * 1024;

#[derive(Debug, Default)]
pub(super) struct Recent {
    events: VecDeque<Arc<Event>>,
    bytes: usize,
}

impl Recent {
    pub(super) fn add(&mut self, event: Arc<Event>) {
        self.bytes += event.size;
        self.events.push_back(event);
        while self.events.len() > MOST || (self.bytes > MOST_BYTES && self.events.len() > 1) {
            self.bytes -= self.events.pop_front().map_or(0, |event| event.size);
        }
    }

    /// Newest first.
    pub(super) fn newest(&self) -> impl Iterator<Item = &Arc<Event>> {
        self.events.iter().rev()
    }
}
