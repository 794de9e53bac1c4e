//! One script evaluates at a time. The turn is given up while a call waits, and now and then in a long computation, so that
//! handlers, tasks and `parallel` workers share the session's variables without clashes.

use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use parking_lot::lock_api::ArcMutexGuard;
use parking_lot::{Mutex, RawMutex};

/// How long a turn is waited for before looking whether it is still the one.
const LOOK_AGAIN: Duration = Duration::from_millis(100);

type Guard = ArcMutexGuard<RawMutex, ()>;

thread_local! {
    static HELD: RefCell<Option<Guard>> = const { RefCell::new(None) };
}

/// The right to evaluate.
#[derive(Debug, Default)]
pub(super) struct Turn {
    /// Exchanged for a new one when its holder is left behind.
    mutex: Mutex<Arc<Mutex<()>>>,
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
        let guard = loop {
            let mutex = Arc::clone(&self.mutex.lock());
            // One that is left behind never gives up what it holds: whoever waits for it looks again now and then.
            if let Some(guard) = mutex.try_lock_arc_for(LOOK_AGAIN) {
                break guard;
            }
        };
        self.waiting.fetch_sub(1, Ordering::Relaxed);
        HELD.set(Some(guard));
    }

    /// Whoever holds the turn is left behind: from now on there is another one.
    pub(super) fn renew(&self) {
        *self.mutex.lock() = Arc::default();
    }
}
