//! Where an evaluation stands: who began it, and whether it only tries.

use std::collections::HashSet;
use std::sync::Arc;

use parking_lot::Mutex;

use super::Plan;

/// Who began an evaluation, which decides whether it may be asked about.
#[derive(Debug, Clone, Default)]
pub enum Seat {
    /// A file, a pipe, a command line: whoever ran it meant it.
    #[default]
    Script,
    /// A person at a prompt, who can be asked, and who may have agreed to more of the same.
    Prompt(Arc<Consent>),
    /// A handler or a task that was typed at a prompt: when it runs there is nobody to ask.
    Beside,
}

/// The methods that a person agreed to for the rest of an input.
#[derive(Debug, Default)]
pub struct Consent(Mutex<HashSet<String>>);

impl Consent {
    pub(super) fn give(&self, method: &str) {
        self.0.lock().insert(method.to_owned());
    }

    pub(super) fn holds(&self, method: &str) -> bool {
        self.0.lock().contains(method)
    }
}

/// What holds for the calls of an evaluation, beside what holds for the session.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    /// Nothing but reads is sent: `app.dry_run(|| …)`.
    pub dry: bool,
    /// What is not a read is collected here: `%plan`.
    pub plan: Option<Arc<Plan>>,
    /// Who began it.
    pub seat: Seat,
    /// It is not written down: it takes something back, or is written down by who sends it.
    pub is_unrecorded: bool,
}

impl Scope {
    /// That of somebody who types at a prompt.
    pub fn prompt() -> Self {
        Self { seat: Seat::Prompt(Arc::default()), ..Self::default() }
    }

    /// The same for what runs later, beside the prompt.
    #[must_use]
    pub fn beside(mut self) -> Self {
        if let Seat::Prompt(_) = self.seat {
            self.seat = Seat::Beside;
        }
        self
    }

    /// Whether it is that of an ordinary script.
    pub(super) fn is_plain(&self) -> bool {
        !self.dry && self.plan.is_none() && matches!(self.seat, Seat::Script)
    }
}
