//! The tables in the form the Python framework creates and checks, and our indexes on them.

use rusqlite::{Connection, TransactionBehavior};

use super::{own, upkeep};

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
pub(super) const INDEXES: [&str; 13] = [
    "dingraia_webhooks_conversation on webhooks(openConversationId)",
    "dingraia_webhooks_id on webhooks(id)",
    "dingraia_group_conversation on group_info(openConversationId)",
    "dingraia_group_id on group_info(id)",
    "dingraia_group_empty on group_info(id) where info = ''",
    "dingraia_user_staff on user_info(staffId)",
    "dingraia_user_id on user_info(id)",
    "dingraia_user_union on user_info(unionId)",
    "dingraia_user_name on user_info(name)",
    "dingraia_group_name on group_info(name)",
    "dingraia_counts_type on counts(type)",
    "dingraia_file_sha256 on file(sha256)",
    "dingraia_ai_name on aiAPI(name)",
];

/// `user_version` of a file that carries our tables and indexes; the Python framework does not look at it.
const MARKER: i64 = 2;

/// From so many rows on, indexes are made in the background.
const LARGE: i64 = 20_000;

/// The names of the tables, for statistics.
pub(super) fn table_names() -> impl Iterator<Item = &'static str> {
    TABLES.iter().map(|table| table.name)
}

/// What a file lacks.
#[derive(Default)]
pub(super) struct Lacks {
    /// Tables whose columns are missing or of another type.
    pub(super) wrong: Vec<&'static str>,
    /// Tables that are not there.
    missing: Vec<&'static str>,
    /// Our indexes that are not there.
    indexes: Vec<&'static str>,
    /// Our tables and triggers that are not there.
    own: bool,
    /// Our marker is older.
    unmarked: bool,
    /// The marker of a newer version of this program.
    newer: bool,
    /// The file has so many rows that its indexes take time.
    large: bool,
    /// Groups whose `info` is empty text instead of JSON. A large file is looked through in the background.
    repair: bool,
}

impl Lacks {
    /// Whether every table can be read and written.
    pub(super) fn has_tables(&self) -> bool {
        self.wrong.is_empty() && self.missing.is_empty()
    }

    /// Whether nothing is to be done.
    pub(super) fn nothing(&self) -> bool {
        let indexes = self.indexes.is_empty() || self.large;
        self.has_tables() && indexes && !self.own && !self.unmarked && !self.repair
    }

    /// Whether a newer version of this program made the file.
    pub(super) fn is_newer(&self) -> bool {
        self.newer
    }
}

/// Looks at the tables, the indexes and the marker without changing anything.
pub(super) fn look(conn: &Connection) -> rusqlite::Result<Lacks> {
    let mut objects = Vec::with_capacity(40);
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
    lacks.indexes = INDEXES.into_iter().filter(|index| !has("index", first_word(index))).collect();
    lacks.own = !own::missing(conn)?.is_empty();
    let marker = marker(conn)?;
    (lacks.unmarked, lacks.newer) = (marker < MARKER, marker > MARKER);
    if lacks.has_tables() {
        lacks.large = !lacks.indexes.is_empty() && is_large(conn)?;
        let sql = "select exists(select 1 from group_info where info = '')";
        lacks.repair = !lacks.large && conn.query_row(sql, [], |row| row.get(0))?;
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
    if !lacks.large {
        for index in INDEXES {
            make_index(conn, index)?;
        }
    }
    own::make(conn)?;
    if !lacks.large {
        upkeep::note_all_names(conn)?;
    }
    if marker(conn)? < MARKER {
        conn.pragma_update(None, "user_version", MARKER)?;
    }
    if lacks.large { Ok(()) } else { repair(conn) }
}

/// Gives groups whose `info` is empty text JSON.
pub(super) fn repair(conn: &Connection) -> rusqlite::Result<()> {
    conn.execute("update group_info set info = '{}' where info = ''", []).map(drop)
}

/// Our indexes that the file lacks.
pub(super) fn missing_indexes(conn: &Connection) -> rusqlite::Result<Vec<&'static str>> {
    let mut statement =
        conn.prepare_cached("select 1 from sqlite_schema where type = 'index' and name = ?1")?;
    let mut missing = Vec::new();
    for index in INDEXES {
        if !statement.exists([first_word(index)])? {
            missing.push(index);
        }
    }
    Ok(missing)
}

/// Makes one of our indexes.
pub(super) fn make_index(conn: &Connection, index: &str) -> rusqlite::Result<()> {
    conn.execute_batch(&format!("create index if not exists {index}"))
}

/// The greatest rowid is found at once, however many rows there are.
fn is_large(conn: &Connection) -> rusqlite::Result<bool> {
    let sql = "select coalesce((select max(rowid) from user_info), 0) + coalesce((select max(rowid) from group_info), 0)";
    conn.query_row(sql, [], |row| row.get::<_, i64>(0)).map(|rows| rows > LARGE)
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
