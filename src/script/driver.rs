//! The thread on which handlers run, as fibers: those of one conversation one after another, those of others at the same time.

use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Weak};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use futures_util::stream::{FuturesUnordered, Stream as _};
use parking_lot::Mutex;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::{Interval, MissedTickBehavior, interval};

use super::event::Happening;
use super::fiber::Fiber;
use super::lane::{self, Lane};
use super::parallel::STACK;
use super::station::Station;
use crate::events::Place;

/// So many handlers run at once; each has a stack.
const MOST: usize = 64;

/// How often it is looked whether a handler's time is over.
const CHECK: Duration = Duration::from_millis(100);

/// Something to handle, and its place among what waits.
struct Job {
    happening: Arc<Happening>,
    place: Place,
}

/// The way to the thread, which is started when there is something to handle.
#[derive(Default)]
pub(super) struct Driver {
    jobs: Mutex<Option<UnboundedSender<Job>>>,
    /// What was given to the thread and is not done.
    active: Arc<AtomicUsize>,
}

impl Driver {
    /// Gives `happening` to the thread of `station`.
    pub(super) fn handle(&self, station: &Arc<Station>, happening: Arc<Happening>, place: Place) {
        let mut jobs = self.jobs.lock();
        if jobs.is_none() {
            let (sender, receiver) = unbounded_channel();
            let (home, active) = (Arc::downgrade(station), Arc::clone(&self.active));
            let thread = std::thread::Builder::new().name("dingraia-handlers".into());
            if thread.spawn(move || serve(&home, receiver, active)).is_ok() {
                *jobs = Some(sender);
            }
        }
        self.active.fetch_add(1, Ordering::AcqRel);
        let sent = jobs.as_ref().is_some_and(|jobs| jobs.send(Job { happening, place }).is_ok());
        if !sent {
            self.active.fetch_sub(1, Ordering::AcqRel);
        }
    }

    /// Ends the thread when what it has is done.
    pub(super) fn close(&self) {
        *self.jobs.lock() = None;
    }

    /// How much is handled or waits for it.
    pub(super) fn active(&self) -> usize {
        self.active.load(Ordering::Acquire)
    }
}

fn serve(station: &Weak<Station>, jobs: UnboundedReceiver<Job>, active: Arc<AtomicUsize>) {
    let Some(bridge) = station.upgrade().map(|station| Arc::clone(&station.functions.bridge)) else { return };
    let station = station.clone();
    // It fails only without a runtime, and then nothing arrives.
    let _ = bridge.clone().drive(async move {
        let mut ticks = interval(CHECK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut board = Board {
            station,
            jobs,
            active,
            lanes: HashMap::new(),
            running: FuturesUnordered::new(),
            freed: Rc::default(),
            ticks,
        };
        // A share of the runtime's attention for one is too little for all of these.
        let work = poll_fn(|cx| bridge.turn.hold(|| board.poll(cx)));
        tokio::task::unconstrained(work).await;
    });
}

/// What runs and what waits.
struct Board {
    station: Weak<Station>,
    jobs: UnboundedReceiver<Job>,
    active: Arc<AtomicUsize>,
    /// The conversations whose handlers run, with what waits for them.
    lanes: HashMap<String, VecDeque<Job>>,
    running: FuturesUnordered<Run>,
    /// The conversations whose next event may come.
    freed: Rc<RefCell<Vec<String>>>,
    ticks: Interval,
}

impl Board {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        while self.ticks.poll_tick(cx).is_ready() {
            let now = Instant::now();
            self.running.iter().for_each(|run| run.lane.check(now));
        }
        loop {
            let mut moved = false;
            while self.running.len() < MOST {
                match self.jobs.poll_recv(cx) {
                    Poll::Ready(Some(job)) => self.admit(job),
                    Poll::Ready(None) if self.running.is_empty() => return Poll::Ready(()),
                    Poll::Ready(None) | Poll::Pending => break,
                }
                moved = true;
            }
            while let Poll::Ready(Some(())) = Pin::new(&mut self.running).poll_next(cx) {
                self.active.fetch_sub(1, Ordering::AcqRel);
                moved = true;
            }
            let freed = std::mem::take(&mut *self.freed.borrow_mut());
            for key in freed {
                self.go_on(&key);
                moved = true;
            }
            if !moved {
                return Poll::Pending;
            }
        }
    }

    fn admit(&mut self, job: Job) {
        let key = &job.happening.event.conversation;
        match self.lanes.get_mut(key) {
            Some(waiting) => waiting.push_back(job),
            None => {
                self.lanes.insert(key.clone(), VecDeque::new());
                self.start(job);
            }
        }
    }

    /// The conversation's next event, when there is one.
    fn go_on(&mut self, key: &str) {
        match self.lanes.get_mut(key).map(VecDeque::pop_front) {
            Some(Some(job)) => self.start(job),
            _ => {
                self.lanes.remove(key);
            }
        }
    }

    fn start(&mut self, job: Job) {
        let Job { happening, place } = job;
        drop(place);
        let Some(station) = self.station.upgrade() else {
            self.active.fetch_sub(1, Ordering::AcqRel);
            return;
        };
        let lane = Lane::new(happening.event.conversation.clone(), &self.freed);
        let own = Rc::clone(&lane);
        let stacks = Arc::clone(&station.functions.bridge.stacks);
        let work = move || {
            lane::within(&own, || {
                // A panic in a library costs one event.
                let done = catch_unwind(AssertUnwindSafe(|| station.run_handlers(&own, &happening)));
                if done.is_err() {
                    tracing::error!(target: "dingraia", zh = "处理函数崩溃；会话继续", "a handler panicked; the session goes on");
                }
                happening.event.answer.close();
            });
        };
        match Fiber::new(&stacks, STACK, work) {
            Ok(fiber) => self.running.push(Run { fiber, lane }),
            Err(error) => {
                tracing::error!(target: "dingraia", zh = %format!("没有内存运行处理函数：{error}"), "no memory for a handler: {error}");
                self.active.fetch_sub(1, Ordering::AcqRel);
                lane.free();
            }
        }
    }
}

/// A fiber with its lane.
struct Run {
    fiber: Fiber,
    lane: Rc<Lane>,
}

impl Future for Run {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        Pin::new(&mut self.fiber).poll(cx)
    }
}
