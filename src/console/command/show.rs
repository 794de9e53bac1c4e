//! How values are shown: `%mode`, `%last`, `%csv`.

use std::io;
use std::path::Path;

use super::{Command, Word};
use crate::config::{Existing, write_private};
use crate::console::render::{MODES, Mode, csv};
use crate::console::repl::{Next, Repl};
use crate::error::Error;
use crate::lang::Text;

pub(super) const COMMANDS: &[Command] = &[
    Command {
        name: "mode",
        aliases: &[],
        usage: "[auto|table|card|json|raw|csv]",
        doc: Text::fixed("how values are shown", "结果的显示方式"),
        more: Text::fixed(
            "`auto` lets each value choose: a list of maps is a table, a person or a group a card, departments with their parents a \
             tree, everything else coloured JSON. `table`, `card`, `json`, `raw` (text as it is) and `csv` hold for all that follows. \
             Without a word it tells the mode of now.",
            "`auto` 由值自行决定：映射列表显示为表格，人员或群显示为卡片，带上级的部门显示为树，其他显示为彩色 JSON。\
             `table`、`card`、`json`、`raw`（文本原样）、`csv` 对之后的结果都有效。不带参数时显示当前方式。",
        ),
        words: &[Word::OneOf(&["auto", "table", "card", "json", "raw", "csv"])],
        example: "%mode auto",
        run: mode,
    },
    Command {
        name: "last",
        aliases: &[],
        usage: "[full|pager|auto|table|card|json|raw|csv]",
        doc: Text::fixed(
            "the last value again: all of it, or in another form",
            "再次显示上一个值：完整，或换一种形式",
        ),
        more: Text::fixed(
            "`full` shows every row and column; a table that does not fit the window becomes cards. `pager` opens it in `$PAGER` \
             or `less`. A form shows every row in that form.",
            "`full` 显示全部行列；放不下的表格改为卡片。`pager` 用 `$PAGER` 或 `less` 打开。指定形式时以该形式显示全部行。",
        ),
        words: &[Word::OneOf(&["full", "pager", "auto", "table", "card", "json", "raw", "csv"])],
        example: "%last full",
        run: last,
    },
    Command {
        name: "csv",
        aliases: &[],
        usage: "FILE [--force]",
        doc: Text::fixed(
            "writes the last value to a file, for a spreadsheet",
            "将上一个值写入 CSV 文件，供表格软件打开",
        ),
        more: Text::fixed(
            "Lists of maps, people or groups have a line each, with a line of titles; nested values are JSON. The file is UTF-8 with a \
             byte order mark, so that Excel reads Chinese, and only you can read it. An existing file is replaced with `--force` only. \
             Numbers and ids stand as they are: import columns of ids as text, or a spreadsheet drops leading zeros.",
            "映射、人员或群的列表每项一行，首行为列名；嵌套的值为 JSON。文件为带 BOM 的 UTF-8，Excel 可直接识别汉字，且仅本人可读。\
             已存在的文件只有加 `--force` 才会覆盖。数字与 ID 原样写入：请将 ID 列按文本导入，否则表格软件会丢掉开头的零。",
        ),
        words: &[Word::File, Word::OneOf(&["--force"])],
        example: "%csv people.csv --force",
        run: csv_file,
    },
];

fn mode(repl: &mut Repl<'_>, args: &str) -> Next {
    match args {
        "" => repl.screen.result(repl.show.renderer.mode.name()),
        name => match Mode::parse(name) {
            Some(mode) => {
                repl.show.renderer.mode = mode;
                return Next::Read;
            }
            None => return repl.fail(no_mode(name)),
        },
    };
    Next::Read
}

fn no_mode(name: &str) -> Error {
    Error::usage(format!("no mode `{name}`"), format!("没有显示方式 `{name}`"))
        .hint(Text::made(format!("the modes: {}", names()), format!("可用：{}", names())))
}

fn names() -> String {
    MODES.iter().map(|mode| mode.0).collect::<Vec<_>>().join(", ")
}

/// All of the value, however long, in the forms that the words ask for.
fn last(repl: &mut Repl<'_>, args: &str) -> Next {
    let Some(value) = repl.interpreter.last().cloned() else { return repl.fail(no_value()) };
    let mut show = repl.show;
    let mut pages = false;
    for word in args.split_whitespace() {
        show.renderer.lines = None;
        match (word, Mode::parse(word)) {
            ("full", _) => show.renderer.whole = true,
            ("pager", _) => pages = true,
            (_, Some(mode)) => show.renderer.mode = mode,
            (other, None) => {
                let error =
                    Error::usage(format!("%last: no form `{other}`"), format!("%last：没有形式 `{other}`"));
                return repl.fail(error.hint(Text::made(
                    format!("`full`, `pager`, or one of {}", names()),
                    format!("`full`、`pager`，或 {}", names()),
                )));
            }
        }
    }
    if !pages {
        repl.screen.result(&show.value(&value));
        return Next::Read;
    }
    show.renderer.whole = true;
    let has_table = show.renderer.mode != Mode::Card;
    if has_table {
        // The pager moves sideways.
        show.renderer.terminal = false;
    }
    let text = show.value(&value);
    if !repl.pager.show(&repl.screen, &repl.screen.fit(&text)) {
        repl.screen.result(&text);
    }
    Next::Read
}

fn no_value() -> Error {
    Error::usage("there is no value yet", "还没有结果")
}

fn csv_file(repl: &mut Repl<'_>, args: &str) -> Next {
    let (name, existing) = target(args);
    if name.is_empty() {
        return repl.fail(Error::usage("%csv needs a file name", "%csv 需要文件名"));
    }
    let Some(value) = repl.interpreter.last() else { return repl.fail(no_value()) };
    let view = value.view();
    let Some(text) = csv::render(&view) else {
        let error = Error::usage("the last value has no rows", "上一个值没有行");
        return repl.fail(error.hint(Text::fixed(
            "a list, a map, or rows of the cache can be written",
            "可写入列表、映射或缓存中的行",
        )));
    };
    let path = Path::new(name);
    // A folder that is not there is a slip of the finger.
    if path.parent().is_some_and(|folder| !folder.as_os_str().is_empty() && !folder.is_dir()) {
        return repl.fail(Error::file(path, io::Error::new(io::ErrorKind::NotFound, "no such folder")));
    }
    match write_private(path, &format!("{}{text}", csv::BYTE_ORDER_MARK), existing) {
        Ok(()) => {
            let count = view.items().map_or(1, <[_]>::len);
            let said = Text::made(format!("{count} rows in {name}"), format!("已写入 {count} 行：{name}"));
            repl.screen.note(said.get(repl.show.lang));
            Next::Read
        }
        Err(error) => repl.fail(
            error.hint(Text::fixed("`%csv FILE --force` replaces a file", "`%csv 文件 --force` 可覆盖文件")),
        ),
    }
}

/// The file, which may stand in quotes, and whether it may be there already.
fn target(args: &str) -> (&str, Existing) {
    let args = args.trim();
    let forced = args.strip_prefix("--force ").or_else(|| args.strip_suffix(" --force"));
    let name = forced.unwrap_or(args).trim();
    let bare = name.strip_prefix('"').and_then(|name| name.strip_suffix('"')).unwrap_or(name);
    (bare, if forced.is_some() { Existing::Replace } else { Existing::Refuse })
}
