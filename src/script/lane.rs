//! The conversation whose handler runs: the next event of it waits until the handler is done, or waits itself.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::{Duration, Instant};

use super::stop::Stop;

/// The lane of an evaluation, if it is a handler.
pub(super) type Current = Option<Rc<Lane>>;

thread_local! {
    static CURRENT: RefCell<Current> = const { RefCell::new(None) };
}

/// One handler at work.
pub(super) struct Lane {
    /// The conversation.
    pub(super) key: String,
    /// The next event of the conversation was let in.
    left: Cell<bool>,
    freed: Rc<RefCell<Vec<String>>>,
    limit: RefCell<Option<Limit>>,
}

struct Limit {
    stop: Stop,
    time: Duration,
    /// Nothing while it waits for a person.
    end: Option<Instant>,
}

impl Lane {
    /// A lane that tells `freed` when the next event may come.
    pub(super) fn new(key: String, freed: &Rc<RefCell<Vec<String>>>) -> Rc<Self> {
        let freed = Rc::clone(freed);
        Rc::new(Self { key, left: Cell::new(false), freed, limit: RefCell::default() })
    }

    /// A handler begins that `stop` ends, after `time` when there is a limit.
    pub(super) fn begin(&self, stop: &Stop, time: Option<Duration>) {
        let end = |time| Instant::now().checked_add(time);
        let limit = time.map(|time| Limit { stop: stop.clone(), time, end: end(time) });
        *self.limit.borrow_mut() = limit;
    }

    /// Ends the handler when its time is over.
    pub(super) fn check(&self, now: Instant) {
        if let Some(limit) = &*self.limit.borrow()
            && limit.end.is_some_and(|end| end <= now)
        {
            limit.stop.time_out();
        }
    }

    /// Runs `wait`, which waits for a person: the next event is let in, and no time passes.
    pub(super) fn waiting<T>(&self, wait: impl FnOnce() -> T) -> T {
        self.free();
        if let Some(limit) = &mut *self.limit.borrow_mut() {
            limit.end = None;
        }
        let result = wait();
        if let Some(limit) = &mut *self.limit.borrow_mut() {
            limit.end = Instant::now().checked_add(limit.time);
        }
        result
    }

    /// Lets the next event in, once.
    pub(super) fn free(&self) {
        if !self.left.replace(true) {
            self.freed.borrow_mut().push(self.key.clone());
        }
    }
}

/// The lane of the handler that runs on this thread.
pub(super) fn current() -> Current {
    CURRENT.with_borrow(Clone::clone)
}

/// Exchanges this thread's lane with that of a fiber.
pub(super) fn swap(other: &mut Current) {
    CURRENT.with_borrow_mut(|current| std::mem::swap(current, other));
}

/// Runs `work` on `lane`, which is free afterwards, also when `work` panics.
pub(super) fn within<T>(lane: &Rc<Lane>, work: impl FnOnce() -> T) -> T {
    struct Leave<'a>(&'a Lane);
    impl Drop for Leave<'_> {
        fn drop(&mut self) {
            CURRENT.set(None);
            self.0.free();
        }
    }
    CURRENT.set(Some(Rc::clone(lane)));
    let _leave = Leave(lane);
    work()
}
