//! The command line.

mod events;
mod journal;
mod quick;

pub use events::{ListenArgs, ReplayArgs};
pub use journal::JournalArgs;
pub use quick::parse;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

/// A console for DingTalk (钉钉): a live client, a live cache and every API method, scripted in Rhai.
///
/// Without a command it opens the console; with piped input it runs that as a script. Without a configuration it works on
/// its own practice organisation, the sandbox.
#[derive(Debug, Parser)]
#[command(
    name = "dingraia",
    version,
    disable_help_subcommand = true,
    args_override_self = true,
    max_term_width = 110
)]
pub struct Cli {
    /// What holds for every command.
    #[command(flatten)]
    pub global: Global,

    /// An expression in the place of a command.
    #[command(flatten)]
    pub given: Given,

    /// What to do; nothing = the console.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// An expression in the place of a command.
#[derive(Debug, Args)]
pub struct Given {
    /// Evaluate EXPR and print its value (as `eval`); several are one script.
    #[arg(short = 'e', value_name = "EXPR", allow_hyphen_values = true, action = ArgAction::Append)]
    pub expression: Vec<String>,
}

/// Options of every command.
#[derive(Debug, Clone, Args)]
pub struct Global {
    /// The configuration file.
    #[arg(long, value_name = "FILE", global = true)]
    pub config: Option<PathBuf>,
    /// A profile of the configuration file.
    #[arg(long, value_name = "NAME", global = true)]
    pub profile: Option<String>,
    /// Work on the practice organisation, whatever is configured.
    #[arg(long, global = true)]
    pub sandbox: bool,
    /// Make no call but reads; show what would be sent.
    #[arg(long, global = true)]
    pub dry_run: bool,
    /// Make no call but reads; refuse the rest.
    #[arg(long, global = true)]
    pub read_only: bool,
    /// Do not run `main.rhai`.
    #[arg(long, global = true)]
    pub no_init: bool,
    /// Trust the project's `main.rhai` and the hosts its configuration names.
    #[arg(long, global = true)]
    pub trust: bool,
    /// Form of the results; `json` also makes an error one JSON line on stderr.
    #[arg(short, long, value_enum, global = true)]
    pub output: Option<Output>,
    /// Colours.
    #[arg(long, value_enum, default_value_t = When::Auto, global = true)]
    pub color: When,
    /// Language of texts: en or zh.
    #[arg(long, value_enum, global = true)]
    pub lang: Option<Language>,
    /// Stop after so many seconds (commands and scripts).
    #[arg(long, value_name = "SECONDS", global = true)]
    pub timeout: Option<f64>,
    /// No notes on stderr, errors only.
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Say more on stderr: `-v` connections, `-vv` each request, `-vvv` also what it carries.
    #[arg(short, long, action = ArgAction::Count, global = true)]
    pub verbose: u8,
}

/// Form of results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Output {
    /// A table, also of what would be a card or a tree.
    Table,
    /// Cards: a field a line.
    Card,
    /// Strict JSON, one line a result.
    Json,
    /// Text as it is, everything else as JSON.
    Raw,
    /// CSV with a line of titles (RFC 4180, UTF-8).
    Csv,
}

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum When {
    /// On a terminal.
    Auto,
    /// In any case.
    Always,
    /// Never.
    Never,
}

/// Language of texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Language {
    /// English.
    En,
    /// 中文.
    Zh,
}

/// A command.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run a script file; `-` reads it from stdin. `dingraia FILE.rhai` does the same.
    Run(RunArgs),
    /// Evaluate an expression and print its value.
    Eval(EvalArgs),
    /// Say what is wrong with scripts and what they would do, without running them.
    Check {
        /// The scripts; `-` is stdin.
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// List the methods, or show one.
    Methods {
        /// A method.
        name: Option<String>,
        /// As JSON.
        #[arg(long)]
        json: bool,
        /// As definitions for the Rhai language server (`dingraia.d.rhai`).
        #[arg(long, conflicts_with = "json")]
        rhai: bool,
        /// As the table of the README.
        #[arg(long, hide = true)]
        markdown: bool,
    },
    /// Show, find or write the configuration.
    Config {
        /// What to do.
        #[command(subcommand)]
        action: ConfigAction,
    },
    /// Receive messages and events, one line of JSON each, until Ctrl-C.
    Listen(ListenArgs),
    /// Play recorded events again: through the same handlers, one line of JSON each.
    Replay(ReplayArgs),
    /// Check configuration, token, clock and cache, and say what to do.
    Doctor,
    /// The practice organisation.
    Sandbox {
        /// What to do.
        #[command(subcommand)]
        action: SandboxAction,
    },
    /// Look into the cache, move it, mend it.
    Cache {
        /// What to do.
        #[command(subcommand)]
        action: CacheAction,
    },
    /// Show the journal: every request that was made, by any program of yours.
    Journal(JournalArgs),
    /// Print a completion script for a shell.
    Completions {
        /// The shell.
        shell: Shell,
    },
    /// `FILE.rhai` with its arguments.
    #[command(external_subcommand)]
    File(Vec<OsString>),
}

/// What `run` does.
#[derive(Debug, Clone, Args)]
pub struct RunArgs {
    /// The script.
    pub file: PathBuf,
    /// What the script sees in `ARGS`; behind the first of them, or `--`, options are the script's.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    pub args: Vec<String>,
}

/// What `eval` does.
#[derive(Debug, Clone, Args)]
pub struct EvalArgs {
    /// The expression.
    #[arg(allow_hyphen_values = true)]
    pub expression: String,
}

/// What to do with the configuration.
#[derive(Debug, Subcommand)]
pub enum ConfigAction {
    /// Print the path of the file in use.
    Path,
    /// Print every value with where it came from; secrets are masked.
    Show,
    /// Ask for the values and write a commented file that only you can read.
    Init {
        /// Where; by default the user's configuration directory.
        #[arg(long, value_name = "FILE")]
        path: Option<PathBuf>,
        /// Replace an existing file.
        #[arg(long)]
        force: bool,
    },
}

/// What to do with the cache.
#[derive(Debug, Subcommand)]
pub enum CacheAction {
    /// List the tables, or the rows of one.
    Ls {
        /// users, groups, departments, webhooks, files or counts.
        table: Option<String>,
        /// At most so many rows.
        #[arg(short = 'n', long, value_name = "ROWS")]
        limit: Option<usize>,
        /// With the addresses of webhooks, which are secrets.
        #[arg(long)]
        secrets: bool,
    },
    /// Print everything about one: staffId, unionId, conversation id, department id, number or name.
    Get {
        /// Which.
        target: String,
    },
    /// Find people, groups and departments by name, pinyin, initials or id.
    Find {
        /// What to look for.
        text: String,
        /// At most so many.
        #[arg(short = 'n', long, value_name = "ROWS", default_value_t = 20)]
        limit: usize,
    },
    /// Ask in SQL; the statement can only read.
    Sql {
        /// The statement.
        sql: String,
        /// Values for its `?`.
        params: Vec<String>,
    },
    /// Print the figures of the file.
    Stats,
    /// Print the path of the file.
    Path,
    /// Delete all rows of a table.
    Clear {
        /// users, groups, departments, webhooks, files or counts.
        table: String,
        /// Do not ask.
        #[arg(short, long)]
        yes: bool,
    },
    /// Write all rows to a file as JSON lines; `-` is stdout.
    Export {
        /// Where.
        file: PathBuf,
        /// With webhooks, whose addresses are secrets.
        #[arg(long)]
        secrets: bool,
    },
    /// Read the rows of an export; what the cache has newer stays.
    Import {
        /// The file.
        file: PathBuf,
    },
    /// Examine the file.
    Check,
}

/// What to do with the sandbox.
#[derive(Debug, Subcommand)]
pub enum SandboxAction {
    /// List the methods with how well their calls are known.
    Coverage,
    /// Serve it until stopped; any client of DingTalk can be pointed at it.
    Serve {
        /// Port of the api host; the oapi host has the next one. 0 = any two.
        #[arg(long, default_value_t = 0)]
        port: u16,
        /// Whom it starts with: small, empty or a file.
        #[arg(long, value_name = "small|empty|FILE.json", default_value = "small")]
        seed: String,
    },
    /// Let somebody say something to the robot of a served sandbox.
    Say {
        /// Who, by name or userId.
        person: String,
        /// What; a first word that is the title or `cid…` of a group, with more after it, says where.
        #[arg(required = true, trailing_var_arg = true, value_name = "TEXT")]
        words: Vec<String>,
        /// Where it is served.
        #[command(flatten)]
        at: At,
    },
    /// Let somebody press buttons of a card.
    Press {
        /// Its outTrackId.
        card: String,
        /// Who, by name or userId.
        person: String,
        /// The ids of the actions.
        #[arg(required = true)]
        actions: Vec<String>,
        /// Where it is served.
        #[command(flatten)]
        at: At,
    },
    /// Send an event.
    Event {
        /// Its type, as `calendar_event_change`.
        kind: String,
        /// Its payload, JSON.
        #[arg(default_value = "{}")]
        data: String,
        /// Where it is served.
        #[command(flatten)]
        at: At,
    },
    /// Ask for a failure; without a name, list them.
    Fault {
        /// Its name, as `frame.twice` or `link.disconnect`.
        name: Option<String>,
        /// Part of a path, an event type or a topic.
        #[arg(long, default_value = "")]
        on: String,
        /// How many calls or frames it strikes.
        #[arg(long, default_value_t = 1)]
        times: usize,
        /// How late, in milliseconds.
        #[arg(long, default_value_t = 1000)]
        millis: u64,
        /// The HTTP status of `call.status`.
        #[arg(long, default_value_t = 503)]
        status: u16,
        /// Where it is served.
        #[command(flatten)]
        at: At,
    },
    /// Print connections, pushes and messages of a served sandbox as JSON.
    State {
        /// Where it is served.
        #[command(flatten)]
        at: At,
    },
}

/// A served sandbox.
#[derive(Debug, Clone, Args)]
pub struct At {
    /// Its api address; by default that of the last `sandbox serve`.
    #[arg(long)]
    pub url: Option<String>,
}
