//! The complete copy of a cache file that is made before a table of another form is replaced.

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::backup::{Backup, StepResult};
use rusqlite::ffi::{Error as Failure, SQLITE_BUSY};
use rusqlite::{Connection, OpenFlags};

use super::open::{connect, create_private};
use crate::clock::Clock;
use crate::error::{Error, Kind};

/// Copies the database at `path`, its write-ahead log included, to `Dingraia_cache_YYYY_mm_dd_HH_MM_SS.db` beside it.
///
/// The copy is written under another name and renamed, so a file of that name is always complete.
pub(super) fn make(path: &Path, clock: &Clock) -> Result<PathBuf, String> {
    let to = free_name(path, &clock.stamp());
    let part = to.with_extension("db.part");
    create_private(&part).map_err(|error| error.to_string())?;
    let done = fill(path, &part)
        .map_err(|error| error.to_string())
        .and_then(|()| fs::rename(&part, &to).map_err(|error| error.to_string()));
    if done.is_err() {
        let _ = fs::remove_file(&part);
    }
    done.map(|()| to)
}

/// Copies what `source` reads into a new file, under another name first.
///
/// # Errors
/// [`Kind::File`] when there is such a file or it cannot be written.
pub(super) fn to_new_file(source: &Connection, to: &Path) -> Result<(), Error> {
    if to.exists() {
        return Err(Error::file(to, std::io::ErrorKind::AlreadyExists.into()));
    }
    let part = to.with_extension("db.part");
    create_private(&part).map_err(|error| Error::file(to, error))?;
    let done = connect(&part, OpenFlags::SQLITE_OPEN_READ_WRITE)
        .and_then(|mut target| {
            complete(source, &mut target)?;
            // The log would stay behind under the other name.
            target.query_row("pragma journal_mode = delete", [], |_| Ok(()))?;
            target.close().map_err(|(_, error)| error)
        })
        .map_err(|error| Error::new(Kind::File { path: to.to_path_buf(), problem: error.to_string() }))
        .and_then(|()| fs::rename(&part, to).map_err(|error| Error::file(to, error)));
    if done.is_err() {
        let _ = fs::remove_file(&part);
    }
    done
}

fn fill(from: &Path, to: &Path) -> rusqlite::Result<()> {
    let source = connect(from, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let mut target = connect(to, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    complete(&source, &mut target)?;
    target.close().map_err(|(_, error)| error)
}

fn free_name(path: &Path, stamp: &str) -> PathBuf {
    let plain = path.with_file_name(format!("Dingraia_cache_{stamp}.db"));
    if !plain.exists() {
        return plain;
    }
    (2..)
        .map(|n| path.with_file_name(format!("Dingraia_cache_{stamp}_{n}.db")))
        .find(|name| !name.exists())
        .unwrap_or(plain)
}

/// A copy in memory of a database in memory.
pub(super) fn in_memory(of: &Connection) -> rusqlite::Result<Connection> {
    let mut target = Connection::open_in_memory()?;
    complete(of, &mut target)?;
    Ok(target)
}

/// All pages in one step, so that the copy shows one moment.
fn complete(source: &Connection, target: &mut Connection) -> rusqlite::Result<()> {
    match Backup::new(source, target)?.step(-1)? {
        StepResult::Done => Ok(()),
        _ => Err(rusqlite::Error::SqliteFailure(Failure::new(SQLITE_BUSY), None)),
    }
}
