//! The HTTP client, made at the first call.

use std::sync::OnceLock;
use std::time::Duration;

use reqwest::{NoProxy, Proxy};

use super::tls;
use crate::config::{Config, Proxies};
use crate::error::{Error, Kind, Result};

#[derive(Debug)]
pub(super) struct Http {
    cell: OnceLock<reqwest::Client>,
    connect: Duration,
    pub(super) first_byte: Duration,
    pub(super) whole: Duration,
}

impl Http {
    pub(super) fn new(config: &Config) -> Self {
        let timeouts = &config.timeouts;
        Self {
            cell: OnceLock::new(),
            connect: seconds(timeouts.connect),
            first_byte: seconds(timeouts.first_byte),
            whole: seconds(timeouts.call),
        }
    }

    pub(super) fn get(&self, config: &Config) -> Result<&reqwest::Client> {
        if let Some(client) = self.cell.get() {
            return Ok(client);
        }
        let client = self.build(config)?;
        Ok(self.cell.get_or_init(|| client))
    }

    fn build(&self, config: &Config) -> Result<reqwest::Client> {
        // Installed once for the process; a second try only says that it is there.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let tls = tls::config(config.tls.ca_file.as_deref())?;
        // No redirects: a token must not follow one to another host.
        let builder = reqwest::Client::builder()
            .user_agent(concat!("dingraia/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            // What may be tried again is decided by `retry`; without this each request is copied for the library's own answer.
            .retry(reqwest::retry::never())
            .connect_timeout(self.connect)
            .pool_max_idle_per_host(128)
            .tcp_nodelay(true)
            .tls_backend_preconfigured(tls);
        through(builder, &config.proxies).and_then(reqwest::ClientBuilder::build).map_err(|error| {
            Error::new(Kind::Bug { problem: "the HTTP client cannot be made".into() })
                .because(error.without_url())
        })
    }
}

/// Has requests go through `proxies`, and through no other that the library would find.
fn through(builder: reqwest::ClientBuilder, proxies: &Proxies) -> reqwest::Result<reqwest::ClientBuilder> {
    let direct = NoProxy::from_string(&proxies.direct());
    let mut builder = builder.no_proxy();
    if let Some(http) = &proxies.http {
        builder = builder.proxy(Proxy::http(http.expose())?.no_proxy(direct.clone()));
    }
    if let Some(https) = &proxies.https {
        builder = builder.proxy(Proxy::https(https.expose())?.no_proxy(direct));
    }
    Ok(builder)
}

/// A time limit in seconds; 0 = none.
fn seconds(value: f64) -> Duration {
    const LONGEST: f64 = u32::MAX as f64;
    Duration::from_secs_f64(if value > 0.0 { value.min(LONGEST) } else { LONGEST })
}
