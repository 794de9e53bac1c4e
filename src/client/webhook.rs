//! The signature of a custom robot's webhook.
//!
//! Source: the custom robot's documentation, "signature": HMAC-SHA256 over `timestamp\nsecret` with the secret as key.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use sha2::Sha256;

use crate::secret::Secret;

/// The address of the robot with `token` at `base`, signed with `secret` for `millis` (Unix time).
pub fn signed_url(base: &str, token: &Secret, secret: &Secret, millis: i64) -> Secret {
    let text = format!("{millis}\n{}", secret.expose());
    // A key of any length is accepted.
    let mac = Hmac::<Sha256>::new_from_slice(secret.expose().as_bytes()).map(|mut mac| {
        mac.update(text.as_bytes());
        STANDARD.encode(mac.finalize().into_bytes())
    });
    let sign = mac.unwrap_or_default();
    let sign = utf8_percent_encode(&sign, NON_ALPHANUMERIC);
    let base = base.trim_end_matches('/');
    Secret::new(format!("{base}/robot/send?access_token={}&timestamp={millis}&sign={sign}", token.expose()))
}

#[cfg(test)]
mod tests {
    use super::signed_url;
    use crate::secret::Secret;

    #[test]
    fn signature_matches_published_vectors() {
        let long = "SEC0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
        let vectors = [
            (long, 1_700_000_000_000, "bTgY2yDbep%2BwesS7jKiNj%2BsrsHoADES4%2BC4f8LCHFtU%3D"),
            (long, 1_700_000_000_004, "ZeaJlNY30xUaF%2Fp%2BhFzRR5gZ4qFj%2Bi4uxCJUEwchUXQ%3D"),
            ("SECtest", 1_577_262_236_757, "Za%2Fne6w2koB8B4ROVlgTNd%2FX%2B%2FFbyDpZrXLz57xNZSA%3D"),
        ];
        for (secret, millis, sign) in vectors {
            let url =
                signed_url("https://oapi.dingtalk.com", &Secret::new("t0"), &Secret::new(secret), millis);
            let expected = format!(
                "https://oapi.dingtalk.com/robot/send?access_token=t0&timestamp={millis}&sign={sign}"
            );
            assert_eq!(url.expose(), expected);
        }
    }
}
