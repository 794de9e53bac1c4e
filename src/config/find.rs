//! Which file is the configuration.

use std::path::{Path, PathBuf};

use super::{Env, Flags, Source};

/// Name of a configuration file that is found by itself.
pub(super) const NAME: &str = "dingraia.toml";
/// The variable that names a configuration file.
pub(super) const VARIABLE: &str = "DINGRAIA_CONFIG";

/// The first file of: the flag, the variable, the current folder and its parents, the user's folder.
///
/// A file that is named need not exist here; reading it says so. Anything called `dingraia.toml` counts as found, so a
/// folder of that name or an unreadable file is an error and not skipped.
pub(super) fn file(flags: &Flags, env: &Env) -> Source {
    let named = flags.config.clone().or_else(|| env.raw(VARIABLE).map(PathBuf::from));
    if let Some(path) = named {
        return Source { file: Some(env.absolute(&path)), project: false };
    }
    let own = env.paths().config_file();
    let above = env.cwd().and_then(|cwd| cwd.ancestors().map(|dir| dir.join(NAME)).find(|path| exists(path)));
    if let Some(path) = above {
        let project = own.as_ref() != Some(&path);
        return Source { file: Some(path), project };
    }
    Source { file: own.filter(|path| exists(path)), project: false }
}

fn exists(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}
