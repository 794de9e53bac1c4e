//! A console for DingTalk.

pub mod cache;
pub mod clock;
pub mod config;
pub mod error;
pub mod lang;
pub mod sandbox;
pub mod console;
pub mod error;
pub mod lang;
pub mod script;
