//! What has to be done later or takes its time: events that are sent again, late frames, posts to addresses.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};
use tokio_tungstenite::tungstenite::Message;

use super::link::Link;
use super::parcel::Parcel;
use super::post::post;
use crate::sandbox::World;

/// Errands that are remembered: of more, those that were due first are forgotten.
const MOST: usize = 50_000;
/// Posts that may wait.
const MOST_POSTS: usize = 20_000;
/// Longer than any test.
const NEVER: Duration = Duration::from_secs(86_400);

/// Something to be done.
pub(super) enum Errand {
    /// An event is sent again.
    Again(Parcel),
    /// A frame that was held back goes out.
    Frame(Arc<Link>, Message),
    /// Something goes to an address; its space among those that wait is held until it was posted.
    Post(Parcel, OwnedSemaphorePermit),
}

/// The errands, by the time at which they are due.
pub(super) struct Courier {
    errands: Mutex<Errands>,
    changed: Notify,
    spaces: Arc<Semaphore>,
    client: OnceLock<Result<reqwest::Client, String>>,
}

#[derive(Default)]
struct Errands {
    due: BTreeMap<(Instant, u64), Errand>,
    number: u64,
}

impl Default for Courier {
    fn default() -> Self {
        Self {
            errands: Mutex::default(),
            changed: Notify::new(),
            spaces: Arc::new(Semaphore::new(MOST_POSTS)),
            client: OnceLock::new(),
        }
    }
}

impl Courier {
    /// Space for one more post, if there is any.
    pub(super) fn space(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.spaces).try_acquire_owned().ok()
    }

    /// Waits until there is space for one more post.
    pub(super) async fn room(&self) {
        // The semaphore is never closed.
        let _ = self.spaces.acquire().await;
    }

    pub(super) fn plan(&self, after: Duration, errand: Errand) {
        let mut errands = self.errands.lock();
        errands.number += 1;
        let key = (Instant::now() + after, errands.number);
        errands.due.insert(key, errand);
        if errands.due.len() > MOST {
            errands.due.pop_first();
        }
        drop(errands);
        self.changed.notify_one();
    }

    /// How many errands are to be done.
    pub(super) fn waiting(&self) -> usize {
        self.errands.lock().due.len()
    }

    fn next(&self) -> Option<Instant> {
        self.errands.lock().due.first_key_value().map(|((due, _), _)| *due)
    }

    fn take_due(&self) -> Option<Errand> {
        let mut errands = self.errands.lock();
        let entry = errands.due.first_entry().filter(|entry| entry.key().0 <= Instant::now())?;
        Some(entry.remove())
    }

    /// The client for addresses, made when it is first needed.
    pub(super) fn client(&self) -> Result<&reqwest::Client, String> {
        let made = self.client.get_or_init(|| {
            // Installed once for the process; a second try only says that it is there.
            let _ = rustls::crypto::ring::default_provider().install_default();
            let builder = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
            builder.build().map_err(|error| error.to_string())
        });
        made.as_ref().map_err(Clone::clone)
    }
}

/// A post and its space.
type Held = (Parcel, OwnedSemaphorePermit);

/// Posts that wait for the one before them, by their line.
#[derive(Default)]
struct Posts {
    running: JoinSet<String>,
    lines: HashMap<String, VecDeque<Held>>,
}

impl Posts {
    fn add(&mut self, world: &Arc<World>, held: Held) {
        match self.lines.get_mut(&held.0.line) {
            Some(line) => line.push_back(held),
            None => {
                self.lines.insert(held.0.line.clone(), VecDeque::new());
                self.start(world, held);
            }
        }
    }

    fn start(&mut self, world: &Arc<World>, (parcel, space): Held) {
        let (world, line) = (Arc::clone(world), parcel.line.clone());
        self.running.spawn(async move {
            post(&world, parcel).await;
            drop(space);
            line
        });
    }

    fn ended(&mut self, world: &Arc<World>, line: &str) {
        match self.lines.get_mut(line).and_then(VecDeque::pop_front) {
            Some(next) => self.start(world, next),
            None => {
                self.lines.remove(line);
            }
        }
    }
}

/// Does the errands until it is dropped.
pub(in crate::sandbox) async fn run(world: Arc<World>) {
    let courier = &world.push.courier;
    let mut posts = Posts::default();
    loop {
        let due = courier.next().unwrap_or_else(|| Instant::now() + NEVER);
        tokio::select! {
            () = courier.changed.notified() => {}
            () = sleep_until(due) => {}
            Some(ended) = posts.running.join_next() => {
                if let Ok(line) = ended {
                    posts.ended(&world, &line);
                }
            }
        }
        while let Some(errand) = courier.take_due() {
            match errand {
                Errand::Again(parcel) => {
                    world.push(parcel);
                }
                // Whoever is gone by now misses it.
                Errand::Frame(link, message) => {
                    let _ = link.write(message);
                }
                Errand::Post(parcel, space) => posts.add(&world, (parcel, space)),
            }
        }
    }
}
