//! The SQLite cache file that is shared with the Python framework: one file per table, its row type and its SQL.
//!
//! [`Cache::open`] never fails. A file that cannot be used is left as it is, a [`Notice`] says so once, and the
//! cache goes on in memory; a file that cannot be written is read, and what is new is kept in memory.

mod changes;
mod check;
mod copy;
mod counts;
mod departments;
mod edit;
mod files;
mod groups;
mod ids;
mod listing;
mod notice;
mod open;
mod own;
mod place;
mod query;
mod robot;
mod row;
mod schema;
mod search;
mod store;
mod upkeep;
mod usage;
mod users;
mod webhooks;
mod words;

use std::fmt;
use std::path::Path;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use parking_lot::Mutex;

use crate::clock::Clock;
use crate::lang::Text;
use store::Store;

pub use changes::Change;
pub use check::{Check, Mode, Stats};
pub use departments::{DepartmentRow, DepartmentSeen};
pub use groups::{GroupKey, GroupRow, GroupSeen};
pub use ids::{assistant_id, group_id, member_id};
pub use listing::{Cursor, MASK, Page, Table};
pub use notice::Notice;
pub use query::MAX_ROWS;
pub use robot::RobotSeen;
pub use search::{Entry, Found};
pub use usage::UsageRow;
pub use users::{UserKey, UserRow, UserSeen};
pub use webhooks::{WebhookKey, WebhookRow};
pub use words::leads_to;

/// The shared cache; cloning it is cheap and gives the same cache.
///
/// Calls are short SQLite statements (about 5 µs for a row by its key) that hold the lock no longer than the call.
#[derive(Clone)]
pub struct Cache {
    shared: Arc<Shared>,
}

struct Shared {
    store: Mutex<Store>,
    clock: Clock,
    /// The user turned the database off: users, groups and webhooks are neither stored nor found.
    off: bool,
    /// How far the background's work is, in percent; [`IDLE`] when there is none.
    upkeep: AtomicU8,
    listener: OnceLock<Listener>,
    hits: AtomicU64,
    misses: AtomicU64,
}

/// Told of notices as they come.
type Listener = Box<dyn Fn() + Send + Sync>;

/// No work in the background.
const IDLE: u8 = u8::MAX;

impl Cache {
    /// Opens the file at `path`, or creates it in the form the Python framework gives it (folders 0700, file 0600).
    ///
    /// Never fails: see [`Cache::take_notices`] and [`Stats::mode`] for what became of it.
    pub fn open(path: impl AsRef<Path>, clock: Clock) -> Self {
        let cache = Self::with(open::open(path.as_ref(), &clock), clock, false);
        if cache.shared.store.lock().needs_upkeep() {
            cache.shared.set_upkeep(Some(0));
            upkeep::start(&cache.shared);
        }
        cache
    }

    /// A cache without a file, for when the database is turned off.
    ///
    /// Users, groups and webhooks always miss; counts and the ids of the last 500 uploads live in memory.
    pub fn memory(clock: Clock) -> Self {
        Self::with(Store::memory(), clock, true)
    }

    /// A cache that works like one with a file and is gone with the program: the sandbox's.
    pub fn scratch(clock: Clock) -> Self {
        Self::with(Store::memory(), clock, false)
    }

    fn with(store: Store, clock: Clock, off: bool) -> Self {
        let shared = Shared {
            store: Mutex::new(store),
            clock,
            off,
            upkeep: AtomicU8::new(IDLE),
            listener: OnceLock::new(),
            hits: AtomicU64::new(0),
            misses: AtomicU64::new(0),
        };
        Self { shared: Arc::new(shared) }
    }

    /// Has something told with the notices.
    pub fn say(&self, text: Text) {
        self.shared.tell(text);
    }

    /// Whether the database is turned off.
    pub fn is_off(&self) -> bool {
        self.shared.off
    }

    /// What went wrong since the last call; each problem is told once per run.
    pub fn take_notices(&self) -> Vec<Notice> {
        self.shared.store.lock().notices.take()
    }

    /// Has `listener` called when there are new notices that no call of this cache brought about; the first one stays.
    pub fn on_notice(&self, listener: impl Fn() + Send + Sync + 'static) {
        let _ = self.shared.listener.set(Box::new(listener));
    }

    /// How far indexes and words of a large file are, in percent; `None` when there is nothing to do.
    pub fn upkeep(&self) -> Option<u8> {
        Some(self.shared.upkeep.load(Ordering::Relaxed)).filter(|percent| *percent != IDLE)
    }

    /// Counts a call that the cache could have answered, and whether it did.
    pub fn count_answer(&self, hit: bool) {
        let counter = if hit { &self.shared.hits } else { &self.shared.misses };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    /// How many calls the cache answered since it was opened, and how many it could not.
    pub fn answers(&self) -> (u64, u64) {
        (self.shared.hits.load(Ordering::Relaxed), self.shared.misses.load(Ordering::Relaxed))
    }

    fn now(&self) -> f64 {
        self.shared.clock.seconds()
    }
}

impl Shared {
    fn set_upkeep(&self, percent: Option<u8>) {
        self.upkeep.store(percent.unwrap_or(IDLE), Ordering::Relaxed);
    }

    /// Tells something that no problem of the file is.
    fn tell(&self, text: Text) {
        self.store.lock().notices.say(text);
        if let Some(listener) = self.listener.get() {
            listener();
        }
    }
}

impl fmt::Debug for Cache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cache").field("off", &self.shared.off).finish_non_exhaustive()
    }
}
