//! The line editor: what is read at the prompt, with completion, hints, colours and a history without secrets.

mod helper;
mod history;
mod printer;
mod secret;

use std::path::PathBuf;
use std::sync::Arc;

use rustyline::config::{Behavior, ColorMode, CompletionType, Configurer as _, EditMode};
use rustyline::error::{ReadlineError, Signal};
use rustyline::history::{History as _, MemHistory};
use rustyline::{Cmd, Config, KeyCode, KeyEvent, Modifiers};

pub use helper::{Candidate, Compile, Complete};
pub use printer::Printer;

use crate::error::{Error, Kind, Result};
use crate::lang::Lang;
use helper::Helper;
use history::{HISTORY_LINES, HistoryFile};
use printer::Gate;
use secret::is_secret;

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
    /// Completes words.
    pub complete: Arc<dyn Complete>,
    /// Lines with one of these texts are not kept.
    pub secrets: Vec<String>,
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
    secrets: Vec<String>,
    gate: Arc<Gate>,
    printer: Option<Printer>,
    /// A prompt could only be written where the results go.
    mute: bool,
    /// What stands behind the next prompt already.
    prefill: Option<String>,
    is_vi: bool,
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
        let gate = Arc::new(Gate::default());
        let helper = Helper::new(options.compile, options.complete, options.color, Arc::clone(&gate));
        inner.set_helper(Some(helper));
        inner.bind_sequence(KeyEvent(KeyCode::Enter, Modifiers::ALT), Cmd::Newline);
        Ok(Self {
            inner,
            file,
            secrets: options.secrets,
            gate,
            printer: None,
            mute: options.dumb && !options.stdout_is_terminal,
            prefill: None,
            is_vi: false,
        })
    }

    /// Reads until the input is complete and keeps it in the history.
    pub fn read(&mut self, prompt: &Prompt) -> Result<Read> {
        let styled = if self.mute { ("", "") } else { (prompt.raw.as_str(), prompt.coloured.as_str()) };
        let result = match self.prefill.take() {
            Some(text) => self.inner.readline_with_initial(&styled, (&text, "")),
            None => self.inner.readline(&styled),
        };
        self.gate.open();
        match result {
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

    /// `emacs` or `vi`.
    pub fn edit_mode(&self) -> &'static str {
        if self.is_vi { "vi" } else { "emacs" }
    }

    /// Changes the keys; false when there is no such mode.
    pub fn set_edit_mode(&mut self, mode: &str) -> bool {
        let mode = match mode {
            "emacs" => EditMode::Emacs,
            "vi" => EditMode::Vi,
            _ => return false,
        };
        self.inner.set_edit_mode(mode);
        self.is_vi = mode == EditMode::Vi;
        true
    }

    /// Whether a text has something in it that must not be written down.
    pub fn is_secret(&self, text: &str) -> bool {
        is_secret(text, &self.secrets)
    }

    /// Lines with one of these texts are not kept from now on.
    pub fn set_secrets(&mut self, secrets: Vec<String>) {
        self.secrets = secrets;
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
        .completion_type(CompletionType::List)
        .color_mode(if options.color { ColorMode::Enabled } else { ColorMode::Disabled })
        .behavior(behavior)
        .bracketed_paste(true)
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
