//! `%cache` and `%usage`: looking into the cache, and what was spent.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::{Command, Word};
use crate::cache::Table;
use crate::console::cache_view;
use crate::console::repl::{Next, Repl};
use crate::error::Error;
use crate::lang::Text;
use crate::ops::{Session, cache_tree};
use crate::script::view::View;
use crate::spec::nearest;

/// What can follow `%cache`.
const WORDS: &[&str] =
    &["users", "groups", "departments", "webhooks", "files", "counts", "show", "find", "tree", "watch"];

pub(super) const COMMANDS: &[Command] = &[
    Command {
        name: "cache",
        aliases: &[],
        usage: "[TABLE [TEXT] | show X | find TEXT | tree | watch [off]]",
        doc: Text::fixed("what the cache holds", "缓存中的内容"),
        more: Text::fixed(
            "Alone: the file, its tables and how fresh they are. `%cache users 张` lists people with 张 in name, pinyin or id; \
             `%cache show X` tells everything about one; `%cache watch` tells of rows as they change, by this program or \
             another. The object `cache` gives the same to scripts.",
            "单独使用时显示文件、各表及其新鲜度。`%cache users 张` 按姓名、拼音或 ID 列出人员；`%cache show X` 查看一项的全部内容；\
             `%cache watch` 实时显示变化的行（不论由哪个程序写入）。脚本中可使用对象 `cache`。",
        ),
        words: &[Word::OneOf(WORDS), Word::Free],
        example: "%cache users 林",
        run: |repl, args| cache(repl, args),
    },
    Command {
        name: "usage",
        aliases: &[],
        usage: "",
        doc: Text::fixed("API calls of this month", "本月的 API 调用"),
        more: Text::fixed(
            "Against the quota (`usage.quota` in the configuration) and the budget, by method and by day.",
            "与额度（配置项 `usage.quota`）及预算对照，按方法和日期统计。",
        ),
        words: &[],
        example: "%usage",
        run: |repl, _| usage(repl),
    },
];

fn usage(repl: &mut Repl<'_>) -> Next {
    let Some(session) = session(repl) else { return Next::Read };
    repl.screen.result(&cache_view::usage(&session.usage_report(), &repl.show));
    Next::Read
}

fn session(repl: &Repl<'_>) -> Option<Arc<Session>> {
    repl.interpreter.app().map(|live| live.0)
}

fn cache(repl: &mut Repl<'_>, args: &str) -> Next {
    let Some(session) = session(repl) else { return Next::Read };
    let (word, rest) = args.trim().split_once(char::is_whitespace).unwrap_or((args.trim(), ""));
    let rest = rest.trim();
    let table = Table::parse(word);
    match (word, table) {
        ("", _) => result(repl, &cache_view::overview(&session, &repl.show)),
        (_, Some(table)) => list(repl, &session, table, rest),
        ("show", _) => show(repl, &session, rest),
        ("find", _) => find(repl, &session, rest),
        ("tree", _) => tree(repl, &session),
        ("watch", _) => watch(repl, &session, rest),
        _ => repl.fail(unknown(word)),
    }
}

fn unknown(word: &str) -> Error {
    let all = WORDS.join(", ");
    let hint = match nearest(word, WORDS.iter().copied()) {
        Some(near) => {
            Text::made(format!("did you mean `%cache {near}`?"), format!("是否想写 `%cache {near}`？"))
        }
        None => Text::made(format!("there are: {all}"), format!("可用：{all}")),
    };
    Error::usage(format!("%cache knows no `{word}`"), format!("%cache 没有 `{word}`")).hint(hint)
}

fn result(repl: &Repl<'_>, text: &str) -> Next {
    repl.screen.result(text);
    Next::Read
}

fn list(repl: &Repl<'_>, session: &Session, table: Table, text: &str) -> Next {
    let rows = cache_view::rows(session, table, text, cache_view::SHOWN, repl.show.lang);
    if rows.is_empty() {
        return nothing(repl);
    }
    let shown = rows.len() as u64;
    table_of(repl, rows);
    let all = session.cache.count_rows(table);
    if text.is_empty() && all > shown {
        let more = Text::made(
            format!("{shown} of {all} rows; `%cache {} TEXT` looks for some", table.name()),
            format!("显示 {shown} / {all} 行；可用 `%cache {} 文本` 查找", table.name()),
        );
        repl.screen.note(more.get(repl.show.lang));
    }
    Next::Read
}

fn table_of(repl: &Repl<'_>, rows: Vec<Map<String, Value>>) {
    let rows = rows.into_iter().map(|row| View::from(Value::Object(row))).collect();
    repl.screen.result(&repl.show.renderer.value(&View::List(rows)));
}

fn nothing(repl: &Repl<'_>) -> Next {
    repl.screen.note(Text::fixed("the cache has nothing of that", "缓存中没有相关内容").get(repl.show.lang));
    Next::Read
}

fn show(repl: &mut Repl<'_>, session: &Session, text: &str) -> Next {
    if text.is_empty() {
        return repl.fail(Error::usage("%cache show needs a name or an id", "%cache show 需要姓名或 ID"));
    }
    match cache_view::card(session, text, repl.show.lang) {
        Some(card) => result(repl, &repl.show.renderer.value(&View::from(Value::Object(card)))),
        None => find(repl, session, text),
    }
}

fn find(repl: &Repl<'_>, session: &Session, text: &str) -> Next {
    let found = session.cache.find(text, crate::cache::Entry::ALL, cache_view::SHOWN);
    if found.is_empty() {
        return nothing(repl);
    }
    let now = session.clock.seconds();
    let rows = found.into_iter().map(|found| {
        let mut row = Map::new();
        row.insert("kind".into(), found.kind.name().into());
        row.insert("name".into(), found.name.into());
        row.insert("id".into(), found.id.into());
        row.insert("age".into(), cache_view::age_text(now - found.time, repl.show.lang).into());
        row
    });
    table_of(repl, rows.collect());
    Next::Read
}

fn tree(repl: &Repl<'_>, session: &Session) -> Next {
    let text = cache_tree(&session.cache, repl.show.lang);
    if !text.is_empty() {
        return result(repl, &text);
    }
    let hint = Text::fixed(
        "no departments yet: `app.warm(#{departments: true})` walks the organisation",
        "还没有部门：`app.warm(#{departments: true})` 会遍历组织架构",
    );
    repl.screen.note(hint.get(repl.show.lang));
    Next::Read
}

fn watch(repl: &mut Repl<'_>, session: &Arc<Session>, word: &str) -> Next {
    let lang = repl.show.lang;
    let said = match word {
        "off" if session.stop_watching_cache() => {
            Text::fixed("no longer watching the cache", "已停止监视缓存")
        }
        "off" => Text::fixed("the cache is not being watched", "没有在监视缓存"),
        _ => {
            let (screen, show, clock) = (Arc::downgrade(&repl.screen), repl.show, session.clock.clone());
            let started = session.watch_cache(move |change| {
                if let Some(screen) = screen.upgrade() {
                    screen.note(&cache_view::change_line(change, &clock.local_time(change.time), &show));
                }
            });
            match started {
                Ok(true) => Text::fixed(
                    "changes of the cache are told from now on; `%cache watch off` ends it",
                    "从现在起显示缓存的变化；`%cache watch off` 停止",
                ),
                Ok(false) => Text::fixed("the cache is being watched already", "已经在监视缓存"),
                Err(error) => return repl.fail(error),
            }
        }
    };
    repl.screen.note(said.get(lang));
    Next::Read
}
