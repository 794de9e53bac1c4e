//! What the sandbox knows, by topic; each topic has its own short lock.

pub(super) mod group;
pub(super) mod message;
pub(super) mod org;
pub(super) mod token;
pub(super) mod webhook;

use parking_lot::{Mutex, RwLock};

use self::group::Groups;
use self::message::Messages;
use self::org::Organisation;
use self::token::{App, Tokens};
use self::webhook::Webhooks;
use super::seed::Shape;

/// The state behind every route. No two of its locks are ever held at the same time.
pub(super) struct State {
    pub(super) app: RwLock<App>,
    pub(super) tokens: Mutex<Tokens>,
    pub(super) organisation: RwLock<Organisation>,
    pub(super) groups: RwLock<Groups>,
    pub(super) webhooks: Mutex<Webhooks>,
    pub(super) messages: Mutex<Messages>,
}

impl State {
    /// Builds the state of a seed at `now` (milliseconds); the text says what is wrong with the seed.
    pub(super) fn new(seed: Shape, now: i64) -> Result<Self, String> {
        let organisation = Organisation::new(seed.organisation, seed.departments, seed.users)?;
        let groups = Groups::new(seed.groups, &organisation)?;
        let webhooks = Webhooks::new(seed.webhooks, seed.sessions, &groups, now)?;
        Ok(Self {
            app: RwLock::new(seed.app),
            tokens: Mutex::default(),
            organisation: RwLock::new(organisation),
            groups: RwLock::new(groups),
            webhooks: Mutex::new(webhooks),
            messages: Mutex::default(),
        })
    }
}
