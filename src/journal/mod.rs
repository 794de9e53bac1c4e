//! The journal: a line of JSON for every request, in a file that all programs of the user append to. No line holds a secret.
//!
//! Whoever calls does not wait for the disk: lines are collected, and written a few times a second and at the end.

mod entry;
mod file;
mod read;

pub use entry::Entry;
pub use read::{Filter, Tail, moment, newest};

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use parking_lot::Mutex;
use serde_json::{Map, Value};

use crate::error::Result;
use entry::Writer;

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
    waiting: Mutex<Waiting>,
    place: OnceLock<Place>,
    /// Held while lines are written, so that they stay in order.
    writing: Mutex<()>,
    has_failed: AtomicBool,
}

thread_local! {
    /// Where a thread puts its lines together, so that nobody waits for that.
    static LINE: RefCell<(Writer, String)> = RefCell::default();
}

/// Lines that are not in a file.
#[derive(Debug, Default)]
struct Waiting {
    lines: String,
    count: usize,
}

impl Waiting {
    /// Forgets the oldest lines when there are twice as many as are kept.
    fn shorten(&mut self) {
        if self.count == 2 * MOST_KEPT {
            let end = self.lines.match_indices('\n').nth(MOST_KEPT - 1).map_or(0, |(at, _)| at + 1);
            self.lines.drain(..end);
            self.count = MOST_KEPT;
        }
    }
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
    pub fn add(&self, entry: &Entry<'_>) {
        if !self.is_on {
            return;
        }
        let place = self.place.get();
        let is_full = LINE.with_borrow_mut(|(writer, line)| {
            line.clear();
            writer.write(entry, place.map_or("", |place| &place.profile), line);
            let mut waiting = self.waiting.lock();
            waiting.lines.push_str(line);
            waiting.count += 1;
            if place.is_none() {
                waiting.shorten();
            }
            waiting.count >= MOST_WAITING
        });
        if is_full {
            self.flush();
        }
    }

    /// Writes what waits. A file that cannot be written is said once, and its entries are lost.
    pub fn flush(&self) {
        let Some(place) = self.place.get() else { return };
        let _in_order = self.writing.lock();
        let lines = {
            let mut waiting = self.waiting.lock();
            waiting.count = 0;
            std::mem::take(&mut waiting.lines)
        };
        if lines.is_empty() {
            return;
        }
        let written = file::append(&place.path, lines.as_bytes());
        if let Err(error) = written
            && !self.has_failed.swap(true, Ordering::Relaxed)
        {
            let path = place.path.display();
            let zh = format!("无法写入调用日志 {path}：{error}");
            tracing::warn!(target: "dingraia", zh = %zh, "the journal {path} cannot be written: {error}");
        }
    }

    /// The newest entries that `filter` wants, oldest first: those of the file, or those in memory where there is none.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn last(&self, filter: &Filter, most: usize) -> Result<Vec<Map<String, Value>>> {
        let Some(place) = self.place.get() else {
            let waiting = self.waiting.lock();
            let wanted = waiting.lines.lines().rev().take(MOST_KEPT).filter_map(read::entry);
            let mut found: Vec<_> = wanted.filter(|entry| filter.wants(entry)).take(most).collect();
            found.reverse();
            return Ok(found);
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

#[cfg(test)]
mod tests {
    use super::{Entry, Filter, Journal, MOST_KEPT, MOST_WAITING};
    use std::time::Duration;

    fn add(journal: &Journal, number: usize) {
        journal.add(&Entry {
            time: 1_772_438_400_000,
            method: "get_user",
            call: "POST /x",
            target: &format!("u{number}"),
            effect: "read",
            result: "ok",
            sent: "yes",
            attempt: 1,
            cost: 1,
            took: Duration::from_micros(1_234),
            request_id: "",
        });
    }

    #[test]
    fn memory_keeps_the_newest() {
        let journal = Journal::new(true);
        (0..MOST_KEPT * 2 + 5).for_each(|number| add(&journal, number));
        let kept = journal.last(&Filter::default(), usize::MAX).unwrap();
        assert_eq!((kept.len(), kept[0]["target"].as_str()), (MOST_KEPT, Some("u1005")));
        assert_eq!(kept[0]["ms"], 1.2);
        assert_eq!(kept[0]["time"], "2026-03-02T08:00:00.000Z");
        let off = Journal::new(false);
        add(&off, 0);
        assert!(off.last(&Filter::default(), 9).unwrap().is_empty());
    }

    #[test]
    fn a_file_gets_everything_and_a_wrong_one_harms_nobody() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/journal.jsonl");
        let journal = Journal::new(true);
        journal.keep_in(path.clone(), "p");
        assert!(!path.exists());
        // Without anybody who writes them, no more wait than fit.
        (0..MOST_WAITING).for_each(|number| add(&journal, number));
        assert_eq!(std::fs::read_to_string(&path).unwrap().lines().count(), MOST_WAITING);
        add(&journal, 1);
        drop(journal);
        assert_eq!(std::fs::read_to_string(&path).unwrap().lines().count(), MOST_WAITING + 1);
        let journal = Journal::new(true);
        journal.keep_in(path.join("not-a-folder/journal.jsonl"), "p");
        add(&journal, 0);
        journal.flush();
        assert!(journal.last(&Filter::default(), 9).is_err());
    }
}
