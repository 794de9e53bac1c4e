//! The sentence of each [`Kind`], in both languages; nothing else makes error texts.

use super::{Kind, Limit, Place, Sent};
use crate::lang::Text;

/// "; it was not sent" and its sisters.
fn sent_note(sent: Sent) -> Text {
    match sent {
        Sent::No => Text::fixed("the request was not sent", "请求未发出"),
        Sent::Yes => Text::fixed("the request was received", "请求已被接收"),
        Sent::Unknown => Text::fixed("the request may have been received", "请求可能已被接收"),
    }
}

/// What did not come in time.
fn missing(limit: Limit, host: &str) -> Text {
    match limit {
        Limit::Connect => Text::made(format!("no connection to {host}"), format!("无法连接 {host}")),
        Limit::FirstByte | Limit::Given => {
            Text::made(format!("no answer from {host}"), format!("没有收到 {host} 的应答"))
        }
        Limit::Person if host.is_empty() => Text::fixed("no message came", "没有收到消息"),
        Limit::Person => Text::made(format!("no message from {host}"), format!("没有收到 {host} 的消息")),
        Limit::Whole => {
            Text::made(format!("no whole answer from {host}"), format!("没有收到 {host} 的完整应答"))
        }
    }
}

fn at(place: Option<&Place>) -> String {
    place.map(|place| format!("{place}: ")).unwrap_or_default()
}

impl Kind {
    /// The English sentence.
    pub(super) fn english(&self) -> String {
        match self {
            Self::Argument { method, param, expected, got } => {
                format!("{method}: `{param}` must be {}, got {got}", expected.en)
            }
            Self::Missing { method, param, expected } => {
                format!("{method}: `{param}` is missing; it must be {}", expected.en)
            }
            Self::UnknownParam { method, param, nearest } => match nearest {
                Some(name) => format!("{method}: no parameter `{param}`; did you mean `{name}`?"),
                None => format!("{method}: no parameter `{param}`"),
            },
            Self::TooMany { method, problem } => format!("{method}: {}", problem.en),
            Self::Unsendable { reason } => reason.en.to_string(),
            Self::Setting { place, key, problem } => format!("{}`{key}` {}", at(place.as_ref()), problem.en),
            Self::Unconfigured { needs } => format!("this needs `{needs}` in the configuration"),
            Self::Untrusted { what } | Self::Usage { problem: what } => what.en.to_string(),
            Self::Refused(r) => format!("DingTalk refused {}: {} (code {})", r.call, r.message, r.code),
            Self::Partial { what, done, failed, .. } => {
                format!("{what}: {done} done, {} failed: {}", failed.len(), reasons(failed))
            }
            Self::OverBudget { spent, budget } => {
                format!(
                    "the budget of {budget} API calls for this month is spent ({spent} were made); {}",
                    sent_note(Sent::No).en
                )
            }
            Self::ReadOnly { call } => format!("read-only: {call} is not a read; {}", sent_note(Sent::No).en),
            Self::Declined { what } => format!("{}; {}", what.en, sent_note(Sent::No).en),
            Self::Network { call, host, problem, sent } => {
                format!("{call}: {host}: {}; {}", problem.en, sent_note(*sent).en)
            }
            Self::TimedOut { call, host, limit: limit @ Limit::Person, after, .. } => {
                format!("{call}: {} within {after} s", missing(*limit, host).en)
            }
            Self::TimedOut { call, host, limit, after, sent } => {
                let (what, sent) = (missing(*limit, host).en, sent_note(*sent).en);
                format!("{call}: {what} within {after} s; {sent}")
            }
            Self::Unreadable { call, status, problem } => {
                format!("{call}: the answer (HTTP {status}) is {}; {}", problem.en, sent_note(Sent::Yes).en)
            }
            Self::File { path, problem } => format!("{}: {problem}", path.display()),
            Self::Cache { problem } => format!("cache: {problem}"),
            Self::Interrupted { sent, by_timeout } => {
                let what = if *by_timeout { "stopped by the time limit" } else { "interrupted" };
                sent.map_or(what.into(), |sent| format!("{what}; {}", sent_note(sent).en))
            }
            Self::Bug { problem } => format!("a mistake of dingraia itself: {problem}"),
        }
    }

    /// The Chinese sentence.
    pub(super) fn chinese(&self) -> String {
        match self {
            Self::Argument { method, param, expected, got } => {
                format!("{method}：`{param}` 必须是{}，实际是 {got}", expected.zh)
            }
            Self::Missing { method, param, expected } => {
                format!("{method}：缺少 `{param}`，它必须是{}", expected.zh)
            }
            Self::UnknownParam { method, param, nearest } => match nearest {
                Some(name) => format!("{method}：没有参数 `{param}`，是否想写 `{name}`？"),
                None => format!("{method}：没有参数 `{param}`"),
            },
            Self::TooMany { method, problem } => format!("{method}：{}", problem.zh),
            Self::Unsendable { reason } => reason.zh.to_string(),
            Self::Setting { place, key, problem } => format!("{}`{key}` {}", at(place.as_ref()), problem.zh),
            Self::Unconfigured { needs } => format!("需要在配置中设置 `{needs}`"),
            Self::Untrusted { what } | Self::Usage { problem: what } => what.zh.to_string(),
            Self::Refused(r) => format!("钉钉拒绝了 {}：{}（错误码 {}）", r.call, r.message, r.code),
            Self::Partial { what, done, failed, .. } => {
                format!("{what}：完成 {done} 个，失败 {} 个：{}", failed.len(), reasons(failed))
            }
            Self::OverBudget { spent, budget } => {
                format!("本月 {budget} 次 API 预算已用完（已消耗 {spent} 次）；{}", sent_note(Sent::No).zh)
            }
            Self::ReadOnly { call } => format!("只读：{call} 不是读取操作；{}", sent_note(Sent::No).zh),
            Self::Declined { what } => format!("{}；{}", what.zh, sent_note(Sent::No).zh),
            Self::Network { call, host, problem, sent } => {
                format!("{call}：{host}：{}；{}", problem.zh, sent_note(*sent).zh)
            }
            Self::TimedOut { call, host, limit: limit @ Limit::Person, after, .. } => {
                format!("{call}：{after} 秒内{}", missing(*limit, host).zh)
            }
            Self::TimedOut { call, host, limit, after, sent } => {
                let (what, sent) = (missing(*limit, host).zh, sent_note(*sent).zh);
                format!("{call}：{after} 秒内{what}；{sent}")
            }
            Self::Unreadable { call, status, problem } => {
                format!("{call}：应答（HTTP {status}）是{}；{}", problem.zh, sent_note(Sent::Yes).zh)
            }
            Self::File { path, problem } => format!("{}：{problem}", path.display()),
            Self::Cache { problem } => format!("缓存：{problem}"),
            Self::Interrupted { sent, by_timeout } => {
                let what = if *by_timeout { "已达到时间限制，停止运行" } else { "已中断" };
                sent.map_or(what.into(), |sent| format!("{what}；{}", sent_note(sent).zh))
            }
            Self::Bug { problem } => format!("dingraia 自身的错误：{problem}"),
        }
    }
}

fn reasons(failed: &[(String, String)]) -> String {
    let mut shown: Vec<String> = failed.iter().take(3).map(|(what, why)| format!("{what} ({why})")).collect();
    if failed.len() > shown.len() {
        shown.push("…".into());
    }
    shown.join(", ")
}
