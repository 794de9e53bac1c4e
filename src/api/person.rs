//! The types of a person's fields.

use jiff::civil;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use super::{Arg, DeptId, FromArg, Mismatch, Object, UserId};
use crate::lang::Text;
use crate::model::{AccessToken, Member, Shared};
use crate::spec::Kind;

/// The most departments of a person.
const MAX_DEPTS: usize = 100;

/// The most characters of a person's name.
const MAX_NAME: usize = 80;

/// A person's name.
#[derive(Debug, Clone)]
pub struct PersonName(pub String);

impl FromArg for PersonName {
    const KIND: Kind = Kind::Name;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        match arg {
            Arg::Text(text) if (1..=MAX_NAME).contains(&text.chars().count()) => Ok(Self(text)),
            Arg::Text(text) => Err(Mismatch::Kind(format!("{} characters", text.chars().count()))),
            other => Err(Mismatch::of(&other)),
        }
    }
}

/// A kind of mail account.
#[derive(Debug, Clone)]
pub struct MailType(pub String);

impl FromArg for MailType {
    const KIND: Kind = Kind::MailType;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        match arg {
            Arg::Text(text) if Self::KIND.choices().contains(&text.as_str()) => Ok(Self(text)),
            other => Err(Mismatch::of(&other)),
        }
    }
}

/// The voice of a telephone DING.
#[derive(Debug, Clone)]
pub struct Voice(pub String);

impl FromArg for Voice {
    const KIND: Kind = Kind::Voice;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        match arg {
            Arg::Text(text) if Self::KIND.choices().contains(&text.as_str()) => Ok(Self(text)),
            other => Err(Mismatch::of(&other)),
        }
    }
}

/// Departments, joined by commas as the address book wants them.
#[derive(Debug, Clone)]
pub struct DeptIds(pub String);

impl FromArg for DeptIds {
    const KIND: Kind = Kind::Depts;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        let items = match arg {
            Arg::List(items) if items.is_empty() => return Err(Mismatch::Kind("an empty list".into())),
            Arg::List(items) => items,
            Arg::Text(text) => text.split(',').map(|part| Arg::Text(part.to_owned())).collect(),
            one => vec![one],
        };
        let ids = items.into_iter().map(|item| DeptId::from_arg(item).map(|id| id.0.to_string()));
        let ids = ids.collect::<Result<Vec<_>, _>>()?;
        if ids.len() > MAX_DEPTS {
            let expected = Text::fixed("at most 100 departments", "最多 100 个部门");
            return Err(Mismatch::Value(expected, ids.len().to_string()));
        }
        Ok(Self(ids.join(",")))
    }
}

/// JSON as text: a map is written down, a text must be JSON already.
#[derive(Debug, Clone)]
pub struct JsonText(pub String);

impl FromArg for JsonText {
    const KIND: Kind = Kind::Json;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        match &arg {
            Arg::Map(_) => Ok(Self(arg.to_json().to_string())),
            Arg::Text(text) if serde_json::from_str::<Map<String, Value>>(text).is_ok() => {
                Ok(Self(text.clone()))
            }
            other => Err(Mismatch::of(other)),
        }
    }
}

/// A day as Unix milliseconds of its local midnight.
#[derive(Debug, Clone, Copy)]
pub struct Date(pub i64);

impl FromArg for Date {
    const KIND: Kind = Kind::Date;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        let millis = match &arg {
            Arg::Int(millis) if *millis > 0 => Some(*millis),
            Arg::Text(text) => text.parse::<civil::Date>().ok().and_then(|day| {
                day.to_zoned(TimeZone::system()).ok().map(|at| at.timestamp().as_millisecond())
            }),
            _ => None,
        };
        millis.map(Self).ok_or_else(|| Mismatch::of(&arg))
    }
}

/// Entries such as `{dept_id, order}`. The guide's `dept_title` and `dept_order` mean `title` and `order`.
#[derive(Debug, Clone)]
pub struct Maps(pub Vec<Value>);

impl FromArg for Maps {
    const KIND: Kind = Kind::Maps;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        let items = match arg {
            Arg::List(items) => items,
            one => vec![one],
        };
        items.into_iter().map(entry).collect::<Result<_, _>>().map(Self)
    }
}

fn entry(arg: Arg) -> Result<Value, Mismatch> {
    let Arg::Map(fields) = arg else { return Err(Mismatch::of(&arg)) };
    let mut map = Map::new();
    for (key, value) in fields {
        match key.as_str() {
            "dept_id" => map.insert(key, DeptId::from_arg(value)?.0.into()),
            "dept_title" => map.insert("title".into(), value.to_json()),
            "dept_order" => map.insert("order".into(), value.to_json()),
            _ => map.insert(key, value.to_json()),
        };
    }
    if map.contains_key("dept_id") {
        return Ok(Value::Object(map));
    }
    Err(Mismatch::Value(
        Text::fixed("maps with a `dept_id`", "含 `dept_id` 的映射"),
        "a map without it".into(),
    ))
}

/// Whose profile: a person, or the one a user's token belongs to.
#[derive(Debug, Clone)]
pub enum Person {
    /// A person.
    Known(Member),
    /// Who logged in with this token.
    Token(AccessToken),
}

impl FromArg for Person {
    const KIND: Kind = Kind::User;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        match arg {
            Arg::Object(Object::Token(token)) => Ok(Self::Token(token)),
            other => UserId::from_arg(other).map(|user| Self::Known(user.0)),
        }
    }
}

/// A unionId, with the object to fill when one was given.
#[derive(Debug, Clone)]
pub struct UnionId {
    /// The id.
    pub id: String,
    /// The object.
    pub member: Option<Shared<Member>>,
}

impl FromArg for UnionId {
    const KIND: Kind = Kind::Union;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        match arg {
            Arg::Text(id) if !id.is_empty() => Ok(Self { id, member: None }),
            Arg::Object(Object::Member(member)) => {
                let id = member.read().union_id.clone();
                if id.is_empty() {
                    let expected = Text::fixed("a Member with a unionId", "带有 unionId 的 Member");
                    return Err(Mismatch::Value(expected, member.read().to_string()));
                }
                Ok(Self { id, member: Some(member) })
            }
            other => Err(Mismatch::of(&other)),
        }
    }
}

/// A login code, or a user's token to renew.
#[derive(Debug, Clone)]
pub enum Code {
    /// The `authCode` of the redirect.
    Fresh(String),
    /// A token.
    Token(AccessToken),
}

impl FromArg for Code {
    const KIND: Kind = Kind::Code;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        match arg {
            Arg::Text(code) if !code.is_empty() => Ok(Self::Fresh(code)),
            Arg::Object(Object::Token(token)) => Ok(Self::Token(token)),
            other => Err(Mismatch::of(&other)),
        }
    }
}

/// Plain words: a text, or a chain without its marks.
#[derive(Debug, Clone)]
pub struct Words(pub String);

impl FromArg for Words {
    const KIND: Kind = Kind::Text;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        let words = match &arg {
            Arg::Text(text) => text.clone(),
            Arg::Object(Object::Chain(chain)) => chain.plain(),
            other => return Err(Mismatch::of(other)),
        };
        if words.is_empty() { Err(Mismatch::Kind("an empty text".into())) } else { Ok(Self(words)) }
    }
}

/// How a DING reaches people: 1 in the app, 2 by SMS, 3 by phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RemindType(pub i64);

impl FromArg for RemindType {
    const KIND: Kind = Kind::Int;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        match arg {
            Arg::Int(kind @ 1..=3) => Ok(Self(kind)),
            other => {
                let expected =
                    Text::fixed("1 (app), 2 (SMS) or 3 (phone)", " 1（应用内）、2（短信）或 3（电话）");
                Err(Mismatch::Value(expected, other.describe()))
            }
        }
    }
}

/// A manager: a person, or `""` for nobody.
#[derive(Debug, Clone)]
pub struct Manager(pub String);

impl FromArg for Manager {
    const KIND: Kind = Kind::Manager;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        match arg {
            Arg::Text(text) if text.is_empty() => Ok(Self(text)),
            other => UserId::from_arg(other).map(|user| Self(user.0.staff_id)),
        }
    }
}
