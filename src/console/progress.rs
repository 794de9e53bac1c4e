//! Bars for transfers that take a while, on stderr and only on a terminal.

use std::collections::HashMap;
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use parking_lot::Mutex;

use super::screen::Screen;
use crate::ops::{Transfer, Watcher};

/// What is over sooner shows no bar.
const PATIENCE: Duration = Duration::from_millis(500);

/// With and without a known end.
const KNOWN: &str = "{msg} [{bar:24}] {bytes}/{total_bytes}";
const UNKNOWN: &str = "{msg} {spinner} {bytes}";

/// A transfer that was seen.
struct Seen {
    since: Instant,
    bar: Option<ProgressBar>,
}

/// Shows the transfers of a session above whatever `screen` writes.
pub fn watcher(screen: Weak<Screen>) -> Watcher {
    let seen = Mutex::new(HashMap::<u64, Seen>::new());
    Arc::new(move |transfer: &Transfer<'_>| {
        let Some(screen) = screen.upgrade() else { return };
        let mut seen = seen.lock();
        if transfer.over {
            if let Some(bar) = seen.remove(&transfer.id).and_then(|seen| seen.bar) {
                bar.finish_and_clear();
            }
            return;
        }
        let entry = seen.entry(transfer.id).or_insert_with(|| Seen { since: Instant::now(), bar: None });
        // A bar below a prompt would tear the line that is being typed.
        if entry.bar.is_none() && entry.since.elapsed() >= PATIENCE && !screen.is_prompting() {
            entry.bar = Some(screen.bars().add(bar(transfer)));
        }
        if let Some(bar) = &entry.bar {
            bar.set_position(transfer.done);
        }
    })
}

/// Not drawn yet: that is up to the bars it is added to.
fn bar(transfer: &Transfer<'_>) -> ProgressBar {
    let template = if transfer.total.is_some() { KNOWN } else { UNKNOWN };
    // The templates are ours; one that cannot be read leaves the library's own look.
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    let name: String = transfer.name.chars().filter(|c| !c.is_control()).collect();
    ProgressBar::with_draw_target(transfer.total, ProgressDrawTarget::hidden())
        .with_style(style)
        .with_message(name)
}
