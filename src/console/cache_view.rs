//! The cache and the API calls of the month, as a person looks at them.

use serde_json::{Map, Value, json};

use super::show::Show;
use super::style::Role;
use super::text::{pad, width, wrap};
use crate::cache::{Change, Cursor, Entry, Table};
use crate::lang::{Lang, Text};
use crate::ops::{Session, UsageReport, lookup};
use crate::script::view::View;

/// Rows that a list shows when it is not told.
pub const SHOWN: usize = 100;

/// Rows that are looked through at once.
const PAGE: usize = 500;

/// Cells of the bar of the month, and of the bar of a method.
const BAR: usize = 30;
const SMALL_BAR: usize = 12;

/// File, size, tables with their freshness, and how often the cache answered.
pub fn overview(session: &Session, show: &Show) -> String {
    let (cache, lang) = (&session.cache, show.lang);
    let stats = cache.stats();
    let place = stats.path.as_ref().map_or_else(
        || Text::fixed("in memory, gone with this program", "仅在内存中，退出后消失").get(lang).to_owned(),
        |path| format!("{} ({})", path.display(), size_text(cache.bytes())),
    );
    let mut out = format!("{}\n", show.palette.paint(Role::Heading, &place));
    if let Some(problem) = stats.problem {
        out.push_str(
            &show.palette.paint(Role::Error, &format!("{}: {}\n", stats.mode.name(), problem.get(lang))),
        );
    }
    if let Some(percent) = cache.upkeep() {
        let text = Text::made(
            format!("indexes are being made: {percent} %\n"),
            format!("正在建立索引：{percent} %\n"),
        );
        out.push_str(text.get(lang));
    }
    let rows = Table::ALL.iter().map(|table| View::from(Value::Object(table_line(session, *table, lang))));
    out.push_str(&show.renderer.value(&View::List(rows.collect())));
    let (hits, misses) = cache.answers();
    let asked = hits + misses;
    let Some(share) = (hits * 100).checked_div(asked) else { return out };
    let answered = Text::made(
        format!("this session: {hits} of {asked} questions answered by the cache ({share} %)"),
        format!("本次会话：{asked} 次查询中缓存命中 {hits} 次（{share} %）"),
    );
    out.push('\n');
    out.push_str(&show.palette.paint(Role::Dim, answered.get(lang)));
    out
}

fn table_line(session: &Session, table: Table, lang: Lang) -> Map<String, Value> {
    let (rows, newest, fresh) = freshness(session, table);
    let titles = [
        Text::fixed("table", "表"),
        Text::fixed("rows", "行数"),
        Text::fixed("fresh", "有效"),
        Text::fixed("newest", "最近更新"),
    ];
    let newest = newest.map(|time| age_text(session.clock.seconds() - time, lang));
    // A table that does not age has nothing to say there.
    let fresh = fresh.map_or_else(|| "".into(), Value::from);
    let values = [table.name().into(), rows.into(), fresh, newest.unwrap_or_default().into()];
    titles.iter().map(|title| title.get(lang).to_owned()).zip(values).collect()
}

/// Rows, time of the youngest, and how many still answer calls.
fn freshness(session: &Session, table: Table) -> (u64, Option<f64>, Option<u64>) {
    let lifetimes = &session.config.data_cache_time;
    let now = session.clock.seconds();
    let (test, since) = match table {
        Table::Users => ("timeStamp > ?1 and info <> '{}'", now - lifetimes.user),
        Table::Groups => ("timeStamp > ?1 and info <> '{}'", now - lifetimes.group),
        Table::Departments => ("listed > ?1", now - lifetimes.user),
        Table::Webhooks => ("expired > ?1", now),
        Table::Files | Table::Counts => return (session.cache.count_rows(table), None, None),
    };
    let sql = format!("select max(timeStamp) as newest, sum({test}) as fresh from {}", table.sql_name());
    let found = session.cache.query(&sql, &[since.into()]).ok().and_then(|rows| rows.into_iter().next());
    let found = found.unwrap_or_default();
    let newest = found.get("newest").and_then(Value::as_f64).filter(|time| *time > 0.0);
    (session.cache.count_rows(table), newest, found.get("fresh").and_then(Value::as_u64))
}

/// Rows of a table for a list: without what fills a screen, with their age. `text` narrows them down.
pub fn rows(session: &Session, table: Table, text: &str, most: usize, lang: Lang) -> Vec<Map<String, Value>> {
    let slim = |row: Map<String, Value>| slim(session, table, row, lang);
    let entry = match table {
        Table::Users => Some(Entry::User),
        Table::Groups => Some(Entry::Group),
        Table::Departments => Some(Entry::Department),
        Table::Webhooks | Table::Files | Table::Counts => None,
    };
    if let (Some(entry), false) = (entry, text.is_empty()) {
        let found = session.cache.find(text, &[entry], most);
        let known =
            found.iter().filter_map(|found| crate::ops::row_of(&session.cache, table.name(), &found.id));
        return known.map(slim).collect();
    }
    let (mut shown, mut next) = (Vec::new(), Some(Cursor::default()));
    while let Some(from) = next.filter(|_| shown.len() < most) {
        let (page, then) = session.cache.page(table, from, PAGE.min(most), false);
        next = then;
        let holds = |row: &Map<String, Value>| row.values().any(|value| plain(value).contains(text));
        let left = most - shown.len();
        shown.extend(page.into_iter().filter(holds).take(left).map(slim));
    }
    shown
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn slim(session: &Session, table: Table, mut row: Map<String, Value>, lang: Lang) -> Map<String, Value> {
    let now = session.clock.seconds();
    let info = row.remove("info");
    let time = row.remove("timeStamp").and_then(|time| time.as_f64());
    for column in ["position", "listed", "counted", "chatId"] {
        row.remove(column);
    }
    match table {
        Table::Users if row.get("name").is_some_and(|name| name == "") => {
            let name = info.and_then(|mut info| info.get_mut("name").map(Value::take));
            row.extend(name.map(|name| ("name".to_owned(), name)));
        }
        Table::Groups => {
            let members = info.as_ref().and_then(|info| info.get("user_ids")).and_then(Value::as_array);
            row.insert("members".into(), members.map(Vec::len).into());
        }
        Table::Departments => {
            let id = row.get("id").and_then(Value::as_i64).unwrap_or(0);
            row.insert("name".into(), session.cache.department_path(id).into());
            let people = row.remove("members").and_then(|members| members.as_array().map(Vec::len));
            row.insert("people".into(), people.into());
        }
        Table::Webhooks => {
            let left = row.get("expired").and_then(Value::as_f64).map_or(0.0, |expired| expired - now);
            row.insert("expired".into(), (left <= 0.0).into());
        }
        Table::Users | Table::Files | Table::Counts => {}
    }
    if let Some(time) = time.filter(|time| *time > 0.0) {
        row.insert("age".into(), age_text(now - time, lang).into());
    }
    row
}

/// What the cache knows of a text, as a card; `None` when it knows nothing.
pub fn card(session: &Session, text: &str, lang: Lang) -> Option<Map<String, Value>> {
    let target = match text {
        text if text.starts_with("cid") => crate::api::Cached::Conversation(text.to_owned()),
        text => crate::api::Cached::Staff(text.to_owned()),
    };
    let mut card = lookup(&session.cache, &target)?.card(session);
    let age = card.get("age").and_then(Value::as_f64).unwrap_or(0.0);
    card.insert("age".into(), age_text(age, lang).into());
    Some(card)
}

/// `12:03:01  users update  林晓 (manager4220)`.
pub fn change_line(change: &Change, time: &str, show: &Show) -> String {
    let words = match change.op.as_str() {
        "insert" => Text::fixed("new", "新增"),
        "delete" => Text::fixed("deleted", "删除"),
        _ => Text::fixed("changed", "更新"),
    };
    let what =
        if change.name.is_empty() { change.key.clone() } else { format!("{} ({})", change.name, change.key) };
    let time = show.palette.paint(Role::Dim, time.split(' ').next_back().unwrap_or_default());
    format!("{time} cache.{} {}: {}", change.table, words.get(show.lang), super::text::escape(&what))
}

/// The API calls of the month against the quota, with bars.
pub fn usage(report: &UsageReport, show: &Show) -> String {
    let lang = show.lang;
    let (spent, quota) = (report.spent, report.quota);
    let share = if quota > 0.0 { spent as f64 / quota } else { 0.0 };
    let month = report.month.replace('_', "-");
    let head = Text::made(
        format!("API calls in {month}: {spent} of {quota} ({:.1} %)", share * 100.0),
        format!("{month} API 调用：{spent} / {quota}（{:.1} %）", share * 100.0),
    );
    let role = if share >= 0.8 { Role::Error } else { Role::Text };
    let mut out = show.palette.paint(Role::Heading, head.get(lang));
    out.push_str(&format!("\n{}\n", show.palette.paint(role, &bar(share, BAR))));
    let session = report.session;
    let mut notes = Text::made(format!("this session: {session}"), format!("本次会话：{session}"));
    if let Some(budget) = report.budget {
        let left = (budget - spent as f64).max(0.0);
        notes = Text::made(
            format!("{}; budget: {budget}, {left} left", notes.en),
            format!("{}；预算：{budget}，剩余 {left}", notes.zh),
        );
    }
    out.push_str(notes.get(lang));
    out.push('\n');
    out.push_str(&by_method(report, show));
    if report.days.len() > 1 {
        out.push_str(&by_day(report, show));
    }
    out.trim_end().to_owned()
}

fn by_method(report: &UsageReport, show: &Show) -> String {
    let other = Text::fixed("other programs", "其他程序");
    let name =
        |method: &str| if method.is_empty() { other.get(show.lang).to_owned() } else { method.to_owned() };
    let widest = report.methods.iter().map(|(method, ..)| width(&name(method))).max().unwrap_or(0);
    let most = report.methods.iter().map(|(_, month, _)| *month).max().unwrap_or(0).max(1);
    let mut out = String::new();
    for (method, month, session) in &report.methods {
        let cells = bar(*month as f64 / most as f64, SMALL_BAR);
        let here = if *session > 0 { format!(" (+{session})") } else { String::new() };
        let line = format!("  {} {cells} {month}{here}", pad(&name(method), widest));
        out.push_str(&format!("{}\n", wrap(&line, show.text_columns, 4).trim_end()));
    }
    out
}

fn by_day(report: &UsageReport, show: &Show) -> String {
    const STEPS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let most = report.days.values().max().copied().unwrap_or(0).max(1);
    let step = |count: u64| STEPS[usize::try_from(count * 7 / most).unwrap_or(0).min(7)];
    let line: String = report.days.values().map(|count| step(*count)).collect();
    let (first, last) = (report.days.keys().next(), report.days.keys().next_back());
    let days = first.zip(last).map(|(first, last)| format!("{first} … {last}")).unwrap_or_default();
    format!("  {line}  {}\n", show.palette.paint(Role::Dim, &days))
}

/// A share as a bar of so many cells.
fn bar(share: f64, cells: usize) -> String {
    let full = ((share * cells as f64).round().max(0.0) as usize).min(cells);
    let full = if share > 0.0 { full.max(1) } else { full };
    format!("{}{}", "█".repeat(full), "░".repeat(cells - full))
}

/// A row of this age was changed elsewhere since it was written: its time was set back to 1970.
const OUTDATED: f64 = 1e9;

/// `3 min`, `2 h`, `5 d`; `outdated` for what was changed elsewhere.
pub fn age_text(seconds: f64, lang: Lang) -> String {
    let seconds = seconds.max(0.0);
    if is_outdated(seconds) {
        return Text::fixed("outdated", "已失效").get(lang).to_owned();
    }
    let (count, unit) = match seconds {
        s if s < 60.0 => (s, Text::fixed("s", "秒")),
        s if s < 3600.0 => (s / 60.0, Text::fixed("min", "分钟")),
        s if s < 86_400.0 => (s / 3600.0, Text::fixed("h", "小时")),
        s => (s / 86_400.0, Text::fixed("d", "天")),
    };
    format!("{} {}", count as u64, unit.get(lang))
}

/// Whether something of this age is known to be no longer true.
pub fn is_outdated(seconds: f64) -> bool {
    seconds > OUTDATED
}

/// `1.2 MiB`.
pub fn size_text(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["B", "KiB", "MiB", "GiB"];
    let mut size = bytes as f64;
    let mut unit = 0;
    while size >= 1024.0 && unit + 1 < UNITS.len() {
        size /= 1024.0;
        unit += 1;
    }
    if unit == 0 { format!("{bytes} B") } else { format!("{size:.1} {}", UNITS[unit]) }
}

/// The rows as JSON for programs: as they stand in the cache.
pub fn table_json(session: &Session) -> Value {
    json!({ "stats": crate::ops::cache_stats(session), "tables": session.cache.tables() })
}
