//! What an input cost: a dim line with the time, once it is noticed, and the API calls.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::render::Renderer;
use super::style::Role;
use crate::lang::Lang;
use crate::ops::Session;
use crate::script::Interpreter;

/// What is over sooner was at once.
const NOTICED: Duration = Duration::from_millis(200);

/// Measures one input.
pub struct Meter {
    since: Instant,
    session: Option<Arc<Session>>,
    calls: u64,
}

impl Meter {
    /// Begins to measure. Calls are counted at the app of now; what tasks call meanwhile is among them.
    pub fn start(interpreter: &Interpreter) -> Self {
        let session = interpreter.app().map(|live| live.0);
        let calls = session.as_ref().map_or(0, |session| session.client.usage.session());
        Self { since: Instant::now(), session, calls }
    }

    /// The line about it; [`None`] when it took no time and no calls.
    pub fn line(&self, renderer: &Renderer) -> Option<String> {
        let now = self.session.as_ref().map_or(0, |session| session.client.usage.session());
        let text = spent(self.since.elapsed(), now.saturating_sub(self.calls), renderer)?;
        Some(renderer.palette.paint(Role::Dim, &text))
    }
}

fn spent(time: Duration, calls: u64, renderer: &Renderer) -> Option<String> {
    let time = (time >= NOTICED).then(|| in_words(time, renderer.lang));
    let calls = (calls > 0).then(|| match (renderer.lang, calls) {
        (Lang::En, 1) => "1 API call".to_owned(),
        (Lang::En, calls) => format!("{calls} API calls"),
        (Lang::Zh, calls) => format!("{calls} 次 API 调用"),
    });
    let parts: Vec<String> = time.into_iter().chain(calls).collect();
    (!parts.is_empty()).then(|| parts.join(" · "))
}

/// `0.3 s`, `12 s`, `2 min 5 s`.
fn in_words(time: Duration, lang: Lang) -> String {
    let seconds = time.as_secs_f64();
    let (minute, second) = match lang {
        Lang::En => ("min", "s"),
        Lang::Zh => ("分", "秒"),
    };
    if seconds < 10.0 {
        return format!("{seconds:.1} {second}");
    }
    let whole = seconds.round() as u64;
    match whole / 60 {
        0 => format!("{whole} {second}"),
        minutes => format!("{minutes} {minute} {} {second}", whole % 60),
    }
}
