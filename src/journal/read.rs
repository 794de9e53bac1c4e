//! Reading the journal: the newest lines that are wanted, and what is added while one looks.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use super::file::{files, older};
use crate::error::{Error, Result};

/// Which lines are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Those since then, Unix milliseconds.
    pub since: Option<i64>,
    /// Those of this method, or whose path holds this.
    pub method: Option<String>,
    /// Those that did not end well.
    pub failed: bool,
    /// Those of this profile.
    pub profile: Option<String>,
    /// Those with this text anywhere.
    pub text: Option<String>,
}

impl Filter {
    /// Whether a line is wanted.
    pub fn wants(&self, entry: &Map<String, Value>) -> bool {
        let text = |name: &str| entry.get(name).and_then(Value::as_str).unwrap_or_default();
        let since = self.since.is_none_or(|since| time(entry).is_some_and(|time| time >= since));
        let method = self
            .method
            .as_ref()
            .is_none_or(|method| text("method") == method || text("call").contains(method.as_str()));
        let profile = self.profile.as_ref().is_none_or(|profile| text("profile") == profile);
        let found = self.text.as_ref().is_none_or(|wanted| {
            let wanted = wanted.to_lowercase();
            entry.values().filter_map(Value::as_str).any(|value| value.to_lowercase().contains(&wanted))
        });
        since && method && profile && found && (!self.failed || text("result") != "ok")
    }
}

/// When a line was written, Unix milliseconds.
fn time(entry: &Map<String, Value>) -> Option<i64> {
    let time = entry.get("time")?.as_str()?.parse::<Timestamp>().ok()?;
    Some(time.as_millisecond())
}

/// A line as fields; nothing when it is broken, as a full disk leaves it.
pub(super) fn entry(line: &str) -> Option<Map<String, Value>> {
    serde_json::from_str(line).ok()
}

/// The newest `most` lines that `filter` wants, oldest first; none when there is no file.
///
/// # Errors
/// When a file is there and cannot be read.
pub fn newest(path: &Path, filter: &Filter, most: usize) -> Result<Vec<Map<String, Value>>> {
    let mut found = Vec::new();
    'files: for file in files(path) {
        let bytes = match std::fs::read(&file) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            read => read.map_err(|error| Error::file(file, error))?,
        };
        for line in String::from_utf8_lossy(&bytes).lines().rev() {
            let Some(entry) = entry(line) else { continue };
            if found.len() >= most {
                break 'files;
            }
            // Programs write a moment after each other, so the lines are not quite in order.
            let is_before = |since: i64| time(&entry).is_some_and(|time| time < since - 60_000);
            if filter.since.is_some_and(is_before) {
                break 'files;
            }
            if filter.wants(&entry) {
                found.push(entry);
            }
        }
    }
    found.reverse();
    Ok(found)
}

/// A moment as people write it: `10m`, `2h`, `3d` ago, a day, a day with a time, or a time stamp.
pub fn moment(text: &str, now: i64) -> Option<i64> {
    let text = text.trim();
    if let Some(unit) = text.chars().next_back().filter(|unit| "smhd".contains(*unit)) {
        let number: f64 =
            text[..text.len() - 1].parse().ok().filter(|number| (0.0..=1e6).contains(number))?;
        let seconds = match unit {
            's' => 1.0,
            'm' => 60.0,
            'h' => 3_600.0,
            _ => 86_400.0,
        };
        return Some(now - (number * seconds * 1_000.0) as i64);
    }
    let local = |time: DateTime| time.to_zoned(TimeZone::system()).ok().map(|time| time.timestamp());
    let stamp = text.parse::<Timestamp>().ok();
    let time = || text.parse::<DateTime>().ok().and_then(local);
    let day = || text.parse::<Date>().ok().and_then(|day| local(day.at(0, 0, 0, 0)));
    stamp.or_else(time).or_else(day).map(Timestamp::as_millisecond)
}

/// Gives the lines that are added from now on.
#[derive(Debug)]
pub struct Tail {
    path: PathBuf,
    read: u64,
    /// The beginning of a line whose end is not written yet.
    rest: Vec<u8>,
}

impl Tail {
    /// Begins at the end of the file.
    pub fn new(path: &Path) -> Self {
        let read = path.metadata().map_or(0, |file| file.len());
        Self { path: path.to_owned(), read, rest: Vec::new() }
    }

    /// What was added since, as it stands in the file.
    pub fn next_lines(&mut self) -> Vec<String> {
        let size = self.path.metadata().map_or(0, |file| file.len());
        let mut bytes = std::mem::take(&mut self.rest);
        if size < self.read {
            // It was put aside: what is left of it comes first.
            bytes.extend(from(&older(&self.path, 1), self.read).unwrap_or_default());
            self.read = 0;
        }
        if let Ok(added) = from(&self.path, self.read) {
            self.read += added.len() as u64;
            bytes.extend(added);
        }
        let end = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        self.rest = bytes.split_off(end);
        // A line that a full disk has cut may end within a character.
        String::from_utf8_lossy(&bytes).lines().map(str::to_owned).collect()
    }
}

fn from(path: &Path, start: u64) -> io::Result<Vec<u8>> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(start))?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::{Filter, Tail, moment, newest};
    use serde_json::json;
    use std::io::Write as _;

    fn lines(range: std::ops::Range<usize>) -> Vec<u8> {
        let line = |n: usize| {
            json!({ "time": format!("2026-03-02T08:00:{:02}.000Z", n % 60), "method": if n.is_multiple_of(2) { "get_user" } else { "mute_all" },
                "call": "POST /x", "target": format!("u{n}"), "result": if n.is_multiple_of(3) { "60011" } else { "ok" }, "profile": "default" })
            .to_string() + "\n"
        };
        range.map(line).collect::<String>().into_bytes()
    }

    #[test]
    fn the_newest_are_found() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal.jsonl");
        super::super::file::append(&path, &lines(0..40)).unwrap();
        std::fs::rename(&path, folder.path().join("journal.1.jsonl")).unwrap();
        super::super::file::append(&path, &lines(40..50)).unwrap();
        super::super::file::append(&path, b"{\"broken\n").unwrap();
        let found = |filter: Filter, most| -> Vec<String> {
            newest(&path, &filter, most)
                .unwrap()
                .iter()
                .map(|entry| entry["target"].as_str().unwrap().to_owned())
                .collect()
        };
        assert_eq!(found(Filter::default(), 3), ["u47", "u48", "u49"]);
        assert_eq!(found(Filter::default(), 100).len(), 50);
        assert_eq!(found(Filter { failed: true, ..Filter::default() }, 3), ["u42", "u45", "u48"]);
        assert_eq!(found(Filter { method: Some("mute_all".into()), ..Filter::default() }, 2), ["u47", "u49"]);
        assert_eq!(found(Filter { text: Some("U4".into()), ..Filter::default() }, 99).len(), 11);
        let since = moment("2026-03-02T08:00:45Z", 0);
        assert_eq!(found(Filter { since, ..Filter::default() }, 99), ["u45", "u46", "u47", "u48", "u49"]);
        assert_eq!(found(Filter { profile: Some("other".into()), ..Filter::default() }, 9).len(), 0);
        // An older file that cannot be read is no matter until it is asked for.
        let older = folder.path().join("journal.2.jsonl");
        std::fs::create_dir(&older).unwrap();
        assert_eq!(found(Filter::default(), 49).len(), 49);
        let error = newest(&path, &Filter::default(), 51).unwrap_err();
        assert!(error.to_string().contains(&older.display().to_string()), "{error}");
        assert_eq!(newest(&folder.path().join("other.jsonl"), &Filter::default(), 9).unwrap().len(), 0);
    }

    #[test]
    fn what_is_added_is_followed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal.jsonl");
        let mut tail = Tail::new(&path);
        assert!(tail.next_lines().is_empty());
        let append = |bytes: &[u8]| {
            let mut file = std::fs::OpenOptions::new().append(true).create(true).open(&path).unwrap();
            file.write_all(bytes).unwrap();
        };
        append(b"{\"a\":1}\n{\"b\"");
        assert_eq!(tail.next_lines(), ["{\"a\":1}"]);
        append(b":2}\n");
        assert_eq!(tail.next_lines(), ["{\"b\":2}"]);
        append(b"{\"c\":3}\n");
        std::fs::rename(&path, folder.path().join("journal.1.jsonl")).unwrap();
        append(b"{\"d\":4}\n");
        assert_eq!(tail.next_lines(), ["{\"c\":3}", "{\"d\":4}"]);
        append(b"{\"cut\":\"\xe5\xbc\n{\"e\":5}\n");
        assert_eq!(tail.next_lines().pop().unwrap(), "{\"e\":5}");
    }

    #[test]
    fn moments_are_read() {
        let now = 1_772_438_400_000;
        assert_eq!(moment("10m", now), Some(now - 600_000));
        assert_eq!(moment("1.5h", now), Some(now - 5_400_000));
        assert_eq!(moment("2d", now), Some(now - 172_800_000));
        assert_eq!(moment("2026-03-02T08:00:00Z", 0), Some(now));
        for day in ["2026-03-02", "2026-03-02 08:00", "2026-03-02T08:00:30"] {
            assert!(moment(day, 0).is_some_and(|at| (at - now).abs() < 2 * 86_400_000), "{day}");
        }
        for wrong in ["", "m", "yesterday", "-1h", "1e9d", "12"] {
            assert_eq!(moment(wrong, now), None, "{wrong}");
        }
    }
}
