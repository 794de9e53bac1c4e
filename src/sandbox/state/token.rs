//! The app, its permission points and its access tokens.

use serde::Deserialize;

use crate::clock::{Clock, hex};

/// How long a token lives, in seconds.
pub(in crate::sandbox) const LIFE: i64 = 7200;

/// The app whose credentials the sandbox knows.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox) struct App {
    pub app_key: String,
    pub app_secret: String,
    pub robot_code: String,
    /// Permission points that were granted.
    pub permissions: Vec<String>,
}

/// The two calls that give a token; each has its own current one, and both are good on both hosts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sandbox) enum Issuer {
    /// `/gettoken` of oapi.
    Old,
    /// `/v1.0/oauth2/accessToken` of api.
    New,
}

/// What a token is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sandbox) enum Standing {
    Valid,
    Expired,
    Unknown,
}

struct Token {
    text: String,
    issuer: Issuer,
    expires: i64,
}

/// Every token that was issued and not forgotten.
#[derive(Default)]
pub(in crate::sandbox) struct Tokens(Vec<Token>);

impl Tokens {
    /// The current token of the issuer, renewed; a new one when there is none.
    pub(in crate::sandbox) fn issue(&mut self, issuer: Issuer, clock: &Clock) -> String {
        let now = clock.millis();
        let expires = now + LIFE * 1000;
        if let Some(token) = self.0.iter_mut().find(|token| token.issuer == issuer && now < token.expires) {
            token.expires = expires;
            return token.text.clone();
        }
        // Long dead tokens need no memory; young dead ones are told from unknown ones.
        self.0.retain(|token| now < token.expires + LIFE * 1000);
        let mut bytes = [0; 16];
        clock.random(&mut bytes);
        let text = hex(&bytes);
        self.0.push(Token { text: text.clone(), issuer, expires });
        text
    }

    pub(in crate::sandbox) fn standing(&self, text: &str, now: i64) -> Standing {
        match self.0.iter().find(|token| token.text == text) {
            Some(token) if now < token.expires => Standing::Valid,
            Some(_) => Standing::Expired,
            None => Standing::Unknown,
        }
    }

    pub(in crate::sandbox) fn forget_all(&mut self) {
        self.0.clear();
    }
}
