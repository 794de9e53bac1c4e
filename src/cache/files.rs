//! Uploaded files, so that the same content is not uploaded twice: the table `file`.

use rusqlite::{Connection, OptionalExtension, params};

use super::{Cache, row};

/// How many uploads are remembered when the database is off.
const REMEMBERED: i64 = 500;

impl Cache {
    /// The `media_id` of content with this SHA-256 (lower-case hexadecimal), if it was uploaded before.
    pub fn media_id(&self, sha256: &str) -> Option<String> {
        let found = self.shared.store.lock().read(|conn| find(conn, sha256));
        found.into_iter().flatten().find(|media_id| !media_id.is_empty())
    }

    /// Stores the `media_id` of content with this SHA-256 (lower-case hexadecimal), replacing an older one.
    pub fn save_media_id(&self, sha256: &str, media_id: &str) {
        let off = self.shared.off;
        self.shared.store.lock().write(|tx| {
            if row::update(tx, UPDATE, params![sha256, media_id])? {
                return Ok(());
            }
            row::insert(tx, INSERT, params![sha256, media_id])?;
            if off { row::update(tx, FORGET, [REMEMBERED]).map(drop) } else { Ok(()) }
        });
    }
}

fn find(conn: &Connection, sha256: &str) -> rusqlite::Result<Option<String>> {
    conn.prepare_cached(SELECT)?.query_row([sha256], |found| row::text(found, 0)).optional()
}

const SELECT: &str = "select mediaId from file where sha256 = ?1 order by rowid limit 1";
const UPDATE: &str = "update file set mediaId = ?2 where sha256 = ?1";
const INSERT: &str = "insert into file(sha256, mediaId) values(?1, ?2)";
const FORGET: &str = "delete from file where rowid <= (select max(rowid) from file) - ?1";
