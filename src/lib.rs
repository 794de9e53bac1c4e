//! A console for DingTalk.

pub mod clock;
pub mod console;
pub mod error;
pub mod lang;
pub mod script;
