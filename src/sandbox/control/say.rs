//! `/sandbox/say`, `/sandbox/ask`, `/sandbox/flood`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::json;

use super::{Answer, Refused, placed};
use crate::sandbox::{Part, Said, Sandbox, Saying, Speech};

/// What somebody says, and where.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Say {
    person: String,
    #[serde(default)]
    group: Option<String>,
    /// Words as they stand on a command line: the first one is a group if one is called so and more follow.
    #[serde(default)]
    words: Vec<String>,
    #[serde(default = "text")]
    kind: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    parts: Vec<RichPart>,
    #[serde(default)]
    base64: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    millis: u64,
    #[serde(default)]
    recognition: String,
    #[serde(default = "yes")]
    to_robot: bool,
    #[serde(default)]
    mentions: Vec<String>,
    #[serde(default)]
    stranger: bool,
    #[serde(default)]
    delegate: Option<String>,
}

/// Words or a picture.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RichPart {
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    base64: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Ask {
    person: String,
    #[serde(default)]
    group: Option<String>,
    text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Flood {
    person: String,
    #[serde(default)]
    group: Option<String>,
    text: String,
    count: usize,
    #[serde(default)]
    per_second: Option<u32>,
}

fn text() -> String {
    "text".into()
}

fn yes() -> bool {
    true
}

pub(super) fn say(sandbox: &Sandbox, mut request: Say) -> Answer {
    if !request.words.is_empty() {
        let mut words = std::mem::take(&mut request.words);
        if request.group.is_none() && words.len() > 1 && sandbox.is_group(&words[0]) {
            request.group = Some(words.remove(0));
        }
        request.text = words.join(" ");
    }
    let saying = Saying {
        to_robot: request.to_robot,
        mentions: std::mem::take(&mut request.mentions),
        stranger: request.stranger,
        delegate: request.delegate.take(),
        ..Saying::from(speech(&request)?)
    };
    Ok(shown(&sandbox.say(&request.person, request.group.as_deref(), saying)?))
}

pub(super) fn ask(sandbox: &Sandbox, request: Ask) -> Answer {
    let Ask { person, group, text } = request;
    Ok(shown(&sandbox.ask(&person, group.as_deref(), &text)?))
}

pub(super) async fn flood(sandbox: &Sandbox, request: Flood) -> Answer {
    let Flood { person, group, text, count, per_second } = request;
    sandbox.flood(&person, group.as_deref(), text, count, per_second).await?;
    Ok(json!({"said": count}))
}

fn shown(said: &Said) -> serde_json::Value {
    json!({"payload": said.payload, "placed": placed(said.placed.as_ref())})
}

fn speech(request: &Say) -> Result<Speech, Refused> {
    let bytes = || decode(&request.base64);
    let needed = |text: &str, name: &str| {
        if text.is_empty() {
            Err(Refused::Body(format!("`{name}` is missing")))
        } else {
            Ok(text.to_string())
        }
    };
    Ok(match request.kind.as_str() {
        "text" => Speech::Text(needed(&request.text, "text")?),
        "richText" => Speech::Rich(request.parts.iter().map(part).collect::<Result<_, _>>()?),
        "picture" => Speech::Picture(bytes()?),
        "audio" => Speech::Audio {
            bytes: bytes()?,
            millis: request.millis,
            recognition: request.recognition.clone(),
        },
        "video" => Speech::Video { bytes: bytes()?, millis: request.millis, format: "mp4".into() },
        "file" => Speech::File { name: needed(&request.name, "name")?, bytes: bytes()? },
        "unknown" => Speech::Unknown(needed(&request.name, "name")?),
        "quota_spent" => Speech::QuotaSpent,
        other => return Err(Refused::Body(format!("nothing of kind `{other}` can be said"))),
    })
}

fn part(part: &RichPart) -> Result<Part, Refused> {
    match (&part.text, &part.base64) {
        (Some(text), None) => Ok(Part::Text(text.clone())),
        (None, Some(base64)) => Ok(Part::Picture(decode(base64)?)),
        _ => Err(Refused::Body("a part needs either text or base64".into())),
    }
}

fn decode(base64: &str) -> Result<Vec<u8>, Refused> {
    STANDARD.decode(base64).map_err(|error| Refused::Body(format!("`base64`: {error}")))
}
