//! The way to the terminal: results to stdout, everything else to stderr or above the prompt.

use std::borrow::Cow;
use std::io::{self, IsTerminal as _, Write};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget};
use parking_lot::Mutex;

use super::ascii::ascii;
use super::editor::Printer;
use super::terminal::Terminal;
use crate::lang::{Spoken, Text};

/// To the beginning of the line, which is emptied, and to the line above.
const CLEAR_AND_UP: &[u8] = b"\r\x1b[2K\x1b[1A";

/// Columns of a table when there is no window.
const COLUMNS: usize = 100;

/// Rows of a window that does not tell.
const ROWS: usize = 24;

/// Columns of text that is not for a window: a log or a pipe is not wrapped.
const UNLIMITED: usize = 4000;

/// The columns and lines of the window; [`None`] where there is none.
fn window() -> Option<(usize, usize)> {
    terminal_size::terminal_size()
        .map(|(width, height)| (usize::from(width.0), usize::from(height.0)))
        .filter(|(width, height)| *width > 0 && *height > 0)
}

/// Lines that a result at the prompt may take, so that the input above it and the cost and the prompt below it stay in the
/// window; [`None`] where no window is.
pub fn prompt_lines() -> Option<usize> {
    let (_, height) = window().filter(|_| io::stdout().is_terminal())?;
    Some(height.saturating_sub(4))
}

/// The rows of the window.
pub fn rows() -> usize {
    terminal_size::terminal_size().map_or(ROWS, |(_, height)| usize::from(height.0))
}

/// Columns for results.
pub fn table_columns() -> usize {
    window().map_or(COLUMNS, |(width, _)| width)
}

/// Columns for what stands on stdout in sentences, such as help.
pub fn text_columns() -> usize {
    if io::stdout().is_terminal() { table_columns() } else { UNLIMITED }
}

/// Columns for what stands on stderr.
pub fn note_columns() -> usize {
    if io::stderr().is_terminal() { table_columns() } else { UNLIMITED }
}

/// Writes above the line that is being typed, when there is one.
fn above_prompt(printer: Option<&Printer>, text: &str) -> bool {
    printer.is_some_and(|printer| printer.print(text))
}

/// Where text goes. While a prompt is shown its printer is set, and everything appears above the line.
#[derive(Default)]
pub struct Screen {
    printer: Mutex<Option<Printer>>,
    closed: AtomicBool,
    /// Why results could not be written, when it was not that nobody reads them.
    lost: Mutex<Option<io::Error>>,
    is_dumb: AtomicBool,
    /// The language of what the program says.
    pub spoken: Spoken,
    /// Only ASCII may be used for lines and dots: the locale is not one of UTF-8.
    plain: AtomicBool,
    bars: MultiProgress,
    /// How many bars are drawn.
    drawn: AtomicUsize,
    /// What waits while another program has the terminal.
    held: Mutex<Option<Vec<Held>>>,
}

/// Text that waits.
enum Held {
    Result(String),
    Note(String),
}

impl Screen {
    /// Sets or removes the printer of the prompt.
    pub fn set_printer(&self, printer: Option<Printer>) {
        *self.printer.lock() = printer;
    }

    /// True while the terminal is somebody else's: a prompt is shown, or another program.
    pub fn is_taken(&self) -> bool {
        self.printer.lock().is_some() || self.held.lock().is_some()
    }

    /// The terminal can do nothing but print.
    pub fn set_dumb(&self) {
        self.is_dumb.store(true, Ordering::Relaxed);
    }

    /// Whether there is a terminal that bars can be drawn on.
    pub fn draws(&self) -> bool {
        io::stderr().is_terminal() && !self.is_dumb.load(Ordering::Relaxed)
    }

    /// Draws a bar at the bottom of the terminal, below the others; it makes room for what is written.
    pub fn draw(&self, bar: ProgressBar) -> ProgressBar {
        self.drawn.fetch_add(1, Ordering::Relaxed);
        self.bars.add(bar)
    }

    /// Takes a bar away.
    pub fn erase(&self, bar: &ProgressBar) {
        bar.finish_and_clear();
        self.bars.remove(bar);
        self.drawn.fetch_sub(1, Ordering::Relaxed);
    }

    /// Ctrl-C was pressed while something ran: what follows begins on a line of its own.
    pub fn interrupted(&self) {
        if self.drawn.load(Ordering::Relaxed) > 0 && Terminal::shows_controls() {
            // A bar fills its line, so the terminal wrote `^C` on the next, where bars are not taken away.
            let _ = io::stderr().lock().write_all(CLEAR_AND_UP);
            self.bars.suspend(|| ());
        } else {
            self.note(""); // The terminal wrote `^C`.
        }
    }

    /// Writes a result to stdout, with a line break. False when nobody reads stdout any more.
    pub fn result(&self, text: &str) -> bool {
        if self.closed.load(Ordering::Relaxed) {
            return false;
        }
        if self.held.lock().as_mut().map(|held| held.push(Held::Result(text.to_owned()))).is_some() {
            return true;
        }
        let text = self.fit(text);
        // Tasks and handlers print while somebody types; no prompt is shown while this is written.
        let printer = self.printer.lock();
        if io::stdout().is_terminal() && above_prompt(printer.as_ref(), &text) {
            return true;
        }
        let written = self.bars.suspend(|| {
            let mut out = io::stdout().lock();
            out.write_all(text.as_bytes()).and_then(|()| out.write_all(b"\n")).and_then(|()| out.flush())
        });
        let Err(error) = written else { return true };
        self.closed.store(true, Ordering::Relaxed);
        if error.kind() != io::ErrorKind::BrokenPipe {
            *self.lost.lock() = Some(error);
        }
        false
    }

    /// Writes to stderr, or above the prompt. Nobody reading it is no reason to stop.
    pub fn note(&self, text: &str) {
        let text = text.trim_end_matches('\n');
        if self.held.lock().as_mut().map(|held| held.push(Held::Note(text.to_owned()))).is_some() {
            return;
        }
        let text = self.fit(text);
        let printer = self.printer.lock();
        if above_prompt(printer.as_ref(), &text) {
            return;
        }
        let _ = self.bars.suspend(|| writeln!(io::stderr().lock(), "{text}"));
    }

    /// Writes one of the program's own texts to stderr, or above the prompt.
    pub fn tell(&self, text: &Text) {
        self.note(text.get(self.spoken.get()));
    }

    /// From now on lines and dots are drawn in ASCII.
    pub fn use_ascii(&self) {
        self.plain.store(true, Ordering::Relaxed);
    }

    /// Whether lines and dots are drawn in ASCII.
    pub fn is_ascii(&self) -> bool {
        self.plain.load(Ordering::Relaxed)
    }

    /// `text` as this terminal can show it.
    pub fn fit<'a>(&self, text: &'a str) -> Cow<'a, str> {
        if self.plain.load(Ordering::Relaxed) { ascii(text) } else { Cow::Borrowed(text) }
    }

    /// Runs `work`, which has the terminal for itself: what others write meanwhile comes afterwards, bars too.
    pub fn hold<T>(&self, work: impl FnOnce() -> T) -> T {
        *self.held.lock() = Some(Vec::new());
        // A bar that moves, or goes, would take the lines above it along. One that cannot be cleared is not seen either.
        let _ = self.bars.clear();
        self.bars.set_draw_target(ProgressDrawTarget::hidden());
        let result = work();
        self.bars.set_draw_target(ProgressDrawTarget::stderr());
        let held = self.held.lock().take();
        for text in held.into_iter().flatten() {
            match text {
                Held::Result(text) => {
                    self.result(&text);
                }
                Held::Note(text) => self.note(&text),
            }
        }
        result
    }

    /// Why results were lost, such as a full disk; told once.
    pub fn lost(&self) -> Option<io::Error> {
        self.lost.lock().take()
    }

    /// True once stdout was found closed.
    pub fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Relaxed)
    }
}
