//! Logs: to stderr, or above the prompt. Only this program's own targets: libraries would log addresses with secrets. An event
//! carries its English text as the message and the Chinese one in the field `zh`.

use std::fmt::{Debug, Write as _};
use std::sync::Arc;

use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::{Context, SubscriberExt as _};

use crate::cli::{Global, Output};
use crate::console::screen::Screen;
use crate::console::style::{Palette, Role};
use crate::console::text::escape_lines;
use crate::lang::{Lang, Text};

/// Starts logging at the level that `-q` and `-v` ask for.
pub(super) fn start(global: &Global, screen: &Arc<Screen>, palette: Palette) {
    // With `-o json` stderr is for the one line of an error, unless more was asked for.
    let quiet = global.quiet || global.output == Some(Output::Json) && global.verbose == 0;
    let level = match (quiet, global.verbose) {
        (true, _) => LevelFilter::ERROR,
        (false, 0) => LevelFilter::WARN,
        (false, 1) => LevelFilter::INFO,
        (false, 2) => LevelFilter::DEBUG,
        (false, _) => LevelFilter::TRACE,
    };
    let targets = Targets::new().with_target("dingraia", level).with_target("script", level);
    let lines = Lines { screen: Arc::clone(screen), palette };
    // A second one in the same process (a test) keeps the first.
    let _ = tracing::subscriber::set_global_default(tracing_subscriber::registry().with(lines).with(targets));
}

/// Shows each event on a line.
struct Lines {
    screen: Arc<Screen>,
    palette: Palette,
}

impl<S: Subscriber> Layer<S> for Lines {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut told = Told::default();
        event.record(&mut told);
        let (word, role) = word(*event.metadata().level());
        let lang = self.screen.spoken.get();
        let text = if lang == Lang::Zh && !told.zh.is_empty() { told.zh } else { told.en };
        // What came from elsewhere may hold anything.
        let text = escape_lines(&text);
        self.screen.note(&format!("{} {text}{}", self.palette.paint(role, word.get(lang)), told.fields));
    }
}

fn word(level: Level) -> (Text, Role) {
    match level {
        Level::ERROR => (Text::fixed("ERROR", "错误"), Role::Error),
        Level::WARN => (Text::fixed("WARN", "警告"), Role::Number),
        Level::INFO => (Text::fixed("INFO", "信息"), Role::Hint),
        Level::DEBUG => (Text::fixed("DEBUG", "调试"), Role::Dim),
        Level::TRACE => (Text::fixed("TRACE", "跟踪"), Role::Dim),
    }
}

/// The fields of an event.
#[derive(Default)]
struct Told {
    en: String,
    zh: String,
    fields: String,
}

impl Visit for Told {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "zh" => value.clone_into(&mut self.zh),
            _ => self.record_debug(field, &value),
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        // Writing to a `String` cannot fail.
        let _ = match field.name() {
            "message" => write!(self.en, "{value:?}"),
            "zh" => write!(self.zh, "{value:?}"),
            name => write!(self.fields, " {name}={value:?}"),
        };
    }
}
