//! What is refused, and how: place, key, what is allowed, and no secret.

use std::fs;

use dingraia::config::{Env, Flags, load};
use dingraia::error::{Error, Kind};
use dingraia::lang::Lang;

use super::Project;

#[test]
fn a_variable_that_nobody_reads() {
    let told = |name: &str| {
        let env = Env::of([(name, "1"), ("DINGRAIA_APP_KEY", ""), ("DINGRAIA", "1")]);
        let error = load(&Flags::default(), &env).unwrap_err();
        assert!(error.exit_code() == 3 && error.to_string().contains(name), "{error}");
        error.on_a_line().en.into_owned()
    };
    for (name, near) in [
        ("DINGRAIA_READONLY", "did you mean `DINGRAIA_READ_ONLY`?"),
        ("DINGRAIA_PROFIL", "did you mean `DINGRAIA_PROFILE`?"),
        ("DINGRAIA_CONFIGS", "did you mean `DINGRAIA_CONFIG`?"),
        ("DINGRAIA_DRYRUN", "`--dry-run`"),
        ("DINGRAIA_SOMETHING_ELSE", "DINGRAIA_BUDGET, "),
    ] {
        assert!(told(name).contains(near), "{}", told(name));
    }
    // Nothing is no value.
    load(&Flags::default(), &Env::of([("DINGRAIA_READONLY", "")])).unwrap();
}

/// Text of a file, line and key of the error, words of the sentence.
const CASES: &[(&str, usize, &str, &str)] = &[
    ("\n[pace]\ncalls_per_second = -1", 3, "pace.calls_per_second", "from 0 to 1000000000, got `-1`"),
    (
        "pace.calls_per_second = \"20\"",
        1,
        "pace.calls_per_second",
        "must be a number from 0 to 1000000000, not text",
    ),
    ("pace.webhook_per_minute = nan", 1, "pace.webhook_per_minute", "got `NaN`"),
    ("pace.webhook_per_minute = inf", 1, "pace.webhook_per_minute", "got `inf`"),
    ("timeouts.call = 0", 1, "timeouts.call", "above 0"),
    ("timeouts.call = 1e300", 1, "timeouts.call", "at most 1000000000"),
    ("dataCacheTime = -5", 1, "data_cache_time", "0 to 1000000000"),
    ("dataCacheTime = []", 1, "data_cache_time", "not a list"),
    ("[data_cache_time]\nuserInfoCacheTime = \"x\"", 2, "data_cache_time.user", "not text"),
    ("use_database = 1", 1, "use_database", "true or false, not a number"),
    ("database = \"~/x.db\"", 1, "database", "not expanded"),
    ("database = 1979-05-27", 1, "database", "not a date or time"),
    ("confirm = \"sometimes\"", 1, "confirm", "\"never\", \"destroy\" or \"all\", got `sometimes`"),
    ("read_only = \"maybe\"", 1, "read_only", "true or false"),
    ("edit_mode = \"nano\"", 1, "edit_mode", "\"emacs\" or \"vi\", got `nano`"),
    ("language = \"fr\"", 1, "language", "\"en\" or \"zh\", got `fr`"),
    ("endpoints.api = \"api.dingtalk.com\"", 1, "endpoints.api", "not an address"),
    ("endpoints.api = \"ftp://h\"", 1, "endpoints.api", "https://host"),
    ("endpoints.api = \"https://\"", 1, "endpoints.api", "not an address"),
    ("endpoints.api = \"https://u:hunter2@h\"", 1, "endpoints.api", "user name or password"),
    ("endpoints.oapi = \"https://h/?access_token=hunter2\"", 1, "endpoints.oapi", "with a query"),
    ("endpoints.oapi = \"https://h/#hunter2\"", 1, "endpoints.oapi", "fragment"),
    ("custom_stream_connect.stream_url = \"https://h\"", 1, "custom_stream_connect.stream_url", "wss://host"),
    (
        "[custom_stream_connect.headers]\n\"a b\" = \"x\"",
        2,
        "custom_stream_connect.headers.a b",
        "name of a header",
    ),
    (
        "[custom_stream_connect.headers]\na = \"hunter2\\n\"",
        2,
        "custom_stream_connect.headers.a",
        "line breaks",
    ),
    ("[custom_stream_connect.headers]\na = 1", 2, "custom_stream_connect.headers.a", "not a number"),
    ("[bot]\napp_key = \"\"", 2, "bot.app_key", "not empty, got empty text"),
    ("[bot]\napp_secret = \"hunter2 \"", 2, "bot.app_secret", "with a space"),
    ("[bot]\napp_secret = 123456", 2, "bot.app_secret", "not a number"),
    ("[bot]\napp_key = \"k\"", 2, "bot.app_secret", "is missing"),
    ("[bot]\ngroup_webhook_secure_key = \"hunter2\"", 2, "bot.group_webhook_access_token", "is missing"),
    (
        "[bot]\ngroup_webhook_access_token = \"hunter2\"",
        2,
        "bot.group_webhook_access_token",
        "got other text",
    ),
    (
        "[bot]\ngroup_webhook_access_token = \"https://h/robot/send?access_token=hunter2\"",
        2,
        "bot.group_webhook_access_token",
        "not hexadecimal",
    ),
    ("[event_callback]\naes_key = \"hunter2\"", 2, "event_callback.aes_key", "43 letters and digits, got 7"),
    ("[event_callback]\ntoken = \"a\"", 2, "event_callback.token", "3 to 32"),
    ("[event_callback]\ntoken = \"hunter2-\"", 2, "event_callback.token", "other characters"),
    ("[event_callback]\ntoken = \"abc\"", 2, "event_callback.aes_key", "is missing"),
    ("stream = 1", 1, "stream", "a table or a list of tables, not a number"),
    ("stream = [1]", 1, "stream[0]", "not a number"),
    (
        "[[stream]]\napp_key = \"k\"\napp_secret = \"s\"\n[[stream]]\napp_secret = \"hunter2\"",
        5,
        "stream[1].app_key",
        "is missing",
    ),
    ("bot = \"hunter2\"", 1, "bot", "must be a table, not text"),
    ("[bot]\napp_key = \"k\"\nAppKey = \"k\"", 3, "bot.app_key", "given twice"),
    ("profiles = 1", 1, "profiles", "not a number"),
    ("[profiles]\nwork = 1", 2, "profiles.work", "not a number"),
    ("[profiles.\"../x\"]", 1, "profiles.../x", "not a profile name"),
    ("[profiles.work.pace]\ncalls_per_second = -1", 2, "profiles.work.pace.calls_per_second", "`-1`"),
];

/// Everything an error can print.
fn printed(error: &Error) -> String {
    format!("{error:?} {} {} {:?}", error.text(Lang::En), error.text(Lang::Zh), error.hints())
}

/// Loads `text` and expects it to be refused at `line` with `key`; gives the English sentence.
fn refused(text: &str, line: usize, key: &str) -> String {
    let project = Project::with(text);
    let error = project.load(&[]).expect_err(text);
    let Kind::Setting { place, key: found, problem } = error.kind() else { panic!("{error:?}") };
    let place = place.as_ref().unwrap();
    assert_eq!(
        (found.as_str(), place.line, &place.file),
        (key, Some(line), &project.file()),
        "{text}\n{error}"
    );
    assert!(!problem.zh.is_ascii(), "no Chinese: {problem:?}");
    error.text(Lang::En)
}

#[test]
fn bad_values_name_file_line_key_and_what_is_allowed() {
    for (text, line, key, words) in CASES {
        let sentence = refused(text, *line, key);
        assert!(sentence.contains(words), "{sentence:?} lacks {words:?}");
        assert!(!sentence.contains("hunter2"), "{sentence}");
    }
}

#[test]
fn unknown_keys_name_the_nearest() {
    let cases = [
        ("[pace]\ncals_per_second = 1", 2, "pace.cals_per_second", "did you mean `pace.calls_per_second`?"),
        ("app_key = \"k\"", 1, "app_key", "did you mean `bot.app_key`?"),
        ("[bot]\nlanguage = \"zh\"", 2, "bot.language", "did you mean `language`?"),
        ("[profiles.w]\nAppKey = \"k\"", 2, "profiles.w.AppKey", "did you mean `profiles.w.bot.app_key`?"),
        ("[timeouts]\nzzz = 1", 2, "timeouts.zzz", "known here: connect, first_byte, call"),
    ];
    for (text, line, key, words) in cases {
        let sentence = refused(text, line, key);
        assert!(sentence.contains(words), "{sentence}");
    }
}

#[test]
fn syntax_errors_name_the_line_and_quote_nothing() {
    let text = "[bot]\napp_key = \"k\"\napp_secret = hunter2\n";
    let project = Project::with(text);
    let error = project.load(&[]).unwrap_err();
    assert!(error.to_string().contains("dingraia.toml:3: `TOML` syntax: "), "{error}");
    assert!(!printed(&error).contains("hunter2"), "{error:?}");
    refused("a = 1\na = 2", 2, "TOML");
    refused("[bot\n", 1, "TOML");
}

#[test]
fn files_that_cannot_be_read_say_why() {
    let gbk = Project::with(b"# \n# \xc5\xe4\xd6\xc3\n");
    let error = gbk.load(&[]).unwrap_err();
    assert!(error.to_string().ends_with("line 2 is not UTF-8 text"), "{error}");

    let folder = Project::empty();
    fs::create_dir(folder.file()).unwrap();
    assert!(matches!(folder.load(&[]).unwrap_err().kind(), Kind::File { .. }));

    let error = folder.load(&[("DINGRAIA_CONFIG", "none.toml")]).unwrap_err();
    assert!(error.to_string().ends_with("none.toml: no such file or directory"), "{error}");

    let bom = Project::with("\u{feff}[pace]\r\ncalls_per_second = 5\r\n");
    assert_eq!(bom.config().pace.calls_per_second, 5.0);
}

#[test]
#[cfg(unix)]
fn an_unreadable_file_is_not_skipped() {
    use std::os::unix::fs::PermissionsExt;
    let project = Project::with("");
    fs::set_permissions(project.file(), fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read(project.file()).is_ok() {
        return; // The administrator reads everything.
    }
    assert!(project.load(&[]).unwrap_err().to_string().ends_with("permission denied"));
}

#[test]
fn bad_variables_are_named() {
    let project = Project::empty();
    let sentence = |vars: &[(&str, &str)]| project.load(vars).unwrap_err().to_string();
    let text = sentence(&[("DINGRAIA_API_BASE", "https://u:hunter2@h")]);
    assert!(text.starts_with("$DINGRAIA_API_BASE: `endpoints.api` must be"), "{text}");
    assert!(!text.contains("hunter2"), "{text}");
    assert!(sentence(&[("DINGRAIA_USE_DATABASE", "perhaps")]).contains("true or false"));
    assert!(sentence(&[("DINGRAIA_APP_SECRET", "hunter2")]).contains("`bot.app_key` is missing"));
    assert!(sentence(&[("DINGRAIA_PROFILE", "x")]).contains("no configuration file was found"));
}

#[test]
#[cfg(unix)]
fn a_variable_that_is_not_text_is_refused() {
    use std::os::unix::ffi::OsStringExt;
    let value = std::ffi::OsString::from_vec(vec![0xff]);
    let error = load(&Flags::default(), &Env::of([("DINGRAIA_APP_KEY", value)])).unwrap_err();
    assert!(error.to_string().contains("is not UTF-8 text"), "{error}");
}
