//! Logs: to stderr, or above the prompt. Only this program's own targets: libraries would log addresses with secrets.

use std::io;
use std::sync::Arc;

use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::cli::{Global, Output};
use crate::console::screen::Screen;

/// Starts logging at the level that `-q` and `-v` ask for.
pub(super) fn start(global: &Global, screen: &Arc<Screen>, color: bool) {
    // With `-o json` stderr is for the one line of an error, unless more was asked for.
    let quiet = global.quiet || global.output == Some(Output::Json) && global.verbose == 0;
    let level = match (quiet, global.verbose) {
        (true, _) => LevelFilter::ERROR,
        (false, 0) => LevelFilter::WARN,
        (false, 1) => LevelFilter::INFO,
        (false, 2) => LevelFilter::DEBUG,
        (false, _) => LevelFilter::TRACE,
    };
    let layer = tracing_subscriber::fmt::layer()
        .with_writer(Lines(Arc::clone(screen)))
        .with_ansi(color)
        .with_target(false)
        .without_time()
        .compact();
    let targets = Targets::new().with_target("dingraia", level).with_target("script", level);
    // A second subscriber in the same process (a test) keeps the first.
    let _ = tracing_subscriber::registry().with(layer).with(targets).try_init();
}

#[derive(Clone)]
struct Lines(Arc<Screen>);

/// One event, shown whole when it is complete.
struct Event {
    screen: Arc<Screen>,
    text: Vec<u8>,
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Event;

    fn make_writer(&'a self) -> Event {
        Event { screen: Arc::clone(&self.0), text: Vec::new() }
    }
}

impl io::Write for Event {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.text.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Event {
    fn drop(&mut self) {
        if !self.text.is_empty() {
            self.screen.note(&String::from_utf8_lossy(&self.text));
        }
    }
}
