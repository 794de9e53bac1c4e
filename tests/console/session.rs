//! Plays the transcripts of `tests/sessions` to the real program on a terminal, and compares every line that it shows.
//!
//! A transcript is text. Lines with `! ` at the beginning say how the program is started: `! columns 40`, `! rows 24`,
//! `! LANG=C`, `! --lang zh`. A line with `> ` is entered; what follows up to the next one is what must be seen then. `# ` is a remark. The
//! time that an input took is left out, the API calls are not. With `WRITE_SESSIONS` in the environment the files are written
//! anew: look at the difference then.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use tempfile::tempdir;

use super::window::{Window, console};

/// The zone of the people who use this, as a rule that needs no files.
const ZONE: &str = "CST-8";

fn sessions() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sessions");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|end| end == "txt"));
    files.sort();
    files
}

/// Without the seconds, which differ.
fn without_time(line: &str) -> Option<&str> {
    let is_time = |part: &str| {
        part.strip_suffix(" s").or_else(|| part.strip_suffix(" 秒")).is_some_and(|n| n.parse::<f64>().is_ok())
    };
    match line.split_once(" · ").or_else(|| line.split_once(" - ")) {
        Some((time, calls)) if is_time(time) => Some(calls),
        None if is_time(line) => None,
        _ => Some(line),
    }
}

/// Plays a transcript and gives it back as it was seen.
fn play(script: &str) -> String {
    let home = tempdir().unwrap();
    let mut command = console(home.path());
    command.env("TZ", ZONE);
    let (mut columns, mut rows) = (80, None);
    for setting in script.lines().filter_map(|line| line.strip_prefix("! ")) {
        match setting.split_once('=') {
            _ if setting.starts_with("--") => drop(command.args(setting.split(' '))),
            Some((name, value)) => drop(command.env(name, value)),
            None => {
                let (name, count) = setting.split_once(' ').unwrap();
                let count = count.parse().unwrap();
                if name == "rows" { rows = Some(count) } else { columns = count }
            }
        }
    }
    let mut window = Window::open(&command);
    window.at_prompt(1);
    if columns != 80 || rows.is_some() {
        window.resize_to(columns, rows).at_prompt(1);
    }
    let (mut seen, mut number) = (String::new(), 1);
    for line in script.lines() {
        if line.starts_with("# ") || line.starts_with("! ") || seen.is_empty() && line.is_empty() {
            let _ = writeln!(seen, "{line}");
        }
        let Some(input) = line.strip_prefix("> ") else { continue };
        let _ = writeln!(seen, "> {input}");
        let answer = window.answer_and_cost(input, number);
        for line in answer.lines().filter_map(without_time) {
            let _ = writeln!(seen, "{}", line.trim_end());
        }
        number += 1;
    }
    seen
}

#[test]
fn every_session_is_real() {
    let files = sessions();
    assert!(files.len() >= 5, "{files:?}");
    let mut wrong = String::new();
    std::thread::scope(|scope| {
        let played: Vec<_> = files
            .iter()
            .map(|file| {
                let script = fs::read_to_string(file).unwrap();
                (file, script.clone(), scope.spawn(move || play(&script)))
            })
            .collect();
        for (file, script, seen) in played {
            let seen = seen.join().unwrap();
            if seen != script && std::env::var_os("WRITE_SESSIONS").is_some() {
                fs::write(file, &seen).unwrap();
            } else if seen != script {
                let _ = writeln!(wrong, "{} shows now:\n{seen}", file.display());
            }
        }
    });
    assert!(wrong.is_empty(), "{wrong}");
}
