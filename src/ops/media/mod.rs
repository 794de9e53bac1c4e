//! Files on their way to DingTalk: read, checked, measured, and uploaded when the cache does not know them.

mod amr;
mod probe;
mod rule;
mod stage;

pub(super) use stage::{Staged, stage};
