//! What is made once or now and then: indexes for a large foreign file, and the words by which names are found.
//!
//! It is done in short transactions, so that other programs get their turn, and goes on where it was left.

use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags, OptionalExtension, Transaction, TransactionBehavior, params};

use super::notice::is_locked;
use super::open::connect;
use super::own::{NAMED, USER};
use super::{Shared, row, schema, words};
use crate::lang::Text;

/// Rows whose names are noted down in one transaction.
const ROWS: i64 = 20_000;

/// Names whose words are made in one transaction.
const NAMES: usize = 2_000;

/// So many new names are looked into before a search; more are left to the background.
pub(super) const FEW: usize = 200;

/// Between two words about the progress.
const QUIET: Duration = Duration::from_secs(5);

/// How long to stand back when another program writes.
const BACK_OFF: Duration = Duration::from_millis(100);

/// Pages kept in memory while words are made, in KiB.
const PAGES: i64 = -64_000;

/// Does what is to be done to the file at `path` on a thread of its own; it ends with the cache.
pub(super) fn start(shared: &Arc<Shared>) {
    let weak = Arc::downgrade(shared);
    // Without a thread a search finds less, and the next run tries again.
    let _ = std::thread::Builder::new().name("dingraia-cache".into()).spawn(move || {
        // What stops it stops the cache's own statements as well, and those say so.
        let _ = work(&weak);
    });
}

/// Whether there is more to do than a search does by the way.
pub(super) fn is_needed(conn: &Connection) -> rusqlite::Result<bool> {
    Ok(!schema::missing_indexes(conn)?.is_empty()
        || backlog(conn)?.is_some()
        || new_names(conn, FEW + 1)? > FEW)
}

/// How far it is.
enum Stage {
    Indexes { left: usize },
    Names { next: i64, last: i64 },
    Words { left: usize },
    Done,
}

fn work(weak: &Weak<Shared>) -> rusqlite::Result<()> {
    let Some(path) = weak.upgrade().and_then(|shared| shared.store.lock().path.clone()) else {
        return Ok(());
    };
    let mut conn = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    conn.pragma_update(None, "cache_size", PAGES)?;
    let began = Instant::now();
    let (mut told, mut most) = (None, 0);
    loop {
        let stage = step(&mut conn);
        let Some(shared) = weak.upgrade() else { return Ok(()) };
        let stage = match stage {
            Ok(stage) => stage,
            Err(error) if is_locked(&error) => {
                drop(shared);
                std::thread::sleep(BACK_OFF);
                continue;
            }
            Err(error) => return Err(error),
        };
        most = most.max(stage.left());
        if matches!(stage, Stage::Done) {
            // Who sees that nothing is under way any more finds the last word said.
            if told.is_some() {
                shared.tell(done(began.elapsed()));
            }
            shared.set_upkeep(None);
            return Ok(());
        }
        shared.set_upkeep(stage.percent(most));
        let first = told.is_none() && matches!(stage, Stage::Indexes { .. });
        if first || told.unwrap_or(began).elapsed() > QUIET {
            told = Some(Instant::now());
            shared.tell(stage.text(most, first));
        }
    }
}

impl Stage {
    fn left(&self) -> usize {
        match self {
            Self::Words { left } => *left,
            Self::Indexes { .. } | Self::Names { .. } | Self::Done => 0,
        }
    }

    /// Of the stage it is in; `None` at the end.
    fn percent(&self, most: usize) -> Option<u8> {
        let share = match self {
            Self::Indexes { left } => 1.0 - *left as f64 / schema::INDEXES.len() as f64,
            Self::Names { next, last } => *next as f64 / (*last).max(1) as f64,
            Self::Words { left } => 1.0 - *left as f64 / most.max(1) as f64,
            Self::Done => return None,
        };
        Some((share * 100.0).clamp(0.0, 99.0) as u8)
    }

    fn text(&self, most: usize, first: bool) -> Text {
        let percent = self.percent(most).unwrap_or(100);
        let (en, zh) = match self {
            Self::Indexes { .. } => ("indexes", "索引"),
            Self::Names { .. } => ("names", "姓名"),
            Self::Words { .. } | Self::Done => ("pinyin", "拼音"),
        };
        if first {
            return Text::fixed(
                "cache: the file gets indexes, once and in the background; until then it is slower",
                "缓存：正在后台为文件建立索引（仅一次），完成前查询较慢",
            );
        }
        Text::made(format!("cache: {en}: {percent} %"), format!("缓存：{zh}：{percent} %"))
    }
}

fn done(took: Duration) -> Text {
    let seconds = took.as_secs_f64();
    Text::made(
        format!("cache: indexes are made ({seconds:.1} s)"),
        format!("缓存：索引已建立（{seconds:.1} 秒）"),
    )
}

/// Does a piece of what is to be done.
fn step(conn: &mut Connection) -> rusqlite::Result<Stage> {
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let indexes = schema::missing_indexes(&tx)?;
    let stage = if let [index, rest @ ..] = indexes.as_slice() {
        schema::make_index(&tx, index)?;
        if rest.is_empty() {
            schema::repair(&tx)?;
        }
        Stage::Indexes { left: rest.len() }
    } else if let Some((next, last)) = note_names(&tx)? {
        Stage::Names { next, last }
    } else if make_words(&tx, NAMES)? {
        Stage::Words { left: new_names(&tx, usize::MAX)? }
    } else {
        Stage::Done
    };
    tx.commit()?;
    Ok(stage)
}

/// The first table whose names are still to be noted down: name, from, to.
fn backlog(conn: &Connection) -> rusqlite::Result<Option<(String, i64, i64)>> {
    let mut statement = conn.prepare_cached("select tbl, next, last from dingraia_backlog limit 1")?;
    statement.query_row([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).optional()
}

/// Notes the names of the next rows down; how far it is, `None` when there were none.
fn note_names(conn: &Connection) -> rusqlite::Result<Option<(i64, i64)>> {
    let Some((table, next, last)) = backlog(conn)? else { return Ok(None) };
    let to = next + ROWS;
    if let Some((table, kind)) = NAMED.iter().find(|(name, _)| *name == table) {
        let sql = format!(
            "insert into dingraia_name(kind, name, words) select distinct {kind}, t.name, 0 from {table} t \
             where t.rowid >= ?1 and t.rowid < ?2 and t.name <> '' and not exists \
             (select 1 from dingraia_name n where n.kind = {kind} and n.name = t.name)"
        );
        conn.execute(&sql, [next, to])?;
        if *kind == USER {
            let sql = "insert or ignore into dingraia_nameless(staffId, name) select staffId, 0 from user_info \
                       where rowid >= ?1 and rowid < ?2 and name = '' and staffId <> ''";
            conn.execute(sql, [next, to])?;
        }
    }
    if to > last {
        conn.execute("delete from dingraia_backlog where tbl = ?1", [&table])?;
    } else {
        conn.execute("update dingraia_backlog set next = ?2 where tbl = ?1", params![table, to])?;
    }
    Ok(Some((to.min(last), last)))
}

/// Notes all names down, in the caller's transaction.
pub(super) fn note_all_names(conn: &Connection) -> rusqlite::Result<()> {
    while note_names(conn)?.is_some() {}
    Ok(())
}

/// How many names have no words yet, up to `most`.
fn new_names(conn: &Connection, most: usize) -> rusqlite::Result<usize> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let sql = "select (select count(*) from (select 1 from dingraia_name where words = 0 limit ?1)) \
               + (select count(*) from (select 1 from dingraia_nameless where name = 0 limit ?1))";
    let found: i64 = conn.prepare_cached(sql)?.query_row([most], |row| row.get(0))?;
    Ok(usize::try_from(found).unwrap_or(0))
}

/// Makes the words of the newest names, in the caller's transaction; false when there were none.
fn make_words(conn: &Connection, most: usize) -> rusqlite::Result<bool> {
    let nameless = read_nameless(conn, most)?;
    let mut statement = conn.prepare_cached(
        "select id, kind, name from dingraia_name where words = 0 order by id desc limit ?1",
    )?;
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let names = statement
        .query_map([most], |row| Ok((row.get(0)?, row.get(1)?, row::text(row, 2)?)))?
        .collect::<rusqlite::Result<Vec<(i64, i64, String)>>>()?;
    let mut insert = conn.prepare_cached(
        "insert or ignore into dingraia_word(kind, inside, word, name) values(?1, ?2, ?3, ?4)",
    )?;
    let mut mark = conn.prepare_cached("update dingraia_name set words = 1 where id = ?1")?;
    for (id, kind, name) in &names {
        for word in words::words(name) {
            insert.execute(params![kind, word.inside, word.text, id])?;
        }
        mark.execute([id])?;
    }
    Ok(nameless || !names.is_empty())
}

/// Reads the names of people whose row has none out of their profiles; false when there were none.
fn read_nameless(conn: &Connection, most: usize) -> rusqlite::Result<bool> {
    let mut statement =
        conn.prepare_cached("select staffId from dingraia_nameless where name = 0 limit ?1")?;
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let people =
        statement.query_map([most], |row| row::text(row, 0))?.collect::<rusqlite::Result<Vec<String>>>()?;
    let mut profile = conn.prepare_cached(
        "select info from user_info where staffId = ?1 and +name = '' order by rowid limit 1",
    )?;
    let mut known = conn.prepare_cached("select id from dingraia_name where kind = ?1 and name = ?2")?;
    let mut insert = conn.prepare_cached("insert into dingraia_name(kind, name, words) values(?1, ?2, 0)")?;
    let mut mark = conn.prepare_cached("update dingraia_nameless set name = ?2 where staffId = ?1")?;
    for staff_id in &people {
        let info = profile.query_row([staff_id], |row| row::info(row, 0)).optional()?.unwrap_or_default();
        let name = info.get("name").and_then(serde_json::Value::as_str).unwrap_or_default();
        let id = if name.is_empty() {
            -1
        } else if let Some(id) = known.query_row(params![USER, name], |row| row.get(0)).optional()? {
            id
        } else {
            insert.insert(params![USER, name])?
        };
        mark.execute(params![staff_id, id])?;
    }
    Ok(!people.is_empty())
}

/// Makes the words of names that came lately, before a search; in the caller's transaction.
pub(super) fn catch_up(tx: &Transaction<'_>) -> rusqlite::Result<()> {
    make_words(tx, FEW).map(drop)
}

/// Whether there are names without words.
pub(super) fn is_behind(conn: &Connection) -> rusqlite::Result<bool> {
    new_names(conn, 1).map(|count| count > 0)
}
