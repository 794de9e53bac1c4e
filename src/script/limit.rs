//! How much memory an evaluation may add to the process.
//!
//! Rhai's own limits of size look through a whole list each time one item is added to it, which makes long lists slow.

use std::cell::Cell;

use rhai::Dynamic;

use crate::lang::Text;
use crate::memory::{large_pieces, resident};

/// The most that one evaluation may add, unless something else is said.
pub(super) const MOST: usize = 2 * 1024 * MIB;

const MIB: usize = 1024 * 1024;

/// What was in use when the evaluation of this thread began, and what may be added.
#[derive(Clone, Copy)]
struct Begin {
    most: usize,
    large_pieces: usize,
    resident: usize,
}

thread_local! {
    static BEGIN: Cell<Option<Begin>> = const { Cell::new(None) };
}

/// Runs `work` as an evaluation of its own that may add `most` bytes; inside of another it is part of that one.
pub(super) fn scope<T>(most: usize, work: impl FnOnce() -> T) -> T {
    /// Forgets the beginning, also when `work` panics.
    struct Forget;
    impl Drop for Forget {
        fn drop(&mut self) {
            BEGIN.set(None);
        }
    }
    if BEGIN.get().is_some() {
        return work();
    }
    // What the system says is asked for when it may be needed: most evaluations are over before.
    BEGIN.set(Some(Begin { most, large_pieces: large_pieces(), resident: 0 }));
    let _forget = Forget;
    work()
}

/// True when the large pieces alone are too much; asked at every operation.
pub(super) fn is_passed() -> bool {
    BEGIN.get().is_some_and(|begin| large_pieces() > begin.large_pieces.saturating_add(begin.most))
}

/// True when everything together is too much; asked now and then.
pub(super) fn is_passed_by_all() -> bool {
    let (Some(begin), Some(now)) = (BEGIN.get(), resident()) else { return false };
    if begin.resident == 0 {
        BEGIN.set(Some(Begin { resident: now, ..begin }));
        return false;
    }
    now > begin.resident.saturating_add(begin.most)
}

/// The word that ends an evaluation which went too far: the bytes that it might have added.
#[derive(Clone)]
pub(super) struct Passed(usize);

impl Passed {
    pub(super) fn word() -> Dynamic {
        Dynamic::from(Self(BEGIN.get().map_or(MOST, |begin| begin.most)))
    }

    pub(super) fn text(&self) -> Text {
        let most = self.0 / MIB;
        Text::made(
            format!("the script needs more than {most} MiB of memory"),
            format!("脚本占用的内存超过 {most} MiB"),
        )
    }
}
