//! What has to be done later or takes its time: events that are sent again, late frames, posts to addresses.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};
use tokio_tungstenite::tungstenite::Message;

use super::link::Link;
use super::parcel::Parcel;
use super::post::post;
use crate::sandbox::World;

/// Errands that are remembered; the oldest of more are forgotten.
const MOST: usize = 20_000;
/// Longer than any test.
const NEVER: Duration = Duration::from_secs(86_400);

/// Something to be done.
pub(super) enum Errand {
    /// An event is sent again.
    Again(Parcel),
    /// A frame that was held back goes out.
    Frame(Arc<Link>, Message),
    /// Something goes to an address.
    Post(Parcel),
}

/// The errands, by the time at which they are due.
#[derive(Default)]
pub(super) struct Courier {
    errands: Mutex<Errands>,
    changed: Notify,
    client: std::sync::OnceLock<Result<reqwest::Client, String>>,
}

#[derive(Default)]
struct Errands {
    due: BTreeMap<(Instant, u64), Errand>,
    number: u64,
}

impl Courier {
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

/// Posts that wait for the one before them, by their line.
#[derive(Default)]
struct Posts {
    running: JoinSet<String>,
    lines: HashMap<String, VecDeque<Parcel>>,
}

impl Posts {
    fn add(&mut self, world: &Arc<World>, parcel: Parcel) {
        match self.lines.get_mut(&parcel.line) {
            Some(line) => line.push_back(parcel),
            None => {
                self.lines.insert(parcel.line.clone(), VecDeque::new());
                self.start(world, parcel);
            }
        }
    }

    fn start(&mut self, world: &Arc<World>, parcel: Parcel) {
        let (world, line) = (Arc::clone(world), parcel.line.clone());
        self.running.spawn(async move {
            post(&world, parcel).await;
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
                Errand::Post(parcel) => posts.add(&world, parcel),
            }
        }
    }
}
