//! What a folder brings along is not run or followed before somebody said so once.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::clock::hex;
use crate::config::{Existing, Paths, write_private};
use crate::error::Result;

/// The contents that were trusted, by file.
pub(super) struct Trust {
    store: Option<PathBuf>,
    known: BTreeMap<String, String>,
}

impl Trust {
    /// Reads what was trusted before. What cannot be read trusts nothing.
    pub(super) fn load(paths: &Paths) -> Self {
        let store = paths.state_dir.as_ref().map(|dir| dir.join("trust.json"));
        let text = store.as_ref().and_then(|path| fs::read_to_string(path).ok());
        let known = text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        Self { store, known }
    }

    /// True when exactly this content of `file` was trusted.
    pub(super) fn knows(&self, file: &Path, content: &str) -> bool {
        self.known.get(&name(file)).is_some_and(|known| *known == digest(content))
    }

    /// Remembers this content of `file`.
    ///
    /// # Errors
    /// When the list cannot be written.
    pub(super) fn remember(&mut self, file: &Path, content: &str) -> Result<()> {
        self.known.insert(name(file), digest(content));
        let Some(store) = &self.store else { return Ok(()) };
        let text = serde_json::to_string_pretty(&self.known).unwrap_or_default();
        write_private(store, &text, Existing::Replace)
    }
}

fn name(file: &Path) -> String {
    fs::canonicalize(file).unwrap_or_else(|_| file.to_owned()).to_string_lossy().into_owned()
}

fn digest(content: &str) -> String {
    hex(&Sha256::digest(content.as_bytes()))
}
