//! Messages and where they go: elements, chains, and the pure translation of both into bodies.

mod api_body;
mod element;
mod file_body;
mod link;
mod split;
mod target;
mod webhook_body;

pub use api_body::{MAX_MSG_PARAM, template};
pub use element::{At, Element, Markdown, Message, MessageChain};
pub use file_body::{known_duration, sendable_file};
pub use link::{
    ActionCard, ActionCardButton, FeedCard, FeedCardNode, Link, Orientation, address, check_buttons,
};
pub use target::Target;
pub use webhook_body::webhook_body;
