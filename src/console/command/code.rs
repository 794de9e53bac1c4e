//! Running code: from a file, from an editor, again and again, and with a watch in the hand.

use std::fs;
use std::path::PathBuf;
use std::process::Command as Process;
use std::time::{Duration, Instant};

use super::words::{first, path, words};
use super::{Command, Word};
use crate::config::{Existing, write_private};
use crate::console::repl::{Next, Repl};
use crate::console::source::{read_text, without_shebang};
use crate::console::style::Role;
use crate::console::text::quote;
use crate::error::{Error, Result};
use crate::lang::Text;
use crate::script::{Outcome, Stop};

pub(super) const COMMANDS: &[Command] = &[
    Command {
        name: "run",
        aliases: &[],
        usage: "FILE [ARGS…]",
        doc: Text::fixed("runs a script in this session", "在当前会话中运行脚本"),
        more: Text::fixed(
            "Its variables and functions stay; the words behind the file are its `ARGS`. An error tells the line of the file. `exit(n)` in it ends \
             the script, and not the console.",
            "脚本定义的变量和函数会保留；文件名之后的词为脚本的 `ARGS`。出错时显示文件中的行号。其中的 `exit(n)` 只结束脚本，不退出控制台。",
        ),
        words: &[Word::File, Word::Free],
        example: "%run scripts/directory.rhai 100",
        run,
    },
    Command {
        name: "edit",
        aliases: &[],
        usage: "[N|NAME]",
        doc: Text::fixed(
            "edits an input or a file in $EDITOR, then runs it",
            "用 $EDITOR 编辑输入或文件，然后运行",
        ),
        more: Text::fixed(
            "Without a word it begins with an empty text, with a number with that input, with the name of a function with the input \
             that defined it, else with a file. $VISUAL comes before $EDITOR. An empty text runs nothing.",
            "不带参数时从空白开始；数字表示该输入；函数名表示定义它的输入；否则为文件。优先使用 $VISUAL。空文本不会运行。",
        ),
        words: &[Word::File],
        example: "%edit 3",
        run: edit,
    },
    Command {
        name: "load",
        aliases: &[],
        usage: "FILE|N",
        doc: Text::fixed("puts a file or an input at the next prompt", "将文件或输入放到下一个提示符"),
        more: Text::fixed(
            "Nothing runs before you have looked at it and pressed Enter.",
            "在你查看并按下 Enter 之前不会运行。",
        ),
        words: &[Word::File],
        example: "%load 3",
        run: load,
    },
    Command {
        name: "time",
        aliases: &[],
        usage: "CODE",
        doc: Text::fixed("runs code and tells how long it took", "运行代码并显示用时"),
        more: Text::fixed("The API calls it used are told too.", "同时显示消耗的 API 次数。"),
        words: &[Word::Code],
        example: "%time app.get_depts().len()",
        run: time,
    },
    Command {
        name: "timeit",
        aliases: &[],
        usage: "[-n N] CODE",
        doc: Text::fixed(
            "runs code many times and tells the fastest and the median",
            "多次运行代码，显示最快与中位用时",
        ),
        more: Text::fixed(
            "Without -n it goes on for about a second, and makes 3 rounds when the first one called DingTalk.",
            "不带 -n 时运行约一秒；若首次运行调用了钉钉，则只运行 3 次。",
        ),
        words: &[Word::Code],
        example: "%timeit -n 20 1 + 1",
        run: timeit,
    },
    Command {
        name: "watch",
        aliases: &[],
        usage: "SECONDS CODE",
        doc: Text::fixed(
            "runs code again and again and shows the newest value",
            "反复运行代码并显示最新结果",
        ),
        more: Text::fixed(
            "Ctrl-C ends it, and so does an error. Each round may cost API calls: the line above tells how many so far.",
            "按 Ctrl-C 结束，出错时也会结束。每次运行都可能消耗 API，首行显示累计次数。",
        ),
        words: &[Word::Free, Word::Code],
        example: "%watch 5 app.get_api_counts()",
        run: watch,
    },
];

fn run(repl: &mut Repl<'_>, args: &str) -> Next {
    let script = || -> Result<(String, PathBuf, Vec<String>)> {
        let mut words = words(args)?.into_iter();
        let file = words.next().ok_or_else(|| super::missing("run"))?;
        let file = path(&file, repl.host.home());
        Ok((without_shebang(&read_text(&file)?), file, words.collect()))
    };
    let (source, file, args) = match script() {
        Ok(script) => script,
        Err(error) => return repl.fail(error),
    };
    repl.interpreter.set_texts("ARGS", &args);
    let before = repl.interpreter.station().handler_count();
    let outcome = repl.run_file(&source, &file.display().to_string());
    // A script that is saved later needs what the file has defined.
    let list = args.iter().map(|arg| quote(arg)).collect::<Vec<_>>().join(", ");
    repl.memory.ran(&format!("let ARGS = [{list}];\n{source}"));
    let next = settle_file(repl, outcome, true);
    tell_handlers(repl, before);
    next
}

/// A file that is run again registers its handlers again, and each event is then handled twice.
fn tell_handlers(repl: &Repl<'_>, before: usize) {
    let now = repl.interpreter.station().handler_count();
    if before > 0 && now > before {
        let new = now - before;
        repl.screen.tell(&Text::made(
            format!(
                "handlers: {new} new, and {before} from before that still answer; `off(\"*\")` removes all"
            ),
            format!("处理函数：新增 {new} 个，之前的 {before} 个仍然有效；`off(\"*\")` 可全部移除"),
        ));
    }
}

/// Shows what came of a text that is no input of the prompt: `exit` ends that text, and not the session around it.
fn settle_file(repl: &mut Repl<'_>, outcome: Outcome, silent: bool) -> Next {
    let Outcome::Leave(code) = outcome else { return repl.settle(outcome, silent) };
    repl.tell_names();
    if code == 0 {
        return Next::Read;
    }
    repl.screen.tell(&Text::made(
        format!("the script ended with exit({code})"),
        format!("脚本以 exit({code}) 结束"),
    ));
    Next::Failed
}

/// The text that a word of `%edit` and `%load` stands for.
fn text_of(repl: &Repl<'_>, word: &str) -> Result<String> {
    if let Ok(number) = word.parse::<usize>() {
        let input = repl.memory.input(number).map(str::to_owned);
        return input.ok_or_else(|| {
            Error::usage(format!("there is no input {number}"), format!("没有第 {number} 个输入"))
        });
    }
    let origin = repl.interpreter.written().into_iter().find(|function| function.name == word);
    let number =
        origin.and_then(|function| function.origin.strip_prefix("<in ")?.strip_suffix('>')?.parse().ok());
    if let Some(input) = number.and_then(|number| repl.memory.input(number)) {
        return Ok(input.to_owned());
    }
    Ok(without_shebang(&read_text(&path(word, repl.host.home()))?))
}

fn load(repl: &mut Repl<'_>, args: &str) -> Next {
    if args.is_empty() {
        return repl.fail(super::missing("load"));
    }
    match text_of(repl, args) {
        Ok(text) => {
            repl.editor.prefill(text.trim_end().to_owned());
            Next::Read
        }
        Err(error) => repl.fail(error),
    }
}

fn edit(repl: &mut Repl<'_>, args: &str) -> Next {
    let edited = || -> Result<Option<(String, String)>> {
        let begin = if args.is_empty() { String::new() } else { text_of(repl, args)? };
        let text = in_editor(repl, &begin)?;
        Ok((!text.trim().is_empty()).then_some((text, "<edit>".to_owned())))
    };
    match edited() {
        Ok(Some((text, name))) => {
            repl.screen.note(&repl.show.palette.paint(Role::Dim, text.trim_end()));
            let outcome = repl.run_code(&text, &name);
            repl.memory.ran(&text);
            settle_file(repl, outcome, false)
        }
        Ok(None) => {
            repl.screen.tell(&Text::fixed("nothing to run", "没有可运行的内容"));
            Next::Read
        }
        Err(error) => repl.fail(error),
    }
}

/// What somebody made of `text` in their editor.
fn in_editor(repl: &Repl<'_>, text: &str) -> Result<String> {
    let Some(editor) = repl.host.text_editor() else {
        return Err(Error::usage("no editor is set", "没有设置编辑器")
            .hint(Text::fixed("set $VISUAL or $EDITOR", "请设置 $VISUAL 或 $EDITOR")));
    };
    let file = std::env::temp_dir().join(format!("dingraia-{}.rhai", std::process::id()));
    // What is left of an earlier run is not written into: it may be a link of somebody else.
    let _ = fs::remove_file(&file);
    write_private(&file, text, Existing::Refuse)?;
    let command = format!("{editor} \"$1\"");
    let ended = Process::new("sh").args(["-c", &command, "sh"]).arg(&file).status();
    let read = ended.map_err(|error| Error::file(&editor, error)).and_then(|status| {
        if status.success() {
            return read_text(&file);
        }
        Err(Error::usage(
            format!("`{editor}` ended with {status}; nothing was run"),
            format!("`{editor}` 以 {status} 结束，未运行任何内容"),
        ))
    });
    let _ = fs::remove_file(&file);
    read
}

fn time(repl: &mut Repl<'_>, args: &str) -> Next {
    if args.is_empty() {
        return repl.fail(super::missing("time"));
    }
    let calls = repl.calls();
    repl.memory.ran(args);
    let outcome = repl.run_code(args, "<time>");
    let took = repl.interpreter.took();
    let is_value = matches!(outcome, Outcome::Value(_));
    let next = repl.settle(outcome, false);
    if is_value {
        let calls = repl.calls() - calls;
        repl.screen.tell(&Text::made(
            format!("{}, {}", short(took), calls_en(calls)),
            format!("{}，{calls} 次 API", short(took)),
        ));
    }
    next
}

fn timeit(repl: &mut Repl<'_>, args: &str) -> Next {
    /// About how long the rounds take together when nobody says how many.
    const ALL: Duration = Duration::from_secs(1);
    const MOST: usize = 1000;
    let (count, code) = match rounds(args) {
        Ok(parsed) => parsed,
        Err(error) => return repl.fail(error),
    };
    let (before, begin, stop) = (repl.calls(), Instant::now(), Stop::default());
    let _held = repl.interrupts.hold(&stop);
    let mut times = Vec::new();
    loop {
        match repl.run_until(code, "<timeit>", &stop) {
            Outcome::Value(_) => times.push(repl.interpreter.took()),
            other => return repl.settle(other, true),
        }
        if stop.is_fired() {
            return repl.fail(stop.error(None));
        }
        let enough = match count {
            Some(count) => times.len() >= count,
            None if repl.calls() > before => times.len() >= 3,
            None => begin.elapsed() >= ALL || times.len() >= MOST,
        };
        if enough {
            break;
        }
    }
    times.sort_unstable();
    let (best, median, count) = (short(times[0]), short(times[times.len() / 2]), times.len());
    let calls = repl.calls() - before;
    let text = Text::made(
        format!("{count} rounds: best {best}, median {median}; {}", calls_en(calls)),
        format!("{count} 次：最快 {best}，中位 {median}；{calls} 次 API"),
    );
    repl.screen.result(text.get(repl.show.lang));
    Next::Read
}

/// `-n 20 code`: how many rounds, and what.
fn rounds(args: &str) -> Result<(Option<usize>, &str)> {
    let (count, code) = match args.strip_prefix("-n") {
        Some(rest) => {
            let (count, code) = first(rest);
            let count =
                count.parse().ok().filter(|count| *count > 0).ok_or_else(|| {
                    Error::usage("-n must be a whole number above 0", "-n 必须是大于 0 的整数")
                })?;
            (Some(count), code)
        }
        None => (None, args),
    };
    if code.is_empty() { Err(super::missing("timeit")) } else { Ok((count, code)) }
}

fn watch(repl: &mut Repl<'_>, args: &str) -> Next {
    let (seconds, code) = first(args);
    let pause = seconds.parse::<f64>().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    let (Some(pause), false) = (pause, code.is_empty()) else { return repl.fail(super::missing("watch")) };
    let (stop, before) = (Stop::default(), repl.calls());
    // Between the rounds too.
    let _held = repl.interrupts.hold(&stop);
    for round in 1.. {
        let outcome = repl.run_until(code, "<watch>", &stop);
        let Outcome::Value(value) = outcome else {
            // It is ended by Ctrl-C, and that is how it is meant to end.
            return if stop.is_fired() { Next::Read } else { repl.settle(outcome, true) };
        };
        repl.show = repl.show.fitted();
        let calls = repl.calls() - before;
        let head = Text::made(
            format!("every {seconds} s, round {round}, {}; Ctrl-C ends", calls_en(calls)),
            format!("每 {seconds} 秒，第 {round} 次，{calls} 次 API；按 Ctrl-C 结束"),
        );
        let head = repl.show.palette.paint(Role::Dim, head.get(repl.show.lang));
        let clear = if repl.host.can_redraw() { "\x1b[H\x1b[J" } else { "" };
        if !repl.screen.result(&format!("{clear}{head}\n{}", repl.show.value(&value))) {
            break;
        }
        if !repl.interpreter.pause(pause, &stop) {
            break;
        }
    }
    Next::Read
}

pub(super) fn calls_en(calls: u64) -> String {
    if calls == 1 { "1 API call".into() } else { format!("{calls} API calls") }
}

/// A time with three digits.
fn short(time: Duration) -> String {
    let micros = time.as_secs_f64() * 1e6;
    match micros {
        micros if micros < 1e3 => format!("{micros:.0} µs"),
        micros if micros < 1e6 => format!("{:.1} ms", micros / 1e3),
        micros => format!("{:.2} s", micros / 1e6),
    }
}
