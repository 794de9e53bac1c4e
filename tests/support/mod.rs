//! A world for a test: a sandbox on loopback, a temporary folder, a fixed clock, an interpreter whose output is captured, and
//! the real program pointed at all that.

pub mod canned;
mod crowd;
mod fixture;
pub mod gateway;
mod post;
mod program;
mod ran;
mod robot;

pub use crowd::crowded;
pub use fixture::fixture;
pub use post::{post, request};
pub use program::{Finished, Program};
pub use ran::Ran;
pub use robot::Robot;

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use dingraia::cache::Cache;
use dingraia::clock::Clock;
use dingraia::config::{Bot, Config, Endpoints, Pace, Timeouts};
use dingraia::console::complete::Known;
use dingraia::ops::Session;
use dingraia::sandbox::{Sandbox, Seed};
use dingraia::script::{Bridge, Interpreter, Live, Station, Stop};
use tokio_util::task::AbortOnDropHandle;

/// 2026-03-02 08:00:00 UTC: the clock of every world.
pub const NOW: i64 = 1_772_438_400_000;

/// Groups of the small seed: two scene groups and an ordinary one.
pub const RELEASE: &str = "cidSandboxRelease0001==";
/// An ordinary group, which refuses scene calls.
pub const LUNCH: &str = "cidSandboxLunch000003==";

/// One world. Everything in it ends with it.
pub struct World {
    /// The fake DingTalk.
    pub sandbox: Sandbox,
    /// Time stands still until a test moves it.
    pub clock: Clock,
    /// The live app of the interpreter.
    pub session: Arc<Session>,
    /// Files of this world.
    pub folder: tempfile::TempDir,
    interpreter: Interpreter,
    printed: Arc<Mutex<String>>,
    /// The runtime with the sandbox outlives the interpreter.
    bridge: Arc<Bridge>,
    _server: Option<AbortOnDropHandle<()>>,
}

impl World {
    /// A world with the small organisation and a configured app.
    pub fn new() -> Self {
        Self::with(|_| {})
    }

    /// A world whose configuration `change` has changed.
    pub fn with(change: impl FnOnce(&mut Config)) -> Self {
        Self::seeded(&Seed::Small, change)
    }

    /// A world with another organisation.
    pub fn seeded(seed: &Seed, change: impl FnOnce(&mut Config)) -> Self {
        Self::made(seed, None, change)
    }

    /// A new sandbox, folder and app for the interpreter of `old`, whose variables stay: most of a world's price is its engine.
    pub fn after(old: Self, change: impl FnOnce(&mut Config)) -> Self {
        Self::made(&Seed::Small, Some(old), change)
    }

    fn made(seed: &Seed, old: Option<Self>, change: impl FnOnce(&mut Config)) -> Self {
        let clock = Clock::fixed(NOW, 7);
        let sandbox = Sandbox::new(seed, clock.clone()).unwrap();
        let bridge = old.as_ref().map_or_else(Arc::default, |old| Arc::clone(&old.bridge));
        let (endpoints, server) = serve(&bridge, &sandbox);
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config {
            bot: Some(bot(&sandbox)),
            endpoints,
            pace: Pace { calls_per_second: 0.0, webhook_per_minute: 0.0 },
            // Long enough for a machine that is busy with something else.
            timeouts: Timeouts { connect: 20.0, first_byte: 20.0, call: 60.0 },
            ..Config::default()
        };
        change(&mut config);
        let cache = if config.use_database {
            Cache::open(folder.path().join("Dingraia_cache.db"), clock.clone())
        } else {
            Cache::memory(clock.clone())
        };
        let session = Session::new(config, cache, clock.clone());
        let (interpreter, printed) = match old {
            Some(mut old) => {
                old.interpreter.set_app(Live(Arc::clone(&session)));
                (old.interpreter, old.printed)
            }
            None => {
                let printed = Arc::default();
                (interpreter(&bridge, &session, &printed, &clock), printed)
            }
        };
        Self { sandbox, clock, session, folder, interpreter, printed, bridge, _server: Some(server) }
    }

    /// Another app with the cache file, the sandbox and the clock of `other`, as the next run of a program has them.
    pub fn over(other: &Self, change: impl FnOnce(&mut Config)) -> Self {
        let (clock, sandbox) = (other.clock.clone(), other.sandbox.clone());
        let mut config = Config::clone(&other.session.config);
        change(&mut config);
        let cache = Cache::open(other.folder.path().join("Dingraia_cache.db"), clock.clone());
        let session = Session::new(config, cache, clock.clone());
        let (printed, bridge) = (Arc::new(Mutex::new(String::new())), Arc::clone(&other.bridge));
        let interpreter = interpreter(&bridge, &session, &printed, &clock);
        let folder = tempfile::tempdir().unwrap();
        Self { sandbox, clock, session, folder, interpreter, printed, bridge, _server: None }
    }

    /// Evaluates `source` as one input of a console; variables and functions stay for the next.
    pub fn run(&mut self, source: &str) -> Ran {
        let outcome = self.interpreter.evaluate(source, "<test>", &Stop::default());
        Ran::new(outcome, std::mem::take(&mut *self.printed.lock().unwrap()))
    }

    /// As [`World::run`], ended by `stop`.
    pub fn run_until(&mut self, source: &str, stop: &Stop) -> Ran {
        let outcome = self.interpreter.evaluate(source, "<test>", stop);
        Ran::new(outcome, std::mem::take(&mut *self.printed.lock().unwrap()))
    }

    /// Lets an evaluation add at most so many bytes of memory.
    pub fn limit_memory(&self, bytes: usize) {
        self.bridge.limit_memory(bytes);
    }

    /// What the console knows of this world's session.
    pub fn known(&self) -> Known {
        let known = Known::default();
        known.learn(&self.interpreter);
        known
    }

    /// Events, and who handles them.
    pub fn station(&self) -> Arc<Station> {
        Arc::clone(self.interpreter.station())
    }

    /// A file of this world.
    pub fn file(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    /// The real program with this world's app in its environment and nothing else configured.
    pub fn program(&self) -> Program {
        let config = &self.session.config;
        let (key, secret) = config.bot.as_ref().and_then(Bot::app).unwrap();
        Program::new(self.folder.path())
            .env("DINGRAIA_API_BASE", &config.endpoints.api)
            .env("DINGRAIA_OAPI_BASE", &config.endpoints.oapi)
            .env("DINGRAIA_APP_KEY", key)
            .env("DINGRAIA_APP_SECRET", secret.expose())
    }
}

/// Waits until `condition` holds.
#[track_caller]
pub fn until(what: &str, condition: impl Fn() -> bool) {
    let end = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while !condition() {
        assert!(std::time::Instant::now() < end, "{what}: it did not happen");
        std::thread::yield_now();
    }
}

fn serve(bridge: &Bridge, sandbox: &Sandbox) -> (Endpoints, AbortOnDropHandle<()>) {
    let bind = || {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        listener
    };
    let (api, oapi) = (bind(), bind());
    let url = |listener: &std::net::TcpListener| format!("http://{}", listener.local_addr().unwrap());
    let endpoints = Endpoints { api: url(&api), oapi: url(&oapi) };
    let runtime = bridge.runtime().unwrap();
    let _entered = runtime.enter();
    let tokio = |listener| tokio::net::TcpListener::from_std(listener).unwrap();
    let server = runtime.spawn(sandbox.clone().serve(tokio(api), tokio(oapi)));
    (endpoints, AbortOnDropHandle::new(server))
}

fn bot(sandbox: &Sandbox) -> Bot {
    let credentials = sandbox.credentials();
    Bot {
        app_key: Some(credentials.app_key),
        app_secret: Some(credentials.app_secret.into()),
        robot_code: Some(credentials.robot_code),
        group_webhook_access_token: Some(credentials.webhook_token.into()),
        group_webhook_secure_key: Some(credentials.webhook_secret.into()),
    }
}

fn interpreter(
    bridge: &Arc<Bridge>,
    session: &Arc<Session>,
    printed: &Arc<Mutex<String>>,
    clock: &Clock,
) -> Interpreter {
    let (clock, lines) = (clock.clone(), Arc::clone(printed));
    let opener: dingraia::script::Opener =
        Arc::new(move |config| Ok(Session::new(config, Cache::scratch(clock.clone()), clock.clone())));
    let print: dingraia::script::Print = Arc::new(move |text| {
        assert!(text != "panic", "a library that panics");
        let mut lines = lines.lock().unwrap();
        lines.push_str(text);
        lines.push('\n');
    });
    let mut interpreter = Interpreter::new(Arc::clone(bridge), &opener, &print);
    interpreter.set_app(Live(Arc::clone(session)));
    interpreter
}
