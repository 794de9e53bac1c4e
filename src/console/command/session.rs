//! The session itself: what it knows, and its end.

use super::Command;
use crate::console::repl::{Next, Repl};
use crate::console::text::wrap;
use crate::lang::Text;

pub(super) const COMMANDS: &[Command] = &[
    Command {
        name: "who",
        aliases: &[],
        usage: "",
        doc: Text::fixed("the variables of this session", "本次会话的变量"),
        more: Text::fixed("", ""),
        words: &[],
        example: "%who",
        run: |repl, _| who(repl),
    },
    Command {
        name: "quit",
        aliases: &["q", "exit"],
        usage: "",
        doc: Text::fixed("leave", "退出"),
        more: Text::fixed("", ""),
        words: &[],
        example: "%quit",
        run: |_, _| Next::Leave(0),
    },
];

fn who(repl: &mut Repl<'_>) -> Next {
    let names = repl.interpreter.variables();
    if names.is_empty() {
        repl.screen.note(Text::fixed("no variables yet", "还没有变量").get(repl.show.lang));
    } else {
        repl.screen.result(&wrap(&names.join("  "), repl.show.text_columns, 0));
    }
    Next::Read
}
