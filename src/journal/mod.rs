//! The journal: a line of JSON for every request, in a file that all programs of the user append to. No line holds a secret.
//!
//! Whoever calls does not wait for the disk: lines are collected, and written a few times a second and at the end.

mod entry;
mod file;
mod read;

pub use entry::Entry;
pub use read::{Filter, Tail, moment, newest};

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use parking_lot::Mutex;
use serde_json::{Map, Value};

/// The name of the file in the folder of states.
pub const FILE: &str = "journal.jsonl";

/// How many entries are kept where there is no file.
const MOST_KEPT: usize = 1_000;

/// How many entries wait to be written; more of them are written at once.
const MOST_WAITING: usize = 8_192;

/// The requests of one app.
#[derive(Debug)]
pub struct Journal {
    is_on: bool,
    waiting: Mutex<VecDeque<Entry>>,
    place: OnceLock<Place>,
    /// Held while lines are written, so that they stay in order.
    writing: Mutex<()>,
    has_failed: AtomicBool,
}

#[derive(Debug)]
struct Place {
    path: PathBuf,
    profile: String,
}

impl Journal {
    /// A journal that is kept in memory until it gets a file; nothing at all when it is off.
    pub fn new(is_on: bool) -> Self {
        Self {
            is_on,
            waiting: Mutex::default(),
            place: OnceLock::new(),
            writing: Mutex::default(),
            has_failed: AtomicBool::new(false),
        }
    }

    /// Writes to the file `path` from now on, as `profile`; the first one stays. Nothing is made before the first entry.
    pub fn keep_in(&self, path: PathBuf, profile: &str) {
        let _ = self.place.set(Place { path, profile: profile.to_owned() });
    }

    /// The file, when there is one.
    pub fn path(&self) -> Option<&Path> {
        self.place.get().map(|place| place.path.as_path())
    }

    /// Whether entries are kept.
    pub fn is_on(&self) -> bool {
        self.is_on
    }

    /// Adds an entry.
    pub fn add(&self, entry: Entry) {
        if !self.is_on {
            return;
        }
        let mut waiting = self.waiting.lock();
        if self.place.get().is_none() && waiting.len() >= MOST_KEPT {
            waiting.pop_front();
        }
        waiting.push_back(entry);
        let is_full = waiting.len() >= MOST_WAITING;
        drop(waiting);
        if is_full {
            self.flush();
        }
    }

    /// Writes what waits. A file that cannot be written is said once, and its entries are lost.
    pub fn flush(&self) {
        let Some(place) = self.place.get() else { return };
        let _in_order = self.writing.lock();
        let waiting = std::mem::take(&mut *self.waiting.lock());
        if waiting.is_empty() {
            return;
        }
        let mut lines = Vec::with_capacity(waiting.len() * 256);
        for entry in &waiting {
            entry.write(&place.profile, &mut lines);
        }
        let written = file::append(&place.path, &lines);
        if let Err(error) = written
            && !self.has_failed.swap(true, Ordering::Relaxed)
        {
            let path = place.path.display();
            let zh = format!("无法写入调用日志 {path}：{error}");
            tracing::warn!(target: "dingraia", zh = %zh, "the journal {path} cannot be written: {error}");
        }
    }

    /// The newest entries that `filter` wants, oldest first: those of the file, or those in memory where there is none.
    pub fn last(&self, filter: &Filter, most: usize) -> Vec<Map<String, Value>> {
        let Some(place) = self.place.get() else {
            let waiting = self.waiting.lock();
            let wanted =
                waiting.iter().rev().map(|entry| entry.fields("")).filter(|entry| filter.wants(entry));
            let mut found: Vec<_> = wanted.take(most).collect();
            found.reverse();
            return found;
        };
        self.flush();
        newest(&place.path, filter, most)
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        self.flush();
    }
}
