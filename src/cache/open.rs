//! Opening the file: create it, look at its tables, mend what is lacking, or find out what of it can be used.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use percent_encoding::{NON_ALPHANUMERIC, percent_encode};
use rusqlite::{Connection, MAIN_DB, OpenFlags, TransactionBehavior};

use super::copy;
use super::notice::{Notices, Outcome, Problem};
use super::schema::{self, Lacks};
use super::store::Store;
use crate::clock::Clock;

/// How long a statement waits for another program's lock.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

/// More statements than this module has, so that none is prepared twice.
const STATEMENTS: usize = 128;

/// Pages that a connection keeps in memory when it has read so many, in KiB: a large file's indexes find their place.
const PAGES: i64 = -16_000;

/// How a file is read when it cannot be written.
#[derive(Debug, Clone)]
pub(super) enum Source {
    /// As usual.
    Plain(PathBuf),
    /// In a folder where SQLite cannot put its helper files: as a file that nobody changes meanwhile.
    Immutable(PathBuf),
}

/// Opens or creates the file at `path`; whatever fails becomes a notice and a store that does without.
pub(super) fn open(path: &Path, clock: &Clock) -> Store {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let mut notices = Notices::default();
    let problem = match create(&path).and_then(|()| writable(&path, clock, &mut notices)) {
        Ok(conn) => return Store::file(conn, path, notices, clock),
        Err(problem) => problem,
    };
    if problem.may_still_read()
        && let Some((conn, source)) = readable(&path)
    {
        notices.tell(Some(&path), &problem, Outcome::ReadOnly);
        return Store::read_only(conn, path, source, problem, notices);
    }
    notices.tell(Some(&path), &problem, Outcome::Memory);
    Store::fallen(path, problem, notices)
}

/// A connection with our settings; the file must be there.
pub(super) fn connect(path: impl AsRef<Path>, access: OpenFlags) -> rusqlite::Result<Connection> {
    let conn = Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    conn.busy_timeout(PATIENCE)?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS);
    // Foreign tables stay untouched even when one of them refers to a table that is made new.
    conn.execute_batch("pragma foreign_keys = off; pragma synchronous = normal")?;
    conn.pragma_update(None, "cache_size", PAGES)?;
    Ok(conn)
}

impl Source {
    /// A new connection that only reads.
    pub(super) fn connect(&self) -> rusqlite::Result<Connection> {
        match self {
            Self::Plain(path) => connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY),
            Self::Immutable(path) => {
                let bytes = path.as_os_str().as_encoded_bytes();
                let uri = format!("file:{}?immutable=1", percent_encode(bytes, NON_ALPHANUMERIC));
                connect(uri, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI)
            }
        }
    }
}

/// Creates the empty file and its folders when nothing is there yet.
fn create(path: &Path) -> Result<(), Problem> {
    match fs::metadata(path) {
        Ok(found) if found.is_file() => return Ok(()),
        Ok(_) => return Err(Problem::NotAFile),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(Problem::Unopenable(error.to_string())),
    }
    let made = path.parent().map_or(Ok(()), create_folder).and_then(|()| create_private(path));
    match made {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            Err(Problem::Unopenable(error.to_string()))
        }
        _ => Ok(()),
    }
}

fn create_folder(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Creates an empty file that only its owner may read; fails when it exists.
pub(super) fn create_private(path: &Path) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

/// A connection that reads and writes a file of the right form.
fn writable(path: &Path, clock: &Clock, notices: &mut Notices) -> Result<Connection, Problem> {
    let mut conn = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    if conn.is_readonly(MAIN_DB)? {
        return Err(Problem::ReadOnly);
    }
    let lacks = at_once(&conn, schema::look)?;
    if lacks.is_newer() {
        return Err(Problem::Newer);
    }
    if !lacks.nothing() {
        match mend(&mut conn, path, clock, notices) {
            // Indexes can wait until nobody holds the lock.
            Err(Problem::Locked) if lacks.has_tables() => {}
            done => done?,
        }
    }
    match conn.query_row("pragma journal_mode = wal", [], |_| Ok(())).map_err(Problem::from) {
        // Another program reads at this moment: the older journal does as well.
        Err(Problem::Locked) | Ok(()) => {
            // The first reading makes the log, so that it can be told from another file's later on.
            conn.query_row("select count(*) from sqlite_schema", [], |_| Ok(()))?;
            Ok(conn)
        }
        Err(problem) => Err(problem),
    }
}

/// Runs what asks several things in one transaction: the locks are taken once.
pub(super) fn at_once<T>(
    conn: &Connection,
    ask: impl FnOnce(&Connection) -> rusqlite::Result<T>,
) -> rusqlite::Result<T> {
    // Nothing was changed: it is rolled back.
    let reading = conn.unchecked_transaction()?;
    ask(&reading)
}

/// Makes what is lacking, in one transaction; before a table is dropped the whole file is copied.
fn mend(conn: &mut Connection, path: &Path, clock: &Clock, notices: &mut Notices) -> Result<(), Problem> {
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Looked at again, now that nobody else can write: another program may have been quicker.
    let lacks = schema::look(&tx)?;
    let copy = match lacks.wrong.as_slice() {
        [] => None,
        _ => Some(copy::make(path, clock).map_err(Problem::CopyFailed)?),
    };
    schema::make(&tx, &lacks)?;
    tx.commit()?;
    if let Some(copy) = copy {
        notices.tell_rebuilt(path, &copy, &lacks.wrong.join(", "));
    }
    Ok(())
}

/// A connection that only reads, when all tables are there.
fn readable(path: &Path) -> Option<(Connection, Source)> {
    let attempt = |source: Source| {
        let conn = source.connect().ok()?;
        schema::look(&conn).ok().filter(Lacks::has_tables)?;
        Some((conn, source))
    };
    attempt(Source::Plain(path.to_path_buf())).or_else(|| {
        // Without its log the file alone would be incomplete.
        let log = path.with_file_name(OsString::from_iter([path.file_name()?, OsStr::new("-wal")]));
        if fs::metadata(log).is_ok_and(|log| log.len() > 0) {
            return None;
        }
        attempt(Source::Immutable(path.to_path_buf()))
    })
}
