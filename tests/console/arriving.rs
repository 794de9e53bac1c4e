//! Messages while somebody types.

use serde_json::json;
use tempfile::tempdir;

use super::window::{ENTER, Window, console};
use crate::support::gateway::{Gateway, event, message};

fn window(gateway: &Gateway, home: &std::path::Path, lang: &str) -> Window {
    let mut command = console(home);
    command
        .env("DINGRAIA_API_BASE", gateway.open.url())
        .env("DINGRAIA_APP_KEY", "dingkey0000000000001")
        .env("DINGRAIA_APP_SECRET", "secret")
        .env("DINGRAIA_LANG", lang)
        .env("TZ", "UTC");
    let mut window = Window::open(&command);
    window.at_prompt(1);
    window
}

#[test]
fn messages_are_shown_above_the_prompt() {
    let (gateway, home) = (Gateway::new(), tempdir().unwrap());
    let mut window = window(&gateway, home.path(), "en");
    window.enter("%listen on").at_prompt(2);
    let mut connection = gateway.accept();
    window
        .enter("let n = 0; on(\"GroupMessage\", |e| { n += 1; if e.text == \"bad\" { e.oops } });")
        .at_prompt(3);
    // In the middle of a line.
    window.press("1 + 4");
    connection.push(message("m1", "cidA==", "u1", "早上好\u{1b}[31m\n第二行"));
    let shown = window.shows("早上好");
    assert!(shown.contains("22:13:20 发布群 人u1: 早上好\\x1b[31m\\n第二行"), "{shown}");
    connection.push(event(
        "e1",
        "chat_update_title",
        &json!({ "openConversationId": "cidA==", "title": "新群", "operator": "op1" }),
    ));
    window.shows("cidA== GroupNameChange op1 新群");
    window.press(ENTER).at_prompt(4);
    window.shows("\n5\n");
    connection.push(message("m2", "cidA==", "u1", "bad"));
    let shown = window.shows("an Event has no field `oops`");
    assert!(shown.contains("<Handler 1 GroupMessage>"), "{shown}");
    assert_eq!(window.answer("n", 4), "2");
    let status = window.answer("%listen status", 5);
    assert!(status.contains("dingkey0000000000001  connected"), "{status}");
    assert!(
        status.contains("events 4, again 0, dropped 0, waiting 0; handlers 1") || status.contains("events 3"),
        "{status}"
    );
    let events = window.answer("%events 1 早上", 6);
    assert!(events.contains("\"msgtype\": \"text\"") && !events.contains("session"), "{events}");
    window.answer("%mute", 7);
    connection.push(message("m3", "cidA==", "u1", "unseen"));
    connection.answer();
    assert_eq!(window.answer("while n < 3 { sleep(0.01) } n", 8), "3");
    let quiet = window.answer("%mute off", 9);
    assert!(quiet.contains("events are shown") && !quiet.contains("unseen"), "{quiet}");
    window.enter("%listen off").shows("no longer listening");
    connection.until_closed();
    window.enter("%listen").shows("this app does not listen");
    window.enter("%listen maybe").shows("usage: %listen [on|off|status]");
}

#[test]
fn tasks_are_listed() {
    let home = tempdir().unwrap();
    let mut window = Window::console(home.path());
    window.enter("%tasks").shows("no tasks run");
    window.at_prompt(2);
    window.enter("every(\"1h\", || 1);").at_prompt(3);
    let tasks = window.answer("%tasks", 3);
    assert!(tasks.starts_with("every 3600 s  running for ") && tasks.contains("; next in 59 min"), "{tasks}");
    window.enter("app.create_task(|| throw \"no luck\", \"bad\");").shows("task bad failed");
    window.at_prompt(5);
    let tasks = window.answer("%tasks", 5);
    assert!(tasks.lines().nth(1).is_some_and(|line| line.starts_with("bad  failed ")), "{tasks}");
    assert!(tasks.ends_with("no luck"), "{tasks}");
    window.answer("let n = 0; every(\"1ms\", || { n += 1; if n == 2 { throw 1 } });", 6);
    window.answer("while n < 4 { sleep(0.001) }", 7);
    let tasks = window.answer("%tasks", 8);
    assert!(tasks.contains("every 0.001 s") && tasks.contains("errors 1"), "{tasks}");
    window.answer("app.stop()", 9);
    let tasks = window.answer("%tasks", 10);
    assert!(tasks.contains("every 3600 s  cancelled ") && !tasks.contains("running"), "{tasks}");
    window.enter("%events").shows("no events");
}

#[test]
fn it_is_said_in_chinese() {
    let (gateway, home) = (Gateway::new(), tempdir().unwrap());
    let mut window = window(&gateway, home.path(), "zh");
    window.enter("%listen").shows("尚未监听");
    window.enter("%listen on").shows("正在监听");
    gateway.accept();
    window.enter("%listen").shows("处理函数 0");
    window.enter("%listen off").shows("已停止监听");
}
