//! What is shown and written: rows, masks, the template, the private file.

use std::fs;

use dingraia::config::keys::{KEYS, Key};
use dingraia::config::{Config, Existing, Flags, Origin, Row, Secret, Source, load, template, write_private};
use dingraia::lang::Lang;
use serde_json::{Value, json};

use super::{AES, Project, fields};

#[test]
fn no_printed_form_shows_a_secret() {
    let hex = "deadbeef".repeat(8);
    let secrets = ["hunter2", &hex, "SECkey", AES, "tokTOK", "streamSecret", "Bearer"];
    let project = Project::with(format!(
        "[bot]\napp_key = \"k\"\napp_secret = \"hunter2\"\ngroup_webhook_access_token = \"{hex}\"\n\
         group_webhook_secure_key = \"SECkey\"\n[event_callback]\naes_key = \"{AES}\"\ntoken = \"tokTOK\"\n\
         [stream]\napp_key = \"k\"\napp_secret = \"streamSecret\"\n[custom_stream_connect.headers]\nA = \"Bearer x\"\n"
    ));
    let env = project.env(&[("DINGRAIA_APP_SECRET", "hunter2")]);
    let config = load(&Flags::default(), &env).unwrap().config;
    let rows = config.rows();
    let json: Vec<Value> = rows.iter().map(Row::json).collect();
    let lines: Vec<String> = rows.iter().map(ToString::to_string).collect();
    let all = format!(
        "{config:?} {config:#?} {env:?} {rows:?} {lines:?} {json:?} {}",
        serde_json::to_string(&config).unwrap()
    );
    for secret in secrets {
        assert!(!all.contains(secret), "{secret} in {all}");
    }
    let masked: Vec<&str> =
        rows.iter().filter(|row| row.shown == "***").map(|row| row.key.as_str()).collect();
    assert_eq!(
        masked,
        [
            "bot.app_secret",
            "bot.group_webhook_access_token",
            "bot.group_webhook_secure_key",
            "event_callback.aes_key",
            "event_callback.token",
            "stream[0].app_secret",
            "custom_stream_connect.headers.A",
        ]
    );
    assert!(rows.iter().filter(|row| row.shown == "***").all(|row| row.secret));
    let secret = Secret::new("hunter2");
    assert_eq!((format!("{secret:?} {secret}"), secret.expose()), ("*** ***".into(), "hunter2"));
}

#[test]
fn rows_show_value_and_origin() {
    let project = Project::with("[pace]\ncalls_per_second = 2.5\n");
    let config = project.config();
    let row = |key: &str| config.rows().into_iter().find(|row| row.key == key).unwrap();
    let file = project.file().display().to_string();
    assert_eq!(row("pace.calls_per_second").to_string(), format!("pace.calls_per_second = 2.5  ({file}:2)"));
    assert_eq!(
        row("data_cache_time.union_id").to_string(),
        "data_cache_time.union_id = 410281690  (default)"
    );
    assert_eq!(
        row("bot.app_secret").json(),
        json!({"key": "bot.app_secret", "value": null, "secret": true, "origin": "default", "place": null})
    );
    assert_eq!(
        row("pace.calls_per_second").json(),
        json!({"key": "pace.calls_per_second", "value": "2.5", "secret": false, "origin": "file", "place": format!("{file}:2")})
    );
}

#[test]
fn the_table_of_keys_and_the_structs_agree() {
    fn names(keys: &'static [Key], path: &str, all: &mut Vec<(String, &'static Key)>) {
        for key in keys {
            let at = if path.is_empty() { key.name.to_owned() } else { format!("{path}.{}", key.name) };
            names(key.children(), &at, all);
            all.push((at, key));
        }
    }
    let mut all = Vec::new();
    names(KEYS, "", &mut all);
    assert!(all.iter().all(|(_, key)| !key.doc.en.is_empty() && !key.doc.zh.is_empty()));
    // Every key set at once: the structs refuse unknown fields, and every value shows up in a row.
    let config = fields(json!({
        "bot": {"app_key": "a", "app_secret": "b", "robot_code": "c", "group_webhook_access_token": "d",
                "group_webhook_secure_key": "e"},
        "event_callback": {"aes_key": AES, "token": "abc", "app_key": "f"},
        "stream": {"app_key": "g", "app_secret": "h"},
        "custom_stream_connect": {"stream_url": "ws://h", "sign_url": "http://h", "headers": {"X": "y"}},
        "card_route_key": "r", "card_api_secret": "s", "group_api": "v1", "auto_bot_config": false, "use_database": false, "database": "x.db",
        "data_cache_time": {"user": 1, "group": 2, "union_id": 3}, "raise_for_api_error": false,
        "wait_radio_message_finished_timeout": 4, "journal": false, "language": "zh", "edit_mode": "vi", "read_only": true, "confirm": "all",
        "endpoints": {"api": "http://a", "oapi": "http://b"},
        "pace": {"calls_per_second": 5, "webhook_per_minute": 6},
        "timeouts": {"connect": 7, "first_byte": 8, "call": 9},
        "tls": {"ca_file": "c.pem"},
        "usage": {"quota": 10, "budget": 11, "warn_at": 12},
    }))
    .unwrap();
    let (before, after) = (Config::default().rows(), config.rows());
    for row in &after {
        assert_eq!(row.origin, Origin::Script, "{row}");
        assert!(
            before.iter().all(|old| old.key != row.key || old.shown != row.shown),
            "{row} did not change"
        );
    }
    let unused = ["web_request_handlers"];
    for (path, key) in
        all.iter().filter(|(path, key)| key.children().is_empty() && !unused.contains(&path.as_str()))
    {
        let found = after
            .iter()
            .any(|row| row.key.replace("[0]", "").starts_with(path.as_str()) && row.secret == key.secret);
        assert!(found, "{path} has no row");
    }
}

#[test]
fn the_template_loads_back() {
    let config = Project::with(template(&[]).unwrap()).config();
    let strip = |config: &Config| Config { source: Source::default(), ..config.clone() };
    assert_eq!(strip(&config), Config::default());

    let values = [
        ("bot.app_key", "ding1"),
        ("bot.app_secret", "quo\"te\\#'"),
        ("language", "zh"),
        ("pace.calls_per_second", "5"),
        ("use_database", "false"),
        ("stream.app_key", "k"),
        ("stream.app_secret", "s"),
    ];
    let text = template(&values).unwrap();
    let config = Project::with(&text).config();
    assert_eq!(config.bot.unwrap().app_secret.unwrap().expose(), "quo\"te\\#'");
    assert_eq!((config.language, config.pace.calls_per_second), (Some(Lang::Zh), 5.0));
    assert_eq!((config.use_database, config.stream.len()), (false, 1));

    // Without the comment marks of its values, the template is a file with every default.
    let is_name = |text: &str| text.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    let marked = |line: &str| {
        line.starts_with("# [") || line[2..].split_once(" = ").is_some_and(|(name, _)| is_name(name))
    };
    let text = template(&[]).unwrap();
    let unmark = |line| if str::len(line) > 2 && marked(line) { &line[2..] } else { line };
    let all: Vec<&str> = text.lines().map(unmark).filter(|line| !line.ends_with("\"\"")).collect();
    let all = all.join("\n").replace("[[stream]]", "");
    let loaded = Project::with(&all).load(&[]);
    assert!(loaded.is_ok(), "{:?}\n{all}", loaded.err());
    let from_file = loaded.unwrap().config.rows().iter().filter(|row| row.origin != Origin::Default).count();
    assert_eq!(from_file, 23, "{all}");

    assert!(template(&[("event_callback.aes_key", "hunter2")]).is_err());
    assert!(template(&[("bot.app_kye", "x")]).is_err());
}

#[test]
fn a_private_file_is_whole_private_and_never_overwritten_unasked() {
    let project = Project::empty();
    let path = project.path().join("new/dingraia.toml");
    write_private(&path, "a = 1", Existing::Refuse).unwrap();
    let error = write_private(&path, "b = 2", Existing::Refuse).unwrap_err();
    assert!(error.to_string().ends_with("the file exists"), "{error}");
    assert_eq!(fs::read_to_string(&path).unwrap(), "a = 1");
    write_private(&path, "b = 2", Existing::Replace).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "b = 2");
    assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1, "no temporary file is left");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
    assert!(write_private(&path.join("x"), "", Existing::Refuse).is_err(), "a file is no folder");
}
