//! The loop: read, judge, evaluate, show.

use std::sync::Arc;

use super::editor::{Editor, Prompt, Read};
use super::help;
use super::input::{Line, classify};
use super::interrupt::Interrupts;
use super::screen::Screen;
use super::show::Show;
use super::style::Role;
use crate::error::{Error, Result};
use crate::lang::Text;
use crate::script::{Interpreter, Outcome, Stop};
use crate::spec::nearest;

/// What the prompt says besides the number.
#[derive(Debug, Clone)]
pub struct State {
    /// Profile.
    pub profile: String,
    /// Whether `app` is the practice organisation.
    pub sandbox: bool,
}

/// The console commands; the next ones join them here.
const COMMANDS: &[(&str, Text)] = &[
    ("help", Text::fixed("all methods, or one of them", "全部方法，或其中之一")),
    ("methods", Text::fixed("all methods", "全部方法")),
    ("who", Text::fixed("the variables of this session", "本次会话的变量")),
    ("quit", Text::fixed("leave", "退出")),
];

/// A console over an interpreter.
pub struct Repl<'a> {
    /// Reads lines.
    pub editor: Editor,
    /// Evaluates them.
    pub interpreter: &'a mut Interpreter,
    /// Shows results and errors.
    pub show: Show,
    /// Where text goes.
    pub screen: Arc<Screen>,
    /// Ctrl-C.
    pub interrupts: Interrupts,
    /// For the prompt.
    pub state: State,
}

/// Whether the loop goes on.
enum Next {
    Read,
    Leave(u8),
}

impl Repl<'_> {
    /// Reads and evaluates until somebody leaves; the exit code.
    ///
    /// # Errors
    /// When the terminal cannot be read any more.
    pub fn run(&mut self) -> Result<u8> {
        let mut number = 1;
        loop {
            self.screen.set_printer(self.editor.printer());
            let read = self.editor.read(&self.prompt(number));
            self.screen.set_printer(None);
            match read? {
                Read::Interrupted => {}
                Read::End => return Ok(0),
                Read::Line(text) => {
                    if !text.trim().is_empty() {
                        if let Next::Leave(code) = self.enter(&text, number) {
                            return Ok(code);
                        }
                        number += 1;
                    }
                }
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

    fn enter(&mut self, text: &str, number: usize) -> Next {
        match plain_word(text).unwrap_or_else(|| classify(text)) {
            Line::Blank => Next::Read,
            Line::Help(topic) => {
                self.help(topic);
                Next::Read
            }
            Line::Command { name, args } => self.command(name, args),
            Line::Code(source) => self.evaluate(source, number, false),
            Line::Silent(source) => self.evaluate(source, number, true),
        }
    }

    fn evaluate(&mut self, source: &str, number: usize, silent: bool) -> Next {
        let stop = Stop::default();
        let name = format!("<in {number}>");
        let outcome = self.interrupts.during(&stop, || self.interpreter.evaluate(source, &name, &stop));
        match outcome {
            Outcome::Leave(code) => return Next::Leave(exit_code(code)),
            Outcome::Problem(problem) => self.screen.note(&self.show.problem(&problem)),
            Outcome::Value(value) => {
                if !value.is_nothing() {
                    self.interpreter.set("it", &value);
                }
                if !silent && !value.is_nothing() {
                    self.screen.result(&self.show.value(&value));
                }
            }
        }
        Next::Read
    }

    fn command(&self, name: &str, args: &str) -> Next {
        match name {
            "quit" | "q" | "exit" => return Next::Leave(0),
            "help" | "methods" => self.help(args),
            "who" => {
                self.screen.result(&self.interpreter.variables().join("  "));
            }
            _ => {
                let near = nearest(name, COMMANDS.iter().map(|(name, _)| *name));
                let error = Error::usage(format!("no command `%{name}`"), format!("没有命令 `%{name}`"));
                let error = match near {
                    Some(near) => error.hint(Text::made(
                        format!("did you mean `%{near}`?"),
                        format!("是否想写 `%{near}`？"),
                    )),
                    None => error.hint(Text::fixed("`%help` lists everything", "`%help` 列出全部")),
                };
                self.screen.note(&self.show.error(error));
            }
        }
        Next::Read
    }

    fn help(&self, topic: &str) {
        match help::topic(topic, self.show.palette, self.show.lang) {
            Ok(text) => {
                self.screen.result(&text);
                if topic.is_empty() {
                    self.screen.result(&self.commands());
                }
            }
            Err(text) => self.screen.note(&text),
        }
    }

    fn commands(&self) -> String {
        let lines = COMMANDS.iter().map(|(name, text)| {
            let name = self.show.palette.paint(Role::Object, &format!("%{name:<8}"));
            format!("  {name} {}", text.get(self.show.lang))
        });
        let head =
            self.show.palette.paint(Role::Heading, Text::fixed("console", "控制台").get(self.show.lang));
        let last = Text::fixed(
            "  `it` is the last value; a `;` at the end shows nothing; Ctrl-C stops, Ctrl-D leaves.",
            "  `it` 是上一个值；行尾加 `;` 不显示结果；Ctrl-C 停止，Ctrl-D 退出。",
        );
        format!("{head}\n{}\n{}", lines.collect::<Vec<_>>().join("\n"), last.get(self.show.lang))
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
