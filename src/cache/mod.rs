//! The SQLite cache file that is shared with the Python framework: one file per table, its row type and its SQL.
//!
//! [`Cache::open`] never fails. A file that cannot be used is left as it is, a [`Notice`] says so once, and the
//! cache goes on in memory; a file that cannot be written is read, and what is new is kept in memory.

mod check;
mod copy;
mod counts;
mod files;
mod groups;
mod ids;
mod notice;
mod open;
mod query;
mod robot;
mod row;
mod schema;
mod store;
mod users;
mod webhooks;

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use parking_lot::Mutex;

use crate::clock::Clock;
use store::Store;

pub use check::{Check, Mode, Stats};
pub use groups::{GroupKey, GroupRow, GroupSeen};
pub use ids::{assistant_id, group_id, member_id};
pub use notice::Notice;
pub use query::MAX_ROWS;
pub use robot::RobotSeen;
pub use users::{UserKey, UserRow, UserSeen};
pub use webhooks::{WebhookKey, WebhookRow};

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
}

impl Cache {
    /// Opens the file at `path`, or creates it in the form the Python framework gives it (folders 0700, file 0600).
    ///
    /// Never fails: see [`Cache::take_notices`] and [`Stats::mode`] for what became of it.
    pub fn open(path: impl AsRef<Path>, clock: Clock) -> Self {
        Self::with(open::open(path.as_ref(), &clock), clock, false)
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
        Self { shared: Arc::new(Shared { store: Mutex::new(store), clock, off }) }
    }

    /// What went wrong since the last call; each problem is told once per run.
    pub fn take_notices(&self) -> Vec<Notice> {
        self.shared.store.lock().notices.take()
    }

    fn now(&self) -> f64 {
        self.shared.clock.seconds()
    }
}

impl fmt::Debug for Cache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cache").field("off", &self.shared.off).finish_non_exhaustive()
    }
}
