//! The modes of the terminal. A signal that ends the program while a line or a secret is read must give them back.

use std::io;

#[cfg(unix)]
use rustix::event::{PollFd, PollFlags, Timespec, poll};
#[cfg(unix)]
use rustix::io::Errno;
#[cfg(unix)]
use rustix::termios::{LocalModes, OptionalActions, QueueSelector, Termios, tcflush, tcgetattr, tcsetattr};

/// How often a question looks whether its answer is still wanted: 20 ms.
#[cfg(unix)]
const BEAT: Timespec = Timespec { tv_sec: 0, tv_nsec: 20_000_000 };

/// Switches the bracketed paste off that the line editor switched on.
#[cfg(unix)]
const PASTE_OFF: &[u8] = b"\x1b[?2004l\n";

/// The terminal as it was at some time.
pub struct Terminal {
    #[cfg(unix)]
    modes: Option<Termios>,
}

#[cfg(unix)]
impl Terminal {
    /// Remembers the modes of now, if stdin is a terminal.
    pub fn remember() -> Self {
        Self { modes: tcgetattr(io::stdin()).ok() }
    }

    /// Gives the modes back.
    pub fn restore(&self) {
        use io::Write as _;
        let Some(modes) = &self.modes else { return };
        let was_raw = tcgetattr(io::stdin()).is_ok_and(|now| !now.local_modes.contains(LocalModes::ISIG));
        let _ = tcsetattr(io::stdin(), OptionalActions::Now, modes);
        if was_raw {
            let _ = io::stdout().write_all(PASTE_OFF).and_then(|()| io::stdout().flush());
        }
    }

    /// Whether the terminal shows keys such as Ctrl-C by writing `^C`.
    pub fn shows_controls() -> bool {
        let shown = LocalModes::ECHO | LocalModes::ECHOCTL;
        tcgetattr(io::stdin()).is_ok_and(|modes| modes.local_modes.contains(shown))
    }

    /// Asks `question` on stderr and reads a line; what was typed before the question is no answer. It ends soon after
    /// `is_cancelled` says so.
    ///
    /// # Errors
    /// When the terminal cannot be read, or it was cancelled.
    pub fn ask(question: &str, is_cancelled: impl Fn() -> bool) -> io::Result<String> {
        use io::Write as _;
        tcflush(io::stdin(), QueueSelector::IFlush)?;
        io::stderr().lock().write_all(question.as_bytes())?;
        loop {
            let stdin = io::stdin();
            let mut ready = [PollFd::new(&stdin, PollFlags::IN)];
            let seen = poll(&mut ready, Some(&BEAT));
            if is_cancelled() {
                return Err(io::ErrorKind::Interrupted.into());
            }
            match seen {
                // A terminal is ready when a whole line is there.
                Ok(1..) => {
                    let mut line = String::new();
                    io::stdin().read_line(&mut line)?;
                    if !line.ends_with('\n') {
                        // Ctrl-D leaves the cursor behind the question.
                        io::stderr().lock().write_all(b"\n")?;
                    }
                    return Ok(line);
                }
                Ok(0) | Err(Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Asks with `ask` and reads a line that is not shown, not even when it was typed before the question. Without a line
    /// break at its end the input ended there.
    ///
    /// # Errors
    /// When the terminal cannot be read.
    pub fn read_hidden(ask: impl FnOnce() -> io::Result<()>) -> io::Result<String> {
        /// Shows what is typed again.
        struct Shown(Terminal);
        impl Drop for Shown {
            fn drop(&mut self) {
                self.0.restore();
            }
        }
        let mut modes = tcgetattr(io::stdin())?;
        let _shown = Shown(Self { modes: Some(modes.clone()) });
        modes.local_modes.remove(LocalModes::ECHO);
        modes.local_modes.insert(LocalModes::ECHONL);
        tcsetattr(io::stdin(), OptionalActions::Now, &modes)?;
        ask()?;
        let mut line = String::new();
        io::stdin().read_line(&mut line)?;
        Ok(line)
    }
}

#[cfg(not(unix))]
impl Terminal {
    /// Here the system gives the modes back.
    pub fn remember() -> Self {
        Self {}
    }

    /// Nothing to do.
    pub fn restore(&self) {}

    /// Not here.
    pub fn shows_controls() -> bool {
        false
    }

    /// Asks `question` on stderr and reads a line.
    ///
    /// # Errors
    /// When the terminal cannot be read.
    pub fn ask(question: &str, _is_cancelled: impl Fn() -> bool) -> io::Result<String> {
        use io::Write as _;
        io::stderr().lock().write_all(question.as_bytes())?;
        let mut line = String::new();
        io::stdin().read_line(&mut line)?;
        Ok(line)
    }

    /// Asks with `ask` and reads a line that is not shown.
    ///
    /// # Errors
    /// When the terminal cannot be read.
    pub fn read_hidden(ask: impl FnOnce() -> io::Result<()>) -> io::Result<String> {
        ask()?;
        rpassword::read_password().map(|line| line + "\n")
    }
}
