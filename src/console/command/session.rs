//! The session itself: what it knows, what of it is kept, and its end.

use std::fmt::Write as _;

use super::saved::saved;
use super::words::{path, words};
use super::{Command, Word};
use crate::config::{Existing, write_private};
use crate::console::repl::{Next, Repl};
use crate::console::style::Role;
use crate::console::text::{cut, escape, pad, width, wrap};
use crate::error::{Error, Result};
use crate::lang::Text;

pub(super) const COMMANDS: &[Command] = &[
    Command {
        name: "who",
        aliases: &["whos"],
        usage: "[WORD]",
        doc: Text::fixed("the variables and functions of this session", "本次会话的变量与函数"),
        more: Text::fixed("`x?` tells more about the variable x.", "`x?` 查看变量 x 的更多信息。"),
        words: &[Word::Free],
        example: "%who",
        run: who,
    },
    Command {
        name: "save",
        aliases: &[],
        usage: "FILE [--force]",
        doc: Text::fixed("writes the inputs that worked as a script", "将成功的输入保存为脚本"),
        more: Text::fixed(
            "The script runs with `dingraia run`. Commands, mistakes and inputs with secrets are left out. A file that is there \
             stays unless you say --force.",
            "脚本可用 `dingraia run` 运行。命令、出错的输入和含密钥的输入不会写入。已有文件仅在 --force 时覆盖。",
        ),
        words: &[Word::File, Word::OneOf(&["--force"])],
        example: "%save tour.rhai --force",
        run: save,
    },
    Command {
        name: "reset",
        aliases: &[],
        usage: "",
        doc: Text::fixed("forgets all variables and functions", "清除全部变量与函数"),
        more: Text::fixed(
            "`In` and `Out` begin anew. The app, its cache and the history stay.",
            "`In` 与 `Out` 也会清空。应用、缓存和历史记录保持不变。",
        ),
        words: &[],
        example: "%reset",
        run: |repl, _| {
            repl.interpreter.reset();
            repl.interpreter.forget_results();
            repl.memory.clear();
            repl.tell_names();
            Next::Read
        },
    },
    Command {
        name: "quit",
        aliases: &["q", "exit"],
        usage: "",
        doc: Text::fixed("leaves", "退出"),
        more: Text::fixed("Ctrl-D at an empty prompt does the same.", "在空提示符按 Ctrl-D 效果相同。"),
        words: &[],
        example: "%quit",
        run: |_, _| Next::Leave(0),
    },
];

/// Columns of a value in the list.
const SHORT: usize = 60;

fn who(repl: &mut Repl<'_>, word: &str) -> Next {
    let (mut names, mut written) = (repl.interpreter.variables(), repl.interpreter.written());
    names.retain(|name| name.contains(word));
    written.retain(|function| function.name.contains(word));
    if names.is_empty() && written.is_empty() {
        repl.screen.tell(&Text::fixed("no variables yet", "还没有变量"));
        return Next::Read;
    }
    let palette = repl.show.renderer.palette;
    let rows: Vec<[String; 3]> = names
        .iter()
        .filter_map(|name| {
            let value = repl.interpreter.variable(name)?;
            Some([name.clone(), value.type_name(), repl.show.short(&value)])
        })
        .collect();
    let widest = |column: usize| rows.iter().map(|row| width(&row[column])).max().unwrap_or(0);
    let (first, second) = (widest(0), widest(1));
    let room = repl.show.text_columns.saturating_sub(first + second + 4).clamp(8, SHORT);
    let mut out = String::new();
    for [name, kind, value] in &rows {
        let name = palette.paint(Role::Object, &pad(name, first));
        let kind = palette.paint(Role::Dim, &pad(kind, second));
        // Writing to a `String` cannot fail.
        let _ = writeln!(out, "{name}  {kind}  {}", cut(value, room));
    }
    for function in written {
        let head = palette.paint(Role::Object, &format!("{}({})", function.name, function.params.join(", ")));
        let doc = if function.doc.is_empty() { function.origin } else { function.doc };
        let line = format!("{head}  {}", palette.paint(Role::Dim, &escape(&doc)));
        let _ = writeln!(out, "{}", wrap(&line, repl.show.text_columns, 4));
    }
    repl.screen.result(out.trim_end());
    Next::Read
}

fn save(repl: &mut Repl<'_>, args: &str) -> Next {
    match written(repl, args) {
        Ok(told) => {
            repl.screen.tell(&told);
            Next::Read
        }
        Err(error) => repl.fail(error),
    }
}

fn written(repl: &Repl<'_>, args: &str) -> Result<Text> {
    let mut words = words(args)?;
    let force = words.iter().any(|word| word == "--force");
    words.retain(|word| word != "--force");
    let [file] = words.as_slice() else { return Err(super::missing("save")) };
    let file = path(file, repl.host.home());
    let is_secret = |text: &str| repl.editor.is_secret(text);
    let saved = saved(repl.memory.inputs(), is_secret, |text| (repl.compile)(text).is_ok());
    if saved.kept == 0 {
        return Err(Error::usage("no input has worked yet", "还没有成功的输入"));
    }
    let name = file.display().to_string();
    if file.exists() && !force {
        return Err(Error::usage(format!("{name} is there already"), format!("{name} 已存在"))
            .hint(Text::fixed("`--force` replaces it", "`--force` 覆盖它")));
    }
    write_private(&file, &saved.text, if force { Existing::Replace } else { Existing::Refuse })?;
    let kept = saved.kept;
    let (mut en, mut zh) =
        (format!("{kept} inputs written to {name}"), format!("已将 {kept} 个输入写入 {name}"));
    if saved.secret > 0 {
        let _ = write!(en, "; left out because of secrets: {}", saved.secret);
        let _ = write!(zh, "；因含密钥而略去：{}", saved.secret);
    }
    if saved.of_console > 0 {
        let _ = write!(en, "; left out because of `In`, `Out` or `it`: {}", saved.of_console);
        let _ = write!(zh, "；因使用 `In`、`Out` 或 `it` 而略去：{}", saved.of_console);
    }
    Ok(Text::made(en, zh))
}
