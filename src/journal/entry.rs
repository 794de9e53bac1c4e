//! One request, as it is written down.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value};

/// One request and how it ended.
#[derive(Debug, Clone)]
pub struct Entry {
    /// When it began, Unix milliseconds.
    pub time: i64,
    /// The method that made it; empty for raw calls and the program's own.
    pub method: &'static str,
    /// What was called, as `POST /topapi/v2/user/get`.
    pub call: String,
    /// Whom or what it was about, as ids.
    pub target: String,
    /// `read`, `write`, `notify` or `destroy`.
    pub effect: &'static str,
    /// `ok`, DingTalk's code, or the kind of the failure.
    pub result: Cow<'static, str>,
    /// Whether it was received: `yes`, `no` or `unknown`.
    pub sent: &'static str,
    /// Which try of the same call it was, from 1; 0 when nothing was tried.
    pub attempt: u32,
    /// What it counts against the quota.
    pub cost: u32,
    /// How long it took.
    pub took: Duration,
    /// DingTalk's id of the request; empty when there is none.
    pub request_id: String,
}

/// The fields of a line, in their order.
#[derive(Serialize)]
struct Line<'a> {
    time: &'a str,
    profile: &'a str,
    method: &'a str,
    call: &'a str,
    target: &'a str,
    effect: &'a str,
    result: &'a str,
    sent: &'a str,
    #[serde(rename = "try")]
    attempt: u32,
    cost: u32,
    ms: f64,
    request_id: &'a str,
    pid: u32,
}

/// The time of a line as text. Most lines come within the second of the one before, whose text is gone on with.
#[derive(Default)]
struct Stamp {
    second: Option<i64>,
    text: String,
}

impl Stamp {
    /// `2026-03-02T08:00:00.000Z`
    fn of(&mut self, millis: i64) -> &str {
        let (second, rest) = (millis.div_euclid(1_000), millis.rem_euclid(1_000));
        if self.second.replace(second) == Some(second) {
            let start = self.text.len() - ".000Z".len();
            self.text.truncate(start);
            // Writing to a `String` cannot fail.
            let _ = write!(self.text, ".{rest:03}Z");
        } else {
            let time = Timestamp::from_millisecond(millis).unwrap_or(Timestamp::UNIX_EPOCH);
            self.text = format!("{time:.3}");
        }
        &self.text
    }
}

/// Entries as lines, one after the other.
pub(super) struct Writer<'a> {
    profile: &'a str,
    pid: u32,
    stamp: Stamp,
}

impl<'a> Writer<'a> {
    pub(super) fn new(profile: &'a str) -> Self {
        Self { profile, pid: std::process::id(), stamp: Stamp::default() }
    }

    /// Adds the line of `entry`.
    pub(super) fn write(&mut self, entry: &Entry, lines: &mut Vec<u8>) {
        let start = lines.len();
        let line = entry.line(self.profile, self.pid, self.stamp.of(entry.time));
        if serde_json::to_writer(&mut *lines, &line).is_err() {
            lines.truncate(start);
            return;
        }
        lines.push(b'\n');
    }
}

impl Entry {
    fn line<'a>(&'a self, profile: &'a str, pid: u32, time: &'a str) -> Line<'a> {
        Line {
            time,
            profile,
            method: self.method,
            call: &self.call,
            target: &self.target,
            effect: self.effect,
            result: &self.result,
            sent: self.sent,
            attempt: self.attempt,
            cost: self.cost,
            ms: (self.took.as_secs_f64() * 1e4).round() / 10.0,
            request_id: &self.request_id,
            pid,
        }
    }

    /// Its fields, as they are read back.
    pub(super) fn fields(&self, profile: &str) -> Map<String, Value> {
        let mut stamp = Stamp::default();
        match serde_json::to_value(self.line(profile, std::process::id(), stamp.of(self.time))) {
            Ok(Value::Object(fields)) => fields,
            _ => Map::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Stamp;

    #[test]
    fn times_go_on_where_they_can() {
        let mut stamp = Stamp::default();
        for (millis, text) in [
            (1_772_438_400_000, "2026-03-02T08:00:00.000Z"),
            (1_772_438_400_007, "2026-03-02T08:00:00.007Z"),
            (1_772_438_401_250, "2026-03-02T08:00:01.250Z"),
            (1_772_438_401_999, "2026-03-02T08:00:01.999Z"),
            (1_772_438_400_001, "2026-03-02T08:00:00.001Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
            (-1_000, "1969-12-31T23:59:59.000Z"),
        ] {
            assert_eq!(stamp.of(millis), text);
        }
    }
}
