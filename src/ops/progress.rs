//! What a long call has done so far. Whoever shows it watches; here nothing is shown.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::lang::Text;

pub use crate::client::Wait;

/// A step of a long call.
#[derive(Debug, Clone, PartialEq)]
pub enum Progress<'a> {
    /// A method that takes several calls has done one of them.
    Step(&'a Text),
    /// A walk over many things.
    Count {
        /// What they are.
        what: &'a Text,
        /// How many are done.
        done: usize,
        /// How many there are.
        total: usize,
        /// Nothing follows.
        over: bool,
    },
    /// A file moves.
    Transfer(Transfer<'a>),
    /// Items of a list are worked on, several at a time.
    Items(Items<'a>),
    /// A call waits until DingTalk's limit lets it pass.
    Waiting(Wait<'a>),
    /// An AI card is being written.
    Card {
        /// Its outTrackId; empty for an assistant's answer.
        out_track_id: String,
        /// Characters so far.
        characters: usize,
        /// The last word: nothing follows.
        done: bool,
    },
}

/// Work on a list at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Items<'a> {
    /// Which work of the session it is.
    pub id: u64,
    /// What is done with them.
    pub name: &'a str,
    /// Items so far.
    pub done: usize,
    /// All items.
    pub total: usize,
    /// True when there is nothing more to come, however it ended.
    pub over: bool,
}

/// A transfer at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

/// Told about every step; it must be quick.
pub type Watcher = Arc<dyn Fn(&Progress<'_>) + Send + Sync>;

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
            let transfer = Transfer { id: self.id, name: &self.name, done, total: self.total, over };
            watcher(&Progress::Transfer(transfer));
        }
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        self.tell(self.done.load(Ordering::Relaxed), true);
    }
}
