//! The modes of the terminal. A signal that ends the program while a line or a password is read must give them back.

#[cfg(unix)]
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

/// Switches the bracketed paste off that the line editor switched on.
#[cfg(unix)]
const PASTE_OFF: &[u8] = b"\x1b[?2004l\n";

/// The terminal as it was when the program started.
#[derive(Default)]
pub struct Terminal {
    #[cfg(unix)]
    modes: Option<Termios>,
}

#[cfg(unix)]
impl Terminal {
    /// Remembers the modes of now, if stdin is a terminal.
    pub fn remember() -> Self {
        Self { modes: tcgetattr(std::io::stdin()).ok() }
    }

    /// Whether keys reach the line editor as they are; then Ctrl-C is a key and no signal.
    pub fn is_raw(&self) -> bool {
        tcgetattr(std::io::stdin()).is_ok_and(|now| !now.local_modes.contains(LocalModes::ISIG))
    }

    /// Gives the modes back.
    pub fn restore(&self) {
        use std::io::Write as _;
        let Some(modes) = &self.modes else { return };
        let was_raw = self.is_raw();
        let _ = tcsetattr(std::io::stdin(), OptionalActions::Now, modes);
        if was_raw {
            let _ = std::io::stdout().write_all(PASTE_OFF);
            let _ = std::io::stdout().flush();
        }
    }
}

#[cfg(not(unix))]
impl Terminal {
    /// Here the system gives the modes back.
    pub fn remember() -> Self {
        Self::default()
    }

    /// Ctrl-C is always a key here while a line is read.
    pub fn is_raw(&self) -> bool {
        true
    }

    /// Nothing to do.
    pub fn restore(&self) {}
}
