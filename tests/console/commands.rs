//! The commands, as a person uses them.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use dingraia::console::command::{Word, commands};
use tempfile::tempdir;

use super::window::{CTRL_C, ENTER, Window, console};
use crate::support::Program;

fn script(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

/// Every row says what there is to say, and its example can be entered.
#[test]
fn the_table_of_commands_is_whole() {
    let home = tempdir().unwrap();
    fs::create_dir(home.path().join("scripts")).unwrap();
    fs::write(home.path().join("scripts/directory.rhai"), "ARGS[0]").unwrap();
    let mut editor = console(home.path());
    editor.env("EDITOR", "true");
    let mut window = Window::open(&editor);
    window.at_prompt(1);
    window.answer("let a = 1;", 1);
    window.answer("let b = 2;", 2);
    window.answer("let c = 3;", 3);
    window.answer("[#{ a: 1 }]", 4);
    let mut number = 5;
    for command in commands() {
        assert!(command.doc.en.is_ascii() && !command.doc.zh.is_ascii(), "{}", command.name);
        assert_eq!(command.more.en.is_empty(), command.more.zh.is_empty(), "{}", command.name);
        assert_eq!(command.usage.is_empty(), command.words.is_empty(), "{}", command.name);
        assert!(command.example.starts_with(&format!("%{}", command.name)), "{}", command.name);
        let has_file = command.words.contains(&Word::File);
        assert!(
            !has_file
                || command.usage.contains("FILE")
                || command.usage.contains("FOLDER")
                || command.usage.contains("NAME")
        );
        match command.name {
            "quit" => continue,
            "watch" => {
                window.enter(command.example).shows("every 5 s, round 1");
                window.press(CTRL_C).at_prompt(number + 1);
            }
            // What was loaded stands at the prompt.
            "load" => {
                window.enter(command.example).at_line(&format!("{}> let c = 3;", number + 1));
                window.press(CTRL_C).at_prompt(number + 1);
            }
            "set" => {
                let told = window.answer(command.example, number);
                assert!(!told.contains("错误"), "{}: {told}", command.name);
                window.answer("%set lang en", number + 1);
                number += 1;
            }
            "csv" => {
                window.answer("[#{ a: 1 }]", number);
                number += 1;
                let told = window.answer(command.example, number);
                assert!(!told.contains("error"), "{}: {told}", command.name);
            }
            _ => {
                let told = window.answer(command.example, number);
                assert!(!told.contains("error"), "{}: {told}", command.name);
            }
        }
        number += 1;
    }
}

#[test]
fn a_script_runs_in_the_session() {
    let home = tempdir().unwrap();
    fs::write(
        home.path().join("good.rhai"),
        "#!/usr/bin/env dingraia\nlet from = ARGS;\nfn twice(x) { x * 2 }\n",
    )
    .unwrap();
    fs::write(home.path().join("bad.rhai"), "let a = 1;\n\nlet b = a + nothing;\n").unwrap();
    let mut window = Window::console(home.path());
    assert_eq!(window.answer("%run good.rhai 一 \"two words\"", 1), "");
    assert_eq!(window.answer("[twice(4), from]", 2), "[\n  8,\n  [\"一\", \"two words\"]\n]");
    let told = window.answer("%run ~/bad.rhai", 3);
    assert!(told.contains("no variable `nothing`") && told.contains("bad.rhai, line 3, column 13"), "{told}");
    assert!(told.contains("3 | let b = a + nothing;"), "{told}");
    let told = window.answer("%run nowhere.rhai", 4);
    assert!(told.contains("nowhere.rhai: no such file"), "{told}");
    assert!(window.answer("%run", 5).contains("%run needs FILE [ARGS…]"));
}

#[test]
fn handlers_that_a_file_registers_again_are_told() {
    let home = tempdir().unwrap();
    fs::write(
        home.path().join("bot.rhai"),
        "on(\"GroupMessage\", |event| 1); on(\"CardAction\", |event| 1);",
    )
    .unwrap();
    let mut window = Window::console(home.path());
    assert_eq!(window.answer("%run bot.rhai", 1), "");
    let told = "handlers: 2 new, and 2 from before that still answer; `off(\"*\")` removes all";
    assert_eq!(window.answer("%run bot.rhai", 2), told);
    assert_eq!(window.answer("off(\"*\")", 3), "4");
    assert_eq!(window.answer("%run bot.rhai", 4), "");
}

/// What was entered becomes a script that the program runs, without secrets.
#[test]
fn a_session_can_be_saved() {
    let home = tempdir().unwrap();
    let mut command = console(home.path());
    command.env("DINGRAIA_APP_KEY", "dingkey").env("DINGRAIA_APP_SECRET", "hunter22hunter22");
    command.arg("--sandbox");
    let mut window = Window::open(&command);
    window.at_prompt(1);
    window.answer("let names = app.get_dept_users(100).map(|id| app.get_user(id).name);", 1);
    window.answer("fn hello(name) { `你好，${name}` } // 问候", 2);
    window.answer("let m = #{ a: 1 }", 3);
    window.answer("no_such_thing", 4);
    window.answer("let app_secret = \"hunter22hunter22\";", 5);
    window.answer("%time let timed = 5;", 6);
    window.answer("%save \"my tour.rhai\"", 7);
    let told = window.answer("%save 'my tour.rhai'", 8);
    assert!(told.contains("my tour.rhai is there already") && told.contains("--force"), "{told}");
    window.answer("print(hello(names[0]) + timed + m.a)", 9);
    let told = window.answer("%save \"my tour.rhai\" --force", 10);
    assert!(told.contains("5 inputs written") && told.contains("left out because of secrets"), "{told}");
    let file = home.path().join("my tour.rhai");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let saved = fs::read_to_string(&file).unwrap();
    assert!(!saved.contains("hunter22") && !saved.contains("no_such_thing"), "{saved}");
    Program::new(home.path()).run(["-q", "run", "my tour.rhai"]).code(0).stdout("你好，张伟51\n");
}

#[test]
fn an_editor_edits() {
    let home = tempdir().unwrap();
    // Keeps what it was given, and appends a line.
    script(
        &home.path().join("ed"),
        "#!/bin/sh\ncat \"$1\" > given\nls -l \"$1\" > listed\nprintf 'let edited = 21;\\nedited * 2\\n' >> \"$1\"\n",
    );
    script(&home.path().join("broken"), "#!/bin/sh\nexit 3\n");
    let mut command = console(home.path());
    command.env("PATH", "/usr/bin:/bin").env("VISUAL", home.path().join("ed"));
    let mut window = Window::open(&command);
    window.at_prompt(1);
    window.answer("let first = 1;", 1);
    let told = window.answer("%edit 1", 2);
    assert!(told.ends_with("42"), "{told}");
    assert_eq!(fs::read_to_string(home.path().join("given")).unwrap(), "let first = 1;");
    assert!(fs::read_to_string(home.path().join("listed")).unwrap().starts_with("-rw-------"));
    window.answer("fn twice(x) { x * 2 }", 3);
    window.answer("%edit twice", 4);
    assert_eq!(fs::read_to_string(home.path().join("given")).unwrap(), "fn twice(x) { x * 2 }");
    assert!(window.answer("%edit 99", 5).contains("there is no input 99"));
    let mut command = console(home.path());
    command.env("PATH", "/usr/bin:/bin").env("EDITOR", home.path().join("broken"));
    let mut window = Window::open(&command);
    window.at_prompt(1);
    let told = window.answer("%edit", 1);
    assert!(told.contains("exit status: 3"), "{told}");
    let mut window = Window::console(home.path());
    assert!(window.answer("%edit", 1).contains("no editor is set"));
}

#[test]
fn an_input_can_be_loaded() {
    let home = tempdir().unwrap();
    fs::write(home.path().join("two.rhai"), "let x = 1;\nlet y = 2;\n").unwrap();
    let mut window = Window::console(home.path());
    window.answer("let a = 20;", 1);
    window.enter("%load 1").at_line("3> let a = 20;");
    window.press(" a + 1").press(ENTER).at_prompt(4);
    window.shows("\n21\n");
    window.enter("%load two.rhai").shows("5> let x = 1;\nlet y = 2;");
    window.press(ENTER).press(ENTER).at_prompt(6);
    assert_eq!(window.answer("x + y", 6), "3");
}

#[test]
fn settings_hold_for_the_session() {
    let home = tempdir().unwrap();
    let mut window = Window::console(home.path());
    let all = window.answer("%set", 1);
    for name in [
        "lang       en",
        "color      on",
        "mode       auto",
        "edit_mode  emacs",
        "timeout    off",
        "pace       20",
    ] {
        assert!(all.contains(name), "{name} in\n{all}");
    }
    window.answer("%set mode json", 2);
    assert_eq!(window.answer("#{a: [1, ()]}", 3), "{\"a\":[1,null]}");
    window.answer("%set mode table", 4);
    window.answer("%set lang zh", 5);
    assert!(window.answer("nothing", 6).starts_with("错误: 没有变量 `nothing`"));
    assert!(
        window.answer("let t = (); try { nothing } catch (e) { t = e.message; } t", 7).contains("没有变量")
    );
    window.answer("%set lang en", 8);
    window.answer("%set timeout 0.2", 9);
    assert!(window.answer("loop {}", 10).contains("stopped by the time limit"));
    assert_eq!(window.answer("%set timeout", 11), "timeout = 0.2");
    assert!(window.answer("%set timeout off", 12).is_empty());
    assert!(window.answer("%set pace 3", 13).is_empty());
    assert_eq!(window.answer("%set pace", 14), "pace = 3");
    assert!(window.answer("%set pace fast", 15).contains("`pace` cannot be `fast`"));
    assert!(window.answer("%set colour on", 16).contains("did you mean `color`?"));
    assert!(window.is_coloured());
}

#[test]
fn time_and_watch() {
    let home = tempdir().unwrap();
    let mut window = Window::console(home.path());
    let told = window.answer("%time app.get_depts().len()", 1);
    assert!(told.starts_with("3\n") && told.ends_with(", 1 API call"), "{told}");
    let told = window.answer("%timeit -n 5 1 + 1", 2);
    assert!(told.starts_with("5 rounds: best ") && told.ends_with("; 0 API calls"), "{told}");
    assert!(window.answer("%timeit app.get_depts()", 3).starts_with("3 rounds:"));
    assert!(window.answer("%timeit -n x 1", 4).contains("-n must be a whole number"));
    assert!(window.answer("%time nothing", 5).contains("no variable `nothing`"));
    window.answer("let n = 0;", 6);
    window
        .enter("%watch 0.01 n += 1; n")
        .wait("the third round", |text| text.contains("round 3") && text.contains("\n3"));
    window.press(CTRL_C).at_prompt(8);
    assert!(window.answer("%watch 1 nothing", 8).contains("no variable `nothing`"));
    assert!(window.answer("%watch 1", 9).contains("%watch needs SECONDS CODE"));
}

/// Also between two rounds, where those without a pause spend much of their time.
#[test]
fn one_press_ends_a_watch() {
    let home = tempdir().unwrap();
    let mut window = Window::console(home.path());
    for number in 1..=20 {
        let value = (number * 1000 + 1).to_string();
        window
            .enter(&format!("%watch 0 {number} * 1000 + 1"))
            .wait("a round", |text| text.lines().any(|line| line == value));
        window.press(CTRL_C).at_prompt(number + 1);
    }
}

#[test]
fn the_system_is_near() {
    let home = tempdir().unwrap();
    fs::create_dir(home.path().join("文件夹")).unwrap();
    let mut command = console(home.path());
    command.env("PATH", "/usr/bin:/bin");
    let mut window = Window::open(&command);
    window.at_prompt(1);
    assert_eq!(window.answer("%sh echo 你好; echo $((6 * 7))", 1), "你好\n42");
    assert!(window.answer("%sh exit 3", 2).contains("exit status: 3"));
    assert!(window.answer("%cd 文件夹", 3).ends_with("文件夹"));
    assert!(window.answer("%pwd", 4).ends_with("文件夹"));
    assert!(window.answer("%cd nowhere", 5).contains("no such file or directory"));
    assert!(window.answer("%cd", 6).ends_with(home.path().file_name().unwrap().to_str().unwrap()));
    // Ctrl-C is the command's while it runs.
    // A shell that is just starting its command may miss one.
    window.enter("%sh echo on; sleep 60").shows("\non");
    window.press_until(CTRL_C, " 8>");
    window.at_prompt(8);
    assert_eq!(window.answer("%version", 8), concat!("dingraia ", env!("CARGO_PKG_VERSION")));
    assert!(window.answer("%doctor", 9).starts_with("ok  configuration: none found"));
    assert!(window.answer("%frobnicate", 10).contains("no command `%frobnicate`"));
}

#[test]
fn who_and_reset() {
    let home = tempdir().unwrap();
    let mut window = Window::console(home.path());
    window.answer("let 名单 = [1, 2]; let m = Member(\"u1\"); fn twice(x) { x * 2 }", 1);
    assert_eq!(window.answer("%who", 2), "m     Member  <Member u1>\n名单  list    [1,2]\ntwice(x)  <in 1>");
    assert_eq!(window.answer("%who tw", 3), "twice(x)  <in 1>");
    window.answer("%reset", 4);
    assert_eq!(window.answer("%who", 5), "no variables yet");
    assert!(window.answer("twice(1)", 6).contains("no function `twice(int)`"));
    assert_eq!(window.answer("app.get_depts().len()", 7), "3");
}

/// Another profile: another app, other variables, another history, another prompt.
#[test]
fn scripts_are_checked_and_calls_are_told() {
    let home = tempdir().unwrap();
    fs::write(home.path().join("bad.rhai"), "greet(1);\napp.get_usr(ARGS[0])\n").unwrap();
    let mut window = Window::console(home.path());
    let told = window.answer("%check bad.rhai", 1);
    assert!(told.contains("no function `greet(int)`") && told.contains("no method `get_usr`"), "{told}");
    assert!(told.ends_with("bad.rhai: 2 problems"), "{told}");
    // What the session has is known.
    window.answer("fn greet(x) { x }", 2);
    let told = window.answer("%check ~/bad.rhai", 3);
    assert!(!told.contains("greet") && told.contains("1 problem"), "{told}");
    assert!(window.answer("%check", 4).contains("%check needs FILE…"));
    assert!(window.answer("%check missing.rhai", 5).contains("no such file"));
    assert!(window.answer("%journal", 6).contains("nothing was called"));
    window.answer("app.get_user(\"manager4220\").name", 7);
    let told = window.answer("%journal 5", 8);
    assert!(told.contains("get_user") && told.contains("manager4220"), "{told}");
    assert!(window.answer("%journal failed", 9).contains("no call fits"));
    assert!(window.answer("%journal 1 oauth2", 10).contains("oauth2"));
    let one = window.answer("%journal get_user 1", 11);
    assert!(one.contains("get_user") && one.matches("manager4220").count() == 1, "{one}");
    // Where there is little room, what matters most stays.
    window.resize(60).at_prompt(12);
    let narrow = window.answer("%journal 1 get_user", 12);
    assert!(narrow.contains("┆ get_user ┆ ok ") && narrow.ends_with("more column: effect"), "{narrow}");
    assert!(window.answer("%journal 0", 13).contains("1 line at least"));
    assert!(!home.path().join(".local/state/dingraia/journal.jsonl").exists());
}

#[test]
fn exit_in_a_file_ends_the_file_alone() {
    let home = tempdir().unwrap();
    fs::write(home.path().join("bad.rhai"), "let kept = ARGS.len();\nexit(3);\nkept = 9;").unwrap();
    fs::write(home.path().join("good.rhai"), "exit();").unwrap();
    let mut window = Window::console(home.path());
    assert_eq!(window.answer("%run bad.rhai a b", 1), "the script ended with exit(3)");
    assert_eq!(window.answer("kept", 2), "2");
    assert_eq!(window.answer("%run good.rhai", 3), "");
    // At the prompt it is meant.
    assert_eq!(window.enter("exit(5)").code(), 5);
}
