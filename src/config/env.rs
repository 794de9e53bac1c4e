//! The environment as the program sees it: variables, the current folder and the user's folders.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use directories::ProjectDirs;

use super::paths::Paths;

/// Variables, the current folder and the user's folders, handed in so that tests need no process environment.
///
/// A variable that is set to nothing counts as not set.
#[derive(Clone, Default)]
pub struct Env {
    vars: BTreeMap<OsString, OsString>,
    cwd: Option<PathBuf>,
    paths: Paths,
}

impl Env {
    /// The environment of this process. Without a home directory the user's folders are absent.
    pub fn process() -> Self {
        let paths = ProjectDirs::from("", "", "dingraia").map(|dirs| Paths {
            config_dir: Some(dirs.config_dir().into()),
            data_dir: Some(dirs.data_dir().into()),
            state_dir: Some(dirs.state_dir().unwrap_or_else(|| dirs.data_local_dir()).into()),
        });
        Self {
            vars: std::env::vars_os().collect(),
            cwd: std::env::current_dir().ok(),
            paths: paths.unwrap_or_default(),
        }
    }

    /// An environment of these variables alone: no current folder and no home directory.
    pub fn of<K: Into<OsString>, V: Into<OsString>>(vars: impl IntoIterator<Item = (K, V)>) -> Self {
        let vars = vars.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        Self { vars, ..Self::default() }
    }

    /// The same with `cwd` as the current folder.
    #[must_use]
    pub fn in_dir(mut self, cwd: impl Into<PathBuf>) -> Self {
        self.cwd = Some(cwd.into());
        self
    }

    /// The same with the user's folders below `home`, laid out as on Linux whatever the system.
    #[must_use]
    pub fn with_home(mut self, home: impl AsRef<Path>) -> Self {
        let home = home.as_ref();
        self.paths = Paths {
            config_dir: Some(home.join(".config/dingraia")),
            data_dir: Some(home.join(".local/share/dingraia")),
            state_dir: Some(home.join(".local/state/dingraia")),
        };
        self
    }

    /// A variable as the system gives it; `None` when it is not set or empty.
    pub fn raw(&self, name: &str) -> Option<&OsStr> {
        self.vars.get(OsStr::new(name)).map(OsString::as_os_str).filter(|value| !value.is_empty())
    }

    /// A variable as text; `None` also when it is not UTF-8.
    pub fn var(&self, name: &str) -> Option<&str> {
        self.raw(name).and_then(OsStr::to_str)
    }

    /// The names of the variables that are set and begin with `start`.
    pub(super) fn names<'a>(&'a self, start: &'a str) -> impl Iterator<Item = &'a str> {
        let set = self.vars.iter().filter(|(_, value)| !value.is_empty());
        set.filter_map(|(name, _)| name.to_str()).filter(move |name| name.starts_with(start))
    }

    /// The current folder, when there is one.
    pub fn cwd(&self) -> Option<&Path> {
        self.cwd.as_deref()
    }

    /// The user's folders.
    pub fn paths(&self) -> &Paths {
        &self.paths
    }

    /// `path` seen from the current folder.
    pub(super) fn absolute(&self, path: &Path) -> PathBuf {
        self.cwd().map_or_else(|| path.into(), |cwd| cwd.join(path))
    }
}

impl std::fmt::Debug for Env {
    /// Names only: values may be secrets.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Env")
            .field("vars", &self.vars.keys())
            .field("cwd", &self.cwd)
            .field("paths", &self.paths)
            .finish()
    }
}
