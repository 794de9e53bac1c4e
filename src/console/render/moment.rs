//! Which fields are points in time. The name decides, and the number must be a time of our days; an id is never taken for one.

use crate::clock::local_time;
use crate::script::view::View;

/// Names of fields that hold a Unix time in seconds or milliseconds, without `_` and in lower case.
const NAMES: &[&str] = &[
    "begintime",
    "calendareventupdatetime",
    "createat",
    "createdat",
    "createtime",
    "endtime",
    "eventborntime",
    "eventtime",
    "expired",
    "expiredtime",
    "expiredtimemillis",
    "expiresat",
    "expiretime",
    "gmtcreate",
    "gmtmodified",
    "hireddate",
    "jointime",
    "modifiedtime",
    "modifytime",
    "operattime",
    "opttime",
    "sendtime",
    "sessionwebhookexpiredtime",
    "starttime",
    "time",
    "timestamp",
    "updatedat",
    "updatetime",
];

/// 2000 to 2100 in seconds.
const SECONDS: std::ops::Range<f64> = 946_684_800.0..4_102_444_800.0;

/// The local time that the field `key` stands for, to the second.
pub(super) fn local(key: &str, value: &View) -> Option<String> {
    let name: String = key.chars().filter(|c| *c != '_').map(|c| c.to_ascii_lowercase()).collect();
    NAMES.binary_search(&name.as_str()).ok()?;
    let number = match value {
        View::Int(number) => *number as f64,
        View::Float(number) => *number,
        View::Text(text) if matches!(text.len(), 10 | 13) => text.parse::<i64>().ok()? as f64,
        _ => return None,
    };
    let seconds = [number, number / 1000.0].into_iter().find(|seconds| SECONDS.contains(seconds))?;
    Some(local_time(seconds))
}

#[cfg(test)]
mod tests {
    use super::{NAMES, local};
    use crate::script::view::View;

    #[test]
    fn names_are_sorted() {
        assert!(NAMES.is_sorted());
    }

    #[test]
    fn times_are_told_from_numbers() {
        let is_time = |key: &str, value: View| local(key, &value).is_some();
        for key in ["hired_date", "create_time", "createTime", "sessionWebhookExpiredTime", "timeStamp"] {
            assert!(is_time(key, View::Int(1_583_020_800_000)), "{key}");
        }
        assert!(is_time("expired", View::Float(1_583_020_800.5)));
        assert!(is_time("createAt", View::Text("1583020800000".into())));
        assert!(!is_time("id", View::Int(1_583_020_800_000)));
        assert!(!is_time("userid", View::Text("1583020800".into())));
        assert!(!is_time("hired_date", View::Int(12)));
        assert!(!is_time("hired_date", View::Int(0)));
        assert!(!is_time("time", View::Int(99_583_020_800_000)));
        assert_eq!(local("time", &View::Int(1_583_020_800)), local("time", &View::Int(1_583_020_800_000)));
    }
}
