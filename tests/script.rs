//! What scripts see beside the methods: the language, errors, waiting, stopping, many at once.

mod error;
mod language;
mod limit;
mod parallel;
mod stop;
mod words;
