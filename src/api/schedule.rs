//! Methods that run functions at their time.

use std::time::Duration;

use super::{Arg, FromArg, Function, Mismatch};
use crate::spec::{Form, Kind};

/// How long it is from one run to the next.
#[derive(Debug, Clone, Copy)]
pub struct Period(pub Duration);

/// The shortest period: more often is a loop with `sleep`.
const SHORTEST: f64 = 0.001;

impl FromArg for Period {
    const KIND: Kind = Kind::Period;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        let seconds = match &arg {
            Arg::Int(seconds) => Some(*seconds as f64),
            Arg::Float(seconds) => Some(*seconds),
            Arg::Text(text) => period(text.trim()),
            _ => None,
        };
        let period = seconds.filter(|seconds| *seconds >= SHORTEST);
        let period = period.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        period.map(Self).ok_or_else(|| Mismatch::of(&arg))
    }
}

/// `5m` in seconds.
fn period(text: &str) -> Option<f64> {
    let unit = |end: &str| match end {
        "ms" => Some(0.001),
        "" | "s" => Some(1.0),
        "m" => Some(60.0),
        "h" => Some(3600.0),
        "d" => Some(86_400.0),
        _ => None,
    };
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
    let (number, rest) = text.split_at(end);
    Some(number.parse::<f64>().ok()? * unit(rest.trim())?)
}

/// A time of day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeOfDay {
    /// 0 to 23.
    pub hour: i8,
    /// 0 to 59.
    pub minute: i8,
}

impl FromArg for TimeOfDay {
    const KIND: Kind = Kind::TimeOfDay;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        let read = |text: &str| {
            let (hour, minute) = text.trim().split_once([':', '：'])?;
            let number =
                |text: &str| text.parse::<i8>().ok().filter(|_| text.bytes().all(|b| b.is_ascii_digit()));
            let time = Self { hour: number(hour)?, minute: number(minute)? };
            (time.hour < 24 && time.minute < 60).then_some(time)
        };
        match &arg {
            Arg::Text(text) => read(text).ok_or_else(|| Mismatch::of(&arg)),
            other => Err(Mismatch::of(other)),
        }
    }
}

crate::methods! {
    group "task";

    /// Runs a function again and again, for the first time when the period has passed. One that takes longer is waited for.
    /// zh: 每隔一段时间运行一次函数，首次在一个周期之后；上一次未结束时会等待。
    Every(App "every") {
        form: Form::Local,
        cost: "0",
        effect: Read,
        by_position: 3,
        params {
            /// Seconds, or a text such as "90s", "5m", "2h", "1d".
            /// zh: 秒数，或如 "90s"、"5m"、"2h"、"1d" 的文本。
            period("period", "interval"): Period,
            /// A function without parameters.
            /// zh: 无参数的函数。
            function("function", "coroutine"): Function,
            /// The task's name.
            /// zh: 任务名称。
            name("name"): Option<String> = "every PERIOD",
        }
        returns: "the Task" | "Task",
        example: r#"app.every("5m", || app.get_depts()).cancel()"#,
    }

    /// Runs a function every day at a time of day.
    /// zh: 每天在指定时刻运行函数。
    At(App "at") {
        form: Form::Local,
        cost: "0",
        effect: Read,
        by_position: 3,
        params {
            /// "HH:MM", local time.
            /// zh: "HH:MM"，本地时间。
            time("time"): TimeOfDay,
            /// A function without parameters.
            /// zh: 无参数的函数。
            function("function", "coroutine"): Function,
            /// The task's name.
            /// zh: 任务名称。
            name("name"): Option<String> = "at HH:MM",
        }
        returns: "the Task" | "Task",
        example: r#"app.at("09:00", || app.send_message(OpenConversationId("cidSandboxRelease0001=="), "早")).cancel()"#,
    }
}
