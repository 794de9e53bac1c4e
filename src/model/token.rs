//! Access tokens.

use std::fmt;

use crate::secret::Secret;

/// A token as an object; its printed form never shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessToken {
    /// The token.
    pub token: Secret,
}

impl fmt::Display for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<AccessToken ***>")
    }
}
