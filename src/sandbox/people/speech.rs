//! What people say, and how it looks in the payload of a message
//! (<https://open.dingtalk.com/document/orgapp/the-robot-receives-a-message>).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

use crate::clock::Clock;
use crate::sandbox::state::State;

/// What somebody says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Speech {
    /// Words.
    Text(String),
    /// Words and pictures.
    Rich(Vec<Part>),
    /// A picture: its bytes.
    Picture(Vec<u8>),
    /// A recording, to the robot alone.
    Audio {
        /// Its bytes.
        bytes: Vec<u8>,
        /// Its length in milliseconds.
        millis: u64,
        /// What DingTalk heard in it.
        recognition: String,
    },
    /// A film, to the robot alone.
    Video {
        /// Its bytes.
        bytes: Vec<u8>,
        /// Its length in milliseconds.
        millis: u64,
        /// Its format, as `mp4`.
        format: String,
    },
    /// A file, to the robot alone.
    File {
        /// Its name.
        name: String,
        /// Its bytes.
        bytes: Vec<u8>,
    },
    /// Something that robots do not get to see, with its name.
    Unknown(String),
    /// Words that do not arrive, because the month's quota is spent.
    QuotaSpent,
}

/// A part of [`Speech::Rich`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Words.
    Text(String),
    /// A picture: its bytes.
    Picture(Vec<u8>),
}

/// Something that is said, and to whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saying {
    /// What.
    pub speech: Speech,
    /// Whether the robot is mentioned: what is said in a group without that does not reach it.
    pub to_robot: bool,
    /// Who else is mentioned, by userId or name.
    pub mentions: Vec<String>,
    /// The speaker is not in the organisation; the name is all that is known.
    pub stranger: bool,
    /// For whom the robot answers, by userId or name: the message goes to the topic of delegated messages.
    pub delegate: Option<String>,
}

impl Saying {
    /// Mentions people.
    #[must_use]
    pub fn mentioning(mut self, people: &[&str]) -> Self {
        self.mentions.extend(people.iter().map(ToString::to_string));
        self
    }

    /// Does not mention the robot.
    #[must_use]
    pub fn not_to_robot(mut self) -> Self {
        self.to_robot = false;
        self
    }

    /// Is said by somebody from outside.
    #[must_use]
    pub fn by_a_stranger(mut self) -> Self {
        self.stranger = true;
        self
    }

    /// Is said to a person for whom the robot answers.
    #[must_use]
    pub fn to_the_delegate_of(mut self, person: &str) -> Self {
        self.delegate = Some(person.into());
        self
    }
}

impl From<Speech> for Saying {
    fn from(speech: Speech) -> Self {
        Self { speech, to_robot: true, mentions: Vec::new(), stranger: false, delegate: None }
    }
}

impl From<&str> for Saying {
    fn from(text: &str) -> Self {
        Speech::Text(text.into()).into()
    }
}

impl From<String> for Saying {
    fn from(text: String) -> Self {
        Speech::Text(text).into()
    }
}

impl Speech {
    /// Whether it can be said to the robot alone only.
    pub(super) fn is_private(&self) -> bool {
        matches!(self, Self::Audio { .. } | Self::Video { .. } | Self::File { .. })
    }

    /// Writes `msgtype` and what belongs to it; files become fetchable.
    pub(super) fn fill(&self, payload: &mut Map<String, Value>, in_group: bool, world: (&State, &Clock)) {
        let keep = |kind, bytes: &[u8]| keep(world, kind, bytes);
        let (kind, content) = match self {
            Self::QuotaSpent => {
                payload.insert("errorCode".into(), "20001".into());
                payload.insert("errorMessage".into(), "quota exceeded".into());
                payload.insert("msgtype".into(), "text".into());
                return;
            }
            Self::Text(text) => {
                // What is left of the mention is a blank.
                let text = if in_group { format!(" {text}") } else { text.clone() };
                payload.insert("text".into(), json!({"content": text}));
                payload.insert("msgtype".into(), "text".into());
                return;
            }
            Self::Rich(parts) => {
                let parts: Vec<Value> = parts.iter().map(|part| rich(world, part)).collect();
                ("richText", json!({"richText": parts}))
            }
            Self::Picture(bytes) => ("picture", picture(world, bytes)),
            Self::Audio { bytes, millis, recognition } => (
                "audio",
                json!({"duration": millis, "downloadCode": keep("aud", bytes), "recognition": recognition}),
            ),
            Self::Video { bytes, millis, format } => (
                "video",
                json!({"duration": millis, "videoType": format, "downloadCode": keep("vid", bytes)}),
            ),
            Self::File { name, bytes } => (
                "file",
                json!({
                    "spaceId": number(world.1), "fileName": name, "downloadCode": keep("fil", bytes),
                    "fileId": number(world.1),
                }),
            ),
            Self::Unknown(name) => ("unknownMsgType", json!({"unknownMsgType": name})),
        };
        payload.insert("content".into(), content);
        payload.insert("msgtype".into(), kind.into());
    }
}

fn rich(world: (&State, &Clock), part: &Part) -> Value {
    match part {
        Part::Text(text) => json!({"text": text}),
        Part::Picture(bytes) => {
            let mut part = picture(world, bytes);
            part["type"] = "picture".into();
            part
        }
    }
}

/// A picture has two codes for the same bytes.
fn picture((state, clock): (&State, &Clock), bytes: &[u8]) -> Value {
    let (code, picture_code) = (code(clock, "mIof", "pic"), code(clock, "pIof", "pic"));
    state.files.write().keep(vec![code.clone(), picture_code.clone()], bytes.to_vec());
    json!({"downloadCode": code, "pictureDownloadCode": picture_code})
}

fn keep((state, clock): (&State, &Clock), kind: &str, bytes: &[u8]) -> String {
    let code = code(clock, "mIof", kind);
    state.files.write().keep(vec![code.clone()], bytes.to_vec());
    code
}

fn code(clock: &Clock, head: &str, kind: &str) -> String {
    let mut bytes = [0; 12];
    clock.random(&mut bytes);
    format!("{head}{}_{kind}", URL_SAFE_NO_PAD.encode(bytes))
}

fn number(clock: &Clock) -> String {
    let mut bytes = [0; 4];
    clock.random(&mut bytes);
    format!("{:011}", u32::from_le_bytes(bytes))
}
