//! How long a key press takes until the line is drawn again, in the real console on a terminal.

#![cfg(unix)] // Terminals of this kind are those of Unix.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::Command;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use dingraia::cache::{Cache, Entry};
use dingraia::clock::Clock;
use expectrl::process::Process as _;
use expectrl::process::unix::UnixProcess;

use super::Result;

/// How many people are in the cache.
const PEOPLE: usize = 100_000;

/// How many lines the long input has.
const LINES: usize = 200;

/// What the editor writes when a line is drawn, and when there is nothing to complete.
const DRAWN: &[u8] = b"\x1b[?2026l";
const BELL: &[u8] = b"\x07";

/// How long something may take, and how long it is quiet when everything was drawn.
const PATIENCE: Duration = Duration::from_secs(20);
const QUIET: Duration = Duration::from_millis(60);

const CTRL_C: &str = "\x03";

/// Something that is typed, and the key whose time is taken.
struct Figure {
    name: &'static str,
    target: &'static str,
    before: fn() -> String,
    key: &'static str,
}

const FIGURES: &[Figure] = &[
    Figure { name: "a key in a line", target: "5 ms", before: || "let name = app.get_u".into(), key: "s" },
    Figure { name: "a key in an input of 200 lines", target: "5 ms", before: long, key: "x" },
    Figure { name: "Tab after `app.`", target: "20 ms", before: || "app.".into(), key: "\t" },
    Figure {
        name: "Tab among 100,000 people, by name", target: "20 ms", before: || person("张"), key: "\t"
    },
    Figure { name: "… by pinyin", target: "20 ms", before: || person("zhangxm"), key: "\t" },
    Figure { name: "… by initials", target: "20 ms", before: || person("zx"), key: "\t" },
    Figure { name: "… by an id", target: "20 ms", before: || person("user0999"), key: "\t" },
    Figure { name: "… by the middle of an id", target: "20 ms", before: || person("99998"), key: "\t" },
    Figure { name: "… when nobody fits", target: "20 ms", before: || person("qqqqq"), key: "\t" },
];

pub(super) fn main(args: &[String]) -> Result<()> {
    let rounds = if args.iter().any(|arg| arg == "--quick") { 11 } else { 41 };
    let home = tempfile::tempdir()?;
    let database = home.path().join("Dingraia_cache.db");
    fill(&database)?;
    let mut console = Console::open(home.path(), &database)?;
    for figure in FIGURES {
        let mut times = (0..rounds).map(|_| console.time(figure)).collect::<Result<Vec<_>>>()?;
        times.sort_unstable();
        let millis = |time: Duration| format!("{:.1}", time.as_secs_f64() * 1e3);
        let (least, middle, most) = (times[0], times[rounds / 2], times[rounds - 1]);
        println!(
            "{}\t{}\t{} ms\t{}\t{}\tto the drawn line",
            figure.name,
            figure.target,
            millis(middle),
            millis(least),
            millis(most)
        );
    }
    Ok(())
}

fn person(typed: &str) -> String {
    format!("app.get_user(\"{typed}")
}

/// An input that goes on, pasted as one piece.
fn long() -> String {
    let line = "    let 名字 = app.get_user(\"manager4220\", #{language: \"zh_CN\"}); // `${}`\r";
    format!("\x1b[200~fn f(x) {{\r{}    app.get_us\x1b[201~", line.repeat(LINES - 2))
}

/// Makes a cache with many people whose names have been looked into.
fn fill(path: &Path) -> Result<()> {
    const FAMILY: [&str; 10] = ["张", "王", "李", "赵", "刘", "陈", "杨", "黄", "周", "吴"];
    const GIVEN: [&str; 10] = ["小明", "晓", "伟", "芳", "秀英", "娜", "敏", "静", "强", "磊"];
    drop(Cache::open(path, Clock::system()));
    let mut conn = rusqlite::Connection::open(path)?;
    let tx = conn.transaction()?;
    for number in 0..PEOPLE {
        let name = format!("{}{}", FAMILY[number % 10], GIVEN[number / 10 % 10]);
        tx.execute(
            "insert into user_info(id, name, staffId, unionId, info, timeStamp) values('', ?1, ?2, ?3, '{\"a\": 1}', 1)",
            (name, format!("user{number:06}"), format!("union{number:06}iEiE")),
        )?;
    }
    tx.commit()?;
    drop(conn);
    let cache = Cache::open(path, Clock::system());
    let is_ready = || {
        let found = cache.find_beginning("wulei", &[Entry::User], 1);
        !found.is_empty()
    };
    while !is_ready() {
        std::thread::sleep(Duration::from_millis(50));
    }
    // The last words are made shortly behind the first ones.
    std::thread::sleep(Duration::from_secs(2));
    Ok(())
}

/// The program on a terminal of 80 columns.
struct Console {
    process: UnixProcess,
    keyboard: File,
    /// What it wrote, and when that was read.
    screen: Receiver<(Instant, Vec<u8>)>,
}

impl Console {
    fn open(home: &Path, database: &Path) -> Result<Self> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dingraia"));
        command.arg("--sandbox").env_clear().env("HOME", home).env("LANG", "C.UTF-8").env("TERM", "xterm");
        command.env("DINGRAIA_DATABASE", database).current_dir(home);
        let mut process = UnixProcess::spawn_command(command)?;
        process.set_window_size(80, 24)?;
        let keyboard = process.get_raw_handle()?;
        let (sender, screen) = channel();
        let mut output = keyboard.try_clone()?;
        std::thread::spawn(move || {
            let mut bytes = [0; 65_536];
            while let Ok(count @ 1..) = output.read(&mut bytes) {
                if sender.send((Instant::now(), bytes[..count].to_vec())).is_err() {
                    return;
                }
            }
        });
        let mut console = Self { process, keyboard, screen };
        console.read_to(&[b"1> "])?;
        Ok(console)
    }

    /// Types what comes before, then takes the time of the key.
    fn time(&mut self, figure: &Figure) -> Result<Duration> {
        self.press(&(figure.before)())?;
        self.settle();
        let start = Instant::now();
        self.press(figure.key)?;
        let drawn = self.read_to(&[DRAWN, BELL])?;
        self.settle();
        self.press(CTRL_C)?;
        self.settle();
        Ok(drawn - start)
    }

    fn press(&mut self, keys: &str) -> Result<()> {
        Ok(self.keyboard.write_all(keys.as_bytes())?)
    }

    /// Reads until one of `ends` was written; when that was.
    fn read_to(&mut self, ends: &[&[u8]]) -> Result<Instant> {
        let mut seen = Vec::new();
        loop {
            let (when, bytes) = self.screen.recv_timeout(PATIENCE)?;
            seen.extend(bytes);
            if ends.iter().any(|end| seen.windows(end.len()).any(|window| window == *end)) {
                return Ok(when);
            }
        }
    }

    /// Reads until nothing is written any more.
    fn settle(&mut self) {
        while self.screen.recv_timeout(QUIET).is_ok() {}
    }
}

impl Drop for Console {
    fn drop(&mut self) {
        let _ = self.process.exit(true);
    }
}
