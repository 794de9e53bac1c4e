//! Ctrl-C in every state, signals, and messages that come while somebody types.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use expectrl::process::unix::Signal;
use tempfile::tempdir;

use super::window::{CTRL_C, CTRL_D, Window, console};

/// Far more than it takes, for machines that are busy.
const SOON: Duration = Duration::from_secs(2);

/// Ctrl-C at the prompt, and while scripts run; the session goes on with its variables.
#[test]
fn ctrl_c_ends_what_runs() {
    let home = tempdir().unwrap();
    let mut window = Window::console(home.path());
    window.press("let nothing").at_line("1> let nothing");
    window.press(CTRL_C).at_prompt(1);
    window.answer("let kept = 5;", 1);
    let endless = [
        "print(\"on\"); loop {}",
        "print(\"on\"); sleep(60)",
        "parallel([1, 2, 3], |i| { print(\"on\"); sleep(60) })",
        "parallel([1, 2, 3], |i| { print(\"on\"); loop {} })",
        "try { print(\"on\"); sleep(60) } catch { loop {} }",
        "[3, 1, 2].sort(|a, b| { print(\"on\"); loop {} })",
    ];
    for (index, line) in endless.iter().enumerate() {
        let number = index + 2;
        window.enter(line).wait("output", |text| text.lines().next_back() == Some("on"));
        let start = Instant::now();
        let seen = window.press(CTRL_C).at_prompt(number + 1);
        assert!(start.elapsed() < SOON, "{line}: {:?}", start.elapsed());
        let seen = seen.rsplit_once("on\n").unwrap().1;
        assert!(seen.starts_with("\nerror[interrupted]: interrupted\n"), "{line}: {seen}");
    }
    assert_eq!(window.answer("kept", 8), "5");
    assert_eq!(window.press(CTRL_D).code(), 0);
}

/// More presses than needed end nothing but what runs.
#[test]
fn impatience_does_not_end_the_session() {
    let home = tempdir().unwrap();
    let mut window = Window::console(home.path());
    for number in 1..6 {
        window.enter("print(\"on\"); loop {}").wait("output", |text| text.lines().next_back() == Some("on"));
        window.press(CTRL_C).at_prompt(number + 1);
        window.press(CTRL_C).press(CTRL_C).press(CTRL_C);
    }
    assert_eq!(window.answer("1 + 1", 6), "2");
}

#[test]
fn ctrl_c_ends_a_call_under_way() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", silent.local_addr().unwrap());
    let home = tempdir().unwrap();
    let mut command = console(home.path());
    command.env("DINGRAIA_API_BASE", &base).env("DINGRAIA_OAPI_BASE", &base);
    command.env("DINGRAIA_APP_KEY", "dingkey").env("DINGRAIA_APP_SECRET", "hunter22hunter22");
    let mut window = Window::open(command);
    let banner = window.at_prompt(1);
    assert!(banner.contains("live: app dingkey") && !banner.contains("hunter22"), "{banner}");
    window.shows("dingraia[default·live·rw]");
    window.enter("app.get_user(\"manager4220\")");
    let _connection = silent.accept().unwrap();
    let start = Instant::now();
    let seen = window.press(CTRL_C).at_prompt(2);
    assert!(start.elapsed() < SOON, "{:?}", start.elapsed());
    assert!(seen.contains("error[interrupted]: interrupted"), "{seen}");
    assert_eq!(window.answer("1 + 1", 2), "2");
}

/// Somebody ends the program from elsewhere: the terminal is a shell's again.
#[test]
fn a_signal_gives_the_terminal_back() {
    let home = tempdir().unwrap();
    for signal in [Signal::SIGTERM, Signal::SIGINT, Signal::SIGHUP] {
        let mut window = Window::console(home.path());
        assert!(!window.is_cooked());
        assert_eq!(window.signal(signal).code(), 130, "{signal}");
        assert!(window.is_cooked(), "{signal}");
    }
}

#[test]
fn messages_appear_above_the_line() {
    let home = tempdir().unwrap();
    let mut window = Window::console(home.path());
    let scheduled =
        window.answer("app.recall_message(#{processQueryKeys: [\"none\"], openConversationId: \"cidNone==\", inThreadTime: 0.3})", 1);
    assert!(scheduled.contains("\"scheduled\": true"), "{scheduled}");
    window.press("let 名 = 1").at_line("2> let 名 = 1");
    let above = window.shows("the delayed recall failed");
    assert!(above.contains("ERROR"), "{above}");
    window.at_line("2> let 名 = 1");
    window.press(" + 1; 名").at_line("2> let 名 = 1 + 1; 名");
    window.enter("").at_prompt(3);
    assert_eq!(window.answer("it", 3), "2");
}
