//! What long calls do: steps as notes, bars for what takes a while; bars on stderr and only on a terminal.

use std::collections::HashMap;
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use parking_lot::Mutex;

use super::screen::Screen;
use crate::lang::Lang;
use crate::ops::{Progress, Transfer, Watcher};

/// What is over sooner shows no bar.
const PATIENCE: Duration = Duration::from_millis(500);

/// With and without a known end, and for text.
const KNOWN: &str = "{msg} [{bar:24}] {bytes}/{total_bytes}";
const UNKNOWN: &str = "{msg} {spinner} {bytes}";
const COUNT: &str = "{msg} [{bar:24}] {pos}/{len}";
const TEXT: &str = "{msg} {spinner} {pos}";

/// Something under way that was seen.
struct Seen {
    since: Instant,
    bar: Option<ProgressBar>,
}

/// Shows what long calls of a session do, in `lang`; bars only where `bars` says there is a terminal for them.
pub fn watcher(screen: Weak<Screen>, lang: Lang, bars: bool) -> Watcher {
    let seen = Mutex::new(HashMap::<String, Seen>::new());
    Arc::new(move |progress: &Progress<'_>| {
        let Some(screen) = screen.upgrade() else { return };
        match progress {
            Progress::Step(step) => screen.note(step.get(lang)),
            Progress::Transfer(transfer) if bars => {
                let key = format!("transfer {}", transfer.id);
                advance(&seen, &screen, key, transfer.done, transfer.over, || file_bar(transfer));
            }
            Progress::Card { out_track_id, characters, done } if bars => {
                let count = u64::try_from(*characters).unwrap_or(u64::MAX);
                advance(&seen, &screen, format!("card {out_track_id}"), count, *done, || {
                    styled("AICard", None, TEXT)
                });
            }
            Progress::Count { what, done, total, over } if bars => {
                let what = what.get(lang);
                let (done, total) = (*done as u64, *total as u64);
                advance(&seen, &screen, format!("count {what}"), done, *over, || {
                    styled(what, Some(total), COUNT)
                });
            }
            Progress::Transfer(_) | Progress::Card { .. } | Progress::Count { .. } => {}
        }
    })
}

/// Moves the bar of `key`, makes it when patience is over, and takes it away at the end.
fn advance(
    seen: &Mutex<HashMap<String, Seen>>,
    screen: &Screen,
    key: String,
    position: u64,
    over: bool,
    bar: impl FnOnce() -> ProgressBar,
) {
    let mut seen = seen.lock();
    if over {
        if let Some(bar) = seen.remove(&key).and_then(|seen| seen.bar) {
            bar.finish_and_clear();
        }
        return;
    }
    let entry = seen.entry(key).or_insert_with(|| Seen { since: Instant::now(), bar: None });
    // A bar below a prompt would tear the line that is being typed.
    if entry.bar.is_none() && entry.since.elapsed() >= PATIENCE && !screen.is_prompting() {
        entry.bar = Some(screen.bars().add(bar()));
    }
    if let Some(bar) = &entry.bar {
        bar.set_position(position);
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
    ProgressBar::with_draw_target(total, ProgressDrawTarget::hidden()).with_style(style).with_message(name)
}
