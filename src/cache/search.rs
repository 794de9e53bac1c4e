//! Finding people, groups and departments by name, pinyin, initials and ids.

use std::collections::HashSet;

use rusqlite::{Connection, Params, Row};

use super::own::{DEPARTMENT, GROUP, USER};
use super::{Cache, own, row, upkeep, words};

/// Shorter texts are not looked for in the middle of ids: nearly every id has them.
const SHORTEST_INSIDE: usize = 3;

/// So many names whose words are not made yet are looked through.
const MOST_NEW: i64 = 2_000;

/// So many hits in the middle of ids are looked at.
const LOOKED_AT: usize = 200;

/// The number of digits of the largest ids.
const MOST_DIGITS: usize = 13;

/// What is found by a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Entry {
    /// A person.
    User,
    /// A group.
    Group,
    /// A department.
    Department,
}

impl Entry {
    /// All of them.
    pub const ALL: &'static [Self] = &[Self::User, Self::Group, Self::Department];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Group => "group",
            Self::Department => "department",
        }
    }

    fn number(self) -> i64 {
        match self {
            Self::User => USER,
            Self::Group => GROUP,
            Self::Department => DEPARTMENT,
        }
    }
}

/// Somebody or something that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// What it is.
    pub kind: Entry,
    /// staffId (or the framework's number when there is none), openConversationId, or department id.
    pub id: String,
    /// Its name; may be empty.
    pub name: String,
    /// When its row was written, Unix time in seconds.
    pub time: f64,
}

/// How thoroughly to search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Depth {
    /// Names and ids that begin with the text.
    Begins,
    /// Everything.
    Inside,
}

/// How good a hit is; the best come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Exact,
    NameBegins,
    IdBegins,
    NameInside,
    IdInside,
}

impl Cache {
    /// At most `limit` people, groups and departments of `kinds` whose name, pinyin (`zhangxiaoming`, `zhangxm`), initials
    /// (`zxm`) or id (staffId, unionId, conversation id, number) has `text` in it. What begins with it comes first.
    ///
    /// 1 ms or less at a million people when enough is found at beginnings; about 100 ms when all ids had to be looked at.
    pub fn find(&self, text: &str, kinds: &[Entry], limit: usize) -> Vec<Found> {
        self.search(text, kinds, limit, Depth::Inside)
    }

    /// As [`Cache::find`], of what begins with `text` only: 1 ms or less in any case.
    pub fn find_beginning(&self, text: &str, kinds: &[Entry], limit: usize) -> Vec<Found> {
        self.search(text, kinds, limit, Depth::Begins)
    }

    fn search(&self, text: &str, kinds: &[Entry], limit: usize, depth: Depth) -> Vec<Found> {
        let text = text.trim();
        if self.shared.off || text.is_empty() || limit == 0 {
            return Vec::new();
        }
        let mut store = self.shared.store.lock();
        let behind = store.read(|conn| {
            if own::has(conn, "dingraia_word")? { upkeep::is_behind(conn).map(Some) } else { Ok(None) }
        });
        if behind.contains(&Some(true)) {
            store.try_write(upkeep::catch_up);
        }
        let search = |conn: &Connection| {
            let mut hits =
                Hits { limit, text, typed: words::typed(text), seen: HashSet::new(), list: Vec::new() };
            for kind in kinds {
                hits.of_kind(conn, *kind, depth)?;
            }
            Ok(Some(hits.list))
        };
        let found = store.read(search);
        drop(store);
        let mut seen = HashSet::new();
        let mut list: Vec<(Rank, Found)> = found
            .into_iter()
            .flatten()
            .flatten()
            .filter(|(_, found)| seen.insert((found.kind, found.id.clone())))
            .collect();
        list.sort_by_key(|(rank, _)| *rank);
        list.into_iter().map(|(_, found)| found).take(limit).collect()
    }
}

/// What was found in one database.
struct Hits<'a> {
    limit: usize,
    text: &'a str,
    typed: String,
    seen: HashSet<(Entry, String)>,
    list: Vec<(Rank, Found)>,
}

impl Hits<'_> {
    fn of_kind(&mut self, conn: &Connection, kind: Entry, depth: Depth) -> rusqlite::Result<()> {
        let sql = Sql::of(kind);
        let before = self.list.len();
        let full = |hits: &Self| hits.list.len() - before >= hits.limit;
        if !own::has(conn, "dingraia_word")? {
            return if kind == Entry::Department { Ok(()) } else { self.plainly(conn, kind) };
        }
        for column in sql.texts {
            self.rows(
                conn,
                kind,
                Rank::Exact,
                &sql.where_is(&format!("{column} = ?1")),
                [self.text.to_owned()],
            )?;
        }
        if let Ok(number) = self.text.parse::<i64>() {
            self.rows(conn, kind, Rank::Exact, &sql.where_is("t.id = ?1"), [number])?;
        }
        self.names(conn, kind, Rank::NameBegins, before)?;
        if !full(self) {
            self.ids_beginning(conn, kind, &sql, before)?;
        }
        if depth == Depth::Inside && !full(self) {
            self.names(conn, kind, Rank::NameInside, before)?;
        }
        if depth == Depth::Inside && !full(self) && self.text.len() >= SHORTEST_INSIDE && self.text.is_ascii()
        {
            for column in &sql.texts[..sql.texts.len().min(1)] {
                // The inner statement reads the index alone, which is much smaller than the rows.
                let inside = format!(
                    "select rowid from {} t where instr({column}, ?1) > 1 limit {LOOKED_AT}",
                    sql.table
                );
                let sql = sql.where_is(&format!("t.rowid in ({inside})"));
                self.rows(conn, kind, Rank::IdInside, &sql, [self.text.to_owned()])?;
            }
        }
        Ok(())
    }

    /// Names with a word that begins with what was typed.
    fn names(&mut self, conn: &Connection, kind: Entry, rank: Rank, before: usize) -> rusqlite::Result<()> {
        let mut statement = conn.prepare_cached(
            "select n.id, n.name from dingraia_word w join dingraia_name n on n.id = w.name \
             where w.kind = ?1 and w.inside = ?2 and w.word >= ?3 and w.word < ?4",
        )?;
        let inside = rank == Rank::NameInside;
        let mut names = statement.query((kind.number(), inside, &self.typed, after(&self.typed)))?;
        let mut tried = HashSet::new();
        while let Some(name) = names.next()? {
            let (id, name) = (name.get::<_, i64>(0)?, row::text(name, 1)?);
            if !tried.insert(id) {
                continue;
            }
            self.rows_of_name(conn, kind, rank, id, &name)?;
            if self.list.len() - before >= self.limit {
                return Ok(());
            }
        }
        self.new_names(conn, kind, rank)
    }

    /// Names whose words are not made yet: there are few, except in a file that cannot be written.
    fn new_names(&mut self, conn: &Connection, kind: Entry, rank: Rank) -> rusqlite::Result<()> {
        let sql = "select id, name from dingraia_name where words = 0 and +kind = ?1 limit ?2";
        let mut statement = conn.prepare_cached(sql)?;
        let mut names = statement.query((kind.number(), MOST_NEW))?;
        while let Some(name) = names.next()? {
            let (id, name) = (name.get::<_, i64>(0)?, row::text(name, 1)?);
            let inside = rank == Rank::NameInside;
            let leads = |word: &words::Word| word.inside == inside && word.text.starts_with(&self.typed);
            if words::words(&name).iter().any(leads) {
                self.rows_of_name(conn, kind, rank, id, &name)?;
            }
        }
        Ok(())
    }

    fn rows_of_name(
        &mut self,
        conn: &Connection,
        kind: Entry,
        rank: Rank,
        id: i64,
        name: &str,
    ) -> rusqlite::Result<()> {
        self.rows(conn, kind, rank, &Sql::of(kind).where_is("t.name = ?1"), [name])?;
        if kind == Entry::User {
            self.rows(conn, kind, rank, NAMELESS, [id])?;
        }
        Ok(())
    }

    fn ids_beginning(
        &mut self,
        conn: &Connection,
        kind: Entry,
        sql: &Sql,
        before: usize,
    ) -> rusqlite::Result<()> {
        for column in sql.texts {
            let sql = sql.where_is(&format!("{column} >= ?1 and {column} < ?2"));
            self.rows(conn, kind, Rank::IdBegins, &sql, [self.text.to_owned(), after(self.text)])?;
        }
        let Some(number) = self.text.parse::<i64>().ok().filter(|_| !self.text.starts_with(['0', '+', '-']))
        else {
            return Ok(());
        };
        let ranges = sql.where_is("t.id >= ?1 and t.id < ?2");
        let mut power = 10_i64;
        for _ in self.text.len()..MOST_DIGITS {
            let Some((from, to)) = number.checked_mul(power).zip((number + 1).checked_mul(power)) else {
                break;
            };
            self.rows(conn, kind, Rank::IdBegins, &ranges, [from, to])?;
            if self.list.len() - before >= self.limit {
                break;
            }
            power *= 10;
        }
        Ok(())
    }

    /// In a file without our words: names and ids as they stand there.
    fn plainly(&mut self, conn: &Connection, kind: Entry) -> rusqlite::Result<()> {
        let id = if kind == Entry::User { "t.staffId" } else { "t.openConversationId" };
        let (id_column, table) = (id, if kind == Entry::User { "user_info" } else { "group_info" });
        for (rank, test) in [(Rank::NameBegins, "= 1"), (Rank::NameInside, "> 1")] {
            let sql = format!(
                "select {id_column}, t.id, t.name, t.timeStamp from {table} t \
                 where instr(lower(t.name), lower(?1)) {test} or instr({id}, ?1) {test} limit ?2"
            );
            let limit = i64::try_from(self.limit).unwrap_or(i64::MAX);
            self.rows(conn, kind, rank, &sql, (self.text.to_owned(), limit))?;
        }
        Ok(())
    }

    /// Collects the rows of a statement up to the limit.
    fn rows(
        &mut self,
        conn: &Connection,
        kind: Entry,
        rank: Rank,
        sql: &str,
        values: impl Params,
    ) -> rusqlite::Result<()> {
        let mut statement = conn.prepare_cached(sql)?;
        let mut rows = statement.query(values)?;
        let mut room = self.limit;
        while let Some(row) = rows.next()?.filter(|_| room > 0) {
            let found = read(row, kind)?;
            if self.seen.insert((kind, found.id.clone())) {
                self.list.push((rank, found));
                room -= 1;
            }
        }
        Ok(())
    }
}

fn read(row: &Row<'_>, kind: Entry) -> rusqlite::Result<Found> {
    let id = row::text(row, 0)?;
    let id = if id.is_empty() { row::text(row, 1)? } else { id };
    Ok(Found { kind, id, name: row::text(row, 2)?, time: row::number(row, 3)? })
}

/// The first text behind all that begin with `text`.
fn after(text: &str) -> String {
    format!("{text}\u{10ffff}")
}

/// How entries of a kind are read: the beginning of a statement, and the columns with ids that are texts.
struct Sql {
    select: &'static str,
    table: &'static str,
    texts: &'static [&'static str],
}

impl Sql {
    fn of(kind: Entry) -> Self {
        match kind {
            Entry::User => Self {
                select: "select t.staffId, t.id, case when t.name <> '' then t.name else coalesce((select n.name \
                         from dingraia_nameless l join dingraia_name n on n.id = l.name where l.staffId = t.staffId), \
                         '') end, t.timeStamp from user_info t where ",
                table: "user_info",
                texts: &["t.staffId", "t.unionId"],
            },
            Entry::Group => Self {
                select: "select t.openConversationId, t.id, t.name, t.timeStamp from group_info t where ",
                table: "group_info",
                texts: &["t.openConversationId"],
            },
            Entry::Department => Self {
                select: "select t.id, t.id, t.name, t.timeStamp from dingraia_department t where ",
                table: "dingraia_department",
                texts: &[],
            },
        }
    }

    fn where_is(&self, condition: &str) -> String {
        format!("{}{condition}", self.select)
    }
}

/// People whose name stands in their profile only.
const NAMELESS: &str = "select t.staffId, t.id, n.name, t.timeStamp from dingraia_nameless l \
    join dingraia_name n on n.id = l.name join user_info t on t.staffId = l.staffId and +t.name = '' where l.name = ?1";
