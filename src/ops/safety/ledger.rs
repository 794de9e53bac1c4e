//! What was done at a prompt, so that it can be taken back.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use parking_lot::Mutex;
use serde_json::Value;

use super::act::{Named, names};
use super::change::{Change, changes};
use super::deed::{Deed, concerned};
use super::image::{Image, Subject};
use crate::cache::Cache;
use crate::client::{Body, Call, Flight, Reply};
use crate::ops::Context;

/// How many actions are kept; the oldest go.
const MOST: usize = 100;

/// What was done at the prompt of an app.
#[derive(Default)]
pub(super) struct Ledger {
    actions: Mutex<VecDeque<Arc<Action>>>,
    next: AtomicUsize,
}

/// One method call.
pub(super) struct Action {
    pub(super) method: String,
    /// Tells it from others while it is under way.
    flight: Arc<Flight>,
    pub(super) requests: Mutex<Vec<Request>>,
}

/// One request of it.
#[derive(Clone)]
pub(super) struct Request {
    pub(super) call: Call,
    pub(super) deed: Deed,
    pub(super) image: Option<Image>,
    pub(super) changes: Vec<Change>,
    pub(super) answer: Value,
    /// Whether it was done is not known.
    pub(super) is_unknown: bool,
    /// Those that were written down later have a higher one.
    pub(super) number: usize,
}

impl Action {
    /// The groups that it was about, or the people where there was none, with the names that the cache knows now.
    pub(super) fn about(&self, cache: &Cache) -> String {
        let (mut people, mut groups) = (Vec::new(), Vec::new());
        for request in self.requests.lock().iter() {
            if let Some(Body::Json(body)) = &request.call.body {
                let (more_people, more_groups) = concerned(body);
                people.extend(more_people);
                groups.extend(more_groups);
            }
        }
        let named = |ids: Vec<String>, name: fn(&Cache, &str) -> Named| {
            let mut seen = HashSet::new();
            let once = ids.iter().filter(|id| seen.insert(id.as_str()));
            names(&once.map(|id| name(cache, id)).collect::<Vec<_>>())
        };
        if groups.is_empty() { named(people, Named::person) } else { named(groups, Named::group) }
    }
}

impl Ledger {
    /// What the method of `flight` has read of `subject` already.
    pub(super) fn image(&self, flight: &Arc<Flight>, subject: &Subject) -> Option<Image> {
        let action = self.of(flight)?;
        let requests = action.requests.lock();
        requests.iter().find_map(|request| request.image.clone().filter(|image| image.subject == *subject))
    }

    fn of(&self, flight: &Arc<Flight>) -> Option<Arc<Action>> {
        self.actions.lock().iter().rev().find(|action| Arc::ptr_eq(&action.flight, flight)).cloned()
    }

    /// Writes down what was sent; `reply` is nothing when it is not known whether it was done.
    pub(super) fn add(&self, cx: &Context, call: &Call, image: Option<Image>, reply: Option<&Reply>) {
        let deed = Deed::of(call);
        let changes = changes(&deed, image.as_ref());
        let answer = reply.map(|reply| reply.json.clone()).unwrap_or_default();
        let is_unknown = reply.is_none();
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let request = Request { call: call.clone(), deed, image, changes, answer, is_unknown, number };
        if let Some(action) = self.of(&cx.flight) {
            action.requests.lock().push(request);
            return;
        }
        let method = cx.flight.method().map_or_else(|| call.label(), str::to_owned);
        let action = Action { method, flight: Arc::clone(&cx.flight), requests: Mutex::new(vec![request]) };
        let mut actions = self.actions.lock();
        if actions.len() == MOST {
            actions.pop_front();
        }
        actions.push_back(Arc::new(action));
    }

    /// The last `count` actions, newest first.
    pub(super) fn last(&self, count: usize) -> Vec<Arc<Action>> {
        self.actions.lock().iter().rev().take(count).cloned().collect()
    }

    /// It was taken back, or cannot be.
    pub(super) fn forget(&self, action: &Arc<Action>) {
        self.actions.lock().retain(|one| !Arc::ptr_eq(one, action));
    }
}
