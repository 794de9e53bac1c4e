//! The console's own commands, `%name …`: one row each, read by dispatch, completion and help.

mod beside;
mod cache;
mod check;
mod code;
pub(super) mod help;
mod history;
mod journal;
mod listen;
mod practice;
mod safety;
mod saved;
mod session;
mod setting;
mod show;
mod system;
mod tasks;
mod words;

pub use setting::{SETTINGS, Setting};

use super::repl::{Next, Repl};
use crate::error::Error;
use crate::lang::Text;
use crate::spec::nearest;

/// What a word behind a command stands for; completion reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    /// One of these.
    OneOf(&'static [&'static str]),
    /// A file.
    File,
    /// A group of methods.
    Group,
    /// A profile of the configuration.
    Profile,
    /// One of the settings of [`SETTINGS`].
    Setting,
    /// A method, a function or a command: what help knows.
    Topic,
    /// A person of the practice organisation.
    Person,
    /// A group of the practice organisation.
    Place,
    /// What is done in the practice organisation, and to whom: all words of a line.
    Deed,
    /// Code, up to the end of the line.
    Code,
    /// Anything else, such as a number or a text to look for.
    Free,
}

/// One command: everything that is known about it.
pub struct Command {
    /// Its name, without `%`.
    pub name: &'static str,
    /// Other names that answer.
    pub aliases: &'static [&'static str],
    /// What stands behind the name, as `FILE [ARGS…]`; empty for nothing.
    pub usage: &'static str,
    /// What it does, in one sentence.
    pub doc: Text,
    /// Everything else that is worth knowing; empty when there is nothing.
    pub more: Text,
    /// What the words behind it stand for; the last one holds for all that follow.
    pub words: &'static [Word],
    /// A line that can be entered in the sandbox.
    pub example: &'static str,
    /// Does it, with what stands behind the name.
    pub run: fn(&mut Repl<'_>, &str) -> Next,
}

impl Command {
    /// `%run FILE [ARGS…]`
    pub fn signature(&self) -> String {
        format!("%{} {}", self.name, self.usage).trim_end().to_owned()
    }
}

/// The rows by topic, as help lists them.
const TABLES: &[&[Command]] = &[
    help::COMMANDS,
    code::COMMANDS,
    check::COMMANDS,
    show::COMMANDS,
    history::COMMANDS,
    session::COMMANDS,
    listen::COMMANDS,
    tasks::COMMANDS,
    practice::COMMANDS,
    cache::COMMANDS,
    journal::COMMANDS,
    safety::COMMANDS,
    setting::COMMANDS,
    system::COMMANDS,
];

/// Every command.
pub fn commands() -> impl Iterator<Item = &'static Command> {
    TABLES.iter().copied().flatten()
}

/// The command with this name or alias.
pub fn find(name: &str) -> Option<&'static Command> {
    commands().find(|command| command.name == name || command.aliases.contains(&name))
}

/// Runs the command `name`.
pub(super) fn run(repl: &mut Repl<'_>, name: &str, args: &str) -> Next {
    match find(if name.is_empty() { "help" } else { name }) {
        Some(command) => (command.run)(repl, args),
        None => repl.fail(unknown(name)),
    }
}

/// The words behind the command `name` are missing or wrong.
fn missing(name: &str) -> Error {
    let usage = find(name).map(|command| command.usage).unwrap_or_default();
    Error::usage(format!("%{name} needs {usage}"), format!("%{name} 需要 {usage}"))
        .hint(Text::made(format!("`%{name}?` tells more"), format!("`%{name}?` 查看说明")))
}

fn unknown(name: &str) -> Error {
    let hint = match nearest(name, commands().map(|command| command.name)) {
        Some(near) => Text::made(format!("did you mean `%{near}`?"), format!("是否想写 `%{near}`？")),
        None => Text::fixed("`%help` lists everything", "`%help` 列出全部"),
    };
    Error::usage(format!("no command `%{name}`"), format!("没有命令 `%{name}`")).hint(hint)
}
