//! The practice organisations inside of this process: who is there, and what the robot says to those who spoke to it.

use std::collections::HashMap;
use std::sync::{Arc, Weak};

use parking_lot::{Mutex, RwLock};
use serde_json::Value;

use crate::console::host::{Answered, Crowd};
use crate::sandbox::{Sandbox, SentMessage};

/// Told of what the robot says.
type Hear = Box<dyn Fn(&Answered) + Send + Sync>;

/// All of them.
#[derive(Default)]
pub(super) struct Practised {
    all: Mutex<Vec<Arc<One>>>,
    hear: RwLock<Option<Hear>>,
}

/// One of them.
struct One {
    /// Its api address.
    api: String,
    sandbox: Sandbox,
    /// Where somebody spoke at the prompt: a `cid…` or a userId, and how it is called.
    spoken: Mutex<HashMap<String, String>>,
}

impl Practised {
    /// One more, at `api`.
    pub(super) fn add(self: &Arc<Self>, api: &str, sandbox: &Sandbox) {
        let one = Arc::new(One { api: api.to_owned(), sandbox: sandbox.clone(), spoken: Mutex::default() });
        let (home, here): (Weak<Self>, Weak<One>) = (Arc::downgrade(self), Arc::downgrade(&one));
        sandbox.overhear(move |message| {
            let place = here.upgrade().and_then(|one| one.spoken.lock().get(&message.to).cloned());
            if let (Some(place), Some(home)) = (place, home.upgrade())
                && let Some(hear) = &*home.hear.read()
            {
                hear(&Answered { place, text: words(message), time: message.at });
            }
        });
        self.all.lock().push(one);
    }

    /// Has `hear` told of what the robot says where somebody spoke to it.
    pub(super) fn hear_with(&self, hear: impl Fn(&Answered) + Send + Sync + 'static) {
        *self.hear.write() = Some(Box::new(hear));
    }

    fn at(&self, api: &str) -> Option<Arc<One>> {
        self.all.lock().iter().find(|one| one.api == api).cloned()
    }

    /// Who is in the one at `api`.
    pub(super) fn crowd(&self, api: &str) -> Option<Crowd> {
        let crowd = self.at(api)?.sandbox.crowd();
        let faults = Sandbox::wishes();
        Some(Crowd { people: crowd.people, groups: crowd.groups, cards: crowd.cards, faults })
    }

    /// `person` is about to say `words` at `api`: what the robot answers there is told.
    pub(super) fn is_spoken(&self, api: &str, person: &str, words: &[String]) {
        let Some(one) = self.at(api) else { return };
        let crowd = one.sandbox.crowd();
        let find = |list: Vec<(String, String)>, name: &str| {
            list.into_iter().find(|(id, called)| id == name || called == name)
        };
        let group = words.first().filter(|_| words.len() > 1).and_then(|name| find(crowd.groups, name));
        one.spoken.lock().extend(group.or_else(|| find(crowd.people, person)));
    }
}

/// What a message says, in a line; what kind it is when it has no words.
fn words(message: &SentMessage) -> String {
    let found = ["/text/content", "/content", "/markdown/text", "/text", "/title", "/markdown/title"];
    let text = found.iter().find_map(|path| message.body.pointer(path).and_then(Value::as_str));
    text.map_or_else(|| format!("[{}]", message.kind), str::to_owned)
}
