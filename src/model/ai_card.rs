//! An AI card before it is sent: where its text comes from. Each card has its own state.

use std::fmt;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::Callable;
use crate::secret::Secret;

/// What each piece of a card's text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ContentType {
    /// Decided by the second piece: the whole text when it begins with the first, else an addition.
    #[default]
    Auto,
    /// The whole text so far.
    Full,
    /// An addition.
    Stream,
}

impl ContentType {
    /// The word that scripts use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Full => "full",
            Self::Stream => "stream",
        }
    }

    /// Reads the word that scripts use.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Auto, Self::Full, Self::Stream].into_iter().find(|kind| kind.name() == text)
    }
}

/// A server that writes the text as server-sent lines.
#[derive(Clone)]
pub struct PostSource {
    /// Its address, which may carry a key.
    pub url: Secret,
    /// The JSON that it is sent.
    pub payload: Value,
    /// Turns the JSON of a line into text; without one the lines are those of an OpenAI-compatible server.
    pub handler: Option<Arc<dyn Callable>>,
    /// Further HTTP headers.
    pub headers: Map<String, Value>,
    /// The most seconds for all of it; without, 300 of silence.
    pub timeout: Option<f64>,
}

impl fmt::Debug for PostSource {
    /// Headers carry keys.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostSource").field("url", &self.url).finish_non_exhaustive()
    }
}

/// Where the text of a card comes from.
#[derive(Debug, Clone)]
pub enum TextSource {
    /// Pieces that are there already.
    Pieces(Vec<String>),
    /// A function, called until it returns nothing.
    Function(Arc<dyn Callable>),
    /// A server.
    Post(Box<PostSource>),
}

/// The guide's `AICard`.
#[derive(Debug, Clone, Default)]
pub struct AiCard {
    /// Where its text comes from; `None` until it is set.
    pub source: Option<TextSource>,
    /// What its pieces are.
    pub content_type: ContentType,
    /// The latest whole text.
    pub text: String,
}

impl fmt::Display for AiCard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<AICard {}>", self.content_type.name())
    }
}
