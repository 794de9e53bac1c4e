//! One configured app: its client, its cache, and the work that goes on behind a method's back.

use std::fmt;
use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use parking_lot::Mutex;
use serde_json::Value;
use tokio::task::JoinSet;

use super::cards::Cards;
use super::progress::{Meter, Progress, Watcher};
use super::task::Tasks;
use crate::cache::Cache;
use crate::client::Client;
use crate::clock::Clock;
use crate::config::Config;
use crate::error::Result;
use crate::lang::Text;
use crate::model::Task;

/// A live app. Dropping it aborts what still runs in the background.
pub struct Session {
    /// Its configuration.
    pub config: Arc<Config>,
    /// Its client.
    pub client: Arc<Client>,
    /// Its cache.
    pub cache: Cache,
    /// Time and ids.
    pub clock: Clock,
    /// What is known of the cards that were sent.
    pub cards: Cards,
    pub(super) tasks: Tasks,
    background: Mutex<JoinSet<()>>,
    watcher: OnceLock<Watcher>,
    transfers: AtomicU64,
}

impl Session {
    /// A session over an open cache. Nothing is sent.
    pub fn new(config: Config, cache: Cache, clock: Clock) -> Arc<Self> {
        let config = Arc::new(config);
        let client = Arc::new(Client::new(Arc::clone(&config), clock.clone()));
        Arc::new(Self {
            config,
            client,
            cache,
            clock,
            cards: Cards::default(),
            tasks: Tasks::default(),
            background: Mutex::default(),
            watcher: OnceLock::new(),
            transfers: AtomicU64::new(0),
        })
    }

    /// The robot that speaks: `bot.robot_code`, by default the app key.
    ///
    /// # Errors
    /// When no bot is configured.
    pub fn robot_code(&self) -> Result<&str> {
        let bot = self.config.bot.as_ref();
        let code = bot.and_then(|bot| bot.robot_code.as_deref().or(bot.app_key.as_deref()));
        code.ok_or_else(Client::no_bot)
    }

    /// Keeps a card's callback for `get_card_data` and for what is being written.
    pub fn remember_card_callback(&self, out_track_id: &str, callback: Value) {
        self.cards.remember(out_track_id, callback);
    }

    /// Has `watcher` told what long calls do from now on; the first one stays.
    pub fn watch(&self, watcher: Watcher) {
        let _ = self.watcher.set(watcher);
    }

    /// Tells the watcher, when there is one.
    pub fn progress(&self, progress: &Progress<'_>) {
        if let Some(watcher) = self.watcher.get() {
            watcher(progress);
        }
    }

    /// Tells a step of a method that takes several.
    pub fn tell(&self, step: &Text) {
        self.progress(&Progress::Step(step));
    }

    /// A meter for one transfer.
    pub(super) fn meter(&self, name: String, total: Option<u64>) -> Arc<Meter> {
        let id = self.transfers.fetch_add(1, Ordering::Relaxed);
        Meter::new(id, name, total, self.watcher.get().cloned())
    }

    /// Runs `work` beside the script, owned by this session. Must be called on a runtime.
    pub fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        let mut background = self.background.lock();
        while background.try_join_next().is_some() {}
        background.spawn(work);
    }

    /// How many pieces of background work are under way.
    pub fn background_count(&self) -> usize {
        let mut background = self.background.lock();
        while background.try_join_next().is_some() {}
        background.len()
    }

    /// The tasks that run.
    pub fn tasks(&self) -> Vec<Arc<Task>> {
        self.tasks.running()
    }

    /// Cancels the tasks that do not outlive a script and waits until the other background work is done.
    pub async fn finish_background(&self) {
        loop {
            for task in self.tasks().iter().filter(|task| !task.outlives_script) {
                task.cancel();
            }
            let mut work = std::mem::take(&mut *self.background.lock());
            if work.is_empty() {
                return;
            }
            while work.join_next().await.is_some() {}
        }
    }

    /// Writes the counted calls down. Called now and then, and at the end.
    pub fn flush_usage(&self) {
        let calls = self.client.usage.take_pending();
        if calls > 0 {
            self.cache.add_count(&self.clock.month(), i64::try_from(calls).unwrap_or(i64::MAX));
        }
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("config", &self.config).finish_non_exhaustive()
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.flush_usage();
    }
}
