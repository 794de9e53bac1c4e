//! Webhook addresses.

use std::fmt;

use crate::secret::{Secret, mask_url};

/// Numbers at or above this are milliseconds (of any day since 1973); below, seconds (of any day before the year 5138).
const MILLIS_FROM: f64 = 100_000_000_000.0;

/// A custom robot's or a session's webhook.
#[derive(Clone, Debug, PartialEq)]
pub struct Webhook {
    /// The whole address with its secret.
    pub url: Secret,
    /// When it ends, Unix seconds; `None` = never.
    pub expired: Option<f64>,
}

impl Webhook {
    /// A webhook that ends at `expired`, given in seconds or milliseconds; 0 or nothing = never.
    pub fn new(url: impl Into<String>, expired: Option<f64>) -> Self {
        let expired =
            expired.filter(|at| *at > 0.0).map(|at| if at >= MILLIS_FROM { at / 1000.0 } else { at });
        Self { url: Secret::new(url), expired }
    }

    /// False when it has ended, or ends within 5 seconds of `now` (Unix seconds).
    pub fn is_valid(&self, now: f64) -> bool {
        self.expired.is_none_or(|at| at > now + 5.0)
    }
}

impl fmt::Display for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<Webhook {}>", mask_url(self.url.expose()))
    }
}
