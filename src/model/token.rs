//! Access tokens.

use std::fmt;

use crate::secret::Secret;

/// A token as an object; its printed form never shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessToken {
    /// The token.
    pub token: Secret,
    /// What a user's token brings along; `None` for an app's.
    pub user: Option<UserToken>,
}

/// The rest of a user's token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserToken {
    /// Gives the next token; good for 30 days.
    pub refresh: Secret,
    /// When the token ends, Unix milliseconds.
    pub until: i64,
    /// The organisation it was given for; empty when none was chosen.
    pub corp_id: String,
}

impl AccessToken {
    /// A token of an app, or one of which nothing else is known.
    pub fn plain(token: impl Into<String>) -> Self {
        Self { token: Secret::new(token), user: None }
    }

    /// The guide's name of its kind.
    pub fn kind(&self) -> &'static str {
        if self.user.is_some() { "userAccessToken" } else { "AccessToken" }
    }
}

impl fmt::Display for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{} ***>", self.kind())
    }
}
