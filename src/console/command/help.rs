//! `%help` and what else explains.

use std::fmt::Write as _;

use super::{Command, Word, commands};
use crate::console::explain::explain;
use crate::console::help::search;
use crate::console::help::topics::TOPICS;
use crate::console::repl::{Next, Repl};
use crate::console::style::Role;
use crate::console::text::{width, wrap};
use crate::error::Error;
use crate::lang::Text;

pub(super) const COMMANDS: &[Command] = &[
    Command {
        name: "help",
        aliases: &["?", "h"],
        usage: "[TOPIC]",
        doc: Text::fixed("lists everything, or explains one thing", "列出全部内容，或查看一项说明"),
        more: Text::fixed(
            "`help x`, `x?` and `?x` do the same: x is a method, a function, a variable, a command, a topic. `??word` searches.",
            "`help x`、`x?` 与 `?x` 相同：x 可以是方法、函数、变量、命令或主题。`??词` 搜索。",
        ),
        words: &[Word::Topic],
        example: "%help ids",
        run: |repl, args| topic(repl, args),
    },
    Command {
        name: "search",
        aliases: &["find", "??"],
        usage: "WORDS",
        doc: Text::fixed("searches all help, best first", "搜索全部帮助，最相关的在前"),
        more: Text::fixed(
            "Names, sentences in both languages, parameters, permissions, topics and commands are searched. `??word` does the same.",
            "搜索名称、中英文说明、参数、权限、主题与命令。`??词` 效果相同。",
        ),
        words: &[Word::Free],
        example: "%search 禁言",
        run: find,
    },
    Command {
        name: "methods",
        aliases: &[],
        usage: "[GROUP|WORD]",
        doc: Text::fixed("the methods: all, of a group, or with a word", "方法列表：全部、某一分组或含某词"),
        more: Text::fixed("In brackets: the API calls of a method.", "方括号中为 API 消耗次数。"),
        words: &[Word::Group],
        example: "%methods group",
        run: methods,
    },
    Command {
        name: "explain",
        aliases: &["why"],
        usage: "",
        doc: Text::fixed("explains the last error in full", "完整解释最近的错误"),
        more: Text::fixed(
            "What it means and what to do, and what was sent and came back, without secrets.",
            "说明含义与处理方法，并显示请求与应答（不含密钥）。",
        ),
        words: &[],
        example: "%explain",
        run: |repl, _| {
            let text = explain(repl);
            repl.screen.result(&text);
            Next::Read
        },
    },
    Command {
        name: "version",
        aliases: &[],
        usage: "",
        doc: Text::fixed("the version of this program", "程序版本"),
        more: Text::fixed("", ""),
        words: &[],
        example: "%version",
        run: |repl, _| {
            repl.screen.result(concat!("dingraia ", env!("CARGO_PKG_VERSION")));
            Next::Read
        },
    },
];

/// Shows what is known about `topic`; without one, everything there is.
pub(in crate::console) fn topic(repl: &mut Repl<'_>, topic: &str) -> Next {
    let topic = topic.trim();
    let text = match topic {
        "" | "app" | "%" => Ok(format!("{}\n{}", repl.show.help().list(), list(repl))),
        _ => about(repl, topic),
    };
    match text {
        Ok(text) => {
            repl.screen.result(&text);
            Next::Read
        }
        Err(error) => repl.fail(error),
    }
}

/// What the session and the program know of a name.
fn about(repl: &Repl<'_>, name: &str) -> Result<String, Error> {
    let help = repl.show.help();
    let mut screens = Vec::new();
    if let Some(value) = repl.interpreter.variable(name) {
        let abilities = repl.interpreter.abilities(&value);
        screens.push(help.variable(name, &value, &repl.show.short(&value), &abilities));
    } else if name == "it" {
        screens.push(ABOUT_IT.get(repl.show.lang).to_owned());
    }
    let written = repl.interpreter.written();
    screens.extend(
        written.iter().filter(|function| function.name == name).map(|function| help.written(function)),
    );
    screens.extend(help.screens(name));
    if screens.is_empty() { help.topic(name) } else { Ok(screens.join("\n\n")) }
}

fn find(repl: &mut Repl<'_>, words: &str) -> Next {
    /// As many as fit on a screen.
    const MOST: usize = 16;
    let found = search(words);
    if words.trim().is_empty() {
        return repl.fail(super::missing("search"));
    }
    if found.is_empty() {
        let words = words.trim();
        return repl.fail(
            Error::usage(format!("nothing in the help has `{words}`"), format!("帮助中没有 `{words}`"))
                .hint(Text::fixed("`help` lists everything", "`help` 列出全部")),
        );
    }
    let (help, lang) = (repl.show.help(), repl.show.lang);
    let widest = found.iter().take(MOST).map(|found| width(&found.name)).max().unwrap_or(0);
    let mut out = String::new();
    for entry in found.iter().take(MOST) {
        help.row(&mut out, &entry.name, widest, entry.doc.get(lang));
    }
    if found.len() > MOST {
        let rest = found.len() - MOST;
        let more = Text::made(format!("… {rest} more"), format!("… 另有 {rest} 项"));
        out.push_str(&help.palette.paint(Role::Dim, more.get(lang)));
    }
    repl.screen.result(out.trim_end());
    Next::Read
}

fn methods(repl: &mut Repl<'_>, word: &str) -> Next {
    let help = repl.show.help();
    let text = if word.is_empty() { Ok(help.list()) } else { help.methods(word) };
    match text {
        Ok(text) => {
            repl.screen.result(&text);
            Next::Read
        }
        Err(error) => repl.fail(error),
    }
}

/// The commands, the topics and the keys.
fn list(repl: &Repl<'_>) -> String {
    let (help, lang) = (repl.show.help(), repl.show.lang);
    let heading = |text: Text| help.palette.paint(Role::Heading, text.get(lang));
    let mut out = heading(Text::fixed("console", "控制台"));
    out.push('\n');
    for command in commands() {
        help.row(&mut out, &format!("%{}", command.name), 8, command.doc.get(lang));
    }
    let _ = writeln!(out, "{}", heading(Text::fixed("topics", "主题")));
    let names = TOPICS.iter().map(|topic| topic.name).collect::<Vec<_>>().join(", ");
    let _ = writeln!(out, "{}", wrap(&format!("  {names}"), help.columns, 2));
    out.push_str(&wrap(&format!("  {}", KEYS.get(lang)), help.columns, 2));
    out
}

const ABOUT_IT: Text =
    Text::fixed("`it` is the value of the last input that had one.", "`it` 是上一个有值的输入的结果。");

const KEYS: Text = Text::fixed(
    "`it` is the last value; a `;` at the end shows nothing. `help keys` tells the keys, `??word` searches all help.",
    "`it` 是上一个值；行尾加 `;` 不显示结果。`help keys` 列出按键，`??词` 搜索全部帮助。",
);
