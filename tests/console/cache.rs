//! `%cache` and `%usage` on a terminal, and the question before a table is cleared.

use std::path::Path;

use tempfile::tempdir;

use super::window::{CTRL_D, Window, console};

/// A console on the sandbox whose cache is a file in `home`.
fn open(home: &Path) -> Window {
    let mut command = console(home);
    command.arg("--sandbox").env("DINGRAIA_DATABASE", home.join("c.db"));
    Window::open(&command)
}

#[test]
fn the_cache_is_looked_into() {
    let home = tempdir().unwrap();
    let mut window = open(home.path());
    window.at_prompt(1);
    let walked = window.answer("app.warm(#{departments: true, users: true}).calls", 1);
    assert!(walked.contains("warm: 12 people: 12 calls") && walked.ends_with("22"), "{walked}");
    let overview = window.answer("%cache", 2);
    assert!(overview.contains("c.db") && overview.contains("users") && overview.contains("12"), "{overview}");
    let found = window.answer("%cache users lin", 3);
    assert!(found.contains("林晓") && found.contains("manager4220") && !found.contains("张伟"), "{found}");
    let card = window.answer("%cache show 林晓", 4);
    assert!(card.contains("\nsource   get_user\n") && card.contains("\nage      "), "{card}");
    assert_eq!(window.answer("%cache tree", 5).lines().count(), 5);
    assert!(window.answer("%cache users nobody", 6).contains("the cache has nothing of that"));
    let wrong = window.answer("%cache usrs", 7);
    assert!(
        wrong.contains("%cache knows no `usrs`") && wrong.contains("did you mean `%cache users`?"),
        "{wrong}"
    );
    let usage = window.answer("%usage", 8);
    assert!(
        usage.contains("22 of 5000 (0.4 %)") && usage.contains("get_user") | usage.contains("warm"),
        "{usage}"
    );
    window.press(CTRL_D).code();
}

#[test]
fn changes_appear_above_the_prompt() {
    let home = tempdir().unwrap();
    let mut window = open(home.path());
    window.at_prompt(1);
    assert!(window.answer("%cache watch", 1).contains("changes of the cache are told"));
    window.press("app.get_u");
    window.shows("2> app.get_u");
    let other = rusqlite::Connection::open(home.path().join("c.db")).unwrap();
    other.execute("insert into user_info values('', '旁人', 'u1', '', '{}', 1)", []).unwrap();
    window.wait("the change above the line", |seen| {
        seen.contains("cache.users new: 旁人 (u1)") && seen.trim_end().ends_with("2> app.get_u")
    });
    window.press("\x15");
    assert!(window.answer("%cache watch off", 2).contains("no longer watching"));
    assert!(window.answer("%cache watch off", 3).contains("not being watched"));
}

#[test]
fn clearing_asks_first() {
    let home = tempdir().unwrap();
    let mut window = open(home.path());
    window.at_prompt(1);
    window.answer("app.get_user(\"manager4220\");", 1);
    window.enter("cache.clear(\"users\")").shows("Delete all 1 rows of `users` from the cache? [y/N]");
    window.enter("n").at_prompt(3);
    assert_eq!(window.answer("cache.users().count()", 3), "1");
    let asked_again = |seen: &str| seen.matches("[y/N]").count() == 2;
    window.enter("cache.clear(\"users\")").wait("the second question", asked_again);
    window.enter("y").at_prompt(5);
    assert_eq!(window.answer("cache.users().count()", 5), "0");
}
