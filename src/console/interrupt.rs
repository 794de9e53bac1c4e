//! Ctrl-C. It ends what runs; it never ends the session, unless somebody presses it three times.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};

use parking_lot::Mutex;

use super::screen::Screen;
use super::terminal::Terminal;
use crate::lang::{Lang, Text};
use crate::script::Stop;

/// Exit code of a program that Ctrl-C ended.
const INTERRUPTED: u8 = 130;

/// What Ctrl-C ends at this moment.
#[derive(Clone, Default)]
pub struct Interrupts(Arc<Slot>);

#[derive(Default)]
struct Slot {
    stop: Mutex<Option<Stop>>,
    presses: AtomicU8,
    has_prompt: AtomicBool,
}

impl Interrupts {
    /// Listens for Ctrl-C from now on. Where that is not possible, Ctrl-C ends the program as it always does.
    pub fn listen(&self, screen: &Arc<Screen>, lang: Lang) {
        let (slot, screen, terminal) = (Arc::clone(&self.0), Arc::clone(screen), Terminal::remember());
        let _ = ctrlc::set_handler(move || slot.press(&screen, &terminal, lang));
    }

    /// There is a prompt to come back to: a press between two evaluations ends nothing.
    pub fn keep_session(&self) {
        self.0.has_prompt.store(true, Ordering::Relaxed);
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

impl Slot {
    fn press(&self, screen: &Screen, terminal: &Terminal, lang: Lang) {
        let has_prompt = self.has_prompt.load(Ordering::Relaxed);
        let Some(stop) = self.stop.lock().clone() else {
            // In raw mode Ctrl-C is a key: this signal was sent by somebody else and means the program.
            return if !has_prompt || terminal.is_raw() {
                leave(terminal)
            };
        };
        match self.presses.fetch_add(1, Ordering::Relaxed) {
            0 => {
                if has_prompt {
                    screen.note(""); // The terminal wrote `^C`.
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
}

fn leave(terminal: &Terminal) {
    terminal.restore();
    std::process::exit(INTERRUPTED.into());
}
