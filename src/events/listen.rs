//! Everything that brings pushes to a hub while an app listens: a link for each stream, the receiver of callbacks.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::Hub;
use crate::callback::{Find, Keys, Receiver, bind, serve};
use crate::client::Client;
use crate::clock::Clock;
use crate::config::{Config, Stream};
use crate::error::{Error, Kind, Result};
use crate::lang::Text;
use crate::stream::{Link, Options, State, Timing};

/// What is listened to.
#[derive(Debug, Clone, Copy, Default)]
pub struct Ask {
    /// Where callbacks are received; nothing for nowhere.
    pub address: Option<SocketAddr>,
    /// How long links wait.
    pub timing: Timing,
}

/// An app that listens. Dropping it ends that at once.
pub struct Listening {
    stop: CancellationToken,
    links: Vec<(String, watch::Receiver<State>)>,
    receiver: Option<SocketAddr>,
    tasks: JoinSet<()>,
}

/// How a link is doing.
#[derive(Debug, Clone)]
pub struct Status {
    /// The app it belongs to, or the address of the receiver.
    pub app_key: String,
    /// How it is doing.
    pub state: State,
}

impl Listening {
    /// Begins to listen for the app of `config`: on every stream that is configured, or else on one of the app itself. Requests over
    /// HTTP that are not DingTalk's go to the routes that `find` finds.
    ///
    /// # Errors
    /// When there is nothing to listen to.
    pub fn begin(
        runtime: &Handle,
        client: &Arc<Client>,
        clock: &Clock,
        config: &Config,
        hub: &Hub,
        ask: Ask,
        find: Find,
    ) -> Result<Self> {
        let accounts = accounts(config, ask.address.is_some());
        if accounts.is_empty() && ask.address.is_none() {
            return Err(Error::new(Kind::Unconfigured { needs: "stream".into() }).hint(Text::fixed(
                "`[[stream]]` or `[bot]` with app_key and app_secret",
                "请配置 `[[stream]]`，或带有 app_key 与 app_secret 的 `[bot]`",
            )));
        }
        let stop = CancellationToken::new();
        let mut tasks = JoinSet::new();
        let mut receiver = None;
        if let Some(address) = ask.address {
            let (listener, address) = bind(address)?;
            let taker = Receiver::new(Keys::of(config)?, clock.clone(), hub.sink(), hub.complaints());
            let stop = stop.clone();
            tasks.spawn_on(async move { serve(listener, taker, find, stop).await }, runtime);
            receiver = Some(address);
        }
        let links = accounts.into_iter().map(|account| {
            let options = Options { custom: config.custom_stream_connect.clone(), timing: ask.timing };
            let app_key = account.app_key.clone();
            let (client, clock) = (Arc::clone(client), clock.clone());
            let link = Link::new(client, clock, account, options, hub.sink(), hub.complaints());
            let state = link.state();
            tasks.spawn_on(link.run(stop.clone()), runtime);
            (app_key, state)
        });
        let links = links.collect();
        Ok(Self { stop, links, receiver, tasks })
    }

    /// The apps that it connects as.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.links.iter().map(|(key, _)| key.as_str())
    }

    /// How its links are doing.
    pub fn status(&self) -> Vec<Status> {
        let of = |(key, state): &(String, watch::Receiver<State>)| Status {
            app_key: key.clone(),
            state: state.borrow().clone(),
        };
        let receiver = self
            .receiver
            .map(|address| Status { app_key: format!("http://{address}"), state: State::Connected });
        self.links.iter().map(of).chain(receiver).collect()
    }

    /// Waits until every link was connected once, or was stopped.
    pub fn ready(&self) -> impl Future<Output = ()> + Send + 'static {
        let links: Vec<_> = self.links.iter().map(|(_, state)| state.clone()).collect();
        async move {
            for mut state in links {
                let _ = state.wait_for(|state| matches!(state, State::Connected | State::Stopped)).await;
            }
        }
    }

    /// Tells everything to end.
    pub fn stop(&self) {
        self.stop.cancel();
    }

    /// Waits until everything has ended.
    pub async fn ended(mut self) {
        while self.tasks.join_next().await.is_some() {}
    }
}

/// The streams that are configured; without one, that of the app, unless it listens to callbacks.
fn accounts(config: &Config, has_receiver: bool) -> Vec<Stream> {
    if !config.stream.is_empty() || has_receiver {
        return config.stream.clone();
    }
    let app = config.bot.as_ref().and_then(|bot| bot.app());
    app.map(|(key, secret)| Stream { app_key: key.to_owned(), app_secret: secret.clone() })
        .into_iter()
        .collect()
}
