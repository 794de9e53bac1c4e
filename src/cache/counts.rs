//! API calls of each month: the table `counts`, rows `openApi_YYYY_MM`.

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::{Cache, row};

impl Cache {
    /// Adds `calls` to the month `YYYY_MM` (see [`crate::clock::Clock::month`]).
    pub fn add_count(&self, month: &str, calls: i64) {
        let kind = kind(month);
        self.shared.store.lock().write(|tx| add(tx, &kind, calls));
    }

    /// The calls of the month `YYYY_MM`; 0 when none were counted.
    ///
    /// When the file cannot be written, these are those in the file and those of this run.
    pub fn count(&self, month: &str) -> i64 {
        let kind = kind(month);
        let found = self.shared.store.lock().read(|conn| find(conn, &kind));
        found.into_iter().flatten().fold(0, i64::saturating_add)
    }
}

/// Adds to a row in the caller's transaction.
pub(super) fn add(tx: &Transaction<'_>, kind: &str, calls: i64) -> rusqlite::Result<()> {
    if row::update(tx, UPDATE, params![kind, calls])? {
        return Ok(());
    }
    row::insert(tx, INSERT, params![kind, calls])
}

pub(super) fn kind(month: &str) -> String {
    format!("openApi_{month}")
}

fn find(conn: &Connection, kind: &str) -> rusqlite::Result<Option<i64>> {
    conn.prepare_cached(SELECT)?.query_row([kind], |found| Ok(row::number(found, 0)? as i64)).optional()
}

const SELECT: &str = "select count from counts where type = ?1 order by rowid limit 1";
const UPDATE: &str = "update counts set count = cast(count as integer) + ?2 where type = ?1";
const INSERT: &str = "insert into counts(type, count) values(?1, ?2)";
