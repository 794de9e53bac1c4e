//! One connection: frames out, answers in, questions whether it lives, and its end.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use parking_lot::Mutex;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite};
use tokio::sync::{Notify, mpsc};
use tokio::time::{Instant, sleep_until};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_util::sync::CancellationToken;

use super::answer::Answer;
use super::frame;
use super::parcel::{Outcome, Parcel, Topic};
use crate::sandbox::World;

/// Frames that may wait for a connection.
const ROOM: usize = 8192;
/// Frames that are written before they are flushed.
const BATCH: usize = 256;
/// Unanswered pings in a row that end a connection.
const PATIENCE: u32 = 3;
/// How long a client may take to answer a WebSocket close.
const FAREWELL: Duration = Duration::from_secs(1);
/// Longer than any test.
const NEVER: Duration = Duration::from_secs(86_400);

/// A connection as others see it.
pub(super) struct Link {
    pub(super) id: String,
    pub(super) about: About,
    queue: mpsc::Sender<Message>,
    waiting: Mutex<Waiting>,
    /// Something new is waited for.
    wake: Notify,
    /// It was told to go; others are preferred.
    pub(super) leaving: CancellationToken,
    /// It ends at once.
    pub(super) dropped: CancellationToken,
    /// It plays dead.
    pub(super) silent: CancellationToken,
    pub(super) sent: AtomicU64,
    pub(super) answered: AtomicU64,
    /// Answers to frames that nobody waits for (any more).
    pub(super) stray: AtomicU64,
}

/// What a client said of itself.
pub(super) struct About {
    pub(super) user_agent: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) topics: Vec<Topic>,
}

/// Frames whose answer is waited for.
#[derive(Default)]
struct Waiting {
    frames: HashMap<String, Frame>,
    due: BTreeSet<(Instant, String)>,
    missed_pings: u32,
}

struct Frame {
    due: Instant,
    since: Instant,
    what: What,
}

enum What {
    Parcel(Parcel),
    /// The text that has to come back.
    Ping(String),
}

/// Why a frame could not be put into a connection.
pub(super) enum Refused {
    /// The connection ended.
    Gone,
    /// Too many frames wait.
    Full,
}

/// The frames that wait to be written.
pub(super) type Outgoing = mpsc::Receiver<Message>;

impl Link {
    pub(super) fn new(id: String, about: About) -> (Arc<Self>, Outgoing) {
        let (queue, outgoing) = mpsc::channel(ROOM);
        let link = Self {
            id,
            about,
            queue,
            waiting: Mutex::default(),
            wake: Notify::new(),
            leaving: CancellationToken::new(),
            dropped: CancellationToken::new(),
            silent: CancellationToken::new(),
            sent: AtomicU64::new(0),
            answered: AtomicU64::new(0),
            stray: AtomicU64::new(0),
        };
        (Arc::new(link), outgoing)
    }

    /// Waits for the answer to `message_id`, whose frame is written after this.
    pub(super) fn expect(&self, message_id: &str, parcel: Parcel, within: Duration) {
        self.wait_for(message_id, What::Parcel(parcel), within);
    }

    fn wait_for(&self, message_id: &str, what: What, within: Duration) {
        let since = Instant::now();
        let due = since + within;
        let mut waiting = self.waiting.lock();
        let first = waiting.due.first().is_none_or(|(first, _)| due < *first);
        waiting.due.insert((due, message_id.to_string()));
        waiting.frames.insert(message_id.to_string(), Frame { due, since, what });
        drop(waiting);
        if first {
            self.wake.notify_one();
        }
    }

    /// Takes back what [`Link::expect`] was told.
    pub(super) fn forget(&self, message_id: &str) -> Option<Parcel> {
        match self.take(message_id)?.what {
            What::Parcel(parcel) => Some(parcel),
            What::Ping(_) => None,
        }
    }

    fn take(&self, message_id: &str) -> Option<Frame> {
        let mut waiting = self.waiting.lock();
        let frame = waiting.frames.remove(message_id)?;
        waiting.due.remove(&(frame.due, message_id.to_string()));
        Some(frame)
    }

    /// Puts a frame behind those that wait.
    pub(super) fn write(&self, message: Message) -> Result<(), Refused> {
        self.sent.fetch_add(1, Ordering::Relaxed);
        self.queue.try_send(message).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => Refused::Full,
            mpsc::error::TrySendError::Closed(_) => Refused::Gone,
        })
    }

    /// Waits until there is room for a frame, or the connection has ended.
    pub(super) async fn room(&self) {
        let _ = self.queue.reserve().await;
    }

    /// Tells the client to go.
    pub(super) fn disconnect(&self, world: &World, reason: &str) {
        let data = serde_json::json!({"reason": reason}).to_string();
        let text = frame::system("disconnect", &frame::message_id(&world.clock), &world.clock, &data);
        // A full queue loses the notice; the end comes all the same.
        let _ = self.write(text.into());
        self.leaving.cancel();
    }

    /// Closes it without a notice.
    pub(super) fn close(&self) {
        // What cannot be written any more needs no close.
        let _ = self.write(Message::Close(None));
        self.leaving.cancel();
    }

    /// Serves the connection to its end; what was not answered then is told.
    pub(super) async fn run<S>(
        self: Arc<Self>,
        world: &World,
        socket: WebSocketStream<S>,
        mut outgoing: Outgoing,
    ) where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let (mut sink, mut stream) = socket.split();
        let end = tokio::select! {
            // The end goes before everything that could still be written.
            biased;
            () = self.dropped.cancelled() => End::Over,
            () = self.silent.cancelled() => End::Dead,
            () = write(&mut sink, &mut outgoing) => End::Over,
            () = self.read(world, &mut stream) => End::Over,
            () = self.watch(world) => End::Over,
        };
        if end == End::Dead
            && let Ok(socket) = sink.reunite(stream)
        {
            let mut wire = socket.into_inner();
            tokio::select! {
                () = self.dropped.cancelled() => {}
                () = swallow(&mut wire) => {}
                () = self.watch(world) => {}
            }
        }
        self.end(world, outgoing);
    }

    /// Takes the connection away; nobody finds it any more before what is left is told.
    pub(super) fn end(self: &Arc<Self>, world: &World, mut outgoing: Outgoing) {
        world.push.leave(self);
        outgoing.close();
        let left: Vec<Frame> = self.waiting.lock().frames.drain().map(|(_, frame)| frame).collect();
        for frame in left {
            self.ended(world, frame, Outcome::Cut, String::new());
        }
    }

    async fn read<S>(&self, world: &World, stream: &mut SplitStream<WebSocketStream<S>>)
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        while let Some(Ok(message)) = stream.next().await {
            match message {
                Message::Text(text) => self.take_answer(world, &text),
                Message::Close(_) => {
                    // The close that answers it is written by the next read.
                    while stream.next().await.is_some_and(|message| message.is_ok()) {}
                    return;
                }
                _ => {}
            }
        }
    }

    fn take_answer(&self, world: &World, text: &str) {
        let answer = Answer::read(text);
        let frame = answer.as_ref().and_then(|answer| self.take(answer.message_id()));
        let (Some(answer), Some(frame)) = (answer, frame) else {
            self.stray.fetch_add(1, Ordering::Relaxed);
            return;
        };
        self.answered.fetch_add(1, Ordering::Relaxed);
        let outcome = match &frame.what {
            What::Parcel(parcel) => answer.judge(parcel.topic),
            What::Ping(sent) if answer.echoes(sent) => Outcome::Done,
            What::Ping(_) => Outcome::Wrong("the answer to a ping is not its data".into()),
        };
        self.ended(world, frame, outcome, answer.data.unwrap_or_default());
    }

    fn ended(&self, world: &World, frame: Frame, outcome: Outcome, answer: String) {
        match frame.what {
            What::Parcel(parcel) => {
                world.push.ended(world, parcel, &self.id, outcome, answer, frame.since.elapsed());
            }
            What::Ping(_) => {
                let mut waiting = self.waiting.lock();
                waiting.missed_pings = if outcome == Outcome::Done { 0 } else { waiting.missed_pings + 1 };
                drop(waiting);
                self.wake.notify_one();
            }
        }
    }

    /// Asks whether the client lives, notices what was not answered, and ends a connection that was told to go.
    async fn watch(&self, world: &World) {
        let mut next_ping = Instant::now() + ping_time(world);
        let mut close_at = None;
        loop {
            let now = Instant::now();
            let due = {
                let waiting = self.waiting.lock();
                if waiting.missed_pings >= PATIENCE {
                    return;
                }
                waiting.due.first().map_or(now + NEVER, |(due, _)| *due)
            };
            tokio::select! {
                () = self.wake.notified() => {}
                () = sleep_until(due) => self.expire(world),
                () = sleep_until(next_ping) => {
                    next_ping = Instant::now() + ping_time(world);
                    self.ping(world);
                }
                () = self.leaving.cancelled(), if close_at.is_none() => {
                    close_at = Some(now + world.push.timing().close);
                }
                () = sleep_until(close_at.unwrap_or(now + NEVER)), if close_at.is_some() => {
                    if self.write(Message::Close(None)).is_err() {
                        return;
                    }
                    tokio::time::sleep(FAREWELL).await;
                    return;
                }
            }
        }
    }

    fn expire(&self, world: &World) {
        let now = Instant::now();
        loop {
            let mut waiting = self.waiting.lock();
            let Some((_, id)) = waiting.due.first().filter(|(due, _)| *due <= now).cloned() else { return };
            waiting.due.pop_first();
            let frame = waiting.frames.remove(&id);
            drop(waiting);
            if let Some(frame) = frame {
                self.ended(world, frame, Outcome::Unanswered, String::new());
            }
        }
    }

    fn ping(&self, world: &World) {
        let data = serde_json::json!({"opaque": world.clock.uuid()}).to_string();
        let id = frame::message_id(&world.clock);
        let text = frame::system("ping", &id, &world.clock, &data);
        self.wait_for(&id, What::Ping(data), ping_time(world));
        let _ = self.write(text.into());
    }
}

/// How long a ping is waited for, and the next one after it.
fn ping_time(world: &World) -> Duration {
    world.push.timing().ping.max(Duration::from_millis(1))
}

/// How serving a connection ended.
#[derive(PartialEq, Eq)]
enum End {
    Over,
    Dead,
}

/// Writes what waits, many frames with one flush.
async fn write<S>(sink: &mut SplitSink<WebSocketStream<S>, Message>, outgoing: &mut Outgoing)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut batch = Vec::with_capacity(BATCH);
    while outgoing.recv_many(&mut batch, BATCH).await > 0 {
        for message in batch.drain(..) {
            if sink.feed(message).await.is_err() {
                return;
            }
        }
        if sink.flush().await.is_err() {
            return;
        }
    }
}

/// Reads a dead connection to its end, so that a client that gives up is noticed.
async fn swallow(wire: &mut (impl AsyncRead + Unpin)) {
    let mut bytes = vec![0; 4096];
    while wire.read(&mut bytes).await.is_ok_and(|count| count > 0) {}
}
