//! What the cache consists of at the moment, and whether its file is sound.

use std::path::PathBuf;

use rusqlite::{Connection, ErrorCode};
use serde_json::{Map, Value};

use super::{Cache, Table, schema};
use crate::error::{Error, Kind, Result};
use crate::lang::Text;

/// Where rows are read and written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// In the file.
    File,
    /// Read in the file and in memory, written in memory.
    ReadOnly,
    /// In memory only.
    Memory,
}

impl Mode {
    /// The word for it in output.
    pub fn name(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::ReadOnly => "read-only",
            Self::Memory => "memory",
        }
    }
}

/// What the cache consists of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stats {
    /// The file, also when it could not be used; `None` when the database is off.
    pub path: Option<PathBuf>,
    /// Where rows are read and written.
    pub mode: Mode,
    /// Why `mode` is not [`Mode::File`]; `None` when the database is off.
    pub problem: Option<Text>,
    /// Rows of each table of the file, or in memory when there is no usable file.
    pub rows: Vec<(&'static str, u64)>,
}

/// What an examination of the file found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// The file; `None` when the database is off.
    pub path: Option<PathBuf>,
    /// Size of the file with its write-ahead log, in bytes.
    pub bytes: u64,
    /// Whether it can be written at the moment.
    pub writable: bool,
    /// What SQLite's `quick_check` complains of; empty when the file is sound.
    pub complaints: Vec<String>,
}

impl Cache {
    /// What the cache consists of at the moment.
    pub fn stats(&self) -> Stats {
        let mut store = self.shared.store.lock();
        let rows = schema::table_names().map(|table| (table, store.rows_of(table, false))).collect();
        let problem = store.problem.as_ref().map(super::notice::Problem::text);
        Stats { path: store.path.clone(), mode: store.mode, problem, rows }
    }

    /// Where it is written to at the moment.
    pub fn mode(&self) -> Mode {
        self.shared.store.lock().mode
    }

    /// Size of the file with its write-ahead log; 0 without a file.
    pub fn bytes(&self) -> u64 {
        let path = self.shared.store.lock().path.clone();
        path.as_deref().map_or(0, with_log)
    }

    /// Every table that has rows to list, ours and the Python framework's: name, rows, time of its youngest row.
    pub fn tables(&self) -> Vec<Map<String, Value>> {
        Table::ALL.into_iter().map(|table| self.table(table)).collect()
    }

    fn table(&self, table: Table) -> Map<String, Value> {
        let mut map = Map::new();
        map.insert("table".into(), table.name().into());
        map.insert("rows".into(), self.count_rows(table).into());
        map.insert("in_file".into(), table.sql_name().into());
        map.insert("ours".into(), table.is_own().into());
        map
    }

    /// Says why the file cannot be used, or with `write` not be written to: what is in memory instead is gone with the program.
    ///
    /// # Errors
    ///
    /// [`Kind::Cache`] with the reason.
    pub fn ensure_file(&self, write: bool) -> Result<()> {
        let store = self.shared.store.lock();
        let is_lost = store.path.is_some() && (store.source().is_none() || write && store.mode != Mode::File);
        match store.problem.as_ref().filter(|_| is_lost) {
            Some(problem) => Err(unusable(problem.text().en)),
            None => Ok(()),
        }
    }

    /// Examines the file; reads all of it, on a connection of its own.
    ///
    /// # Errors
    ///
    /// [`Kind::Cache`] when the file cannot be used or not be read.
    pub fn check(&self) -> Result<Check> {
        let (path, writable) = {
            let mut store = self.shared.store.lock();
            let fallen = store.problem.as_ref().filter(|_| store.source().is_none());
            if let Some(problem) = fallen {
                return Err(unusable(problem.text().en));
            }
            (store.path.clone(), store.try_lock())
        };
        let complaints =
            self.reader().and_then(|conn| quick_check(&conn)).map_err(|error| unusable(error.to_string()))?;
        let bytes = path.as_deref().map_or(0, with_log);
        Ok(Check { path, bytes, writable, complaints })
    }
}

impl super::store::Store {
    /// The rows of a table in the file, or in memory when there is no usable file; 0 for one of ours that is not there.
    pub(super) fn rows_of(&mut self, table: &'static str, own: bool) -> u64 {
        let sql = format!("select count(*) from {table}");
        let [in_memory, in_file] = self.read(|conn| {
            if own && !super::own::has(conn, table)? {
                return Ok(None);
            }
            conn.prepare_cached(&sql)?.query_row([], |row| row.get::<_, i64>(0)).map(Some)
        });
        in_file.or(in_memory).unwrap_or(0).unsigned_abs()
    }
}

fn quick_check(conn: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut statement = conn.prepare("pragma quick_check")?;
    let lines = statement.query_map([], |row| row.get::<_, String>(0))?.collect::<rusqlite::Result<Vec<_>>>();
    match lines {
        Ok(lines) => Ok(lines.into_iter().filter(|line| line != "ok").collect()),
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseCorrupt) => {
            Ok(vec![error.to_string()])
        }
        Err(error) => Err(error),
    }
}

/// Size of a file and its write-ahead log.
fn with_log(path: &std::path::Path) -> u64 {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    size(path) + size(log.as_ref())
}

fn size(path: &std::path::Path) -> u64 {
    std::fs::metadata(path).map_or(0, |found| found.len())
}

fn unusable(problem: impl Into<String>) -> Error {
    Error::new(Kind::Cache { problem: problem.into() })
}
