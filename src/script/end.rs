//! What ends an evaluation for good: `exit`, Ctrl-C, a time limit.
//!
//! Rhai lets no script catch a termination, but wraps it on its way through `map` and the like, and the wrapper can be
//! caught. So it is remembered for the rest of the evaluation, and the next operation raises it again.

use std::cell::{Cell, RefCell};
use std::mem;

use rhai::Dynamic;

thread_local! {
    static ENDED: Cell<bool> = const { Cell::new(false) };
    static WORD: RefCell<Option<Dynamic>> = const { RefCell::new(None) };
}

/// Remembers the value of a termination on this thread.
pub(super) fn remember(word: &Dynamic) {
    WORD.set(Some(word.clone()));
    ENDED.set(true);
}

/// The termination that was raised in this evaluation, if one was. Asked at every operation.
pub(super) fn remembered() -> Option<Dynamic> {
    if ENDED.get() { WORD.with_borrow(Clone::clone) } else { None }
}

/// The termination of a fiber that is not running.
#[derive(Default)]
pub(super) struct Ended(bool, Option<Dynamic>);

/// Exchanges this thread's termination with `other`.
pub(super) fn swap(other: &mut Ended) {
    other.0 = ENDED.replace(other.0);
    WORD.with_borrow_mut(|word| mem::swap(word, &mut other.1));
}

/// Runs `work` as an evaluation of its own.
pub(super) fn scope<T>(work: impl FnOnce() -> T) -> T {
    /// Puts back what was there, also when `work` panics.
    struct Restore(bool, Option<Dynamic>);
    impl Drop for Restore {
        fn drop(&mut self) {
            ENDED.set(self.0);
            WORD.set(self.1.take());
        }
    }
    let _restore = Restore(ENDED.replace(false), WORD.take());
    work()
}
