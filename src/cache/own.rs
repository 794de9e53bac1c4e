//! The tables, triggers and indexes that are ours. The Python framework does not look at them and goes on beside them.
//!
//! The triggers run in its program as well, so they are plain SQL of old versions: no function and no syntax of ours. What
//! needs more, such as pinyin, they only note down; it is done by whoever comes by with this program.

use std::collections::HashSet;

use rusqlite::{Connection, Transaction};

/// Kinds of names, as `dingraia_name` stores them.
pub(super) const USER: i64 = 1;
pub(super) const GROUP: i64 = 2;
pub(super) const DEPARTMENT: i64 = 3;

/// So many changes are remembered.
const MOST_CHANGES: u32 = 10_000;

/// What of a file is ours: the kind of object, its name, its statement.
pub(super) struct Object {
    pub(super) kind: &'static str,
    pub(super) name: String,
    pub(super) sql: String,
    /// For a trigger that notes names down: the table, whose names are to be read anew when the trigger was missing.
    pub(super) names_of: Option<&'static str>,
}

/// Our tables. They never lose a column; what is new comes in a new table.
const TABLES: [(&str, &str); 8] = [
    (
        "dingraia_department",
        "id INTEGER PRIMARY KEY, parent BIGINT not null, name TEXT not null, position BIGINT not null, \
         info TEXT not null, timeStamp REAL not null, listed REAL not null default 0, \
         members TEXT not null default '', counted REAL not null default 0",
    ),
    (
        "dingraia_usage",
        "day TEXT not null, method TEXT not null, count BIGINT not null, PRIMARY KEY(day, method)) WITHOUT ROWID",
    ),
    // Names of people, groups and departments, each once; `words` is 0 until its words are there.
    (
        "dingraia_name",
        "id INTEGER PRIMARY KEY, kind BIGINT not null, name TEXT not null, words BIGINT not null",
    ),
    (
        "dingraia_word",
        "kind BIGINT not null, inside BIGINT not null, word TEXT not null, name BIGINT not null, \
         PRIMARY KEY(kind, inside, word, name)) WITHOUT ROWID",
    ),
    // People whose row has no name: it is in their profile. `name` is 0 until that was read.
    ("dingraia_nameless", "staffId TEXT PRIMARY KEY not null, name BIGINT not null"),
    // The newest changes of rows, made by any program.
    (
        "dingraia_change",
        "seq INTEGER PRIMARY KEY, tbl TEXT not null, op TEXT not null, key TEXT not null, name TEXT not null, \
         timeStamp REAL not null",
    ),
    // Rows whose names are still to be noted down, by their rowid.
    ("dingraia_backlog", "tbl TEXT PRIMARY KEY not null, next BIGINT not null, last BIGINT not null"),
    ("dingraia_setting", "name TEXT PRIMARY KEY not null, value TEXT not null"),
];

const INDEXES: [(&str, &str); 5] = [
    ("dingraia_department_parent", "dingraia_department(parent)"),
    ("dingraia_department_name", "dingraia_department(name)"),
    ("dingraia_name_key", "dingraia_name(kind, name)"),
    ("dingraia_name_new", "dingraia_name(id) where words = 0"),
    ("dingraia_nameless_name", "dingraia_nameless(name)"),
];

/// Tables with names that are searched.
pub(super) const NAMED: [(&str, i64); 3] =
    [("user_info", USER), ("group_info", GROUP), ("dingraia_department", DEPARTMENT)];

/// Tables whose changes are remembered: what identifies a row, and what it is called. `$` stands for the row.
const WATCHED: [(&str, &str, &str); 5] = [
    ("user_info", "case when $.staffId <> '' then $.staffId else $.id end", "$.name"),
    ("group_info", "$.openConversationId", "$.name"),
    ("webhooks", "$.openConversationId", "''"),
    ("file", "$.sha256", "''"),
    ("dingraia_department", "$.id", "$.name"),
];

/// Everything that is ours, in the order in which it can be made.
fn objects() -> Vec<Object> {
    let plain = |kind, name: &str, sql| Object { kind, name: name.to_owned(), sql, names_of: None };
    let mut found: Vec<Object> = TABLES
        .iter()
        .map(|(name, columns)| {
            let end = if columns.ends_with("ROWID") { "" } else { ")" };
            plain("table", name, format!("create table if not exists {name}({columns}{end}"))
        })
        .collect();
    found.extend(
        INDEXES
            .iter()
            .map(|(name, on)| plain("index", name, format!("create index if not exists {name} on {on}"))),
    );
    found.extend(NAMED.iter().flat_map(|(table, kind)| name_triggers(table, *kind)));
    found.extend(nameless_triggers());
    found.extend(WATCHED.iter().flat_map(|(table, key, name)| change_triggers(table, key, name)));
    found
}

fn trigger(name: String, event: &str, when: &str, does: &str, names_of: Option<&'static str>) -> Object {
    let sql = format!("create trigger if not exists {name} after {event} {when} begin {does}; end");
    Object { kind: "trigger", name, sql, names_of }
}

/// Note a new name down.
fn name_triggers(table: &'static str, kind: i64) -> [Object; 2] {
    let does = format!(
        "insert into dingraia_name(kind, name, words) select {kind}, new.name, 0 \
         where not exists (select 1 from dingraia_name where kind = {kind} and name = new.name)"
    );
    let make = |word: &str, event: String, when: &str| {
        trigger(format!("dingraia_name_{table}_{word}"), &event, when, &does, Some(table))
    };
    [
        make("insert", format!("insert on {table}"), "when new.name <> ''"),
        make(
            "update",
            format!("update of name on {table}"),
            "when new.name <> '' and new.name is not old.name",
        ),
    ]
}

/// Note down that somebody has no name.
fn nameless_triggers() -> [Object; 2] {
    let does = "insert or replace into dingraia_nameless(staffId, name) values(new.staffId, 0)";
    let make = |word: &str, event, when| {
        trigger(format!("dingraia_nameless_{word}"), event, when, does, Some("user_info"))
    };
    [
        make("insert", "insert on user_info", "when new.name = '' and new.staffId <> ''"),
        make(
            "update",
            "update of name, info, staffId on user_info",
            "when new.name = '' and new.staffId <> '' and (new.info is not old.info or new.staffId is not old.staffId)",
        ),
    ]
}

/// Remember a change, and forget the oldest.
fn change_triggers(table: &'static str, key: &str, name: &str) -> [Object; 3] {
    ["insert", "update", "delete"].map(|op| {
        let row = if op == "delete" { "old" } else { "new" };
        let (key, name) = (key.replace('$', row), name.replace('$', row));
        let does = format!(
            "insert into dingraia_change(tbl, op, key, name, timeStamp) \
             values('{table}', '{op}', {key}, {name}, (julianday('now') - 2440587.5) * 86400.0); \
             delete from dingraia_change where seq <= (select max(seq) from dingraia_change) - {MOST_CHANGES}"
        );
        trigger(format!("dingraia_change_{table}_{op}"), &format!("{op} on {table}"), "", &does, None)
    })
}

/// Whether the table is there: a file that cannot be written may lack ours.
pub(super) fn has(conn: &Connection, table: &str) -> rusqlite::Result<bool> {
    conn.prepare_cached("select 1 from sqlite_schema where name = ?1 and type = 'table'")?.exists([table])
}

/// What of ours is not there.
pub(super) fn missing(conn: &Connection) -> rusqlite::Result<Vec<Object>> {
    let mut statement =
        conn.prepare_cached("select type || ' ' || name from sqlite_schema where name glob 'dingraia_*'")?;
    let there = statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<HashSet<String>>>()?;
    let mut objects = objects();
    objects.retain(|object| !there.contains(&format!("{} {}", object.kind, object.name)));
    Ok(objects)
}

/// Runs `work` without the triggers of `table`: for what would fire them a million times. The change is noted as one.
pub(super) fn without_triggers<T>(
    tx: &Transaction<'_>,
    table: &str,
    work: impl Fn(&Transaction<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<T> {
    let mut statement = tx.prepare_cached(
        "select name, sql from sqlite_schema where type = 'trigger' and tbl_name = ?1 and name glob 'dingraia_*'",
    )?;
    let triggers = statement
        .query_map([table], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<Vec<(String, String)>>>()?;
    drop(statement);
    for (name, _) in &triggers {
        tx.execute_batch(&format!("drop trigger {name}"))?;
    }
    let result = work(tx)?;
    for (_, sql) in &triggers {
        tx.execute_batch(sql)?;
    }
    tx.execute(
        "insert into dingraia_change(tbl, op, key, name, timeStamp) \
         values(?1, 'delete', '*', '', (julianday('now') - 2440587.5) * 86400.0)",
        [table],
    )?;
    Ok(result)
}

/// Makes what is missing, and notes which names are to be read.
pub(super) fn make(conn: &Connection) -> rusqlite::Result<()> {
    let missing = missing(conn)?;
    for object in &missing {
        conn.execute_batch(&object.sql)?;
    }
    for (table, _) in NAMED {
        if missing.iter().any(|object| object.names_of == Some(table)) {
            let sql = format!(
                "insert or replace into dingraia_backlog(tbl, next, last) \
                 select ?1, 1, rowid from {table} order by rowid desc limit 1"
            );
            conn.execute(&sql, [table])?;
        }
    }
    Ok(())
}
