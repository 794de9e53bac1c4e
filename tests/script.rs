//! What scripts see beside the methods: the language, errors, waiting, stopping, many at once.

mod dialogue;
mod error;
mod handlers;
mod language;
mod limit;
mod listening;
mod modules;
mod parallel;
mod stop;
mod words;
