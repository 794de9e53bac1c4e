//! `dingraia sandbox say|press|event|fault|state`: plays people in a sandbox that another process serves; and in that of the
//! console, `%as` and `%sandbox`.

use clap::Parser as _;
use clap::error::ErrorKind;
use serde_json::{Value, json};

use super::host::is_practice;
use super::note::{self, Served};
use super::program::Program;
use super::usage;
use crate::cli::{At, Cli, Command, Output, SandboxAction};
use crate::client::{Flight, innermost};
use crate::clock::Clock;
use crate::config::Bot;
use crate::console::host::Deed;
use crate::error::{Error, Kind, Result, Sent};
use crate::lang::{Lang, Text};
use crate::sandbox::{Sandbox, Seed};
use crate::script::{Interpreter, Stop};

/// Does what the command says.
pub(super) fn run(program: &Program, action: &SandboxAction) -> Result<u8> {
    let (at, asked) = asked(action)?;
    let shown = match asked {
        Asked::Names => Sandbox::wishes().join("\n"),
        Asked::Of(name, body) => {
            let answer = ask(program, &find(program, at)?, name, body)?;
            match program.global.output {
                Some(Output::Json) => answer.to_string(),
                _ => text(name, &answer, program.show.lang),
            }
        }
    };
    program.screen.result(&shown);
    Ok(0)
}

/// Does it in the sandbox of the console's `app`, which this process or another one serves.
pub(super) fn at_the_prompt(
    program: &Program,
    interpreter: &Interpreter,
    deed: &Deed,
    lang: Lang,
) -> Result<String> {
    let (url, asked) = match deed {
        Deed::Say(person, words) => {
            (None, Asked::Of("say", Some(json!({ "person": person, "words": words }))))
        }
        Deed::Words(words) => match read_words(words, lang)? {
            Read::Action(action) => {
                let (at, asked) = asked(&action)?;
                (at.url.clone(), asked)
            }
            Read::Help(help) => return Ok(help),
        },
    };
    let Asked::Of(name, body) = asked else { return Ok(Sandbox::wishes().join("\n")) };
    let served = match url {
        Some(url) => find(program, &At { url: Some(url) })?,
        None => of_app(interpreter)?,
    };
    if let Some(body) = body.as_ref().filter(|_| name == "say") {
        let words: Vec<String> = serde_json::from_value(body["words"].clone()).unwrap_or_default();
        program.practised.is_spoken(&served.api, body["person"].as_str().unwrap_or_default(), &words);
    }
    let answer = ask(program, &served, name, body)?;
    let mut told = text(name, &answer, lang);
    if answer["placed"]["to"] == "nobody" {
        let hint = Text::fixed("`%listen on` connects", "`%listen on` 可建立连接");
        told = format!("{told}; {}", hint.get(lang));
    }
    Ok(told)
}

/// What stands behind `%sandbox`.
enum Read {
    Action(SandboxAction),
    Help(String),
}

/// Reads the words as the shell's command line is read.
fn read_words(words: &[String], lang: Lang) -> Result<Read> {
    let line = ["dingraia", "sandbox"].into_iter().chain(words.iter().map(String::as_str));
    let error = match Cli::try_parse_from(line.clone()) {
        Ok(Cli { command: Some(Command::Sandbox { action }), .. }) => return Ok(Read::Action(action)),
        Ok(_) => {
            return Err(Error::new(Kind::Bug { problem: "`%sandbox` is read as another command".into() }));
        }
        Err(error) => error,
    };
    // The same words again, with the texts of the language.
    let error = match lang {
        Lang::En => error,
        Lang::Zh => usage::command(lang).try_get_matches_from(line).err().unwrap_or(error),
    };
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            Ok(Read::Help(usage::help_text(&error, lang, false).trim_end().to_owned()))
        }
        _ => Err(usage::wrong(&error)),
    }
}

/// The sandbox of an app.
fn of_app(interpreter: &Interpreter) -> Result<Served> {
    let live = interpreter.app().filter(is_practice);
    let app = live.as_ref().and_then(|live| Some((live, live.0.config.bot.as_ref()?.app()?)));
    let (live, (_, secret)) = app.ok_or_else(|| {
        Error::usage("`app` is not in the practice organisation", "`app` 不在沙盒中").hint(Text::fixed(
            "`dingraia --sandbox` opens a console on it",
            "用 `dingraia --sandbox` 打开沙盒控制台",
        ))
    })?;
    Ok(Served { api: live.0.config.endpoints.api.clone(), app_secret: secret.expose().to_owned() })
}

/// What a command asks the sandbox for.
enum Asked {
    /// Nothing: the names of the failures are known here.
    Names,
    /// This, with this body.
    Of(&'static str, Option<Value>),
}

fn asked(action: &SandboxAction) -> Result<(&At, Asked)> {
    let of = |name, body| Asked::Of(name, Some(body));
    Ok(match action {
        SandboxAction::Say { person, words, at } => {
            (at, of("say", json!({"person": person, "words": words})))
        }
        SandboxAction::Press { card, person, actions, at } => {
            (at, of("press", json!({"card": card, "person": person, "actions": actions})))
        }
        SandboxAction::Event { kind, data, at } => {
            let data: Value = serde_json::from_str(data).map_err(|error| {
                Error::usage(
                    format!("the payload is not JSON: {error}"),
                    format!("事件内容不是 JSON：{error}"),
                )
            })?;
            (at, of("event", json!({"type": kind, "data": data})))
        }
        SandboxAction::Fault { name: None, at, .. } => (at, Asked::Names),
        SandboxAction::Fault { name: Some(name), on, times, millis, status, at } => {
            let body = json!({"name": name, "on": on, "times": times, "millis": millis, "status": status});
            (at, of("fault", body))
        }
        SandboxAction::State { at } => (at, Asked::Of("state", None)),
        SandboxAction::Coverage | SandboxAction::Serve { .. } => {
            return Err(Error::usage("this is a command of the shell", "这是 shell 命令").hint(Text::fixed(
                "`dingraia sandbox serve` and `dingraia sandbox coverage`",
                "请在 shell 中运行 `dingraia sandbox serve` 或 `dingraia sandbox coverage`",
            )));
        }
    })
}

/// The sandbox that is meant: the one at `--url`, or the last that left a note.
fn find(program: &Program, at: &At) -> Result<Served> {
    let Some(url) = at.url.as_deref().map(|url| url.trim_end_matches('/')) else {
        return note::last(program).ok_or_else(|| {
            Error::usage("no sandbox is being served", "没有正在运行的沙盒").hint(Text::fixed(
                "start one with `dingraia sandbox serve`, or name its api address with `--url`",
                "用 `dingraia sandbox serve` 启动，或用 `--url` 指定其 api 地址",
            ))
        });
    };
    if let Some(noted) = note::at(program, url) {
        return Ok(noted);
    }
    let configured =
        program.load()?.config.bot.as_ref().and_then(Bot::app).map(|(_, secret)| secret.expose().to_owned());
    let app_secret = match configured {
        Some(secret) => secret,
        // The small organisation never changes.
        None => Sandbox::new(&Seed::Small, Clock::system())?.credentials().app_secret,
    };
    Ok(Served { api: url.to_owned(), app_secret })
}

/// One request to the sandbox's own door.
fn ask(program: &Program, served: &Served, name: &str, body: Option<Value>) -> Result<Value> {
    let url = format!("{}/sandbox/{name}", served.api);
    let parsed = url::Url::parse(&url)
        .map_err(|error| Error::setting(None, "--url", Text::made(error.to_string(), error.to_string())))?;
    // The secret goes nowhere else.
    let local = matches!(parsed.host(), Some(url::Host::Ipv4(ip)) if ip.is_loopback())
        || matches!(parsed.host(), Some(url::Host::Ipv6(ip)) if ip.is_loopback())
        || parsed.host_str() == Some("localhost");
    if !local {
        return Err(Error::usage("a sandbox is served on this machine only", "沙盒只在本机提供服务"));
    }
    let stop = Stop::default();
    let (status, answer) = program.interrupts.during(&stop, || {
        program
            .bridge
            .evaluate(&stop, || program.bridge.wait(&Flight::default(), post(&url, &served.app_secret, body)))
    })?;
    if status == 200 {
        return Ok(answer);
    }
    let said = |lang: &str| answer["error"][lang].as_str().unwrap_or("the sandbox refused").to_owned();
    let hints = |lang: &str| answer["hints"][lang][0].as_str().map(str::to_owned);
    let error = Error::usage(said("en"), said("zh"));
    Err(match (hints("en"), hints("zh")) {
        (Some(en), Some(zh)) => error.hint(Text::made(en, zh)),
        _ => error,
    })
}

async fn post(url: &str, secret: &str, body: Option<Value>) -> Result<(u16, Value)> {
    // Installed once for the process; a second try only says that it is there.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let network = |error: reqwest::Error| {
        let path = url.splitn(4, '/').nth(3).unwrap_or_default();
        let kind = Kind::Network {
            call: format!("{} /{path}", if body.is_some() { "POST" } else { "GET" }),
            host: url.split('/').nth(2).unwrap_or_default().into(),
            problem: innermost(&error),
            sent: if error.is_connect() { Sent::No } else { Sent::Unknown },
        };
        Error::new(kind).hint(Text::fixed("is it still being served?", "沙盒还在运行吗？"))
    };
    let client = reqwest::Client::builder().no_proxy().build().map_err(network)?;
    let request = match &body {
        Some(body) => client.post(url).json(body),
        None => client.get(url),
    };
    let response = request.header("x-sandbox-secret", secret).send().await.map_err(network)?;
    let status = response.status().as_u16();
    let text = response.text().await.map_err(network)?;
    Ok((status, serde_json::from_str(&text).unwrap_or_default()))
}

/// What a person is told.
fn text(name: &str, answer: &Value, lang: Lang) -> String {
    let told = match name {
        "fault" => {
            let strikes = &answer["strikes"];
            Text::made(format!("strikes {strikes}"), format!("影响 {strikes} 个"))
        }
        "state" => return serde_json::to_string_pretty(answer).unwrap_or_default(),
        _ => placed(&answer["placed"]),
    };
    let mut text = told.get(lang).to_owned();
    if let Some(outcome) = answer["push"]["outcome"].as_str() {
        let detail = answer["push"]["detail"].as_str().unwrap_or_default();
        text = format!("{text}: {outcome} {detail}").trim_end().to_owned();
    }
    text
}

fn placed(placed: &Value) -> Text {
    match placed["to"].as_str() {
        Some("connection") => Text::fixed("sent through a connection", "已通过 Stream 连接推送"),
        Some("address") => {
            let url = placed["url"].as_str().unwrap_or_default();
            Text::made(format!("sent to {url}"), format!("已推送到 {url}"))
        }
        Some("full") => Text::fixed("not sent: too much is waiting", "未推送：待推送的内容过多"),
        Some("not_mentioned") => Text::fixed("not sent: the robot was not mentioned", "未推送：没有 @机器人"),
        _ => Text::fixed("not sent: nobody is connected", "未推送：没有客户端连接"),
    }
}
