//! `%explain`: the last error in full, with what was sent and what came back.

use std::fmt::Write as _;

use super::memory::Failed;
use super::repl::Repl;
use super::show::Show;
use super::style::Role;
use super::text::{escape, pad, wrap};
use crate::error::{Error, Kind};
use crate::lang::Text;
use crate::ops::{CodeInfo, Exchange, explain as explain_code};

/// Columns of a label.
const LABEL: usize = 10;

/// Explains the last error.
pub fn explain(repl: &Repl<'_>) -> String {
    let failed = repl.memory.failed.borrow();
    let Some(failed) = &*failed else {
        return Text::fixed("nothing has failed yet", "还没有出错").get(repl.show.lang).to_owned();
    };
    let exchanges = repl
        .interpreter
        .app()
        .map(|live| live.0.client.exchanges_since(failed.exchanges))
        .unwrap_or_default();
    Page { show: repl.show, out: String::new() }.of(failed, &exchanges)
}

struct Page {
    show: Show,
    out: String,
}

impl Page {
    fn of(mut self, failed: &Failed, exchanges: &[Exchange]) -> String {
        let mut show = self.show;
        (show.palette, show.note_columns) = (show.renderer.palette, show.text_columns);
        self.out = show.text_of(&failed.problem);
        self.out.push('\n');
        match failed.problem.error.as_deref() {
            Some(error) => self.error(error),
            None => self.fact(Text::fixed("kind", "类别"), MISTAKE.get(self.show.lang)),
        }
        if let Some(error) = failed.problem.error.as_deref() {
            self.exchange(exchanges, error);
        }
        self.out.trim_end().to_owned()
    }

    fn error(&mut self, error: &Error) {
        let lang = self.show.lang;
        let kind = format!("{}: {}", error.kind_name(), meaning(error).get(lang));
        self.fact(Text::fixed("kind", "类别"), &kind);
        if let Kind::Refused(refusal) = error.kind() {
            // DingTalk speaks Chinese, mostly; what its code means is known in both.
            self.fact(
                Text::fixed("DingTalk", "钉钉原文"),
                &format!("{} ({})", escape(&refusal.message), refusal.code),
            );
            if let Some(remedy) = explain_code(&refusal.code).and_then(CodeInfo::remedy) {
                self.fact(Text::fixed("English", "英文"), &remedy.en);
                self.fact(Text::fixed("Chinese", "中文"), &remedy.zh);
            }
            if !refusal.exception.is_empty() && refusal.exception != "DingtalkAPIError" {
                self.fact(Text::fixed("Python", "Python"), refusal.exception);
            }
        }
        self.fact(Text::fixed("sent", "是否发出"), sent(error).get(lang));
        let code = error.exit_code();
        let exit = Text::made(format!("{code} when it ends a script"), format!("{code}（作为脚本结束时）"));
        self.fact(Text::fixed("exit code", "退出码"), exit.get(lang));
    }

    /// The exchange that failed: the last one of that call, else the last one at all.
    fn exchange(&mut self, exchanges: &[Exchange], error: &Error) {
        let lang = self.show.lang;
        let found = match (call_of(error), error.kind()) {
            (Some(call), _) => exchanges.iter().rev().find(|exchange| exchange.call == call),
            (None, Kind::Interrupted { .. } | Kind::Partial { .. }) => exchanges.last(),
            (None, _) => None,
        };
        let Some(exchange) = found else { return };
        let ended = match exchange.status {
            Some(status) => format!("HTTP {status}"),
            None => Text::fixed("no answer", "没有应答").get(lang).to_owned(),
        };
        let head = format!(
            "{}, {}: {ended}, {:.0} ms",
            exchange.call,
            exchange.host,
            exchange.took.as_secs_f64() * 1e3
        );
        self.fact(Text::fixed("call", "调用"), &head);
        self.body(&Text::fixed("sent", "请求"), &exchange.request);
        self.body(&Text::fixed("answer", "应答"), &exchange.answer);
        let count = exchanges.len();
        if count > 1 {
            let text =
                Text::made(format!("{count} requests of this input"), format!("该输入共 {count} 次请求"));
            self.fact(Text::fixed("in all", "总计"), text.get(lang));
        }
    }

    /// A body in lines, when it is JSON.
    fn body(&mut self, label: &Text, text: &str) {
        if text.is_empty() {
            return;
        }
        let json = serde_json::from_str::<serde_json::Value>(text).ok();
        let pretty = json.and_then(|json| serde_json::to_string_pretty(&json).ok());
        let text =
            pretty.filter(|pretty| pretty.lines().count() <= MOST_LINES).unwrap_or_else(|| text.to_owned());
        for (index, line) in text.lines().enumerate() {
            let label = if index == 0 { label.clone() } else { Text::fixed("", "") };
            self.fact(label, &escape(line));
        }
    }

    #[allow(clippy::needless_pass_by_value, reason = "a label is written where it is used")]
    fn fact(&mut self, label: Text, text: &str) {
        let label = self.show.renderer.palette.paint(Role::Dim, &pad(label.get(self.show.lang), LABEL));
        // Writing to a `String` cannot fail.
        let _ = writeln!(self.out, "{}", wrap(&format!("{label}{text}"), self.show.text_columns, LABEL));
    }
}

/// A body with more lines is shown as it came.
const MOST_LINES: usize = 40;

const MISTAKE: Text = Text::fixed(
    "script: a mistake in the text, found before or while it ran; exit code 8 when it ends a script",
    "script：脚本自身的错误，在运行前或运行中发现；作为脚本结束时退出码为 8",
);

/// The call that an error is about.
fn call_of(error: &Error) -> Option<&str> {
    match error.kind() {
        Kind::Refused(refusal) => Some(&refusal.call),
        Kind::Network { call, .. } | Kind::TimedOut { call, .. } | Kind::Unreadable { call, .. } => {
            Some(call)
        }
        _ => None,
    }
}

fn sent(error: &Error) -> Text {
    use crate::error::Sent;
    match error.sent() {
        Sent::No => Text::fixed("no: nothing has reached DingTalk", "否：钉钉没有收到请求"),
        Sent::Yes => Text::fixed("yes: DingTalk has received it", "是：钉钉已收到请求"),
        Sent::Unknown => Text::fixed(
            "unknown: it may have been received; look before you send it again",
            "未知：请求可能已被接收；重发前请先确认",
        ),
    }
}

/// What a kind of error means, and what to do about it.
fn meaning(error: &Error) -> Text {
    let (en, zh) = match error.kind_name() {
        "argument" => {
            ("an argument does not fit; `x?` shows what a method takes", "参数不合要求；`x?` 查看方法的参数")
        }
        "unsendable" => ("it would be refused in any case, so it was not sent", "必然会被拒绝，因此没有发送"),
        "setting" => (
            "a value of the configuration cannot be used; `help configuration`",
            "配置值无效；见 `help configuration`",
        ),
        "unconfigured" => ("the call needs something that is not configured", "缺少所需的配置"),
        "untrusted" => (
            "a file of this folder would get at your credentials or run by itself",
            "该目录中的文件可能会用到你的凭证或自动运行",
        ),
        "refused" => ("DingTalk understood the request and said no", "钉钉理解了请求并拒绝"),
        "token" => ("key, secret or token are not accepted", "AppKey、AppSecret 或令牌无效"),
        "permission" => {
            ("the app may not do this; `help permissions`", "应用没有权限；见 `help permissions`")
        }
        "rate" => ("too many calls in a short time; waiting helps", "短时间内调用过多；等待即可"),
        "quota" => ("the month's quota is used up; `help quota`", "本月额度已用完；见 `help quota`"),
        "server" => ("a failure on DingTalk's side; later it may work", "钉钉服务端故障；稍后可重试"),
        "partial" => {
            ("some of it was done and some failed; look at `e.body`", "部分完成、部分失败；见 `e.body`")
        }
        "network" => ("the host could not be reached, or the connection broke", "无法连接主机，或连接中断"),
        "timeout" => ("no answer came in time", "未在时限内收到应答"),
        "unreadable" => (
            "the answer is none of DingTalk's; a proxy may stand in between",
            "应答不是来自钉钉；中间可能有代理",
        ),
        "file" => ("a file could not be read or written", "文件无法读取或写入"),
        "read_only" => (
            "only reads are allowed: `--read-only`, `%readonly on` or `read_only` in the configuration",
            "只允许读取：`--read-only`、`%readonly on` 或配置中的 `read_only`",
        ),
        "declined" => (
            "somebody was asked and did not agree, or nobody could be asked; `help safety`",
            "询问后未获同意，或无人可以回答；见 `help safety`",
        ),
        "cache" => ("the cache could not be used", "缓存无法使用"),
        "usage" => ("a command was used in a wrong way", "命令用法错误"),
        "interrupted" => ("it was stopped, by Ctrl-C or a time limit", "被 Ctrl-C 或时间限制停止"),
        _ => ("a mistake of this program; please tell its authors", "本程序的错误；请告知作者"),
    };
    Text::fixed(en, zh)
}

#[cfg(test)]
mod tests {
    use super::meaning;
    use crate::error::Error;

    #[test]
    fn meanings_are_in_both_languages() {
        let text = meaning(&Error::usage("a", "b"));
        assert!(text.en.is_ascii() && !text.zh.is_ascii());
    }
}
