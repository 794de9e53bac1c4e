//! People who log in: one-time codes, user tokens and refresh tokens.

use std::collections::HashMap;

use serde::Deserialize;

use super::token::LIFE;
use crate::clock::{Clock, hex};

/// How long a refresh token lives, in milliseconds.
const REFRESH_LIFE: i64 = 30 * 24 * 3600 * 1000;

/// A login code in a seed.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox) struct LoginCode {
    pub code: String,
    pub userid: String,
}

/// A pair of tokens for one person.
pub(in crate::sandbox) struct Pair {
    pub access: String,
    pub refresh: String,
}

struct Owned {
    userid: String,
    expires: i64,
}

/// Every code and token that is still good for something.
#[derive(Default)]
pub(in crate::sandbox) struct Login {
    codes: HashMap<String, String>,
    access: HashMap<String, Owned>,
    refresh: HashMap<String, Owned>,
}

impl Login {
    pub(in crate::sandbox) fn new(codes: Vec<LoginCode>) -> Self {
        let codes = codes.into_iter().map(|code| (code.code, code.userid)).collect();
        Self { codes, ..Self::default() }
    }

    /// A new code, as the login page hands it over.
    pub(in crate::sandbox) fn code(&mut self, userid: &str, clock: &Clock) -> String {
        let code = random(clock);
        self.codes.insert(code.clone(), userid.to_string());
        code
    }

    /// Trades a code, once.
    pub(in crate::sandbox) fn exchange(&mut self, code: &str, clock: &Clock) -> Option<Pair> {
        let userid = self.codes.remove(code)?;
        Some(self.issue(&userid, clock))
    }

    /// Trades a refresh token, once: its answer holds the next one.
    pub(in crate::sandbox) fn refresh(&mut self, token: &str, clock: &Clock) -> Option<Pair> {
        let owned = self.refresh.remove(token).filter(|owned| clock.millis() < owned.expires)?;
        Some(self.issue(&owned.userid, clock))
    }

    /// Whose token this is.
    pub(in crate::sandbox) fn person(&self, token: &str, now: i64) -> Option<String> {
        self.access.get(token).filter(|owned| now < owned.expires).map(|owned| owned.userid.clone())
    }

    /// Forgets the access tokens; refresh tokens stay good.
    pub(in crate::sandbox) fn forget_tokens(&mut self) {
        self.access.clear();
    }

    fn issue(&mut self, userid: &str, clock: &Clock) -> Pair {
        let now = clock.millis();
        self.access.retain(|_, owned| now < owned.expires);
        self.refresh.retain(|_, owned| now < owned.expires);
        let pair = Pair { access: random(clock), refresh: random(clock) };
        let owned = |expires| Owned { userid: userid.to_string(), expires };
        self.access.insert(pair.access.clone(), owned(now + LIFE * 1000));
        self.refresh.insert(pair.refresh.clone(), owned(now + REFRESH_LIFE));
        pair
    }
}

fn random(clock: &Clock) -> String {
    let mut bytes = [0; 16];
    clock.random(&mut bytes);
    hex(&bytes)
}
