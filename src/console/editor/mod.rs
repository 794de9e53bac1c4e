//! The line editor: what is read at the prompt, with completion, hints, colours and a history without secrets.

mod assist;
mod helper;
mod history;
mod keys;
mod menu;
mod paint;
mod part;
mod printer;
pub(in crate::console) mod secret;
mod signature;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rustyline::Config;
use rustyline::config::{Behavior, ColorMode, CompletionType, Configurer as _};
use rustyline::error::{ReadlineError, Signal};
use rustyline::history::{History as _, MemHistory};

pub use assist::{Assist, Candidate, Completion, Signature};
pub use helper::Compile;
pub use printer::Printer;

use super::text::width;
use crate::config::EditMode;
use crate::error::{Error, Kind, Result};
use crate::lang::Lang;
use crate::secret::Secret;
use helper::Helper;
use history::{HISTORY_LINES, HistoryFile};
use menu::Shown;
use printer::Gate;
use secret::is_secret;

/// The fewest bytes of a secret that is looked for in lines.
const MIN_SECRET: usize = 4;

/// How the editor is set up.
pub struct EditorOptions {
    /// Where lines are kept; `None` keeps them in memory only.
    pub history: Option<PathBuf>,
    /// Whether to use colours.
    pub color: bool,
    /// Whether stdout is a terminal; if not, the prompt must not reach it.
    pub stdout_is_terminal: bool,
    /// Whether the terminal can do nothing but print (`TERM=dumb`).
    pub dumb: bool,
    /// Decides whether the input is complete.
    pub compile: Compile,
    /// Knows the words.
    pub assist: Arc<dyn Assist>,
    /// Which keys move through the line.
    pub mode: EditMode,
    /// Whether the terminal knows ASCII only.
    pub ascii: bool,
}

/// A prompt, with and without colour; both must have the same width.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Prompt {
    /// Without colour.
    pub raw: String,
    /// With colour.
    pub coloured: String,
}

/// What was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Read {
    /// Complete input, possibly of several lines.
    Line(String),
    /// Ctrl-C: the input is dropped.
    Interrupted,
    /// Ctrl-D, or the terminal is gone.
    End,
}

/// The line editor.
pub struct Editor {
    inner: rustyline::Editor<Helper, MemHistory>,
    file: Option<HistoryFile>,
    secrets: Vec<Secret>,
    mode: EditMode,
    gate: Arc<Gate>,
    /// Set by Ctrl-C.
    dropped: Arc<AtomicBool>,
    printer: Option<Printer>,
    /// A prompt could only be written where the results go.
    mute: bool,
    /// The terminal draws: keys are read one by one.
    is_drawn: bool,
    /// What stands behind the next prompt already.
    prefill: Option<String>,
}

impl Editor {
    /// Sets the editor up and reads the history. A history that cannot be read is empty.
    pub fn new(options: EditorOptions) -> Result<Self> {
        let config = config(&options).map_err(failure)?;
        let mut history = MemHistory::with_config(&config);
        let file = options.history.map(HistoryFile::new);
        for line in file.iter().flat_map(HistoryFile::load) {
            history.add_owned(line).map_err(failure)?;
        }
        let mut inner = rustyline::Editor::with_history(config, history).map_err(failure)?;
        let (gate, shown) = (Arc::new(Gate::default()), Shown::default());
        let dropped = Arc::new(AtomicBool::new(false));
        for (key, handler) in keys::bindings(&shown, &dropped) {
            inner.bind_sequence(key, handler);
        }
        let (known, seen) = (Arc::clone(&gate), Arc::clone(&dropped));
        let mut helper = Helper::new(options.compile, options.assist, options.color, known, shown, seen);
        helper.ascii = options.ascii;
        inner.set_helper(Some(helper));
        Ok(Self {
            inner,
            file,
            secrets: Vec::new(),
            mode: options.mode,
            gate,
            dropped,
            printer: None,
            is_drawn: !options.dumb,
            mute: options.dumb && !options.stdout_is_terminal,
            prefill: None,
        })
    }

    /// Reads until the input is complete and keeps it in the history.
    pub fn read(&mut self, prompt: &Prompt) -> Result<Read> {
        let styled = if self.mute { ("", "") } else { (prompt.raw.as_str(), prompt.coloured.as_str()) };
        if let Some(helper) = self.inner.helper() {
            helper.prompt.set(width(styled.0));
        }
        if self.is_drawn {
            self.gate.hold_and_settle();
        }
        let result = match self.prefill.take() {
            Some(text) => self.inner.readline_with_initial(&styled, (&text, "")),
            None => self.inner.readline(&styled),
        };
        self.gate.open();
        self.offer(None);
        let is_dropped = self.dropped.swap(false, Ordering::Relaxed);
        match result {
            Ok(_) if is_dropped => Ok(Read::Interrupted),
            Ok(line) => {
                self.remember(&line);
                Ok(Read::Line(line))
            }
            Err(ReadlineError::Interrupted | ReadlineError::Signal(Signal::Interrupt)) => {
                Ok(Read::Interrupted)
            }
            Err(ReadlineError::Eof) => Ok(Read::End),
            Err(error) => Err(failure(error)),
        }
    }

    /// Whether keys are read one by one: not where the terminal can do nothing but print.
    pub fn is_drawn(&self) -> bool {
        self.is_drawn
    }

    /// Offers a line at the next prompt: Tab takes it, as long as nothing is typed.
    pub fn offer(&self, line: Option<String>) {
        if let Some(helper) = self.inner.helper() {
            *helper.offered.borrow_mut() = line;
        }
    }

    /// Lines with one of these texts are not kept from now on.
    pub fn learn_secrets(&mut self, secrets: impl IntoIterator<Item = Secret>) {
        for secret in secrets {
            // A shorter one would be found in every line.
            if secret.expose().len() >= MIN_SECRET && !self.secrets.contains(&secret) {
                self.secrets.push(secret);
            }
        }
    }

    /// Which keys move through the line.
    pub fn edit_mode(&self) -> EditMode {
        self.mode
    }

    /// From the next prompt on these keys move through the line.
    pub fn set_edit_mode(&mut self, mode: EditMode) {
        self.mode = mode;
        self.inner.set_edit_mode(keys::of_editor(mode));
    }

    /// The lines that were entered, oldest first; also those of earlier sessions.
    pub fn history(&self) -> impl DoubleEndedIterator<Item = &String> {
        self.inner.history().into_iter()
    }

    /// A way to print above the line being typed, from any thread; `None` where there is no terminal.
    pub fn printer(&mut self) -> Option<Printer> {
        if self.printer.is_none() {
            let inner = self.inner.create_external_printer().ok()?;
            self.printer = Printer::start(inner, Arc::clone(&self.gate));
        }
        self.printer.clone()
    }

    /// Puts `text` behind the next prompt, to be changed and entered.
    pub fn prefill(&mut self, text: String) {
        self.prefill = Some(text);
    }

    /// Colours, or none, from now on.
    pub fn set_color(&mut self, color: bool) {
        self.inner.set_color_mode(if color { ColorMode::Enabled } else { ColorMode::Disabled });
        if let Some(helper) = self.inner.helper_mut() {
            helper.set_color(color);
        }
    }

    /// Whether a text has something in it that must not be written down.
    pub fn is_secret(&self, text: &str) -> bool {
        is_secret(text, &self.secrets)
    }

    /// Keeps the line. A history file that cannot be written is given up, not the session.
    fn remember(&mut self, line: &str) {
        let line = line.trim_end();
        if line.is_empty() || is_secret(line, &self.secrets) {
            return;
        }
        if let (Ok(true), Some(file)) = (self.inner.add_history_entry(line), &self.file)
            && let Err(error) = file.append(line)
        {
            tracing::warn!(zh = %format!("本次会话的历史不会保存：{}", error.text(Lang::Zh)), "this session's history is not kept: {error}");
            self.file = None;
        }
    }
}

impl Drop for Editor {
    /// The thread of the printer must not use the terminal after it was given back.
    fn drop(&mut self) {
        self.gate.close();
    }
}

fn config(options: &EditorOptions) -> rustyline::Result<Config> {
    // Results may go to a file; the prompt goes to the terminal itself.
    let behavior = if options.stdout_is_terminal { Behavior::Stdio } else { Behavior::PreferTerm };
    Ok(Config::builder()
        .max_history_size(HISTORY_LINES)?
        .history_ignore_dups(true)?
        .completion_type(CompletionType::Circular)
        .color_mode(if options.color { ColorMode::Enabled } else { ColorMode::Disabled })
        .behavior(behavior)
        .bracketed_paste(true)
        .edit_mode(keys::of_editor(options.mode))
        .build())
}

fn failure(error: ReadlineError) -> Error {
    match error {
        ReadlineError::Io(error) => Error::file("<terminal>", error),
        error => {
            Error::new(Kind::File { path: "<terminal>".into(), problem: error.to_string() }).because(error)
        }
    }
}
