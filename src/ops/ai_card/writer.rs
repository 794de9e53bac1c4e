//! Writes a text while it comes: merges what comes faster than it may be sent, slows down when DingTalk asks for it, and always
//! says a last word.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::Receiver;
use tokio::time::{Instant, sleep_until};

use super::frame::{Mark, Way, is_passing};
use super::growing::Growing;
use super::rules::Rules;
use super::source::{Event, nothing};
use crate::error::{Error, Kind, Result, Sent};
use crate::lang::Lang;
use crate::model::{AiCard, Shared};
use crate::ops::{Context, Progress};

/// How often in a row a frame may fail.
const MOST_FAILURES: u32 = 5;

/// The slowest pace.
const SLOWEST: Duration = Duration::from_secs(8);

/// What stands in a failed card without a word: DingTalk refuses empty frames.
const NO_WORD: &str = "…";

/// How fast frames follow each other.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
    /// The least time between two frames, the last one included.
    pub(super) floor: Duration,
    /// The least time between two updates.
    pub(super) interval: Duration,
    /// The least new characters of an update.
    pub(super) characters: usize,
}

/// Why the text ended.
enum Ending {
    Complete,
    Stopped,
    TooLong,
    Interrupted,
    Failed(Error),
}

/// A card under the pen.
pub(super) struct Writer<'a> {
    cx: &'a Context,
    way: Way,
    rules: &'a Rules,
    pace: Pace,
    card: &'a Shared<AiCard>,
    growing: Growing,
    /// Characters of the last frame that arrived.
    written: usize,
    changed: bool,
    failures: u32,
    due: Instant,
    last: Option<Instant>,
}

impl<'a> Writer<'a> {
    pub(super) fn new(
        cx: &'a Context,
        way: Way,
        rules: &'a Rules,
        pace: Pace,
        card: &'a Shared<AiCard>,
        growing: Growing,
    ) -> Self {
        card.write().text.clear();
        let due = Instant::now();
        Self { cx, way, rules, pace, card, growing, written: 0, changed: false, failures: 0, due, last: None }
    }

    /// Writes until the source ends or a rule ends it, and gives the whole text.
    pub(super) async fn write(mut self, events: &mut Receiver<Event>) -> Result<String> {
        let ending = self.follow(events).await;
        self.close(ending).await.map(|()| self.growing.text().to_owned())
    }

    async fn follow(&mut self, events: &mut Receiver<Event>) -> Ending {
        let flight = Arc::clone(&self.cx.flight);
        loop {
            tokio::select! {
                biased;
                () = flight.ending() => return Ending::Interrupted,
                event = events.recv() => match event {
                    Some(Event::Piece(piece)) if self.take(&piece) => return Ending::TooLong,
                    Some(Event::Piece(_)) => {}
                    Some(Event::End) | None => return Ending::Complete,
                    Some(Event::Stop) => return Ending::Stopped,
                    Some(Event::Failed(error)) => return Ending::Failed(error),
                },
                // Pieces that are there already go into the frame, unless that would put it off for ever.
                () = sleep_until(self.due), if self.is_worth_a_frame() => {
                    if let Err(error) = self.frame().await {
                        return Ending::Failed(error);
                    }
                }
            }
            if self.is_worth_a_frame()
                && Instant::now() > self.due + self.pace.interval
                && let Err(error) = self.frame().await
            {
                return Ending::Failed(error);
            }
        }
    }

    /// Takes a piece; true when the text is too long and was cut.
    fn take(&mut self, piece: &str) -> bool {
        if !self.growing.push(piece) {
            return false;
        }
        self.changed = true;
        let cut = self.growing.cut(self.rules.most);
        self.growing.text().clone_into(&mut self.card.write().text);
        self.progress(false);
        cut
    }

    fn is_worth_a_frame(&self) -> bool {
        self.changed && self.growing.characters().abs_diff(self.written) >= self.pace.characters
    }

    /// A frame in between. When it does not get through its text goes with the next one.
    async fn frame(&mut self) -> Result<()> {
        let guid = self.cx.session.clock.uuid();
        let put = self.way.put(self.cx, self.growing.text(), Mark::More, &guid).await;
        match put {
            Ok(()) => {
                self.failures = 0;
                self.written = self.growing.characters();
                self.changed = false;
            }
            Err(error) if is_passing(&error) && self.failures < MOST_FAILURES => self.slow_down(&error),
            Err(error) => return Err(error),
        }
        self.pause();
        Ok(())
    }

    fn pause(&mut self) {
        let now = Instant::now();
        self.last = Some(now);
        self.due = now + self.pace.interval;
    }

    fn slow_down(&mut self, error: &Error) {
        self.failures += 1;
        let slower = (self.pace.interval * 2).max(self.pace.floor).min(SLOWEST.max(self.pace.interval));
        self.pace.interval = slower;
        let (seconds, zh) = (slower.as_secs_f64(), error.text(Lang::Zh));
        tracing::warn!(target: "dingraia", zh = %format!("{zh}；卡片改为每 {seconds} 秒更新"), "{error}; the card goes on every {seconds} s");
    }

    /// The last word.
    async fn close(&mut self, ending: Ending) -> Result<()> {
        match ending {
            Ending::Complete if self.growing.text().is_empty() => self.fail(nothing()).await,
            Ending::Complete => self.finish().await,
            Ending::Stopped => self.finish_with(&self.rules.note.clone()).await,
            Ending::TooLong => self.finish_with(&self.rules.length_note(self.cx)).await,
            Ending::Interrupted => {
                self.finish_with(&self.rules.note.clone()).await?;
                Err(Error::new(Kind::Interrupted { sent: Some(Sent::Yes), by_timeout: false }))
            }
            Ending::Failed(error) => self.fail(error).await,
        }
    }

    async fn finish_with(&mut self, note: &str) -> Result<()> {
        self.growing.add(note);
        if self.growing.text().is_empty() {
            self.growing.add(NO_WORD);
        }
        self.growing.text().clone_into(&mut self.card.write().text);
        self.finish().await
    }

    /// The same frame until it gets through: it has the same `guid`, so it cannot count twice.
    async fn finish(&mut self) -> Result<()> {
        let guid = self.cx.session.clock.uuid();
        self.failures = 0;
        let mut wait = self.pace.floor;
        loop {
            if let Some(last) = self.last {
                sleep_until(last + wait).await;
            }
            match self.way.put(self.cx, self.growing.text(), Mark::Last, &guid).await {
                Ok(()) => return Ok(()),
                Err(error) if is_passing(&error) && self.failures < MOST_FAILURES => self.slow_down(&error),
                Err(error) => return Err(error),
            }
            self.pause();
            wait = self.pace.interval;
        }
    }

    /// Shows that the card failed. When even that does not get through, the first error is the one to tell.
    async fn fail(&mut self, error: Error) -> Result<()> {
        if let Some(last) = self.last {
            sleep_until(last + self.pace.floor).await;
        }
        let text = Some(self.growing.text()).filter(|text| !text.is_empty()).unwrap_or(NO_WORD);
        let guid = self.cx.session.clock.uuid();
        if let Err(second) = self.way.put(self.cx, text, Mark::Failed, &guid).await {
            tracing::warn!(target: "dingraia", zh = %format!("无法将卡片标记为失败：{}", second.text(Lang::Zh)), "the card could not be marked as failed: {second}");
        }
        Err(error)
    }

    fn progress(&self, done: bool) {
        self.cx.session.progress(&Progress::Card {
            out_track_id: self.way.out_track_id().to_owned(),
            characters: self.growing.characters(),
            done,
        });
    }
}

/// However it ended.
impl Drop for Writer<'_> {
    fn drop(&mut self) {
        self.progress(true);
    }
}
