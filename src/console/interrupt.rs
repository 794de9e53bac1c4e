//! Ctrl-C. It ends what runs; it never ends the session, unless somebody presses it three times. The signals that end
//! programs end this one too, and leave the terminal as it was.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};

use parking_lot::Mutex;

use super::screen::Screen;
use super::terminal::Terminal;
use crate::lang::{Lang, Text};
use crate::script::Stop;

/// Exit code of a program that a signal ended.
pub const INTERRUPTED: u8 = 130;

/// What was asked for from outside.
enum Ask {
    /// To stop what runs: Ctrl-C.
    Stop,
    /// To end: the terminal was closed, or somebody ends the program.
    #[cfg_attr(not(unix), allow(dead_code, reason = "there is only Ctrl-C"))]
    End,
}

/// What Ctrl-C ends at this moment.
#[derive(Clone, Default)]
pub struct Interrupts(Arc<Slot>);

#[derive(Default)]
struct Slot {
    stop: Mutex<Option<Stop>>,
    presses: AtomicU8,
    has_prompt: AtomicBool,
    is_ending: AtomicBool,
}

impl Interrupts {
    /// Listens from now on. Where that is not possible, a signal ends the program as it always does.
    pub fn listen(&self, screen: &Arc<Screen>, lang: Lang) {
        let (slot, screen, terminal) = (Arc::clone(&self.0), Arc::clone(screen), Terminal::remember());
        listen(move |ask| match ask {
            Ask::Stop => slot.press(&screen, &terminal, lang),
            Ask::End => slot.end(&terminal),
        });
    }

    /// There is a prompt to come back to: Ctrl-C between two evaluations ends nothing.
    pub fn keep_session(&self) {
        self.0.has_prompt.store(true, Ordering::Relaxed);
    }

    /// Whether the program is to end as soon as what runs has stopped.
    pub fn is_ending(&self) -> bool {
        self.0.is_ending.load(Ordering::Relaxed)
    }

    /// Runs `work`; Ctrl-C fires `stop` meanwhile.
    pub fn during<T>(&self, stop: &Stop, work: impl FnOnce() -> T) -> T {
        self.0.presses.store(0, Ordering::Relaxed);
        *self.0.stop.lock() = Some(stop.clone());
        let result = work();
        *self.0.stop.lock() = None;
        result
    }
}

#[cfg(unix)]
fn listen(hear: impl Fn(Ask) + Send + 'static) {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    let Ok(mut signals) = signal_hook::iterator::Signals::new([SIGINT, SIGTERM, SIGHUP]) else { return };
    let wait = move || {
        for signal in signals.forever() {
            hear(if signal == SIGINT { Ask::Stop } else { Ask::End });
        }
    };
    let _ = std::thread::Builder::new().name("signals".into()).spawn(wait);
}

#[cfg(not(unix))]
fn listen(hear: impl Fn(Ask) + Send + 'static) {
    let _ = ctrlc::set_handler(move || hear(Ask::Stop));
}

impl Slot {
    fn press(&self, screen: &Screen, terminal: &Terminal, lang: Lang) {
        let has_prompt = self.has_prompt.load(Ordering::Relaxed);
        let Some(stop) = self.stop.lock().clone() else {
            if !has_prompt {
                leave(terminal);
            }
            return;
        };
        match self.presses.fetch_add(1, Ordering::Relaxed) {
            0 => {
                if has_prompt {
                    screen.interrupted();
                }
                stop.interrupt();
            }
            1 => screen.note(
                Text::fixed("still stopping; Ctrl-C once more leaves", "正在停止；再按一次 Ctrl-C 退出")
                    .get(lang),
            ),
            _ => leave(terminal),
        }
    }

    /// What runs gets the time to stop; a second signal does not wait for it.
    fn end(&self, terminal: &Terminal) {
        let was_ending = self.is_ending.swap(true, Ordering::Relaxed);
        match &*self.stop.lock() {
            Some(stop) if !was_ending => stop.interrupt(),
            _ => leave(terminal),
        }
    }
}

fn leave(terminal: &Terminal) {
    terminal.restore();
    std::process::exit(INTERRUPTED.into());
}
