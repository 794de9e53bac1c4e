//! What is sent at all: dry runs, read-only sessions, questions, plans, and taking back.

#[cfg(unix)]
mod asking;
mod dry;
mod made_up;
#[cfg(unix)]
mod plan;
mod read_only;
mod scope;
#[cfg(unix)]
mod undo;

use std::sync::{Arc, Mutex};

use dingraia::ops::Progress;

use crate::method::calls;
use crate::support::World;

/// What a session tells beside its results.
pub struct Told(Arc<Mutex<Vec<String>>>);

impl Told {
    /// Listens to `world`.
    pub fn of(world: &World) -> Self {
        let told: Arc<Mutex<Vec<String>>> = Arc::default();
        let here = Arc::clone(&told);
        world.session.watch(Arc::new(move |progress| {
            if let Progress::Step(step) = progress {
                here.lock().unwrap().push(step.en.to_string());
            }
        }));
        Self(told)
    }

    /// Takes what was told so far.
    pub fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

/// The paths of what came in, without the calls for a token.
pub fn paths(world: &World) -> Vec<String> {
    calls(world).into_iter().map(|call| call.path).collect()
}
