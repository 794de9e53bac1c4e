//! What can be said.

use std::fmt;

use super::{ActionCard, FeedCard, Link};
use crate::model::{File, Member, Shared};

/// A mark that calls somebody's attention.
#[derive(Debug, Clone, PartialEq)]
pub enum At {
    /// A person by staffId.
    Staff(String),
    /// A person by mobile number.
    Mobile(String),
    /// Everybody.
    All,
}

impl At {
    /// Reads a bare text: a mainland mobile number (11 digits beginning with 1) or a staffId; `all` is everybody.
    pub fn parse(text: &str) -> Self {
        let mobile = text.len() == 11 && text.starts_with('1') && text.bytes().all(|b| b.is_ascii_digit());
        match text {
            "all" | "@all" => Self::All,
            _ if mobile => Self::Mobile(text.to_owned()),
            _ => Self::Staff(text.to_owned()),
        }
    }

    /// The mark for `member`.
    pub fn member(member: &Member) -> Self {
        Self::Staff(member.staff_id.clone())
    }
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Staff(id) | Self::Mobile(id) => write!(f, "@{id}"),
            Self::All => f.write_str("@all"),
        }
    }
}

/// A part of a chain.
#[derive(Debug, Clone, PartialEq)]
pub enum Element {
    /// Text.
    Plain(String),
    /// A mark.
    At(At),
    /// A file, which becomes a message of its own.
    File(Shared<File>),
}

impl fmt::Display for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Plain(text) => f.write_str(text),
            Self::At(at) => at.fmt(f),
            Self::File(file) => file.read().fmt(f),
        }
    }
}

/// Texts and marks in order, sent as one message.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MessageChain {
    /// The parts.
    pub elements: Vec<Element>,
}

impl MessageChain {
    /// The texts without the marks: what an API robot can say.
    pub fn plain(&self) -> String {
        let texts = self.elements.iter().filter_map(|element| match element {
            Element::Plain(text) => Some(text.as_str()),
            Element::At(_) | Element::File(_) => None,
        });
        texts.collect()
    }

    /// The marks.
    pub fn marks(&self) -> impl Iterator<Item = &At> {
        self.elements.iter().filter_map(|element| match element {
            Element::At(at) => Some(at),
            Element::Plain(_) | Element::File(_) => None,
        })
    }
}

impl fmt::Display for MessageChain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.elements.iter().try_for_each(|element| element.fmt(f))
    }
}

/// A Markdown message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Markdown {
    /// The text.
    pub text: String,
    /// Shown in the list of conversations.
    pub title: String,
}

impl Markdown {
    /// The title that is sent: an empty one cannot be.
    pub fn shown_title(&self) -> &str {
        if self.title.is_empty() { "[Markdown]" } else { &self.title }
    }
}

impl fmt::Display for Markdown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<Markdown {:?}>", self.shown_title())
    }
}

/// One message.
#[derive(Debug, Clone, PartialEq)]
pub enum Message {
    /// Text and marks.
    Chain(MessageChain),
    /// Markdown.
    Markdown(Markdown),
    /// A link.
    Link(Link),
    /// A text with buttons.
    ActionCard(ActionCard),
    /// Several links.
    FeedCard(FeedCard),
    /// A file.
    File(Shared<File>),
}

impl Message {
    /// A text message.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Chain(MessageChain { elements: vec![Element::Plain(text.into())] })
    }

    /// True when there is nothing in it to send.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Chain(chain) => chain.to_string().is_empty(),
            Self::Markdown(markdown) => markdown.text.is_empty() && markdown.title.is_empty(),
            Self::Link(_) | Self::ActionCard(_) | Self::FeedCard(_) => false,
            Self::File(_) => false,
        }
    }
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Chain(chain) => chain.fmt(f),
            Self::Markdown(markdown) => markdown.fmt(f),
            Self::Link(link) => link.fmt(f),
            Self::ActionCard(card) => card.fmt(f),
            Self::FeedCard(card) => card.fmt(f),
            Self::File(file) => file.read().fmt(f),
        }
    }
}
