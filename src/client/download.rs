//! Fetching what lies behind an address: no token goes along, nothing is counted, and the bytes are handed on as they come.

use std::time::Duration;

use hyper::Response;
use hyper::body::Body as _;
use hyper::header::{CONTENT_TYPE, LOCATION};
use reqwest::Body;
use tokio::time::{Instant, timeout};
use url::Url;

use super::http::chunk;
use super::journal::Line;
use super::{Auth, Call, Client, Flight, Proof, To, retry, spoken};
use crate::error::{Error, Kind, Limit, Result, Sent};
use crate::lang::Text;
use crate::secret::Secret;
use crate::spec::{Effect, Verb};

/// How many redirections are followed. That is safe here: there is no token that could leave with them.
const MOST_HOPS: usize = 5;

/// An answer whose bytes are still to come.
#[derive(Debug)]
pub struct Stream {
    response: Response<Body>,
    call: Call,
    limit: Duration,
}

impl Client {
    /// Opens `url`. It is tried again like every other read.
    ///
    /// # Errors
    /// When nothing answers, or not with a file.
    pub async fn open(&self, url: &Secret, flight: &Flight) -> Result<Stream> {
        let mut attempt = 0;
        loop {
            let (call, noted) = (fetch(url.clone()), attempt + 1);
            let line = Line::begin(self, &call, flight, noted);
            let followed = Box::pin(self.follow(url, flight)).await;
            line.end_with(followed.as_ref().err());
            let error = match followed {
                Ok(stream) => return Ok(stream),
                Err(error) => error,
            };
            let Some(delay) = retry::delay(&error, Effect::Read, attempt) else { return Err(error) };
            attempt += 1;
            retry::tell(&error, delay);
            tokio::time::sleep(delay).await;
        }
    }

    async fn follow(&self, url: &Secret, flight: &Flight) -> Result<Stream> {
        let mut call = fetch(url.clone());
        for _ in 0..=MOST_HOPS {
            let request = self.request(&call, None).await?;
            flight.start();
            let start = Instant::now();
            let begun = self.begin(&call, request).await;
            let status = begun.as_ref().ok().map(|response| response.status().as_u16());
            spoken::tell_opened(&call.label(), &self.host(&call), status, start.elapsed());
            let response = begun?;
            flight.answered();
            let status = response.status();
            if status.is_success() {
                return Ok(Stream { response, call, limit: self.http.first_byte });
            }
            match next(&call, &response) {
                Some(url) if status.is_redirection() => call = fetch(url),
                _ => return Err(no_file(&call, status.as_u16())),
            }
        }
        Err(no_file(&call, 302))
    }

    /// The next bytes; `None` at the end.
    ///
    /// # Errors
    /// When they stop coming.
    pub async fn chunk(&self, stream: &mut Stream) -> Result<Option<impl AsRef<[u8]> + use<>>> {
        let status = stream.response.status().as_u16();
        timeout(stream.limit, chunk(stream.response.body_mut()))
            .await
            .map_err(|_| self.late(&stream.call, Limit::FirstByte, stream.limit, Sent::Yes))?
            .map_err(|error| self.cut(&stream.call, status, &error))
    }
}

impl Stream {
    /// The error for an answer that is not what it should be.
    pub fn unreadable(&self, problem: Text) -> Error {
        let status = self.response.status().as_u16();
        Error::new(Kind::Unreadable { call: self.call.label(), status, problem })
    }

    /// How many bytes there are, when the server says so.
    pub fn size(&self) -> Option<u64> {
        self.response.body().size_hint().exact()
    }

    /// The content type, when the server says so.
    pub fn content_type(&self) -> Option<&str> {
        self.response.headers().get(CONTENT_TYPE)?.to_str().ok()
    }
}

fn fetch(url: Secret) -> Call {
    Call {
        verb: Verb::Get,
        to: To::Url(url),
        query: Vec::new(),
        body: None,
        headers: serde_json::Map::new(),
        auth: Auth::None,
        effect: Effect::Read,
        proof: Proof::Any,
    }
}

/// Where the answer of `call` leads to.
fn next(call: &Call, response: &Response<Body>) -> Option<Secret> {
    let To::Url(url) = &call.to else { return None };
    let target = response.headers().get(LOCATION)?.to_str().ok()?;
    let url = Url::parse(url.expose()).ok()?.join(target).ok()?;
    matches!(url.scheme(), "http" | "https").then(|| Secret::new(url.as_str()))
}

fn no_file(call: &Call, status: u16) -> Error {
    let problem = Text::fixed("not a file", "不是文件");
    let error = Error::new(Kind::Unreadable { call: call.label(), status, problem });
    match status {
        401 | 403 | 404 | 410 => error.hint(Text::fixed(
            "the address may have ended: such addresses are good for a short time",
            "地址可能已失效：这类地址的有效期很短",
        )),
        _ => error,
    }
}
