//! Messages that lead somewhere: links, action cards, feed cards.

use std::fmt;

use crate::error::{Error, Result};

/// An address as it is sent. Only a bare host name gets `https://` in front; app schemes and mediaIds stay as they are.
pub fn address(text: &str) -> String {
    let whole =
        ["http://", "https://", "dingtalk://", "dtmd://", "@", "$"].iter().any(|head| text.starts_with(head));
    if whole || text.is_empty() || text.contains("://") { text.to_owned() } else { format!("https://{text}") }
}

/// A title, a text, a picture and where they lead.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Link {
    /// Title.
    pub title: String,
    /// Text.
    pub text: String,
    /// Where it leads.
    pub message_url: String,
    /// Picture: an address or a mediaId; empty for none.
    pub pic_url: String,
}

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<Link {:?}>", self.title)
    }
}

/// A button.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActionCardButton {
    /// What stands on it.
    pub title: String,
    /// Where it leads.
    pub url: String,
}

impl fmt::Display for ActionCardButton {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<ActionCardButton {:?}>", self.title)
    }
}

/// How buttons stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Orientation {
    /// One below the other.
    #[default]
    Vertical,
    /// Side by side.
    Horizontal,
}

/// A text with one to five buttons.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ActionCard {
    /// Title.
    pub title: String,
    /// Markdown text.
    pub text: String,
    /// Buttons.
    pub buttons: Vec<ActionCardButton>,
    /// How they stand.
    pub orientation: Orientation,
}

impl fmt::Display for ActionCard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<ActionCard {:?} with {} buttons>", self.title, self.buttons.len())
    }
}

/// An entry of a feed card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedCardNode {
    /// Title.
    pub title: String,
    /// Where it leads.
    pub message_url: String,
    /// Picture.
    pub pic_url: String,
}

impl fmt::Display for FeedCardNode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<FeedCardNode {:?}>", self.title)
    }
}

/// Several links as one message; webhooks only.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FeedCard {
    /// The entries.
    pub nodes: Vec<FeedCardNode>,
}

impl fmt::Display for FeedCard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<FeedCard of {}>", self.nodes.len())
    }
}

/// The most buttons of a card.
const MAX_BUTTONS: usize = 5;

/// Refuses a card that no client shows: without buttons, or with more than five.
///
/// # Errors
/// The number of buttons.
pub fn check_buttons(card: &ActionCard) -> Result<()> {
    let count = card.buttons.len();
    if (1..=MAX_BUTTONS).contains(&count) {
        return Ok(());
    }
    Err(Error::unsendable(
        format!("an ActionCard has 1 to {MAX_BUTTONS} buttons, got {count}"),
        format!("ActionCard 需要 1 到 {MAX_BUTTONS} 个按钮，实际 {count} 个"),
    ))
}
