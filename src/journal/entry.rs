//! One request, as it is written down.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::time::Duration;

use jiff::Timestamp;

/// One request and how it ended.
#[derive(Debug, Clone)]
pub struct Entry<'a> {
    /// When it began, Unix milliseconds.
    pub time: i64,
    /// The method that made it; empty for raw calls and the program's own.
    pub method: &'static str,
    /// What was called, as `POST /topapi/v2/user/get`.
    pub call: &'a str,
    /// Whom or what it was about, as ids.
    pub target: &'a str,
    /// `read`, `write`, `notify` or `destroy`.
    pub effect: &'static str,
    /// `ok`, DingTalk's code, or the kind of the failure.
    pub result: &'a str,
    /// Whether it was received: `yes`, `no` or `unknown`.
    pub sent: &'static str,
    /// Which try of the same call it was, from 1; 0 when nothing was tried.
    pub attempt: u32,
    /// What it counts against the quota.
    pub cost: u32,
    /// How long it took.
    pub took: Duration,
    /// DingTalk's id of the request; empty when there is none.
    pub request_id: &'a str,
}

/// The time of a line as text. Most lines come within the second of the one before, whose text is gone on with.
#[derive(Debug, Default)]
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

/// Writes entries as lines, one after the other.
#[derive(Debug, Default)]
pub(super) struct Writer {
    stamp: Stamp,
}

impl Writer {
    /// Adds the line of `entry`. It is put together here: a serialiser would look through the name of each field anew.
    pub(super) fn write(&mut self, entry: &Entry<'_>, profile: &str, lines: &mut String) {
        let Entry { method, effect, sent, attempt, cost, .. } = *entry;
        let texts = [profile, entry.call, entry.target, entry.result, entry.request_id];
        let [profile, call, target, result, request_id] = texts.map(escaped);
        let parts = [
            "{\"time\":\"",
            self.stamp.of(entry.time),
            "\",\"profile\":\"",
            &profile,
            "\",\"method\":\"",
            method,
            "\",\"call\":\"",
            &call,
            "\",\"target\":\"",
            &target,
            "\",\"effect\":\"",
            effect,
            "\",\"result\":\"",
            &result,
            "\",\"sent\":\"",
            sent,
        ];
        parts.into_iter().for_each(|part| lines.push_str(part));
        let tenths = (entry.took.as_micros() + 50) / 100;
        let (ms, tenth, pid) = (tenths / 10, tenths % 10, std::process::id());
        // Writing to a `String` cannot fail.
        let _ = writeln!(
            lines,
            "\",\"try\":{attempt},\"cost\":{cost},\"ms\":{ms}.{tenth},\"request_id\":\"{request_id}\",\"pid\":{pid}}}"
        );
    }
}

/// A text as it stands between quotes in JSON.
fn escaped(text: &str) -> Cow<'_, str> {
    if !text.bytes().any(|byte| byte < b' ' || matches!(byte, b'"' | b'\\')) {
        return text.into();
    }
    let quoted = serde_json::to_string(text).unwrap_or_default();
    let inner = quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    inner.unwrap_or_default().to_owned().into()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::{Value, json};

    use super::{Entry, Stamp, Writer};

    #[test]
    fn a_line_is_json_whatever_it_holds() {
        let odd = "a\"b\\c\n\t\u{1}\u{7f}\u{2028}林🙂";
        let mut line = String::new();
        let mut writer = Writer::default();
        for (text, micros, ms) in [(odd, 1_250, 1.3), ("", 49, 0.0), ("plain", 61_000_000, 61_000.0)] {
            let entry = Entry {
                time: 1_772_438_400_000,
                method: "get_user",
                call: text,
                target: text,
                effect: "read",
                result: text,
                sent: "yes",
                attempt: 2,
                cost: 1,
                took: Duration::from_micros(micros),
                request_id: text,
            };
            line.clear();
            writer.write(&entry, text, &mut line);
            assert_eq!(line.matches('\n').count(), 1, "{line:?}");
            let expected = json!({
                "time": "2026-03-02T08:00:00.000Z", "profile": text, "method": "get_user", "call": text, "target": text,
                "effect": "read", "result": text, "sent": "yes", "try": 2, "cost": 1, "ms": ms, "request_id": text,
                "pid": std::process::id(),
            });
            assert_eq!(serde_json::from_str::<Value>(&line).unwrap(), expected);
        }
    }

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
