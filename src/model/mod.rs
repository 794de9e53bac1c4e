//! The objects of the guide as plain data: people, groups, webhooks, tokens, responses.

mod ai_card;
mod callable;
mod card;
mod group;
mod member;
mod response;
mod shared;
mod token;
mod webhook;

pub use ai_card::{AiCard, ContentType, PostSource, TextSource};
pub use callable::{Callable, Calling};
pub use card::{CardResponse, PrivateData};
pub use group::{Group, OpenConversationId};
pub use member::Member;
pub use response::{RecallTarget, Response};
pub use shared::Shared;
pub use token::AccessToken;
pub use webhook::Webhook;
