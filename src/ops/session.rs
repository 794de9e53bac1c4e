//! One configured app: its client, its cache, and the work that goes on behind a method's back.

use std::fmt;
use std::future::Future;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use parking_lot::Mutex;
use serde_json::Value;
use tokio::task::JoinSet;

use super::cards::Cards;
use super::progress::{Meter, Progress, Watcher};
use super::safety::{Safety, Switches};
use super::task::{EndedTask, Tasks};
use crate::cache::{Cache, Mode};
use crate::client::Client;
use crate::clock::Clock;
use crate::config::Config;
use crate::error::Result;
use crate::lang::Text;
use crate::model::{Own, Task};

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
    /// What may be sent.
    pub safety: Safety,
    pub(super) tasks: Tasks,
    background: Mutex<JoinSet<()>>,
    watcher: OnceLock<Watcher>,
    transfers: AtomicU64,
    warned: AtomicBool,
    streams: AtomicBool,
    asker: OnceLock<Asker>,
}

/// Asks a person a question; true is yes.
pub type Asker = Box<dyn Fn(&Text) -> bool + Send + Sync>;

/// The local time by the clock of `session`, or that of the machine without one, in a format of strftime; nothing when it is none.
pub fn local_time(session: Option<&Session>, format: &str) -> Option<String> {
    session.map_or_else(Clock::system, |session| session.clock.clone()).written(format)
}

impl Session {
    /// A session over an open cache. Nothing is sent.
    pub fn new(config: Config, cache: Cache, clock: Clock) -> Arc<Self> {
        Self::under(config, cache, clock, Arc::default())
    }

    /// The same, in a program with `switches`.
    pub fn under(config: Config, cache: Cache, clock: Clock, switches: Arc<Switches>) -> Arc<Self> {
        let config = Arc::new(config);
        let client = Arc::new(Client::new(Arc::clone(&config), clock.clone()));
        let session = Arc::new(Self {
            safety: Safety::new(switches, &config),
            config,
            client,
            cache,
            clock,
            cards: Cards::default(),
            tasks: Tasks::default(),
            background: Mutex::default(),
            watcher: OnceLock::new(),
            transfers: AtomicU64::new(0),
            warned: AtomicBool::new(false),
            streams: AtomicBool::new(false),
            asker: OnceLock::new(),
        });
        // A budget counts what was spent before.
        session.flush_usage();
        session
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

    /// Says whether a stream of this app is open, so that presses on its cards can come over it.
    pub fn set_streaming(&self, streams: bool) {
        self.streams.store(streams, Ordering::Relaxed);
    }

    /// Whether presses on cards can come over a stream: one is configured, or open.
    pub(super) fn has_stream(&self) -> bool {
        !self.config.stream.is_empty() || self.streams.load(Ordering::Relaxed)
    }

    /// Has `watcher` told what long calls do from now on; the first one stays.
    pub fn watch(&self, watcher: Watcher) {
        let told = Arc::clone(&watcher);
        self.client.on_wait(Arc::new(move |wait| told(&Progress::Waiting(*wait))));
        let _ = self.watcher.set(watcher);
    }

    /// Has questions asked by `asker`, where there is a person to ask; the first one stays.
    pub fn ask_with(&self, asker: Asker) {
        let _ = self.asker.set(asker);
    }

    /// The answer of a person; `None` where there is nobody to ask.
    pub fn ask(&self, question: &Text) -> Option<bool> {
        self.asker.get().map(|asker| asker(question))
    }

    /// Runs `work` as a task of this session, which ends with it. Must be called on a runtime.
    pub fn start_task(
        self: &Arc<Self>,
        name: &str,
        work: impl Future<Output = Result<Own>> + Send + 'static,
    ) -> Arc<Task> {
        let task = self.tasks.add(Some(name.to_owned()), false);
        super::task::start(self, &task, false, work);
        task
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

    /// A number that no other transfer or work on a list of this session has.
    pub fn next_work(&self) -> u64 {
        self.transfers.fetch_add(1, Ordering::Relaxed)
    }

    /// A meter for one transfer.
    pub(super) fn meter(&self, name: String, total: Option<u64>) -> Arc<Meter> {
        let id = self.next_work();
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

    /// The tasks that ended last, oldest first.
    pub fn ended_tasks(&self) -> Vec<EndedTask> {
        self.tasks.ended()
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
        self.client.journal.flush();
        let calls = self.client.usage.take_pending();
        if calls.is_empty() && self.config.usage.budget.is_none() {
            return;
        }
        let month = self.clock.month();
        if !calls.is_empty() {
            self.cache.add_usage(&month, &self.clock.day(), &calls);
        }
        let spent = self.cache.count(&month).unsigned_abs();
        self.client.usage.written(spent);
        if !calls.is_empty() {
            self.warn_of_quota(spent);
        }
    }

    /// The calls of this month, by any program.
    pub fn spent(&self) -> u64 {
        self.flush_usage();
        self.cache.count(&self.clock.month()).unsigned_abs()
    }

    /// Says that a budget holds for this run alone, when the counts are not kept in a file.
    pub fn warn_of_lost_budget(&self) {
        if self.config.usage.budget.is_some() && self.cache.mode() != Mode::File {
            self.cache.say(Text::fixed(
                "`usage.budget` holds for this run alone: without a cache file that can be written, the calls of other runs are not counted",
                "`usage.budget` 仅对本次运行有效：没有可写的缓存文件，无法统计其他运行的调用次数",
            ));
        }
    }

    /// Once a session, when much of the month's quota is spent.
    fn warn_of_quota(&self, spent: u64) {
        let (quota, percent) = (self.config.usage.quota, self.config.usage.warn_at);
        let reached = quota > 0.0 && percent > 0.0 && spent as f64 >= quota * percent / 100.0;
        if reached && !self.warned.swap(true, Ordering::Relaxed) {
            let share = spent as f64 / quota * 100.0;
            self.cache.say(Text::made(
                format!("{spent} of the {quota} API calls of this month are spent ({share:.0} %); `%usage` shows on what"),
                format!("本月 {quota} 次 API 调用已消耗 {spent} 次（{share:.0} %）；可用 `%usage` 查看明细"),
            ));
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
