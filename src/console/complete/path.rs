//! Files and folders of this machine.

use std::path::Path;

use super::rank::{Fit, ranked};
use crate::console::editor::Candidate;

/// The most entries of a folder that are looked at.
const MOST: usize = 5_000;

/// A name in a folder.
struct Entry {
    name: String,
    is_folder: bool,
}

/// What could follow `typed`, seen from `folder`. The replacement of a file ends with `end`, that of a folder with `/`.
pub(super) fn paths(
    folder: &Path,
    typed: &str,
    end: &str,
    written: impl Fn(&str) -> String,
) -> Vec<Candidate> {
    let (above, name) = typed.rfind('/').map_or(("", typed), |slash| typed.split_at(slash + 1));
    let Ok(entries) = std::fs::read_dir(folder.join(above)) else { return Vec::new() };
    let mut entries: Vec<Entry> = entries.flatten().take(MOST).filter_map(|entry| read(&entry)).collect();
    // Hidden ones only when they are asked for.
    entries.retain(|entry| !entry.name.starts_with('.') || name.starts_with('.'));
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    let candidate = |(fit, entry): (Fit, Entry)| {
        let mark = if entry.is_folder { "/" } else { "" };
        let end = if entry.is_folder { "/" } else { end };
        Candidate {
            display: format!("{}{mark}", entry.name),
            note: String::new(),
            replacement: format!("{}{end}", written(&format!("{above}{}", entry.name))),
            is_prefix: fit == Fit::Prefix,
        }
    };
    ranked(entries, name, |entry| &entry.name).into_iter().map(candidate).collect()
}

fn read(entry: &std::fs::DirEntry) -> Option<Entry> {
    let name = entry.file_name().into_string().ok()?;
    // A link to a folder is one.
    Some(Entry { name, is_folder: entry.path().is_dir() })
}

#[cfg(test)]
mod tests {
    use super::paths;

    #[test]
    fn files_and_folders_are_found() {
        let home = tempfile::tempdir().unwrap();
        for name in ["报告.pdf", "photo.png", "photo2.png", ".hidden", "in/side.txt"] {
            let path = home.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "").unwrap();
        }
        let found = |typed| {
            let found = paths(home.path(), typed, "\"", str::to_owned);
            found.into_iter().map(|candidate| candidate.replacement).collect::<Vec<_>>()
        };
        assert_eq!(found("报"), ["报告.pdf\""]);
        assert_eq!(found("ph"), ["photo.png\"", "photo2.png\""]);
        assert_eq!(found("i"), ["in/"]);
        assert_eq!(found("in/"), ["in/side.txt\""]);
        assert_eq!(found("."), [".hidden\""]);
        assert_eq!(found("PHOTO2"), ["photo2.png\""]);
        assert_eq!(found("none/"), [""; 0]);
    }
}
