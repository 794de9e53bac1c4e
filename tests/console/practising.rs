//! `%as` and `%sandbox`: the practice organisation from the prompt.

use tempfile::tempdir;

use super::window::{ENTER, Window, console};
use crate::support::gateway::Gateway;
use crate::support::{World, until};

const TAB: &str = "\t";

/// A console whose robot echoes, and that listens.
fn listening(home: &std::path::Path, lang: &str) -> Window {
    let mut command = console(home);
    command.env("DINGRAIA_LANG", lang).env("TZ", "UTC");
    let mut window = Window::open(&command);
    window.at_prompt(1);
    window.enter("on(\"GroupMessage\", |e| e.reply(\"收到 \" + e.text));").at_prompt(2);
    connect(&mut window, 2);
    window
}

/// Begins to listen, and waits until people are heard; the next prompt is the one after three.
fn connect(window: &mut Window, number: usize) {
    window.enter("on(\"LoadComplete\", |e| print(`${1 + 1} ears`));").at_prompt(number + 1);
    window.enter("%listen on").shows("2 ears");
    window.at_prompt(number + 2);
}

#[test]
fn people_speak_and_the_robot_is_heard() {
    let home = tempdir().unwrap();
    let mut window = Window::console(home.path());
    window.enter("%as 张伟 发布小组 你好").shows("not sent: nobody is connected; `%listen on` connects");
    window.enter("let echo = |e| e.reply(\"收到 \" + e.text); on(\"GroupMessage\", echo);").at_prompt(3);
    connect(&mut window, 3);
    window.enter("%as 张伟 发布小组 it's \"here\"  and there");
    window.shows("发布小组 张伟: it's \"here\"  and there");
    window.shows("发布小组 robot: 收到 it's \"here\"  and there");
    window.at_prompt(6);
    // Alone with the robot, by id.
    window.enter("%as 0110000003 单聊").shows("李娜 robot: 收到 单聊");
    window.at_prompt(7);
    // What is sent where nobody spoke is not news.
    window.answer("app.send_message(Member(\"manager4220\"), \"通知\");", 7);
    let shown = window.answer("%sandbox state", 8);
    assert!(shown.contains("\"connections\"") && !shown.contains("林晓 robot"), "{shown}");
    for (number, (line, said)) in [
        ("%as", "%as needs PERSON [GROUP] TEXT"),
        ("%as 张伟", "%as needs PERSON [GROUP] TEXT"),
        ("%as 没有的人 hi", "nobody in the sandbox is called `没有的人`"),
        ("%as 陈静 发布小组 hi", "陈静 is not in the group 发布小组"),
    ]
    .into_iter()
    .enumerate()
    {
        let answer = window.answer(line, 9 + number);
        assert!(answer.contains(said), "{line}: {answer}");
    }
}

#[test]
fn failures_are_asked_for() {
    let home = tempdir().unwrap();
    let mut window = listening(home.path(), "en");
    let answer = window.answer("%sandbox fault", 4);
    assert!(answer.starts_with("call.status\n") && answer.contains("\nlink.silence\n"), "{answer}");
    assert_eq!(window.answer("%sandbox fault frame.twice --on bot/messages --times 2", 5), "strikes 2");
    window.enter("%sandbox say 张伟 发布小组 一次").shows("robot: 收到 一次");
    window.at_prompt(7);
    let status = window.answer("%listen", 7);
    assert!(status.contains("again 1,"), "{status}");
    window.enter("%sandbox event calendar_event_change {\"changeType\": \"create\"}");
    window.shows("CalendarEventChange");
    window.at_prompt(9);
    window.enter("%sandbox event chat_disband '{\"a\":1}'").shows("GroupDisband");
    window.at_prompt(10);
    for (number, (line, said)) in [
        ("%sandbox fault frame.thrice", "no failure is called `frame.thrice`"),
        ("%sandbox fault frame.twice --tims 2", "no option `--tims`"),
        ("%sandbox dance", "no command `dance`"),
        ("%sandbox serve", "this is a command of the shell"),
        ("%sandbox event x {", "the payload is not JSON"),
        ("%sandbox say \"张伟", "the quote \" is not closed"),
        ("%sandbox", "Let somebody say something to the robot"),
    ]
    .into_iter()
    .enumerate()
    {
        let answer = window.answer(line, 10 + number);
        assert!(answer.contains(said), "{line}: {answer}");
    }
    window.enter("%sandbox fault link.drop").shows("strikes 1");
    window.shows("lost the gateway as dingsandboxapp000001");
}

#[test]
fn it_is_said_in_chinese() {
    let home = tempdir().unwrap();
    let mut window = listening(home.path(), "zh");
    window.enter("%as 张伟 发布小组 好").shows("已通过 Stream 连接推送");
    window.shows("发布小组 机器人: 收到 好");
    window.at_prompt(5);
    let help = window.answer("%sandbox", 5);
    assert!(help.contains("让某人对已启动的沙盒中的机器人说话"), "{help}");
}

#[test]
fn names_are_completed() {
    let home = tempdir().unwrap();
    let mut window = Window::console(home.path());
    window.press("%as zhangw").press(TAB).shows("1> %as 张伟");
    window.press(" fb").press(TAB).shows("1> %as 张伟 发布小组");
    window.press("\x15%sandbox fault ticket").press(TAB).shows("1> %sandbox fault ticket.refuse");
    window.press("\x15").press(ENTER);
}

#[test]
fn another_process_may_serve_it() {
    let world = World::new();
    let config = &world.session.config.endpoints;
    let credentials = world.sandbox.credentials();
    let mut command = console(world.folder.path());
    command
        .env("DINGRAIA_API_BASE", &config.api)
        .env("DINGRAIA_OAPI_BASE", &config.oapi)
        .env("DINGRAIA_APP_KEY", credentials.app_key)
        .env("DINGRAIA_APP_SECRET", credentials.app_secret);
    let mut window = Window::open(&command);
    window.at_prompt(1);
    connect(&mut window, 1);
    window.enter("%as 张伟 发布小组 你好").shows("发布小组 张伟: 你好");
}

#[test]
fn a_live_app_is_no_practice() {
    let (home, gateway) = (tempdir().unwrap(), Gateway::new());
    let mut command = console(home.path());
    command.env("DINGRAIA_APP_KEY", "dingkey0000000000001").env("DINGRAIA_APP_SECRET", "secret");
    command.env("DINGRAIA_API_BASE", "https://127.0.0.1:9");
    let mut window = Window::open(&command);
    window.at_prompt(1);
    let answer = window.answer("%as 张伟 你好", 1);
    assert!(
        answer.contains("`app` is not in the practice organisation") && answer.contains("--sandbox"),
        "{answer}"
    );
    assert!(gateway.open.seen().is_empty());
}

#[test]
fn leaving_waits_for_what_is_handled() {
    let home = tempdir().unwrap();
    let mut window = Window::console(home.path());
    connect(&mut window, 1);
    let source =
        "on(\"GroupMessage\", |e| { print(\"be\" + \"gun\"); sleep(0.3); print(\"do\" + \"ne\"); });";
    window.enter(source).at_prompt(4);
    window.enter("%as 张伟 发布小组 慢").shows("begun");
    window.at_prompt(5);
    window.enter("quit").shows("waiting for what is being handled (1); Ctrl-C leaves at once");
    window.shows("done");
    assert_eq!(window.code(), 0);
}

#[test]
fn a_card_that_is_sent_while_the_app_listens_tells_its_presses() {
    let home = tempdir().unwrap();
    let mut window = Window::console(home.path());
    let send = "let card = |id| app.send_card(\"cidSandboxRelease0001==\", \"589420e2-c1e2-46ef-a5ed-b8728e654da9.schema\", \
                #{title: \"t\"}, #{outTrackId: id}); on(\"CardAction\", |e| print(`${e.actionIds[0]}!`));";
    window.enter(send).at_prompt(2);
    window.enter("card.call(\"before\");").at_prompt(3);
    connect(&mut window, 3);
    window.enter("card.call(\"meanwhile\");").at_prompt(6);
    let answer = window.answer("%sandbox press before 张伟 agree", 6);
    assert!(answer.contains("listen first, or send it with callbackType: \"Stream\""), "{answer}");
    window.enter("%sandbox press meanwhile 张伟 agree").shows("agree!");
}

#[test]
fn what_ends_with_a_session_or_its_app_is_said() {
    let home = tempdir().unwrap();
    std::fs::write(home.path().join("dingraia.toml"), "[profiles.other]\nlanguage = \"zh\"\n").unwrap();
    let mut command = console(home.path());
    command.args(["--sandbox"]);
    let mut window = Window::open(&command);
    window.at_prompt(1);
    connect(&mut window, 1);
    window.answer("every(60, || 1);", 3);
    // The practice organisation stays, and with it its app.
    let told = window.answer("%reload", 4);
    assert!(told.ends_with("dingraia.toml again"), "{told}");
    let told = window.answer("%profile other", 5);
    assert!(told.contains("已结束：监听、1 个任务、1 个处理函数；`%listen on` 重新监听"), "{told}");
    let told = window.answer("[tasks().len(), handlers().len()]", 6);
    assert_eq!(told, "[0, 0]");
}

#[test]
fn a_new_app_ends_what_the_old_one_did() {
    let world = World::new();
    let config = &world.session.config.endpoints;
    let credentials = world.sandbox.credentials();
    let mut command = console(world.folder.path());
    command
        .env("DINGRAIA_API_BASE", &config.api)
        .env("DINGRAIA_OAPI_BASE", &config.oapi)
        .env("DINGRAIA_APP_KEY", credentials.app_key)
        .env("DINGRAIA_APP_SECRET", credentials.app_secret);
    let mut window = Window::open(&command);
    window.at_prompt(1);
    connect(&mut window, 1);
    window.answer("let old = app; every(60, || 1); every(60, || 2);", 3);
    let told = window.answer("%reload", 4);
    assert!(told.contains("\nended: listening, 2 tasks; `%listen on` listens again,"), "{told}");
    until("nobody listens", || world.sandbox.connections().is_empty());
    assert_eq!(window.answer("[old.tasks().len(), handlers().len()]", 5), "[0, 1]");
    window.enter("%listen on").shows("listening;");
    until("it listens again", || world.sandbox.connections().len() == 1);
}
