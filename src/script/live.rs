//! The handles that scripts hold: `app`, its raw doors, configurations.

use std::fmt;
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::config::Config;
use crate::error::Result;
use crate::ops::Session;
use crate::spec::Host;

/// A live client as `app` or as `Dingtalk(…)` makes it.
#[derive(Clone, Debug)]
pub struct Live(pub Arc<Session>);

/// `app.api` or `app.oapi`.
#[derive(Clone, Debug)]
pub(super) struct Door {
    pub(super) session: Arc<Session>,
    pub(super) host: Host,
}

/// A `Config(…)`.
#[derive(Clone, Debug)]
pub(super) struct ConfigHandle(pub(super) Arc<Config>);

/// A `Bot(…)`, `CallBack(…)` or `Stream(…)`.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) name: &'static str,
    pub(super) fields: Map<String, Value>,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{}>", self.name)
    }
}

/// Makes a session of a configuration: the composition root's part, handed to the scripts.
pub type Opener = Arc<dyn Fn(Config) -> Result<Arc<Session>> + Send + Sync>;
