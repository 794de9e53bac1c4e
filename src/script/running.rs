//! An evaluation on a thread of its own, so that one that does not stop can be left behind. It works on a copy of the
//! variables: what was left behind changes nothing of the session any more.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use rhai::{AST, Dynamic, Engine, EvalAltResult, Position, Scope};

use super::bridge::Bridge;
use super::end;
use super::parallel::STACK;
use super::problem::Origin;
use super::standing;
use super::stop::Stop;
use crate::error::{Error, Kind};
use crate::ops::Scope as Standing;

/// Value, error or panic.
pub(super) type Ended = std::thread::Result<Result<Dynamic, Box<EvalAltResult>>>;

/// Everything that an evaluation needs beside the variables.
pub(super) struct Job {
    pub(super) engine: Arc<Engine>,
    pub(super) bridge: Arc<Bridge>,
    pub(super) all: AST,
    pub(super) input: Arc<Origin>,
    pub(super) stop: Stop,
    /// What holds for its calls.
    pub(super) standing: Standing,
}

impl Job {
    /// Evaluates on this thread. A panic in a dependency costs one input.
    pub(super) fn run(&self, scope: &mut Scope<'static>) -> Ended {
        let work = || {
            let value = self.engine.eval_ast_with_scope::<Dynamic>(scope, &self.all)?;
            // A termination that was caught in its wrapper as the last thing of all.
            match end::remembered() {
                Some(word) => Err(EvalAltResult::ErrorTerminated(word, Position::NONE).into()),
                None => Ok(value),
            }
        };
        catch_unwind(AssertUnwindSafe(|| {
            standing::within(self.standing.clone(), || self.bridge.evaluate(&self.stop, work))
        }))
    }

    /// Evaluates on a thread of its own.
    pub(super) fn start(self, mut scope: Scope<'static>) -> Result<Running, Error> {
        let (sender, receiver) = channel();
        let (input, stop, abandon) = (Arc::clone(&self.input), self.stop.clone(), Abandon(sender.clone()));
        let thread = std::thread::Builder::new().name("dingraia-evaluation".into()).stack_size(STACK);
        let started = thread.spawn(move || {
            let start = Instant::now();
            let ended = self.run(&mut scope);
            let took = start.elapsed();
            // Nobody listens when it was left behind.
            let _ = sender.send(Signal::Ended(Box::new((scope, ended, took))));
        });
        match started {
            Ok(_) => Ok(Running { receiver, abandon, input, stop }),
            Err(error) => {
                Err(Error::new(Kind::Bug { problem: "no more threads for an evaluation".into() })
                    .because(error))
            }
        }
    }
}

pub(super) enum Signal {
    Ended(Box<(Scope<'static>, Ended, Duration)>),
    Abandoned,
}

/// An evaluation under way.
pub struct Running {
    pub(super) receiver: Receiver<Signal>,
    abandon: Abandon,
    pub(super) input: Arc<Origin>,
    pub(super) stop: Stop,
}

impl Running {
    /// What leaves it behind, for whoever hears Ctrl-C.
    pub fn abandon(&self) -> Abandon {
        self.abandon.clone()
    }
}

/// Leaves an evaluation behind that does not stop.
#[derive(Clone)]
pub struct Abandon(Sender<Signal>);

impl Abandon {
    /// Whoever waits for the evaluation goes on without it. Nothing happens when it is over.
    pub fn leave_behind(&self) {
        let _ = self.0.send(Signal::Abandoned);
    }
}
