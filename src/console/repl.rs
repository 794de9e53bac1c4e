//! The loop: read, judge, evaluate, show.

use std::sync::Arc;

use super::arrivals::Arrivals;
use super::command::{self, help};
use super::complete::Names;
use super::editor::{Compile, Editor, Prompt, Read};
use super::input::{Line, classify, split};
use super::interrupt::{INTERRUPTED, Interrupts};
use super::screen::Screen;
use super::show::Show;
use super::style::Role;
use crate::error::{Error, Result};
use crate::lang::Text;
use crate::script::{Interpreter, Outcome, Stop};

/// What the prompt says besides the number.
#[derive(Debug, Clone)]
pub struct State {
    /// Profile.
    pub profile: String,
    /// Whether `app` is the practice organisation.
    pub sandbox: bool,
}

/// A console over an interpreter.
pub struct Repl<'a> {
    /// Reads lines.
    pub editor: Editor,
    /// Tells whether a text is right.
    pub compile: Compile,
    /// Evaluates.
    pub interpreter: &'a mut Interpreter,
    /// What completion knows of the session.
    pub names: Names,
    /// Shows results and errors.
    pub show: Show,
    /// Where text goes.
    pub screen: Arc<Screen>,
    /// Ctrl-C.
    pub interrupts: Interrupts,
    /// What arrives.
    pub arrivals: Arc<Arrivals>,
    /// For the prompt.
    pub state: State,
}

/// Whether the loop goes on.
pub enum Next {
    /// With the next input.
    Read,
    /// The input failed: what was pasted behind it is not entered.
    Failed,
    /// No: this is the exit code.
    Leave(u8),
}

impl Repl<'_> {
    /// Reads and evaluates until somebody leaves; the exit code.
    ///
    /// # Errors
    /// When the terminal cannot be read any more.
    pub fn run(&mut self) -> Result<u8> {
        self.interrupts.keep_session();
        self.tell_names();
        let mut number = 1;
        loop {
            self.screen.set_printer(self.editor.printer());
            let read = self.editor.read(&self.prompt(number));
            self.screen.set_printer(None);
            self.show = self.show.fitted();
            match read? {
                Read::Interrupted => {}
                Read::End => return Ok(0),
                Read::Line(text) => {
                    if let Next::Leave(code) = self.enter_all(&text, &mut number) {
                        return Ok(code);
                    }
                }
            }
            if self.interrupts.is_ending() {
                return Ok(INTERRUPTED);
            }
            if self.screen.is_closed() {
                return Ok(0);
            }
        }
    }

    fn prompt(&self, number: usize) -> Prompt {
        let (word, role) =
            if self.state.sandbox { ("sandbox", Role::PromptSandbox) } else { ("live", Role::PromptLive) };
        let head = format!("dingraia[{}·", self.state.profile);
        let tail = format!("·rw] {number}> ");
        Prompt {
            raw: format!("{head}{word}{tail}"),
            coloured: format!("{head}{}{tail}", self.show.palette.paint(role, word)),
        }
    }

    /// Enters what was typed, or one after another what was pasted. Every input has a number, a wrong one too.
    fn enter_all(&mut self, text: &str, number: &mut usize) -> Next {
        let inputs = split(text, |text| (self.compile)(text));
        for (index, input) in inputs.iter().enumerate() {
            if inputs.len() > 1 {
                self.screen.note(&format!("{}{input}", self.prompt(*number).coloured));
            }
            let next = self.enter(input, *number);
            if !input.trim().is_empty() {
                *number += 1;
            }
            match next {
                Next::Read => {}
                Next::Leave(code) => return Next::Leave(code),
                Next::Failed => {
                    self.tell_skipped(inputs.len() - index - 1);
                    return Next::Failed;
                }
            }
        }
        Next::Read
    }

    fn tell_skipped(&self, count: usize) {
        if count > 0 {
            let text = Text::made(format!("inputs not entered: {count}"), format!("未执行的输入：{count}"));
            self.screen.note(&self.show.palette.paint(Role::Dim, text.get(self.show.lang)));
        }
    }

    fn enter(&mut self, text: &str, number: usize) -> Next {
        match plain_word(text).unwrap_or_else(|| classify(text)) {
            Line::Blank => Next::Read,
            Line::Help(topic) => help::topic(self, topic),
            Line::Command { name, args } => command::run(self, name, args),
            Line::Code(source) => self.evaluate(source, number, false),
            Line::Silent(source) => self.evaluate(source, number, true),
        }
    }

    fn evaluate(&mut self, source: &str, number: usize, silent: bool) -> Next {
        let stop = Stop::default();
        let name = format!("<in {number}>");
        let outcome = self.interrupts.during(&stop, || self.interpreter.evaluate(source, &name, &stop));
        let next = match outcome {
            Outcome::Leave(code) => return Next::Leave(exit_code(code)),
            Outcome::Problem(problem) => {
                self.screen.note(&self.show.problem(&problem));
                Next::Failed
            }
            Outcome::Value(value) => {
                if !value.is_nothing() {
                    self.interpreter.set("it", &value);
                    if !silent {
                        self.screen.result(&self.show.value(&value));
                    }
                }
                Next::Read
            }
        };
        self.tell_names();
        next
    }

    /// Tells completion which names the session has.
    fn tell_names(&self) {
        let functions = self.interpreter.functions();
        self.names.set_given(self.interpreter.variables().into_iter().chain(functions).collect());
    }

    /// Shows an error of a command.
    pub fn fail(&self, error: Error) -> Next {
        self.screen.note(&self.show.error(error));
        Next::Failed
    }
}

/// What people type without thinking: `help`, `help get_user`, `exit`, `quit`.
fn plain_word(text: &str) -> Option<Line<'_>> {
    let text = text.trim();
    match text {
        "help" => Some(Line::Help("")),
        "exit" | "quit" => Some(Line::Command { name: "quit", args: "" }),
        _ => {
            let topic = text.strip_prefix("help ")?.trim();
            topic.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.')).then_some(Line::Help(topic))
        }
    }
}

/// `exit(n)` as the system knows it: the lowest eight bits.
pub fn exit_code(code: i64) -> u8 {
    (code & 0xff) as u8
}
