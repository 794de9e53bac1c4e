//! A list that forgets its oldest items.

use std::collections::VecDeque;

/// How many items are remembered.
const REMEMBERED: usize = 10_000;

/// The newest items, oldest first.
#[derive(Debug)]
pub(in crate::sandbox) struct Newest<T>(VecDeque<T>);

impl<T> Default for Newest<T> {
    fn default() -> Self {
        Self(VecDeque::new())
    }
}

impl<T: Clone> Newest<T> {
    pub(in crate::sandbox) fn push(&mut self, item: T) {
        if self.0.len() == REMEMBERED {
            self.0.pop_front();
        }
        self.0.push_back(item);
    }

    pub(in crate::sandbox) fn all(&self) -> Vec<T> {
        self.0.iter().cloned().collect()
    }
}
