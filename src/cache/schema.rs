//! The tables in the form the Python framework creates and checks, and the indexes and the marker that are ours.

use rusqlite::{Connection, TransactionBehavior};

/// A table of the Python framework: name, and columns with their types; every column is `not null`.
struct Table {
    name: &'static str,
    columns: &'static [(&'static str, &'static str)],
}

const TABLES: [Table; 6] = [
    Table {
        name: "webhooks",
        columns: &[
            ("id", "BIGINT"),
            ("openConversationId", "TEXT"),
            ("url", "TEXT"),
            ("expired", "BIGINT"),
            ("timeStamp", "BIGINT"),
        ],
    },
    Table {
        name: "group_info",
        columns: &[
            ("id", "BIGINT"),
            ("chatId", "TEXT"),
            ("openConversationId", "TEXT"),
            ("name", "TEXT"),
            ("info", "TEXT"),
            ("timeStamp", "BIGINT"),
        ],
    },
    Table {
        name: "user_info",
        columns: &[
            ("id", "BIGINT"),
            ("name", "TEXT"),
            ("staffId", "TEXT"),
            ("unionId", "TEXT"),
            ("info", "TEXT"),
            ("timeStamp", "BIGINT"),
        ],
    },
    Table { name: "counts", columns: &[("type", "TEXT"), ("count", "BIGINT")] },
    Table { name: "file", columns: &[("sha256", "TEXT"), ("mediaId", "TEXT")] },
    Table { name: "aiAPI", columns: &[("name", "TEXT"), ("data", "TEXT")] },
];

/// Our indexes. They are not unique: the Python framework may insert a key twice.
const INDEXES: [&str; 11] = [
    "dingraia_webhooks_conversation on webhooks(openConversationId)",
    "dingraia_webhooks_id on webhooks(id)",
    "dingraia_group_conversation on group_info(openConversationId)",
    "dingraia_group_id on group_info(id)",
    "dingraia_group_empty on group_info(id) where info = ''",
    "dingraia_user_staff on user_info(staffId)",
    "dingraia_user_id on user_info(id)",
    "dingraia_user_union on user_info(unionId)",
    "dingraia_counts_type on counts(type)",
    "dingraia_file_sha256 on file(sha256)",
    "dingraia_ai_name on aiAPI(name)",
];

/// `user_version` of a file that carries our indexes; the Python framework does not look at it.
const MARKER: i64 = 1;

/// The names of the tables, for statistics.
pub(super) fn table_names() -> impl Iterator<Item = &'static str> {
    TABLES.iter().map(|table| table.name)
}

/// What a file lacks.
#[derive(Debug, Default)]
pub(super) struct Lacks {
    /// Tables whose columns are missing or of another type.
    pub(super) wrong: Vec<&'static str>,
    /// Tables that are not there.
    missing: Vec<&'static str>,
    /// Some of our indexes or our marker.
    extras: bool,
    /// Groups whose `info` is empty text instead of JSON.
    repair: bool,
}

impl Lacks {
    /// Whether every table can be read and written.
    pub(super) fn has_tables(&self) -> bool {
        self.wrong.is_empty() && self.missing.is_empty()
    }

    /// Whether nothing is to be done.
    pub(super) fn nothing(&self) -> bool {
        self.has_tables() && !self.extras && !self.repair
    }
}

/// Looks at the tables, the indexes and the marker without changing anything.
pub(super) fn look(conn: &Connection) -> rusqlite::Result<Lacks> {
    let mut objects = Vec::with_capacity(24);
    let mut statement =
        conn.prepare("select type, name from sqlite_schema where type in ('table', 'index')")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        objects.push((row.get::<_, String>(0)?, row.get::<_, String>(1)?));
    }
    let has = |kind: &str, name: &str| objects.iter().any(|(k, n)| k == kind && n == name);
    let mut lacks = Lacks::default();
    for table in &TABLES {
        if !has("table", table.name) {
            lacks.missing.push(table.name);
        } else if !table.fits(conn)? {
            lacks.wrong.push(table.name);
        }
    }
    lacks.extras = INDEXES.iter().any(|index| !has("index", first_word(index))) || marker(conn)? < MARKER;
    if lacks.has_tables() {
        lacks.repair =
            conn.query_row("select exists(select 1 from group_info where info = '')", [], |r| r.get(0))?;
    }
    Ok(lacks)
}

/// Makes what is lacking, dropping the tables of the wrong form, in the transaction that the caller began.
pub(super) fn make(conn: &Connection, lacks: &Lacks) -> rusqlite::Result<()> {
    for name in &lacks.wrong {
        conn.execute_batch(&format!("drop table {name}"))?;
    }
    for table in TABLES.iter().filter(|t| lacks.wrong.contains(&t.name) || lacks.missing.contains(&t.name)) {
        conn.execute_batch(&table.create())?;
    }
    for index in INDEXES {
        conn.execute_batch(&format!("create index if not exists {index}"))?;
    }
    if marker(conn)? < MARKER {
        conn.pragma_update(None, "user_version", MARKER)?;
    }
    conn.execute("update group_info set info = '{}' where info = ''", [])?;
    Ok(())
}

/// A new database in memory with all tables.
pub(super) fn in_memory() -> rusqlite::Result<Connection> {
    let mut conn = Connection::open_in_memory()?;
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    make(&tx, &look(&tx)?)?;
    tx.commit()?;
    Ok(conn)
}

fn marker(conn: &Connection) -> rusqlite::Result<i64> {
    conn.query_row("pragma user_version", [], |row| row.get(0))
}

fn first_word(text: &str) -> &str {
    text.split(' ').next().unwrap_or_default()
}

impl Table {
    fn create(&self) -> String {
        let columns: Vec<_> =
            self.columns.iter().map(|(name, kind)| format!("{name} {kind} not null")).collect();
        format!("CREATE TABLE {}({})", self.name, columns.join(", "))
    }

    /// Whether all our columns are there with their types; further ones are tolerated.
    fn fits(&self, conn: &Connection) -> rusqlite::Result<bool> {
        let mut statement = conn.prepare_cached("select name, type from pragma_table_info(?1)")?;
        let found: Vec<(String, String)> = statement
            .query_map([self.name], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?;
        Ok(self.columns.iter().all(|(name, kind)| {
            found.iter().any(|(n, k)| n.eq_ignore_ascii_case(name) && k.eq_ignore_ascii_case(kind))
        }))
    }
}
