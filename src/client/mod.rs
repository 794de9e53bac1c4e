//! The one way to DingTalk: admit → token → pace → send → reply → usage. Nothing bypasses it.

mod body;
mod call;
mod codes;
mod download;
mod events;
mod exchange;
mod flight;
mod forward;
mod http;
mod journal;
mod mask;
mod pace;
mod reply;
mod request;
mod retry;
mod send;
mod shown;
mod socket;
mod spoken;
mod tls;
mod token;
mod trouble;
mod usage;
mod webhook;

pub use body::{Body, Content, Tick, Upload};
pub use call::{Auth, Call, Proof, To};
pub use codes::{CODES, CodeInfo, explain};
pub use download::Stream;
pub use events::{Events, Post};
pub use exchange::{Exchange, Exchanges};
pub use flight::Flight;
pub use http::innermost;
pub use pace::{OnWait, Wait};
pub use reply::{Reply, decode};
pub use shown::Shown;
pub use socket::Socket;
pub use trouble::DOCTOR;
pub use usage::Usage;
pub use webhook::signed_url;

use std::fmt;
use std::sync::{Arc, OnceLock};

use parking_lot::Mutex;
use tokio::time::Instant;

use crate::clock::Clock;
use crate::config::{Bot, Config};
use crate::error::{Error, Kind, Result};
use crate::journal::Journal;
use crate::lang::Text;
use crate::secret::Secret;

use http::Http;
use journal::Line;
use pace::Pace;
use request::Addresses;
use retry::Tries;
use token::{Issued, Tokens};

/// A live client of one app. Connections, token, pace and counter are shared by all its users.
pub struct Client {
    config: Arc<Config>,
    clock: Clock,
    http: Http,
    addresses: Addresses,
    tokens: Tokens,
    pace: Pace,
    on_wait: OnceLock<OnWait>,
    /// The server's clock minus ours in milliseconds, as the last token call saw it.
    skew: Mutex<Option<i64>>,
    /// What went over the wire last.
    pub exchanges: Exchanges,
    /// What was called and counted.
    pub usage: Arc<Usage>,
    /// Every request with its end, for later.
    pub journal: Journal,
}

impl Client {
    /// A client for `config`. Nothing is opened or sent before the first call.
    pub fn new(config: Arc<Config>, clock: Clock) -> Self {
        Self {
            http: Http::new(&config),
            addresses: Addresses::default(),
            tokens: Tokens::default(),
            pace: Pace::new(&config.pace),
            on_wait: OnceLock::new(),
            skew: Mutex::default(),
            exchanges: Exchanges::default(),
            usage: Arc::new(Usage::default()),
            journal: Journal::new(config.journal),
            config,
            clock,
        }
    }

    /// Has `told` know of calls that wait for a limit; the first one stays.
    pub fn on_wait(&self, told: OnWait) {
        let _ = self.on_wait.set(told);
    }

    /// Makes one call and gives its answer.
    ///
    /// # Errors
    /// Everything that keeps the call from being done, DingTalk's refusal included; what cannot have happened, and reads, are tried again first.
    pub async fn call(&self, call: &Call, flight: &Flight) -> Result<Reply> {
        self.call_from(call, flight, Tries::default()).await
    }

    /// Makes one call that is not tried again: its caller has something newer to say by then.
    ///
    /// # Errors
    /// As [`Client::call`].
    pub async fn call_once(&self, call: &Call, flight: &Flight) -> Result<Reply> {
        self.call_from(call, flight, Tries { again: retry::MOST, made: 0 }).await
    }

    /// With a new token, once, when the app's was refused.
    async fn call_from(&self, call: &Call, flight: &Flight, mut tries: Tries) -> Result<Reply> {
        let admitted = self.usage.admit(call.is_counted(), self.config.usage.budget);
        let _admitted = admitted.inspect_err(|error| self.note_unsent(call, flight, error))?;
        let token = self.token_for(call).await?;
        let first = self.send_until_done(call, token.as_ref(), flight, &mut tries).await;
        let (Err(error), Some(token), Auth::App) = (&first, &token, &call.auth) else { return first };
        if !retry::is_token_refusal(error) {
            return first;
        }
        self.tokens.drop_if(token);
        let token = self.token_for(call).await?;
        self.send_until_done(call, token.as_ref(), flight, &mut tries).await
    }

    /// Sends `call`, and again while that is allowed.
    async fn send_until_done(
        &self,
        call: &Call,
        token: Option<&Arc<Issued>>,
        flight: &Flight,
        tries: &mut Tries,
    ) -> Result<Reply> {
        let mut begun = None;
        loop {
            tries.made += 1;
            self.pace.wait(call, self.on_wait.get()).await;
            let begun = *begun.get_or_insert_with(Instant::now);
            let line = Line::begin(self, call, flight, tries.made);
            let error = match line.ended(self.send(call, token, flight, begun).await) {
                Ok(reply) => return Ok(reply),
                Err(error) => error,
            };
            let Some(delay) = retry::delay(&error, call.effect, tries.again) else { return Err(error) };
            // The limit of a whole call holds for its tries together.
            if begun.elapsed() + delay >= self.http.whole {
                return Err(error);
            }
            tries.again += 1;
            retry::tell(&error, delay);
            flight.reset();
            tokio::time::sleep(delay).await;
        }
    }

    /// The most calls a second of each method; 0 = any number.
    pub fn calls_per_second(&self) -> f64 {
        self.pace.per_second()
    }

    /// Changes that.
    pub fn set_calls_per_second(&self, calls: f64) {
        self.pace.set_per_second(calls);
    }

    /// Fetches a new token, for a check of the credentials. It is kept for the calls that follow.
    ///
    /// # Errors
    /// As [`Client::call`].
    pub async fn check_token(&self, flight: &Flight) -> Result<()> {
        self.tokens.get(self, flight).await.map(|_| ())
    }

    /// The token that the app has at the moment; nothing is fetched.
    pub fn held_token(&self) -> Option<Secret> {
        self.tokens.held()
    }

    /// How far the server's clock is from ours, in seconds; known once a token was fetched.
    pub fn clock_skew(&self) -> Option<f64> {
        self.skew.lock().map(|millis| millis as f64 / 1000.0)
    }

    async fn token_for(&self, call: &Call) -> Result<Option<Arc<Issued>>> {
        // The call itself is not under way yet, so its own flight says nothing of this one.
        let flight = &Flight::default();
        match &call.auth {
            Auth::None => Ok(None),
            Auth::Given(token) => Issued::given(token).map(|token| Some(Arc::new(token))),
            Auth::App => {
                let token = self.tokens.get(self, flight).await;
                token.map(Some).map_err(|error| error.instead_of(&call.label()))
            }
        }
    }

    /// App key and secret, or what to do without.
    fn credentials(&self) -> Result<(&str, &Secret)> {
        self.config.bot.as_ref().and_then(Bot::app).ok_or_else(Self::no_bot)
    }

    /// The error of a call that needs an app when none is configured.
    pub fn no_bot() -> Error {
        Error::new(Kind::Unconfigured { needs: "bot".into() }).hint(Text::fixed(
            "without `[bot]` only webhook messages can be sent; run `dingraia config init`, or set DINGRAIA_APP_KEY and DINGRAIA_APP_SECRET",
            "没有配置 `[bot]` 时只能发送 Webhook 消息；请运行 `dingraia config init`，或设置 DINGRAIA_APP_KEY 与 DINGRAIA_APP_SECRET",
        ))
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("config", &self.config).finish_non_exhaustive()
    }
}
