//! Running code for the loop and for commands: on a thread of its own, ended by Ctrl-C or a time limit, remembered when it
//! fails.

use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::time::Duration;

use super::memory::Failed;
use super::repl::{Next, Repl, exit_code};
use crate::error::{Error, Result};
use crate::ops::Scope;
use crate::script::{Outcome, Problem, Stop};

impl Repl<'_> {
    /// Waits for `work` of a command, which Ctrl-C ends.
    ///
    /// # Errors
    /// Its own, or that it was interrupted.
    pub fn wait<T>(&mut self, work: impl Future<Output = Result<T>>) -> Result<T> {
        let (stop, exchanges) = (Stop::default(), self.next_exchange());
        let result = self.interrupts.during(&stop, || self.interpreter.wait(&stop, work));
        self.memory.exchanges.set(exchanges);
        result
    }

    /// Evaluates `source`, which somebody typed, in the session; its place in messages is `name`.
    pub fn run_code(&mut self, source: &str, name: &str) -> Outcome {
        self.run_until(source, name, &Stop::default())
    }

    /// As [`Repl::run_code`], but a file: whoever runs it means it, and is not asked about its calls.
    pub fn run_file(&mut self, source: &str, name: &str) -> Outcome {
        self.run_standing(source, name, &Stop::default(), Scope::default())
    }

    /// As [`Repl::run_code`], ended by `stop` too.
    pub fn run_until(&mut self, source: &str, name: &str, stop: &Stop) -> Outcome {
        self.run_standing(source, name, stop, Scope::prompt())
    }

    /// The same; for its calls holds what `scope` says.
    pub fn run_standing(&mut self, source: &str, name: &str, stop: &Stop, scope: Scope) -> Outcome {
        self.interpreter.stand(scope);
        let exchanges = self.next_exchange();
        let _limit = self.memory.timeout.map(|seconds| limit(stop, seconds));
        let (interpreter, interrupts) = (&mut self.interpreter, &self.interrupts);
        let outcome = interrupts.during(stop, || match interpreter.start(source, name, stop) {
            Ok(running) => {
                interrupts.may_leave_behind(running.abandon());
                interpreter.finish(&running)
            }
            Err(problem) => Outcome::Problem(problem),
        });
        self.memory.exchanges.set(exchanges);
        outcome
    }

    /// Shows what came of code.
    pub fn settle(&mut self, outcome: Outcome, silent: bool) -> Next {
        let next = match outcome {
            Outcome::Leave(code) => return Next::Leave(exit_code(code)),
            Outcome::Problem(problem) => self.tell_problem(*problem),
            Outcome::Value(value) => {
                self.memory.worked();
                if !value.is_nothing() {
                    self.interpreter.set("it", &value);
                    if !silent {
                        self.screen.result(&self.show.value(&value));
                    }
                    self.memory.value = Some(value);
                }
                Next::Read
            }
        };
        self.tell_names();
        next
    }

    /// Shows an error of a command.
    pub fn fail(&self, error: Error) -> Next {
        self.memory.exchanges.set(self.next_exchange());
        self.tell_problem(Problem::of(error))
    }

    fn tell_problem(&self, problem: Problem) -> Next {
        self.screen.note(&self.show.problem(&problem));
        self.memory.failed.replace(Some(Failed { problem, exchanges: self.memory.exchanges.get() }));
        Next::Failed
    }

    /// The number that the next exchange of the app will have.
    fn next_exchange(&self) -> u64 {
        self.interpreter.app().map_or(0, |live| live.0.client.exchanges.next())
    }

    /// API calls of the app so far.
    pub fn calls(&self) -> u64 {
        self.interpreter.app().map_or(0, |live| live.0.client.usage.session())
    }
}

/// Fires `stop` after `seconds`; dropping the answer calls it off.
fn limit(stop: &Stop, seconds: f64) -> Sender<()> {
    let (sender, receiver) = channel();
    let (stop, time) = (stop.clone(), Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX));
    // Without a thread there is no limit, and Ctrl-C all the same.
    let _ = std::thread::Builder::new().name("time-limit".into()).spawn(move || {
        if receiver.recv_timeout(time) == Err(RecvTimeoutError::Timeout) {
            stop.time_out();
        }
    });
    sender
}
