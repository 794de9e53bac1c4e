//! Keeps to DingTalk's limits by waiting: 20 calls a second for an app and method, 20 messages a minute for a webhook. Whoever
//! wants to know is told of waits that are noticed.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use tokio::time::Instant;

use super::{Call, To};
use crate::config::Pace as Limits;

/// A shorter wait is not worth a word.
const NOTICED: Duration = Duration::from_secs(1);

/// How often a wait is told while it lasts.
const BEAT: Duration = Duration::from_millis(250);

/// A call that waits until DingTalk's limit lets it pass.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wait<'a> {
    /// Which wait of the client it is.
    pub id: u64,
    /// The call.
    pub call: &'a str,
    /// How long it will still take.
    pub left: Duration,
    /// True when it has ended, however that was.
    pub over: bool,
}

/// Told when a wait begins, while it lasts and when it ends; it must be quick.
pub type OnWait = Arc<dyn Fn(&Wait<'_>) + Send + Sync>;

/// The times of the last calls, by what they were counted under.
#[derive(Debug)]
pub(super) struct Pace {
    per_second: Mutex<Limit>,
    webhook_per_minute: Limit,
    windows: Mutex<HashMap<String, VecDeque<Instant>>>,
    waits: AtomicU64,
}

/// So many calls within this time; 0 = any number.
#[derive(Debug, Clone, Copy)]
struct Limit {
    calls: usize,
    window: Duration,
}

impl Limit {
    /// `rate` calls in `seconds`; less than one call means one in a longer time.
    fn new(rate: f64, seconds: f64) -> Self {
        let (calls, seconds) =
            if rate > 0.0 && rate < 1.0 { (1, seconds / rate) } else { (rate as usize, seconds) };
        Self { calls, window: Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX) }
    }
}

impl Pace {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            per_second: Mutex::new(Limit::new(limits.calls_per_second, 1.0)),
            webhook_per_minute: Limit::new(limits.webhook_per_minute, 60.0),
            windows: Mutex::default(),
            waits: AtomicU64::new(0),
        }
    }

    /// So many calls a second of each method from now on; 0 = any number.
    pub(super) fn set_per_second(&self, calls: f64) {
        *self.per_second.lock() = Limit::new(calls, 1.0);
        self.windows.lock().clear();
    }

    /// Calls a second of each method.
    pub(super) fn per_second(&self) -> f64 {
        let limit = *self.per_second.lock();
        limit.calls as f64 / limit.window.as_secs_f64()
    }

    /// Waits until `call` may be sent. Its place is taken at once, so callers are served in order.
    pub(super) async fn wait(&self, call: &Call, told: Option<&OnWait>) {
        let (key, Limit { calls, window }) = match &call.to {
            To::Host(_, path) => (path.as_ref(), *self.per_second.lock()),
            To::Url(url) => (robot(url.expose()), self.webhook_per_minute),
        };
        if calls == 0 {
            return;
        }
        let at = self.reserve(key, calls, window);
        match told {
            Some(told) if at > Instant::now() + NOTICED => self.wait_aloud(call, at, told).await,
            _ if at > Instant::now() => tokio::time::sleep_until(at).await,
            _ => {}
        }
    }

    async fn wait_aloud(&self, call: &Call, at: Instant, told: &OnWait) {
        let (id, label) = (self.waits.fetch_add(1, Ordering::Relaxed), call.label());
        let wait = |over| Wait { id, call: &label, left: at.saturating_duration_since(Instant::now()), over };
        /// Tells the end, also when the wait is dropped.
        struct End<F: Fn()>(F);
        impl<F: Fn()> Drop for End<F> {
            fn drop(&mut self) {
                (self.0)();
            }
        }
        let _end = End(|| told(&wait(true)));
        while Instant::now() < at {
            told(&wait(false));
            tokio::time::sleep_until(at.min(Instant::now() + BEAT)).await;
        }
    }

    /// The moment at which the next call under `key` may leave: a window after the one that is `limit` places before it.
    fn reserve(&self, key: &str, limit: usize, window: Duration) -> Instant {
        let mut windows = self.windows.lock();
        if !windows.contains_key(key) {
            windows.insert(key.to_owned(), VecDeque::with_capacity(limit));
        }
        let Some(times) = windows.get_mut(key) else { return Instant::now() };
        let now = Instant::now();
        let at = match times.front() {
            Some(oldest) if times.len() >= limit => {
                oldest.checked_add(window).map_or(now, |free| free.max(now))
            }
            _ => now,
        };
        if times.len() >= limit {
            times.pop_front();
        }
        times.push_back(at);
        at
    }
}

/// A webhook without its timestamp and signature, which change with each message.
fn robot(url: &str) -> &str {
    url.split("&timestamp=").next().unwrap_or(url)
}
