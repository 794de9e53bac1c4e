//! Ctrl-C. It ends what runs; it never ends the session, unless somebody presses it three times.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use parking_lot::Mutex;

use super::screen::Screen;
use crate::lang::{Lang, Text};
use crate::script::Stop;

/// Exit code of a program that Ctrl-C ended.
pub const INTERRUPTED: u8 = 130;

/// What Ctrl-C ends at this moment.
#[derive(Clone, Default)]
pub struct Interrupts(Arc<Slot>);

#[derive(Default)]
struct Slot {
    stop: Mutex<Option<Stop>>,
    presses: AtomicU8,
}

impl Interrupts {
    /// Listens for Ctrl-C from now on. Where that is not possible, Ctrl-C ends the program as it always does.
    pub fn listen(&self, screen: &Arc<Screen>, lang: Lang) {
        let (slot, screen) = (Arc::clone(&self.0), Arc::clone(screen));
        let _ = ctrlc::set_handler(move || slot.press(&screen, lang));
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
    fn press(&self, screen: &Screen, lang: Lang) {
        let Some(stop) = self.stop.lock().clone() else { std::process::exit(INTERRUPTED.into()) };
        stop.interrupt();
        match self.presses.fetch_add(1, Ordering::Relaxed) {
            0 => {}
            1 => screen.note(
                Text::fixed("still stopping; Ctrl-C once more leaves", "正在停止；再按一次 Ctrl-C 退出")
                    .get(lang),
            ),
            _ => std::process::exit(INTERRUPTED.into()),
        }
    }
}
