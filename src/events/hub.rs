//! Where everything that arrives goes through: once each, typed, stored, and handed on in order.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Weak};

use parking_lot::{Mutex, RwLock};
use tokio::sync::oneshot;

use super::event::{Answer, Event};
use super::read;
use super::recent::Recent;
use super::seen::Seen;
use super::store::store;
use crate::cache::Cache;
use crate::model::{Complaints, Push, Sink, Taken};

/// So many events may wait to be handled; what comes then is not taken.
pub const ROOM: usize = 10_000;

/// So many are stored in one transaction.
const BATCH: usize = 512;

/// Sees every event, before it is handled; must be quick.
pub type Listener = Arc<dyn Fn(&Arc<Event>) + Send + Sync>;

/// Sees every push as it came; must be quick.
pub type Tap = Arc<dyn Fn(&Push) + Send + Sync>;

/// Handles events. The place is given back when handling begins.
pub type Handler = Arc<dyn Fn(Arc<Event>, Place) + Send + Sync>;

/// The hub of one app. Clones are the same hub.
#[derive(Clone)]
pub struct Hub(Arc<Inner>);

struct Inner {
    cache: Cache,
    complaints: Arc<Complaints>,
    seen: Mutex<Seen>,
    room: usize,
    waiting: AtomicUsize,
    taken: AtomicU64,
    again: AtomicU64,
    dropped: AtomicU64,
    recent: Mutex<Recent>,
    listeners: RwLock<Vec<Listener>>,
    taps: RwLock<Vec<Tap>>,
    handler: RwLock<Option<Handler>>,
    /// To the thread that stores and hands on; made when the first event comes.
    queue: Mutex<Option<Sender<Queued>>>,
}

/// An event on its way, with its place.
type Queued = (Arc<Event>, Place);

/// What went through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Events that were taken.
    pub taken: u64,
    /// Pushes that had been taken before.
    pub again: u64,
    /// Pushes for which there was no room.
    pub dropped: u64,
    /// Events that wait to be handled.
    pub waiting: usize,
}

/// A place among the events that wait; dropping it gives it back.
#[derive(Debug)]
pub struct Place(Weak<Inner>);

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(inner) = self.0.upgrade() {
            inner.waiting.fetch_sub(1, Ordering::AcqRel);
        }
    }
}

impl Hub {
    /// A hub that stores in `cache`, with room for `room` events that wait.
    pub fn new(cache: Cache, room: usize) -> Self {
        Self(Arc::new(Inner {
            cache,
            complaints: Arc::default(),
            seen: Mutex::default(),
            room,
            waiting: AtomicUsize::new(0),
            taken: AtomicU64::new(0),
            again: AtomicU64::new(0),
            dropped: AtomicU64::new(0),
            recent: Mutex::default(),
            listeners: RwLock::default(),
            taps: RwLock::default(),
            handler: RwLock::default(),
            queue: Mutex::default(),
        }))
    }

    /// The place where pushes are taken.
    pub fn sink(&self) -> Sink {
        let hub = Arc::downgrade(&self.0);
        Arc::new(move |push| hub.upgrade().map_or(Taken::Full, |inner| Self(inner).take(push)))
    }

    /// Takes a push: it is handled once, if there is room.
    pub fn take(&self, push: Push) -> Taken {
        let inner = &self.0;
        for tap in inner.taps.read().iter() {
            tap(&push);
        }
        let (ids, now, wants_answer) = (push.ids.clone(), push.received, push.topic.wants_answer());
        // One at a time: the same push may come on two connections at once.
        let mut seen = inner.seen.lock();
        if seen.knows(&ids, now) {
            inner.again.fetch_add(1, Ordering::Relaxed);
            return Taken::Again;
        }
        let Some(mut event) = read(push) else {
            inner.complaints.add("a push that cannot be read");
            return Taken::Unreadable;
        };
        let Some(place) = self.place() else {
            inner.dropped.fetch_add(1, Ordering::Relaxed);
            inner.complaints.add("a push, because 10000 wait to be handled");
            return Taken::Full;
        };
        let answered = wants_answer.then(|| {
            let (sender, receiver) = oneshot::channel();
            event.answer = Answer::to(sender);
            receiver
        });
        if !self.send(event, place) {
            return Taken::Full;
        }
        seen.remember(&ids, now);
        inner.taken.fetch_add(1, Ordering::Relaxed);
        answered.map_or(Taken::Queued, Taken::Answered)
    }

    /// Hands on an event that arose here.
    pub fn tell(&self, event: Event) {
        self.0.waiting.fetch_add(1, Ordering::AcqRel);
        self.send(event, Place(Arc::downgrade(&self.0)));
    }

    fn place(&self) -> Option<Place> {
        let free = |waiting: usize| (waiting < self.0.room).then_some(waiting + 1);
        let taken = self.0.waiting.fetch_update(Ordering::AcqRel, Ordering::Acquire, free);
        taken.is_ok().then(|| Place(Arc::downgrade(&self.0)))
    }

    /// Gives an event to the thread; false when the system gives none.
    fn send(&self, event: Event, place: Place) -> bool {
        let mut queue = self.0.queue.lock();
        if queue.is_none() {
            let (sender, receiver) = channel();
            let hub = Arc::downgrade(&self.0);
            let thread = std::thread::Builder::new().name("dingraia-events".into());
            if thread.spawn(move || keep(&receiver, &hub)).is_err() {
                return false;
            }
            *queue = Some(sender);
        }
        queue.as_ref().is_some_and(|queue| queue.send((Arc::new(event), place)).is_ok())
    }

    /// Has `listener` see every event from now on.
    pub fn listen(&self, listener: Listener) {
        self.0.listeners.write().push(listener);
    }

    /// Has `tap` see every push from now on.
    pub fn tap(&self, tap: Tap) {
        self.0.taps.write().push(tap);
    }

    /// Has `handler` handle events from now on; there is one.
    pub fn handle(&self, handler: Handler) {
        *self.0.handler.write() = Some(handler);
    }

    /// The last events that `wanted` accepts, newest first, `most` of them.
    pub fn recent(&self, most: usize, wanted: impl Fn(&Event) -> bool) -> Vec<Arc<Event>> {
        let recent = self.0.recent.lock();
        recent.newest().filter(|event| wanted(event)).take(most).cloned().collect()
    }

    /// What went through.
    pub fn counts(&self) -> Counts {
        let inner = &self.0;
        Counts {
            taken: inner.taken.load(Ordering::Relaxed),
            again: inner.again.load(Ordering::Relaxed),
            dropped: inner.dropped.load(Ordering::Relaxed),
            waiting: inner.waiting.load(Ordering::Relaxed),
        }
    }

    /// Counts what goes wrong on the way here, too.
    pub fn complaints(&self) -> Arc<Complaints> {
        Arc::clone(&self.0.complaints)
    }
}

/// Stores and hands on, until the hub is gone.
fn keep(queue: &Receiver<Queued>, hub: &Weak<Inner>) {
    while let Ok(first) = queue.recv() {
        let mut batch = vec![first];
        batch.extend(queue.try_iter().take(BATCH - 1));
        let Some(inner) = hub.upgrade() else { return };
        let events: Vec<Arc<Event>> = batch.iter().map(|(event, _)| Arc::clone(event)).collect();
        store(&inner.cache, &events);
        let listeners = inner.listeners.read().clone();
        let handler = inner.handler.read().clone();
        for (event, place) in batch {
            if !event.kind().is_internal() {
                inner.recent.lock().add(Arc::clone(&event));
            }
            for listener in &listeners {
                listener(&event);
            }
            match &handler {
                Some(handler) => handler(event, place),
                None => event.answer.close(),
            }
        }
    }
}
