//! Following the changes of the cache, by whatever program they are made.

use std::sync::{Arc, Weak};
use std::thread::{Builder, sleep};
use std::time::Duration;

use super::Session;
use crate::cache::Change;
use crate::error::{Error, Kind, Result};
use crate::model::Task;

/// How often to look; another process does not tell.
const OFTEN: Duration = Duration::from_millis(150);

/// Changes that are told at once.
const PAGE: usize = 200;

/// The name of the task.
const NAME: &str = "%cache watch";

impl Session {
    /// Has `tell` called for every change of a row from now on, until [`Session::stop_watching_cache`] or the end of the
    /// session. False when that is being done already.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn watch_cache(self: &Arc<Self>, tell: impl Fn(&Change) + Send + 'static) -> Result<bool> {
        if self.cache_watch().is_some() {
            return Ok(false);
        }
        let task = self.tasks.add(Some(NAME.into()), true);
        let (session, from) = (Arc::downgrade(self), self.cache.last_change());
        let thread = Builder::new().name("dingraia-watch".into());
        thread.spawn(move || follow(&session, &task, from, tell)).map(|_| true).map_err(|error| {
            Error::new(Kind::Bug { problem: "no thread for watching the cache".into() }).because(error)
        })
    }

    /// Ends it; false when it was not being done.
    pub fn stop_watching_cache(&self) -> bool {
        self.cache_watch().map(|task| task.cancel()).is_some()
    }

    fn cache_watch(&self) -> Option<Arc<Task>> {
        self.tasks().into_iter().find(|task| task.name == NAME)
    }
}

fn follow(session: &Weak<Session>, task: &Task, mut seq: i64, tell: impl Fn(&Change)) {
    while !task.is_over() {
        let Some(cache) = session.upgrade().map(|session| session.cache.clone()) else { return };
        for change in cache.changes_since(seq, PAGE) {
            seq = change.seq;
            tell(&change);
        }
        drop(cache);
        sleep(OFTEN);
    }
}
