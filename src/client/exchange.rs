//! The last exchanges with DingTalk, for `%explain`: bounded, and without secrets from the moment they are kept.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;

use super::{Body, Call};
use crate::secret::MASK;

/// How many are kept.
const KEPT: usize = 32;

/// How much of a body is kept, in bytes.
const MOST: usize = 4096;

/// The shortest text that is looked for as a secret: shorter ones would mask parts of words.
const SHORTEST_SECRET: usize = 6;

/// One request and its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// Its number; they count up.
    pub number: u64,
    /// What was called, as `POST /topapi/v2/user/get`.
    pub call: String,
    /// Host, with its port when that is not the usual one.
    pub host: String,
    /// What was sent, masked and cut.
    pub request: String,
    /// HTTP status; `None` when no answer came.
    pub status: Option<u16>,
    /// What came back, masked and cut.
    pub answer: String,
    /// How long it took.
    pub took: Duration,
}

/// The last exchanges of a client.
#[derive(Debug, Default)]
pub struct Exchanges(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    next: u64,
    list: VecDeque<Arc<Exchange>>,
}

impl Exchanges {
    /// The number that the next one will have.
    pub fn next(&self) -> u64 {
        self.0.lock().next
    }

    /// Those with this number or a higher one, oldest first.
    pub fn since(&self, number: u64) -> Vec<Arc<Exchange>> {
        self.0.lock().list.iter().filter(|exchange| exchange.number >= number).cloned().collect()
    }

    pub(super) fn keep(&self, mut exchange: Exchange) {
        let mut kept = self.0.lock();
        exchange.number = kept.next;
        kept.next += 1;
        if kept.list.len() == KEPT {
            kept.list.pop_front();
        }
        kept.list.push_back(Arc::new(exchange));
    }
}

/// What `request` carries, as it may be kept.
pub(super) fn request_text(call: &Call, request: &reqwest::Request, secrets: &[&str]) -> String {
    if let Some(Body::Form(upload)) = &call.body {
        return format!("({}: {}, {} bytes)", upload.part, upload.name, upload.size);
    }
    let bytes = request.body().and_then(reqwest::Body::as_bytes).unwrap_or_default();
    // A `code` that is sent is the code of a login; one that comes back says what went wrong.
    masked(bytes, secrets, &["code"])
}

/// What came back, as it may be kept.
pub(super) fn answer_text(bytes: &[u8], secrets: &[&str]) -> String {
    masked(bytes, secrets, &[])
}

fn masked(bytes: &[u8], secrets: &[&str], also: &[&str]) -> String {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(MOST)]);
    let mut text = mask_fields(&text, also);
    for secret in secrets.iter().filter(|secret| secret.len() >= SHORTEST_SECRET) {
        text = text.replace(secret, MASK);
    }
    if bytes.len() > MOST {
        text.push('…');
    }
    text
}

/// Parts of the names of fields that hold secrets.
const SECRET_NAMES: &[&str] =
    &["token", "secret", "ticket", "password", "aeskey", "aes_key", "webhook", "authorization"];

/// `text`, which is JSON that may break off, with the texts masked that stand in fields for secrets.
fn mask_fields(text: &str, also: &[&str]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut is_secret = false;
    while let Some(open) = rest.find('"') {
        let body = &rest[open + 1..];
        let end = string_end(body);
        let is_cut = end == body.len();
        let (inside, after) = (&body[..end], body.get(end + 1..).unwrap_or_default());
        let between = &rest[..open];
        // A secret field's value is what stands behind its colon, a list of texts included.
        is_secret &= between.chars().all(|c| matches!(c, ':' | '[' | ',' | ' ' | '\n'));
        out.push_str(between);
        out.push('"');
        let is_name = after.trim_start().starts_with(':');
        out.push_str(if is_secret && !is_name { MASK } else { inside });
        if !is_cut {
            out.push('"');
        }
        if is_name {
            let name = inside.to_ascii_lowercase();
            is_secret = SECRET_NAMES.iter().any(|part| name.contains(part)) || also.contains(&name.as_str());
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Where the text ends that has just begun: at its quote, or where everything breaks off.
fn string_end(body: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in body.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at,
            _ => {}
        }
    }
    body.len()
}

#[cfg(test)]
mod tests {
    use super::{Exchange, Exchanges, KEPT, MOST, masked};
    use std::time::Duration;

    #[test]
    fn secrets_are_masked() {
        let text = r#"{"appKey":"ding1","appSecret":"s3cr\"et","a":[{"access_token":"tok"}],"list_of_tokens":["x", "y"],"n":"ok","expireIn":7200}"#;
        let expected = r#"{"appKey":"ding1","appSecret":"***","a":[{"access_token":"***"}],"list_of_tokens":["***", "***"],"n":"ok","expireIn":7200}"#;
        assert_eq!(masked(text.as_bytes(), &[], &[]), expected);
        assert_eq!(
            masked(br#"{"text":"send SEC123456 now"}"#, &["SEC123456"], &[]),
            r#"{"text":"send *** now"}"#
        );
        assert_eq!(masked(br#"{"code":"c1","errcode":0}"#, &[], &["code"]), r#"{"code":"***","errcode":0}"#);
        assert_eq!(masked(br#"{"accessToken":"broken o"#, &[], &[]), r#"{"accessToken":"***"#);
        let long = format!("{{\"a\":\"{}\"}}", "字".repeat(MOST));
        let kept = masked(long.as_bytes(), &[], &[]);
        assert!(kept.len() < MOST + 16 && kept.ends_with('…'));
    }

    #[test]
    fn the_oldest_go() {
        let exchanges = Exchanges::default();
        for _ in 0..KEPT + 5 {
            exchanges.keep(Exchange {
                number: 0,
                call: "GET /x".into(),
                host: "h".into(),
                request: String::new(),
                status: Some(200),
                answer: String::new(),
                took: Duration::ZERO,
            });
        }
        let all = exchanges.since(0);
        assert_eq!((all.len(), all[0].number, exchanges.next()), (KEPT, 5, KEPT as u64 + 5));
        assert_eq!(exchanges.since(exchanges.next() - 2).len(), 2);
    }
}
