//! What is sent at all: dry runs, read-only sessions, questions, plans, and how to take something back.
//!
//! Every request of a method passes [`gate`], which looks at what it does and at what holds at the moment.

mod act;
mod apply;
mod ask;
mod change;
mod deed;
mod gate;
mod image;
mod ledger;
mod look;
mod made_up;
mod plan;
mod scope;
mod undo;
mod why;

pub use apply::Applied;
pub use ask::{Cancel, Questioner};
pub use plan::Plan;
pub use scope::{Consent, Scope, Seat};
pub use undo::{Undoing, Undone};

pub(crate) use deed::raw_effect;
pub(super) use gate::{Held, UnderWay, hold};
pub(super) use made_up::is_made_up;

use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Arc, OnceLock};

use crate::config::{Config, Confirm};
use crate::spec::Effect;
use ledger::Ledger;
use look::Looked;
use made_up::MadeUp;

/// A switch that many look at.
#[derive(Debug, Default)]
struct Switch(AtomicBool);

impl Switch {
    fn is_on(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    fn set(&self, on: bool) {
        self.0.store(on, Ordering::Relaxed);
    }
}

/// What holds for all apps of a program.
#[derive(Default)]
pub struct Switches {
    dry: Switch,
    read_only: Switch,
    /// What is done at a prompt is written down, so that it can be taken back.
    recording: Switch,
    questioner: OnceLock<Questioner>,
    /// One question at a time; and when somebody said no, if that was the last answer.
    asking: tokio::sync::Mutex<Option<ask::LastNo>>,
}

impl Switches {
    /// Those of a command line.
    pub fn new(dry: bool, read_only: bool) -> Arc<Self> {
        let switches = Self::default();
        switches.dry.set(dry);
        switches.read_only.set(read_only);
        Arc::new(switches)
    }

    /// Has what is done at a prompt written down.
    pub fn record(&self) {
        self.recording.set(true);
    }

    /// Has a person asked by `questioner`; the first one stays.
    pub fn ask_with(&self, questioner: Questioner) {
        let _ = self.questioner.set(questioner);
    }
}

/// What may be sent for an app.
pub struct Safety {
    switches: Arc<Switches>,
    read_only: Switch,
    confirm: AtomicU8,
    /// The app is the practice organisation: nothing is asked.
    practice: Switch,
    ledger: Ledger,
    made_up: MadeUp,
    looked: Looked,
}

/// What happens to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    /// It is sent, when nobody is to be asked or who is asked agrees.
    Send,
    /// It is shown.
    Show,
    /// It is collected.
    Collect,
    /// It is refused.
    Refuse,
}

/// What holds at a moment.
#[derive(Debug, Clone, Copy, Default)]
struct Modes {
    dry: bool,
    planned: bool,
    read_only: bool,
}

/// A plan collects and a dry run shows, also where nothing may be sent: neither sends.
fn judge(effect: Effect, modes: Modes) -> Verdict {
    match (effect, modes) {
        (Effect::Read, _) => Verdict::Send,
        (_, Modes { dry: true, .. }) => Verdict::Show,
        (_, Modes { planned: true, .. }) => Verdict::Collect,
        (_, Modes { read_only: true, .. }) => Verdict::Refuse,
        _ => Verdict::Send,
    }
}

impl Safety {
    pub(super) fn new(switches: Arc<Switches>, config: &Config) -> Self {
        let safety = Self {
            switches,
            read_only: Switch::default(),
            confirm: AtomicU8::new(0),
            practice: Switch::default(),
            ledger: Ledger::default(),
            made_up: MadeUp::default(),
            looked: Looked::default(),
        };
        safety.read_only.set(config.read_only);
        safety.set_confirm(config.confirm);
        safety
    }

    /// Whether nothing but reads is sent, and the rest is shown.
    pub fn is_dry(&self) -> bool {
        self.switches.dry.is_on()
    }

    /// Turns that on or off, for all apps of the program.
    pub fn set_dry(&self, on: bool) {
        self.switches.dry.set(on);
    }

    /// Whether nothing but reads is sent, and the rest is refused.
    pub fn is_read_only(&self) -> bool {
        self.read_only.is_on() || self.switches.read_only.is_on()
    }

    /// Turns that on or off, for all apps of the program.
    pub fn set_read_only(&self, on: bool) {
        self.switches.read_only.set(on);
        self.read_only.set(on);
    }

    /// What is asked about at a prompt.
    pub fn confirm(&self) -> Confirm {
        let index = usize::from(self.confirm.load(Ordering::Relaxed));
        Confirm::ALL.get(index).copied().unwrap_or_default()
    }

    /// Changes that.
    pub fn set_confirm(&self, confirm: Confirm) {
        let index = Confirm::ALL.iter().position(|one| *one == confirm).unwrap_or_default();
        // There are three.
        self.confirm.store(index as u8, Ordering::Relaxed);
    }

    /// The app is the practice organisation, where nothing can be broken: nothing is asked.
    pub fn set_practice(&self) {
        self.practice.set(true);
    }

    /// Whether what is done at the prompt is written down, for `undo`.
    pub fn is_recording(&self) -> bool {
        self.switches.recording.is_on()
    }

    /// Turns that on or off, for all apps of the program.
    pub fn record(&self, on: bool) {
        self.switches.recording.set(on);
    }

    fn records(&self, scope: &Scope) -> bool {
        self.is_recording() && !scope.is_unrecorded && matches!(scope.seat, Seat::Prompt(_))
    }

    /// Whether some question could be asked.
    fn may_ask(&self) -> bool {
        !self.practice.is_on() && self.switches.questioner.get().is_some() && self.confirm() != Confirm::Never
    }

    /// Whether what changes something is sent: nothing holds it back, and nothing refuses it.
    pub(super) fn lets_write(&self, scope: &Scope) -> bool {
        judge(Effect::Write, self.modes(scope)) == Verdict::Send
    }

    /// Whether `id` was made up in the place of something that was not sent.
    pub(super) fn made_up_id(&self, id: &str) -> bool {
        self.made_up.is_own(id)
    }

    fn modes(&self, scope: &Scope) -> Modes {
        Modes {
            dry: self.is_dry() || scope.dry,
            planned: scope.plan.is_some(),
            read_only: self.is_read_only(),
        }
    }

    /// Whether nothing holds any request of this scope: what nearly all scripts are.
    pub(super) fn is_idle(&self, scope: &Scope) -> bool {
        scope.is_plain() && !self.is_dry() && !self.is_read_only() && !self.made_up.is_any()
    }

    /// Whether a request passes without a look at it.
    pub(super) fn lets_pass(&self, effect: Effect, scope: &Scope) -> bool {
        (effect == Effect::Read && !self.made_up.is_any()) || self.is_idle(scope)
    }

    /// Whether what changes something is not sent, but its answer made up. A refusal is an error, and holds nothing back.
    pub(super) fn holds_back(&self, scope: &Scope) -> bool {
        let Modes { dry, planned, .. } = self.modes(scope);
        dry || planned
    }
}

#[cfg(test)]
mod tests {
    use super::{Modes, Verdict, judge};
    use crate::spec::Effect;

    #[test]
    fn what_holds_decides() {
        let all = [Effect::Read, Effect::Write, Effect::Notify, Effect::Destroy];
        let modes = |dry, planned, read_only| Modes { dry, planned, read_only };
        let table = [
            (modes(false, false, false), Verdict::Send),
            (modes(false, false, true), Verdict::Refuse),
            (modes(true, false, false), Verdict::Show),
            (modes(true, false, true), Verdict::Show),
            (modes(true, true, false), Verdict::Show),
            (modes(false, true, false), Verdict::Collect),
            (modes(false, true, true), Verdict::Collect),
        ];
        for (modes, verdict) in table {
            for effect in all {
                let expected = if effect == Effect::Read { Verdict::Send } else { verdict };
                assert_eq!(judge(effect, modes), expected, "{modes:?} {effect:?}");
            }
        }
    }
}
