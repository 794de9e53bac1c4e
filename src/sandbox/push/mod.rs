//! What the sandbox sends by itself: events, messages of people, presses on cards, through connections of Stream mode or to
//! addresses.

mod answer;
mod callback;
mod connect;
mod courier;
mod crypto;
mod fault;
mod frame;
mod link;
mod look;
mod open;
mod parcel;
mod post;
mod timing;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use parking_lot::{Mutex, RwLock};
use serde_json::Value;
use sha2::{Digest, Sha256};
use tokio_tungstenite::tungstenite::Message;

pub(super) use self::answer::CardAnswer;
pub use self::callback::EventAddress;
pub(super) use self::connect::{CONNECTION, PATH as CONNECT, connect};
pub(super) use self::courier::run;
pub use self::fault::{FrameFault, LinkFault, Spoil};
pub use self::look::{Connection, PushCounts};
pub(super) use self::open::{ROUTES, Tickets};
pub(super) use self::parcel::Parcel;
pub use self::parcel::{Outcome, Placed, Push, Topic};
pub use self::timing::Timing;

use self::callback::Addresses;
use self::courier::{Courier, Errand};
use self::frame::Frame;
use self::link::{Link, Refused};
use super::World;
use super::fault::Faults;
use super::state::newest::Newest;
use super::{card_callback, state::State};
use crate::clock::{Clock, hex};

/// Everything that pushing needs to know.
#[derive(Default)]
pub(super) struct Hub {
    links: RwLock<Vec<Arc<Link>>>,
    pub(super) tickets: Mutex<Tickets>,
    timing: RwLock<Timing>,
    pub(super) addresses: RwLock<Addresses>,
    courier: Courier,
    pub(super) frame_faults: Faults<FrameFault>,
    ended: Mutex<Newest<Push>>,
    /// Whether events ever had a receiver: without one they are not kept for later.
    subscribed: AtomicBool,
    pushed: AtomicU64,
    done: AtomicU64,
    failed: AtomicU64,
}

impl Hub {
    pub(super) fn timing(&self) -> Timing {
        *self.timing.read()
    }

    pub(super) fn set_timing(&self, timing: Timing) {
        *self.timing.write() = timing;
    }

    /// How long an answer is waited for.
    fn within(&self, topic: Topic) -> Duration {
        let timing = self.timing();
        match topic {
            Topic::Event => timing.event_answer,
            Topic::Card => timing.card_answer,
            Topic::Message | Topic::Delegate | Topic::Assistant | Topic::CardData => timing.message_answer,
        }
    }

    fn join(&self, link: Arc<Link>) {
        if link.about.topics.contains(&Topic::Event) {
            self.subscribed.store(true, Ordering::Relaxed);
        }
        self.links.write().push(link);
    }

    /// Waits until every connection of a topic takes one more frame, and one more post is taken.
    pub(super) async fn room(&self, topic: Topic) {
        self.courier.room().await;
        let links = self.links.read().clone();
        for link in links.iter().filter(|link| link.about.topics.contains(&topic)) {
            link.room().await;
        }
    }

    fn leave(&self, link: &Arc<Link>) {
        self.links.write().retain(|other| !Arc::ptr_eq(other, link));
    }

    /// One of the connections that subscribed to the topic, at random; one that was told to go only when there is no other.
    fn pick(&self, topic: Topic, clock: &Clock) -> Option<Arc<Link>> {
        let links = self.links.read();
        let subscribed = links.iter().filter(|link| link.about.topics.contains(&topic));
        let (going, staying): (Vec<_>, Vec<_>) = subscribed.partition(|link| link.leaving.is_cancelled());
        let candidates = if staying.is_empty() { going } else { staying };
        match candidates[..] {
            [] => None,
            [only] => Some(Arc::clone(only)),
            _ => {
                let mut bytes = [0; 8];
                clock.random(&mut bytes);
                let draw = u64::from_le_bytes(bytes) % candidates.len() as u64;
                candidates.get(usize::try_from(draw).unwrap_or_default()).map(|link| Arc::clone(link))
            }
        }
    }

    /// Takes note of how an attempt ended, and plans the next one where there is one.
    fn ended(
        &self,
        world: &World,
        mut parcel: Parcel,
        to: &str,
        outcome: Outcome,
        answer: String,
        took: Duration,
    ) {
        let counter = if outcome == Outcome::Done { &self.done } else { &self.failed };
        counter.fetch_add(1, Ordering::Relaxed);
        if outcome == Outcome::Done && parcel.topic == Topic::Card {
            apply(world, &parcel, &answer);
        }
        let again = parcel.topic == Topic::Event
            && outcome != Outcome::Done
            && (outcome != Outcome::Nobody || self.subscribed.load(Ordering::Relaxed));
        let push = Push {
            topic: parcel.topic,
            name: parcel.name.clone(),
            id: parcel.id.clone(),
            to: to.into(),
            attempt: parcel.attempt,
            outcome,
            answer,
            took,
        };
        if let Some(told) = parcel.told.take() {
            // Whoever waited may have given up.
            let _ = told.send(push.clone());
        }
        self.ended.lock().push(push);
        if again {
            self.courier.plan(self.timing().redelivery, Errand::Again(parcel));
        }
    }
}

/// Writes the answer to a press into its card: what came through a connection stands in `response`.
fn apply(world: &World, parcel: &Parcel, answer: &str) {
    let answer: Value = serde_json::from_str(answer).unwrap_or_default();
    let response = if parcel.route_key.is_some() { &answer } else { &answer["response"] };
    if let Ok(answer) = CardAnswer::read(response) {
        card_callback::apply(&world.state, &parcel.data, &answer);
    }
}

impl World {
    /// Sends something on its way.
    pub(super) fn push(&self, parcel: Parcel) -> Placed {
        let hub = &self.push;
        hub.pushed.fetch_add(u64::from(parcel.attempt == 0), Ordering::Relaxed);
        let parcel = Parcel { attempt: parcel.attempt + 1, ..parcel };
        let address = hub.addresses.read().of(&self.state, &parcel);
        match address {
            Some(url) => {
                if parcel.topic == Topic::Event {
                    hub.subscribed.store(true, Ordering::Relaxed);
                }
                let Some(space) = hub.courier.space() else {
                    hub.ended(self, parcel, &url, Outcome::Full, String::new(), Duration::ZERO);
                    return Placed::Full;
                };
                hub.courier.plan(Duration::ZERO, Errand::Post(parcel, space));
                Placed::Url(url)
            }
            None => self.push_by_stream(parcel),
        }
    }

    fn push_by_stream(&self, parcel: Parcel) -> Placed {
        let hub = &self.push;
        let Some(link) = hub.pick(parcel.topic, &self.clock) else {
            hub.ended(self, parcel, "", Outcome::Nobody, String::new(), Duration::ZERO);
            return Placed::Nobody;
        };
        let id = frame::message_id(&self.clock);
        let text = frame_text(self, &link, &parcel, &id);
        let fault = hub.frame_faults.strike(&parcel.name);
        let within = hub.within(parcel.topic);
        let parcel_id = if parcel.topic == Topic::Event { parcel.id } else { id.clone() };
        link.expect(&id, Parcel { id: parcel_id, ..parcel }, within);
        match self.write(&link, text, fault) {
            Ok(()) => Placed::Connection(link.id.clone()),
            Err(refused) => {
                let (outcome, placed) = match refused {
                    Refused::Full => (Outcome::Full, Placed::Full),
                    Refused::Gone => (Outcome::Cut, Placed::Nobody),
                };
                // What the end of the connection told already is not told again.
                if let Some(parcel) = link.forget(&id) {
                    hub.ended(self, parcel, &link.id, outcome, String::new(), Duration::ZERO);
                }
                placed
            }
        }
    }

    fn write(&self, link: &Arc<Link>, text: String, fault: Option<FrameFault>) -> Result<(), Refused> {
        match fault {
            None => link.write(text.into()),
            Some(FrameFault::Lost) => Ok(()),
            Some(FrameFault::Twice) => {
                link.write(text.clone().into())?;
                link.write(text.into())
            }
            Some(FrameFault::Late(millis)) => {
                let errand = Errand::Frame(Arc::clone(link), text.into());
                self.push.courier.plan(Duration::from_millis(millis), errand);
                Ok(())
            }
            Some(FrameFault::Spoiled(Spoil::Binary)) => link.write(Message::binary(text)),
            Some(FrameFault::Spoiled(spoil)) => link.write(spoil.apply(&text).into()),
        }
    }
}

fn frame_text(world: &World, link: &Link, parcel: &Parcel, id: &str) -> String {
    let time = world.clock.millis().to_string();
    let json = "application/json";
    if parcel.topic != Topic::Event {
        let app = unified_app_id(&world.state);
        let headers = vec![
            ("appId", app.as_str()),
            ("connectionId", &link.id),
            ("contentType", json),
            ("messageId", id),
            ("time", &time),
            ("topic", parcel.topic.name()),
        ];
        return Frame::new(parcel.topic.kind(), headers, &parcel.data).text();
    }
    let (app, born) = (unified_app_id(&world.state), parcel.born.to_string());
    let corp = world.state.organisation.read().company.corp_id.clone();
    let headers = vec![
        ("topic", parcel.topic.name()),
        ("messageId", id),
        ("contentType", json),
        ("time", &time),
        ("eventType", &parcel.name),
        ("eventId", &parcel.id),
        ("eventCorpId", &corp),
        ("eventBornTime", &born),
        ("eventUnifiedAppId", &app),
    ];
    Frame::new(parcel.topic.kind(), headers, &parcel.data).text()
}

/// The id that an app has on every page of DingTalk.
fn unified_app_id(state: &State) -> String {
    let digest = Sha256::digest(state.app.read().app_key.as_bytes());
    let text = hex(&digest[..16]);
    format!("{}-{}-{}-{}-{}", &text[..8], &text[8..12], &text[12..16], &text[16..20], &text[20..])
}
