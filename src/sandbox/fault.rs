//! Failures on demand: what a network, a gateway or DingTalk itself does on a bad day.

use std::collections::VecDeque;
use std::time::Duration;

use parking_lot::Mutex;

/// A way to fail.
///
/// `Status`, `Html`, `NotJson`, `Qps` and `Busy` answer instead of the call, which is not done. `Truncated`, `Delay` and
/// `Drop` let the call happen and spoil its answer, so a caller that repeats it does it twice.
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

/// A fault with the calls it strikes; made by [`Fault::on`], [`Fault::times`] or from a plain [`Fault`] (the next call).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    fault: Fault,
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

impl From<Fault> for Planned {
    fn from(fault: Fault) -> Self {
        Self { fault, path: String::new(), left: 1 }
    }
}

impl Planned {
    /// Strikes only calls whose path holds `path`.
    #[must_use]
    pub fn on(mut self, path: impl Into<String>) -> Self {
        self.path = path.into();
        self
    }

    /// Strikes this many calls.
    #[must_use]
    pub fn times(mut self, times: usize) -> Self {
        self.left = times;
        self
    }
}

/// Faults that wait for their call, in the order in which they were planned.
#[derive(Debug, Default)]
pub(super) struct Faults(Mutex<VecDeque<Planned>>);

impl Faults {
    pub(super) fn plan(&self, planned: Planned) {
        if planned.left > 0 {
            self.0.lock().push_back(planned);
        }
    }

    /// The fault that strikes a call of `path`, used up once.
    pub(super) fn strike(&self, path: &str) -> Option<Fault> {
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
