//! One script evaluates at a time. The turn is given up while a call waits, and now and then in a long computation, so that
//! handlers, tasks and `parallel` workers share the session's variables without clashes.

use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use parking_lot::lock_api::ArcMutexGuard;
use parking_lot::{Mutex, RawMutex};

type Guard = ArcMutexGuard<RawMutex, ()>;

thread_local! {
    static HELD: RefCell<Option<Guard>> = const { RefCell::new(None) };
}

/// The right to evaluate.
#[derive(Debug, Default)]
pub(super) struct Turn {
    mutex: Arc<Mutex<()>>,
    waiting: AtomicUsize,
}

impl Turn {
    /// Runs `work` with the turn held by this thread.
    pub(super) fn hold<T>(&self, work: impl FnOnce() -> T) -> T {
        /// Gives the turn up, also when `work` panics.
        struct Release;
        impl Drop for Release {
            fn drop(&mut self) {
                HELD.set(None);
            }
        }
        if HELD.with_borrow(Option::is_some) {
            return work();
        }
        self.take();
        let _release = Release;
        work()
    }

    /// Runs `work` with the turn given up; takes it again afterwards if it was held.
    pub(super) fn release<T>(&self, work: impl FnOnce() -> T) -> T {
        let held = HELD.take();
        let was_held = held.is_some();
        drop(held);
        let result = work();
        if was_held {
            self.take();
        }
        result
    }

    /// Lets another evaluation go on when one waits. Fair: the one that waits gets it.
    pub(super) fn offer(&self) {
        if self.waiting.load(Ordering::Relaxed) == 0 {
            return;
        }
        if let Some(guard) = HELD.take() {
            ArcMutexGuard::unlock_fair(guard);
            self.take();
        }
    }

    fn take(&self) {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        let guard = self.mutex.lock_arc();
        self.waiting.fetch_sub(1, Ordering::Relaxed);
        HELD.set(Some(guard));
    }
}
