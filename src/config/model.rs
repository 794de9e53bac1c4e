//! The configuration as a plain struct, with every default.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::origin::Origin;
use super::proxies::Proxies;
use crate::lang::Lang;
use crate::model::{Hook, Route};
use crate::secret::Secret;

/// Everything that can be configured. `Config::default()` has nothing configured.
///
/// Its printed and serialised forms show no secret.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The app, its robot and the custom robot of a group.
    pub bot: Option<Bot>,
    /// Push over HTTP.
    pub event_callback: Option<CallBack>,
    /// Stream connections.
    pub stream: Vec<Stream>,
    /// A Stream server that is not DingTalk's.
    pub custom_stream_connect: Option<CustomStreamConnect>,
    /// Route key under which the address of card callbacks over HTTP is registered.
    pub card_route_key: Option<String>,
    /// `apiSecret` with which card callbacks over HTTP are signed.
    pub card_api_secret: Option<Secret>,
    /// Take the app from the first stream when the bot names none.
    pub auto_bot_config: bool,
    /// Keep the cache in a file.
    pub use_database: bool,
    /// The cache file, when configured.
    pub database: Option<PathBuf>,
    /// Lifetimes of cached answers.
    pub data_cache_time: DataCacheTime,
    /// Family of the scene group calls.
    pub group_api: GroupApi,
    /// A refusal of DingTalk is an error, not a value.
    pub raise_for_api_error: bool,
    /// Seconds to wait for running handlers at the end.
    pub wait_radio_message_finished_timeout: f64,
    /// Write a line about every request to the journal.
    pub journal: bool,
    /// Language of the program, when configured.
    #[serde(serialize_with = "write_lang", deserialize_with = "read_lang")]
    pub language: Option<Lang>,
    /// Which keys move through the line of the console.
    pub edit_mode: EditMode,
    /// Nothing but reads is sent.
    pub read_only: bool,
    /// What a live console asks about.
    pub confirm: Confirm,
    /// Where requests go.
    pub endpoints: Endpoints,
    /// How fast they go out.
    pub pace: Pace,
    /// How long an answer is waited for.
    pub timeouts: Timeouts,
    /// Whose certificates are trusted.
    pub tls: Tls,
    /// How many calls a month has.
    pub usage: Usage,
    /// The proxies of the environment.
    #[serde(skip)]
    pub proxies: Proxies,
    /// Functions of a script that answer requests over HTTP which are not DingTalk's.
    #[serde(skip)]
    pub web_request_handlers: Vec<Route>,
    /// The profile that was chosen.
    #[serde(skip)]
    pub profile: Option<String>,
    /// Limit of the whole program in seconds, the `--timeout` flag.
    #[serde(skip)]
    pub timeout: Option<f64>,
    /// The file it came from.
    #[serde(skip)]
    pub source: Source,
    /// Where each value came from, by its path; what is not here is a default.
    #[serde(skip)]
    pub origins: BTreeMap<String, Origin>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            bot: None,
            event_callback: None,
            stream: Vec::new(),
            custom_stream_connect: None,
            card_route_key: None,
            card_api_secret: None,
            auto_bot_config: true,
            use_database: true,
            database: None,
            data_cache_time: DataCacheTime::default(),
            group_api: GroupApi::default(),
            raise_for_api_error: true,
            wait_radio_message_finished_timeout: 10.0,
            journal: true,
            language: None,
            edit_mode: EditMode::default(),
            read_only: false,
            confirm: Confirm::default(),
            endpoints: Endpoints::default(),
            pace: Pace::default(),
            timeouts: Timeouts::default(),
            tls: Tls::default(),
            usage: Usage::default(),
            proxies: Proxies::default(),
            web_request_handlers: Vec::new(),
            profile: None,
            timeout: None,
            source: Source::default(),
            origins: BTreeMap::new(),
        }
    }
}

/// The two families of scene group calls.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum GroupApi {
    /// `oapi`, whose bodies the guide returns.
    #[default]
    Legacy,
    /// `api`, the newer family.
    V1,
}

/// Which keys move through the line of the console.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EditMode {
    /// Those of Emacs, as in most shells.
    #[default]
    Emacs,
    /// Those of vi.
    Vi,
}

impl EditMode {
    /// Reads `emacs` or `vi`.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Emacs, Self::Vi].into_iter().find(|mode| mode.name() == text)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Emacs => "emacs",
            Self::Vi => "vi",
        }
    }
}

/// What a live console asks about before it is sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confirm {
    /// Nothing.
    Never,
    /// What removes something, and what reaches many people.
    #[default]
    Destroy,
    /// Everything but reads.
    All,
}

impl Confirm {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Never, Self::Destroy, Self::All];

    /// Reads `never`, `destroy` or `all`.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|confirm| confirm.name() == text)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::Destroy => "destroy",
            Self::All => "all",
        }
    }
}

/// The app, its robot and the custom robot of a group. A custom robot alone needs no app.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Bot {
    /// AppKey; present if and only if the secret is.
    pub app_key: Option<String>,
    /// AppSecret.
    pub app_secret: Option<Secret>,
    /// Code of the robot; the AppKey unless configured.
    pub robot_code: Option<String>,
    /// `access_token` of the custom robot's webhook.
    pub group_webhook_access_token: Option<Secret>,
    /// Signing key of the custom robot.
    pub group_webhook_secure_key: Option<Secret>,
}

impl Bot {
    /// AppKey and AppSecret, when an app is configured.
    pub fn app(&self) -> Option<(&str, &Secret)> {
        self.app_key.as_deref().zip(self.app_secret.as_ref())
    }
}

/// Keys of the HTTP push.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallBack {
    /// AES key, 43 characters.
    pub aes_key: Secret,
    /// Signing token.
    pub token: Secret,
    /// Owner: the AppKey (or CorpId) that the decrypted text ends with.
    pub app_key: String,
}

/// One Stream connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stream {
    /// AppKey.
    pub app_key: String,
    /// AppSecret.
    pub app_secret: Secret,
}

/// A Stream server that is not DingTalk's; what is absent is DingTalk's.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CustomStreamConnect {
    /// Websocket address.
    pub stream_url: Option<String>,
    /// Address that gives endpoint and ticket for AppKey and AppSecret.
    pub sign_url: Option<String>,
    /// A function of a script that does the same: it gets key and secret, and gives `#{endpoint, ticket}` or a whole address.
    #[serde(skip)]
    pub signer: Option<Hook>,
    /// Extra headers of the connection.
    pub headers: BTreeMap<String, Secret>,
}

/// Lifetimes of cached answers in seconds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DataCacheTime {
    /// Members.
    pub user: f64,
    /// Groups.
    pub group: f64,
    /// unionId to staffId.
    pub union_id: f64,
}

impl Default for DataCacheTime {
    fn default() -> Self {
        Self { user: 3600.0, group: 3600.0, union_id: 410_281_690.0 }
    }
}

/// Base addresses, without a slash at the end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Endpoints {
    /// The API with the token in a header.
    pub api: String,
    /// The API with the token in the query.
    pub oapi: String,
}

impl Default for Endpoints {
    fn default() -> Self {
        Self { api: "https://api.dingtalk.com".into(), oapi: "https://oapi.dingtalk.com".into() }
    }
}

/// How fast requests go out; 0 is no limit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Pace {
    /// Calls a second of each method.
    pub calls_per_second: f64,
    /// Messages a minute of each webhook.
    pub webhook_per_minute: f64,
}

impl Default for Pace {
    fn default() -> Self {
        Self { calls_per_second: 20.0, webhook_per_minute: 20.0 }
    }
}

/// How long to wait, in seconds; never 0 and never more than a `Duration` holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Timeouts {
    /// Until the connection stands.
    pub connect: f64,
    /// Until the answer begins.
    pub first_byte: f64,
    /// The whole call with its retries.
    pub call: f64,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { connect: 10.0, first_byte: 30.0, call: 60.0 }
    }
}

/// Whose certificates are trusted beside those that the system trusts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Tls {
    /// A PEM file of authorities.
    pub ca_file: Option<PathBuf>,
}

/// The calls of a month.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Usage {
    /// How many DingTalk allows.
    pub quota: f64,
    /// How many this program makes at most; no limit when left out.
    pub budget: Option<f64>,
    /// At which share of the quota it warns, in percent; 0 is never.
    pub warn_at: f64,
}

impl Default for Usage {
    fn default() -> Self {
        Self { quota: 5000.0, budget: None, warn_at: 80.0 }
    }
}

/// The file a configuration came from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Source {
    /// The file; `None` when the environment, flags or a script were all there was.
    pub file: Option<PathBuf>,
    /// True when it was found in the current folder or above it: whoever wrote the folder wrote the file.
    pub project: bool,
}

fn write_lang<S: Serializer>(lang: &Option<Lang>, serializer: S) -> Result<S::Ok, S::Error> {
    lang.map(Lang::name).serialize(serializer)
}

fn read_lang<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Lang>, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.as_deref().and_then(Lang::parse))
}
