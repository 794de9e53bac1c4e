//! The options of `dingraia listen` and `dingraia replay`.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::Args;

/// What `listen` does.
#[derive(Debug, Clone, Args)]
pub struct ListenArgs {
    /// Print only these: names such as GroupMessage, chat_update_title; separated by commas.
    #[arg(long, value_name = "NAMES")]
    pub events: Option<String>,
    /// End after so many.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub max_events: Option<u64>,
    /// End after so many seconds.
    #[arg(long, value_name = "SECONDS")]
    pub duration: Option<f64>,
    /// Send every event's payload, as it came, to this address too.
    #[arg(long, value_name = "URL")]
    pub forward_to: Option<String>,
    /// Run this script first: it defines handlers.
    #[arg(long, value_name = "FILE.rhai")]
    pub exec: Option<PathBuf>,
    /// Append everything that arrives to this file, for `replay`; without what one could answer with.
    #[arg(long, value_name = "FILE")]
    pub record: Option<PathBuf>,
    /// Receive callbacks over HTTP on this port too; 0 = any that is free.
    #[arg(long, value_name = "PORT")]
    pub port: Option<u16>,
    /// Another address of this machine than 127.0.0.1 for it; HTTPS is left to a reverse proxy.
    #[arg(long, value_name = "ADDRESS", requires = "port")]
    pub host: Option<IpAddr>,
}

/// What `replay` does.
#[derive(Debug, Clone, Args)]
pub struct ReplayArgs {
    /// What `listen --record` wrote.
    pub file: PathBuf,
    /// How many times faster than it was; 0 = at once.
    #[arg(long, value_name = "N", default_value_t = 1.0)]
    pub speed: f64,
    /// Play only these: names as of `listen --events`.
    #[arg(long, value_name = "TYPE")]
    pub only: Option<String>,
    /// Run this script first: it defines handlers.
    #[arg(long, value_name = "FILE.rhai")]
    pub exec: Option<PathBuf>,
}
