//! The types of parameters: each brings its kind and its check.

use serde_json::Value;

use super::{Arg, FromArg, Mismatch, Object};
use crate::lang::Text;
use crate::model::{AccessToken, Group, Member, Webhook};
use crate::secret::Secret;
use crate::spec::Kind;

impl FromArg for String {
    const KIND: Kind = Kind::Text;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        match arg {
            Arg::Text(text) => Ok(text),
            other => Err(Mismatch::of(&other)),
        }
    }
}

impl FromArg for i64 {
    const KIND: Kind = Kind::Int;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        match arg {
            Arg::Int(value) => Ok(value),
            other => Err(Mismatch::of(&other)),
        }
    }
}

/// A JSON object.
impl FromArg for serde_json::Map<String, Value> {
    const KIND: Kind = Kind::Map;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        match arg.to_json() {
            Value::Object(map) => Ok(map),
            _ => Err(Mismatch::of(&arg)),
        }
    }
}

/// A person: the staffId, or what is known of a Member without one.
#[derive(Debug, Clone)]
pub struct UserId(pub Member);

impl FromArg for UserId {
    const KIND: Kind = Kind::User;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        match arg {
            Arg::Text(id) => staff_id(&id).map(|()| Self(Member::staff(id))),
            Arg::Object(Object::Member(member)) => {
                let member = member.read().clone();
                if member == Member::default() {
                    let expected = Text::fixed("a Member with a staffId", "带有 staffId 的 Member");
                    return Err(Mismatch::Value(expected, "an empty Member".into()));
                }
                member_id(&member)?;
                Ok(Self(member))
            }
            other => Err(Mismatch::of(&other)),
        }
    }
}

/// Refuses what cannot be a staffId: a unionId or a conversation id in its place is a common mistake.
fn staff_id(id: &str) -> Result<(), Mismatch> {
    let length = id.chars().count();
    let problem = if length == 0 || length > 64 {
        Some(("a staffId of 1 to 64 characters", "1 到 64 个字符的 staffId"))
    } else if id.ends_with("iEiE") {
        Some(("a staffId; this looks like a unionId", " staffId，这看起来是 unionId"))
    } else if id.starts_with("cid") && id.ends_with('=') {
        Some(("a staffId; this looks like a conversation id", " staffId，这看起来是会话 ID"))
    } else {
        None
    };
    match problem {
        Some((en, zh)) => Err(Mismatch::Value(Text::fixed(en, zh), Arg::Text(id.to_owned()).describe())),
        None => Ok(()),
    }
}

/// As [`staff_id`], for the staffId that a Member carries.
pub(super) fn member_id(member: &Member) -> Result<(), Mismatch> {
    if member.staff_id.is_empty() { Ok(()) } else { staff_id(&member.staff_id) }
}

/// A department's number.
#[derive(Debug, Clone, Copy)]
pub struct DeptId(pub i64);

impl FromArg for DeptId {
    const KIND: Kind = Kind::Dept;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        let number = match &arg {
            Arg::Int(value) => Some(*value),
            Arg::Text(text) => text.trim().parse().ok(),
            _ => None,
        };
        number.filter(|id| *id > 0).map(Self).ok_or_else(|| Mismatch::of(&arg))
    }
}

/// A conversation: its openConversationId, or a Group that the cache may know.
#[derive(Debug, Clone)]
pub struct ConversationId(pub Group);

impl FromArg for ConversationId {
    const KIND: Kind = Kind::Conversation;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        let by_id = |id: String| Group { conversation_id: id, ..Group::default() };
        match arg {
            Arg::Text(id) if id.starts_with("cid") => Ok(Self(by_id(id))),
            Arg::Object(Object::Conversation(id)) => Ok(Self(by_id(id.id))),
            Arg::Object(Object::Group(group)) => Ok(Self(group.read().clone())),
            other => Err(Mismatch::of(&other)),
        }
    }
}

/// A switch: `true`/`false`, 1/0, "1"/"0".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flag(pub bool);

impl FromArg for Flag {
    const KIND: Kind = Kind::Flag;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        match &arg {
            Arg::Bool(value) => Ok(Self(*value)),
            Arg::Int(0) => Ok(Self(false)),
            Arg::Int(1) => Ok(Self(true)),
            Arg::Text(text) if text == "0" || text == "false" => Ok(Self(false)),
            Arg::Text(text) if text == "1" || text == "true" => Ok(Self(true)),
            other => Err(Mismatch::of(other)),
        }
    }
}

/// A language of names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Language(pub &'static str);

impl FromArg for Language {
    const KIND: Kind = Kind::Lang;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        match &arg {
            Arg::Text(text) if text == "zh_CN" => Ok(Self("zh_CN")),
            Arg::Text(text) if text == "en_US" => Ok(Self("en_US")),
            other => Err(Mismatch::of(other)),
        }
    }
}

/// A number of seconds.
#[derive(Debug, Clone, Copy)]
pub struct Seconds(pub f64);

impl FromArg for Seconds {
    const KIND: Kind = Kind::Seconds;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        let number = match arg {
            Arg::Int(value) => value as f64,
            Arg::Float(value) => value,
            _ => -1.0,
        };
        if number.is_finite() && number >= 0.0 { Ok(Self(number)) } else { Err(Mismatch::of(&arg)) }
    }
}

/// One text or several.
#[derive(Debug, Clone)]
pub struct Texts(pub Vec<String>);

impl FromArg for Texts {
    const KIND: Kind = Kind::Texts;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        let items = match arg {
            Arg::List(items) => items,
            one => vec![one],
        };
        items.into_iter().map(String::from_arg).collect::<Result<_, _>>().map(Self)
    }
}

/// A token for one call.
#[derive(Debug, Clone)]
pub struct Token(pub Secret);

impl FromArg for Token {
    const KIND: Kind = Kind::Token;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        match arg {
            Arg::Text(text) if !text.is_empty() => Ok(Self(Secret::new(text))),
            Arg::Object(Object::Token(AccessToken { token, .. })) => Ok(Self(token)),
            // What was given may be a secret: it is not repeated.
            Arg::Text(_) => Err(Mismatch::Kind("an empty text".into())),
            other => Err(Mismatch::of(&other)),
        }
    }
}

/// A path on a host of DingTalk. A whole address is refused: the token must not leave for another host.
#[derive(Debug, Clone)]
pub struct Path(pub String);

impl FromArg for Path {
    const KIND: Kind = Kind::Path;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        match arg {
            Arg::Text(path) if !path.starts_with('/') || path.contains('#') => {
                Err(Mismatch::of(&Arg::Text(path)))
            }
            Arg::Text(path) if is_plain(&path) => Ok(Self(path)),
            Arg::Text(path) => {
                let expected = Text::fixed(
                    "a path in its plain form: no empty or dot segments, nothing behind the last `/`, no letters written as %xx",
                    "规范形式的路径：不含空段或点段，不以 `/` 结尾，不用 %xx 表示普通字符",
                );
                Err(Mismatch::Value(expected, Arg::Text(path).describe()))
            }
            other => Err(Mismatch::of(&other)),
        }
    }
}

/// What a request does is told by its path, so a path has one form: the one that a server would make of any other.
fn is_plain(path: &str) -> bool {
    let (path, _) = path.split_once('?').unwrap_or((path, ""));
    let mut segments = path.split('/').skip(1);
    let is_sound = |text: &str| !text.contains(|c: char| c == '\\' || c.is_control());
    is_sound(path) && !hides_letters(path) && segments.all(|part| !matches!(part, "" | "." | ".."))
}

/// Whether something is written as `%xx` that needs not be, or a `%` begins nothing.
fn hides_letters(path: &str) -> bool {
    path.split('%').skip(1).any(|rest| {
        let code = rest.get(..2).and_then(|hex| u8::from_str_radix(hex, 16).ok());
        code.is_none_or(|byte| {
            byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) || byte.is_ascii_control()
        })
    })
}

impl FromArg for Webhook {
    const KIND: Kind = Kind::Object("Webhook");

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        match arg {
            Arg::Object(Object::Webhook(webhook)) => Ok(webhook),
            other => Err(Mismatch::of(&other)),
        }
    }
}

/// A point in time in Unix seconds or milliseconds.
#[derive(Debug, Clone, Copy)]
pub struct Time(pub f64);

impl FromArg for Time {
    const KIND: Kind = Kind::Time;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        Seconds::from_arg(arg).map(|seconds| Self(seconds.0))
    }
}
