//! How far the transfer of a file is. Whoever shows it watches; here nothing is shown.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A transfer at one moment.
#[derive(Debug, Clone, Copy)]
pub struct Transfer<'a> {
    /// Which transfer of the session it is.
    pub id: u64,
    /// The file's name.
    pub name: &'a str,
    /// Bytes so far.
    pub done: u64,
    /// All bytes, when known.
    pub total: Option<u64>,
    /// True when there is nothing more to come, however it ended.
    pub over: bool,
}

/// Told about every step of every transfer; it must be quick.
pub type Watcher = Arc<dyn Fn(&Transfer<'_>) + Send + Sync>;

/// One transfer. Its end is told when it is dropped.
pub(super) struct Meter {
    id: u64,
    name: String,
    total: Option<u64>,
    done: AtomicU64,
    watcher: Option<Watcher>,
}

impl Meter {
    pub(super) fn new(id: u64, name: String, total: Option<u64>, watcher: Option<Watcher>) -> Arc<Self> {
        Arc::new(Self { id, name, total, done: AtomicU64::new(0), watcher })
    }

    /// So many bytes were moved since the start.
    pub(super) fn reached(&self, done: u64) {
        self.done.store(done, Ordering::Relaxed);
        self.tell(done, false);
    }

    fn tell(&self, done: u64, over: bool) {
        if let Some(watcher) = &self.watcher {
            watcher(&Transfer { id: self.id, name: &self.name, done, total: self.total, over });
        }
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        self.tell(self.done.load(Ordering::Relaxed), true);
    }
}
