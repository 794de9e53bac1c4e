//! The real program on a terminal of its own: a person types, and sees a screen.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::num::NonZeroU16;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use expectrl::process::Process as _;
use expectrl::process::unix::{Signal, UnixProcess, WaitStatus};

/// Enter.
pub const ENTER: &str = "\r";
/// Ctrl-C.
pub const CTRL_C: &str = "\x03";
/// Ctrl-D.
pub const CTRL_D: &str = "\x04";
/// Arrow up.
pub const UP: &str = "\x1b[A";

/// How long a condition may take on a busy machine before the test gives up.
const PATIENCE: Duration = Duration::from_secs(20);

/// Rows of a window: nothing scrolls away.
const ROWS: u16 = 300;

/// A window with a program in it. The program ends with it.
pub struct Window {
    process: UnixProcess,
    keyboard: File,
    screen: Arc<Screen>,
}

struct Screen {
    parser: Mutex<vt100::Parser>,
    /// Nobody has the terminal open any more.
    closed: AtomicBool,
    changed: Condvar,
}

/// The console in an empty environment, with `home` as home and current folder.
pub fn console(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dingraia"));
    command.env_clear().env("HOME", home).env("LANG", "C.UTF-8").env("TERM", "xterm-256color");
    command.current_dir(home);
    command
}

impl Window {
    /// Opens a window of 80 columns.
    pub fn open(command: &Command) -> Self {
        // A shell makes the terminal what terminals are before the program sees it.
        let setting = format!("stty sane columns 80 rows {ROWS}; exec \"$0\" \"$@\"");
        let mut shell = Command::new("/bin/sh");
        shell.arg("-c").arg(setting).arg(command.get_program()).args(command.get_args()).env_clear();
        shell.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        shell.current_dir(command.get_current_dir().unwrap());
        let mut process = UnixProcess::spawn_command(shell).unwrap();
        // Spawning gives it a size of its own, sooner or later than the shell does.
        process.set_window_size(80, ROWS).unwrap();
        let screen = Arc::new(Screen {
            parser: Mutex::new(parser(80)),
            closed: AtomicBool::new(false),
            changed: Condvar::new(),
        });
        let keyboard = process.get_raw_handle().unwrap();
        let (mut output, seen) = (keyboard.try_clone().unwrap(), Arc::clone(&screen));
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count @ 1..) = output.read(&mut bytes) {
                seen.parser.lock().unwrap().process(&bytes[..count]);
                seen.changed.notify_all();
            }
            let _parser = seen.parser.lock().unwrap();
            seen.closed.store(true, Ordering::Relaxed);
            seen.changed.notify_all();
        });
        Self { process, keyboard, screen }
    }

    /// Opens the console and waits for its first prompt.
    pub fn console(home: &Path) -> Self {
        let mut window = Self::open(&console(home));
        window.at_prompt(1);
        window
    }

    /// Presses keys.
    pub fn press(&mut self, keys: &str) -> &mut Self {
        self.keyboard.write_all(keys.as_bytes()).unwrap();
        self
    }

    /// Types a line and Enter.
    pub fn enter(&mut self, line: &str) -> &mut Self {
        self.press(line).press(ENTER)
    }

    /// Pastes, as a terminal that knows bracketed paste does.
    pub fn paste(&mut self, text: &str) -> &mut Self {
        assert!(self.screen.parser.lock().unwrap().screen().bracketed_paste());
        self.press(&format!("\x1b[200~{}\x1b[201~", text.replace('\n', "\r")))
    }

    /// Makes the window narrower or wider, and empty.
    pub fn resize(&mut self, columns: u16) -> &mut Self {
        self.resize_to(columns, None)
    }

    /// The same, and has the program believe that there are only so many rows. Here they are all kept.
    pub fn resize_to(&mut self, columns: u16, rows: Option<u16>) -> &mut Self {
        *self.screen.parser.lock().unwrap() = parser(columns);
        self.process.set_window_size(columns, rows.unwrap_or(ROWS)).unwrap();
        self.press("\x0c")
    }

    /// Waits until the text on the screen is as `condition` wants it; the text.
    #[track_caller]
    pub fn wait(&mut self, what: &str, condition: impl Fn(&str) -> bool) -> String {
        let end = Instant::now() + PATIENCE;
        let mut parser = self.screen.parser.lock().unwrap();
        loop {
            let text = parser.screen().contents();
            if condition(&text) {
                return text;
            }
            let left = end.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "waited for {what}, but saw:\n{text}");
            parser = self.screen.changed.wait_timeout(parser, left).unwrap().0;
        }
    }

    /// Waits until `part` is on the screen.
    #[track_caller]
    pub fn shows(&mut self, part: &str) -> String {
        self.wait(part, |text| text.contains(part))
    }

    /// Waits until the prompt `number` is the last line, with nothing behind it; what stands above it.
    #[track_caller]
    pub fn at_prompt(&mut self, number: usize) -> String {
        self.at_line(&format!("{number}>"))
    }

    /// Waits until the last line is a prompt with `typed` behind it; what stands above it.
    #[track_caller]
    pub fn at_line(&mut self, typed: &str) -> String {
        let is_there = |text: &str| text.lines().next_back().is_some_and(|line| line_is(line, typed));
        let text = self.wait(&format!("a line `{typed}`"), is_there);
        text.trim_end().rsplit_once('\n').map_or("", |(above, _)| above).to_owned()
    }

    /// Enters a line and waits for the next prompt; what was written between the two, but what it cost.
    #[track_caller]
    pub fn answer(&mut self, line: &str, number: usize) -> String {
        let whole = self.answer_and_cost(line, number);
        match whole.rsplit_once('\n') {
            Some((answer, cost)) if is_cost(cost) => answer.to_owned(),
            None if is_cost(&whole) => String::new(),
            _ => whole,
        }
    }

    /// As [`Window::answer`], with the line about time and API calls.
    #[track_caller]
    pub fn answer_and_cost(&mut self, line: &str, number: usize) -> String {
        let above = self.enter(line).at_prompt(number + 1);
        let typed = format!("{number}> {line}");
        let start = above.lines().position(|line| line_is(line, &typed)).unwrap_or_else(|| panic!("{above}"));
        above.lines().skip(start + 1).collect::<Vec<_>>().join("\n")
    }

    /// What stands above the `^`, on the screen.
    #[track_caller]
    pub fn above_caret(&mut self) -> String {
        let parser = self.screen.parser.lock().unwrap();
        let cell = |row, column| parser.screen().cell(row, column).map_or("", vt100::Cell::contents);
        let places = (1..ROWS).flat_map(|row| (0..80).map(move |column| (row, column)));
        let caret = places.into_iter().rev().find(|(row, column)| cell(*row, *column) == "^").unwrap();
        cell(caret.0 - 1, caret.1).to_owned()
    }

    /// Whether keys are signals, are lines and are shown again, as a shell left them.
    pub fn is_cooked(&self) -> bool {
        use rustix::termios::{LocalModes, tcgetattr};
        let modes = tcgetattr(&self.keyboard).unwrap().local_modes;
        modes.contains(LocalModes::ISIG | LocalModes::ICANON | LocalModes::ECHO)
    }

    /// Whether anything on the screen has a colour.
    pub fn is_coloured(&self) -> bool {
        let parser = self.screen.parser.lock().unwrap();
        let has_colour = |row, column| {
            parser.screen().cell(row, column).is_some_and(|cell| cell.fgcolor() != vt100::Color::Default)
        };
        (0..ROWS).any(|row| (0..80).any(|column| has_colour(row, column)))
    }

    /// Sends a signal.
    pub fn signal(&mut self, signal: Signal) -> &mut Self {
        self.process.signal(signal).unwrap();
        self
    }

    /// Presses Ctrl-D until the program ends, for Ctrl-C takes along what was typed behind it; the exit code.
    pub fn leave(&mut self) -> i32 {
        self.again_until_closed(|window| {
            let _ = window.keyboard.write_all(CTRL_D.as_bytes());
        })
    }

    /// Ends the program from elsewhere, again and again until it does; the exit code.
    pub fn leave_stuck(&mut self) -> i32 {
        self.again_until_closed(|window| {
            let _ = window.process.signal(Signal::SIGTERM);
        })
    }

    fn again_until_closed(&mut self, act: impl Fn(&mut Self)) -> i32 {
        let screen = Arc::clone(&self.screen);
        let mut parser = screen.parser.lock().unwrap();
        while !screen.closed.load(Ordering::Relaxed) {
            act(self);
            parser = screen.changed.wait_timeout(parser, Duration::from_millis(50)).unwrap().0;
        }
        drop(parser);
        self.code()
    }

    /// Presses `keys` now and then until `part` is on the screen.
    #[track_caller]
    pub fn press_until(&mut self, keys: &str, part: &str) -> String {
        let end = Instant::now() + PATIENCE;
        loop {
            self.press(keys);
            let again = Instant::now() + Duration::from_millis(150);
            let mut parser = self.screen.parser.lock().unwrap();
            while Instant::now() < again {
                let text = parser.screen().contents();
                if text.contains(part) {
                    return text;
                }
                assert!(Instant::now() < end, "waited for {part}, but saw:\n{text}");
                parser = self.screen.changed.wait_timeout(parser, Duration::from_millis(20)).unwrap().0;
            }
        }
    }

    /// Waits for the end; the exit code, or -1 after a signal.
    #[track_caller]
    pub fn code(&mut self) -> i32 {
        let screen = Arc::clone(&self.screen);
        self.wait("the end", |_| screen.closed.load(Ordering::Relaxed));
        match self.process.wait().unwrap() {
            WaitStatus::Exited(_, code) => code,
            _ => -1,
        }
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        if self.process.is_alive().unwrap_or(false) {
            let _ = self.process.signal(Signal::SIGKILL);
            let _ = self.process.wait();
        }
    }
}

fn parser(columns: u16) -> vt100::Parser {
    let size = |count| NonZeroU16::new(count).unwrap();
    vt100::Parser::new(size(ROWS), size(columns), 0)
}

/// Whether `line` tells the time or the API calls of an input.
fn is_cost(line: &str) -> bool {
    line.split(" · ").all(|part| {
        let mut words = part.split(' ');
        words.next().is_some_and(|word| word.parse::<f64>().is_ok())
            && matches!(words.next(), Some("s" | "秒" | "API" | "次"))
    })
}

/// Whether `line` is the prompt followed by `typed`, which begins with the number.
fn line_is(line: &str, typed: &str) -> bool {
    line.starts_with("dingraia[") && line.trim_end().split_once("] ").is_some_and(|(_, rest)| rest == typed)
}
