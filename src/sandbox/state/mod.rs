//! What the sandbox knows, by topic; each topic has its own short lock.

pub(super) mod ai;
pub(super) mod card;
pub(super) mod file;
pub(super) mod group;
pub(super) mod login;
pub(super) mod message;
pub(super) mod newest;
pub(super) mod org;
pub(super) mod switches;
pub(super) mod token;
pub(super) mod webhook;

use parking_lot::{Mutex, RwLock};

use serde_json::Value;

use self::ai::Assistant;
use self::card::Cards;
use self::file::Files;
use self::group::Groups;
use self::login::Login;
use self::message::Messages;
use self::newest::Newest;
use self::org::Organisation;
use self::token::{App, Tokens};
use self::webhook::Webhooks;
use super::ding::Ding;
use super::media::Upload;
use super::seed::Shape;

/// The state behind every route. No two of its locks are ever held at the same time.
pub(super) struct State {
    pub(super) app: RwLock<App>,
    pub(super) tokens: Mutex<Tokens>,
    pub(super) organisation: RwLock<Organisation>,
    pub(super) groups: RwLock<Groups>,
    pub(super) webhooks: Mutex<Webhooks>,
    pub(super) messages: Mutex<Messages>,
    pub(super) login: Mutex<Login>,
    pub(super) cards: Mutex<Cards>,
    pub(super) assistant: Mutex<Assistant>,
    pub(super) dings: Mutex<Newest<Ding>>,
    pub(super) uploads: Mutex<Newest<Upload>>,
    /// What the robot says while nobody is connected.
    pub(super) off_duty: Mutex<Option<Value>>,
    /// Templates for scene groups that the app has.
    pub(super) group_templates: Vec<String>,
    /// Files of received messages.
    pub(super) files: RwLock<Files>,
}

impl State {
    /// Builds the state of a seed at `now` (milliseconds); the text says what is wrong with the seed.
    pub(super) fn new(seed: Shape, now: i64) -> Result<Self, String> {
        let organisation = Organisation::new(seed.organisation, seed.departments, seed.users)?;
        let groups = Groups::new(seed.groups, &organisation)?;
        let webhooks = Webhooks::new(seed.webhooks, seed.sessions, &groups, now)?;
        let mut group_templates = seed.group_templates;
        group_templates.extend(groups.templates().cloned());
        let asked = seed.conversation_tokens.into_iter().collect();
        Ok(Self {
            app: RwLock::new(seed.app),
            tokens: Mutex::default(),
            organisation: RwLock::new(organisation),
            groups: RwLock::new(groups),
            webhooks: Mutex::new(webhooks),
            messages: Mutex::default(),
            login: Mutex::new(Login::new(seed.login_codes)),
            cards: Mutex::new(Cards::new(seed.card_templates)),
            assistant: Mutex::new(Assistant { asked, ..Assistant::default() }),
            dings: Mutex::default(),
            uploads: Mutex::default(),
            off_duty: Mutex::default(),
            group_templates,
            files: RwLock::new(Files::new(seed.files)?),
        })
    }
}
