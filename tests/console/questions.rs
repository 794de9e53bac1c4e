//! Questions that are asked on a terminal: trust, and the first configuration.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use tempfile::tempdir;

use super::window::{CTRL_C, CTRL_D, Window, console};

#[test]
fn a_new_main_rhai_is_asked_about_once() {
    let home = tempdir().unwrap();
    let main = home.path().join("main.rhai");
    fs::write(&main, "let answer = 42; fn twice(x) { x * 2 }").unwrap();
    let mut refused = Window::open(&console(home.path()));
    let question = refused.shows("Trust it? [y/N]");
    assert!(question.contains("main.rhai runs at start and is new or changed"), "{question}");
    assert_eq!(refused.enter("n").code(), 3);
    refused.shows("`--no-init` goes on without it");

    let mut trusted = Window::open(&console(home.path()));
    trusted.shows("Trust it? [y/N]");
    trusted.enter("y").at_prompt(1);
    assert_eq!(trusted.answer("twice(answer)", 1), "84");
    trusted.press(CTRL_D).code();

    let mut known = Window::open(&console(home.path()));
    assert!(!known.at_prompt(1).contains("Trust it?"));
    assert_eq!(known.answer("answer", 1), "42");

    fs::write(&main, "let answer = 43;").unwrap();
    Window::open(&console(home.path())).shows("Trust it? [y/N]");
    let mut without = console(home.path());
    without.arg("--no-init");
    assert!(!Window::open(&without).at_prompt(1).contains("Trust it?"));
}

fn config(home: &Path, action: &str) -> Window {
    let mut command = console(home);
    command.args(["config", action]);
    Window::open(&command)
}

#[test]
fn the_first_configuration_is_asked_for() {
    let home = tempdir().unwrap();
    let mut window = config(home.path(), "init");
    window.shows("AppKey (Client ID) of the app:");
    window.enter("dingabcdef").shows("AppSecret (not shown):");
    window.enter("hunter22hunter22").shows("RobotCode [the AppKey]:");
    window.enter("").shows("access_token of a group webhook");
    window.enter("").shows("its signing key SEC… (not shown) [none]:");
    window.enter("").shows("written; `dingraia doctor` checks it");
    assert_eq!(window.code(), 0);
    let seen = window.shows("dingraia.toml");
    assert!(seen.contains("dingabcdef") && !seen.contains("hunter22"), "{seen}");

    let file = home.path().join(".config/dingraia/dingraia.toml");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(fs::read_to_string(&file).unwrap().contains("app_secret = \"hunter22hunter22\""));
    let mut shown = config(home.path(), "show");
    assert_eq!(shown.code(), 0);
    let seen = shown.shows("bot.app_secret");
    assert!(seen.contains("***") && seen.contains("dingabcdef") && !seen.contains("hunter22"), "{seen}");

    let mut again = config(home.path(), "init");
    assert_eq!(again.code(), 3);
    again.shows("is there already");
}

#[test]
fn a_wrong_answer_is_told_at_its_question() {
    let home = tempdir().unwrap();
    let mut window = config(home.path(), "init");
    window.shows("AppKey");
    window.enter("dingabcdef").shows("AppSecret (not shown):");
    // The question comes again before anything is typed: until then it would be shown.
    window.enter("").shows("nothing is written\nAppSecret (not shown):");
    window.enter("hunter22 hunter22").shows("space or line break\nAppSecret (not shown):");
    window.enter("hunter22hunter22").shows("RobotCode [the AppKey]:");
    window.enter("").shows("or its address (not shown) [none]:");
    window.enter("xyz").shows("got other text\naccess_token of a group webhook");
    let seen = window.enter("").shows("its signing key SEC… (not shown) [none]:");
    assert!(!seen.contains("hunter22") && !seen.contains("xyz"), "{seen}");
    window.enter("").shows("written");
    assert_eq!(window.code(), 0);
    let file = home.path().join(".config/dingraia/dingraia.toml");
    assert!(fs::read_to_string(file).unwrap().contains("app_secret = \"hunter22hunter22\""));
}

#[test]
fn the_end_of_the_input_writes_nothing() {
    for answers in [&[][..], &["dingabcdef"]] {
        let home = tempdir().unwrap();
        let mut window = config(home.path(), "init");
        window.shows("AppKey");
        for answer in answers {
            window.enter(answer).shows("AppSecret (not shown):");
        }
        window.press(CTRL_D);
        let seen = window.shows("nothing was written");
        assert!(seen.lines().any(|line| line.trim_end().ends_with(':')), "{seen}");
        assert_eq!(window.code(), 130);
        assert!(window.is_cooked());
        assert!(!home.path().join(".config").exists());
    }
}

/// Ctrl-C while a secret is typed leaves a terminal that shows what is typed.
#[test]
fn a_question_can_be_left() {
    let home = tempdir().unwrap();
    let mut window = config(home.path(), "init");
    window.shows("AppKey");
    window.enter("dingabcdef").shows("AppSecret (not shown):");
    window.press("hunter").press(CTRL_C);
    assert!(!window.shows("AppSecret").contains("hunter"));
    assert_eq!(window.code(), 130);
    assert!(window.is_cooked());
    assert!(!home.path().join(".config").exists());
}
