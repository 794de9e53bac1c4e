//! One request, as it is written down.

use std::borrow::Cow;
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
    time: String,
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

impl Entry {
    fn line<'a>(&'a self, profile: &'a str) -> Line<'a> {
        let time = Timestamp::from_millisecond(self.time).unwrap_or(Timestamp::UNIX_EPOCH);
        Line {
            time: format!("{time:.3}"),
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
            pid: std::process::id(),
        }
    }

    /// Adds its line.
    pub(super) fn write(&self, profile: &str, lines: &mut Vec<u8>) {
        let start = lines.len();
        if serde_json::to_writer(&mut *lines, &self.line(profile)).is_err() {
            lines.truncate(start);
            return;
        }
        lines.push(b'\n');
    }

    /// Its fields, as they are read back.
    pub(super) fn fields(&self, profile: &str) -> Map<String, Value> {
        match serde_json::to_value(self.line(profile)) {
            Ok(Value::Object(fields)) => fields,
            _ => Map::new(),
        }
    }
}
