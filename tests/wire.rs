//! What goes over the wire, against requests written by hand from DingTalk's documentation (`tests/wire/*.json`).

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use dingraia::api::methods;
use dingraia::config::{Config, Origin};
use dingraia::sandbox::Recorded;
use dingraia::spec::{Form, On};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::support::World;

/// One case of a file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    pub name: String,
    #[serde(default)]
    pub setup: String,
    pub call: String,
    #[serde(default)]
    config: Map<String, Value>,
    #[serde(default)]
    files: Vec<File>,
    pub requests: Vec<Request>,
    source: String,
    #[serde(default)]
    pub fails: Option<String>,
}

/// A file that a case needs: one of its kind, or so many bytes.
#[derive(Deserialize)]
#[serde(untagged)]
enum File {
    Named(String),
    Sized { name: String, size: usize },
}

/// One request that must go out.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    pub verb: String,
    pub host: String,
    pub path: String,
    token: String,
    #[serde(default)]
    query: Map<String, Value>,
    #[serde(default)]
    body: Value,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/wire")
}

fn cases(file: &Path) -> Vec<Case> {
    let text = fs::read_to_string(file).unwrap();
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

fn files() -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// Every case, with the method whose file it stands in.
pub fn all_cases() -> Vec<(String, Case)> {
    let topic = |file: &Path| file.file_stem().unwrap().to_string_lossy().into_owned();
    files().iter().flat_map(|file| cases(file).into_iter().map(|case| (topic(file), case))).collect()
}

impl Case {
    /// A world as the case needs it; `change` has the last word on its configuration.
    pub fn world(&self, change: impl FnOnce(&mut Config)) -> Result<World, String> {
        self.world_after(None, change)
    }

    /// The same with the interpreter of a world that is over.
    pub fn world_after(&self, old: Option<World>, change: impl FnOnce(&mut Config)) -> Result<World, String> {
        let over =
            Config::from_fields(self.config.clone(), &Origin::Script).map_err(|error| error.to_string())?;
        let set = |config: &mut Config| {
            config.group_api = over.group_api;
            config.raise_for_api_error = over.raise_for_api_error;
            config.stream = over.stream;
            change(config);
        };
        let world = match old {
            Some(old) => World::after(old, set),
            None => World::with(set),
        };
        for file in &self.files {
            match file {
                File::Named(name) => world.file(name, crate::support::fixture(name)),
                File::Sized { name, size } => world.file(name, vec![0; *size]),
            };
        }
        Ok(world)
    }

    /// True when it brings a token of its own.
    pub fn has_token(&self) -> bool {
        [&self.setup, &self.call].iter().any(|script| script.contains("{token}"))
    }

    /// Setup and call with their placeholders filled in for `world`.
    pub fn scripts(&self, world: &World) -> (String, String) {
        let folder = world.folder.path().to_string_lossy();
        let oapi = &world.session.config.endpoints.oapi;
        let token = if self.has_token() { token(world) } else { String::new() };
        let here = |script: &str| {
            script.replace("{token}", &token).replace("{dir}", &folder).replace("{oapi}", oapi)
        };
        (here(&self.setup), here(&self.call))
    }
}

/// Every request of every case, exactly.
#[test]
fn requests_are_as_documented() {
    let mut wrong = Vec::new();
    let mut tried = 0;
    for (topic, case) in all_cases() {
        tried += 1;
        if let Err(problem) = run(&case) {
            wrong.push(format!("{topic}, {}: {problem}\n    ({})", case.name, case.source));
        }
    }
    println!("{tried} cases, {} wrong", wrong.len());
    assert!(wrong.is_empty(), "{} of {tried} cases are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// A row that makes calls has at least one case.
#[test]
fn every_row_with_a_call_has_a_case() {
    let written: BTreeSet<String> =
        files().iter().map(|file| file.file_stem().unwrap().to_string_lossy().into_owned()).collect();
    let rows = methods().filter(|method| method.on == On::App && method.form != Form::Local);
    let missing: Vec<&str> = rows.map(|method| method.name).filter(|name| !written.contains(*name)).collect();
    assert!(missing.is_empty(), "no tests/wire/NAME.json for {missing:?}");
}

fn run(case: &Case) -> Result<(), String> {
    let mut world = case.world(|_| {})?;
    let (setup, call) = case.scripts(&world);
    if !setup.is_empty() {
        let ran = world.run(&setup);
        if !ran.is_value() {
            return Err(format!("the setup failed: {}", ran.problem().message.en));
        }
    }
    let before = world.sandbox.requests().len();
    let ran = world.run(&call);
    match (&case.fails, ran.is_value()) {
        (None, true) => {}
        (None, false) => return Err(ran.problem().message.en.to_string()),
        (Some(kind), true) => return Err(format!("it did not fail with {kind}")),
        (Some(kind), false) => {
            let found = ran.problem().error.as_ref().map_or("script", |error| error.kind_name());
            // DingTalk's no has several classes; which one is a matter of the code.
            let refused = ["refused", "permission", "token", "quota", "rate", "server"];
            let fits = found == kind || (kind == "refused" && refused.contains(&found));
            if !fits {
                return Err(format!("failed with {found}, not {kind}: {}", ran.problem().message.en));
            }
        }
    }
    let requests = world.sandbox.requests();
    let sent: Vec<&Recorded> = requests[before..].iter().filter(|request| !is_token_call(request)).collect();
    compare(&case.requests, &sent)
}

/// A token of the app, asked for beside the program.
fn token(world: &World) -> String {
    let config = &world.session.config;
    let (key, secret) = config.bot.as_ref().and_then(dingraia::config::Bot::app).unwrap();
    let url = format!("{}/v1.0/oauth2/accessToken", config.endpoints.api);
    let body = json!({ "appKey": key, "appSecret": secret.expose() });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let answer = reqwest::Client::new().post(url).json(&body).send().await.unwrap();
        let answer: Value = answer.json().await.unwrap();
        answer["accessToken"].as_str().unwrap().to_owned()
    })
}

fn is_token_call(request: &Recorded) -> bool {
    request.path == "/v1.0/oauth2/accessToken" || request.path == "/gettoken"
}

fn compare(expected: &[Request], sent: &[&Recorded]) -> Result<(), String> {
    for (number, (want, got)) in expected.iter().zip(sent).enumerate() {
        let head = format!("request {}", number + 1);
        let wanted = (want.verb.as_str(), want.host.as_str(), want.path.as_str(), want.token.as_str());
        // A custom robot's address carries its own token, which is not the app's.
        let token = if got.path == "/robot/send" { "none" } else { got.token };
        let found = (got.method.as_str(), got.host, got.path.as_str(), token);
        if wanted != found {
            return Err(format!("{head} is {found:?}, not {wanted:?}"));
        }
        let query: Map<String, Value> = got
            .query
            .iter()
            .filter(|(name, _)| !(name == "access_token" && want.token == "query"))
            .map(|(name, value)| (name.clone(), Value::from(value.clone())))
            .collect();
        same(&Value::Object(want.query.clone()), &Value::Object(query))
            .map_err(|at| format!("{head}, query{at}"))?;
        let body = if want.body.is_null() { &json!(null) } else { &want.body };
        same(body, &got.body).map_err(|at| format!("{head}, body{at}"))?;
    }
    if expected.len() != sent.len() {
        let paths: Vec<&str> = sent.iter().map(|request| request.path.as_str()).collect();
        return Err(format!("{} requests, not {}: {paths:?}", sent.len(), expected.len()));
    }
    Ok(())
}

/// Compares with the placeholders in mind; the error is the place and what is wrong there.
fn same(want: &Value, got: &Value) -> Result<(), String> {
    match (want, got) {
        (Value::String(mark), got) if mark.starts_with('<') && mark.ends_with('>') => placeholder(mark, got),
        (Value::Object(want), got) if want.len() == 1 && want.contains_key("<json>") => {
            let parsed = got.as_str().and_then(|text| serde_json::from_str(text).ok());
            let parsed: Value = parsed.ok_or_else(|| format!(": {got} is not JSON text"))?;
            same(&want["<json>"], &parsed)
        }
        (Value::Object(want), got) if want.len() == 1 && want.contains_key("<multipart>") => {
            let mut got = got.clone();
            if let Some(media) = got.get_mut("media").and_then(Value::as_object_mut) {
                media.retain(|name, _| name == "filename" || name == "content_type");
            }
            same(&want["<multipart>"], &got)
        }
        (Value::Object(want), Value::Object(got)) => {
            for (key, value) in want {
                let found = got.get(key).ok_or_else(|| format!(".{key}: missing"))?;
                same(value, found).map_err(|at| format!(".{key}{at}"))?;
            }
            match got.keys().find(|key| !want.contains_key(*key)) {
                Some(extra) => Err(format!(".{extra}: not expected, {}", got[extra])),
                None => Ok(()),
            }
        }
        (Value::Array(want), Value::Array(got)) if want.len() == got.len() => want
            .iter()
            .zip(got)
            .enumerate()
            .try_for_each(|(index, (want, got))| same(want, got).map_err(|at| format!("[{index}]{at}"))),
        (want, got) if want == got => Ok(()),
        (want, got) => Err(format!(": {got}, not {want}")),
    }
}

fn placeholder(mark: &str, got: &Value) -> Result<(), String> {
    let text = got.as_str().map_or_else(|| got.to_string(), str::to_owned);
    let inner = &mark[1..mark.len() - 1];
    let fits = match inner.split_once(':') {
        Some(("text", prefix)) => text.starts_with(prefix),
        _ => match inner {
            "uuid" => text.len() == 36 && text.split('-').map(str::len).eq([8, 4, 4, 4, 12]),
            "ms" => text.len() == 13 && text.bytes().all(|b| b.is_ascii_digit()),
            "mediaId" => text.starts_with(['@', '$']),
            _ => return Err(format!(": unknown placeholder {mark}")),
        },
    };
    if fits { Ok(()) } else { Err(format!(": {got} is not {mark}")) }
}
