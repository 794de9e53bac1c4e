//! A console for DingTalk.

pub mod api;
pub mod app;
pub mod cache;
pub mod cli;
pub mod client;
pub mod clock;
pub mod config;
pub mod console;
pub mod error;
pub mod lang;
pub mod message;
pub mod model;
pub mod ops;
pub mod sandbox;
pub mod script;
pub mod secret;
pub mod spec;
