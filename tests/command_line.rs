//! The program as a shell sees it: arguments, streams, exit codes.

mod cache;
mod check;
mod config;
mod evaluate;
mod exit;
mod init;
mod journal;
mod language;
mod listen;
mod lists;
mod play;
mod serve;
mod stream;
