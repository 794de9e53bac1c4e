//! `%history`: what was entered, in this session and before.

use super::{Command, Word};
use crate::console::repl::{Next, Repl};
use crate::console::style::Role;
use crate::console::text::escape_lines;
use crate::lang::Text;

/// How many lines are shown when nobody says.
const LINES: usize = 20;

pub(super) const COMMANDS: &[Command] = &[Command {
    name: "history",
    aliases: &["hist"],
    usage: "[N|TEXT]",
    doc: Text::fixed("the last inputs, or those with a text", "最近的输入，或含有某段文本的输入"),
    more: Text::fixed(
        "The history is kept for each profile, 10,000 inputs of all consoles that were open. Ctrl-R looks for one while you \
         type. Inputs with secrets are not kept.",
        "历史按配置档案保存，最多 10,000 条，包括所有打开过的控制台。输入时可按 Ctrl-R 搜索。含有密钥的输入不会保存。",
    ),
    words: &[Word::Free],
    example: "%history 5",
    run: history,
}];

fn history(repl: &mut Repl<'_>, args: &str) -> Next {
    // The last one is this command.
    let earlier = repl.editor.history().rev().skip(1);
    let lines: Vec<&String> = match args.parse() {
        Ok(count) => earlier.take(count).collect(),
        Err(_) => earlier.filter(|line| has(line, args)).take(LINES).collect(),
    };
    if lines.is_empty() {
        repl.screen.note(Text::fixed("nothing in the history", "历史中没有匹配的输入").get(repl.show.lang));
        return Next::Read;
    }
    let mark = repl.show.renderer.palette.paint(Role::Dim, "> ");
    let shown = |line: &&String| format!("{mark}{}", escape_lines(line).replace('\n', "\n  "));
    let text: Vec<String> = lines.iter().rev().map(shown).collect();
    repl.screen.result(&text.join("\n"));
    Next::Read
}

/// Whether a line has every word of `text`, whatever its case.
fn has(line: &str, text: &str) -> bool {
    let line = line.to_lowercase();
    text.split_whitespace().all(|word| line.contains(&word.to_lowercase()))
}
