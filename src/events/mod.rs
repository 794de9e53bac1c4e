//! What arrives: from the wire to a typed event, into the cache, and to those who listen.

mod event;
mod field;
mod hub;
mod kind;
mod listen;
mod read;
mod received;
mod recent;
pub mod record;
mod redact;
mod seen;
mod store;

pub use event::{Answer, Event, Robot};
pub use field::field;
pub use hub::{Counts, Handler, Hub, Listener, Place, ROOM, Tap};
pub use kind::{Info, KINDS, Kind};
pub use listen::{Ask, Listening, Status};
pub use read::read;
pub use redact::redacted;
pub use seen::{LIFETIME, MOST, Seen};

pub use crate::callback::Find as FindRoutes;
pub use crate::stream::State as LinkState;
