//! From a configuration to a running interpreter with a live `app`.

use std::io::{IsTerminal, Write, stderr};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Weak};
use std::time::Duration;

use super::claim::claims;
use super::early::{Early, WITHOUT};
use super::practice::Practice;
use super::program::Program;
use super::trust::Trust;
use crate::cache::Cache;
use crate::clock::Clock;
use crate::config::{Config, DATABASE, Loaded, Paths, Proxies};
use crate::console::progress::watcher;
use crate::console::screen::Screen;
use crate::console::show::Show;
use crate::console::source::{read_text, without_shebang};
use crate::error::{Error, Kind, Result};
use crate::journal::FILE;
use crate::lang::Text;
use crate::ops::{Session, Switches};
use crate::sandbox::Seed;
use crate::script::{Bridge, Interpreter, Live, Opener, Outcome, Stop};

/// How often counted calls are written down.
const FLUSH: Duration = Duration::from_millis(250);

/// A running interpreter and what belongs to it.
pub(super) struct Started {
    pub(super) interpreter: Interpreter,
    pub(super) show: Show,
    pub(super) profile: String,
    /// The profiles of the configuration file.
    pub(super) profiles: Vec<String>,
    /// `app` is the practice organisation.
    pub(super) sandbox: bool,
    /// … because nothing is configured.
    pub(super) unconfigured: bool,
    pub(super) paths: Paths,
    pub(super) config: Arc<Config>,
}

/// Whether somebody can be asked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Ask {
    Yes,
    No,
}

/// Starts: configuration, cache, client, interpreter, `main.rhai`.
pub(super) fn start(program: &Program, ask: Ask) -> Result<Started, Early> {
    start_on(program, program.global.profile.as_deref(), ask)
}

/// The same on a profile that is chosen now.
pub(super) fn start_on(program: &Program, profile: Option<&str>, ask: Ask) -> Result<Started, Early> {
    let mut ready = Ready::read(program, profile, ask)?;
    let session = ready.open(program)?;
    let sandbox = program.global.sandbox.then(|| session.config.clone());
    let opener =
        opener(program, ready.paths.clone(), ready.folder(), sandbox, session.config.proxies.clone());
    let mut interpreter = Interpreter::new(Arc::clone(&program.bridge), &opener, &program.print());
    interpreter.speak(ready.show.lang);
    interpreter.set_app(Live(Arc::clone(&session)));
    if let Some(claims) = claims(&ready.paths) {
        interpreter.station().claim_with(claims);
    }
    let (screen, told) = (Arc::clone(&program.screen), ready.show);
    if ask == Ask::Yes {
        // There will be a prompt, also for `main.rhai`.
        interpreter.station().listen_beside();
    }
    interpreter.station().report_to(Arc::new(move |problem| {
        let told = Show { lang: screen.spoken.get(), ..told };
        screen.note(&told.problem(problem));
    }));
    let entered = ready.run_init(program, &mut interpreter, ask)?;
    let config = entered.map_or_else(|| Arc::clone(&session.config), |live| Arc::clone(&live.0.config));
    let Ready { show, profile, profiles, sandbox, unconfigured, paths, .. } = ready;
    Ok(Started { interpreter, show, profile, profiles, sandbox, unconfigured, paths, config })
}

/// Everything that is known before something is opened.
pub(super) struct Ready {
    config: Config,
    paths: Paths,
    pub(super) show: Show,
    trust: Trust,
    /// `main.rhai`.
    init: Option<PathBuf>,
    pub(super) unconfigured: bool,
    pub(super) sandbox: bool,
    pub(super) profile: String,
    /// The profiles of the configuration file.
    profiles: Vec<String>,
}

impl Ready {
    /// Finds and reads the configuration.
    pub(super) fn read(program: &Program, profile: Option<&str>, ask: Ask) -> Result<Self> {
        let Loaded { config, paths, profiles } = program.load_profile(profile)?;
        let show = program.show_in(config.language);
        program.screen.spoken.set(show.lang);
        let mut trust = Trust::load(&paths);
        check_hosts(program, &config, &mut trust, ask)?;
        let init = init_file(program, &config);
        let unconfigured = config.source.file.is_none() && config.bot.is_none();
        let sandbox = program.global.sandbox || unconfigured;
        let profile = config.profile_name().to_owned();
        Ok(Self { config, paths, show, trust, init, unconfigured, sandbox, profile, profiles })
    }

    /// Makes the client, of the sandbox where that is asked for. Nothing is sent.
    pub(super) fn open(&self, program: &Program) -> Result<Arc<Session>> {
        let practice = self.sandbox.then(|| Practice::open(&Seed::Small, 0, program)).transpose()?;
        let opened = match &practice {
            Some(practice) => practice.replace_in(self.config.clone()),
            None => self.config.clone(),
        };
        let session = open(program, opened, &self.paths, None, self.sandbox);
        if let Some(practice) = practice {
            practice.serve_later(program);
        }
        Ok(session)
    }

    /// The folder of `main.rhai`.
    fn folder(&self) -> Option<PathBuf> {
        self.init.as_deref().and_then(Path::parent).map(PathBuf::from)
    }

    /// Runs `main.rhai`, when there is one; the app that it made, if it did.
    pub(super) fn run_init(
        &mut self,
        program: &Program,
        interpreter: &mut Interpreter,
        ask: Ask,
    ) -> Result<Option<Live>, Early> {
        let Some(file) = self.init.clone() else { return Ok(None) };
        run_init(program, self, interpreter, &file, ask)?;
        let live = interpreter.adopt_app();
        if live.is_some() {
            self.sandbox = false;
            self.unconfigured = false;
        }
        Ok(live)
    }
}

/// Credentials from elsewhere do not go to hosts that a project's file names, unless that file is trusted.
fn check_hosts(program: &Program, config: &Config, trust: &mut Trust, ask: Ask) -> Result<()> {
    if program.global.sandbox {
        return Ok(());
    }
    let (Some(what), Some(file)) = (config.foreign_hosts(), &config.source.file) else { return Ok(()) };
    trusted(program, trust, file, &read_text(file)?, ask, &what)
}

/// Passes when `content` of `file` is trusted; asks where that is possible, and remembers a yes.
fn trusted(
    program: &Program,
    trust: &mut Trust,
    file: &Path,
    content: &str,
    ask: Ask,
    what: &Text,
) -> Result<()> {
    if trust.knows(file, content) {
        return Ok(());
    }
    if program.global.trust || (ask == Ask::Yes && is_yes(program, what)) {
        // What cannot be remembered is asked again; that is no reason to stop.
        if let Err(error) = trust.remember(file, content) {
            program.screen.note(&program.show.error(error));
        }
        return Ok(());
    }
    Err(Error::new(Kind::Untrusted { what: what.clone() }).hint(Text::fixed(
        "look at the file; then `--trust` accepts it as it is now and remembers",
        "请先查看该文件；确认后用 `--trust` 信任其当前内容并记住",
    )))
}

fn is_yes(program: &Program, what: &Text) -> bool {
    let lang = program.show.lang;
    let question = Text::fixed("Trust it? [y/N] ", "是否信任？[y/N] ");
    says_yes(&format!("{}\n{}", what.get(lang), question.get(lang)))
}

/// Asks a person; whatever is not a yes is a no.
pub(super) fn says_yes(question: &str) -> bool {
    if !stderr().is_terminal() {
        return false;
    }
    let mut out = stderr().lock();
    let _ = out.write_all(question.as_bytes()).and_then(|()| out.flush());
    let mut answer = String::new();
    let read = std::io::stdin().read_line(&mut answer).is_ok();
    read && matches!(answer.trim().to_lowercase().as_str(), "y" | "yes" | "是")
}

/// `main.rhai` beside the configuration file, or in the current folder when there is none.
pub(super) fn init_file(program: &Program, config: &Config) -> Option<PathBuf> {
    if program.global.no_init || program.global.sandbox {
        return None;
    }
    let folder = match &config.source.file {
        Some(file) => file.parent().map(PathBuf::from),
        None => program.env.cwd().map(PathBuf::from),
    };
    folder.map(|folder| folder.join("main.rhai")).filter(|file| file.is_file())
}

fn run_init(
    program: &Program,
    ready: &mut Ready,
    interpreter: &mut Interpreter,
    file: &Path,
    ask: Ask,
) -> Result<(), Early> {
    let content = read_text(file)?;
    let name = file.display().to_string();
    let what = Text::made(
        format!("{name} runs at start and is new or changed"),
        format!("{name} 会在启动时运行，它是新的或已更改"),
    );
    trusted(program, &mut ready.trust, file, &content, ask, &what).map_err(|error| error.hint(WITHOUT))?;
    let stop = Stop::default();
    match program.interrupts.during(&stop, || interpreter.evaluate(&without_shebang(&content), &name, &stop))
    {
        Outcome::Value(_) => Ok(()),
        Outcome::Leave(code) => Err(Early::Left { file: name, code }),
        Outcome::Problem(problem) => Err(Early::failed(name, problem, ready.show)),
    }
}

/// What every app of a program shares.
struct Around {
    clock: Clock,
    bridge: Weak<Bridge>,
    screen: Weak<Screen>,
    switches: Arc<Switches>,
}

impl Around {
    fn of(program: &Program) -> Self {
        Self {
            clock: program.clock.clone(),
            bridge: Arc::downgrade(&program.bridge),
            screen: Arc::downgrade(&program.screen),
            switches: Arc::clone(&program.switches),
        }
    }
}

/// What `Dingtalk(…)` does. With `--sandbox` every client talks to the sandbox, whatever its configuration says.
fn opener(
    program: &Program,
    paths: Paths,
    folder: Option<PathBuf>,
    sandbox: Option<Arc<Config>>,
    proxies: Proxies,
) -> Opener {
    let around = Around::of(program);
    Arc::new(move |mut config| {
        let scratch = sandbox.is_some();
        config.proxies.clone_from(&proxies);
        if let Some(practice) = &sandbox {
            config.endpoints = practice.endpoints.clone();
            config.bot.clone_from(&practice.bot);
            // Its gateway knows this app alone.
            config.stream.clear();
            config.custom_stream_connect = None;
        }
        let cache = cache(&around.clock, &config, &paths, folder.as_deref(), scratch);
        let journal = journal(&config, &paths, scratch);
        Ok(live(config, cache, journal, &around, scratch))
    })
}

fn open(
    program: &Program,
    config: Config,
    paths: &Paths,
    folder: Option<&Path>,
    scratch: bool,
) -> Arc<Session> {
    let cache = cache(&program.clock, &config, paths, folder, scratch);
    let journal = journal(&config, paths, scratch);
    live(config, cache, journal, &Around::of(program), scratch)
}

/// Where the requests of an app are written down and under which name; those of the sandbox end with it.
fn journal(config: &Config, paths: &Paths, scratch: bool) -> Option<(PathBuf, String)> {
    let folder = paths.state_dir.as_ref().filter(|_| !scratch)?;
    Some((folder.join(FILE), config.profile_name().to_owned()))
}

/// The cache of a configuration: its file, or memory. The sandbox's is gone with it, unless a file was named.
pub(super) fn cache(
    clock: &Clock,
    config: &Config,
    paths: &Paths,
    folder: Option<&Path>,
    scratch: bool,
) -> Cache {
    if !config.use_database {
        return Cache::memory(clock.clone());
    }
    let beside = folder.filter(|_| config.source.file.is_none()).map(|folder| folder.join(DATABASE));
    let path = match &config.database {
        Some(path) => Some(path.clone()),
        None if scratch => None,
        None => beside.or_else(|| paths.database_path(config)),
    };
    path.map_or_else(|| Cache::scratch(clock.clone()), |path| Cache::open(path, clock.clone()))
}

/// A session whose counter and notices are looked after.
fn live(
    config: Config,
    cache: Cache,
    journal: Option<(PathBuf, String)>,
    around: &Around,
    is_practice: bool,
) -> Arc<Session> {
    let Around { clock, bridge, screen, switches } = around;
    let session = Session::under(config, cache, clock.clone(), Arc::clone(switches));
    if is_practice {
        session.safety.set_practice();
    } else {
        session.warn_of_lost_budget();
    }
    if let Some((file, profile)) = journal {
        session.client.journal.keep_in(file, &profile);
    }
    tell_notices(&session, screen);
    let (told, above) = (Arc::downgrade(&session), screen.clone());
    session.cache.on_notice(move || {
        if let Some(session) = told.upgrade() {
            tell_notices(&session, &above);
        }
    });
    let draws = screen.upgrade().is_some_and(|screen| screen.draws());
    session.watch(watcher(screen.clone(), draws));
    let (watched, screen) = (Arc::downgrade(&session), screen.clone());
    if let Some(bridge) = bridge.upgrade() {
        bridge.on_start(move |runtime| {
            runtime.spawn(async move {
                loop {
                    tokio::time::sleep(FLUSH).await;
                    let Some(session) = watched.upgrade() else { return };
                    session.flush_usage();
                    tell_notices(&session, &screen);
                }
            });
        });
    }
    session
}

pub(super) fn tell_notices(session: &Session, screen: &Weak<Screen>) {
    for notice in session.cache.take_notices() {
        if let Some(screen) = screen.upgrade() {
            screen.tell(&notice.text);
        }
    }
}
