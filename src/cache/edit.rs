//! Taking rows out and bringing rows in, for whoever looks after the cache.

use std::path::Path;

use rusqlite::types::Value as SqlValue;
use rusqlite::{Transaction, params_from_iter};
use serde_json::{Map, Value};

use super::listing::{MASK, Table};
use super::{Cache, copy, own, row};
use crate::error::{Error, Kind, Result};

impl Cache {
    /// Deletes the rows of `table` whose identifying column has this value; how many there were.
    ///
    /// # Errors
    /// [`Kind::Cache`] when the file cannot be written.
    pub fn forget(&self, table: Table, key: &str) -> Result<usize> {
        let number = key.parse::<i64>().ok();
        self.change(|tx| {
            let mut gone = 0;
            for column in table.keys() {
                let sql = format!("delete from {} where {column} = ?1", table.sql_name());
                let mut statement = tx.prepare_cached(&sql)?;
                gone += match number.filter(|_| *column == "id") {
                    Some(number) => statement.execute([number])?,
                    None if *column == "id" => 0,
                    None => statement.execute([key])?,
                };
            }
            Ok(gone)
        })
    }

    /// Deletes all rows of `table`; how many there were.
    ///
    /// # Errors
    /// [`Kind::Cache`] when the file cannot be written.
    pub fn clear(&self, table: Table) -> Result<usize> {
        self.change(|tx| {
            // Row by row the triggers would remember each of them.
            own::without_triggers(tx, table.sql_name(), |tx| {
                let gone = tx.execute(&format!("delete from {}", table.sql_name()), [])?;
                if table == Table::Users {
                    tx.execute("delete from dingraia_nameless", [])?;
                }
                Ok(gone)
            })
        })
    }

    /// Copies everything into a new file at `path`, complete and of one moment.
    ///
    /// # Errors
    /// [`Kind::File`] when it exists or cannot be written, [`Kind::Cache`] when the cache cannot be read.
    pub fn backup(&self, path: &Path) -> Result<()> {
        let source = self.reader().map_err(|error| failed(error.to_string()))?;
        copy::to_new_file(&source, path)
    }

    /// Writes a row of an export: into the row that it is about unless that one is newer, else as a new one. False when
    /// nothing was written.
    ///
    /// # Errors
    /// [`Kind::Cache`] when the row has not the columns of the table, or the file cannot be written.
    pub fn restore(&self, rows: &[(Table, Map<String, Value>)]) -> Result<usize> {
        self.change(|tx| {
            let mut written = 0;
            for (table, values) in rows {
                written += usize::from(restore(tx, *table, values)?);
            }
            Ok(written)
        })
    }

    fn change<T>(&self, change: impl Fn(&Transaction<'_>) -> rusqlite::Result<T>) -> Result<T> {
        self.shared.store.lock().change(change).map_err(|problem| failed(problem.text().en))
    }
}

fn failed(problem: impl Into<String>) -> Error {
    Error::new(Kind::Cache { problem: problem.into() })
}

fn restore(tx: &Transaction<'_>, table: Table, values: &Map<String, Value>) -> rusqlite::Result<bool> {
    if values.get("url").is_some_and(|url| url == MASK) {
        return Ok(false);
    }
    let text = |column: &str| values.get(column).map(as_text).unwrap_or_default();
    let Some(key) = table.keys().iter().find(|key| !matches!(text(key).as_str(), "" | "0")) else {
        return Ok(false);
    };
    let columns: Vec<&str> = table.columns().to_vec();
    let bound: Vec<SqlValue> = columns.iter().map(|column| stored(column, values.get(*column))).collect();
    let own_key = stored(key, values.get(*key));
    let newer = match table {
        Table::Files => "1",
        Table::Counts => "cast(count as integer) >= cast(?2 as integer)",
        _ => "timeStamp >= cast(?2 as real)",
    };
    let measure = stored("timeStamp", values.get(if table == Table::Counts { "count" } else { "timeStamp" }));
    let sql = format!("select coalesce(max({newer}), -1) from {} where {key} = ?1", table.sql_name());
    let found: i64 = tx.prepare_cached(&sql)?.query_row((&own_key, &measure), |found| found.get(0))?;
    let names = columns.join(", ");
    match found {
        0 => {
            let sets: Vec<String> =
                columns.iter().zip(1..).map(|(column, n)| format!("{column} = ?{n}")).collect();
            let at = columns.len() + 1;
            let sql = format!("update {} set {} where {key} = ?{at}", table.sql_name(), sets.join(", "));
            let all = bound.into_iter().chain([own_key]);
            tx.prepare_cached(&sql)?.execute(params_from_iter(all)).map(|_| true)
        }
        -1 => {
            let marks = vec!["?"; columns.len()].join(", ");
            let sql = format!("insert into {}({names}) values({marks})", table.sql_name());
            tx.prepare_cached(&sql)?.execute(params_from_iter(bound)).map(|_| true)
        }
        _ => Ok(false),
    }
}

fn as_text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A value in the form in which its column has it; what is missing is empty, never NULL.
fn stored(column: &str, value: Option<&Value>) -> SqlValue {
    let is_number =
        matches!(column, "timeStamp" | "expired" | "listed" | "counted" | "position" | "parent" | "count");
    match (column, value) {
        ("info", Some(Value::Object(info))) => SqlValue::Text(row::info_text(info)),
        ("info", _) => SqlValue::Text("{}".into()),
        ("members", Some(Value::Array(ids))) => {
            SqlValue::Text(ids.iter().map(as_text).collect::<Vec<_>>().join(" "))
        }
        (_, Some(Value::Number(number))) => {
            number.as_i64().map_or_else(|| SqlValue::Real(number.as_f64().unwrap_or(0.0)), SqlValue::Integer)
        }
        (_, Some(Value::String(text))) if !is_number => SqlValue::Text(text.clone()),
        _ if is_number => SqlValue::Integer(0),
        _ => SqlValue::Text(String::new()),
    }
}
