//! What is tried again: what cannot have happened, and reads. A write that may have been received is never sent twice.

use std::time::Duration;

use super::trouble;
use crate::error::{Class, Error, Kind, Sent};
use crate::lang::Lang;
use crate::spec::Effect;

/// How often one call is tried again.
pub(super) const MOST: u32 = 3;

/// The tries of one call.
#[derive(Debug, Default)]
pub(super) struct Tries {
    /// How many came after a failure.
    pub(super) again: u32,
    /// How many there were in all: one with a new token comes in addition.
    pub(super) made: u32,
}

/// How long to wait before the next try, or nothing when there is none.
pub(super) fn delay(error: &Error, effect: Effect, attempt: u32) -> Option<Duration> {
    if attempt >= MOST || trouble::is_distrust(error) {
        return None;
    }
    let read = effect == Effect::Read;
    match error.kind() {
        // Throttled calls were not done; their window is a second.
        Kind::Refused(refusal) if refusal.class == Class::Rate && is_short(&refusal.code) => {
            Some(Duration::from_secs(1 << attempt))
        }
        Kind::Refused(refusal) if refusal.class == Class::Server && read => {
            Some(Duration::from_millis(300 << attempt))
        }
        Kind::Network { sent, .. } if *sent == Sent::No || read => {
            Some(Duration::from_millis(100 << attempt))
        }
        Kind::Unreadable { status, .. } if read && (*status >= 500 || *status == 429) => {
            Some(Duration::from_millis(300 << attempt))
        }
        _ => None,
    }
}

/// Says that a call is made again.
pub(super) fn tell(error: &Error, delay: Duration) {
    let (seconds, zh) = (delay.as_secs_f64(), error.text(Lang::Zh));
    tracing::warn!(target: "dingraia", zh = %format!("{zh}；{seconds} 秒后重试"), "{error}; trying again in {seconds} s");
}

/// Limits by the second; the others (by the minute, ten minutes of penance) are not waited for.
fn is_short(code: &str) -> bool {
    matches!(code, "90002" | "90018")
        || code.contains("QpsLimit")
        || code.starts_with("Throttling")
        || code == "429"
}

/// DingTalk does not accept the token: it may have ended early, and a new one helps.
pub(super) fn is_token_refusal(error: &Error) -> bool {
    match error.kind() {
        Kind::Refused(refusal) => {
            matches!(refusal.code.as_str(), "40001" | "40014" | "42001" | "InvalidAuthentication")
        }
        _ => false,
    }
}
