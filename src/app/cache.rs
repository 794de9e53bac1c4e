//! `dingraia cache …`: the cache from the shell. Nothing is sent, and a file that is not there is not made to look into it.

use std::path::Path;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::program::Program;
use super::start;
use crate::cache::{Cache, Cursor, Entry, Table};
use crate::cli::{CacheAction, Output};
use crate::console::cache_view;
use crate::console::render::csv;
use crate::console::show::Show;
use crate::console::style::Role;
use crate::error::{Error, Kind, Result};
use crate::lang::Text;
use crate::ops::{Session, export_cache, import_cache, table_named, write_rows};
use crate::script::view::View;

/// Rows that are read at once.
const PAGE: usize = 500;

/// The exit code of a damaged file.
const DAMAGED: u8 = 3;

/// Runs an action.
pub(super) fn run(program: &Program, action: CacheAction) -> Result<u8> {
    let desk = Desk::open(program, matches!(action, CacheAction::Import { .. }))?;
    // An empty answer, or a success that nobody finds again, would be worse than none.
    match action {
        CacheAction::Path | CacheAction::Check => {}
        CacheAction::Import { .. } | CacheAction::Clear { .. } => desk.session.cache.ensure_file(true)?,
        _ => desk.session.cache.ensure_file(false)?,
    }
    match action {
        CacheAction::Ls { table: None, .. } | CacheAction::Stats => desk.stats(),
        CacheAction::Ls { table: Some(name), limit, secrets } => {
            desk.list(table_named(&name)?, limit, secrets)
        }
        CacheAction::Get { target } => desk.get(&target),
        CacheAction::Find { text, limit } => desk.find(&text, limit),
        CacheAction::Sql { sql, params } => desk.sql(&sql, &params),
        CacheAction::Path => desk.path(),
        CacheAction::Clear { table: name, yes } => desk.clear(table_named(&name)?, yes),
        CacheAction::Export { file, secrets } => desk.export(&file, secrets),
        CacheAction::Import { file } => desk.import(&file),
        CacheAction::Check => desk.check(),
    }
}

/// The cache and the way to the reader.
struct Desk<'a> {
    program: &'a Program,
    session: Arc<Session>,
    show: Show,
    path: Option<std::path::PathBuf>,
}

impl<'a> Desk<'a> {
    fn open(program: &'a Program, make: bool) -> Result<Self> {
        let loaded = program.load()?;
        let show = program.show_in(loaded.config.language);
        // The sandbox's cache is gone with it, unless a file was named.
        let named = loaded.config.use_database && loaded.config.database.is_some();
        let path = loaded.paths.database_path(&loaded.config);
        let path = path.filter(|_| named || !program.global.sandbox);
        let cache = match &path {
            Some(path) if make || path.exists() => Cache::open(path, program.clock.clone()),
            _ => Cache::scratch(program.clock.clone()),
        };
        let session = Session::new(loaded.config, cache, program.clock.clone());
        let desk = Self { program, session, show, path };
        desk.tell_notices();
        if let Some(path) = desk.path.as_ref().filter(|path| !path.exists()) {
            let path = path.display();
            program.note(
                Text::made(format!("no cache file yet: {path}"), format!("还没有缓存文件：{path}"))
                    .get(desk.show.lang),
            );
        }
        Ok(desk)
    }

    fn tell_notices(&self) {
        for notice in self.session.cache.take_notices() {
            self.program.screen.note(notice.text.get(self.show.lang));
        }
    }

    fn output(&self) -> Output {
        self.program.global.output.unwrap_or(Output::Table)
    }

    fn stats(&self) -> Result<u8> {
        match self.output() {
            Output::Table | Output::Card => self.say(&cache_view::overview(&self.session, &self.show)),
            Output::Json | Output::Raw => self.say(&cache_view::table_json(&self.session).to_string()),
            Output::Csv => {
                let tables = self.session.cache.tables();
                self.rows(tables.into_iter(), &["table", "rows", "in_file", "ours"]);
            }
        }
        Ok(0)
    }

    fn list(&self, table: Table, limit: Option<usize>, secrets: bool) -> Result<u8> {
        if matches!(self.output(), Output::Table | Output::Card) {
            let most = limit.unwrap_or(cache_view::SHOWN);
            let rows = cache_view::rows(&self.session, table, "", most, self.show.lang);
            let (shown, all) = (rows.len() as u64, self.session.cache.count_rows(table));
            self.table(rows);
            if shown < all {
                let more = Text::made(
                    format!("{shown} of {all} rows; `-n {all}` shows all, `-o csv` and `-o json` do anyway"),
                    format!(
                        "显示 {shown} / {all} 行；`-n {all}` 显示全部，`-o csv` 与 `-o json` 总是输出全部"
                    ),
                );
                self.program.note(&self.show.palette.paint(Role::Dim, more.get(self.show.lang)));
            }
            return Ok(0);
        }
        let cache = &self.session.cache;
        let mut next = Some(Cursor::default());
        let pages = std::iter::from_fn(|| {
            let (page, then) = cache.page(table, next?, PAGE, secrets);
            next = then;
            Some(page)
        });
        self.rows(pages.flatten().take(limit.unwrap_or(usize::MAX)), table.columns());
        Ok(0)
    }

    fn get(&self, target: &str) -> Result<u8> {
        let Some(card) = cache_view::card(&self.session, target, self.show.lang) else {
            return Err(Error::usage(
                format!("the cache knows nothing of `{target}`"),
                format!("缓存中没有 `{target}`"),
            )
            .hint(Text::fixed(
                "`dingraia cache find` looks for parts of names and ids",
                "`dingraia cache find` 可按姓名或 ID 的一部分查找",
            )));
        };
        self.say(&self.show.renderer.value(&View::from(Value::Object(card))));
        Ok(0)
    }

    fn find(&self, text: &str, limit: usize) -> Result<u8> {
        let found = self.session.cache.find(text, Entry::ALL, limit);
        let rows = found.into_iter().map(|found| {
            let row = json!({ "kind": found.kind.name(), "name": found.name, "id": found.id, "timeStamp": found.time });
            serde_json::from_value::<Map<String, Value>>(row).unwrap_or_default()
        });
        match self.output() {
            Output::Table | Output::Card => self.table(rows.collect()),
            Output::Json | Output::Raw | Output::Csv => self.rows(rows, &["kind", "name", "id", "timeStamp"]),
        }
        Ok(0)
    }

    fn sql(&self, sql: &str, params: &[String]) -> Result<u8> {
        let params: Vec<Value> = params.iter().map(|text| bound(text)).collect();
        let rows = self.session.cache.query(sql, &params)?;
        match self.output() {
            Output::Table | Output::Card => self.table(rows),
            Output::Json | Output::Raw | Output::Csv => {
                let columns: Vec<String> =
                    rows.first().map(|row| row.keys().cloned().collect()).unwrap_or_default();
                let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
                self.rows(rows.into_iter(), &columns);
            }
        }
        Ok(0)
    }

    fn path(&self) -> Result<u8> {
        let Some(path) = &self.path else {
            return Err(Error::new(Kind::Cache { problem: "there is no file: it is in memory".into() }));
        };
        self.say(&path.display().to_string());
        Ok(0)
    }

    fn clear(&self, table: Table, yes: bool) -> Result<u8> {
        let (rows, name) = (self.session.cache.count_rows(table), table.name());
        let question = Text::made(
            format!("Delete all {rows} rows of `{name}` from the cache? [y/N] "),
            format!("删除缓存中 `{name}` 的全部 {rows} 行？[y/N] "),
        );
        if !yes && !self.program.stdin_is_terminal {
            return Err(Error::usage("there is nobody to ask", "没有可确认的人")
                .hint(Text::fixed("`--yes` does it without asking", "`--yes` 不经确认直接执行")));
        }
        if !yes && !start::says_yes(question.get(self.show.lang)) {
            return Ok(0);
        }
        let gone = self.session.cache.clear(table)?;
        self.program.note(
            Text::made(format!("{gone} rows of `{name}` deleted"), format!("已删除 `{name}` 的 {gone} 行"))
                .get(self.show.lang),
        );
        Ok(0)
    }

    fn export(&self, file: &Path, secrets: bool) -> Result<u8> {
        let cache = &self.session.cache;
        if file.as_os_str() == "-" {
            let mut lines = Lines { program: self.program, rest: Vec::new() };
            // A reader that went away has seen enough.
            let _ = write_rows(cache, &mut lines, secrets);
            return Ok(0);
        }
        let rows = export_cache(cache, file, secrets)?;
        let file = file.display();
        self.program.note(
            Text::made(format!("{rows} rows written to {file}"), format!("已将 {rows} 行写入 {file}"))
                .get(self.show.lang),
        );
        Ok(0)
    }

    fn import(&self, file: &Path) -> Result<u8> {
        let done = import_cache(&self.session.cache, file)?;
        let (read, written) = (done.read, done.written);
        self.program.note(
            Text::made(
                format!("{read} rows read, {written} written; the others are not newer than what is there"),
                format!("读取 {read} 行，写入 {written} 行；其余不比现有内容新"),
            )
            .get(self.show.lang),
        );
        Ok(0)
    }

    fn check(&self) -> Result<u8> {
        let check = self.session.cache.check()?;
        let sound = check.complaints.is_empty();
        if matches!(self.output(), Output::Table | Output::Card) {
            let path = check.path.map(|path| path.display().to_string()).unwrap_or_default();
            let size = cache_view::size_text(check.bytes);
            let text = if sound {
                Text::made(format!("sound: {path} ({size})"), format!("文件完好：{path}（{size}）"))
            } else {
                let what = check.complaints.join("\n  ");
                Text::made(format!("damaged: {path}\n  {what}"), format!("文件已损坏：{path}\n  {what}"))
            };
            self.say(text.get(self.show.lang));
        } else {
            let path = check.path.map(|path| path.display().to_string());
            self.say(
                &json!({ "path": path, "bytes": check.bytes, "writable": check.writable, "complaints": check.complaints })
                    .to_string(),
            );
        }
        Ok(if sound { 0 } else { DAMAGED })
    }

    fn say(&self, text: &str) {
        self.program.screen.result(text);
    }

    fn table(&self, rows: Vec<Map<String, Value>>) {
        if !rows.is_empty() {
            let rows = rows.into_iter().map(|row| View::from(Value::Object(row))).collect();
            self.say(&self.show.renderer.value(&View::List(rows)));
        }
    }

    /// Rows one by one, as JSON lines or CSV, until nobody reads any more.
    fn rows(&self, mut rows: impl Iterator<Item = Map<String, Value>>, columns: &[&str]) {
        let is_csv = self.output() == Output::Csv;
        if is_csv && !self.program.screen.result(&format!("{}\r", columns.join(","))) {
            return;
        }
        let line = |row: &Map<String, Value>| match is_csv {
            true => csv::record(row, columns),
            false => Value::Object(row.clone()).to_string(),
        };
        rows.all(|row| self.program.screen.result(&line(&row)));
    }
}

/// A value for a `?`: a number when it is written like one.
fn bound(text: &str) -> Value {
    text.parse::<i64>()
        .map(Value::from)
        .or_else(|_| text.parse::<f64>().map(Value::from))
        .unwrap_or_else(|_| text.into())
}

/// Writes whole lines to stdout.
struct Lines<'a> {
    program: &'a Program,
    rest: Vec<u8>,
}

impl std::io::Write for Lines<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.rest.extend_from_slice(bytes);
        while let Some(end) = self.rest.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = self.rest.drain(..=end).collect();
            if !self.program.screen.result(&String::from_utf8_lossy(&line[..end])) {
                return Err(std::io::ErrorKind::BrokenPipe.into());
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
