//! What came of looking through a script.

use crate::script::Problem;
use crate::spec::{Calls, Effect};

/// What a use does to the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// What the method's row says.
    Known(Effect),
    /// A call of a path that no row knows: it may do anything.
    Unknown,
}

impl Reach {
    /// The word of machine output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Known(effect) => effect.name(),
            Self::Unknown => "unknown",
        }
    }
}

/// A method that a script uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    /// Its name as scripts write it, with the path for a raw call.
    pub name: String,
    /// What it does.
    pub reach: Reach,
    /// The API calls of one time.
    pub calls: Calls,
    /// The permission that the app needs; empty when none is known.
    pub permission: &'static str,
    /// How many times it is called outside of loops and closures.
    pub once: u64,
    /// Whether it is called each time of a loop or closure, too.
    pub each: bool,
    /// The lines where it stands.
    pub lines: Vec<usize>,
}

/// What is wrong with a script, and what it uses.
#[derive(Debug, Default)]
pub struct Report {
    /// What would go wrong, by place.
    pub problems: Vec<Problem>,
    /// What goes on, but hardly as it is meant, by place.
    pub warnings: Vec<Problem>,
    /// The methods, in the order of the file.
    pub uses: Vec<Use>,
    /// The modules that it imports, which were not looked into.
    pub imports: Vec<String>,
}

impl Report {
    /// The most API calls outside of loops and closures; `None` when they cannot be counted.
    pub fn most_calls(&self) -> Option<u64> {
        self.uses.iter().filter(|one| one.once > 0).map(|one| Some(one.calls.most? * one.once)).sum()
    }

    /// The uses that cost something each time of a loop or closure.
    pub fn repeated(&self) -> impl Iterator<Item = &Use> {
        self.uses.iter().filter(|one| one.each && one.calls.most != Some(0))
    }

    /// The permissions that it needs, as far as they are known.
    pub fn permissions(&self) -> Vec<&'static str> {
        let mut found: Vec<&'static str> = Vec::new();
        for one in self.uses.iter().filter(|one| !one.permission.is_empty()) {
            if !found.contains(&one.permission) {
                found.push(one.permission);
            }
        }
        found
    }

    /// The uses with this effect.
    pub fn with(&self, reach: Reach) -> impl Iterator<Item = &Use> {
        self.uses.iter().filter(move |one| one.reach == reach)
    }
}
