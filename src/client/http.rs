//! The HTTP client, made at the first call: reading the system's certificates takes longer than starting the program.

use std::sync::OnceLock;
use std::time::Duration;

use crate::config::Timeouts;
use crate::error::{Error, Kind, Result};

#[derive(Debug)]
pub(super) struct Http {
    cell: OnceLock<reqwest::Client>,
    connect: Duration,
    pub(super) first_byte: Duration,
    pub(super) whole: Duration,
}

impl Http {
    pub(super) fn new(timeouts: &Timeouts) -> Self {
        Self {
            cell: OnceLock::new(),
            connect: seconds(timeouts.connect),
            first_byte: seconds(timeouts.first_byte),
            whole: seconds(timeouts.call),
        }
    }

    pub(super) fn get(&self) -> Result<&reqwest::Client> {
        if let Some(client) = self.cell.get() {
            return Ok(client);
        }
        let client = self.build().map_err(|error| {
            Error::new(Kind::Bug { problem: "the HTTP client cannot be made".into() })
                .because(error.without_url())
        })?;
        Ok(self.cell.get_or_init(|| client))
    }

    /// With the system's certificates, or with Mozilla's on a machine that has none.
    fn build(&self) -> reqwest::Result<reqwest::Client> {
        // Installed once for the process; a second try only says that it is there.
        let _ = rustls::crypto::ring::default_provider().install_default();
        self.builder().build().or_else(|_| {
            let roots = webpki_root_certs::TLS_SERVER_ROOT_CERTS;
            let certs = roots.iter().filter_map(|der| reqwest::Certificate::from_der(der).ok());
            self.builder().tls_certs_only(certs).build()
        })
    }

    fn builder(&self) -> reqwest::ClientBuilder {
        // No redirects: a token must not follow one to another host.
        reqwest::Client::builder()
            .user_agent(concat!("dingraia/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(self.connect)
            .pool_max_idle_per_host(128)
            .tcp_nodelay(true)
    }
}

/// A time limit in seconds; 0 = none.
fn seconds(value: f64) -> Duration {
    const LONGEST: f64 = u32::MAX as f64;
    Duration::from_secs_f64(if value > 0.0 { value.min(LONGEST) } else { LONGEST })
}
