//! `dingraia config path|show|init`.

use std::io::{IsTerminal as _, Write as _, stderr, stdin};
use std::path::PathBuf;

use serde_json::Value;

use super::program::Program;
use crate::cli::Output;
use crate::config::{Existing, check_place, template, write_private};
use crate::console::terminal::Terminal;
use crate::console::text::{pad, width};
use crate::error::{Error, Kind, Result};
use crate::lang::{Lang, Text};

/// Prints the file in use, or where it would be.
pub(super) fn path(program: &Program) -> Result<u8> {
    let loaded = program.load()?;
    if let Some(file) = &loaded.config.source.file {
        program.screen.result(&file.display().to_string());
        return Ok(0);
    }
    let error = Error::usage("no configuration file was found", "没有找到配置文件");
    Err(match loaded.paths.config_file() {
        Some(file) => {
            let file = file.display();
            error.hint(Text::made(
                format!("`dingraia config init` writes {file}"),
                format!("`dingraia config init` 会写入 {file}"),
            ))
        }
        None => error,
    })
}

/// Prints every value with its origin.
pub(super) fn show(program: &Program) -> Result<u8> {
    let loaded = program.load()?;
    let rows = loaded.config.rows();
    if program.global.output == Some(Output::Json) {
        let rows: Vec<Value> = rows.iter().map(crate::config::Row::json).collect();
        program.screen.result(&Value::Array(rows).to_string());
        return Ok(0);
    }
    let lang = program.show_in(loaded.config.language).lang;
    let widest = rows.iter().map(|row| width(&row.key)).max().unwrap_or(0);
    let widest_value = rows.iter().map(|row| width(&row.shown)).max().unwrap_or(0).min(40);
    for row in rows {
        let value = if row.shown.is_empty() { "-" } else { &row.shown };
        let line =
            format!("{}  {}  {}", pad(&row.key, widest), pad(value, widest_value), row.origin.text(lang));
        program.screen.result(&line);
    }
    Ok(0)
}

const APP_KEY: &str = "bot.app_key";
const APP_SECRET: &str = "bot.app_secret";

/// What has no meaning without an AppKey, and is not asked then.
const OF_THE_APP: &[&str] = &[APP_SECRET, "bot.robot_code"];

/// What is asked, and whether the answer is a secret.
const QUESTIONS: &[(&str, Text, bool)] = &[
    (APP_KEY, Text::fixed("AppKey (Client ID) of the app", "应用的 AppKey（Client ID）"), false),
    (APP_SECRET, Text::fixed("AppSecret (not shown)", "AppSecret（不显示）"), true),
    ("bot.robot_code", Text::fixed("RobotCode [the AppKey]", "RobotCode [同 AppKey]"), false),
    (
        "bot.group_webhook_access_token",
        Text::fixed(
            "access_token of a group webhook, or its address (not shown) [none]",
            "群 Webhook 的 access_token 或地址（不显示）[无]",
        ),
        true,
    ),
    (
        "bot.group_webhook_secure_key",
        Text::fixed("its signing key SEC… (not shown) [none]", "其加签密钥 SEC…（不显示）[无]"),
        true,
    ),
];

/// Asks for the values and writes the file.
pub(super) fn init(program: &Program, path: Option<PathBuf>, force: bool) -> Result<u8> {
    let path = path.or_else(|| program.env.paths().config_file()).ok_or_else(|| {
        Error::usage(
            "there is no home directory; say where with --path FILE",
            "没有主目录；请用 --path FILE 指定位置",
        )
    })?;
    if path.exists() && !force {
        return Err(Error::usage(
            format!("{} is there already", path.display()),
            format!("{} 已存在", path.display()),
        )
        .hint(Text::fixed(
            "`--force` replaces it; `dingraia config show` shows it",
            "`--force` 覆盖它；`dingraia config show` 查看它",
        )));
    }
    check_place(&path)?;
    if !(program.stdin_is_terminal && stderr().is_terminal()) {
        return Err(Error::usage(
            "`config init` asks questions and needs a terminal",
            "`config init` 需要在终端中回答问题",
        )
        .hint(Text::fixed(
            "without one: set DINGRAIA_APP_KEY and DINGRAIA_APP_SECRET",
            "没有终端时可设置 DINGRAIA_APP_KEY 与 DINGRAIA_APP_SECRET",
        )));
    }
    let values = answers(program)?;
    let values: Vec<(&str, &str)> = values.iter().map(|(key, value)| (*key, value.as_str())).collect();
    write_private(&path, &template(&values)?, if force { Existing::Replace } else { Existing::Refuse })?;
    program.screen.result(&path.display().to_string());
    program.note(
        Text::fixed("written; `dingraia doctor` checks it", "已写入；可用 `dingraia doctor` 检查")
            .get(program.show.lang),
    );
    Ok(0)
}

/// The answers that were given, each checked at its question.
fn answers(program: &Program) -> Result<Vec<(&'static str, String)>> {
    let mut values: Vec<(&str, String)> = Vec::new();
    for (key, question, secret) in QUESTIONS {
        let has_app = values.iter().any(|(key, _)| *key == APP_KEY);
        if OF_THE_APP.contains(key) && !has_app {
            continue;
        }
        loop {
            let answer = asked(question, *secret, program.show.lang)?;
            match accepted(key, &answer) {
                Ok(()) if answer.is_empty() => {}
                Ok(()) => values.push((key, answer)),
                Err(error) => {
                    program.screen.note(&program.show.error(error));
                    continue;
                }
            }
            break;
        }
    }
    Ok(values)
}

/// Whether a file with this answer loads.
fn accepted(key: &str, answer: &str) -> Result<()> {
    match answer {
        "" if key == APP_SECRET => {
            Err(Error::usage("an AppKey needs its AppSecret", "填写了 AppKey 就必须填写 AppSecret").hint(
                Text::fixed("Ctrl-D leaves, and nothing is written", "按 Ctrl-D 退出，不会写入任何内容"),
            ))
        }
        "" => Ok(()),
        _ => template(&[(key, answer)]).map(drop),
    }
}

fn asked(question: &Text, secret: bool, lang: Lang) -> Result<String> {
    let prompt = format!("{}: ", question.get(lang));
    let failed = |error| Error::file("<terminal>", error);
    let ask = || write!(stderr(), "{prompt}").and_then(|()| stderr().flush());
    let answer = if secret {
        Terminal::read_hidden(ask).map_err(failed)?
    } else {
        let mut line = String::new();
        ask().and_then(|()| stdin().read_line(&mut line)).map_err(failed)?;
        line
    };
    if !answer.ends_with('\n') {
        // Ctrl-D leaves the cursor behind the question.
        let _ = stderr().write_all(b"\n");
        return Err(Error::new(Kind::Interrupted { sent: None, by_timeout: false })
            .hint(Text::fixed("nothing was written", "未写入任何内容")));
    }
    Ok(answer.trim().to_owned())
}
