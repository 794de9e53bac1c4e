//! The loop: read, judge, evaluate, show.

use std::sync::Arc;

use super::arrivals::Arrivals;
use super::command::{self, help};
use super::complete::Known;
use super::editor::{Compile, Editor, Prompt, Read};
use super::host::Host;
use super::input::{Line, classify, split};
use super::interrupt::{INTERRUPTED, Interrupts};
use super::memory::Memory;
use super::pager::Pager;
use super::repair::repair;
use super::results::Meter;
use super::screen::Screen;
use super::show::Show;
use super::style::Role;
use crate::error::Result;
use crate::lang::{Lang, Text};
use crate::script::{Interpreter, Outcome, Problem};

/// What the prompt says besides the number.
#[derive(Debug, Clone)]
pub struct State {
    /// Profile.
    pub profile: String,
    /// Whether `app` is the practice organisation.
    pub sandbox: bool,
}

/// The prompt's word where everything is sent.
const WRITES: &str = "rw";

/// A console over an interpreter.
pub struct Repl<'a> {
    /// Reads lines.
    pub editor: Editor,
    /// Tells whether a text is right.
    pub compile: Compile,
    /// Evaluates.
    pub interpreter: Interpreter,
    /// What completion knows of the session.
    pub known: Known,
    /// Shows results and errors.
    pub show: Show,
    /// Where text goes.
    pub screen: Arc<Screen>,
    /// Shows what is longer than the window.
    pub pager: Pager,
    /// Ctrl-C.
    pub interrupts: Interrupts,
    /// What arrives.
    pub arrivals: Arc<Arrivals>,
    /// For the prompt.
    pub state: State,
    /// The program around.
    pub host: &'a dyn Host,
    /// What it remembers.
    pub memory: Memory,
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
        self.interpreter.open_results();
        self.watch_arrivals();
        self.tell_names();
        let mut number = 1;
        loop {
            self.screen.set_printer(self.editor.printer());
            let read = self.editor.read(&self.prompt(number));
            self.screen.set_printer(None);
            self.show = self.show.fitted();
            match read? {
                Read::Interrupted => {}
                Read::End if self.may_leave() => return Ok(0),
                Read::End => {}
                Read::Line(text) => {
                    self.memory.was_warned = false;
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

    /// Shows what arrives at the apps of this session.
    pub fn watch_arrivals(&self) {
        let here = Arc::clone(&self.arrivals);
        self.interpreter.station().watch_arrivals(move |arrived| here.show(arrived));
    }

    fn prompt(&self, number: usize) -> Prompt {
        let (word, role) =
            if self.state.sandbox { ("sandbox", Role::PromptSandbox) } else { ("live", Role::PromptLive) };
        let head = format!("dingraia[{}·", self.state.profile);
        let (mode, tail) = (self.mode(), format!("] {number}> "));
        let painted = self.show.palette.paint(role, word);
        let coloured_mode =
            if mode == WRITES { mode.to_owned() } else { self.show.palette.paint(Role::Hint, mode) };
        Prompt {
            raw: self.screen.fit(&format!("{head}{word}·{mode}{tail}")).into_owned(),
            coloured: self.screen.fit(&format!("{head}{painted}·{coloured_mode}{tail}")).into_owned(),
        }
    }

    /// What may be sent, in a word.
    fn mode(&self) -> &'static str {
        match self.interpreter.app() {
            Some(live) if live.0.safety.is_dry() => "dry",
            Some(live) if live.0.safety.is_read_only() => "ro",
            _ => WRITES,
        }
    }

    /// Speaks `lang` from now on.
    pub fn speak(&mut self, lang: Lang) {
        (self.show.lang, self.show.renderer.lang) = (lang, lang);
        self.screen.spoken.set(lang);
        self.interpreter.speak(lang);
        self.known.speak(lang);
    }

    /// Ctrl-D leaves; when tasks run or something is listened to, the second one does.
    fn may_leave(&mut self) -> bool {
        let app = self.interpreter.app();
        let tasks = app.as_ref().map(|live| live.0.tasks()).unwrap_or_default();
        let listens = app.is_some_and(|live| self.interpreter.station().status(&live.0).is_some());
        let running: Vec<&str> =
            tasks.iter().map(|task| task.name.as_str()).chain(listens.then_some("listen")).collect();
        if running.is_empty() || self.memory.was_warned {
            return true;
        }
        self.memory.was_warned = true;
        let names = running.join(", ");
        self.screen.tell(&Text::made(
            format!("still running: {names}; Ctrl-D again ends them and leaves"),
            format!("仍在运行：{names}；再按一次 Ctrl-D 将结束它们并退出"),
        ));
        false
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
        self.memory.enter(number, text);
        let next = match plain_word(text).unwrap_or_else(|| classify(text)) {
            Line::Blank => return Next::Read,
            Line::Help(topic) => help::topic(self, topic),
            Line::Command { name, args } => command::run(self, name, args),
            Line::Code(source) => self.evaluate(source, number, false),
            Line::Silent(source) => self.evaluate(source, number, true),
        };
        let value = self.memory.value.take();
        self.interpreter.keep(number, text.trim_end(), value.as_ref());
        next
    }

    fn evaluate(&mut self, source: &str, number: usize, silent: bool) -> Next {
        let meter = Meter::start(&self.interpreter);
        let mut outcome = self.run_code(source, &format!("<in {number}>"));
        match &mut outcome {
            Outcome::Value(value) if !value.is_nothing() => {
                self.known.learn_answer(number, source, &self.interpreter, value);
            }
            Outcome::Problem(problem) => self.offer_repaired(source, problem),
            Outcome::Value(_) | Outcome::Leave(_) => {}
        }
        let next = self.settle(outcome, silent);
        if let Some(line) = meter.line(&self.show.renderer) {
            self.screen.note(&line);
        }
        next
    }

    /// Tells completion what the session has, and the history what it must not keep.
    pub fn tell_names(&mut self) {
        self.known.learn(&self.interpreter);
        self.editor.learn_secrets(self.interpreter.secrets());
    }

    /// Offers the line without its full-width punctuation, when that is what is wrong with it.
    fn offer_repaired(&self, source: &str, problem: &mut Problem) {
        let Some(fixed) = repair(source, |text| (self.compile)(text)) else { return };
        problem.hints.push(if self.editor.is_drawn() {
            Text::made(
                format!("it has full-width punctuation; Tab takes the repaired line: {fixed}"),
                format!("含有全角标点；按 Tab 采用修正后的输入：{fixed}"),
            )
        } else {
            Text::made(
                format!("it has full-width punctuation; this is meant: {fixed}"),
                format!("含有全角标点，应为：{fixed}"),
            )
        });
        self.editor.offer(Some(fixed));
    }
}

/// What people type without thinking: `help`, `help get_user`, `exit`, `quit`; and `??word`, which searches.
fn plain_word(text: &str) -> Option<Line<'_>> {
    let text = text.trim();
    match text {
        "help" => Some(Line::Help("")),
        "exit" | "quit" => Some(Line::Command { name: "quit", args: "" }),
        _ => {
            if let Some(words) = text.strip_prefix("??").filter(|words| !words.contains('\n')) {
                return Some(Line::Command { name: "search", args: words.trim() });
            }
            let topic = text.strip_prefix("help ")?.trim();
            let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | ' ' | '%' | '-');
            topic.chars().all(is_name).then_some(Line::Help(topic))
        }
    }
}

/// `exit(n)` as the system knows it: from 0 to 255. What lies outside is 255, for it must not become a success.
pub fn exit_code(code: i64) -> u8 {
    u8::try_from(code).unwrap_or(u8::MAX)
}
