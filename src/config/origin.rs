//! Where a value came from.

use std::fmt;

use crate::error::Place;
use crate::lang::{Lang, Text};

/// Where a value of the configuration came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Nobody set it.
    Default,
    /// The configuration file, and the line there.
    File(Place),
    /// An environment variable.
    Env(&'static str),
    /// A flag of the command line, as `--lang`.
    Flag(&'static str),
    /// A `Config(#{…})` of a script.
    Script,
}

impl Origin {
    /// The word of machine output: `default`, `file`, `env`, `flag` or `script`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::File(_) => "file",
            Self::Env(_) => "env",
            Self::Flag(_) => "flag",
            Self::Script => "script",
        }
    }

    /// The place an error message names; `None` where there is nothing to point at.
    pub fn place(&self) -> Option<Place> {
        match self {
            Self::File(place) => Some(place.clone()),
            Self::Env(name) => Some(Place { file: format!("${name}").into(), line: None }),
            Self::Flag(name) => Some(Place { file: (*name).into(), line: None }),
            Self::Default | Self::Script => None,
        }
    }

    /// What a person reads: the place, or a word where there is none.
    pub fn text(&self, lang: Lang) -> String {
        match self.place() {
            Some(place) => place.to_string(),
            None if *self == Self::Script => Text::fixed("script", "脚本").get(lang).into(),
            None => Text::fixed("default", "默认值").get(lang).into(),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(Lang::En))
    }
}
