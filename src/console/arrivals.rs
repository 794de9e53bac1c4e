//! What arrives, above the prompt: a line each, and not more of them than can be read.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use parking_lot::Mutex;

use super::host::Answered;
use super::screen::{Screen, note_columns};
use super::style::{Palette, Role};
use super::text::{cut, escape};
use crate::lang::{Spoken, Text};
use crate::script::Arrived;

/// So many lines a second are shown; the rest is counted.
const MOST: u32 = 10;

/// Shows arrivals.
pub struct Arrivals {
    screen: Arc<Screen>,
    palette: Palette,
    spoken: Spoken,
    /// Makes the time of day of Unix milliseconds.
    time_of_day: Box<dyn Fn(i64) -> String + Send + Sync>,
    muted: AtomicBool,
    pace: Mutex<Pace>,
}

#[derive(Default)]
struct Pace {
    begun: Option<Instant>,
    shown: u32,
    left_out: u64,
}

impl Arrivals {
    /// Shows on `screen`.
    pub fn new(
        screen: Arc<Screen>,
        palette: Palette,
        spoken: Spoken,
        time_of_day: impl Fn(i64) -> String + Send + Sync + 'static,
    ) -> Arc<Self> {
        let (muted, pace) = Default::default();
        Arc::new(Self { screen, palette, spoken, time_of_day: Box::new(time_of_day), muted, pace })
    }

    /// Shows one, unless they are muted or too many.
    pub fn show(&self, arrived: &Arrived) {
        if self.has_room() {
            self.screen.note(&self.line(arrived, note_columns()));
        }
    }

    /// Shows what the robot of the practice organisation says.
    pub fn show_answer(&self, answered: &Answered) {
        if self.has_room() {
            let robot = Text::fixed("robot", "机器人");
            let (place, text) = (escape(&answered.place), escape(&answered.text));
            let text = format!("{place} {}: {text}", robot.get(self.spoken.get()));
            self.screen.note(&self.timed(answered.time, &text, note_columns()));
        }
    }

    /// Whether one more may be shown; says how many were not.
    fn has_room(&self) -> bool {
        if self.is_muted() {
            return false;
        }
        let left_out = {
            let mut pace = self.pace.lock();
            let now = Instant::now();
            if pace.begun.is_none_or(|begun| now.duration_since(begun) >= Duration::from_secs(1)) {
                pace.begun = Some(now);
                pace.shown = 0;
            }
            if pace.shown >= MOST {
                pace.left_out += 1;
                return false;
            }
            pace.shown += 1;
            std::mem::take(&mut pace.left_out)
        };
        if left_out > 0 {
            let text = Text::made(
                format!("… {left_out} more; `%events` shows the last"),
                format!("… 另有 {left_out} 条；`%events` 查看最近的"),
            );
            self.screen.note(&self.palette.paint(Role::Dim, text.get(self.spoken.get())));
        }
        true
    }

    /// One arrival on one line of at most `columns` columns.
    pub fn line(&self, arrived: &Arrived, columns: usize) -> String {
        self.timed(arrived.time, &line_text(arrived), columns)
    }

    fn timed(&self, millis: i64, text: &str, columns: usize) -> String {
        let time = (self.time_of_day)(millis);
        let room = columns.saturating_sub(time.len() + 1);
        format!("{} {}", self.palette.paint(Role::Dim, &time), cut(text, room))
    }

    /// Shows nothing from now on, or shows again.
    pub fn mute(&self, muted: bool) {
        self.muted.store(muted, Ordering::Relaxed);
    }

    /// Whether nothing is shown.
    pub fn is_muted(&self) -> bool {
        self.muted.load(Ordering::Relaxed)
    }
}

/// Group, person and text, made harmless.
fn line_text(arrived: &Arrived) -> String {
    let mut parts = Vec::new();
    if !arrived.group.is_empty() {
        parts.push(escape(&arrived.group).into_owned());
    }
    let who = escape(&arrived.who);
    if arrived.is_message {
        parts.push(format!("{who}:"));
    } else {
        parts.push(arrived.name.to_owned());
        parts.extend(Some(who.into_owned()).filter(|who| !who.is_empty()));
    }
    parts.push(escape(&arrived.text).into_owned());
    parts.join(" ").trim_end().to_owned()
}
