//! What long calls do: steps as notes, bars for what takes a while; bars on stderr and only on a terminal.

use std::collections::HashMap;
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use parking_lot::Mutex;

use super::screen::Screen;
use crate::lang::{Lang, Text};
use crate::ops::{Progress, Transfer, Wait, Watcher};

/// What is over sooner shows no bar.
const PATIENCE: Duration = Duration::from_millis(500);

/// With and without a known end, and for text.
const KNOWN: &str = "{msg} [{bar:24}] {bytes}/{total_bytes}";
const UNKNOWN: &str = "{msg} {spinner} {bytes}";
const TEXT: &str = "{msg} {spinner} {pos}";
const ITEMS: &str = "{msg} [{bar:24}] {pos}/{len}";
const WAITING: &str = "{spinner} {msg}";

/// Marks that every terminal has.
const BAR: &str = "=> ";
const SPINNER: &str = r"-\|/ ";

/// Something under way that was seen.
struct Seen {
    since: Instant,
    bar: Option<ProgressBar>,
}

/// Shows what long calls of a session do; bars only where `bars` says there is a terminal for them.
pub fn watcher(screen: Weak<Screen>, bars: bool) -> Watcher {
    let (seen, waits) = (Mutex::new(HashMap::<String, Seen>::new()), Mutex::new(HashMap::new()));
    Arc::new(move |progress: &Progress<'_>| {
        let Some(screen) = screen.upgrade() else { return };
        let lang = screen.spoken.get();
        match progress {
            Progress::Step(step) => screen.tell(step),
            Progress::Transfer(transfer) if bars => {
                let key = format!("transfer {}", transfer.id);
                advance(&seen, &screen, key, At { place: transfer.done, over: transfer.over }, || {
                    file_bar(transfer)
                });
            }
            Progress::Items(items) if bars => {
                let at = At { place: count(items.done), over: items.over };
                advance(&seen, &screen, format!("items {}", items.id), at, || {
                    styled(items.name, Some(count(items.total)), ITEMS)
                });
            }
            Progress::Card { out_track_id, characters, done } if bars => {
                let at = At { place: count(*characters), over: *done };
                advance(&seen, &screen, format!("card {out_track_id}"), at, || styled("AICard", None, TEXT));
            }
            Progress::Waiting(wait) => waiting(&seen, &waits, &screen, wait, lang, bars),
            Progress::Count { what, done, total, over } if bars => {
                let what = what.get(lang);
                advance(
                    &seen,
                    &screen,
                    format!("count {what}"),
                    At { place: count(*done), over: *over },
                    || styled(what, Some(count(*total)), ITEMS),
                );
            }
            Progress::Transfer(_) | Progress::Items(_) | Progress::Card { .. } | Progress::Count { .. } => {}
        }
    })
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

/// Calls that wait for a limit, as one line about the next of them; without bars as one line of the log.
fn waiting(
    seen: &Mutex<HashMap<String, Seen>>,
    waits: &Mutex<HashMap<u64, Duration>>,
    screen: &Screen,
    wait: &Wait<'_>,
    lang: Lang,
    bars: bool,
) {
    let mut waits = waits.lock();
    let is_first = waits.is_empty();
    if wait.over {
        waits.remove(&wait.id);
    } else {
        waits.insert(wait.id, wait.left);
    }
    let left = waits.values().min().map(|left| left.as_secs_f64().ceil());
    drop(waits);
    let text = |left: f64| {
        let call = wait.call;
        Text::made(
            format!("{call}: waiting {left} s to keep DingTalk's limit"),
            format!("{call}：为遵守钉钉的频率限制等待 {left} 秒"),
        )
    };
    if bars {
        let at = At { place: 0, over: left.is_none() };
        advance(seen, screen, "waiting".into(), at, || styled("", None, WAITING));
        if let (Some(left), Some(bar)) = (left, seen.lock().get("waiting").and_then(|seen| seen.bar.as_ref()))
        {
            bar.set_message(text(left).get(lang).to_owned());
        }
    } else if is_first && !wait.over {
        let text = text(wait.left.as_secs_f64().ceil());
        tracing::warn!(target: "dingraia", zh = %text.zh, "{}", text.en);
    }
}

/// How far something is.
#[derive(Clone, Copy)]
struct At {
    place: u64,
    /// Nothing follows.
    over: bool,
}

/// Moves the bar of `key`, makes it when patience is over, and takes it away at the end.
fn advance(
    seen: &Mutex<HashMap<String, Seen>>,
    screen: &Screen,
    key: String,
    at: At,
    bar: impl FnOnce() -> ProgressBar,
) {
    let mut seen = seen.lock();
    if at.over {
        if let Some(bar) = seen.remove(&key).and_then(|seen| seen.bar) {
            screen.erase(&bar);
        }
        return;
    }
    let entry = seen.entry(key).or_insert_with(|| Seen { since: Instant::now(), bar: None });
    // A bar below a prompt would tear the line that is being typed.
    if screen.is_taken() {
        if let Some(bar) = entry.bar.take() {
            screen.erase(&bar);
        }
    } else if entry.bar.is_none() && entry.since.elapsed() >= PATIENCE {
        entry.bar = Some(screen.draw(bar()));
    }
    if let Some(bar) = &entry.bar {
        bar.set_position(at.place);
    }
}

fn file_bar(transfer: &Transfer<'_>) -> ProgressBar {
    styled(transfer.name, transfer.total, if transfer.total.is_some() { KNOWN } else { UNKNOWN })
}

/// Not drawn yet: that is up to the bars it is added to.
fn styled(name: &str, total: Option<u64>, template: &str) -> ProgressBar {
    // The templates are ours; one that cannot be read leaves the library's own look.
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    let name: String = name.chars().filter(|c| !c.is_control()).collect();
    ProgressBar::with_draw_target(total, ProgressDrawTarget::hidden())
        .with_style(style.progress_chars(BAR).tick_chars(SPINNER))
        .with_message(name)
}
