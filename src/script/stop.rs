//! How an evaluation is stopped. Each has its own [`Stop`]; Ctrl-C at the prompt fires the prompt's, not a task's.

use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use tokio_util::sync::CancellationToken;

use crate::error::{Error, Kind, Sent};

const RUNNING: u8 = 0;
const INTERRUPTED: u8 = 1;
const TIMED_OUT: u8 = 2;

/// The stop of an evaluation, if there is one.
pub(super) type Current = Option<Stop>;

thread_local! {
    static CURRENT: RefCell<Current> = const { RefCell::new(None) };
}

/// Exchanges this thread's stop with that of a fiber.
pub(super) fn swap(other: &mut Current) {
    CURRENT.with_borrow_mut(|current| std::mem::swap(current, other));
}

/// A handle that ends one evaluation and everything it waits for.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    state: AtomicU8,
    token: CancellationToken,
    parent: Option<Stop>,
}

impl Stop {
    /// A stop that is fired with this one, and can be fired alone.
    pub fn child(&self) -> Self {
        let (state, token) = (AtomicU8::new(RUNNING), self.0.token.child_token());
        Self(Arc::new(Inner { state, token, parent: Some(self.clone()) }))
    }

    /// Ends it as Ctrl-C does.
    pub fn interrupt(&self) {
        self.fire(INTERRUPTED);
    }

    /// Ends it because its time is over.
    pub fn time_out(&self) {
        self.fire(TIMED_OUT);
    }

    fn fire(&self, state: u8) {
        // The first reason counts.
        let _ = self.0.state.compare_exchange(RUNNING, state, Ordering::AcqRel, Ordering::Acquire);
        self.0.token.cancel();
    }

    /// True once it was fired.
    pub fn is_fired(&self) -> bool {
        self.state() != RUNNING
    }

    fn state(&self) -> u8 {
        match (self.0.state.load(Ordering::Acquire), &self.0.parent) {
            (RUNNING, Some(parent)) => parent.state(),
            (state, _) => state,
        }
    }

    /// Waits until it is fired.
    pub async fn fired(&self) {
        self.0.token.cancelled().await;
    }

    /// The error of an evaluation that was ended; `sent` is the state of the request under way.
    pub fn error(&self, sent: Option<Sent>) -> Error {
        let by_timeout = self.state() == TIMED_OUT;
        Error::new(Kind::Interrupted { sent, by_timeout })
    }

    /// The stop of the evaluation on this thread.
    pub fn current() -> Self {
        CURRENT.with_borrow(Option::clone).unwrap_or_default()
    }

    /// True when the evaluation on this thread is to end.
    pub fn current_is_fired() -> bool {
        CURRENT.with_borrow(|current| current.as_ref().is_some_and(Self::is_fired))
    }

    /// Runs `work` as an evaluation that this handle ends.
    pub fn guard<T>(&self, work: impl FnOnce() -> T) -> T {
        /// Puts the former handle back, also when `work` panics.
        struct Restore(Option<Stop>);
        impl Drop for Restore {
            fn drop(&mut self) {
                CURRENT.set(self.0.take());
            }
        }
        let _restore = Restore(CURRENT.replace(Some(self.clone())));
        work()
    }
}
