//! The way to the terminal: results to stdout, everything else to stderr or above the prompt.

use std::io::{self, IsTerminal as _, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use indicatif::MultiProgress;
use parking_lot::Mutex;

use super::editor::Printer;

/// Columns of a table when there is no window.
const COLUMNS: usize = 100;

/// Rows of a window that does not tell.
const ROWS: usize = 24;

/// Columns of text that is not for a window: a log or a pipe is not wrapped.
const UNLIMITED: usize = 4000;

/// The columns of the window; [`None`] where there is none.
fn window() -> Option<usize> {
    terminal_size::terminal_size().map(|(width, _)| usize::from(width.0))
}

/// The rows of the window.
pub fn rows() -> usize {
    terminal_size::terminal_size().map_or(ROWS, |(_, height)| usize::from(height.0))
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
        let text = text.trim_end_matches('\n');
        if let Some(printer) = &*self.printer.lock()
            && printer.print(text)
        {
            return;
        }
        let _ = self.bars.suspend(|| writeln!(io::stderr().lock(), "{text}"));
    }

    /// True once stdout was found closed.
    pub fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Relaxed)
    }
}
