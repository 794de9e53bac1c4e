//! `%journal`: what was called.

use super::words::first;
use super::{Command, Word};
use crate::console::journal::{SHOWN, nothing, table};
use crate::console::repl::{Next, Repl};
use crate::error::Error;
use crate::journal::Filter;
use crate::lang::Text;

pub(super) const COMMANDS: &[Command] = &[Command {
    name: "journal",
    aliases: &[],
    usage: "[N] [WORD]",
    doc: Text::fixed("the last requests: to whom, and how they ended", "最近的请求：对象与结果"),
    more: Text::fixed(
        "A line for every request, each try of it included, by any program of yours: a file in your state folder that only you can \
         read, without secrets. A number says how many lines, a word looks for a method, an id or a code; `failed` shows what did not \
         end well. `dingraia journal` shows more. The requests of the sandbox end with it. `journal = false` in the configuration \
         switches it off.",
        "每次请求（包括重试）一行，包含所有程序的请求：保存在状态目录中仅本人可读的文件，不含密钥。数字为行数，文本可为方法、ID 或错误码；\
         `failed` 只显示失败的。更多选项见 `dingraia journal`。沙盒的请求随程序结束。配置 `journal = false` 可关闭。",
    ),
    words: &[Word::Free],
    example: "%journal 10",
    run,
}];

fn run(repl: &mut Repl<'_>, args: &str) -> Next {
    let (most, word) = counted(args.trim());
    if most == 0 {
        return repl.fail(Error::usage("%journal shows 1 line at least", "%journal 至少显示 1 行"));
    }
    let mut filter = Filter::default();
    match word {
        "failed" => filter.failed = true,
        "" => {}
        text => filter.text = Some(text.to_owned()),
    }
    let Some(live) = repl.interpreter.app() else { return Next::Read };
    let journal = &live.0.client.journal;
    if !journal.is_on() {
        repl.screen.tell(&Text::fixed(
            "the journal is off (`journal = false` in the configuration)",
            "调用日志已关闭（配置中 `journal = false`）",
        ));
        return Next::Read;
    }
    let found = match journal.last(&filter, most) {
        Ok(found) => found,
        Err(error) => return repl.fail(error),
    };
    if found.is_empty() {
        repl.screen.tell(&nothing(&filter));
    } else {
        repl.screen.result(&repl.show.renderer.of_all().value(&table(&found, repl.show.lang)));
    }
    Next::Read
}

/// How many lines, and the rest: the number stands before it or behind it.
fn counted(args: &str) -> (usize, &str) {
    let (before, rest) = first(args);
    let (front, behind) = args.rsplit_once(char::is_whitespace).unwrap_or(("", ""));
    match (before.parse(), behind.parse()) {
        (Ok(most), _) => (most, rest),
        (_, Ok(most)) => (most, front.trim_end()),
        _ => (SHOWN, args),
    }
}
