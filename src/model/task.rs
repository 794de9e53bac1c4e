//! A function that runs beside the script.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use tokio::sync::watch;

use super::Own;
use crate::error::Error;

/// How far a task is.
#[derive(Debug, Clone)]
pub enum TaskState {
    /// It runs.
    Running,
    /// It returned this.
    Done(Own),
    /// It failed.
    Failed(Arc<Error>),
    /// It was ended before it was done.
    Cancelled,
}

impl TaskState {
    /// The word that the task prints.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done(_) => "done",
            Self::Failed(_) => "failed",
            Self::Cancelled => "cancelled",
        }
    }
}

/// A task. It knows how it ends; who runs it is not its business.
#[derive(Debug)]
pub struct Task {
    /// Its name; two tasks may have the same.
    pub name: String,
    /// Whether a script that ends waits for it.
    pub outlives_script: bool,
    state: watch::Sender<TaskState>,
    record: Mutex<Record>,
}

/// What a task has done so far.
#[derive(Debug, Clone, Copy)]
pub struct Record {
    /// When it began.
    pub begun: Instant,
    /// When it ended.
    pub ended: Option<Instant>,
    /// How often its function ran to an end; of those that run again and again.
    pub runs: u64,
    /// How often it failed then.
    pub errors: u64,
    /// When its function runs next.
    pub next: Option<Instant>,
}

impl Task {
    /// A task that begins to run.
    pub fn new(name: String, outlives_script: bool) -> Arc<Self> {
        let record = Record { begun: Instant::now(), ended: None, runs: 0, errors: 0, next: None };
        let state = watch::Sender::new(TaskState::Running);
        Arc::new(Self { name, outlives_script, state, record: Mutex::new(record) })
    }

    /// What it has done so far.
    pub fn record(&self) -> Record {
        *self.record.lock()
    }

    /// Its function ran to an end, well or not.
    pub fn ran(&self, well: bool) {
        let mut record = self.record.lock();
        record.runs += 1;
        record.errors += u64::from(!well);
        record.next = None;
    }

    /// Its function runs again after `wait`.
    pub fn runs_again(&self, wait: Duration) {
        self.record.lock().next = Instant::now().checked_add(wait);
    }

    /// How far it is.
    pub fn state(&self) -> TaskState {
        self.state.borrow().clone()
    }

    /// True once it is over, however it ended.
    pub fn is_over(&self) -> bool {
        !matches!(*self.state.borrow(), TaskState::Running)
    }

    /// Says how it ended; what was said first counts.
    pub fn settle(&self, state: TaskState) {
        self.state.send_if_modified(|now| {
            let running = matches!(now, TaskState::Running);
            if running {
                *now = state;
                self.record.lock().ended = Some(Instant::now());
            }
            running
        });
    }

    /// Ends it.
    pub fn cancel(&self) {
        self.settle(TaskState::Cancelled);
    }

    /// Waits until it is over, and says how it ended.
    pub async fn over(&self) -> TaskState {
        let mut watcher = self.state.subscribe();
        // The sender lives as long as `self`.
        let _ = watcher.wait_for(|state| !matches!(state, TaskState::Running)).await;
        self.state()
    }
}

impl fmt::Display for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<Task {} {}>", self.name, self.state.borrow().name())
    }
}
