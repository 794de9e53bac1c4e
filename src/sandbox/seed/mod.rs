//! The world a sandbox starts with: one JSON format for the built-in worlds and for a user's file.

use std::path::PathBuf;

use serde::Deserialize;

use super::state::State;
use super::state::card::CardTemplate;
use super::state::file::SeedFile;
use super::state::group::Group;
use super::state::login::LoginCode;
use super::state::org::{Company, Department, User};
use super::state::token::App;
use super::state::webhook::{CustomRobot, SeedSession};
use crate::error::{Error, Kind, Result};

/// What a sandbox begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seed {
    /// A small Chinese company with a dozen people and three groups; its ids never change.
    Small,
    /// The root department, one admin and the app; no groups.
    Empty,
    /// A JSON file of the same shape as `src/sandbox/seed/small.json`.
    File(PathBuf),
}

/// The shape of a seed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Shape {
    pub(super) app: App,
    pub(super) organisation: Company,
    pub(super) departments: Vec<Department>,
    pub(super) users: Vec<User>,
    #[serde(default)]
    pub(super) groups: Vec<Group>,
    #[serde(default)]
    pub(super) webhooks: Vec<CustomRobot>,
    #[serde(default)]
    pub(super) sessions: Vec<SeedSession>,
    #[serde(default)]
    pub(super) group_templates: Vec<String>,
    #[serde(default)]
    pub(super) card_templates: Vec<CardTemplate>,
    #[serde(default)]
    pub(super) login_codes: Vec<LoginCode>,
    #[serde(default)]
    pub(super) files: Vec<SeedFile>,
    /// Tokens of questions that wait for an assistant's reply.
    #[serde(default)]
    pub(super) conversation_tokens: Vec<String>,
}

impl Seed {
    /// Reads and checks the seed; `now` (milliseconds) starts the life of its session webhooks.
    pub(super) fn load(&self, now: i64) -> Result<State> {
        match self {
            Self::Small => built_in(include_str!("small.json"), now),
            Self::Empty => built_in(include_str!("empty.json"), now),
            Self::File(path) => {
                let text = std::fs::read_to_string(path).map_err(|error| Error::file(path, error))?;
                build(&text, now).map_err(|problem| Error::new(Kind::File { path: path.clone(), problem }))
            }
        }
    }
}

fn built_in(text: &str, now: i64) -> Result<State> {
    build(text, now).map_err(|problem| Error::new(Kind::Bug { problem: format!("built-in seed: {problem}") }))
}

fn build(text: &str, now: i64) -> Result<State, String> {
    let shape: Shape = serde_json::from_str(text).map_err(|error| error.to_string())?;
    State::new(shape, now)
}
