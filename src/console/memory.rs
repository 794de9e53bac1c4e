//! What the console remembers of its session: what was entered, what went wrong last, and what was set.

use std::cell::{Cell, RefCell};
use std::sync::Arc;

use crate::lang::Lang;
use crate::ops::Plan;
use crate::script::{Problem, Value};

/// How many inputs are remembered; the oldest go.
const INPUTS: usize = 10_000;

/// One input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// Its number at the prompt.
    pub number: usize,
    /// What was entered.
    pub text: String,
    /// The code that a command ran, when it was one.
    pub code: Option<String>,
    /// Whether it was code that ended without an error.
    pub worked: bool,
}

/// The last error.
pub struct Failed {
    /// The error.
    pub problem: Problem,
    /// The number of the first exchange with DingTalk that belongs to it.
    pub exchanges: u64,
}

/// What is remembered.
#[derive(Default)]
pub struct Memory {
    inputs: Vec<Input>,
    /// The last error.
    pub failed: RefCell<Option<Failed>>,
    /// Number of the first exchange of what ran last.
    pub exchanges: Cell<u64>,
    /// What the input under way came to.
    pub value: Option<Value>,
    /// The most seconds that one input may take.
    pub timeout: Option<f64>,
    /// The language, when somebody set one; it comes before that of a profile.
    pub lang: Option<Lang>,
    /// What was planned last and not sent.
    pub plan: Option<Arc<Plan>>,
    /// Somebody was told that things still run, and may leave now.
    pub was_warned: bool,
}

impl Memory {
    /// Remembers an input.
    pub fn enter(&mut self, number: usize, text: &str) {
        if self.inputs.len() == INPUTS {
            self.inputs.remove(0);
        }
        self.inputs.push(Input { number, text: text.trim_end().to_owned(), code: None, worked: false });
    }

    /// The last input was code, and it worked.
    pub fn worked(&mut self) {
        if let Some(last) = self.inputs.last_mut() {
            last.worked = true;
        }
    }

    /// The last input was a command that ran this code.
    pub fn ran(&mut self, code: &str) {
        if let Some(last) = self.inputs.last_mut() {
            last.code = Some(code.trim_end().to_owned());
        }
    }

    /// The inputs, oldest first.
    pub fn inputs(&self) -> &[Input] {
        &self.inputs
    }

    /// The input with this number.
    pub fn input(&self, number: usize) -> Option<&str> {
        self.inputs.iter().find(|input| input.number == number).map(|input| input.text.as_str())
    }

    /// Forgets what was entered: another session begins.
    pub fn clear(&mut self) {
        self.inputs.clear();
        self.failed.take();
        self.plan = None;
    }
}
