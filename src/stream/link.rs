//! A link to the gateway that comes back for ever: connects, listens, and connects again when the connection ends.

use std::sync::Arc;

use tokio::sync::{oneshot, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use super::line::{End, listen};
use super::open::open;
use super::{Options, delay};
use crate::client::{Client, Socket};
use crate::clock::Clock;
use crate::config::Stream;
use crate::error::{Class, Error, Kind};
use crate::lang::{Lang, Text};
use crate::model::{Complaints, Sink};

/// How a link is doing.
#[derive(Debug, Clone, Default)]
pub enum State {
    /// It has not begun.
    #[default]
    Idle,
    /// It tries to connect.
    Connecting,
    /// It is connected.
    Connected,
    /// It could not connect and tries again.
    Waiting(Arc<Error>),
    /// The credentials are refused; it tries again, slowly.
    Refused(Arc<Error>),
    /// It was stopped.
    Stopped,
}

/// A link for one account.
pub struct Link {
    shared: Arc<Shared>,
    account: Stream,
    state: watch::Sender<State>,
}

/// What a link and its connections have in common.
pub(super) struct Shared {
    pub(super) client: Arc<Client>,
    pub(super) clock: Clock,
    pub(super) options: Options,
    pub(super) sink: Sink,
    pub(super) complaints: Arc<Complaints>,
}

/// Why the wait for the current connection is over.
enum Over {
    Stopped,
    /// The gateway is about to close it.
    Leaving,
    Ended(End),
}

impl Link {
    /// A link for `account` that gives what it hears to `sink`.
    pub fn new(
        client: Arc<Client>,
        clock: Clock,
        account: Stream,
        options: Options,
        sink: Sink,
        complaints: Arc<Complaints>,
    ) -> Self {
        let shared = Arc::new(Shared { client, clock, options, sink, complaints });
        Self { shared, account, state: watch::Sender::default() }
    }

    /// How it is doing, from now on.
    pub fn state(&self) -> watch::Receiver<State> {
        self.state.subscribe()
    }

    /// Runs until `stop`. Dropping it ends all its connections at once.
    pub async fn run(self, stop: CancellationToken) {
        // Those that the gateway is about to close are listened to until it does.
        let mut lines = JoinSet::new();
        let mut attempt = 0;
        let mut number = 0_u64;
        loop {
            while lines.try_join_next().is_some() {}
            let Some(socket) = self.connected(&mut attempt, &stop).await else { break };
            self.state.send_replace(State::Connected);
            let key = &self.account.app_key;
            tracing::info!(target: "dingraia", zh = %format!("{key} 已连接网关"), "connected to the gateway as {key}");
            let (sender, leaving) = oneshot::channel();
            let (shared, token) = (Arc::clone(&self.shared), stop.clone());
            number += 1;
            let this = number;
            lines.spawn(async move { (this, listen(&shared, socket, sender, &token).await) });
            let since = Instant::now();
            match over(&mut lines, number, leaving, &stop).await {
                Over::Stopped => break,
                Over::Leaving => {
                    attempt = 0;
                    continue;
                }
                Over::Ended(end) => self.lost(&end),
            }
            if since.elapsed() >= self.shared.options.timing.steady {
                attempt = 0;
            }
            if !self.pause(&mut attempt, &stop).await {
                break;
            }
        }
        // Those that are left say goodbye.
        while lines.join_next().await.is_some() {}
        self.state.send_replace(State::Stopped);
    }

    /// A connection, however often it takes; nothing when it is stopped.
    async fn connected(&self, attempt: &mut u32, stop: &CancellationToken) -> Option<Socket> {
        loop {
            self.state.send_replace(State::Connecting);
            let error = tokio::select! {
                () = stop.cancelled() => return None,
                opened = open(&self.shared.client, &self.account, &self.shared.options) => match opened {
                    Ok(socket) => return Some(socket),
                    Err(error) => Arc::new(error),
                },
            };
            let key = &self.account.app_key;
            if is_refusal(&error) {
                let zh = format!("网关拒绝了 {key}：{}；每分钟重试一次", error.text(Lang::Zh));
                tracing::warn!(target: "dingraia", zh = %zh, "the gateway refuses {key}: {error}; trying again every minute");
                self.state.send_replace(State::Refused(error));
                tokio::select! {
                    () = stop.cancelled() => return None,
                    () = sleep(self.shared.options.timing.refused) => {}
                }
                continue;
            }
            if *attempt == 0 {
                let zh = format!("{key} 无法连接网关：{}；正在重试", error.text(Lang::Zh));
                tracing::warn!(target: "dingraia", zh = %zh, "no connection to the gateway as {key}: {error}; trying again");
            } else {
                let zh = format!("{key} 无法连接网关：{}", error.text(Lang::Zh));
                tracing::debug!(target: "dingraia", zh = %zh, "no connection to the gateway as {key}: {error}");
            }
            self.state.send_replace(State::Waiting(error));
            if !self.pause(attempt, stop).await {
                return None;
            }
        }
    }

    fn lost(&self, end: &End) {
        let why = match end {
            End::Stopped => return,
            End::Broken(why) => why,
            End::Silent => &Text::fixed("nothing was heard for too long", "太久没有收到数据"),
        };
        let key = &self.account.app_key;
        tracing::warn!(target: "dingraia", zh = %format!("{key} 与网关的连接断开：{}；正在重连", why.zh), "lost the gateway as {key}: {}; connecting again", why.en);
    }

    /// Waits before the next try; false when it was stopped.
    async fn pause(&self, attempt: &mut u32, stop: &CancellationToken) -> bool {
        let timing = &self.shared.options.timing;
        let mut random = [0; 8];
        self.shared.clock.random(&mut random);
        let time = delay(*attempt, u64::from_le_bytes(random), timing.first, timing.most);
        *attempt = attempt.saturating_add(1);
        tokio::select! {
            () = stop.cancelled() => false,
            () = sleep(time) => true,
        }
    }
}

/// Waits until connection `number` is over, or about to be.
async fn over(
    lines: &mut JoinSet<(u64, End)>,
    number: u64,
    mut leaving: oneshot::Receiver<()>,
    stop: &CancellationToken,
) -> Over {
    let mut may_leave = true;
    loop {
        tokio::select! {
            biased;
            () = stop.cancelled() => return Over::Stopped,
            left = &mut leaving, if may_leave => match left {
                Ok(()) => return Over::Leaving,
                Err(_) => may_leave = false,
            },
            ended = lines.join_next() => match ended {
                Some(Ok((ended, end))) if ended == number => return Over::Ended(end),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Over::Ended(End::Broken(Text::fixed("its task ended", "连接任务已结束"))),
            },
        }
    }
}

/// Whether it is the credentials that are wrong.
fn is_refusal(error: &Error) -> bool {
    match error.kind() {
        Kind::Refused(refusal) => {
            matches!(refusal.class, Class::Token | Class::Permission) || refusal.status == 401
        }
        Kind::Unreadable { status, .. } => *status == 401,
        _ => false,
    }
}
