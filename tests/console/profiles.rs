//! Profiles and `%reload`: one session in the place of another.

use std::fs;

use tempfile::tempdir;

use super::window::{CTRL_D, Window, console};
use crate::support::World;

#[test]
fn profiles_are_sessions_of_their_own() {
    let world = World::new();
    let (config, home) = (&world.session.config, world.folder.path());
    let (key, secret) = config.bot.as_ref().and_then(dingraia::config::Bot::app).unwrap();
    let (api, oapi) = (&config.endpoints.api, &config.endpoints.oapi);
    fs::write(
        home.join("dingraia.toml"),
        format!(
            "[bot]\napp_key = \"wrong\"\napp_secret = \"wrongwrongwrong\"\n[endpoints]\napi = \"{api}\"\noapi = \"{oapi}\"\n\
             [profiles.second.bot]\napp_key = \"{key}\"\napp_secret = \"{}\"\n",
            secret.expose()
        ),
    )
    .unwrap();
    let mut command = console(home);
    command.arg("--trust");
    let mut window = Window::open(&command);
    window.at_prompt(1);
    window.answer("let here = 1;", 1);
    assert!(window.answer("app.get_depts().len()", 2).contains("error[token]"));
    assert_eq!(window.answer("%profile", 3), "* default\n  second");
    window.enter("%profile second").shows("dingraia[second·live·rw] 5>");
    assert_eq!(window.answer("app.get_depts().len()", 5), "3");
    assert!(window.answer("here", 6).contains("no variable `here`"));
    assert_eq!(window.answer("%profile", 7), "  default\n* second");
    let told = window.answer("%profile third", 8);
    assert!(told.contains("third"), "{told}");
    assert_eq!(window.answer("app.get_depts().len()", 9), "3");
    assert_eq!(window.press(CTRL_D).code(), 0);
    let state = home.join(".local/state/dingraia");
    let history = |profile: &str| fs::read_to_string(state.join(profile).join("history")).unwrap();
    assert!(history("default").contains("let here") && !history("second").contains("let here"));
    assert!(history("second").contains("%profile third"));
}

/// The configuration is read again; what was entered stays.
#[test]
fn reload_takes_what_has_changed() {
    let world = World::new();
    let (config, home) = (&world.session.config, world.folder.path());
    let (key, secret) = config.bot.as_ref().and_then(dingraia::config::Bot::app).unwrap();
    let write = |secret: &str| {
        let (api, oapi) = (&config.endpoints.api, &config.endpoints.oapi);
        let text = format!(
            "[bot]\napp_key = \"{key}\"\napp_secret = \"{secret}\"\n[endpoints]\napi = \"{api}\"\noapi = \"{oapi}\"\n"
        );
        fs::write(home.join("dingraia.toml"), text).unwrap();
    };
    write("wrongwrongwrong");
    fs::write(home.join("main.rhai"), "fn of_main() { 1 }").unwrap();
    let mut command = console(home);
    command.arg("--trust");
    let mut window = Window::open(&command);
    window.at_prompt(1);
    window.answer("let kept = 5;", 1);
    assert!(window.answer("app.get_depts().len()", 2).contains("error[token]"));
    write(secret.expose());
    fs::write(home.join("main.rhai"), "fn of_main() { 2 }").unwrap();
    assert!(window.answer("%reload", 3).contains("dingraia.toml again"));
    assert_eq!(window.answer("[app.get_depts().len(), kept, of_main()]", 4), "[3, 5, 2]");
    // Something wrong leaves everything as it was.
    fs::write(home.join("main.rhai"), "let x = ;").unwrap();
    let told = window.answer("%reload", 5);
    assert!(told.contains("main.rhai failed"), "{told}");
    assert_eq!(window.answer("app.get_depts().len()", 6), "3");
}

/// What a script would do, and what was called.
#[test]
fn the_language_of_a_profile_holds() {
    let home = tempdir().unwrap();
    let text = "[profiles.zh]\nlanguage = \"zh\"\n[profiles.plain]\nuse_database = false\n";
    fs::write(home.path().join("dingraia.toml"), text).unwrap();
    let mut window = Window::console(home.path());
    assert!(window.answer("%profile zh", 1).contains("已切换到配置方案 zh"));
    assert!(window.answer("nothing", 2).contains("没有变量 `nothing`"));
    assert_eq!(window.answer("try { 1 / 0 } catch (e) { print(e.message) }", 3), "除数为零：1 / 0");
    assert!(window.answer("%profile none", 4).contains("错误["));
    assert!(window.answer("%profile plain", 5).contains("now on profile plain"));
    // What somebody set holds until they leave.
    window.answer("%set lang en", 6);
    assert!(window.answer("%profile zh", 7).contains("now on profile zh"));
    for (flag, variable) in [(Some("en"), ""), (None, "en")] {
        let mut command = console(home.path());
        command.env("DINGRAIA_LANG", variable);
        if let Some(lang) = flag {
            command.args(["--lang", lang]);
        }
        let mut window = Window::open(&command);
        window.at_prompt(1);
        assert!(window.answer("%profile zh", 1).contains("now on profile zh"));
    }
}
