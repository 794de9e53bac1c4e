//! Questions in SQL from the user: SQLite itself refuses whatever is more than reading.

use std::time::{Duration, Instant};

use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::types::Value as SqlValue;
use rusqlite::{Connection, Statement, params_from_iter};
use serde_json::{Map, Value};

use super::listing::plain;
use super::{Cache, copy};
use crate::error::{Error, Kind, Result};

/// At most so many rows are returned; a query with more fails and says so.
pub const MAX_ROWS: usize = 100_000;

/// How long a query may run.
const TIME_LIMIT: Duration = Duration::from_secs(30);

/// Steps of SQLite's machine between two looks at the time.
const STEPS: i32 = 100_000;

/// Pragmas that only tell something about the file.
const PRAGMAS: [&str; 9] = [
    "table_info",
    "table_xinfo",
    "table_list",
    "index_list",
    "index_info",
    "index_xinfo",
    "database_list",
    "foreign_key_list",
    "compile_options",
];

/// Pragmas that tell something when they are given no value.
const SETTINGS: [&str; 5] = ["user_version", "page_count", "page_size", "freelist_count", "encoding"];

impl Cache {
    /// The rows of one SQL statement that only reads, each as a map from column to value; a column that comes twice
    /// is called `name_2` then, and blobs are hexadecimal text. JSON arrays and objects as `params` are bound as text.
    ///
    /// It runs on a connection of its own that cannot write, attach or change anything, and sees what is in the file
    /// (or in memory when there is no usable file). The column `url` of `webhooks` is secret: it reads as NULL.
    ///
    /// # Errors
    ///
    /// [`Kind::Cache`]: the statement is wrong or writes, it ran longer than 30 s, or it has over [`MAX_ROWS`] rows.
    pub fn query(&self, sql: &str, params: &[Value]) -> Result<Vec<Map<String, Value>>> {
        self.query_until(sql, params, || false)
    }

    /// As [`Cache::query`], but it ends when it `is_over`, which it asks now and then.
    ///
    /// # Errors
    ///
    /// As there; and when it was over.
    pub fn query_until(
        &self,
        sql: &str,
        params: &[Value],
        is_over: impl Fn() -> bool + Send + 'static,
    ) -> Result<Vec<Map<String, Value>>> {
        let mut conn = self.reader().map_err(|error| failed(&error))?;
        guard(&mut conn, is_over).map_err(|error| failed(&error))?;
        let mut statement = conn.prepare(sql).map_err(|error| failed(&error))?;
        if !statement.readonly() {
            return Err(problem("only statements that read are allowed here"));
        }
        collect(&mut statement, params)
    }

    /// A connection of its own, so that a long query holds up nobody.
    pub(super) fn reader(&self) -> rusqlite::Result<Connection> {
        let source = {
            let mut store = self.shared.store.lock();
            match store.source() {
                Some(source) => source.clone(),
                None => {
                    return store
                        .overlay()
                        .map_or_else(Connection::open_in_memory, |memory| copy::in_memory(memory));
                }
            }
        };
        source.connect()
    }
}

/// Lets the connection do nothing but read, and not for ever.
fn guard(conn: &mut Connection, is_over: impl Fn() -> bool + Send + 'static) -> rusqlite::Result<()> {
    conn.pragma_update(None, "query_only", true)?;
    let end = Instant::now() + TIME_LIMIT;
    conn.progress_handler(STEPS, Some(move || Instant::now() > end || is_over()))?;
    conn.authorizer(Some(only_reading))
}

fn only_reading(asked: AuthContext<'_>) -> Authorization {
    let allowed = match asked.action {
        // The address of a webhook is a secret: whatever is asked of it, it reads as NULL.
        AuthAction::Read { table_name, column_name }
            if table_name.eq_ignore_ascii_case("webhooks") && column_name.eq_ignore_ascii_case("url") =>
        {
            return Authorization::Ignore;
        }
        AuthAction::Select | AuthAction::Read { .. } | AuthAction::Recursive => true,
        AuthAction::Function { function_name } => !function_name.eq_ignore_ascii_case("load_extension"),
        AuthAction::Pragma { pragma_name, pragma_value } => {
            PRAGMAS.contains(&pragma_name) || (pragma_value.is_none() && SETTINGS.contains(&pragma_name))
        }
        _ => false,
    };
    if allowed { Authorization::Allow } else { Authorization::Deny }
}

fn collect(statement: &mut Statement<'_>, params: &[Value]) -> Result<Vec<Map<String, Value>>> {
    let names = column_names(statement);
    let mut rows =
        statement.query(params_from_iter(params.iter().map(bound))).map_err(|error| failed(&error))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().map_err(|error| failed(&error))? {
        if found.len() == MAX_ROWS {
            return Err(problem(&format!("more than {MAX_ROWS} rows; add a limit")));
        }
        let values = names.iter().enumerate().map(|(column, name)| {
            row.get_ref(column).map(|value| (name.clone(), plain(value))).map_err(|error| failed(&error))
        });
        found.push(values.collect::<Result<_>>()?);
    }
    Ok(found)
}

fn column_names(statement: &Statement<'_>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in statement.column_names() {
        let unique = std::iter::once(name.to_string())
            .chain((2..).map(|n| format!("{name}_{n}")))
            .find(|candidate| !names.contains(candidate));
        names.push(unique.unwrap_or_default());
    }
    names
}

fn bound(value: &Value) -> SqlValue {
    match value {
        Value::Null => SqlValue::Null,
        Value::Bool(truth) => SqlValue::Integer(i64::from(*truth)),
        Value::Number(number) => {
            number.as_i64().map_or_else(|| SqlValue::Real(number.as_f64().unwrap_or(0.0)), SqlValue::Integer)
        }
        Value::String(text) => SqlValue::Text(text.clone()),
        Value::Array(_) | Value::Object(_) => SqlValue::Text(value.to_string()),
    }
}

fn failed(error: &rusqlite::Error) -> Error {
    match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::AuthorizationForStatementDenied | rusqlite::ErrorCode::ReadOnly) => {
            problem(&format!("only statements that read are allowed here ({error})"))
        }
        Some(rusqlite::ErrorCode::OperationInterrupted) => {
            problem(&format!("stopped after {} s", TIME_LIMIT.as_secs()))
        }
        _ => problem(&error.to_string()),
    }
}

fn problem(text: &str) -> Error {
    Error::new(Kind::Cache { problem: text.into() })
}
