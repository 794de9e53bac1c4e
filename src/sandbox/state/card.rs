//! Cards: their data, where they were delivered, what was streamed into them, who pressed what.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;
use serde_json::Value;

/// The templates that everybody has: markdown, AI markdown and AI test cards.
const PUBLIC: [&str; 5] = [
    "589420e2-c1e2-46ef-a5ed-b8728e654da9.schema",
    "8f250f96-da0f-4c9f-8302-740fa0ced1f5.schema",
    "8aebdfb9-28f4-4a98-98f5-396c3dde41a0.schema",
    "382e4302-551d-4880-bf29-a30acfab2e71.schema",
    "d28e2ac5-fb34-4d93-94bc-cf5c580c2d4f.schema",
];
/// Those of them whose text is a markdown variable, which takes whole texts only.
const MARKDOWN: [&str; 3] = [PUBLIC[1], PUBLIC[2], PUBLIC[3]];

/// Variables of a card and their values.
pub(in crate::sandbox) type Params = BTreeMap<String, String>;

/// A card template of the app in a seed.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox) struct CardTemplate {
    pub id: String,
    #[serde(default = "published")]
    pub published: bool,
}

fn published() -> bool {
    true
}

/// A kind of place that shows cards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sandbox) enum Space {
    Group,
    Robot,
    Single,
    TopBar,
}

/// How far a streamed card is; templates show it as their variable `flowStatus`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// Nothing was streamed yet, `"1"`.
    Processing,
    /// Texts are coming, `"2"`.
    Inputting,
    /// The last text came, `"3"`.
    Finished,
    /// It went wrong, `"5"`.
    Failed,
}

impl Flow {
    /// The value of `flowStatus`.
    pub fn status(self) -> &'static str {
        match self {
            Self::Processing => "1",
            Self::Inputting => "2",
            Self::Finished => "3",
            Self::Failed => "5",
        }
    }
}

/// One streamed text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// The key against repetition.
    pub guid: String,
    /// The variable.
    pub key: String,
    /// What was sent, the whole text or a piece.
    pub content: String,
    /// Whether it was the whole text.
    pub full: bool,
    /// Whether it was the last one.
    pub finalize: bool,
    /// Whether it made the card fail.
    pub error: bool,
}

/// A card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// The caller's own id.
    pub out_track_id: String,
    /// The template.
    pub template_id: String,
    /// Everybody's variables, with streamed texts in them.
    pub params: BTreeMap<String, String>,
    /// Variables of single people, by userId (or unionId, as they were given).
    pub private: BTreeMap<String, BTreeMap<String, String>>,
    /// `STREAM` or `HTTP`, if presses are told.
    pub callback_type: Option<String>,
    /// Where an HTTP callback goes.
    pub callback_route_key: Option<String>,
    /// Where it was delivered: type and id of the space.
    pub spaces: Vec<(String, String)>,
    /// How far the streaming is.
    pub flow: Flow,
    /// What was streamed, in order.
    pub frames: Vec<Frame>,
    /// Bodies of the callbacks that presses made.
    pub callbacks: Vec<Value>,
    /// The kinds of space it was made for.
    pub(in crate::sandbox) models: Vec<Space>,
}

impl Card {
    /// Whether streamed texts have to be whole.
    pub(in crate::sandbox) fn is_markdown(&self) -> bool {
        MARKDOWN.contains(&self.template_id.as_str())
    }

    /// Takes a streamed text in.
    pub(in crate::sandbox) fn stream(&mut self, frame: Frame) {
        let text = self.params.entry(frame.key.clone()).or_default();
        if frame.full {
            text.clear();
        }
        text.push_str(&frame.content);
        self.flow = match (frame.error, frame.finalize) {
            (true, _) => Flow::Failed,
            (false, true) => Flow::Finished,
            (false, false) => Flow::Inputting,
        };
        self.frames.push(frame);
    }
}

/// How a template stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sandbox) enum TemplateState {
    Published,
    Unpublished,
    Unknown,
}

/// An address for presses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::sandbox) struct CallbackRoute {
    pub url: String,
    pub secret: String,
}

/// Every card, in the order in which they were made, and the addresses for their presses.
pub(in crate::sandbox) struct Cards {
    all: Vec<Card>,
    templates: Vec<CardTemplate>,
    pub routes: HashMap<String, CallbackRoute>,
}

impl Cards {
    pub(in crate::sandbox) fn new(templates: Vec<CardTemplate>) -> Self {
        Self { all: Vec::new(), templates, routes: HashMap::new() }
    }

    pub(in crate::sandbox) fn template(&self, id: &str) -> TemplateState {
        match self.templates.iter().find(|template| template.id == id) {
            Some(template) if !template.published => TemplateState::Unpublished,
            Some(_) => TemplateState::Published,
            None if PUBLIC.contains(&id) => TemplateState::Published,
            None => TemplateState::Unknown,
        }
    }

    pub(in crate::sandbox) fn all(&self) -> &[Card] {
        &self.all
    }

    pub(in crate::sandbox) fn get(&self, out_track_id: &str) -> Option<&Card> {
        self.all.iter().find(|card| card.out_track_id == out_track_id)
    }

    pub(in crate::sandbox) fn get_mut(&mut self, out_track_id: &str) -> Option<&mut Card> {
        self.all.iter_mut().find(|card| card.out_track_id == out_track_id)
    }

    /// Keeps a card, unless its id is taken.
    pub(in crate::sandbox) fn make(&mut self, card: Card) -> bool {
        let free = self.get(&card.out_track_id).is_none();
        if free {
            self.all.push(card);
        }
        free
    }
}
