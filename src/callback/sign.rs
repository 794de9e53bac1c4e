//! The signatures of messages and card actions that come over HTTP.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::secret::Secret;

/// How far the time of a request may be from ours, in milliseconds.
const HOUR: u64 = 3_600_000;

/// The signature of a message, of the app with `secret`, at `timestamp`.
pub fn message_signature(secret: &Secret, timestamp: &str) -> String {
    signature(secret, &format!("{timestamp}\n{}", secret.expose()))
}

/// The signature of a card action, under the `apiSecret` that was registered for it.
pub fn card_signature(secret: &Secret, timestamp: &str) -> String {
    signature(secret, timestamp)
}

/// Whether a message is DingTalk's and of this hour.
pub fn is_message(secret: &Secret, timestamp: &str, sign: &str, now: i64) -> bool {
    is_recent(timestamp, now) && same(sign, message_signature(secret, timestamp))
}

/// Whether a card action is DingTalk's and of this hour.
pub fn is_card(secret: &Secret, timestamp: &str, sign: &str, now: i64) -> bool {
    is_recent(timestamp, now) && same(sign, card_signature(secret, timestamp))
}

/// Whether `timestamp` (Unix milliseconds or seconds, as text) is within an hour of `now`.
pub(super) fn is_recent(timestamp: &str, now: i64) -> bool {
    // One official sample has seconds.
    let millis = |at: i64| if at < 100_000_000_000 { at.saturating_mul(1000) } else { at };
    timestamp.parse().is_ok_and(|at| millis(at).abs_diff(now) <= HOUR)
}

/// Whether two texts are the same; how long it takes tells nothing of where they differ.
pub(super) fn same(one: impl AsRef<[u8]>, other: impl AsRef<[u8]>) -> bool {
    let (one, other) = (one.as_ref(), other.as_ref());
    one.len() == other.len() && one.iter().zip(other).fold(0, |found, (a, b)| found | (a ^ b)) == 0
}

fn signature(key: &Secret, text: &str) -> String {
    // A key of any length is accepted.
    let mac = Hmac::<Sha256>::new_from_slice(key.expose().as_bytes()).map(|mut mac| {
        mac.update(text.as_bytes());
        STANDARD.encode(mac.finalize().into_bytes())
    });
    mac.unwrap_or_default()
}
