//! `dingraia sandbox say|press|event|fault|state`: plays people in a sandbox that another process serves.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::program::Program;
use crate::cli::{At, Output, SandboxAction};
use crate::client::Flight;
use crate::clock::Clock;
use crate::config::{Bot, Endpoints, Existing, write_private};
use crate::error::{Error, Kind, Result, Sent};
use crate::lang::{Lang, Text};
use crate::sandbox::{Credentials, Sandbox, Seed};
use crate::script::Stop;

/// What `sandbox serve` leaves for the other commands; it is taken away when the serving ends.
pub(super) struct Note {
    path: PathBuf,
    served: Served,
}

/// Where a sandbox is served, and the secret of its door.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Served {
    api: String,
    app_secret: String,
}

impl Note {
    /// Leaves the note; nothing where there is no place for it.
    pub(super) fn leave(program: &Program, credentials: &Credentials, endpoints: &Endpoints) -> Option<Self> {
        let path = place(program)?;
        let served = Served { api: endpoints.api.clone(), app_secret: credentials.app_secret.clone() };
        let text = serde_json::to_string(&served).ok()?;
        match write_private(&path, &text, Existing::Replace) {
            Ok(()) => Some(Self { path, served }),
            Err(error) => {
                // It serves all the same; whoever plays has to say where.
                program.note(&error.text(program.show.lang));
                None
            }
        }
    }
}

impl Drop for Note {
    fn drop(&mut self) {
        // A later one may have taken its place.
        if read(&self.path).as_ref() == Some(&self.served) {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

fn place(program: &Program) -> Option<PathBuf> {
    program.env.paths().state_dir.as_ref().map(|dir| dir.join("sandbox.json"))
}

fn read(path: &Path) -> Option<Served> {
    serde_json::from_str(&std::fs::read_to_string(path).ok()?).ok()
}

/// Does what the command says.
pub(super) fn run(program: &Program, action: &SandboxAction) -> Result<u8> {
    let (at, name, body) = match action {
        SandboxAction::Say { person, words, at } => {
            (at, "say", Some(json!({"person": person, "words": words})))
        }
        SandboxAction::Press { card, person, actions, at } => {
            (at, "press", Some(json!({"card": card, "person": person, "actions": actions})))
        }
        SandboxAction::Event { kind, data, at } => {
            let data: Value = serde_json::from_str(data).map_err(|error| {
                Error::usage(
                    format!("the payload is not JSON: {error}"),
                    format!("事件内容不是 JSON：{error}"),
                )
            })?;
            (at, "event", Some(json!({"type": kind, "data": data})))
        }
        SandboxAction::Fault { name: None, .. } => {
            program.screen.result(&Sandbox::wishes().join("\n"));
            return Ok(0);
        }
        SandboxAction::Fault { name: Some(name), on, times, millis, status, at } => (
            at,
            "fault",
            Some(json!({"name": name, "on": on, "times": times, "millis": millis, "status": status})),
        ),
        SandboxAction::State { at } => (at, "state", None),
        SandboxAction::Coverage | SandboxAction::Serve { .. } => {
            return Err(Error::new(Kind::Bug { problem: "not a command for people".into() }));
        }
    };
    let served = find(program, at)?;
    let answer = ask(program, &served, name, body)?;
    let shown = match program.global.output {
        Some(Output::Json) => answer.to_string(),
        _ => text(name, &answer, program.show.lang),
    };
    program.screen.result(&shown);
    Ok(0)
}

/// The sandbox that is meant: the one at `--url`, or the one that left a note.
fn find(program: &Program, at: &At) -> Result<Served> {
    let noted = place(program).as_deref().and_then(read);
    let Some(url) = at.url.as_deref().map(|url| url.trim_end_matches('/')) else {
        return noted.ok_or_else(|| {
            Error::usage("no sandbox is being served", "没有正在运行的沙盒").hint(Text::fixed(
                "start one with `dingraia sandbox serve`, or name its api address with `--url`",
                "用 `dingraia sandbox serve` 启动，或用 `--url` 指定其 api 地址",
            ))
        });
    };
    if let Some(noted) = noted.filter(|noted| noted.api == url) {
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
        let problem = error.without_url().to_string();
        let kind = Kind::Network {
            call: "the sandbox".into(),
            host: url.split('/').nth(2).unwrap_or_default().into(),
            problem,
            sent: Sent::Unknown,
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
