//! The newest changes of rows, by this program or another: our table `dingraia_change`, which triggers write.

use rusqlite::OptionalExtension;

use super::{Cache, own, row};

/// A row that was written or deleted.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Its number; they ascend.
    pub seq: i64,
    /// The table, in the words of [`super::Table::name`].
    pub table: String,
    /// `insert`, `update` or `delete`.
    pub op: String,
    /// staffId, openConversationId, sha256 or department id.
    pub key: String,
    /// Name; may be empty.
    pub name: String,
    /// When, Unix time in seconds.
    pub time: f64,
}

impl Cache {
    /// The number of the newest change; 0 when there is none.
    pub fn last_change(&self) -> i64 {
        self.shared.store.lock().newest(|conn| {
            if !own::has(conn, "dingraia_change")? {
                return Ok(None);
            }
            conn.prepare_cached("select max(seq) from dingraia_change")?
                .query_row([], |row| row.get(0))
                .optional()
        })
    }

    /// At most `most` changes behind the one with the number `seq`, in their order. The last 10,000 are
    /// remembered; a number beyond the newest is one of an earlier file, and all are given.
    pub fn changes_since(&self, seq: i64, most: usize) -> Vec<Change> {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        self.shared.store.lock().newest(|conn| {
            if !own::has(conn, "dingraia_change")? {
                return Ok(None);
            }
            let mut statement = conn.prepare_cached(SELECT)?;
            let rows = statement.query_map([seq, most], |found| {
                let table = row::text(found, 1)?;
                let table = super::Table::parse(&table).map_or(table, |known| known.name().to_owned());
                Ok(Change {
                    seq: found.get(0)?,
                    table,
                    op: row::text(found, 2)?,
                    key: row::text(found, 3)?,
                    name: row::text(found, 4)?,
                    time: row::number(found, 5)?,
                })
            })?;
            rows.collect::<rusqlite::Result<Vec<_>>>().map(Some)
        })
    }
}

const SELECT: &str = "select seq, tbl, op, key, name, timeStamp from dingraia_change \
    where seq > case when ?1 > (select max(seq) from dingraia_change) then 0 else ?1 end order by seq limit ?2";
