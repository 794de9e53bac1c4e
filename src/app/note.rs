//! What `sandbox serve` leaves for the commands that play in it: a file for each server, which is taken away when it ends.

use std::cmp::Reverse;
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use super::program::Program;
use crate::config::{Endpoints, Existing, write_private};
use crate::sandbox::Credentials;

/// How long a server of this machine may take to accept a connection.
const PATIENCE: Duration = Duration::from_millis(500);

/// A note; it goes with this.
pub(super) struct Note {
    path: PathBuf,
    served: Served,
}

/// Where a sandbox is served, and the secret of its door.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Served {
    pub(super) api: String,
    pub(super) app_secret: String,
}

impl Served {
    fn address(&self) -> Option<SocketAddr> {
        self.api.strip_prefix("http://")?.parse().ok()
    }

    /// Whether somebody is there: one that was killed left its note.
    fn answers(&self) -> bool {
        self.address().is_some_and(|address| TcpStream::connect_timeout(&address, PATIENCE).is_ok())
    }
}

impl Note {
    /// Leaves the note; nothing where there is no place for it.
    pub(super) fn leave(program: &Program, credentials: &Credentials, endpoints: &Endpoints) -> Option<Self> {
        let served = Served { api: endpoints.api.clone(), app_secret: credentials.app_secret.clone() };
        let folder = folder(program)?;
        for (path, _) in notes(&folder).into_iter().filter(|(_, served)| !served.answers()) {
            let _ = std::fs::remove_file(path);
        }
        let path = folder.join(format!("{}.json", served.address()?.port()));
        let text = serde_json::to_string(&served).ok()?;
        match write_private(&path, &text, Existing::Replace) {
            Ok(()) => Some(Self { path, served }),
            Err(error) => {
                // It serves all the same; whoever plays has to say where.
                program.note(&error.text(program.show.lang));
                None
            }
        }
    }
}

impl Drop for Note {
    fn drop(&mut self) {
        // A later one may have taken its place.
        if read(&self.path).as_ref() == Some(&self.served) {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

/// The sandbox that was served last and still is; without one, the last that left a note.
pub(super) fn last(program: &Program) -> Option<Served> {
    let mut notes = folder(program).map(|folder| notes(&folder)).unwrap_or_default();
    let at = notes.iter().position(|(_, served)| served.answers()).unwrap_or(0);
    (at < notes.len()).then(|| notes.swap_remove(at).1)
}

/// The one that is served at `api`, when it left a note.
pub(super) fn at(program: &Program, api: &str) -> Option<Served> {
    let notes = folder(program).map(|folder| notes(&folder)).unwrap_or_default();
    notes.into_iter().map(|(_, served)| served).find(|served| served.api == api)
}

fn folder(program: &Program) -> Option<PathBuf> {
    program.env.paths().state_dir.as_ref().map(|folder| folder.join("sandboxes"))
}

/// All of them, the last first.
fn notes(folder: &Path) -> Vec<(PathBuf, Served)> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut found: Vec<(SystemTime, PathBuf, Served)> = entries
        .filter_map(|entry| {
            let written = entry.metadata().and_then(|there| there.modified()).ok()?;
            Some((written, entry.path(), read(&entry.path())?))
        })
        .collect();
    found.sort_by_key(|(written, ..)| Reverse(*written));
    found.into_iter().map(|(_, path, served)| (path, served)).collect()
}

fn read(path: &Path) -> Option<Served> {
    serde_json::from_str(&std::fs::read_to_string(path).ok()?).ok()
}
