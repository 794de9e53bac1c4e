//! Counts calls in memory; whoever owns the cache fetches the count and writes it down.

use std::sync::atomic::{AtomicU64, Ordering};

/// The calls that count against the monthly quota.
#[derive(Debug, Default)]
pub struct Usage {
    pending: AtomicU64,
    session: AtomicU64,
}

impl Usage {
    pub(super) fn add(&self, calls: u64) {
        self.pending.fetch_add(calls, Ordering::Relaxed);
        self.session.fetch_add(calls, Ordering::Relaxed);
    }

    /// The calls since this client was made.
    pub fn session(&self) -> u64 {
        self.session.load(Ordering::Relaxed)
    }

    /// Takes what is not yet written down.
    pub fn take_pending(&self) -> u64 {
        self.pending.swap(0, Ordering::Relaxed)
    }
}
