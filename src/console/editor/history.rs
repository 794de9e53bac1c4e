//! The history file, shared by all consoles that are open at the same time.

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::PathBuf;

use crate::config::make_folder;
use crate::error::{Error, Result};

/// How many entries are kept.
pub(super) const HISTORY_LINES: usize = 10_000;

/// First line of the file: the entries below have `\` and line breaks escaped.
const HEAD: &str = "#V2";

/// Entries are appended one by one under a lock, so nobody's lines are lost and a crash costs nothing.
pub(super) struct HistoryFile {
    path: PathBuf,
}

impl HistoryFile {
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path }
    }

    /// The entries, oldest first; none when the file cannot be read.
    pub(super) fn load(&self) -> Vec<String> {
        let entries = self.read().unwrap_or_default();
        if entries.len() > HISTORY_LINES + HISTORY_LINES / 10
            && let Err(error) = self.shorten()
        {
            tracing::warn!(%error, zh = "无法缩短历史记录", "the history could not be shortened");
        }
        let excess = entries.len().saturating_sub(HISTORY_LINES);
        entries.into_iter().skip(excess).collect()
    }

    /// Adds an entry at the end.
    pub(super) fn append(&self, entry: &str) -> Result<()> {
        let write = || {
            let mut file = self.open()?;
            file.lock()?;
            let head = if file.metadata()?.len() == 0 { format!("{HEAD}\n") } else { String::new() };
            file.write_all(format!("{head}{}\n", escape(entry)).as_bytes())
        };
        write().map_err(|error| Error::file(&self.path, error))
    }

    fn read(&self) -> std::io::Result<Vec<String>> {
        let mut file = File::open(&self.path)?;
        file.lock_shared()?;
        entries(&mut file)
    }

    /// Drops the oldest entries, in place: another console may be waiting for the lock of this very file.
    fn shorten(&self) -> std::io::Result<()> {
        let mut file = self.open()?;
        file.lock()?;
        let entries = entries(&mut file)?;
        let kept = entries.iter().skip(entries.len().saturating_sub(HISTORY_LINES));
        let text: String = kept.map(|entry| escape(entry) + "\n").collect();
        file.set_len(0)?;
        file.seek(SeekFrom::Start(0))?;
        file.write_all(format!("{HEAD}\n{text}").as_bytes())
    }

    /// Opens the file, and makes it with its folder when it is not there yet.
    fn open(&self) -> std::io::Result<File> {
        make_folder(&self.path)?;
        let mut options = OpenOptions::new();
        options.read(true).append(true).create(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
            let file = options.mode(0o600).open(&self.path)?;
            file.set_permissions(std::fs::Permissions::from_mode(0o600))?;
            Ok(file)
        }
        #[cfg(not(unix))]
        options.open(&self.path)
    }
}

fn entries(file: &mut File) -> std::io::Result<Vec<String>> {
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes);
    Ok(text.lines().filter(|line| !line.is_empty() && *line != HEAD).map(unescape).collect())
}

fn escape(entry: &str) -> String {
    entry.replace('\\', "\\\\").replace('\n', "\\n")
}

fn unescape(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n') => out.push('\n'),
                other => out.push(other.unwrap_or(c)),
            },
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{HISTORY_LINES, HistoryFile};

    #[test]
    fn several_consoles_lose_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/history");
        std::thread::scope(|scope| {
            for console in 0..4 {
                let file = HistoryFile::new(path.clone());
                scope.spawn(move || {
                    (0..50).for_each(|n| file.append(&format!("{console}:{n}\n\\n")).unwrap());
                });
            }
        });
        let entries = HistoryFile::new(path.clone()).load();
        assert_eq!(entries.len(), 200);
        assert!(entries.contains(&"3:49\n\\n".to_owned()));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn a_long_history_is_shortened() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("history");
        let text: String = (0..HISTORY_LINES * 2).map(|n| format!("{n}\n")).collect();
        std::fs::write(&path, text).unwrap();
        let file = HistoryFile::new(path);
        for _ in 0..2 {
            let entries = file.load();
            assert_eq!((entries.len(), entries[0].as_str()), (HISTORY_LINES, "10000"));
        }
        assert_eq!(file.read().unwrap().len(), HISTORY_LINES);
    }

    #[test]
    fn no_file_is_an_empty_history() {
        let folder = tempfile::tempdir().unwrap();
        assert!(HistoryFile::new(folder.path().join("none")).load().is_empty());
    }
}
