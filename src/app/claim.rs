//! Notices another program on this machine that listens with the same key: DingTalk gives each push to one of the two.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::Path;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use crate::clock::hex;
use crate::config::{Paths, make_folder};
use crate::script::Claim;

/// How apps are claimed; nothing without a folder for it.
pub(super) fn claims(paths: &Paths) -> Option<Claim> {
    let folder = paths.state_dir.as_ref()?.join("listening");
    Some(Arc::new(move |api, key| {
        let file = claim(&folder, api, key)?;
        Some(Arc::new(file) as Arc<_>)
    }))
}

/// Claims an app, or says who did before. The file is locked as long as it is open: what is left of a program that was killed
/// claims nothing.
fn claim(folder: &Path, api: &str, key: &str) -> Option<File> {
    let name = hex(&Sha256::digest(format!("{api}\n{key}"))[..12]);
    let path = folder.join(format!("{name}.lock"));
    make_folder(&path).ok()?;
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).read(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).ok()?;
    match file.try_lock() {
        Ok(()) => {
            // Who it is helps a person; nothing depends on it.
            let _ = file
                .set_len(0)
                .and_then(|()| file.rewind())
                .and_then(|()| write!(file, "{}", std::process::id()));
            Some(file)
        }
        Err(TryLockError::WouldBlock) => {
            let mut other = String::new();
            let _ = file.read_to_string(&mut other);
            tell(key, other.trim());
            None
        }
        // Not every file system can lock: then nothing is noticed.
        Err(TryLockError::Error(_)) => None,
    }
}

fn tell(key: &str, other: &str) {
    let is_here = other == std::process::id().to_string();
    let who = match (is_here, other) {
        (true, _) => ("another app of this program".to_owned(), "本程序的另一个应用".to_owned()),
        (false, "") => ("another program on this machine".to_owned(), "本机的另一个程序".to_owned()),
        (false, pid) => (
            format!("another program on this machine (process {pid})"),
            format!("本机的另一个程序（进程 {pid}）"),
        ),
    };
    let zh = format!("{}已在监听 {key}：每条推送只会到达其中一个", who.1);
    tracing::warn!(target: "dingraia", zh = %zh, "{} listens as {key} already: each push reaches only one of the two", who.0);
}

#[cfg(test)]
mod tests {
    use super::claim;

    #[test]
    fn a_key_is_claimed_once_for_each_address() {
        let folder = tempfile::tempdir().unwrap();
        let held = claim(folder.path(), "https://a", "k1");
        assert!(held.is_some() && claim(folder.path(), "https://a", "k1").is_none());
        assert!(claim(folder.path(), "https://a", "k2").is_some());
        assert!(claim(folder.path(), "https://b", "k1").is_some());
        drop(held);
        assert!(claim(folder.path(), "https://a", "k1").is_some(), "whoever is gone claims nothing");
    }
}
