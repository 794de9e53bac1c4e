//! Terminals that can do less: without UTF-8, without anything, narrow.

use dingraia::console::text::width;
use tempfile::tempdir;

use super::window::{CTRL_C, Window, console};

#[test]
fn a_locale_without_utf8_gets_ascii_lines() {
    let home = tempdir().unwrap();
    let mut command = console(home.path());
    command.env("LANG", "C");
    let mut window = Window::open(&command);
    let banner = window.shows("dingraia[default.sandbox.rw] 1>");
    assert!(!banner.contains('·'), "{banner}");
    window
        .enter("app.get_depts().map(|d| #{ id: d.dept_id, name: d.name })")
        .shows("dingraia[default.sandbox.rw] 2>");
    let text = window.shows("| 100 | 研发部 |");
    assert!(text.contains("+-----+--------+") && !text.contains('│'), "{text}");
    // What goes to a file is not touched.
    let ran = crate::support::Program::new(home.path()).env("LANG", "C").run(["-q", "-e", "[#{a: \"┌\"}]"]);
    assert!(ran.stdout.contains('┌'), "{ran:?}");
}

#[test]
fn a_dumb_terminal_gets_plain_text() {
    let home = tempdir().unwrap();
    let mut command = console(home.path());
    command.env("TERM", "dumb");
    let mut window = Window::open(&command);
    window.shows("1>");
    window.enter("nothing").shows("no variable `nothing`");
    window
        .enter("%watch 0.05 1 + 1")
        .wait("the second round", |text| text.contains("round 1,") && text.contains("round 2,"));
    window.press(CTRL_C).shows("3>");
    assert!(!window.is_coloured());
}

#[test]
fn forty_columns_are_enough() {
    let home = tempdir().unwrap();
    let mut window = Window::console(home.path());
    window.resize(40).at_prompt(1);
    window.enter("app.get_user(\"nobody\")").wait("an error", |text| text.contains("hint: no such"));
    window.enter("%explain").wait("a page", |text| text.contains("exit code 1"));
    window.enter("%set").wait("the settings", |text| text.contains("edit_mode"));
    window.enter("%who").wait("no variables", |text| text.contains("no variables yet"));
    let text = window.shows("no variables yet");
    for line in text.lines().filter(|line| !line.starts_with("dingraia[") && !line.contains('"')) {
        assert!(width(line) <= 40, "{line}");
    }
}
