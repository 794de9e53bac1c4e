//! The objects of the guide as plain data: people, groups, webhooks, tokens, responses.

mod group;
mod member;
mod response;
mod shared;
mod token;
mod webhook;

pub use group::{Group, OpenConversationId};
pub use member::Member;
pub use response::{RecallTarget, Response};
pub use shared::Shared;
pub use token::{AccessToken, UserToken};
pub use webhook::Webhook;
