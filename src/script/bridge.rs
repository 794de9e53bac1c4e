//! The only place that blocks on a future: scripts call and wait, the runtime's workers do the rest.

use std::future::Future;
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use parking_lot::Mutex;
use tokio::runtime::{Builder, Runtime};
use tokio_util::task::AbortOnDropHandle;

use super::end;
use super::fiber::{self, Stacks};
use super::limit;
use super::stop::Stop;
use super::turn::Turn;
use crate::client::Flight;
use crate::error::{Error, Kind, Result};

/// How long work that ends by itself may take to do so.
const FAREWELL: Duration = Duration::from_secs(5);

/// The runtime (made when it is first needed) and the turn of the scripts.
pub struct Bridge {
    runtime: OnceLock<Runtime>,
    pub(super) turn: Turn,
    pub(super) stacks: Arc<Stacks>,
    starters: Mutex<Vec<Starter>>,
    /// The most memory that an evaluation may add, in bytes.
    memory: AtomicUsize,
}

impl Default for Bridge {
    fn default() -> Self {
        Self {
            runtime: OnceLock::new(),
            turn: Turn::default(),
            stacks: Arc::default(),
            starters: Mutex::default(),
            memory: AtomicUsize::new(limit::MOST),
        }
    }
}

/// Work for the runtime, done when it starts.
type Starter = Box<dyn FnOnce(&Runtime) + Send>;

impl Bridge {
    /// The runtime; the first call starts its two workers.
    ///
    /// # Errors
    /// When the system gives no threads.
    pub fn runtime(&self) -> Result<&Runtime> {
        if let Some(runtime) = self.runtime.get() {
            return Ok(runtime);
        }
        let made =
            Builder::new_multi_thread().worker_threads(2).enable_all().thread_name("dingraia-io").build();
        let runtime = made.map_err(|error| {
            Error::new(Kind::Bug { problem: "no threads for the runtime".into() }).because(error)
        })?;
        let runtime = self.runtime.get_or_init(|| runtime);
        for starter in std::mem::take(&mut *self.starters.lock()) {
            starter(runtime);
        }
        Ok(runtime)
    }

    /// Lets every evaluation that begins from now on add at most so many bytes; 2 GiB unless something else is said.
    pub fn limit_memory(&self, bytes: usize) {
        self.memory.store(bytes, Ordering::Relaxed);
    }

    /// Hands work to the runtime: at once when it runs, else when it starts.
    pub fn on_start(&self, work: impl FnOnce(&Runtime) + Send + 'static) {
        let mut starters = self.starters.lock();
        match self.runtime.get() {
            Some(runtime) => work(runtime),
            None => starters.push(Box::new(work)),
        }
    }

    /// Blocks until `future` is done or this thread's evaluation is stopped. Other evaluations go on meanwhile. Work that asked
    /// for it ([`Flight::end_gracefully`]) is not dropped at once.
    ///
    /// # Errors
    /// The future's, or that it was interrupted.
    pub fn wait<T>(&self, flight: &Flight, future: impl Future<Output = Result<T>>) -> Result<T> {
        let stop = Stop::current();
        self.drive(async {
            let mut future = pin!(future);
            tokio::select! {
                biased;
                () = stop.fired() => {
                    let sent = flight.sent();
                    if flight.announce_end() {
                        // How it ended is of no interest: it was interrupted.
                        let _ = tokio::time::timeout(FAREWELL, future.as_mut()).await;
                    }
                    Err(stop.error(flight.sent().or(sent)))
                }
                result = future.as_mut() => result,
            }
        })?
    }

    /// As [`Bridge::wait`], for a whole method. In a fiber it runs on the runtime's workers: they are woken once a call, and the
    /// thread of the fibers has its hands free.
    ///
    /// # Errors
    /// As [`Bridge::wait`].
    pub(super) fn call<T: Send + 'static>(
        &self,
        flight: &Flight,
        method: impl Future<Output = Result<T>> + Send + 'static,
    ) -> Result<T> {
        if !fiber::is_inside() {
            return self.wait(flight, method);
        }
        let task = AbortOnDropHandle::new(self.runtime()?.spawn(method));
        self.wait(flight, async {
            task.await.unwrap_or_else(|error| {
                Err(Error::new(Kind::Bug { problem: "a method panicked".into() }).because(error))
            })
        })
    }

    /// Blocks until `future` is done, whatever happens; in a fiber, the others of its thread go on.
    ///
    /// # Errors
    /// When the system gives no threads.
    #[allow(clippy::disallowed_methods, reason = "this is the one bridge")]
    pub(super) fn drive<T>(&self, future: impl Future<Output = T>) -> Result<T> {
        let runtime = self.runtime()?;
        if fiber::is_inside() {
            return Ok(fiber::wait(future));
        }
        Ok(self.turn.release(|| runtime.block_on(future)))
    }

    /// Runs `work` as an evaluation: it holds the turn, and `stop` ends it.
    pub fn evaluate<T>(&self, stop: &Stop, work: impl FnOnce() -> T) -> T {
        stop.guard(|| {
            limit::scope(self.memory.load(Ordering::Relaxed), || end::scope(|| self.turn.hold(work)))
        })
    }
}

impl Drop for Bridge {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // What still runs is aborted; a stuck system call must not keep the program from leaving.
            runtime.shutdown_background();
        }
    }
}
