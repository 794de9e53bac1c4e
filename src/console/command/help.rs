//! `%help` and what else explains.

use super::{Command, Word, commands, find};
use crate::console::repl::{Next, Repl};
use crate::console::style::Role;
use crate::console::text::wrap;
use crate::lang::Text;

pub(super) const COMMANDS: &[Command] = &[
    Command {
        name: "help",
        aliases: &["?"],
        usage: "[NAME]",
        doc: Text::fixed("all methods, or one of them", "全部方法，或其中之一"),
        more: Text::fixed("", ""),
        words: &[Word::Topic],
        example: "%help get_user",
        run: |repl, args| topic(repl, args),
    },
    Command {
        name: "methods",
        aliases: &[],
        usage: "",
        doc: Text::fixed("all methods", "全部方法"),
        more: Text::fixed("", ""),
        words: &[],
        example: "%methods",
        run: |repl, args| topic(repl, args),
    },
];

/// Shows what is known about `topic`; without one, everything there is.
pub(in crate::console) fn topic(repl: &mut Repl<'_>, topic: &str) -> Next {
    let topic = topic.trim_start_matches('%');
    let text = match topic {
        "" => Ok(format!("{}\n{}", repl.show.help().list(), list(repl))),
        "it" => Ok(ABOUT_IT.get(repl.show.lang).to_owned()),
        // The object of this name has more to tell than the command.
        _ if topic != "cache" && find(topic).is_some() => Ok(list(repl)),
        _ => repl.show.help().topic(topic),
    };
    match text {
        Ok(text) => {
            repl.screen.result(&text);
            Next::Read
        }
        Err(error) => repl.fail(error),
    }
}

/// The commands and the keys.
fn list(repl: &Repl<'_>) -> String {
    let help = repl.show.help();
    let lang = repl.show.lang;
    let mut out = help.palette.paint(Role::Heading, Text::fixed("console", "控制台").get(lang));
    out.push('\n');
    for command in commands() {
        help.row(&mut out, &format!("%{}", command.name), 8, command.doc.get(lang));
    }
    out.push_str(&wrap(&format!("  {}", KEYS.get(lang)), help.columns, 2));
    out
}

const ABOUT_IT: Text =
    Text::fixed("`it` is the value of the last input that had one.", "`it` 是上一个有值的输入的结果。");

const KEYS: Text = Text::fixed(
    "`it` is the last value; a `;` at the end shows nothing. Alt-Enter begins a new line, a blank line ends the input; Ctrl-R \
     searches earlier lines, Ctrl-C stops, Ctrl-D leaves.",
    "`it` 是上一个值；行尾加 `;` 不显示结果。Alt-Enter 换行，空行结束输入；Ctrl-R 搜索历史，Ctrl-C 停止，Ctrl-D 退出。",
);
