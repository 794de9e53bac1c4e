//! People, groups and departments out of the cache.

use super::values::Sources;
use crate::cache::{Entry, Found};
use crate::console::editor::Candidate;
use crate::lang::{Lang, Text};

/// The most that are listed.
const MOST: usize = 50;

/// Those whose name, pinyin, initials or id fits; the id is what is inserted.
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
    cache.find(typed, kinds, MOST).into_iter().map(candidate).collect()
}

/// How long ago it was written down; a row that would be fetched anew is marked.
fn age(seconds: f64, lifetime: f64, lang: Lang) -> String {
    let seconds = seconds.max(0.0);
    let (count, en, zh) = match seconds {
        s if s < 60.0 => (s, "s", "秒"),
        s if s < 3600.0 => (s / 60.0, "min", "分钟"),
        s if s < 86_400.0 => (s / 3600.0, "h", "小时"),
        s => (s / 86_400.0, "d", "天"),
    };
    let count = count.floor();
    let text = Text::made(format!("{count} {en} ago"), format!("{count} {zh}前"));
    let stale = Text::fixed(", stale", "，已过期");
    format!("{}{}", text.get(lang), if seconds < lifetime { "" } else { stale.get(lang) })
}

#[cfg(test)]
mod tests {
    use super::age;
    use crate::lang::Lang;

    #[test]
    fn ages_are_told() {
        for (seconds, en, zh) in [
            (5.9, "5 s ago", "5 秒前"),
            (120.0, "2 min ago", "2 分钟前"),
            (7_300.0, "2 h ago, stale", "2 小时前，已过期"),
            (864_000.0, "10 d ago, stale", "10 天前，已过期"),
            (-3.0, "0 s ago", "0 秒前"),
        ] {
            assert_eq!(
                (age(seconds, 3600.0, Lang::En), age(seconds, 3600.0, Lang::Zh)),
                (en.into(), zh.into())
            );
        }
    }
}
