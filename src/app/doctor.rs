//! `dingraia doctor`: each thing that must be right, a line each, with what to do when it is not.

use serde_json::{Value, json};

use super::early::{Early, left};
use super::program::Program;
use super::start::{Ask, Started, start};
use crate::cache::Mode;
use crate::cli::Output;
use crate::client::{DOCTOR, Flight};
use crate::config::Config;
use crate::console::style::Role;
use crate::error::{Error, Result};
use crate::lang::{Lang, Text};
use crate::script::{Live, Stop};

/// The most the clock may be wrong, seconds: signatures are refused an hour off, tokens are kept by the clock.
const SKEW: f64 = 120.0;

/// One line.
struct Line {
    what: Text,
    found: Text,
    /// What is wrong; decides the exit code.
    wrong: Option<(u8, Vec<Text>)>,
}

impl Line {
    fn good(what: Text, found: Text) -> Self {
        Self { what, found, wrong: None }
    }

    fn bad(what: Text, error: &Error) -> Self {
        let found = error.texts();
        Self { what, found, wrong: Some((error.exit_code(), error.hints().to_vec())) }
    }
}

/// Checks everything; the exit code is that of the first thing that is wrong.
pub(super) fn run(program: &Program) -> Result<u8> {
    const CONFIGURATION: Text = Text::fixed("configuration", "配置");
    const MAIN: Text = Text::fixed("main.rhai", "main.rhai");
    let lines = match start(program, Ask::No) {
        Ok(started) => {
            let Started { config, profile, unconfigured, interpreter, .. } = started;
            checks(program, &config, &profile, unconfigured, interpreter.app().as_ref())
        }
        Err(Early::Error(error)) => vec![Line::bad(CONFIGURATION, &error)],
        Err(Early::Left { file, .. }) => vec![Line::bad(CONFIGURATION, &left(&file))],
        Err(Early::Failed { problem, .. }) => {
            let wrong = Some((problem.exit_code(), problem.hints));
            vec![Line { what: MAIN, found: problem.message, wrong }]
        }
    };
    for line in &lines {
        program.screen.result(&shown(program, line, program.screen.spoken.get()));
    }
    Ok(lines.iter().find_map(|line| line.wrong.as_ref()).map_or(0, |(code, _)| *code))
}

/// The same for a session that runs.
pub(super) fn lines(
    program: &Program,
    config: &Config,
    profile: &str,
    unconfigured: bool,
    live: &Live,
    lang: Lang,
) -> Vec<String> {
    let lines = checks(program, config, profile, unconfigured, Some(live));
    lines.iter().map(|line| shown(program, line, lang)).collect()
}

fn checks(
    program: &Program,
    config: &Config,
    profile: &str,
    unconfigured: bool,
    live: Option<&Live>,
) -> Vec<Line> {
    let mut lines = vec![configuration(config, profile, unconfigured)];
    if let Some(live) = live {
        let token = token(program, live);
        let skew = live.0.client.clock_skew();
        lines.push(token);
        lines.extend(skew.map(clock));
        lines.push(cache(live));
    }
    lines
}

fn configuration(config: &Config, profile: &str, unconfigured: bool) -> Line {
    let file = config.source.file.as_ref().map(|file| file.display().to_string());
    let found = match (file, unconfigured) {
        (Some(file), _) => {
            Text::made(format!("{file}, profile {profile}"), format!("{file}，配置方案 {profile}"))
        }
        (None, true) => Text::fixed(
            "none found, working on the sandbox; `dingraia config init` sets up your app",
            "未找到，正在使用沙盒；`dingraia config init` 可配置你的应用",
        ),
        (None, false) => Text::fixed("from the environment or main.rhai", "来自环境变量或 main.rhai"),
    };
    Line::good(Text::fixed("configuration", "配置"), found)
}

fn token(program: &Program, live: &Live) -> Line {
    let (stop, flight) = (Stop::default(), Flight::default());
    let checked = program.interrupts.during(&stop, || {
        program.bridge.evaluate(&stop, || program.bridge.wait(&flight, live.0.client.check_token(&flight)))
    });
    let what = Text::fixed("token", "令牌");
    match checked {
        Ok(()) => {
            let host = live.0.config.endpoints.api.clone();
            Line::good(what, Text::made(format!("given by {host}"), format!("由 {host} 颁发")))
        }
        Err(error) => Line::bad(what, &error),
    }
}

fn clock(skew: f64) -> Line {
    let what = Text::fixed("clock", "时钟");
    // A little less than nothing would be written as -0.
    let whole = skew.round() + 0.0;
    let found = Text::made(format!("{whole:+} s from the server's"), format!("与服务器相差 {whole:+} 秒"));
    if skew.abs() <= SKEW {
        return Line::good(what, found);
    }
    let hint = Text::fixed(
        "set this machine's clock (NTP): signatures depend on it",
        "请校准本机时钟（NTP）：签名依赖于它",
    );
    Line { what, found, wrong: Some((3, vec![hint])) }
}

fn cache(live: &Live) -> Line {
    let what = Text::fixed("cache", "缓存");
    let stats = live.0.cache.stats();
    let path = stats.path.map(|path| path.display().to_string()).unwrap_or_default();
    if let Some(problem) = stats.problem {
        let hint = Text::fixed(
            "the console works without it; nothing in the file is lost",
            "控制台可在没有它的情况下工作；文件内容不会丢失",
        );
        return Line { what, found: problem, wrong: Some((3, vec![hint])) };
    }
    if stats.mode == Mode::Memory {
        return Line::good(what, Text::fixed("in memory", "在内存中"));
    }
    match live.0.cache.check() {
        Ok(check) if check.complaints.is_empty() => {
            let size = check.bytes;
            Line::good(what, Text::made(format!("{path}, {size} bytes"), format!("{path}，{size} 字节")))
        }
        Ok(check) => {
            let found = check.complaints.join("; ");
            let hint = Text::fixed("move the file away; a new one is made", "请移走该文件；会新建一个");
            Line { what, found: Text::made(found.clone(), found), wrong: Some((3, vec![hint])) }
        }
        Err(error) => Line::bad(what, &error),
    }
}

fn shown(program: &Program, line: &Line, lang: Lang) -> String {
    let palette = program.show.renderer.palette;
    let hints = line.wrong.iter().flat_map(|(_, hints)| hints).filter(|hint| **hint != DOCTOR);
    if program.global.output == Some(Output::Json) {
        let hints: Value = hints.map(|hint| Value::from(hint.en.as_ref())).collect();
        return json!({ "check": line.what.en, "ok": line.wrong.is_none(), "found": line.found.en, "hints": hints }).to_string();
    }
    let mark = match line.wrong {
        None => palette.paint(Role::Text, "ok"),
        Some(_) => palette.paint(Role::Error, "!!"),
    };
    let head = format!("{mark}  {}: {}", line.what.get(lang), line.found.get(lang));
    hints.fold(head, |text, hint| format!("{text}\n    {}", palette.paint(Role::Hint, hint.get(lang))))
}
