//! The configuration, through its public entry: what is found, what wins, what is refused, and that secrets stay hidden.

mod refused;
mod shown;

use std::fs;
use std::path::{Path, PathBuf};

use dingraia::config::{Config, Env, Flags, Loaded, Origin, Secret, load, template};
use dingraia::error::Result;
use dingraia::lang::Lang;
use serde_json::{Value, json};
use tempfile::TempDir;

const AES: &str = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";

/// A folder with a project file in it.
struct Project(TempDir);

impl Project {
    fn empty() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn with(text: impl AsRef<[u8]>) -> Self {
        let project = Self::empty();
        fs::write(project.file(), text).unwrap();
        project
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn file(&self) -> PathBuf {
        self.path().join("dingraia.toml")
    }

    fn env(&self, vars: &[(&str, &str)]) -> Env {
        Env::of(vars.iter().copied()).in_dir(self.path())
    }

    fn load(&self, vars: &[(&str, &str)]) -> Result<Loaded> {
        load(&Flags::default(), &self.env(vars))
    }

    fn config(&self) -> Config {
        self.load(&[]).unwrap().config
    }
}

fn fields(value: Value) -> Result<Config> {
    let Value::Object(fields) = value else { panic!("not a map") };
    Config::from_fields(fields, &Origin::Script)
}

fn shown(config: &Config, key: &str) -> String {
    config.rows().into_iter().find(|row| row.key == key).map(|row| row.shown).unwrap_or_default()
}

#[test]
fn nothing_is_configured_without_file_environment_and_home() {
    let loaded = load(&Flags::default(), &Env::of([("X", "")])).unwrap();
    assert_eq!(loaded.config, Config::default());
    assert_eq!((loaded.paths.config_dir.as_ref(), loaded.paths.database_path(&loaded.config)), (None, None));
    assert!(loaded.profiles.is_empty());
    assert!(loaded.config.rows().iter().all(|row| row.origin == Origin::Default));
}

#[test]
fn environment_alone_is_a_configuration() {
    let env = [("DINGRAIA_APP_KEY", "ding1"), ("DINGRAIA_APP_SECRET", "s1"), ("DINGRAIA_USE_DATABASE", "0")];
    let config = load(&Flags::default(), &Env::of(env)).unwrap().config;
    let bot = config.bot.clone().unwrap();
    assert_eq!(bot.app(), Some(("ding1", &Secret::new("s1"))));
    assert_eq!(bot.robot_code.as_deref(), Some("ding1"));
    assert!(!config.use_database);
    assert_eq!(config.origin("bot.app_secret"), Origin::Env("DINGRAIA_APP_SECRET"));
    assert_eq!(config.origin("bot.robot_code"), Origin::Default);
}

#[test]
fn the_first_file_found_is_the_file() {
    let home = Project::empty();
    let own = home.path().join(".config/dingraia");
    fs::create_dir_all(&own).unwrap();
    fs::write(own.join("dingraia.toml"), "[pace]\ncalls_per_second = 1").unwrap();
    let project = Project::with("[pace]\ncalls_per_second = 2");
    fs::write(project.path().join("three.toml"), "[pace]\ncalls_per_second = 3").unwrap();
    fs::write(project.path().join("four.toml"), "[pace]\ncalls_per_second = 4").unwrap();
    let below = project.path().join("a/b");
    fs::create_dir_all(&below).unwrap();

    let found = |flag: Option<&str>, vars: &[(&str, &str)], cwd: &Path| {
        let flags = Flags { config: flag.map(PathBuf::from), ..Flags::default() };
        let env = Env::of(vars.iter().copied()).in_dir(cwd).with_home(home.path());
        let config = load(&flags, &env).unwrap().config;
        (config.pace.calls_per_second, config.source.project)
    };
    let variable = [("DINGRAIA_CONFIG", "three.toml")];
    assert_eq!(found(Some("four.toml"), &variable, project.path()), (4.0, false));
    assert_eq!(found(None, &variable, project.path()), (3.0, false));
    assert_eq!(found(None, &[("DINGRAIA_CONFIG", "")], &below), (2.0, true));
    assert_eq!(found(None, &[], home.path()), (1.0, false));
    assert_eq!(found(None, &[], &own), (1.0, false), "the user's own file is no project's");
}

#[test]
fn flags_beat_the_environment_which_beats_the_file() {
    let project = Project::with("language = \"en\"\n[bot]\napp_key = \"file\"\napp_secret = \"s\"\n");
    let env = project.env(&[("DINGRAIA_APP_KEY", "env"), ("DINGRAIA_LANG", "zh_CN.UTF-8")]);
    let config = load(&Flags::default(), &env).unwrap().config;
    assert_eq!((config.language, shown(&config, "bot.app_key").as_str()), (Some(Lang::Zh), "env"));
    let Origin::File(place) = config.origin("bot.app_secret") else { panic!() };
    assert_eq!((place.line, place.file), (Some(4), project.file()));

    let flags = Flags { lang: Some(Lang::En), timeout: Some(2.5), ..Flags::default() };
    let config = load(&flags, &env).unwrap().config;
    assert_eq!((config.language, config.timeout), (Some(Lang::En), Some(2.5)));
    assert_eq!(config.origin("language"), Origin::Flag("--lang"));
    let error = load(&Flags { timeout: Some(f64::NAN), ..Flags::default() }, &env).unwrap_err();
    assert!(error.to_string().starts_with("--timeout: `timeout` must be"), "{error}");
}

#[test]
fn the_spellings_of_the_python_framework_are_read() {
    let config = Project::with(format!(
        "autoBotConfig = false\nuseDatabase = false\ndataCacheTime = 60\nraiseForApiError = false\n\
         waitRadioMessageFinishedTimeout = 3\nwebRequestHandlers = []\nlanguage = \"zh_CN\"\n\
         [bot]\nAppKey = \"k\"\nappSecret = \"s\"\nCorpId = \"r\"\nGroupWebhookAccessToken = \"0aF\"\n\
         GroupWebhookSecureKey = \"SECx\"\n[eventCallback]\nAesKey = \"{AES}\"\nToken = \"abc\"\nAppKey = \"o\"\n\
         [stream]\nAppKey = \"k2\"\nAppSecret = \"s2\"\n\
         [customStreamConnect]\nStreamUrl = \"wss://h/p/\"\nSignHandler = \"http://h/sign\"\n\
         [customStreamConnect.ExtraHeaders]\n\"X.Y\" = \"two words\"\n"
    ))
    .config();
    let bot = config.bot.clone().unwrap();
    assert_eq!((bot.robot_code.as_deref(), bot.group_webhook_secure_key), (Some("r"), Some("SECx".into())));
    assert_eq!(bot.group_webhook_access_token, Some("0aF".into()));
    assert!(!config.auto_bot_config && !config.use_database && !config.raise_for_api_error);
    assert_eq!((config.data_cache_time.user, config.data_cache_time.group), (60.0, 60.0));
    assert_eq!(config.data_cache_time.union_id, 410_281_690.0);
    assert_eq!((config.wait_radio_message_finished_timeout, config.language), (3.0, Some(Lang::Zh)));
    assert_eq!((config.stream.len(), config.stream[0].app_key.as_str()), (1, "k2"));
    assert_eq!(config.event_callback.unwrap().app_key, "o");
    let custom = config.custom_stream_connect.unwrap();
    assert_eq!(
        (custom.stream_url.as_deref(), custom.sign_url.as_deref()),
        (Some("wss://h/p"), Some("http://h/sign"))
    );
    assert_eq!(custom.headers["X.Y"].expose(), "two words");
}

#[test]
fn a_script_writes_the_same_keys() {
    let config = fields(json!({
        "bot": {"AppKey": "k", "app_secret": "s"}, "dataCacheTime": {"dataCacheTime": 86400, "userInfoCacheTime": 5},
        "raise_for_api_error": false, "customStreamConnect": null, "webRequestHandlers": null,
        "stream": [{"appKey": "a", "appSecret": "b"}, {"appKey": "c", "appSecret": "d"}],
        "event_callback": {"aesKey": AES, "token": "tok"},
    }))
    .unwrap();
    assert_eq!((config.data_cache_time.user, config.data_cache_time.group), (5.0, 86400.0));
    assert_eq!((config.stream.len(), config.custom_stream_connect.is_none()), (2, true));
    assert_eq!(
        config.event_callback.as_ref().unwrap().app_key,
        "k",
        "the owner is the bot's app unless given"
    );
    assert_eq!(config.origin("stream[1].app_key"), Origin::Script);
    let error = fields(json!({"bot": {"app_key": "k", "app_secrt": "s"}})).unwrap_err();
    assert_eq!(error.to_string(), "`bot.app_secrt` is not a known key; did you mean `bot.app_secret`?");
    assert!(
        fields(json!({"webRequestHandlers": ["x"]}))
            .unwrap_err()
            .to_string()
            .contains("only functions of a script")
    );
}

#[test]
fn the_first_stream_gives_the_bot_its_app_and_leaves_the_rest() {
    let streams = "[bot]\nrobot_code = \"r\"\ngroup_webhook_access_token = \"ab\"\n\
                   [[stream]]\napp_key = \"k1\"\napp_secret = \"s1\"\n[[stream]]\napp_key = \"k2\"\napp_secret = \"s2\"\n";
    let bot = Project::with(streams).config().bot.unwrap();
    assert_eq!(bot.app(), Some(("k1", &"s1".into())));
    assert_eq!((bot.robot_code.as_deref(), bot.group_webhook_access_token), (Some("r"), Some("ab".into())));
    let bot = Project::with(format!("auto_bot_config = false\n{streams}")).config().bot.unwrap();
    assert_eq!(bot.app(), None);
    let bot = Project::with(
        "[bot]\napp_key = \"own\"\napp_secret = \"s\"\n[stream]\napp_key = \"k\"\napp_secret = \"s\"\n",
    );
    assert_eq!(bot.config().bot.unwrap().app_key.as_deref(), Some("own"));
}

#[test]
fn empty_tables_configure_nothing() {
    let config = Project::with("[bot]\n[event_callback]\n[custom_stream_connect]\n[pace]\n").config();
    assert!(
        config.bot.is_none() && config.event_callback.is_none() && config.custom_stream_connect.is_none()
    );
}

#[test]
fn a_webhook_is_its_token_or_its_url() {
    let url = "https://oapi.dingtalk.com/robot/send?access_token=0123abcDEF&x=1";
    for text in ["0123abcDEF", url] {
        let config = Project::with(format!("[bot]\ngroup_webhook_access_token = \"{text}\"")).config();
        let bot = config.bot.unwrap();
        assert_eq!(bot.group_webhook_access_token.unwrap().expose(), "0123abcDEF");
        assert!(bot.app_key.is_none(), "a custom robot needs no app");
    }
}

#[test]
fn a_profile_overrides_key_by_key() {
    let project = Project::with(
        "[bot]\napp_key = \"live\"\napp_secret = \"s\"\nrobot_code = \"r\"\n[[stream]]\napp_key = \"a\"\napp_secret = \"b\"\n\
         [profiles.test.bot]\nAppKey = \"try\"\n[profiles.test]\nstream = []\n[profiles.aaa.pace]\ncalls_per_second = 0\n",
    );
    let flags = |name: &str| Flags { profile: Some(name.into()), ..Flags::default() };
    let loaded = load(&flags("test"), &project.env(&[("DINGRAIA_PROFILE", "aaa")])).unwrap();
    assert_eq!(loaded.profiles, ["test", "aaa"]);
    let config = &loaded.config;
    assert_eq!(config.profile.as_deref(), Some("test"));
    assert_eq!((shown(config, "bot.app_key"), shown(config, "bot.robot_code")), ("try".into(), "r".into()));
    assert!(config.stream.is_empty());
    assert_eq!(config.origin("bot.app_key").place().unwrap().line, Some(9));
    let aaa = project.load(&[("DINGRAIA_PROFILE", "aaa")]).unwrap().config;
    assert_eq!((aaa.pace.calls_per_second, aaa.profile.as_deref()), (0.0, Some("aaa")));
    let plain = load(&flags("default"), &project.env(&[("DINGRAIA_PROFILE", "aaa")])).unwrap().config;
    assert_eq!((shown(&plain, "bot.app_key"), &plain.profile), ("live".into(), &None));
    let named = Project::with("[profiles.default.pace]\ncalls_per_second = 3\n");
    let named = load(&flags("default"), &named.env(&[])).unwrap().config;
    assert_eq!((named.pace.calls_per_second, named.profile.as_deref()), (3.0, Some("default")));
    let error = load(&flags("tset"), &project.env(&[])).unwrap_err();
    assert!(error.to_string().ends_with("has only: test, aaa"), "{error}");
}

#[test]
fn the_cache_file_has_one_place() {
    let home = Project::empty();
    let project = Project::with("[profiles.p]\ndatabase = \"sub/x.db\"\n");
    let at = |flags: Flags, vars: &[(&str, &str)]| {
        let loaded = load(&flags, &project.env(vars).with_home(home.path())).unwrap();
        loaded.paths.database_path(&loaded.config)
    };
    let profile = || Flags { profile: Some("p".into()), ..Flags::default() };
    assert_eq!(at(Flags::default(), &[]), Some(project.path().join("Dingraia_cache.db")));
    assert_eq!(at(profile(), &[]), Some(project.path().join("sub/x.db")));
    assert_eq!(at(profile(), &[("DINGRAIA_DATABASE", "y.db")]), Some(project.path().join("y.db")));
    assert_eq!(at(Flags::default(), &[("DINGRAIA_USE_DATABASE", "false")]), None);
    fs::write(project.path().join("named.toml"), "[profiles.q]\n").unwrap();
    let named = |name: Option<&str>| Flags {
        config: Some("named.toml".into()),
        profile: name.map(Into::into),
        ..Flags::default()
    };
    let data = home.path().join(".local/share/dingraia");
    assert_eq!(at(named(None), &[]), Some(data.join("default/Dingraia_cache.db")));
    assert_eq!(at(named(Some("q")), &[]), Some(data.join("q/Dingraia_cache.db")));
}

#[test]
fn a_project_may_not_send_borrowed_credentials_elsewhere() {
    let borrowed = [("DINGRAIA_APP_KEY", "k"), ("DINGRAIA_APP_SECRET", "hunter2")];
    let foreign = Project::with("[endpoints]\napi = \"https://evil.example\"\n");
    let text = foreign.load(&borrowed).unwrap().config.foreign_hosts().unwrap();
    assert!(text.en.contains("https://evil.example") && !text.en.contains("hunter2"), "{}", text.en);
    let sign = Project::with("[custom_stream_connect]\nsign_url = \"https://evil.example\"\n");
    assert!(sign.load(&borrowed).unwrap().config.foreign_hosts().is_some());

    let trusted = |project: &Project, vars: &[(&str, &str)], flags: &Flags| {
        load(flags, &project.env(vars)).unwrap().config.foreign_hosts().is_none()
    };
    let named = Flags { config: Some("dingraia.toml".into()), ..Flags::default() };
    assert!(trusted(&foreign, &borrowed, &named), "a file that was named is trusted");
    assert!(trusted(&foreign, &[], &Flags::default()), "nothing to lend");
    let usual = Project::with("[endpoints]\napi = \"https://api.dingtalk.com/\"\n");
    assert!(trusted(&usual, &borrowed, &Flags::default()));
    let own =
        Project::with("[bot]\napp_key=\"k\"\napp_secret=\"s\"\n[endpoints]\napi = \"https://e.example\"\n");
    assert!(trusted(&own, &[], &Flags::default()), "its own credentials");
    let own_host = [borrowed[0], borrowed[1], ("DINGRAIA_API_BASE", "https://mine.example")];
    assert!(trusted(&foreign, &own_host, &Flags::default()), "the host comes from the user");
}

#[test]
fn loading_is_quick() {
    let project = Project::with(template(&[("bot.app_key", "k"), ("bot.app_secret", "s")]).unwrap());
    let env = project.env(&[]);
    let best = (0..50)
        .map(|_| {
            let begin = std::time::Instant::now();
            load(&Flags::default(), &env).unwrap();
            begin.elapsed()
        })
        .min()
        .unwrap();
    // 0.3 ms is the goal of a release build; a debug build is given ten times that.
    assert!(best.as_micros() < 3000, "{best:?}");
}
