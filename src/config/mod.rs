//! The configuration: one file, then the environment, then the flags; every value knows where it came from.
//!
//! `keys` is the one table of what can be set. A file (`find`, `file`) or a script is read into plain values (`node`),
//! checked against the table (`layer`, `check`), laid over each other (`overlay`) and made a [`Config`] (`build`).

mod build;
mod check;
mod env;
mod file;
mod find;
pub mod keys;
mod layer;
mod model;
mod node;
mod origin;
mod overlay;
mod paths;
mod proxies;
mod rows;
mod secrets;
mod template;
mod trust;
mod write;

use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

pub use crate::secret::{MASK, Secret};
pub use env::Env;
pub use model::{
    Bot, CallBack, Config, Confirm, CustomStreamConnect, DataCacheTime, EditMode, Endpoints, GroupApi, Pace,
    Source, Stream, Timeouts, Tls,
};
pub use origin::Origin;
pub use paths::{DATABASE, Paths};
pub use proxies::Proxies;
pub use rows::Row;
pub use template::template;
pub use write::{Existing, check_place, make_folder, write_private};

use crate::error::{Error, Place, Result};
use crate::lang::{Lang, Text};

/// The variable that chooses a profile.
const PROFILE: &str = "DINGRAIA_PROFILE";

/// What the command line says about the configuration.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Flags {
    /// `--config`: the file.
    pub config: Option<PathBuf>,
    /// `--profile`: the profile of the file.
    pub profile: Option<String>,
    /// `--lang`: the language.
    pub lang: Option<Lang>,
    /// `--timeout`: limit of the whole program in seconds.
    pub timeout: Option<f64>,
}

/// A configuration and what belongs to it.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The configuration.
    pub config: Config,
    /// The user's folders.
    pub paths: Paths,
    /// Names of the file's profiles, in its order.
    pub profiles: Vec<String>,
}

/// Finds, reads and checks the configuration. Without a file it is what the environment and the flags say.
pub fn load(flags: &Flags, env: &Env) -> Result<Loaded> {
    overlay::refuse_strays(env)?;
    let source = find::file(flags, env);
    let file = source.file.as_deref().map(file::read).transpose()?.unwrap_or_default();
    let profiles: Vec<String> = file.profiles.iter().map(|(name, _)| name.clone()).collect();
    let mut layer = file.base;
    let is_one = |name: &String| name != NO_PROFILE || profiles.contains(name);
    let chosen = chosen_profile(flags, env).filter(|(name, _)| is_one(name));
    if let Some((name, origin)) = &chosen {
        let Some((_, over)) = file.profiles.into_iter().find(|(known, _)| known == name) else {
            return Err(unknown_profile(name, origin, &source, &profiles));
        };
        layer::lay(&mut layer, over);
    }
    layer::lay(&mut layer, overlay::environment(env)?);
    layer::lay(&mut layer, overlay::flags(flags));
    let mut config = build::config(layer)?;
    config.profile = chosen.map(|(name, _)| name);
    config.timeout = overlay::timeout(flags)?;
    config.database =
        config.database.take().map(|path| from_its_folder(&path, &config.origin("database"), env));
    config.tls.ca_file =
        config.tls.ca_file.take().map(|path| from_its_folder(&path, &config.origin("tls.ca_file"), env));
    config.proxies = Proxies::read(env)?;
    config.source = source;
    Ok(Loaded { config, paths: env.paths().clone(), profiles })
}

/// What is there without a profile is called so, at the prompt as well, unless the file has one of that name.
const NO_PROFILE: &str = "default";

impl Config {
    /// How the profile is called, also where there is none.
    pub fn profile_name(&self) -> &str {
        self.profile.as_deref().unwrap_or(NO_PROFILE)
    }

    /// The configuration that a script writes as a map, with the same keys, spellings and checks as a file.
    pub fn from_fields(fields: Map<String, Value>, origin: &Origin) -> Result<Self> {
        build::from_fields(fields, origin)
    }
}

fn chosen_profile(flags: &Flags, env: &Env) -> Option<(String, Origin)> {
    let flag = flags.profile.clone().map(|name| (name, Origin::Flag("--profile")));
    flag.or_else(|| env.raw(PROFILE).map(|name| (name.to_string_lossy().into_owned(), Origin::Env(PROFILE))))
}

fn unknown_profile(name: &str, origin: &Origin, source: &Source, profiles: &[String]) -> Error {
    let known = profiles.join(", ");
    let problem = match &source.file {
        None => Text::made(
            format!("is `{name}`, but no configuration file was found"),
            format!("为 `{name}`，但没有找到配置文件"),
        ),
        Some(file) if profiles.is_empty() => {
            let file = file.display();
            Text::made(
                format!("is `{name}`, but {file} has no profiles"),
                format!("为 `{name}`，但 {file} 中没有配置方案"),
            )
        }
        Some(file) => {
            let file = file.display();
            Text::made(
                format!("is `{name}`, but {file} has only: {known}"),
                format!("为 `{name}`，但 {file} 中只有：{known}"),
            )
        }
    };
    Error::setting(origin.place(), "profile", problem)
}

/// A relative path is seen from the folder of the file that says it, else from the current folder.
fn from_its_folder(path: &Path, origin: &Origin, env: &Env) -> PathBuf {
    match origin {
        Origin::File(Place { file, .. }) => {
            file.parent().map_or_else(|| path.into(), |folder| folder.join(path))
        }
        Origin::Default | Origin::Env(_) | Origin::Flag(_) | Origin::Script => env.absolute(path),
    }
}
