//! A pager for what is longer than the window: `$PAGER`, or `less`.

use std::io::Write as _;
use std::process::{Command, Stdio};

use super::screen::Screen;

/// What runs when nothing else is wished.
const DEFAULT: &str = "less";

/// Colours are kept, long lines are moved sideways, and what fits the window is just shown.
const LESS: &str = "FRSX";

/// A program that shows long text.
#[derive(Debug, Clone)]
pub struct Pager {
    command: String,
    /// `less` was told nothing by its own variable.
    is_plain: bool,
}

impl Pager {
    /// The pager that the values of `PAGER` and `LESS` ask for.
    pub fn new(wished: Option<&str>, less: Option<&str>) -> Self {
        let wished = wished.filter(|command| !command.trim().is_empty());
        Self { command: wished.unwrap_or(DEFAULT).to_owned(), is_plain: less.is_none() }
    }

    /// Shows `text`, and waits until it was seen. False when there is no such program.
    pub fn show(&self, screen: &Screen, text: &str) -> bool {
        screen.hold(|| self.run(text))
    }

    fn run(&self, text: &str) -> bool {
        // It may have arguments, and quotes around them: that is for the shell.
        let (shell, flag) = if cfg!(windows) { ("cmd", "/C") } else { ("sh", "-c") };
        let mut command = Command::new(shell);
        command.args([flag, &self.command]).stdin(Stdio::piped());
        if self.is_plain {
            command.env("LESS", LESS);
        }
        let Ok(mut child) = command.spawn() else { return false };
        if let Some(mut input) = child.stdin.take() {
            // Who leaves it early has seen enough.
            let _ = input.write_all(text.as_bytes()).and_then(|()| input.write_all(b"\n"));
        }
        child.wait().is_ok_and(|status| status.success())
    }
}
