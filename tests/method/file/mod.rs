//! Files: uploading, sending, downloading.

pub mod content;
mod download;
mod host;
mod memory;
mod send;
mod upload;

use std::path::Path;

use host::Host;

use crate::support::World;

/// A world whose calls go through a host of files.
fn world() -> (World, Host) {
    patient(20.0)
}

/// The same; an answer may be silent for so many seconds.
fn patient(seconds: f64) -> (World, Host) {
    let host = Host::default();
    let world = World::with(|config| {
        config.endpoints = host.start(config.endpoints.clone());
        config.timeouts.first_byte = seconds;
    });
    (world, host)
}

/// `"…"` of a path, for a script.
fn quoted(path: &Path) -> String {
    format!("{:?}", path.to_str().unwrap())
}
