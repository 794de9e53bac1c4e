//! What every command has at hand: terminal, language, environment, configuration.

use std::io::{IsTerminal, stderr, stdin, stdout};
use std::sync::Arc;

use crate::cli::{Global, Language, Output, When};
use crate::clock::Clock;
use crate::config::{Env, Flags, Loaded, load};
use crate::console::interrupt::Interrupts;
use crate::console::render::{Mode, Renderer};
use crate::console::screen::{Screen, note_columns, table_columns, text_columns};
use crate::console::show::Show;
use crate::console::style::{ColorChoice, Palette};
use crate::error::Result;
use crate::lang::Lang;
use crate::ops::Switches;
use crate::script::{Bridge, Print, Stop};

use super::logging;
use super::practised::Practised;

/// How many lines of a value a command shows on a terminal.
const MOST_LINES: usize = 200;

/// The program around a command.
pub(super) struct Program {
    pub(super) global: Global,
    pub(super) env: Env,
    pub(super) clock: Clock,
    pub(super) screen: Arc<Screen>,
    pub(super) show: Show,
    pub(super) bridge: Arc<Bridge>,
    pub(super) interrupts: Interrupts,
    pub(super) switches: Arc<Switches>,
    /// The sandboxes that were opened.
    pub(super) practised: Arc<Practised>,
    pub(super) stdin_is_terminal: bool,
    pub(super) stdout_is_terminal: bool,
}

impl Program {
    pub(super) fn new(global: &Global) -> Self {
        let env = Env::process();
        let (stdin_is_terminal, stdout_is_terminal) = (stdin().is_terminal(), stdout().is_terminal());
        let lang = lang(global, &env);
        let screen = Arc::new(Screen::default());
        if env.var("TERM") == Some("dumb") {
            screen.set_dumb();
        }
        let interrupts = Interrupts::default();
        screen.spoken.set(lang);
        if stdout_is_terminal && is_without_utf8(&env) {
            screen.use_ascii();
        }
        interrupts.listen(&screen);
        let show = show(global, &env, stdout_is_terminal, lang);
        logging::start(global, &screen, show.palette);
        Self {
            show,
            global: global.clone(),
            env,
            clock: Clock::system(),
            screen,
            bridge: Arc::default(),
            interrupts,
            switches: Switches::new(global.dry_run, global.read_only),
            practised: Arc::default(),
            stdin_is_terminal,
            stdout_is_terminal,
        }
    }

    /// Finds and reads the configuration.
    pub(super) fn load(&self) -> Result<Loaded> {
        self.load_profile(self.global.profile.as_deref())
    }

    /// The same, on a profile that is chosen now.
    pub(super) fn load_profile(&self, profile: Option<&str>) -> Result<Loaded> {
        let flags = Flags {
            config: self.global.config.clone(),
            profile: profile.map(str::to_owned),
            lang: self.global.lang.map(language),
            timeout: self.global.timeout,
        };
        load(&flags, &self.env)
    }

    /// How to show things, once the configuration had its say about the language.
    pub(super) fn show_in(&self, configured: Option<Lang>) -> Show {
        let lang = configured.unwrap_or(self.show.lang);
        let mut show = self.show;
        (show.lang, show.renderer.lang) = (lang, lang);
        show
    }

    /// Says something beside the results, unless it was asked to be quiet or a program reads along.
    pub(super) fn note(&self, text: &str) {
        if !self.global.quiet && self.global.output != Some(Output::Json) {
            self.screen.note(text);
        }
    }

    /// Where scripts print: stdout. A reader that went away ends the script.
    pub(super) fn print(&self) -> Print {
        let screen = Arc::clone(&self.screen);
        Arc::new(move |text| {
            if !screen.result(text) {
                Stop::current().interrupt();
            }
        })
    }
}

fn language(lang: Language) -> Lang {
    match lang {
        Language::En => Lang::En,
        Language::Zh => Lang::Zh,
    }
}

/// `--lang`, then `DINGRAIA_LANG`, then the locale. The configuration is not read yet and comes in with it.
fn lang(global: &Global, env: &Env) -> Lang {
    let locale = ["DINGRAIA_LANG", "LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|name| env.var(name));
    global.lang.map(language).or_else(|| locale.and_then(Lang::parse)).unwrap_or_default()
}

/// Whether the locale says that the terminal shows another encoding. Without a locale nothing is known: UTF-8 is likelier.
fn is_without_utf8(env: &Env) -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .iter()
        .find_map(|name| env.var(name).filter(|value| !value.is_empty()));
    locale.is_some_and(|locale| !locale.to_ascii_lowercase().replace('-', "").contains("utf8"))
}

fn show(global: &Global, env: &Env, stdout_is_terminal: bool, lang: Lang) -> Show {
    let choice = match global.color {
        When::Auto => ColorChoice::Auto,
        When::Always => ColorChoice::Always,
        When::Never => ColorChoice::Never,
    };
    let (no_color, term) = (env.var("NO_COLOR"), env.var("TERM"));
    let palette = |terminal| Palette::new(choice.resolve(terminal, no_color, term));
    let mode = match global.output {
        None => Mode::Auto,
        Some(Output::Table) => Mode::Table,
        Some(Output::Card) => Mode::Card,
        Some(Output::Json) => Mode::Json,
        Some(Output::Raw) => Mode::Raw,
        Some(Output::Csv) => Mode::Csv,
    };
    let renderer = Renderer {
        palette: palette(stdout_is_terminal),
        width: table_columns(),
        lines: stdout_is_terminal.then_some(MOST_LINES),
        whole: false,
        mode,
        prompt: false,
        terminal: stdout_is_terminal,
        lang,
    };
    let palette = palette(stderr().is_terminal());
    Show {
        renderer,
        palette,
        lang,
        text_columns: text_columns(),
        note_columns: note_columns(),
        json_errors: mode == Mode::Json,
    }
}
