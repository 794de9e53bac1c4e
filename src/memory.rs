//! How much memory is in use, so that a script that goes too far gets an error before the machine gets into trouble.
//!
//! Large pieces (long texts, lists, maps of the cache) are counted as they come and go; all the small ones together are what the
//! system says the process holds.

use std::alloc::{GlobalAlloc, Layout};
use std::sync::atomic::{AtomicUsize, Ordering};

/// A piece from this size on is counted.
const LARGE: usize = 1024 * 1024;

/// Bytes of the large pieces in use.
static HELD: AtomicUsize = AtomicUsize::new(0);

/// Bytes of the large pieces in use. Costs nothing to ask.
pub fn large_pieces() -> usize {
    HELD.load(Ordering::Relaxed)
}

/// Bytes that the process holds, where the system tells. Takes some microseconds.
pub fn resident() -> Option<usize> {
    memory_stats::memory_stats().map(|stats| stats.physical_mem)
}

/// An allocator that counts the large pieces of another.
#[derive(Debug)]
pub struct Counted<A>(pub A);

fn count(grown: usize, shrunk: usize) {
    if grown >= LARGE {
        HELD.fetch_add(grown, Ordering::Relaxed);
    }
    if shrunk >= LARGE {
        HELD.fetch_sub(shrunk, Ordering::Relaxed);
    }
}

// SAFETY: every request goes to the inner allocator as it is, and its answer comes back as it is; counting allocates nothing.
#[allow(unsafe_code, reason = "the trait is unsafe; the inner allocator does the work")]
unsafe impl<A: GlobalAlloc> GlobalAlloc for Counted<A> {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size(), 0);
        // SAFETY: the caller's promises are those that the inner allocator asks for.
        unsafe { self.0.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(layout.size(), 0);
        // SAFETY: as above.
        unsafe { self.0.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count(0, layout.size());
        // SAFETY: as above.
        unsafe { self.0.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size, layout.size());
        // SAFETY: as above.
        unsafe { self.0.realloc(pointer, layout, size) }
    }
}
