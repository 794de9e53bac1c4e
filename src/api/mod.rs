//! The rows: one for each method of the guide, by topic; and the typed arguments they are made of.

mod arg;
mod args;
mod body;
mod kinds;
mod sendable;

pub mod contact;
pub mod group;
pub mod local;
pub mod message;
pub mod object;
pub mod raw;

pub use arg::{Arg, Object};
pub use args::{Args, FromArg, Mismatch, Request};
pub use body::body;
pub use kinds::{Cached, ConversationId, DeptId, Flag, Language, Path, Seconds, Texts, Token, UserId};
pub use sendable::{Messages, Receipts};

use crate::spec::{Method, On};

/// Every row, in the order of the README's table.
pub fn methods() -> impl Iterator<Item = &'static Method> {
    [message::ROWS, contact::ROWS, group::ROWS, local::ROWS, raw::ROWS, object::ROWS]
        .into_iter()
        .flatten()
        .copied()
}

/// The row that answers to `name` on `on`.
pub fn find(on: On, name: &str) -> Option<&'static Method> {
    methods().find(|method| method.on == on && (method.name == name || method.aliases.contains(&name)))
}
