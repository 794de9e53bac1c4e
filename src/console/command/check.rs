//! `%check`: what is wrong with a script, and what it would do.

use super::words::{path, words};
use super::{Command, Word};
use crate::console::check::{check, text};
use crate::console::repl::{Next, Repl};
use crate::console::source::{read_text, without_shebang};
use crate::lang::Text;

pub(super) const COMMANDS: &[Command] = &[Command {
    name: "check",
    aliases: &[],
    usage: "FILE…",
    doc: Text::fixed("what is wrong with a script, and what it would do", "检查脚本的错误及其作用"),
    more: Text::fixed(
        "Nothing is run or sent: it tells wrong syntax, unknown methods, functions and variables, wrong arguments, and which methods \
         the script uses, what they need and what a run costs. The variables and functions of this session count as known.",
        "不会运行或发送任何内容：检查语法、未知的方法、函数与变量、错误的参数，并列出脚本使用的方法、所需权限与每次运行的消耗。\
         本次会话的变量与函数视为已知。",
    ),
    words: &[Word::File],
    example: "%check scripts/directory.rhai",
    run,
}];

fn run(repl: &mut Repl<'_>, args: &str) -> Next {
    let files = match words(args) {
        Ok(files) if files.is_empty() => return repl.fail(super::missing("check")),
        Ok(files) => files,
        Err(error) => return repl.fail(error),
    };
    let mut around = repl.interpreter.around();
    around.variables.push("ARGS".into());
    let mut next = Next::Read;
    for file in files {
        let source = match read_text(&path(&file, repl.host.home())) {
            Ok(source) => without_shebang(&source),
            Err(error) => return repl.fail(error),
        };
        let checked = check(&repl.interpreter, &source, &file, &around);
        repl.screen.result(&text(&checked, &repl.show));
        if !checked.is_clean() {
            next = Next::Failed;
        }
    }
    next
}
