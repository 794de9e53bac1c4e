//! A console for DingTalk (钉钉): a live client, a live cache and every API method, scripted in Rhai.
//!
//! This page is the map. A layer uses those below it and never those above:
//!
//! ```text
//!             main ─ cli            flags in, exit code out
//!                 │
//!                app                composition root: builds everything, owns every task
//!           ┌─────┴─────┐
//!        console      script        what a person sees · what Rhai sees
//!           └─────┬─────┘
//!          ops ── events            what a method means · what arrives, typed and handed on
//!    ┌──────┬──┴──┬────────┐
//! client  cache stream callback     HTTP out · the SQLite file · websocket in · HTTP in
//!    └──────┴──┬──┴────────┘
//!   api · model · message · spec    the rows of the methods and the plain data they handle
//!   config · error · lang · secret · clock · memory
//!                                   sandbox: a practice DingTalk; shares nothing with client or api
//! ```
//!
//! | Module | Its job |
//! | --- | --- |
//! | [`api`] | one row for each method: name, parameters, texts, cost, effect, example, wire form |
//! | [`app`] | from the command line to a running program, one file for each command |
//! | [`cache`] | the SQLite file: a file for each table, its schema, its checks |
//! | [`callback`] | the receiver of pushes over HTTP: decryption, signatures, routes |
//! | [`cli`] | the command line |
//! | [`client`] | the one pipeline of a request: pace, token, send, reply, retry, usage |
//! | [`clock`] | time, randomness and ids, so that tests can hold them still |
//! | [`config`] | files, environment and flags become a checked configuration |
//! | [`console`] | loop, line editor, help, tables, errors, colours |
//! | [`error`] | what can go wrong, as data; its text, its hints, its exit code |
//! | [`events`] | what arrives: typed, stored in the cache, handed to those who listen |
//! | [`lang`] | texts in English and Chinese |
//! | [`memory`] | the allocator, and how much memory is in use |
//! | [`message`] | elements and targets, and the bodies they become |
//! | [`model`] | people, groups, webhooks, answers: the objects that scripts hold |
//! | [`ops`] | what the methods do, above client and cache |
//! | [`sandbox`] | the practice organisation, a stateful server on loopback |
//! | [`script`] | the Rhai engine, the bound rows, and the only bridge to the async runtime |
//! | [`secret`] | values that print as `***` |
//! | [`spec`] | what a row is, and the binding and checking of arguments |
//! | [`stream`] | the gateway's client: connect, frames, acknowledge, reconnect |
//!
//! To add a method, write its row in [`api`] and its operation in [`ops`], and teach the [`sandbox`] to answer it: binding,
//! help, completion, the README's table and the test of its example come from the row.

/// A call makes some hundred small allocations, on threads that take turns: the system's allocator spends a fifth of it on them.
#[global_allocator]
static ALLOCATOR: memory::Counted<mimalloc::MiMalloc> = memory::Counted(mimalloc::MiMalloc);

pub mod api;
pub mod app;
pub mod cache;
pub mod callback;
pub mod cli;
pub mod client;
pub mod clock;
pub mod config;
pub mod console;
pub mod error;
pub mod events;
pub mod journal;
pub mod lang;
pub mod memory;
pub mod message;
pub mod model;
pub mod ops;
pub mod sandbox;
pub mod script;
pub mod secret;
pub mod spec;
pub mod stream;
