//! Rows of any table as maps, page by page: for lists, exports and whoever looks into the cache.

use rusqlite::Connection;
use rusqlite::types::ValueRef;
use serde_json::{Map, Value};

use super::{Cache, own, row};
use crate::clock::hex;

/// What stands in the place of a secret.
pub const MASK: &str = "***";

/// A table that can be listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Table {
    /// People.
    Users,
    /// Groups.
    Groups,
    /// Departments.
    Departments,
    /// Session webhooks of conversations.
    Webhooks,
    /// Uploaded files.
    Files,
    /// API calls by month.
    Counts,
}

/// How a table is called and read.
struct Form {
    name: &'static str,
    aliases: &'static [&'static str],
    sql: &'static str,
    /// Columns in the order in which people want to see them.
    columns: &'static [&'static str],
    /// The columns that identify a row; the first one that is not empty does.
    keys: &'static [&'static str],
}

impl Table {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Users, Self::Groups, Self::Departments, Self::Webhooks, Self::Files, Self::Counts];

    fn form(self) -> &'static Form {
        match self {
            Self::Users => &Form {
                name: "users",
                aliases: &["user", "people", "members", "user_info"],
                sql: "user_info",
                columns: &["name", "staffId", "unionId", "id", "timeStamp", "info"],
                keys: &["staffId", "id", "unionId"],
            },
            Self::Groups => &Form {
                name: "groups",
                aliases: &["group", "group_info"],
                sql: "group_info",
                columns: &["name", "openConversationId", "id", "chatId", "timeStamp", "info"],
                keys: &["openConversationId", "id"],
            },
            Self::Departments => &Form {
                name: "departments",
                aliases: &["department", "depts", "dept"],
                sql: "dingraia_department",
                columns: &[
                    "name",
                    "id",
                    "parent",
                    "position",
                    "timeStamp",
                    "listed",
                    "members",
                    "counted",
                    "info",
                ],
                keys: &["id"],
            },
            Self::Webhooks => &Form {
                name: "webhooks",
                aliases: &["webhook"],
                sql: "webhooks",
                columns: &["openConversationId", "id", "url", "expired", "timeStamp"],
                keys: &["openConversationId", "id"],
            },
            Self::Files => &Form {
                name: "files",
                aliases: &["file", "media"],
                sql: "file",
                columns: &["sha256", "mediaId"],
                keys: &["sha256"],
            },
            Self::Counts => &Form {
                name: "counts",
                aliases: &["count"],
                sql: "counts",
                columns: &["type", "count"],
                keys: &["type"],
            },
        }
    }

    /// The word for it.
    pub fn name(self) -> &'static str {
        self.form().name
    }

    /// Its name in the file.
    pub fn sql_name(self) -> &'static str {
        self.form().sql
    }

    /// Its columns, those first that people want to see first.
    pub fn columns(self) -> &'static [&'static str] {
        self.form().columns
    }

    /// The columns that identify a row; the first one that is not empty does.
    pub(super) fn keys(self) -> &'static [&'static str] {
        self.form().keys
    }

    /// Whether it is one of ours, which the Python framework does not know.
    pub fn is_own(self) -> bool {
        self == Self::Departments
    }

    /// The table with this name, in the file's words too.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|table| {
            let form = table.form();
            form.name == name || form.sql == name || form.aliases.contains(&name)
        })
    }
}

/// Where a listing is: in the file or, behind it, in memory.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cursor {
    in_memory: bool,
    after: i64,
}

/// Some rows, and where the next ones begin; `None` behind the last.
pub type Page = (Vec<Map<String, Value>>, Option<Cursor>);

impl Cache {
    /// At most `size` rows of `table` from `from` on. Only a page is in memory at a time, and no page is counted off.
    ///
    /// Addresses of webhooks are masked unless `secrets` are asked for.
    pub fn page(&self, table: Table, from: Cursor, size: usize, secrets: bool) -> Page {
        if size == 0 {
            return (Vec::new(), Some(from));
        }
        let form = table.form();
        let sql = format!(
            "select rowid, {} from {} where rowid > ?1 order by rowid limit ?2",
            form.columns.join(", "),
            form.sql
        );
        let mut store = self.shared.store.lock();
        let [in_memory, in_file] = store.read(|conn| {
            if table.is_own() && !own::has(conn, form.sql)? {
                return Ok(None);
            }
            read_page(conn, &sql, form, from.after, size).map(Some)
        });
        drop(store);
        let found = if from.in_memory { in_memory } else { in_file };
        let (mut rows, last) = found.unwrap_or_default();
        if !secrets {
            rows.iter_mut().for_each(mask);
        }
        let next = match (rows.len() < size, from.in_memory) {
            (false, in_memory) => Some(Cursor { in_memory, after: last }),
            (true, false) => Some(Cursor { in_memory: true, after: 0 }),
            (true, true) => None,
        };
        (rows, next)
    }

    /// How many rows a table has in the file, or in memory when there is no usable file.
    pub fn count_rows(&self, table: Table) -> u64 {
        self.shared.store.lock().rows_of(table.sql_name(), table.is_own())
    }
}

/// The address of a webhook carries a session id.
fn mask(row: &mut Map<String, Value>) {
    if let Some(url) = row.get_mut("url").filter(|url| url.as_str().is_some_and(|url| !url.is_empty())) {
        *url = MASK.into();
    }
}

fn read_page(
    conn: &Connection,
    sql: &str,
    form: &Form,
    after: i64,
    size: usize,
) -> rusqlite::Result<(Vec<Map<String, Value>>, i64)> {
    let mut statement = conn.prepare_cached(sql)?;
    let size = i64::try_from(size).unwrap_or(i64::MAX);
    let mut rows = statement.query([after, size])?;
    let (mut found, mut last) = (Vec::new(), after);
    while let Some(row) = rows.next()? {
        last = row.get(0)?;
        let mut map = Map::with_capacity(form.columns.len());
        for (index, column) in (1..).zip(form.columns) {
            let value = match *column {
                "info" => Value::Object(row::info(row, index)?),
                "members" => row::text(row, index)?.split_whitespace().map(Value::from).collect(),
                _ => plain(row.get_ref(index)?),
            };
            map.insert((*column).to_owned(), value);
        }
        found.push(map);
    }
    Ok((found, last))
}

/// A value of SQLite as JSON; bytes are hexadecimal text.
pub(super) fn plain(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::from(number),
        ValueRef::Real(number) => Value::from(number),
        ValueRef::Text(bytes) => Value::from(String::from_utf8_lossy(bytes)),
        ValueRef::Blob(bytes) => Value::from(hex(bytes)),
    }
}
