//! Failures on demand: what a network, a gateway or DingTalk itself does on a bad day.

use std::collections::VecDeque;
use std::time::Duration;

use parking_lot::Mutex;

/// A way to fail.
///
/// `Status`, `Html`, `NotJson`, `Qps` and `Busy` answer instead of the call, which is not done. `Truncated`, `Delay` and
/// `Drop` let the call happen and spoil its answer, so a caller that repeats it does it twice. What opens a connection of
/// Stream mode is struck as `/connect?ticket`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// This HTTP status with a JSON error body of the host.
    Status(u16),
    /// A page of HTML, as a gateway or a login wall gives.
    Html,
    /// The answer with its true length announced, and the connection closed after half of it.
    Truncated,
    /// Declared as JSON, but it is not.
    NotJson,
    /// The answer, this many milliseconds late.
    Delay(u64),
    /// The connection is closed without an answer.
    Drop,
    /// The host's refusal for too many calls in a second.
    Qps,
    /// The host's own "busy".
    Busy,
}

/// A fault with what it strikes; made by [`Fault::on`], [`Fault::times`] or from a plain [`Fault`] (the next call), and so for
/// the faults of frames.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned<F = Fault> {
    fault: F,
    path: String,
    left: usize,
}

impl Fault {
    /// Strikes the next call whose path holds `path`.
    pub fn on(self, path: impl Into<String>) -> Planned {
        Planned::from(self).on(path)
    }

    /// Strikes the next `times` calls.
    pub fn times(self, times: usize) -> Planned {
        Planned::from(self).times(times)
    }

    /// How long the answer is held back.
    pub(super) fn delay(self) -> Option<Duration> {
        match self {
            Self::Delay(millis) => Some(Duration::from_millis(millis)),
            _ => None,
        }
    }
}

impl<F> From<F> for Planned<F> {
    fn from(fault: F) -> Self {
        Self { fault, path: String::new(), left: 1 }
    }
}

impl<F> Planned<F> {
    /// Strikes only calls whose path (frames whose event type or topic) holds `path`.
    #[must_use]
    pub fn on(mut self, path: impl Into<String>) -> Self {
        self.path = path.into();
        self
    }

    /// Strikes this many of them.
    #[must_use]
    pub fn times(mut self, times: usize) -> Self {
        self.left = times;
        self
    }
}

/// Faults that wait for their call, in the order in which they were planned.
#[derive(Debug)]
pub(super) struct Faults<F>(Mutex<VecDeque<Planned<F>>>);

impl<F> Default for Faults<F> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<F: Copy> Faults<F> {
    pub(super) fn plan(&self, planned: Planned<F>) {
        if planned.left > 0 {
            self.0.lock().push_back(planned);
        }
    }

    /// The fault that strikes a call of `path`, used up once.
    pub(super) fn strike(&self, path: &str) -> Option<F> {
        let mut queue = self.0.lock();
        let index = queue.iter().position(|planned| path.contains(&planned.path))?;
        let planned = queue.get_mut(index)?;
        planned.left -= 1;
        let fault = planned.fault;
        if planned.left == 0 {
            queue.remove(index);
        }
        Some(fault)
    }
}
