//! The file: appended to by several programs at once, and put aside when it has grown.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

/// How large a file grows, in bytes.
const MOST_BYTES: u64 = 4 * 1024 * 1024;

/// How many older files are kept.
const OLDER: usize = 4;

/// The file that was put aside as the `number`th: `journal.1.jsonl` is the youngest of them.
pub(super) fn older(path: &Path, number: usize) -> PathBuf {
    path.with_extension(format!("{number}.jsonl"))
}

/// The files from the youngest to the oldest.
pub(super) fn files(path: &Path) -> impl Iterator<Item = PathBuf> {
    std::iter::once(path.to_owned()).chain((1..=OLDER).map(|number| older(path, number)))
}

/// Adds whole lines, behind whatever a full disk has left of an earlier one. Only the user may read the file.
pub(super) fn append(path: &Path, lines: &[u8]) -> io::Result<()> {
    let lock = own(&path.with_extension("lock"))?;
    // A folder on which locks are not possible is written to without: appended lines do not mix anyway.
    let _ = lock.lock();
    let size = path.metadata().map_or(0, |file| file.len());
    if size > 0 && size + lines.len() as u64 > MOST_BYTES {
        put_aside(path)?;
    }
    let mut file = own(path)?;
    if is_torn(path) {
        file.write_all(b"\n")?;
    }
    file.write_all(lines)
}

/// Whether the last line has no end. A file that cannot be read is taken as whole.
fn is_torn(path: &Path) -> bool {
    let last = || -> io::Result<u8> {
        let (mut file, mut last) = (File::open(path)?, [0]);
        file.seek(SeekFrom::End(-1))?;
        file.read_exact(&mut last)?;
        Ok(last[0])
    };
    last().is_ok_and(|last| last != b'\n')
}

/// Opens a file of the user's own, and makes it and its folder when they are not there.
fn own(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).or_else(|_| {
        if let Some(folder) = path.parent() {
            let mut builder = fs::DirBuilder::new();
            builder.recursive(true);
            #[cfg(unix)]
            std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
            builder.create(folder)?;
        }
        options.open(path)
    })
}

/// Makes room: each file becomes the next older one, and the oldest is gone.
fn put_aside(path: &Path) -> io::Result<()> {
    for number in (1..OLDER).rev() {
        match fs::rename(older(path, number), older(path, number + 1)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    fs::rename(path, older(path, 1))
}

#[cfg(test)]
mod tests {
    use super::{MOST_BYTES, OLDER, append, files};

    fn line(number: usize) -> Vec<u8> {
        format!("{{\"n\":{number},\"x\":\"{}\"}}\n", "x".repeat(100_000)).into_bytes()
    }

    #[test]
    fn old_lines_go_when_there_are_too_many() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/journal.jsonl");
        for number in 0..300 {
            append(&path, &line(number)).unwrap();
        }
        let kept: Vec<String> =
            files(&path).filter_map(|file| std::fs::read_to_string(file).ok()).rev_lines();
        assert!(files(&path).all(|file| file.metadata().unwrap().len() <= MOST_BYTES));
        assert_eq!(std::fs::read_dir(path.parent().unwrap()).unwrap().count(), OLDER + 2);
        // The youngest are there, without a gap.
        let first = 300 - kept.len();
        assert!(kept.len() > 160 && kept.len() < 300);
        for (index, text) in kept.iter().enumerate() {
            assert!(text.starts_with(&format!("{{\"n\":{},", first + index)), "{index}: {}", &text[..20]);
        }
    }

    trait Lines {
        fn rev_lines(self) -> Vec<String>;
    }

    impl<I: Iterator<Item = String>> Lines for I {
        /// The lines of files that come youngest first, oldest line first.
        fn rev_lines(self) -> Vec<String> {
            let mut texts: Vec<String> = self.collect();
            texts.reverse();
            texts.iter().flat_map(|text| text.lines()).map(str::to_owned).collect()
        }
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_reads_it() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state/journal.jsonl");
        append(&path, b"{}\n").unwrap();
        let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
    }

    #[test]
    fn a_torn_line_takes_no_other_with_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal.jsonl");
        let read = || std::fs::read_to_string(&path).unwrap();
        append(&path, b"{\"a\":1}\n").unwrap();
        append(&path, b"{\"b\":2}\n").unwrap();
        assert_eq!(read(), "{\"a\":1}\n{\"b\":2}\n");
        let torn = read().replace(":2}\n", "");
        std::fs::write(&path, &torn).unwrap();
        append(&path, b"{\"c\":3}\n").unwrap();
        append(&path, b"{\"d\":4}\n").unwrap();
        assert_eq!(read(), torn + "\n{\"c\":3}\n{\"d\":4}\n");
    }

    #[test]
    fn several_writers_lose_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal.jsonl");
        std::thread::scope(|scope| {
            for writer in 0..4 {
                let path = &path;
                scope.spawn(move || {
                    for number in 0..50 {
                        append(path, format!("{writer} {number} {}\n", "y".repeat(40_000)).as_bytes())
                            .unwrap();
                    }
                });
            }
        });
        let lines = files(&path).filter_map(|file| std::fs::read_to_string(file).ok()).rev_lines();
        assert_eq!(lines.len(), 200);
        assert!(lines.iter().all(|line| line.ends_with(&"y".repeat(40_000)) && line.len() < 40_020));
    }
}
