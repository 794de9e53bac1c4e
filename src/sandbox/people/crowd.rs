//! Who is there to be played with, and what the robot says to them: for a console beside the sandbox.

use crate::sandbox::{Sandbox, SentMessage};

/// The people, groups and cards of a sandbox, by id and by what they are called.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Crowd {
    /// userId and name of each person.
    pub people: Vec<(String, String)>,
    /// `cid…` and title of each living group.
    pub groups: Vec<(String, String)>,
    /// outTrackId of each card, newest first.
    pub cards: Vec<String>,
}

impl Sandbox {
    /// Who and what is there.
    pub fn crowd(&self) -> Crowd {
        let cards = self.cards().into_iter().rev().map(|card| card.out_track_id).collect();
        Crowd { people: self.people(), groups: self.places(), cards }
    }

    fn people(&self) -> Vec<(String, String)> {
        let organisation = self.0.state.organisation.read();
        organisation.users().iter().map(|user| (user.userid.clone(), user.name.clone())).collect()
    }

    fn places(&self) -> Vec<(String, String)> {
        let groups = self.0.state.groups.read();
        let living = groups.all().iter().filter(|group| !group.disbanded);
        living.map(|group| (group.open_conversation_id.clone(), group.title.clone())).collect()
    }

    /// Has `listener` told of every message that arrives from now on; it must be quick, and there is one.
    pub fn overhear(&self, listener: impl Fn(&SentMessage) + Send + Sync + 'static) {
        self.0.state.messages.lock().tell(Box::new(listener));
    }
}
