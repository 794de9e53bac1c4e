//! The way to the terminal: results to stdout, everything else to stderr or above the prompt.

use std::borrow::Cow;
use std::io::{self, IsTerminal as _, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use indicatif::MultiProgress;
use parking_lot::Mutex;

use super::ascii::ascii;
use super::editor::Printer;
use crate::lang::{Spoken, Text};

/// Columns of a table when there is no window.
const COLUMNS: usize = 100;

/// Columns of text that is not for a window: a log or a pipe is not wrapped.
const UNLIMITED: usize = 4000;

/// The columns of the window; [`None`] where there is none.
fn window() -> Option<usize> {
    terminal_size::terminal_size().map(|(width, _)| usize::from(width.0))
}

/// Columns for results.
pub fn table_columns() -> usize {
    window().unwrap_or(COLUMNS)
}

/// Columns for what stands on stdout in sentences, such as help.
pub fn text_columns() -> usize {
    if io::stdout().is_terminal() { table_columns() } else { UNLIMITED }
}

/// Columns for what stands on stderr.
pub fn note_columns() -> usize {
    if io::stderr().is_terminal() { table_columns() } else { UNLIMITED }
}

/// Where text goes. While a prompt is shown its printer is set, and notes appear above the line.
#[derive(Default)]
pub struct Screen {
    printer: Mutex<Option<Printer>>,
    closed: AtomicBool,
    /// The language of what the program says.
    pub spoken: Spoken,
    /// Only ASCII may be used for lines and dots: the locale is not one of UTF-8.
    plain: AtomicBool,
    bars: MultiProgress,
}

impl Screen {
    /// Sets or removes the printer of the prompt.
    pub fn set_printer(&self, printer: Option<Printer>) {
        *self.printer.lock() = printer;
    }

    /// True while a prompt is shown.
    pub fn is_prompting(&self) -> bool {
        self.printer.lock().is_some()
    }

    /// The bars at the bottom of the terminal; they make room for what is written.
    pub fn bars(&self) -> &MultiProgress {
        &self.bars
    }

    /// Writes a result to stdout, with a line break. False when nobody reads stdout any more.
    pub fn result(&self, text: &str) -> bool {
        if self.closed.load(Ordering::Relaxed) {
            return false;
        }
        let text = self.fit(text);
        let written = self.bars.suspend(|| {
            let mut out = io::stdout().lock();
            out.write_all(text.as_bytes()).and_then(|()| out.write_all(b"\n")).and_then(|()| out.flush())
        });
        if written.is_err() {
            self.closed.store(true, Ordering::Relaxed);
        }
        written.is_ok()
    }

    /// Writes to stderr, or above the prompt. Nobody reading it is no reason to stop.
    pub fn note(&self, text: &str) {
        let text = self.fit(text.trim_end_matches('\n'));
        if let Some(printer) = &*self.printer.lock()
            && printer.print(text.as_ref())
        {
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

    /// `text` as this terminal can show it.
    pub fn fit<'a>(&self, text: &'a str) -> Cow<'a, str> {
        if self.plain.load(Ordering::Relaxed) { ascii(text) } else { Cow::Borrowed(text) }
    }

    /// True once stdout was found closed.
    pub fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Relaxed)
    }
}
