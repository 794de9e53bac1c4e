//! The last exchanges with DingTalk, for `%explain`: bounded, and masked before anybody sees them. Most calls go well and are never
//! looked at, so masking waits until somebody asks.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use hyper::Request;
use parking_lot::Mutex;
use tokio::time::Instant;

use super::call::label;
use super::mask::masked;
use super::send::{Answer, host_of};
use super::token::Issued;
use super::{Body, Call, Client, To, spoken};
use crate::config::Bot;
use crate::secret::Secret;
use crate::spec::Verb;

/// How many are kept.
const KEPT: usize = 32;

/// How much of a body is kept, in bytes.
const MOST: usize = 4096;

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
struct Raw {
    verb: Verb,
    to: To,
    token: Option<Arc<Issued>>,
    request: Sent,
    status: Option<u16>,
    answer: Piece,
    took: Duration,
}

/// The beginning of a body.
#[derive(Default)]
struct Piece {
    bytes: Vec<u8>,
    is_cut: bool,
}

/// What a request carries.
enum Sent {
    /// A body.
    Bytes(Piece),
    /// A file, told in words.
    File(String),
}

impl fmt::Debug for Raw {
    /// The rest may hold secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let call = label(self.verb, &self.to);
        f.debug_struct("Raw").field("call", &call).field("status", &self.status).finish_non_exhaustive()
    }
}

impl Piece {
    /// What is kept of `bytes`.
    fn of(bytes: &[u8]) -> Self {
        Self { bytes: bytes[..bytes.len().min(MOST)].to_vec(), is_cut: bytes.len() > MOST }
    }

    /// As it may be seen.
    fn masked(&self, secrets: &[&str], also: &[&str]) -> String {
        let mut text = masked(&String::from_utf8_lossy(&self.bytes), secrets, also);
        if self.is_cut {
            text.push('…');
        }
        text
    }
}

impl Sent {
    /// What `request` carries.
    fn of(call: &Call, request: &Request<reqwest::Body>) -> Self {
        if let Some(Body::Form(upload)) = &call.body {
            return Self::File(format!("({}: {}, {} bytes)", upload.part, upload.name, upload.size));
        }
        Self::Bytes(Piece::of(request.body().as_bytes().unwrap_or_default()))
    }
}

impl Exchanges {
    /// The number that the next one will have.
    pub fn next(&self) -> u64 {
        self.0.lock().next
    }

    fn keep(&self, exchange: Raw) {
        let mut kept = self.0.lock();
        let number = kept.next;
        kept.next += 1;
        if kept.list.len() == KEPT {
            kept.list.pop_front();
        }
        kept.list.push_back((number, exchange));
    }
}

impl Client {
    /// The kept exchanges with this number or a higher one, oldest first.
    pub fn exchanges_since(&self, number: u64) -> Vec<Exchange> {
        let kept = self.exchanges.0.lock();
        let chosen = kept.list.iter().filter(|(own, _)| *own >= number);
        chosen.map(|(own, raw)| self.seen(*own, raw)).collect()
    }

    /// An exchange as it may be seen.
    fn seen(&self, number: u64, raw: &Raw) -> Exchange {
        let token = raw.token.iter().map(|token| &token.token);
        let secrets: Vec<&str> =
            own_secrets(self.config.bot.as_ref()).chain(token).map(Secret::expose).collect();
        let request = match &raw.request {
            // A `code` that is sent is the code of a login; one that comes back says what went wrong.
            Sent::Bytes(piece) => piece.masked(&secrets, &["code"]),
            Sent::File(text) => text.clone(),
        };
        Exchange {
            number,
            call: label(raw.verb, &raw.to),
            host: host_of(self.base(&raw.to)),
            request,
            status: raw.status,
            answer: raw.answer.masked(&secrets, &[]),
            took: raw.took,
        }
    }
}

/// The texts of the configuration that must not be seen.
pub(super) fn own_secrets(bot: Option<&Bot>) -> impl Iterator<Item = &Secret> {
    bot.into_iter()
        .flat_map(|bot| [&bot.app_secret, &bot.group_webhook_access_token, &bot.group_webhook_secure_key])
        .flatten()
}

/// What is kept of a request until its answer is there; when nobody waits any more it is kept without one.
pub(super) struct Told<'a> {
    client: &'a Client,
    start: Instant,
    /// Taken when it is kept.
    raw: Option<Raw>,
}

impl<'a> Told<'a> {
    pub(super) fn new(
        client: &'a Client,
        call: &Call,
        token: Option<&Arc<Issued>>,
        request: &Request<reqwest::Body>,
    ) -> Self {
        let raw = Raw {
            verb: call.verb,
            to: call.to.clone(),
            token: token.cloned(),
            request: Sent::of(call, request),
            status: None,
            answer: Piece::default(),
            took: Duration::ZERO,
        };
        Self { client, start: Instant::now(), raw: Some(raw) }
    }

    pub(super) fn keep(&mut self, answer: Option<&Answer>) {
        let Some(mut raw) = self.raw.take() else { return };
        raw.took = self.start.elapsed();
        if let Some(answer) = answer {
            (raw.status, raw.answer) = (Some(answer.status), Piece::of(answer.shown()));
        }
        if spoken::is_wanted() {
            spoken::tell(&self.client.seen(0, &raw), answer);
        }
        self.client.exchanges.keep(raw);
    }
}

impl Drop for Told<'_> {
    fn drop(&mut self) {
        self.keep(None);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use futures_util::FutureExt as _;
    use serde_json::json;

    use super::{KEPT, MOST, Piece, Told};
    use crate::client::send::Answer;
    use crate::client::token::Issued;
    use crate::client::{Call, Client};
    use crate::clock::Clock;
    use crate::config::Config;

    #[test]
    fn a_long_body_is_cut() {
        let long = format!("{{\"a\":\"{}\"}}", "字".repeat(MOST));
        let kept = Piece::of(long.as_bytes()).masked(&[], &[]);
        assert!(kept.len() < MOST + 16 && kept.ends_with('…'));
    }

    #[test]
    fn the_oldest_go() {
        let client = Client::new(Arc::new(Config::default()), Clock::system());
        let call = Call::webhook("http://h:8/x?access_token=t0ken99".into(), json!({ "text": "t0ken99" }));
        let token = Arc::new(Issued::given(&"t0ken99".into()).unwrap());
        for _ in 0..KEPT + 5 {
            let request = client.request(&call, None).now_or_never().unwrap().unwrap();
            let answer = Answer { status: 200, html: false, leads_to: None, bytes: b"t0ken99".to_vec() };
            Told::new(&client, &call, Some(&token), &request).keep(Some(&answer));
        }
        let (all, next) = (client.exchanges_since(0), client.exchanges.next());
        assert_eq!((all.len(), all[0].number, next), (KEPT, 5, KEPT as u64 + 5));
        assert_eq!(client.exchanges_since(next - 2).len(), 2);
        assert_eq!(
            (all[0].host.as_str(), all[0].request.as_str(), all[0].answer.as_str()),
            ("h:8", "{\"text\":\"***\"}", "***")
        );
        assert!(!format!("{:?}{all:?}", client.exchanges).contains("t0ken99"));
    }
}
