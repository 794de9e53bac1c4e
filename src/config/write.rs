//! Writing a private file whole or not at all.

use std::ffi::OsString;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::lang::Text;

/// What to do when the file is already there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// Leave it and fail.
    Refuse,
    /// Put the new one in its place.
    Replace,
}

/// Writes `text` to `path` under a temporary name in the same folder and renames it, so that nobody sees half of it.
///
/// On Unix only the user may read it (mode 0600). Missing folders are made. A link is followed when it is replaced.
pub fn write_private(path: &Path, text: &str, existing: Existing) -> Result<()> {
    if existing == Existing::Refuse && path.symlink_metadata().is_ok() {
        return Err(exists(path));
    }
    check_place(path)?;
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.into());
    let temporary = beside(&target);
    let done = make_folder(&target)
        .and_then(|()| fill(&temporary, text))
        .and_then(|()| place(&temporary, &target, existing));
    if done.is_err() {
        // Nothing may be left behind; the first error is the one that tells.
        let _ = fs::remove_file(&temporary);
    }
    done.map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists if existing == Existing::Refuse => exists(path),
        _ => Error::file(path, error),
    })
}

/// Checks that a file can stand at `path`: a rename would put it in the place of a device, too.
///
/// # Errors
/// When what is there is no regular file, or what should be its folder is none.
pub fn check_place(path: &Path) -> Result<()> {
    if path.metadata().is_ok_and(|there| !there.is_file()) {
        let path = path.display();
        return Err(Error::usage(
            format!("{path} is not a regular file, and is not replaced"),
            format!("{path} 不是普通文件，不会被覆盖"),
        ));
    }
    match path.ancestors().skip(1).find(|above| above.symlink_metadata().is_ok()) {
        Some(above) if !above.is_dir() => {
            let above = above.display();
            Err(Error::usage(format!("{above} is not a directory"), format!("{above} 不是目录")))
        }
        _ => Ok(()),
    }
}

fn exists(path: &Path) -> Error {
    let hint = Text::fixed(
        "it was not touched; name another file or ask for it to be replaced",
        "文件未改动；请换一个文件名，或要求覆盖",
    );
    Error::file(path, io::Error::new(io::ErrorKind::AlreadyExists, "the file exists")).hint(hint)
}

fn beside(target: &Path) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(target.file_name().unwrap_or_default());
    name.push(format!(".{}.tmp", std::process::id()));
    target.with_file_name(name)
}

/// Makes the folder that `target` is to stand in, readable by the user alone where it is new.
///
/// # Errors
/// When the system refuses.
pub fn make_folder(target: &Path) -> io::Result<()> {
    let Some(folder) = target.parent().filter(|folder| !folder.as_os_str().is_empty()) else {
        return Ok(());
    };
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn fill(temporary: &Path, text: &str) -> io::Result<()> {
    let mut file = create(temporary)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

fn create(temporary: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(temporary)
}

/// A link fails when the name is taken, a rename would not; where links are not possible the rename has to do.
fn place(temporary: &Path, target: &Path, existing: Existing) -> io::Result<()> {
    if existing == Existing::Refuse {
        match fs::hard_link(temporary, target) {
            Ok(()) => return fs::remove_file(temporary),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Err(error),
            Err(_) => {}
        }
    }
    fs::rename(temporary, target)
}
