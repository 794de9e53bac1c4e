//! People, groups and departments out of the cache.

use super::values::Sources;
use crate::cache::{Cache, Cursor, Entry, Found, Table};
use crate::console::cache_view::{age_text, is_outdated};
use crate::console::editor::Candidate;
use crate::lang::{Lang, Text};

/// The most that are listed.
const MOST: usize = 50;

/// Those whose name, pinyin, initials or id fits; the id is what is inserted. Without a letter some of all.
pub(super) fn look_up(sources: &Sources<'_>, kinds: &[Entry], typed: &str) -> Vec<Candidate> {
    let Some(app) = sources.session.app.as_ref().filter(|_| !kinds.is_empty()) else { return Vec::new() };
    let (cache, now) = (&app.0.cache, app.0.clock.seconds());
    let lifetimes = &app.0.config.data_cache_time;
    let candidate = |found: Found| {
        let lifetime = if found.kind == Entry::Group { lifetimes.group } else { lifetimes.user };
        let age = age(now - found.time, lifetime, sources.lang);
        let is_nameless = found.name.is_empty();
        Candidate {
            note: if is_nameless { age } else { format!("{} · {age}", found.id) },
            display: if is_nameless { found.id.clone() } else { found.name },
            is_prefix: found.id.starts_with(typed),
            replacement: found.id,
        }
    };
    let found = if typed.is_empty() { first(cache, kinds) } else { cache.find(typed, kinds, MOST) };
    found.into_iter().map(candidate).collect()
}

/// Some of those that the cache knows by id.
fn first(cache: &Cache, kinds: &[Entry]) -> Vec<Found> {
    let mut found = Vec::new();
    for kind in kinds {
        let (table, key) = match kind {
            Entry::User => (Table::Users, "staffId"),
            Entry::Group => (Table::Groups, "openConversationId"),
            Entry::Department => (Table::Departments, "id"),
        };
        let (mut from, end) = (Some(Cursor::default()), found.len() + MOST);
        while let Some(cursor) = from.filter(|_| found.len() < end) {
            let (rows, next) = cache.page(table, cursor, end - found.len(), false);
            from = next;
            for row in rows {
                let text = |name: &str| match row.get(name) {
                    Some(serde_json::Value::String(text)) => text.clone(),
                    Some(serde_json::Value::Number(number)) => number.to_string(),
                    _ => String::new(),
                };
                let time = row.get("timeStamp").and_then(serde_json::Value::as_f64).unwrap_or(0.0);
                let (id, name) = (text(key), text("name"));
                if !id.is_empty() {
                    found.push(Found { kind: *kind, id, name, time });
                }
            }
        }
    }
    found
}

/// How long ago it was written down; a row that would be fetched anew is marked.
fn age(seconds: f64, lifetime: f64, lang: Lang) -> String {
    let time = age_text(seconds, lang);
    if is_outdated(seconds) {
        return time;
    }
    let text = if seconds < lifetime {
        Text::made(format!("{time} ago"), format!("{time}前"))
    } else {
        Text::made(format!("{time} ago, stale"), format!("{time}前，已过期"))
    };
    text.get(lang).to_owned()
}

#[cfg(test)]
mod tests {
    use super::age;
    use crate::lang::Lang;

    #[test]
    fn ages_are_told() {
        let both = |seconds| (age(seconds, 3600.0, Lang::En), age(seconds, 3600.0, Lang::Zh));
        assert_eq!(both(125.0), ("2 min ago".into(), "2 分钟前".into()));
        assert_eq!(both(864_000.0), ("10 d ago, stale".into(), "10 天前，已过期".into()));
    }
}
