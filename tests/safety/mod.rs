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

#[cfg(unix)]
use dingraia::config::Bot;
use dingraia::ops::Progress;

#[cfg(unix)]
use crate::console::window::{Window, console};
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

/// A live console on the sandbox of `world`, with the variable `cid` for the scene group.
#[cfg(unix)]
pub fn live(world: &World) -> Window {
    let (config, home) = (&world.session.config, world.folder.path());
    let (key, secret) = config.bot.as_ref().and_then(Bot::app).unwrap();
    let mut command = console(home);
    command.env("DINGRAIA_API_BASE", &config.endpoints.api).env("DINGRAIA_OAPI_BASE", &config.endpoints.oapi);
    command.env("DINGRAIA_APP_KEY", key).env("DINGRAIA_APP_SECRET", secret.expose());
    // What a test has put into the cache of the world is known here too.
    command.env("DINGRAIA_DATABASE", home.join("Dingraia_cache.db"));
    // Lines that fit the window are easier to look for.
    world.file("main.rhai", "let cid = \"cidSandboxRelease0001==\";");
    command.arg("--trust");
    let mut window = Window::open(&command);
    window.at_prompt(1);
    window
}

/// What stands on the screen from `line` on.
#[cfg(unix)]
pub fn since<'t>(text: &'t str, line: &str) -> &'t str {
    text.rfind(line).map_or("", |at| &text[at..])
}

/// A text without what wrapping has put into it.
#[cfg(unix)]
pub fn squeezed(text: &str) -> String {
    text.split_whitespace().collect()
}
