//! The types of group settings.

use super::{Arg, FromArg, Mismatch, UserId};
use crate::config::GroupApi;
use crate::lang::Text;
use crate::model::Member;
use crate::spec::Kind;

/// The most characters of a group's name.
pub const MAX_TITLE: usize = 30;

/// A group's name.
#[derive(Debug, Clone)]
pub struct Title(pub String);

impl FromArg for Title {
    const KIND: Kind = Kind::Title;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        match arg {
            Arg::Text(text) if (1..=MAX_TITLE).contains(&text.chars().count()) => Ok(Self(text)),
            Arg::Text(text) => Err(Mismatch::Kind(format!("{} characters", text.chars().count()))),
            other => Err(Mismatch::of(&other)),
        }
    }
}

/// The id of a group template.
#[derive(Debug, Clone)]
pub struct TemplateId(pub String);

impl FromArg for TemplateId {
    const KIND: Kind = Kind::Text;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        match arg {
            Arg::Text(text) if !text.is_empty() => Ok(Self(text)),
            other => Err(Mismatch::of(&other)),
        }
    }
}

/// A picture by mediaId.
#[derive(Debug, Clone)]
pub struct Icon(pub String);

impl FromArg for Icon {
    const KIND: Kind = Kind::Icon;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        match arg {
            Arg::Text(text) if text.starts_with(['@', '$']) => Ok(Self(text)),
            other => Err(Mismatch::of(&other)),
        }
    }
}

/// A setting that goes over the wire as 1 or 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Switch(pub bool);

impl FromArg for Switch {
    const KIND: Kind = Kind::Switch;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        super::Flag::from_arg(arg).map(|flag| Self(flag.0))
    }
}

/// The family of group calls for one call.
#[derive(Debug, Clone, Copy)]
pub struct Family(pub GroupApi);

impl FromArg for Family {
    const KIND: Kind = Kind::Family;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        match &arg {
            Arg::Text(text) if text == "legacy" => Ok(Self(GroupApi::Legacy)),
            Arg::Text(text) if text == "v1" => Ok(Self(GroupApi::V1)),
            other => Err(Mismatch::of(other)),
        }
    }
}

/// One or more people.
#[derive(Debug, Clone)]
pub struct UserIds(pub Vec<Member>);

impl FromArg for UserIds {
    const KIND: Kind = Kind::Users;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        let items = match arg {
            Arg::List(items) => items,
            one => vec![one],
        };
        if items.is_empty() {
            let expected = Text::fixed("at least one staffId or Member", "至少一个 staffId 或 Member");
            return Err(Mismatch::Value(expected, "an empty list".into()));
        }
        items
            .into_iter()
            .map(|item| UserId::from_arg(item).map(|user| user.0))
            .collect::<Result<_, _>>()
            .map(Self)
    }
}
