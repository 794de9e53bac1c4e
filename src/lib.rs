//! A console for DingTalk.

pub mod clock;
pub mod error;
pub mod lang;
pub mod sandbox;
