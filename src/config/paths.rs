//! The user's folders, and where the cache file lives.

use std::path::{Path, PathBuf};

use super::Config;

/// Name of the cache file, the one the Python framework uses.
pub const DATABASE: &str = "Dingraia_cache.db";

/// The user's folders; all `None` when there is no home directory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Paths {
    /// Where the user's `dingraia.toml` is looked for.
    pub config_dir: Option<PathBuf>,
    /// Where caches without a project live.
    pub data_dir: Option<PathBuf>,
    /// Where history and logs live; the local data folder on systems without one for state.
    pub state_dir: Option<PathBuf>,
}

impl Paths {
    /// The user's configuration file, whether it exists or not.
    pub fn config_file(&self) -> Option<PathBuf> {
        self.config_dir.as_ref().map(|dir| dir.join(super::find::NAME))
    }

    /// The cache file: the configured one, else beside the project's configuration file, else in the data folder under
    /// the profile's name. `None` means memory: there is no folder for it, or `use_database` is off.
    pub fn database_path(&self, config: &Config) -> Option<PathBuf> {
        if !config.use_database {
            return None;
        }
        if let Some(path) = &config.database {
            return Some(path.clone());
        }
        if config.source.project {
            return config.source.file.as_deref().and_then(Path::parent).map(|dir| dir.join(DATABASE));
        }
        self.data_dir.as_ref().map(|dir| dir.join(config.profile_name()).join(DATABASE))
    }
}
