//! Printing above the line being typed.
//!
//! The editor's own printer blocks while a message waits, so one thread owns it and everybody else sends to a
//! channel without a limit.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rustyline::ExternalPrinter;

/// The editor takes one message at a time; those that arrive faster are printed together.
const PACE: Duration = Duration::from_millis(15);

/// How long a prompt waits for what is being printed.
const SETTLED: Duration = Duration::from_millis(100);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum State {
    #[default]
    Open,
    /// A line is being accepted: the editor would not look at a message before the next prompt.
    Held,
    Closed,
}

/// Tells the thread when it may print.
#[derive(Default)]
pub(super) struct Gate {
    state: Mutex<State>,
    /// Something is being printed at this moment.
    printing: Mutex<bool>,
    changed: Condvar,
    printed: Condvar,
}

impl Gate {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, state: State) {
        let mut current = self.lock();
        if *current != State::Closed {
            *current = state;
        }
        self.changed.notify_all();
    }

    /// Messages wait, because Enter was pressed.
    pub(super) fn hold(&self) {
        self.set(State::Held);
    }

    /// Messages are printed.
    pub(super) fn open(&self) {
        self.set(State::Open);
    }

    /// Messages wait until the next prompt is drawn. What is being printed is printed before: it would land behind the prompt.
    pub(super) fn hold_and_settle(&self) {
        self.hold();
        let printing = self.printing.lock().unwrap_or_else(PoisonError::into_inner);
        // Not for ever: a message that waits for the editor is shown by the editor.
        let _ = self.printed.wait_timeout_while(printing, SETTLED, |printing| *printing);
    }

    /// Runs `print` when messages may be printed; false when they never will.
    fn print(&self, print: impl FnOnce() -> bool) -> bool {
        let set = |now| *self.printing.lock().unwrap_or_else(PoisonError::into_inner) = now;
        loop {
            if !self.wait() {
                return false;
            }
            set(true);
            // Said first and looked at afterwards, as the other side does it the other way round.
            if *self.lock() == State::Open {
                break;
            }
            set(false);
        }
        let goes_on = print();
        set(false);
        self.printed.notify_all();
        goes_on
    }

    /// The editor is gone.
    pub(super) fn close(&self) {
        self.set(State::Closed);
    }

    fn is_closed(&self) -> bool {
        *self.lock() == State::Closed
    }

    /// Waits until messages may be printed; false when they never will.
    fn wait(&self) -> bool {
        let wait = self.changed.wait_while(self.lock(), |state| *state == State::Held);
        *wait.unwrap_or_else(PoisonError::into_inner) == State::Open
    }
}

/// Prints lines above the prompt, from any thread, without waiting.
#[derive(Clone)]
pub struct Printer {
    sender: Sender<String>,
    gate: Arc<Gate>,
}

impl Printer {
    /// Starts the thread; `None` when the system has none to give.
    pub(super) fn start(printer: impl ExternalPrinter + Send + 'static, gate: Arc<Gate>) -> Option<Self> {
        let (sender, receiver) = channel();
        let seen = Arc::clone(&gate);
        let thread = std::thread::Builder::new().name("printer".into());
        thread.spawn(move || serve(printer, &receiver, &seen)).ok()?;
        Some(Self { sender, gate })
    }

    /// Prints `text`, which is made of whole lines. False when the editor is gone and it cannot be shown here.
    /// Colours in it are kept: text from outside must have been escaped.
    pub fn print(&self, text: impl Into<String>) -> bool {
        let mut text = text.into();
        if !text.ends_with('\n') {
            text.push('\n');
        }
        !self.gate.is_closed() && self.sender.send(text).is_ok()
    }
}

fn serve(mut printer: impl ExternalPrinter, receiver: &Receiver<String>, gate: &Gate) {
    while let Ok(mut text) = receiver.recv() {
        let print = || {
            text.extend(receiver.try_iter());
            printer.print(std::mem::take(&mut text)).is_ok()
        };
        if !gate.print(print) {
            return;
        }
        std::thread::sleep(PACE);
    }
}

#[cfg(test)]
mod tests {
    use super::{Gate, Printer};
    use rustyline::ExternalPrinter;
    use std::sync::Arc;
    use std::sync::mpsc::{Sender, channel};

    struct Fake(Sender<String>);

    impl ExternalPrinter for Fake {
        fn print(&mut self, text: String) -> rustyline::Result<()> {
            self.0.send(text).unwrap();
            Ok(())
        }
    }

    #[test]
    fn messages_wait_while_a_line_is_accepted() {
        let (sender, receiver) = channel();
        let gate = Arc::new(Gate::default());
        let printer = Printer::start(Fake(sender), Arc::clone(&gate)).unwrap();
        gate.hold();
        assert!(printer.print("one"));
        assert!(printer.clone().print("two\n"));
        assert!(receiver.try_recv().is_err());
        gate.open();
        let mut text = receiver.recv().unwrap();
        while text != "one\ntwo\n" {
            text += &receiver.recv().unwrap();
        }
        gate.close();
        assert!(!printer.print("three"));
        drop(printer);
        assert!(receiver.recv().is_err());
    }

    /// Takes its time, and says when it begins and has ended.
    struct Slow(Sender<&'static str>);

    impl ExternalPrinter for Slow {
        fn print(&mut self, _: String) -> rustyline::Result<()> {
            self.0.send("begun").unwrap();
            std::thread::sleep(std::time::Duration::from_millis(20));
            self.0.send("ended").unwrap();
            Ok(())
        }
    }

    #[test]
    fn a_prompt_waits_for_what_is_being_printed() {
        let (sender, receiver) = channel();
        let gate = Arc::new(Gate::default());
        let printer = Printer::start(Slow(sender), Arc::clone(&gate)).unwrap();
        assert!(printer.print("one"));
        assert_eq!(receiver.recv(), Ok("begun"));
        gate.hold_and_settle();
        assert_eq!(receiver.try_recv(), Ok("ended"));
        assert!(printer.print("two"));
        gate.hold_and_settle();
        assert!(receiver.try_recv().is_err());
        gate.open();
        assert_eq!(receiver.recv(), Ok("begun"));
    }
}
