//! Where a request is, so that an interruption can say whether it may have been received.

use std::sync::atomic::{AtomicU8, Ordering};

use crate::error::Sent;

const IDLE: u8 = 0;
const UNDER_WAY: u8 = 1;
const ANSWERED: u8 = 2;

/// The state of the requests of one method call.
#[derive(Debug, Default)]
pub struct Flight(AtomicU8);

impl Flight {
    /// A request is being written.
    pub fn start(&self) {
        self.0.store(UNDER_WAY, Ordering::Release);
    }

    /// Its answer has begun.
    pub fn answered(&self) {
        self.0.store(ANSWERED, Ordering::Release);
    }

    /// Nothing is under way.
    pub fn reset(&self) {
        self.0.store(IDLE, Ordering::Release);
    }

    /// What an interruption at this moment means; `None` when nothing was sent.
    pub fn sent(&self) -> Option<Sent> {
        match self.0.load(Ordering::Acquire) {
            UNDER_WAY => Some(Sent::Unknown),
            ANSWERED => Some(Sent::Yes),
            _ => None,
        }
    }
}
