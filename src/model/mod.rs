//! The objects of the guide as plain data: people, groups, webhooks, tokens, responses.

mod ai_card;
mod callable;
mod card;
mod complaints;
pub mod data_text;
mod file;
mod group;
pub mod media;
mod member;
mod push;
mod response;
mod route;
mod shared;
mod task;
mod token;
mod webhook;

pub use ai_card::{AiCard, ContentType, PostSource, TextSource};
pub use callable::{Callable, Calling, Hook, Own};
pub use card::{CardResponse, PrivateData};
pub use complaints::Complaints;
pub use file::{File, Source, extension};
pub use group::{Group, OpenConversationId};
pub use media::MediaKind;
pub use member::Member;
pub use push::{Push, Sink, Taken, Topic};
pub use response::{RecallTarget, Response};
pub use route::Route;
pub use shared::Shared;
pub use task::{Record as TaskRecord, Task, TaskState};
pub use token::{AccessToken, UserToken};
pub use webhook::Webhook;
