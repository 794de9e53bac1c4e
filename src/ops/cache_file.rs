//! The cache as JSON lines: one row a line, for backups that people can read and for moving to another machine.

use std::fs::File;
use std::io::{BufRead as _, BufReader, BufWriter, Write};
use std::path::Path;

use serde_json::{Map, Value, json};

use crate::cache::{Cache, Cursor, Table};
use crate::error::{Error, Kind, Result};
use crate::lang::Text;

/// The form of an export; its first line says so.
const FORM: u64 = 1;

/// Rows that are read or written at once.
const PAGE: usize = 500;

/// What an import did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Imported {
    /// Rows that were read.
    pub read: usize,
    /// Rows that were written; the others are older than what the cache has, or hold nothing.
    pub written: usize,
}

/// Writes all tables to a file that only its owner may read; how many rows. Webhooks only go along with `secrets`.
///
/// # Errors
/// [`Kind::File`] when it cannot be written; an earlier file of that name stays then.
pub fn export_cache(cache: &Cache, path: &Path, secrets: bool) -> Result<usize> {
    let failed = |error: std::io::Error| Error::file(path, error);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
    let rows = write_rows(cache, &mut BufWriter::new(file.as_file_mut()), secrets).map_err(failed)?;
    file.persist(path).map_err(|error| failed(error.error))?;
    Ok(rows)
}

/// Writes all tables to `out`; how many rows.
///
/// # Errors
/// When `out` cannot be written.
pub fn write_rows(cache: &Cache, out: &mut impl Write, secrets: bool) -> std::io::Result<usize> {
    let mut rows = 0;
    writeln!(out, "{}", json!({ "dingraia_cache": FORM }))?;
    for table in Table::ALL.into_iter().filter(|table| secrets || *table != Table::Webhooks) {
        let mut next = Some(Cursor::default());
        while let Some(from) = next {
            let (page, then) = cache.page(table, from, PAGE, secrets);
            for row in &page {
                writeln!(out, "{}", json!({ "table": table.name(), "row": row }))?;
            }
            rows += page.len();
            next = then;
        }
    }
    out.flush()?;
    Ok(rows)
}

/// Reads a file that [`export_cache`] wrote into the cache. A row that the cache has newer stays.
///
/// # Errors
/// [`Kind::File`] when it cannot be read, [`Kind::Usage`] at the first line that is no row; what was read before it stays.
pub fn import_cache(cache: &Cache, path: &Path) -> Result<Imported> {
    let file = File::open(path).map_err(|error| Error::file(path, error))?;
    let (mut done, mut rows) = (Imported::default(), Vec::with_capacity(PAGE));
    for (number, line) in (1..).zip(BufReader::new(file).lines()) {
        let line = line.map_err(|error| Error::file(path, error))?;
        if line.trim().is_empty() {
            continue;
        }
        match read(&line) {
            Some(Line::Row(table, row)) => rows.push((table, row)),
            Some(Line::Head) => continue,
            None => {
                write(cache, &mut rows, &mut done)?;
                return Err(wrong_line(path, number, done));
            }
        }
        if rows.len() == PAGE {
            write(cache, &mut rows, &mut done)?;
        }
    }
    write(cache, &mut rows, &mut done)?;
    Ok(done)
}

fn write(cache: &Cache, rows: &mut Vec<(Table, Map<String, Value>)>, done: &mut Imported) -> Result<()> {
    done.written += cache.restore(rows)?;
    done.read += rows.len();
    rows.clear();
    Ok(())
}

/// A line of an export.
enum Line {
    Head,
    Row(Table, Map<String, Value>),
}

fn read(line: &str) -> Option<Line> {
    let mut line: Map<String, Value> = serde_json::from_str(line).ok()?;
    if let Some(form) = line.get("dingraia_cache") {
        return (form.as_u64() == Some(FORM)).then_some(Line::Head);
    }
    let table = line.get("table").and_then(Value::as_str).and_then(Table::parse)?;
    match line.remove("row") {
        Some(Value::Object(row)) => Some(Line::Row(table, row)),
        _ => None,
    }
}

fn wrong_line(path: &Path, number: usize, done: Imported) -> Error {
    let path = path.display();
    let error = Error::new(Kind::Usage {
        problem: Text::made(
            format!("{path}:{number} is no row of an export of the cache"),
            format!("{path}:{number} 不是缓存导出的行"),
        ),
    });
    error.hint(Text::made(
        format!("{} rows before it were read, {} of them written", done.read, done.written),
        format!("此前已读取 {} 行，写入 {} 行", done.read, done.written),
    ))
}
