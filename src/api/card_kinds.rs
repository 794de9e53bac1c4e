//! The types of the parameters of cards.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::{Arg, FromArg, Mismatch, Object};
use crate::lang::Text;
use crate::message::{Markdown, Target};
use crate::model::{AiCard, Callable, ContentType, File, MediaKind, PrivateData, Shared, TextSource};
use crate::spec::Kind;

/// The most characters of an `outTrackId`.
const MAX_TRACK_ID: usize = 100;

/// Where a card goes: a group or a person, never a webhook.
#[derive(Debug, Clone)]
pub struct CardTarget(pub Target);

impl FromArg for CardTarget {
    const KIND: Kind = Kind::CardTarget;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        let got = Mismatch::of(&arg);
        match Target::from_arg(arg)? {
            Target::Url(_) | Target::Webhook(_) => Err(got),
            target => Ok(Self(target)),
        }
    }
}

/// An id for a new card.
#[derive(Debug, Clone)]
pub struct TrackId(pub String);

impl FromArg for TrackId {
    const KIND: Kind = Kind::Text;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        let id = String::from_arg(arg)?;
        let length = id.chars().count();
        if length == 0 || length > MAX_TRACK_ID {
            let expected = Text::fixed("text of 1 to 100 characters", " 1 到 100 个字符的文本");
            return Err(Mismatch::Value(expected, format!("{length} characters")));
        }
        Ok(Self(id))
    }
}

/// A card that was sent: its answer or its id.
#[derive(Debug, Clone)]
pub struct CardId(pub String);

impl FromArg for CardId {
    const KIND: Kind = Kind::CardId;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        match arg {
            Arg::Object(Object::Card(card)) => Ok(Self(card.out_track_id.clone())),
            Arg::Text(_) => TrackId::from_arg(arg).map(|id| Self(id.0)),
            other => Err(Mismatch::of(&other)),
        }
    }
}

/// The values of a card; a Markdown stands for `markdown` and `title`.
#[derive(Debug, Clone)]
pub struct CardData(pub Map<String, Value>);

impl FromArg for CardData {
    const KIND: Kind = Kind::CardData;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        match arg {
            Arg::Map(_) => Map::from_arg(arg).map(Self),
            Arg::Object(Object::Markdown(Markdown { text, title })) => {
                let mut values = Map::new();
                values.insert("markdown".into(), text.into());
                // By key, so a title that is not given stays what it was.
                if !title.is_empty() {
                    values.insert("title".into(), title.into());
                }
                Ok(Self(values))
            }
            other => Err(Mismatch::of(&other)),
        }
    }
}

impl FromArg for PrivateData {
    const KIND: Kind = Kind::PrivateData;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        match arg {
            Arg::Object(Object::PrivateData(data)) => Ok(data.read().clone()),
            Arg::Map(_) => {
                let got = Mismatch::of(&arg);
                Self::from_map(Map::from_arg(arg)?).ok_or(got)
            }
            other => Err(Mismatch::of(&other)),
        }
    }
}

/// How the clicks on a card come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CallbackType {
    /// As it is configured: Stream, else HTTP, else not at all.
    #[default]
    Auto,
    /// Over a Stream connection.
    Stream,
    /// To the address that is registered under the route key.
    Http,
}

impl FromArg for CallbackType {
    const KIND: Kind = Kind::CallbackType;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        match &arg {
            Arg::Text(word) if word.eq_ignore_ascii_case("auto") => Ok(Self::Auto),
            Arg::Text(word) if word.eq_ignore_ascii_case("stream") => Ok(Self::Stream),
            Arg::Text(word) if word.eq_ignore_ascii_case("http") => Ok(Self::Http),
            other => Err(Mismatch::of(other)),
        }
    }
}

/// A logo: a picture that was uploaded, or one that is uploaded first.
#[derive(Debug, Clone)]
pub struct Logo(pub Shared<File>);

impl FromArg for Logo {
    const KIND: Kind = Kind::MediaId;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        match arg {
            Arg::Text(id) if id.starts_with('@') && id.len() > 1 => {
                Ok(Self(Shared::new(File::uploaded(MediaKind::Image, id.as_str()))))
            }
            Arg::Object(Object::File(file)) => Ok(Self(file)),
            other => Err(Mismatch::of(&other)),
        }
    }
}

/// The content of a markdown card.
#[derive(Debug, Clone)]
pub struct CardMarkdown(pub Markdown);

impl FromArg for CardMarkdown {
    const KIND: Kind = Kind::Object("Markdown");

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        match arg {
            Arg::Object(Object::Markdown(markdown)) => Ok(Self(markdown)),
            other => Err(Mismatch::of(&other)),
        }
    }
}

impl FromArg for Shared<AiCard> {
    const KIND: Kind = Kind::Object("AICard");

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        match arg {
            Arg::Object(Object::AiCard(card)) => Ok(card),
            // A text is a card that says just that.
            Arg::Text(text) if !text.is_empty() => {
                let source = Some(TextSource::Pieces(vec![text]));
                Ok(Self::new(AiCard { source, ..AiCard::default() }))
            }
            other => Err(Mismatch::of(&other)),
        }
    }
}

impl FromArg for ContentType {
    const KIND: Kind = Kind::ContentType;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        match &arg {
            Arg::Text(word) => Self::parse(word).ok_or_else(|| Mismatch::of(&arg)),
            other => Err(Mismatch::of(other)),
        }
    }
}

/// A number of things.
#[derive(Debug, Clone, Copy)]
pub struct Count(pub usize);

impl FromArg for Count {
    const KIND: Kind = Kind::Count;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        let count = match arg {
            Arg::Int(value) => usize::try_from(value).ok().filter(|count| *count > 0),
            _ => None,
        };
        count.map(Self).ok_or_else(|| Mismatch::of(&arg))
    }
}

/// A function of a script.
#[derive(Debug, Clone)]
pub struct Function(pub Arc<dyn Callable>);

impl FromArg for Function {
    const KIND: Kind = Kind::Function;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        match arg {
            Arg::Function(function) => Ok(Self(function)),
            other => Err(Mismatch::of(&other)),
        }
    }
}

/// The token of an assistant's conversation, or the request that brought it.
#[derive(Debug, Clone)]
pub struct ConversationToken(pub String);

impl FromArg for ConversationToken {
    const KIND: Kind = Kind::Text;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        let request = match &arg {
            Arg::Text(token) if !token.is_empty() => return Ok(Self(token.clone())),
            Arg::Map(entries) => entries.iter().find(|(key, _)| key == "conversationToken"),
            _ => None,
        };
        match request {
            Some((_, Arg::Text(token))) => Ok(Self(token.clone())),
            _ => Err(Mismatch::of(&arg)),
        }
    }
}
