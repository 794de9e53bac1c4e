//! Custom robots of groups and the session webhooks of received messages, with their rate limit.

use std::collections::{HashMap, HashSet, VecDeque};

use serde::Deserialize;

use super::group::Groups;

/// Messages a robot may send within [`WINDOW`].
const MESSAGES: usize = 20;
/// The window of the limit, in milliseconds.
const WINDOW: i64 = 60_000;
/// How long a robot that went over the limit stays silent, in milliseconds.
const SILENCE: i64 = 600_000;

/// Sessions of messages that are remembered.
const MOST_GIVEN: usize = 20_000;

/// A custom robot (<https://open.dingtalk.com/document/robots/custom-robot-access>).
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox) struct CustomRobot {
    /// What the group calls it; nothing on the wire shows it.
    #[serde(rename = "name", default)]
    pub _name: String,
    /// The `access_token` of its URL.
    pub token: String,
    /// The key of its signature; without one it takes unsigned messages.
    #[serde(default)]
    pub secret: Option<String>,
    /// At least one of them has to stand in a message, if there are any.
    #[serde(default)]
    pub keywords: Vec<String>,
    #[serde(default)]
    pub stopped: bool,
    pub open_conversation_id: String,
}

/// A session webhook in a seed.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox) struct SeedSession {
    pub session: String,
    pub open_conversation_id: String,
    /// Counted from the start of the sandbox.
    pub lives_seconds: i64,
}

/// A session webhook: who holds its URL may write into the conversation until it expires.
#[derive(Debug, Clone)]
pub(in crate::sandbox) struct Session {
    pub open_conversation_id: String,
    /// Who is at the other end of a conversation with the robot alone.
    pub person: Option<String>,
    /// Milliseconds of Unix time.
    pub expires: i64,
}

/// All webhooks.
pub(in crate::sandbox) struct Webhooks {
    robots: Vec<CustomRobot>,
    sessions: HashMap<String, Session>,
    /// Sessions of messages that people sent, oldest first.
    given: VecDeque<String>,
    pace: HashMap<String, Pace>,
    used: HashSet<(String, String)>,
}

#[derive(Debug, Default)]
struct Pace {
    sent: VecDeque<i64>,
    silent_until: i64,
}

impl Webhooks {
    /// Checks the webhooks against the groups; the text says what is wrong.
    pub(in crate::sandbox) fn new(
        robots: Vec<CustomRobot>,
        sessions: Vec<SeedSession>,
        groups: &Groups,
        now: i64,
    ) -> Result<Self, String> {
        for (index, robot) in robots.iter().enumerate() {
            if groups.get(&robot.open_conversation_id).is_none() {
                return Err(format!("webhook {}: no group `{}`", index + 1, robot.open_conversation_id));
            }
            if robots[..index].iter().any(|other| other.token == robot.token) {
                return Err(format!("webhook {}: its token stands there twice", index + 1));
            }
            if robot.keywords.len() > 10 {
                return Err(format!("webhook {}: at most 10 keywords", index + 1));
            }
        }
        let mut live = HashMap::new();
        for (index, seed) in sessions.into_iter().enumerate() {
            if groups.get(&seed.open_conversation_id).is_none() {
                return Err(format!("session {}: no group `{}`", index + 1, seed.open_conversation_id));
            }
            let expires = now.saturating_add(seed.lives_seconds.saturating_mul(1000));
            let session = Session { open_conversation_id: seed.open_conversation_id, person: None, expires };
            if live.insert(seed.session, session).is_some() {
                return Err(format!("session {}: it stands there twice", index + 1));
            }
        }
        let given = VecDeque::new();
        Ok(Self { robots, sessions: live, given, pace: HashMap::new(), used: HashSet::new() })
    }

    pub(in crate::sandbox) fn first(&self) -> Option<&CustomRobot> {
        self.robots.first()
    }

    pub(in crate::sandbox) fn robot(&self, token: &str) -> Option<CustomRobot> {
        self.robots.iter().find(|robot| robot.token == token).cloned()
    }

    /// Keeps the session of a message that somebody sent; the oldest of very many are forgotten.
    pub(in crate::sandbox) fn give(&mut self, id: String, session: Session) {
        self.given.push_back(id.clone());
        self.sessions.insert(id, session);
        if self.given.len() > MOST_GIVEN
            && let Some(oldest) = self.given.pop_front()
        {
            self.sessions.remove(&oldest);
            self.pace.remove(&oldest);
        }
    }

    /// The session, unless it is unknown or expired.
    pub(in crate::sandbox) fn session(&self, session: &str, now: i64) -> Option<Session> {
        self.sessions.get(session).filter(|session| now < session.expires).cloned()
    }

    /// Counts one message of `key`; false when it is over the limit, which silences the key for ten minutes.
    pub(in crate::sandbox) fn may_send(&mut self, key: &str, now: i64) -> bool {
        let pace = self.pace.entry(key.to_string()).or_default();
        if now < pace.silent_until {
            return false;
        }
        while pace.sent.front().is_some_and(|sent| *sent + WINDOW <= now) {
            pace.sent.pop_front();
        }
        if pace.sent.len() >= MESSAGES {
            pace.silent_until = now + SILENCE;
            pace.sent.clear();
            return false;
        }
        pace.sent.push_back(now);
        true
    }

    /// Remembers a `msgUuid` of `key`; false when it was there already, so the message is a repetition.
    pub(in crate::sandbox) fn first_use(&mut self, key: &str, uuid: &str) -> bool {
        self.used.insert((key.to_string(), uuid.to_string()))
    }
}
