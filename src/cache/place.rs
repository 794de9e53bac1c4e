//! Whether the file at the path is still the one that is open: somebody may delete it or put another in its place.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::notice::Problem;

/// How often to look.
const OFTEN: Duration = Duration::from_millis(200);

/// What tells a file from others, whatever its name.
type Identity = (u64, u64);

/// The place of the open file.
pub(super) struct Place {
    path: PathBuf,
    file: Option<Identity>,
    /// Its write-ahead log, as last seen.
    log: Option<Identity>,
    looked: Instant,
}

impl Place {
    pub(super) fn new(path: &Path) -> Self {
        Self {
            path: path.to_path_buf(),
            file: identity(path),
            log: identity(&beside(path, "-wal")),
            looked: Instant::now(),
        }
    }

    /// What happened to the file since the last look; costs nothing when that was a moment ago.
    pub(super) fn look(&mut self) -> Option<Problem> {
        if self.looked.elapsed() < OFTEN {
            return None;
        }
        self.looked = Instant::now();
        let known = self.file?;
        match identity(&self.path) {
            Some(found) if found == known => {
                self.log = identity(&beside(&self.path, "-wal"));
                None
            }
            Some(_) => Some(Problem::Replaced),
            None => Some(Problem::Deleted),
        }
    }

    /// Takes the log of the file that is gone away. SQLite would take it for the log of whatever lies at the path now.
    pub(super) fn clear_log(&self) {
        let log = beside(&self.path, "-wal");
        if self.log.is_some() && identity(&log) == self.log {
            // What cannot be removed belongs to somebody else, who will have the same trouble.
            let _ = std::fs::remove_file(&log);
            let _ = std::fs::remove_file(beside(&self.path, "-shm"));
        }
    }
}

fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}

#[cfg(unix)]
fn identity(path: &Path) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt as _;
    std::fs::metadata(path).ok().map(|found| (found.dev(), found.ino()))
}

/// Elsewhere an open file can be neither deleted nor replaced.
#[cfg(not(unix))]
fn identity(_: &Path) -> Option<Identity> {
    None
}
