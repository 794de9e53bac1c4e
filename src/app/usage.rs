//! The command line's own help and errors, in both languages.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Command, CommandFactory as _};

use super::chinese::{FRAME, chinese};
use crate::cli::Cli;
use crate::config::{Env, Flags, load};
use crate::error::Error;
use crate::lang::{Lang, Text};

/// The command line in `lang`.
pub(super) fn command(lang: Lang) -> Command {
    match lang {
        Lang::En => Cli::command(),
        Lang::Zh => translated(Cli::command(), ""),
    }
}

/// The language for somebody whose command line is not read yet: its own `--lang`, then configuration and locale.
pub(super) fn lang(args: &[OsString], env: &Env) -> Lang {
    let words: Vec<&str> = args.iter().filter_map(|arg| arg.to_str()).collect();
    let pair = words.windows(2).find(|two| two[0] == "--lang").map(|two| two[1]);
    let asked = pair.or_else(|| words.iter().find_map(|word| word.strip_prefix("--lang=")));
    let named = |name: &str| env.var(name).and_then(Lang::parse);
    let configured = || load(&Flags::default(), env).ok().and_then(|loaded| loaded.config.language);
    asked
        .and_then(Lang::parse)
        .or_else(configured)
        .or_else(|| ["DINGRAIA_LANG", "LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|name| named(name)))
        .unwrap_or_default()
}

/// `command` with the Chinese texts; what has none keeps its English one. `path` names the command among its parents.
fn translated(command: Command, path: &str) -> Command {
    let mut command = command;
    if let Some((short, long)) = chinese(path) {
        command = command.about(short);
        if !long.is_empty() {
            command = command.long_about(format!("{short}\n\n{long}"));
        }
    }
    command
        .mut_args(|arg| match chinese(&option(path, arg.get_id().as_str())) {
            // The texts of values would be English.
            Some((text, values)) => {
                let arg = arg.long_help(None::<&str>).hide_possible_values(!values.is_empty());
                arg.help(if values.is_empty() { text.to_owned() } else { format!("{text}：{values}") })
            }
            None => arg,
        })
        .mut_subcommands(|sub| {
            let path = inside(path, sub.get_name());
            translated(sub, &path)
        })
}

/// The name of a command among the texts.
fn inside(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// The name of an option among the texts: those of every command may be called as a command is.
fn option(path: &str, id: &str) -> String {
    if path.is_empty() { format!("--{id}") } else { format!("{path}.{id}") }
}

/// Help as it is shown: the frame that clap puts around the texts is English.
pub(super) fn help_text(error: &clap::Error, lang: Lang, color: bool) -> String {
    let styled = error.render();
    let text = if color { styled.ansi().to_string() } else { styled.to_string() };
    match lang {
        Lang::En => text,
        Lang::Zh => FRAME.iter().fold(text, |text, (en, zh)| text.replace(en, zh)),
    }
}

/// What is wrong with a command line.
pub(super) fn wrong(error: &clap::Error) -> Error {
    let one = |kind: ContextKind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(", "),
        Some(ContextValue::StyledStr(text)) => text.to_string(),
        Some(ContextValue::StyledStrs(texts)) => {
            texts.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
        }
        Some(ContextValue::Number(number)) => number.to_string(),
        _ => String::new(),
    };
    let arg = one(ContextKind::InvalidArg);
    let wrong = match error.kind() {
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            invalid(&arg, &one(ContextKind::InvalidValue))
        }
        ErrorKind::UnknownArgument if !arg.starts_with('-') => {
            Error::usage(format!("`{arg}` is one argument too many"), format!("多了一个参数 `{arg}`")).hint(
                Text::fixed(
                    "what has spaces in it, such as an expression, stands in quotes",
                    "含空格的内容（例如表达式）需要加引号",
                ),
            )
        }
        ErrorKind::UnknownArgument => Error::usage(format!("no option `{arg}`"), format!("没有选项 `{arg}`")),
        ErrorKind::InvalidSubcommand => {
            let name = one(ContextKind::InvalidSubcommand);
            Error::usage(format!("no command `{name}`"), format!("没有命令 `{name}`"))
        }
        ErrorKind::ArgumentConflict => {
            let other = one(ContextKind::PriorArg);
            Error::usage(
                format!("`{arg}` and `{other}` do not go together"),
                format!("`{arg}` 与 `{other}` 不能同时使用"),
            )
        }
        ErrorKind::MissingRequiredArgument => {
            Error::usage(format!("this is missing: {arg}"), format!("缺少：{arg}"))
        }
        ErrorKind::MissingSubcommand => Error::usage("a command is missing", "缺少命令"),
        ErrorKind::NoEquals | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            Error::usage(format!("`{arg}` needs a value"), format!("`{arg}` 需要一个值"))
        }
        ErrorKind::TooManyValues => {
            Error::usage(format!("`{arg}` takes one value"), format!("`{arg}` 只接受一个值"))
        }
        ErrorKind::InvalidUtf8 => Error::usage("an argument is not UTF-8 text", "参数不是 UTF-8 文本"),
        _ => {
            let text = error.to_string();
            let first = text.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned();
            Error::usage(first.clone(), first)
        }
    };
    hinted(wrong, error, &one)
}

fn invalid(arg: &str, value: &str) -> Error {
    if value.is_empty() {
        return Error::usage(format!("`{arg}` needs a value"), format!("`{arg}` 需要一个值"));
    }
    Error::usage(format!("`{arg}` cannot be `{value}`"), format!("`{arg}` 不能是 `{value}`"))
}

/// What was meant, what is possible, and where to look.
fn hinted(wrong: Error, error: &clap::Error, one: &impl Fn(ContextKind) -> String) -> Error {
    let near = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue]
        .into_iter()
        .map(one)
        .find(|near| !near.is_empty());
    let values = one(ContextKind::ValidValue);
    let wrong = match near {
        Some(near) => {
            wrong.hint(Text::made(format!("did you mean `{near}`?"), format!("是否想写 `{near}`？")))
        }
        None if !values.is_empty() => {
            wrong.hint(Text::made(format!("possible: {values}"), format!("可选：{values}")))
        }
        None => wrong,
    };
    let usage = one(ContextKind::Usage);
    let usage = usage.trim_start_matches("Usage:").trim().replace('\n', " ");
    match error.kind() {
        ErrorKind::MissingRequiredArgument if !usage.is_empty() => {
            wrong.hint(Text::made(format!("usage: {usage}"), format!("用法：{usage}")))
        }
        _ => wrong.hint(Text::fixed("`--help` tells more", "`--help` 查看说明")),
    }
}

#[cfg(test)]
mod tests {
    use super::{command, inside, option, wrong};
    use crate::app::chinese::{TEXTS, chinese};
    use crate::lang::Lang;
    use clap::CommandFactory as _;

    /// Every command and every option has a Chinese text, and there is none without a command or an option.
    #[test]
    fn the_command_line_is_whole_in_chinese() {
        fn keys(command: &clap::Command, path: &str, found: &mut Vec<String>) {
            for arg in command.get_arguments().filter(|arg| !arg.is_hide_set()) {
                // Options of every command are told once.
                if path.is_empty() || !arg.is_global_set() {
                    found.push(option(path, arg.get_id().as_str()));
                }
            }
            for sub in command.get_subcommands() {
                found.push(inside(path, sub.get_name()));
                keys(sub, &inside(path, sub.get_name()), found);
            }
        }
        let mut found = vec![String::new()];
        keys(&crate::cli::Cli::command(), "", &mut found);
        for key in &found {
            assert!(chinese(key).is_some_and(|(text, _)| !text.is_ascii()), "`{key}` has no Chinese text");
        }
        for (key, ..) in TEXTS {
            assert!(found.iter().any(|known| known == key), "`{key}` is nothing of the command line");
        }
        command(Lang::Zh).debug_assert();
    }

    #[test]
    fn mistakes_are_told_in_both_languages() {
        let rows = [
            (&["dingraia", "--colour"][..], "no option `--colour`", "没有选项 `--colour`"),
            (&["dingraia", "--lang", "fr"], "`--lang <LANG>` cannot be `fr`", "`--lang <LANG>` 不能是 `fr`"),
            (&["dingraia", "run"], "this is missing: <FILE>", "缺少：<FILE>"),
            (
                &["dingraia", "-q", "-v"],
                "`--quiet` and `--verbose...` do not go together",
                "`--quiet` 与 `--verbose...` 不能同时使用",
            ),
            (&["dingraia", "sandbox", "serv"], "no command `serv`", "没有命令 `serv`"),
            (
                &["dingraia", "--timeout", "x", "doctor"],
                "`--timeout <SECONDS>` cannot be `x`",
                "`--timeout <SECONDS>` 不能是 `x`",
            ),
            (&["dingraia", "--config"], "`--config <FILE>` needs a value", "`--config <FILE>` 需要一个值"),
        ];
        for (args, en, zh) in rows {
            let error = wrong(&command(Lang::En).try_get_matches_from(args).unwrap_err());
            assert_eq!((error.text(Lang::En).as_str(), error.text(Lang::Zh).as_str()), (en, zh), "{args:?}");
            assert!(!error.hints().is_empty(), "{args:?}");
        }
    }
}
