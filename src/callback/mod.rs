//! The receiver of what DingTalk pushes over HTTP: events (encrypted), messages and card actions (signed).
//!
//! Source: the open platform's pages on event subscription, on robots that receive messages and on card callbacks.

mod crypto;
mod receive;
mod route;
mod serve;
mod sign;

pub use crypto::{Answer, Crypto, Refused};
pub use receive::{Keys, Receiver, Reply, Request};
pub use route::Find;
pub use serve::{bind, serve};
pub use sign::{card_signature, is_card, is_message, message_signature};
