//! Server-sent lines of a server that is not DingTalk's: `data: {json}` … `data: [DONE]`, read as they arrive. No token of
//! DingTalk goes there.

use std::collections::VecDeque;
use std::time::Duration;

use hyper::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue};
use serde_json::{Map, Value};
use tokio::time::{Instant, timeout_at};

use super::Client;
use super::call::path_of;
use super::http::innermost;
use super::request::{header_name, header_value};
use crate::error::{Error, Kind, Limit as TimeLimit, Result, Sent};
use crate::lang::Text;
use crate::secret::Secret;

/// The longest silence of a server without a time limit.
const SILENCE: Duration = Duration::from_secs(300);

/// The longest line that is read.
const MAX_LINE: usize = 16 * 1024 * 1024;

/// What is asked.
#[derive(Debug)]
pub struct Post<'a> {
    /// Address.
    pub url: &'a Secret,
    /// JSON body.
    pub payload: &'a Value,
    /// Further headers.
    pub headers: &'a Map<String, Value>,
    /// The most seconds for all of it.
    pub timeout: Option<f64>,
}

/// The lines of an answer under way.
#[derive(Debug)]
pub struct Events {
    response: reqwest::Response,
    lines: Lines,
    call: String,
    host: String,
    limit: Limit,
    /// `[DONE]` was read.
    done: bool,
    /// The answer is at its end.
    closed: bool,
}

#[derive(Debug, Clone, Copy)]
enum Limit {
    At(Instant, f64),
    Silence,
}

impl Limit {
    fn at(self) -> Instant {
        match self {
            Self::At(at, _) => at,
            Self::Silence => Instant::now() + SILENCE,
        }
    }

    fn seconds(self) -> f64 {
        match self {
            Self::At(_, seconds) => seconds,
            Self::Silence => SILENCE.as_secs_f64(),
        }
    }
}

impl Client {
    /// Asks a server that is not DingTalk's, without any token, and reads its lines as they come.
    ///
    /// # Errors
    /// An address or header that cannot be used, a server that cannot be reached, an answer that is an error.
    pub async fn post_events(&self, post: &Post<'_>) -> Result<Events> {
        let url = url::Url::parse(post.url.expose())
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        let Some(url) = url else {
            return Err(Error::unsendable(
                "withPostUrl: the address must begin with http:// or https://",
                "withPostUrl：地址必须以 http:// 或 https:// 开头",
            ));
        };
        let host = url.host_str().unwrap_or_default();
        let host = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        let call = format!("POST {}", path_of(post.url.expose()));
        let limit = match post.timeout.map(|seconds| (Duration::try_from_secs_f64(seconds), seconds)) {
            Some((Ok(time), seconds)) if seconds > 0.0 => Limit::At(Instant::now() + time, seconds),
            _ => Limit::Silence,
        };
        let body = serde_json::to_vec(post.payload).unwrap_or_default();
        let request = self.http.reqwest(&self.config)?.post(url).headers(headers(post.headers)?).body(body);
        let late = || late(&call, &host, limit, Sent::Unknown);
        let sent = timeout_at(limit.at(), request.send()).await.map_err(|_| late())?;
        let response = sent.map_err(|error| self.broken(call.clone(), host.clone(), &error.into()))?;
        let status = response.status().as_u16();
        if !(200..300).contains(&status) {
            let text = timeout_at(limit.at(), response.text()).await.map_err(|_| late())?.unwrap_or_default();
            return Err(refused(call, status, &text));
        }
        Ok(Events { response, lines: Lines::default(), call, host, limit, done: false, closed: false })
    }
}

impl Events {
    fn broken(&self, error: &reqwest::Error) -> Error {
        let (call, host) = (self.call.clone(), self.host.clone());
        Error::new(Kind::Network { call, host, problem: innermost(error), sent: Sent::Yes })
    }

    /// The JSON of the next line; nothing at the end.
    ///
    /// # Errors
    /// A connection that breaks, a line that is not JSON, no line in time.
    pub async fn next(&mut self) -> Result<Option<Value>> {
        loop {
            if let Some(line) = self.lines.next() {
                match data(&line) {
                    Some("[DONE]") => self.done = true,
                    Some(json) if !self.done => return self.json(json).map(Some),
                    _ => {}
                }
                continue;
            }
            if self.done || self.closed {
                return Ok(None);
            }
            let chunk = timeout_at(self.limit.at(), self.response.chunk())
                .await
                .map_err(|_| late(&self.call, &self.host, self.limit, Sent::Yes))?
                .map_err(|error| self.broken(&error))?;
            match chunk {
                Some(bytes) if self.lines.rest.len() + bytes.len() <= MAX_LINE => self.lines.push(&bytes),
                Some(_) => return Err(self.unreadable("a line longer than 16 MiB", "超过 16 MiB 的一行")),
                None => {
                    self.lines.push(b"\n");
                    self.closed = true;
                }
            }
        }
    }

    fn json(&self, text: &str) -> Result<Value> {
        serde_json::from_str(text).map_err(|_| {
            let beginning: String = text.chars().filter(|c| !c.is_control()).take(60).collect();
            self.unreadable(
                &format!("a line that is not JSON: {beginning}"),
                &format!("不是 JSON 的一行：{beginning}"),
            )
        })
    }

    fn unreadable(&self, en: &str, zh: &str) -> Error {
        let status = self.response.status().as_u16();
        Error::new(Kind::Unreadable { call: self.call.clone(), status, problem: Text::made(en, zh) })
    }
}

/// Cuts bytes into lines.
#[derive(Debug, Default)]
struct Lines {
    rest: Vec<u8>,
    ready: VecDeque<String>,
}

impl Lines {
    fn push(&mut self, bytes: &[u8]) {
        self.rest.extend_from_slice(bytes);
        let Some(end) = self.rest.iter().rposition(|byte| *byte == b'\n') else { return };
        let whole: Vec<u8> = self.rest.drain(..=end).collect();
        let text = String::from_utf8_lossy(&whole);
        self.ready.extend(
            text.split(['\n', '\r']).map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned),
        );
    }

    fn next(&mut self) -> Option<String> {
        self.ready.pop_front()
    }
}

/// What a line carries: after `data:`, or a bare object as some servers send it; nothing in comments and other fields.
fn data(line: &str) -> Option<&str> {
    let text = match line.strip_prefix("data:") {
        Some(text) => text.trim(),
        None if line.starts_with('{') => line,
        None => return None,
    };
    Some(text).filter(|text| !text.is_empty())
}

fn headers(given: &Map<String, Value>) -> Result<HeaderMap> {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static("text/event-stream, application/json"));
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    for (name, value) in given {
        let mut held = header_value(name, value)?;
        held.set_sensitive(true);
        headers.insert(header_name(name)?, held);
    }
    Ok(headers)
}

fn late(call: &str, host: &str, limit: Limit, sent: Sent) -> Error {
    let (call, host, after) = (call.into(), host.into(), limit.seconds());
    Error::new(Kind::TimedOut { call, host, limit: TimeLimit::Given, after, sent })
}

fn refused(call: String, status: u16, text: &str) -> Error {
    let beginning: String = text.trim().chars().filter(|c| !c.is_control()).take(200).collect();
    let problem = Text::made(format!("an error: {beginning}"), format!("错误：{beginning}"));
    Error::new(Kind::Unreadable { call, status, problem })
}

#[cfg(test)]
mod tests {
    use super::{Lines, data};

    #[test]
    fn lines_come_out_whole() {
        let mut lines = Lines::default();
        let text = "event: x\r\ndata: {\"a\":\"你好\"}\r\n\r\ndata:[DONE]\n".as_bytes();
        // Cut inside a character.
        let (head, tail) = text.split_at(24);
        lines.push(head);
        lines.push(tail);
        let all: Vec<String> = std::iter::from_fn(|| lines.next()).collect();
        assert_eq!(all, ["event: x", "data: {\"a\":\"你好\"}", "data:[DONE]"]);
    }

    #[test]
    fn only_data_counts() {
        assert_eq!(data("data: {}"), Some("{}"));
        assert_eq!(data("{\"done\":true}"), Some("{\"done\":true}"));
        assert_eq!(data("data:"), None);
        assert_eq!(data(": ping"), None);
        assert_eq!(data("id: 7"), None);
    }
}
