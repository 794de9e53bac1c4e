//! One open connection: reads it, answers at once, and notices when it is dead. Handlers are never waited for.

use std::time::Duration;

use futures_util::{FutureExt as _, SinkExt as _, StreamExt as _};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio::time::error::Elapsed;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until, timeout};
use tokio_tungstenite::tungstenite::{Bytes, Error, Message};
use tokio_util::sync::CancellationToken;

use super::ack::pong;
use super::link::Shared;
use super::{Frame, Refused, Timing, answer, read, refusal};
use crate::client::Socket;
use crate::lang::Text;
use crate::model::{Taken, Topic};

/// How long the gateway may take to read what is sent to it.
const WRITE: Duration = Duration::from_secs(10);

/// So many frames are heard before their answers leave.
const TOGETHER: usize = 64;

/// So far in the future that it does not come.
const NEVER: Duration = Duration::from_secs(86_400 * 365);

/// Why a connection ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum End {
    /// We closed it.
    Stopped,
    /// The gateway closed it, or it broke.
    Broken(Text),
    /// Nothing came for too long.
    Silent,
}

/// A connection that is listened to.
pub(super) struct Line<'a> {
    shared: &'a Shared,
    socket: Socket,
    answers: JoinSet<()>,
    out: UnboundedSender<String>,
    /// Told once when the gateway says that it is about to close.
    leaving: Option<oneshot::Sender<()>>,
    ends: Instant,
}

/// What one frame asks for.
enum Reply {
    Nothing,
    Text(String),
    Leave,
    Later(String, Topic, oneshot::Receiver<serde_json::Value>),
}

/// Listens to `socket` until it ends.
pub(super) async fn listen(
    shared: &Shared,
    socket: Socket,
    leaving: oneshot::Sender<()>,
    stop: &CancellationToken,
) -> End {
    let (out, mut answered) = unbounded_channel();
    let ends = Instant::now() + NEVER;
    let mut line = Line { shared, socket, answers: JoinSet::new(), out, leaving: Some(leaving), ends };
    let Timing { ping, silence, .. } = shared.options.timing;
    let mut pings = interval(ping);
    pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut heard = Instant::now();
    loop {
        let result = tokio::select! {
            () = stop.cancelled() => {
                let _ = timeout(WRITE, line.socket.close(None)).await;
                return End::Stopped;
            }
            () = sleep_until(line.ends) => return End::Stopped,
            () = sleep_until(heard + silence) => return End::Silent,
            _ = pings.tick() => line.write(Message::Ping(Bytes::new())).await,
            Some(text) = answered.recv() => line.write(Message::text(text)).await,
            message = line.socket.next() => {
                heard = Instant::now();
                line.hear_all(message).await
            }
        };
        if let Err(end) = result {
            return end;
        }
    }
}

impl Line<'_> {
    /// Hears `next` and what else has come by now. The answers leave together, at once: a system call for each of them takes
    /// longer than everything else.
    async fn hear_all(&mut self, mut next: Option<Result<Message, Error>>) -> Result<(), End> {
        for left in (0..TOGETHER).rev() {
            match next {
                Some(Ok(message)) => self.hear(message).await?,
                Some(Err(error)) => return Err(End::Broken(said(&error))),
                None => {
                    return Err(End::Broken(Text::fixed(
                        "the gateway closed the connection",
                        "网关关闭了连接",
                    )));
                }
            }
            let more = if left > 0 { self.socket.next().now_or_never() } else { None };
            let Some(more) = more else { break };
            next = more;
        }
        self.flush().await
    }

    async fn hear(&mut self, message: Message) -> Result<(), End> {
        let text = match message {
            Message::Text(text) => text,
            Message::Binary(_) => {
                self.shared.complaints.add("a frame that is not text");
                return Ok(());
            }
            // Pings are answered and closings confirmed by the library.
            Message::Ping(_) | Message::Pong(_) | Message::Close(_) | Message::Frame(_) => return Ok(()),
        };
        match reply(self.shared, text.as_str()) {
            Reply::Nothing => Ok(()),
            Reply::Text(text) => self.feed(Message::text(text)).await,
            Reply::Leave => {
                if let Some(leaving) = self.leaving.take() {
                    self.ends = Instant::now() + self.shared.options.timing.farewell;
                    let _ = leaving.send(());
                }
                Ok(())
            }
            Reply::Later(message_id, topic, given) => {
                let (out, limit) = (self.out.clone(), self.shared.options.timing.answer);
                while self.answers.try_join_next().is_some() {}
                self.answers.spawn(async move {
                    let given = timeout(limit, given).await.ok().and_then(Result::ok);
                    let _ = out.send(answer(&message_id, topic, &Taken::Queued, given));
                });
                Ok(())
            }
        }
    }

    async fn write(&mut self, message: Message) -> Result<(), End> {
        self.feed(message).await?;
        self.flush().await
    }

    /// Puts a message behind those that are about to leave.
    async fn feed(&mut self, message: Message) -> Result<(), End> {
        sent(timeout(WRITE, self.socket.feed(message)).await)
    }

    async fn flush(&mut self) -> Result<(), End> {
        sent(timeout(WRITE, self.socket.flush()).await)
    }
}

fn sent(result: Result<Result<(), Error>, Elapsed>) -> Result<(), End> {
    match result {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(End::Broken(said(&error))),
        Err(_) => Err(End::Broken(Text::fixed("the gateway reads nothing any more", "网关不再接收数据"))),
    }
}

/// Hands a frame on, and says what is to be answered.
fn reply(shared: &Shared, text: &str) -> Reply {
    let (message_id, push) = match read(text, shared.clock.millis()) {
        Ok(Frame::Push { message_id, push }) => (message_id, push),
        Ok(Frame::Ping { message_id, data }) => return Reply::Text(pong(&message_id, &data)),
        Ok(Frame::Disconnect { reason }) => {
            tracing::debug!(target: "dingraia", zh = %format!("网关即将关闭连接：{reason:?}"), "the gateway is about to close the connection: {reason:?}");
            return Reply::Leave;
        }
        Ok(Frame::Nothing) => return Reply::Nothing,
        Err(Refused { message_id, code, why }) => {
            shared.complaints.add(why);
            return message_id.map_or(Reply::Nothing, |id| Reply::Text(refusal(&id, code, why)));
        }
    };
    let topic = push.topic;
    match (shared.sink)(push) {
        Taken::Answered(given) => Reply::Later(message_id, topic, given),
        taken => Reply::Text(answer(&message_id, topic, &taken, None)),
    }
}

fn said(error: &Error) -> Text {
    match error {
        Error::ConnectionClosed | Error::AlreadyClosed => {
            Text::fixed("the gateway closed the connection", "网关关闭了连接")
        }
        other => {
            let text = other.to_string();
            Text::made(text.clone(), text)
        }
    }
}
