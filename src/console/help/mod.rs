//! Help, made of the rows, the table of functions, the topics and the commands.

mod about;
mod cache;
mod machine;
pub(super) mod method;
mod search;
pub mod topics;

use std::fmt::Write as _;

pub use machine::{command_table, json, markdown};
pub use search::search;

use super::command;
use super::style::{Palette, Role};
use super::text::{pad, width, wrap};
use crate::api::methods;
use crate::error::Error;
use crate::lang::{Lang, Text};
use crate::script::{BUILTINS, CACHE, EVENTS, EventInfo as Event};
use crate::spec::{Method, nearest};

/// Writes help for a reader.
#[derive(Clone, Copy)]
pub struct Help {
    /// The colours.
    pub palette: Palette,
    /// The language.
    pub lang: Lang,
    /// Columns of a line.
    pub columns: usize,
}

impl Help {
    /// The list of all methods, by topic, and the functions beside them.
    pub fn list(self) -> String {
        self.list_of(|_| true)
    }

    /// The list of those methods and functions whose group or name `keep` wants.
    fn list_of(self, keep: impl Fn(&str) -> bool) -> String {
        let kept = |method: &&&Method| keep(method.group) || keep(method.name);
        let found: Vec<&'static Method> = methods().filter(|method| kept(&method)).collect();
        let builtins: Vec<_> =
            BUILTINS.iter().filter(|builtin| keep("function") || keep(builtin.name)).collect();
        let names = found
            .iter()
            .map(|method| method.full_name())
            .chain(builtins.iter().map(|word| word.name.to_owned()));
        let widest = names.map(|name| width(&name)).max().unwrap_or(0);
        let mut out = String::new();
        let mut group = "";
        for method in found {
            if method.group != group {
                group = method.group;
                self.heading(&mut out, group_name(group).get(self.lang));
            }
            let cost = if method.cost == "0" { String::new() } else { format!(" [{}]", method.cost) };
            let text = format!("{}{cost}", first_sentence(&method.doc.get(self.lang)));
            self.row(&mut out, &method.full_name(), widest, &text);
        }
        if !builtins.is_empty() {
            self.heading(&mut out, group_name("function").get(self.lang));
        }
        for builtin in builtins {
            self.row(&mut out, builtin.name, widest, builtin.doc.get(self.lang));
        }
        if keep("cache") {
            self.heading(&mut out, group_name("cache").get(self.lang));
            self.cache_line(&mut out, widest);
        }
        let last = Text::fixed(
            "\n`x?` tells more about x. In brackets: API calls; `1 / 0` is one or none.",
            "\n`x?` 查看 x 的说明。方括号中为 API 消耗次数；`1 / 0` 表示一次或不消耗。",
        );
        out.push_str(&wrap(last.get(self.lang), self.columns, 0));
        out
    }

    /// The methods of a group, or those whose name has `word` in it.
    ///
    /// # Errors
    /// When there are none.
    pub fn methods(self, word: &str) -> Result<String, Error> {
        let word = word.trim().to_lowercase();
        let is_group = methods().any(|method| method.group == word) || word == "function";
        let fits = |name: &str| if is_group { name == word } else { name.to_lowercase().contains(&word) };
        let any = methods().any(|method| fits(method.group) || fits(method.name));
        if !any && !BUILTINS.iter().any(|builtin| fits(builtin.name)) && word != "function" {
            let groups = groups().join(", ");
            return Err(Error::usage(
                format!("no method has `{word}` in it"),
                format!("没有包含 `{word}` 的方法"),
            )
            .hint(Text::made(
                format!("groups: {groups}; `??{word}` searches all help"),
                format!("分组：{groups}；`??{word}` 可搜索全部帮助"),
            )));
        }
        Ok(self.list_of(fits))
    }

    /// Everything about one name.
    ///
    /// # Errors
    /// When nothing has it: the nearest names.
    pub fn topic(self, name: &str) -> Result<String, Error> {
        let bare = bare(name);
        if matches!(bare, "" | "app") {
            return Ok(self.list());
        }
        let screens = self.screens(bare);
        if screens.is_empty() { Err(unknown(bare)) } else { Ok(screens.join("\n\n")) }
    }

    /// What there is about a name.
    pub(super) fn screens(self, name: &str) -> Vec<String> {
        if let Some(name) = name.strip_prefix('%') {
            return command::find(name).map(|command| self.command(command)).into_iter().collect();
        }
        if name == "cache" {
            return vec![self.cache()];
        }
        if let Some(method) = name.strip_prefix("cache.") {
            let found = CACHE.iter().filter(|word| word.name == method);
            return found.map(|word| self.builtin(word)).collect();
        }
        let bare = bare(name);
        let rows = methods().filter(|method| method.name == bare || method.aliases.contains(&bare));
        let builtins = BUILTINS.iter().filter(|builtin| builtin.name == bare);
        let mut screens: Vec<String> = rows
            .map(|method| self.method(method))
            .chain(builtins.map(|builtin| self.builtin(builtin)))
            .collect();
        if screens.is_empty() {
            screens.extend(topics::find(name).map(|topic| self.topic_screen(topic)));
        }
        if screens.is_empty() {
            screens.extend(command::find(name).map(|command| self.command(command)));
        }
        if screens.is_empty() {
            let is_called = |event: &&Event| event.name == name || event.wire.contains(&name);
            screens.extend(EVENTS.iter().filter(is_called).map(|event| self.event(event)));
        }
        screens
    }

    fn heading(self, out: &mut String, text: &str) {
        let _ = writeln!(out, "{}", self.palette.paint(Role::Heading, text));
    }

    /// An indented name and what is said about it, which begins at the same column in every row. Where the window is narrow it
    /// stands below the name.
    pub(super) fn row(self, out: &mut String, name: &str, widest: usize, text: &str) {
        let paint = |name: &str| self.palette.paint(Role::Object, name);
        let line = if widest + MOST_NARROW > self.columns {
            wrap(&format!("  {}\n{text}", paint(name)), self.columns, 6)
        } else {
            wrap(&format!("  {}  {text}", paint(&pad(name, widest))), self.columns, widest + 4)
        };
        let _ = writeln!(out, "{line}");
    }

    fn head(self, usage: &str, doc: &str) -> String {
        let usage = self.palette.paint(Role::Heading, usage);
        format!("{}\n{}\n", wrap(&usage, self.columns, 4), wrap(doc, self.columns, 0))
    }

    fn label(self, text: &Text) -> String {
        self.palette.paint(Role::Dim, &pad(text.get(self.lang), LABEL))
    }

    #[allow(clippy::needless_pass_by_value, reason = "a label is written where it is used")]
    fn fact(self, out: &mut String, label: Text, text: &str) {
        let _ = writeln!(out, "{}", wrap(&format!("{}{text}", self.label(&label)), self.columns, LABEL));
    }

    /// The example as it is: somebody will copy it.
    fn example(self, out: &mut String, example: &str) {
        let _ = write!(out, "{}{example}", self.label(&Text::fixed("example", "示例")));
    }
}

/// Columns of a label.
const LABEL: usize = 10;

/// The least columns that a text beside its name is given.
const MOST_NARROW: usize = 24;

/// A name without what stands before it in a script.
fn bare(name: &str) -> &str {
    let name = ["app.", "api.", "oapi.", "event."]
        .iter()
        .fold(name.trim(), |name, front| name.strip_prefix(front).unwrap_or(name));
    name.trim_end_matches("()")
}

/// What fits into a list; help of its own says the rest.
fn first_sentence(text: &str) -> &str {
    let end = text.find(". ").map(|at| at + 1).or_else(|| text.find('。').map(|at| at + '。'.len_utf8()));
    &text[..end.unwrap_or(text.len())]
}

/// The groups of the methods, in the order of the list.
pub fn groups() -> Vec<&'static str> {
    let mut groups: Vec<&'static str> = methods().map(|method| method.group).collect();
    groups.dedup();
    groups.push("function");
    groups
}

/// A group as a heading.
fn group_name(group: &'static str) -> Text {
    let zh = match group {
        "message" => "message 消息",
        "card" => "card 卡片",
        "contact" => "contact 通讯录",
        "group" => "group 群",
        "member" => "member 群成员",
        "bot" => "bot 机器人",
        "login" => "login 登录",
        "media" => "media 文件",
        "local" => "local 本地",
        "task" => "task 任务",
        "raw" => "raw 原始接口",
        "object" => "object 对象",
        "element" => "element 消息元素",
        "file" => "file 文件对象",
        "function" => "function 函数",
        "cache" => "cache 缓存",
        other => other,
    };
    Text::fixed(group, zh)
}

fn unknown(name: &str) -> Error {
    let known = methods()
        .map(|method| method.name)
        .chain(BUILTINS.iter().map(|builtin| builtin.name))
        .chain(topics::TOPICS.iter().map(|topic| topic.name))
        .chain(EVENTS.iter().map(|event| event.name))
        .chain(command::commands().map(|command| command.name));
    let error = Error::usage(format!("nothing is called `{name}`"), format!("没有 `{name}`"));
    error.hint(match nearest(name, known) {
        Some(near) => Text::made(format!("did you mean `{near}`?"), format!("是否想写 `{near}`？")),
        None => Text::made(
            format!("`help` at the prompt, or `dingraia methods`, lists everything; `??{name}` at the prompt searches all help"),
            format!("控制台中的 `help` 或命令 `dingraia methods` 列出全部；在控制台中用 `??{name}` 可搜索全部帮助"),
        ),
    })
}
