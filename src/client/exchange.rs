//! The last exchanges with DingTalk, for `%explain`: bounded, and masked before anybody sees them. Most calls go well and are never
//! looked at, so masking waits until somebody asks.

use std::collections::VecDeque;
use std::fmt;
use std::time::Duration;

use parking_lot::Mutex;

use super::send::host_of;
use super::{Body, Call};
use crate::secret::{MASK, Secret};

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
    list: VecDeque<(u64, Raw)>,
}

/// An exchange as it was.
pub(super) struct Raw {
    pub(super) call: String,
    pub(super) address: Secret,
    pub(super) request: Sent,
    pub(super) status: Option<u16>,
    pub(super) answer: Piece,
    pub(super) secrets: Vec<Secret>,
    pub(super) took: Duration,
}

/// The beginning of a body.
#[derive(Default)]
pub(super) struct Piece {
    bytes: Vec<u8>,
    is_cut: bool,
}

/// What a request carries.
pub(super) enum Sent {
    /// A body.
    Bytes(Piece),
    /// A file, told in words.
    File(String),
}

impl fmt::Debug for Raw {
    /// The rest may hold secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Raw").field("call", &self.call).field("status", &self.status).finish_non_exhaustive()
    }
}

impl Raw {
    /// As it may be seen.
    fn seen(&self, number: u64) -> Exchange {
        let request = match &self.request {
            // A `code` that is sent is the code of a login; one that comes back says what went wrong.
            Sent::Bytes(piece) => self.masked(piece, &["code"]),
            Sent::File(text) => text.clone(),
        };
        Exchange {
            number,
            call: self.call.clone(),
            host: host_of(self.address.expose()),
            request,
            status: self.status,
            answer: self.masked(&self.answer, &[]),
            took: self.took,
        }
    }

    fn masked(&self, piece: &Piece, also: &[&str]) -> String {
        let secrets: Vec<&str> = self.secrets.iter().map(Secret::expose).collect();
        masked(piece, &secrets, also)
    }
}

impl Piece {
    /// What is kept of `bytes`.
    pub(super) fn of(bytes: &[u8]) -> Self {
        Self { bytes: bytes[..bytes.len().min(MOST)].to_vec(), is_cut: bytes.len() > MOST }
    }
}

impl Sent {
    /// What `request` carries.
    pub(super) fn of(call: &Call, request: &reqwest::Request) -> Self {
        if let Some(Body::Form(upload)) = &call.body {
            return Self::File(format!("({}: {}, {} bytes)", upload.part, upload.name, upload.size));
        }
        Self::Bytes(Piece::of(request.body().and_then(reqwest::Body::as_bytes).unwrap_or_default()))
    }
}

impl Exchanges {
    /// The number that the next one will have.
    pub fn next(&self) -> u64 {
        self.0.lock().next
    }

    /// Those with this number or a higher one, oldest first.
    pub fn since(&self, number: u64) -> Vec<Exchange> {
        let kept = self.0.lock();
        kept.list.iter().filter(|(own, _)| *own >= number).map(|(own, raw)| raw.seen(*own)).collect()
    }

    pub(super) fn keep(&self, exchange: Raw) {
        let mut kept = self.0.lock();
        let number = kept.next;
        kept.next += 1;
        if kept.list.len() == KEPT {
            kept.list.pop_front();
        }
        kept.list.push_back((number, exchange));
    }
}

/// `text` without what stands in fields for secrets, and without `secrets`.
pub(super) fn mask(text: &str, secrets: &[Secret], also: &[&str]) -> String {
    let secrets: Vec<&str> = secrets.iter().map(Secret::expose).collect();
    masked(&Piece { bytes: text.as_bytes().to_vec(), is_cut: false }, &secrets, also)
}

fn masked(piece: &Piece, secrets: &[&str], also: &[&str]) -> String {
    let text = String::from_utf8_lossy(&piece.bytes);
    let mut text = mask_fields(&text, also);
    for secret in secrets.iter().filter(|secret| secret.len() >= SHORTEST_SECRET) {
        text = text.replace(secret, MASK);
    }
    if piece.is_cut {
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
    use super::{Exchanges, KEPT, MOST, Piece, Raw, Sent};
    use std::time::Duration;

    fn masked(bytes: &[u8], secrets: &[&str], also: &[&str]) -> String {
        super::masked(&Piece::of(bytes), secrets, also)
    }

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
            exchanges.keep(Raw {
                call: "GET /x".into(),
                address: "http://h:8/x?access_token=t0ken99".into(),
                request: Sent::Bytes(Piece::of(b"{\"text\":\"t0ken99\"}")),
                status: Some(200),
                answer: Piece::of(b"t0ken99"),
                secrets: vec!["t0ken99".into()],
                took: Duration::ZERO,
            });
        }
        let all = exchanges.since(0);
        assert_eq!((all.len(), all[0].number, exchanges.next()), (KEPT, 5, KEPT as u64 + 5));
        assert_eq!(exchanges.since(exchanges.next() - 2).len(), 2);
        assert_eq!(
            (all[0].host.as_str(), all[0].request.as_str(), all[0].answer.as_str()),
            ("h:8", "{\"text\":\"***\"}", "***")
        );
        assert!(!format!("{exchanges:?}{all:?}").contains("t0ken99"));
    }
}
