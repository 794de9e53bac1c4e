//! Why a request did not get through, from either client.

use std::error::Error as StdError;
use std::io;

use rustls::Error as TlsError;
use url::Url;

use super::pool;
use crate::lang::Text;

/// Why a request did not get through.
#[derive(Debug)]
pub(in crate::client) enum Failure {
    Pool(pool::Error),
    Reqwest(reqwest::Error),
}

impl Failure {
    /// Whether nothing can have been sent.
    pub(in crate::client) fn is_unsent(&self) -> bool {
        match self {
            Self::Pool(error) => error.is_connect(),
            Self::Reqwest(error) => error.is_connect() || error.is_builder(),
        }
    }

    /// Whether connecting took too long.
    pub(in crate::client) fn is_timeout(&self) -> bool {
        match self {
            Self::Pool(error) => causes(error).any(|cause| {
                cause.downcast_ref().is_some_and(|error: &io::Error| error.kind() == io::ErrorKind::TimedOut)
            }),
            Self::Reqwest(error) => error.is_timeout(),
        }
    }

    /// The address, when a proxy may have been between.
    pub(in crate::client) fn url(&self) -> Option<&Url> {
        match self {
            Self::Pool(_) => None,
            Self::Reqwest(error) => error.url(),
        }
    }

    /// The deepest cause.
    pub(in crate::client) fn innermost(&self) -> Text {
        match self {
            Self::Pool(error) => innermost(error),
            Self::Reqwest(error) => innermost(error),
        }
    }

    /// The failure of a handshake, when that is what it was.
    pub(in crate::client) fn tls(&self) -> Option<&TlsError> {
        let error: &(dyn StdError + 'static) = match self {
            Self::Pool(error) => error,
            Self::Reqwest(error) => error,
        };
        causes(error).find_map(|cause| cause.downcast_ref())
    }
}

impl From<reqwest::Error> for Failure {
    fn from(error: reqwest::Error) -> Self {
        Self::Reqwest(error)
    }
}

/// The deepest cause: "connection refused" says more than "error sending request", and it carries no address.
pub fn innermost(error: &(dyn StdError + 'static)) -> Text {
    let mut deepest = error;
    while let Some(source) = deepest.source() {
        deepest = source;
    }
    if std::ptr::addr_eq(deepest, error) {
        return Text::fixed("the request failed", "请求失败");
    }
    let en = deepest.to_string();
    let kind = deepest.downcast_ref().map(io::Error::kind);
    let zh = kind.and_then(chinese).map_or_else(|| en.clone(), str::to_owned);
    Text::made(en, zh)
}

/// What the system says most often.
fn chinese(kind: io::ErrorKind) -> Option<&'static str> {
    match kind {
        io::ErrorKind::ConnectionRefused => Some("连接被拒绝"),
        io::ErrorKind::ConnectionReset => Some("连接被重置"),
        io::ErrorKind::ConnectionAborted | io::ErrorKind::BrokenPipe => Some("连接已断开"),
        io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => Some("网络不可达"),
        _ => None,
    }
}

/// An error and what caused it, outermost first.
fn causes<'a>(error: &'a (dyn StdError + 'static)) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |&error| {
        // What an I/O error carries is not its source.
        let inside = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        inside.map_or_else(|| error.source(), |inside| Some(inside as _))
    })
}
