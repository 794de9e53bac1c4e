//! What only the program around the console can do: open another profile, read the configuration again, look at the system.

use std::path::PathBuf;
use std::sync::Arc;

use super::complete::Known;
use super::editor::{Compile, Editor};
use super::repl::State;
use crate::error::Result;
use crate::lang::{Lang, Text};
use crate::script::{Interpreter, Live};

/// The profiles of the configuration.
#[derive(Debug, Clone, Default)]
pub struct Profiles {
    /// Their names.
    pub names: Vec<String>,
    /// The file that names them.
    pub file: Option<PathBuf>,
}

/// Everything that belongs to one profile: its own app, cache, variables and history.
pub struct Opened {
    /// Reads lines, with this profile's history.
    pub editor: Editor,
    /// Tells whether a text is right.
    pub compile: Compile,
    /// Its variables and its app.
    pub interpreter: Interpreter,
    /// What completion knows.
    pub known: Known,
    /// For the prompt.
    pub state: State,
    /// The language of this profile.
    pub lang: Lang,
}

/// What came of reading the configuration again.
pub struct Reloaded {
    /// For the prompt.
    pub state: State,
    /// The language of the profile.
    pub lang: Lang,
    /// What is new, in a sentence.
    pub told: Text,
}

/// What somebody does in the practice organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// Somebody, by name or userId, says something; a first word that is a group, with more behind it, says where.
    Say(String, Vec<String>),
    /// What `dingraia sandbox` does with these words.
    Words(Vec<String>),
}

/// Who and what is in the practice organisation, by id and by what it is called.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Crowd {
    /// People.
    pub people: Vec<(String, String)>,
    /// Groups.
    pub groups: Vec<(String, String)>,
    /// Cards, newest first.
    pub cards: Vec<String>,
    /// The failures that can be asked for.
    pub faults: Vec<String>,
}

/// Something that the robot said in the practice organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The group or the person.
    pub place: String,
    /// What it said.
    pub text: String,
    /// When, Unix time in milliseconds.
    pub time: i64,
}

/// Who is in the practice organisation of an app; nothing when it is not in this process.
pub type Crowds = Arc<dyn Fn(&Live) -> Option<Crowd> + Send + Sync>;

/// The program around the console.
pub trait Host {
    /// The command that edits a file, out of the environment.
    fn text_editor(&self) -> Option<String>;

    /// The home directory.
    fn home(&self) -> Option<PathBuf>;

    /// Whether the terminal can be cleared.
    fn can_redraw(&self) -> bool;

    /// The profiles there are.
    ///
    /// # Errors
    /// When the configuration cannot be read.
    fn profiles(&self) -> Result<Profiles>;

    /// Opens a session on a profile.
    ///
    /// # Errors
    /// When there is none of that name, or it cannot be opened.
    fn open(&self, profile: &str) -> Result<Opened>;

    /// Reads configuration and `main.rhai` again, and gives the session a new app; its variables stay.
    ///
    /// # Errors
    /// When they cannot be read; then everything is as it was.
    fn reload(&self, profile: &str, interpreter: &mut Interpreter) -> Result<Reloaded>;

    /// Has something done in the practice organisation; what came of it.
    ///
    /// # Errors
    /// When `app` is not one, or it refuses.
    fn practise(&self, interpreter: &Interpreter, deed: &Deed, lang: Lang) -> Result<String>;

    /// Checks configuration, token, clock and cache: a line each.
    fn doctor(&self, interpreter: &Interpreter, lang: Lang) -> Vec<String>;
}
