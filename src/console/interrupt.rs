//! Ctrl-C. It ends what runs; it never ends a session. What does not stop is left behind when it is pressed twice within a
//! second. The signals that end programs end this one too, and leave the terminal as it was.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use parking_lot::Mutex;

use super::screen::Screen;
use super::terminal::Terminal;
use crate::lang::Text;
use crate::script::{Abandon, Stop};

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

/// Two presses within this time leave behind what does not stop.
const TWICE: Duration = Duration::from_secs(1);

/// What is about to stop gets this long to do so, however fast the second press comes.
const GRACE: Duration = Duration::from_millis(250);

/// What runs gets this long to stop when its time is over.
const TO_STOP: Duration = Duration::from_secs(2);

/// What runs gets this long to stop when the program is to end.
const LAST_WORDS: Duration = Duration::from_secs(6);

/// What Ctrl-C ends at this moment.
#[derive(Clone, Default)]
pub struct Interrupts(Arc<Slot>);

#[derive(Default)]
struct Slot {
    /// What runs, the outer first: a command of many rounds, and the round.
    under_way: Mutex<Vec<UnderWay>>,
    /// How many were under way so far: tells one from the next.
    count: AtomicUsize,
    has_prompt: AtomicBool,
    is_ending: AtomicBool,
    farewell: Mutex<Option<Farewell>>,
}

/// What is done before the program ends by a signal.
type Farewell = Box<dyn Fn() + Send>;

/// What runs.
struct UnderWay {
    number: usize,
    stop: Stop,
    abandon: Option<Abandon>,
    presses: Vec<Instant>,
}

impl Interrupts {
    /// Listens from now on. Where that is not possible, a signal ends the program as it always does.
    pub fn listen(&self, screen: &Arc<Screen>) {
        let (slot, screen) = (Arc::clone(&self.0), Arc::clone(screen));
        let terminal = Arc::new(Terminal::remember());
        listen(move |ask| match ask {
            Ask::Stop => slot.press(&screen, &terminal),
            Ask::End => Slot::end(&slot, &terminal),
        });
    }

    /// There is a prompt to come back to: Ctrl-C ends no session.
    pub fn keep_session(&self) {
        self.0.has_prompt.store(true, Ordering::Relaxed);
    }

    /// Has `farewell` called before a signal ends the program.
    pub fn before_end(&self, farewell: impl Fn() + Send + 'static) {
        *self.0.farewell.lock() = Some(Box::new(farewell));
    }

    /// Ends what runs after `time`, and the program with `code` if that does not stop; `told` says so then.
    pub fn end_after(&self, time: Duration, code: u8, told: impl FnOnce() + Send + 'static) {
        let (slot, terminal) = (Arc::clone(&self.0), Terminal::remember());
        // Without a thread there is no limit, and Ctrl-C all the same.
        let _ = std::thread::Builder::new().name("time-limit".into()).spawn(move || {
            std::thread::sleep(time);
            let stops: Vec<Stop> = slot.under_way.lock().iter().map(|work| work.stop.clone()).collect();
            if !stops.is_empty() {
                stops.iter().for_each(Stop::time_out);
                std::thread::sleep(TO_STOP);
            }
            told();
            slot.leave_with(&terminal, code);
        });
    }

    /// Whether the program is to end as soon as what runs has stopped.
    pub fn is_ending(&self) -> bool {
        self.0.is_ending.load(Ordering::Relaxed)
    }

    /// Runs `work`; Ctrl-C fires `stop` meanwhile.
    pub fn during<T>(&self, stop: &Stop, work: impl FnOnce() -> T) -> T {
        let _held = self.hold(stop);
        work()
    }

    /// Ctrl-C fires `stop` until the answer is dropped, unless something that began later is under way.
    pub fn hold(&self, stop: &Stop) -> Held {
        let number = self.0.count.fetch_add(1, Ordering::Relaxed);
        let under_way = UnderWay { number, stop: stop.clone(), abandon: None, presses: Vec::new() };
        self.0.under_way.lock().push(under_way);
        Held { slot: Arc::clone(&self.0), number }
    }

    /// What runs can be left behind when it does not stop.
    pub fn may_leave_behind(&self, abandon: Abandon) {
        if let Some(work) = self.0.under_way.lock().last_mut() {
            work.abandon = Some(abandon);
        }
    }
}

/// Something is under way as long as this lives.
pub struct Held {
    slot: Arc<Slot>,
    number: usize,
}

impl Drop for Held {
    fn drop(&mut self) {
        self.slot.under_way.lock().retain(|work| work.number != self.number);
    }
}

#[cfg(unix)]
fn listen(hear: impl Fn(Ask) + Send + 'static) {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
    let Ok(mut signals) = signal_hook::iterator::Signals::new([SIGINT, SIGTERM, SIGHUP, SIGQUIT]) else {
        return;
    };
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
    fn press(&self, screen: &Screen, terminal: &Terminal) {
        let has_prompt = self.has_prompt.load(Ordering::Relaxed);
        let mut under_way = self.under_way.lock();
        let Some(work) = under_way.last_mut() else {
            if !has_prompt {
                self.leave(terminal);
            }
            return;
        };
        let now = Instant::now();
        let last = work.presses.last().copied();
        work.presses.push(now);
        let (number, count) = (work.number, work.presses.len());
        let (stop, abandon) = (work.stop.clone(), work.abandon.clone());
        let first = work.presses.first().copied();
        drop(under_way);
        if has_prompt {
            screen.interrupted();
        }
        if count == 1 {
            // Behind the line break: what stops takes its bars off the screen.
            stop.interrupt();
            return;
        }
        match (abandon, last) {
            (Some(abandon), Some(last)) if now - last <= TWICE => {
                let since = first.map_or(GRACE, |first| now - first);
                std::thread::sleep(GRACE.saturating_sub(since));
                if self.runs(number) {
                    abandon.leave_behind();
                }
            }
            (Some(_), _) => screen.tell(&STILL),
            (None, _) if has_prompt => screen.tell(&Text::fixed("still stopping", "正在停止")),
            (None, _) if count == 2 => screen.tell(&LAST),
            (None, _) => self.leave(terminal),
        }
    }

    /// Whether the work with this number is under way.
    fn runs(&self, number: usize) -> bool {
        self.under_way.lock().iter().any(|work| work.number == number)
    }

    /// What runs gets some time to stop; a second signal does not wait for it.
    fn end(slot: &Arc<Self>, terminal: &Arc<Terminal>) {
        let was_ending = slot.is_ending.swap(true, Ordering::Relaxed);
        let stops: Vec<Stop> = slot.under_way.lock().iter().map(|work| work.stop.clone()).collect();
        match stops.is_empty() || was_ending {
            false => {
                stops.iter().for_each(Stop::interrupt);
                let (slot, terminal) = (Arc::clone(slot), Arc::clone(terminal));
                // Without a thread the second signal has to do.
                let _ = std::thread::Builder::new().name("ending".into()).spawn(move || {
                    std::thread::sleep(LAST_WORDS);
                    slot.leave(&terminal);
                });
            }
            true => slot.leave(terminal),
        }
    }

    fn leave(&self, terminal: &Terminal) {
        self.leave_with(terminal, INTERRUPTED);
    }

    fn leave_with(&self, terminal: &Terminal, code: u8) {
        if let Some(farewell) = &*self.farewell.lock() {
            farewell();
        }
        terminal.restore();
        std::process::exit(code.into());
    }
}

const STILL: Text = Text::fixed(
    "still stopping; Ctrl-C twice within a second leaves it behind",
    "正在停止；一秒内按两次 Ctrl-C 可放弃等待",
);

const LAST: Text = Text::fixed("still stopping; Ctrl-C once more leaves", "正在停止；再按一次 Ctrl-C 退出");
