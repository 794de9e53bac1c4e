//! What is typed at the prompt, and what is seen then.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use tempfile::tempdir;

use super::window::{CTRL_C, CTRL_D, ENTER, UP, Window};

#[test]
fn a_session_on_the_sandbox() {
    let home = tempdir().unwrap();
    let mut window = Window::console(home.path());
    let banner = window.shows("1>");
    assert!(banner.starts_with(concat!("dingraia ", env!("CARGO_PKG_VERSION"), " · sandbox")), "{banner}");
    assert!(banner.contains("dingraia config init") && banner.contains("Ctrl-D leaves\n"), "{banner}");
    assert!(banner.trim_end().ends_with("\ndingraia[default·sandbox·rw] 1>"), "{banner}");
    assert_eq!(window.answer("1 + 1", 1), "2");
    assert_eq!(window.answer("it * 21", 2), "42");
    assert_eq!(window.answer("let 名字 = \"林晓\";", 3), "");
    assert_eq!(window.answer("()", 4), "");
    assert_eq!(window.answer("名字", 5), "\"林晓\"");
    assert_eq!(window.answer("print(\"甲\"); print(名字); 3", 6), "甲\n林晓\n3");
    assert_eq!(window.answer("app.get_user(\"manager4220\").name", 7), "\"林晓\"");
    let table = window.answer("app.get_depts()", 8);
    assert!(
        table.contains("│ 研发部 ┆     100 ┆         1 ┆ true              ┆ true          │"),
        "{table}"
    );
    assert_eq!(
        window.answer("app.send_message(\"cidSandboxRelease0001==\", \"好\")", 9),
        "<Response [True]>"
    );
    assert_eq!(window.press(CTRL_D).code(), 0);
    assert!(window.is_cooked());
}

#[test]
fn leaving_with_a_code() {
    let home = tempdir().unwrap();
    assert_eq!(Window::console(home.path()).enter("exit(3)").code(), 3);
    assert_eq!(Window::console(home.path()).enter("quit").code(), 0);
    assert_eq!(Window::console(home.path()).enter("%quit").code(), 0);
}

#[test]
fn several_lines() {
    let home = tempdir().unwrap();
    let mut window = Window::console(home.path());
    window.enter("fn twice(x) {").enter("  x * 2").enter("}").at_prompt(2);
    assert_eq!(window.answer("twice(21)", 2), "42");
    // Alt-Enter begins a line where the input could end.
    window.press("1").press("\x1b\r").enter("+ 2").at_prompt(4);
    assert_eq!(window.answer("it", 4), "3");
    // A blank line ends the input, whatever is open.
    window.enter("f(").enter("");
    assert!(window.at_prompt(6).contains("error: "));
    // The whole of an earlier input comes back.
    window.press(UP).press(UP).press(UP).shows("6> 1\n+ 2");
    window.press(CTRL_C).at_prompt(6);
}

#[test]
fn a_paste_is_one_input_or_several() {
    let home = tempdir().unwrap();
    let mut window = Window::console(home.path());
    window.paste("fn h(a) {\n    let b = a;\n\n    b * 2\n}\nh(21)").press(ENTER);
    assert!(window.at_prompt(2).ends_with("h(21)\n42"));
    window.paste("// a tour\nlet a = 1\nget_user?\nlet b = a +\n  1\na + b\n").press(ENTER);
    let seen = window.at_prompt(6);
    assert!(seen.contains("2> let a = 1\n"), "{seen}");
    assert!(seen.contains("3> get_user?\napp.get_user(userId"), "{seen}");
    assert!(seen.contains("4> let b = a +\n  1\n"), "{seen}");
    assert!(seen.ends_with("5> a + b\n3"), "{seen}");
    // What stands behind a failure is not entered.
    window.paste("let c = 1\nnone\nlet d = 2").press(ENTER);
    let seen = window.at_prompt(8);
    assert!(seen.contains("<in 7>, line 1") && seen.ends_with("inputs not entered: 1"), "{seen}");
    assert!(window.answer("d", 8).starts_with("error: no variable `d`"));
}

#[test]
fn errors_point_at_the_place() {
    let home = tempdir().unwrap();
    let mut window = Window::console(home.path());
    let seen = window.answer("let 名字 = 张三 + 未知", 1);
    assert!(seen.starts_with("error: no variable `张三`\n  --> <in 1>, line 1, column 10\n"), "{seen}");
    assert_eq!(window.above_caret(), "张");
    window.answer("app.get_user(\"张三\").nmae.长 + 未", 2);
    assert_eq!(window.above_caret(), "g");
    window.answer("[\"好\",\"好\"].中文()", 3);
    assert_eq!(window.above_caret(), "中");
    // An error in a function is shown where the function was written.
    window.enter("fn f(x) {").enter("  x.没有()").enter("}").at_prompt(5);
    let seen = window.answer("f(1)", 5);
    assert!(seen.contains("  --> <in 4>, line 2, column 5\n"), "{seen}");
    assert!(seen.ends_with("called from `f` (<in 5>, line 1, column 1)"), "{seen}");
    assert!(window.answer("app.get_user", 6).contains("it is a method: app.get_user(userId"));
    assert!(window.answer("app.get_usr(1)", 7).ends_with("did you mean `get_user`?"));
    assert_eq!(window.answer("1", 8), "1");
}

#[test]
fn a_narrow_window() {
    let home = tempdir().unwrap();
    let mut window = Window::console(home.path());
    window.resize(40).at_prompt(1);
    let cards = window.answer("app.get_depts()", 1);
    assert!(cards.starts_with("name    研发部\ndeptId  100\n"), "{cards}");
    let seen = window.answer("app.get_user()", 2);
    assert!(
        seen.starts_with(
            "error[argument]: get_user: `userId` is\n  missing; it must be a staffId or a\n  Member\n"
        ),
        "{seen}"
    );
    let help = window.answer("get_dept_users?", 3);
    assert!(help.lines().all(|line| line.chars().count() <= 40), "{help}");
    window.resize(80).at_prompt(4);
    assert!(window.answer("app.get_depts()", 4).starts_with('┌'));
}

#[test]
fn help_and_commands() {
    let home = tempdir().unwrap();
    let mut window = Window::console(home.path());
    let help = window.answer("help", 1);
    assert!(help.contains("%quit") && help.contains("parallel"), "{help}");
    for (number, line) in
        ["app.get_user?", "?get_user", "help get_user", "%help app.get_user"].iter().enumerate()
    {
        let help = window.answer(line, number + 2);
        assert!(help.starts_with("app.get_user(userId, #{language?, "), "{line}: {help}");
    }
    assert!(window.answer("parallel?", 6).starts_with("parallel(list, |x| …"));
    assert!(window.answer("%hlp", 7).ends_with("did you mean `%help`?"));
    assert!(window.answer("get_usr?", 8).ends_with("did you mean `get_user`?"));
    assert_eq!(window.answer("%who", 9), "no variables yet");
    window.answer("let 甲 = 1; let b = 2;", 10);
    assert_eq!(window.answer("%who", 11), "b   int  2\n甲  int  1");
}

#[test]
fn tab_completes() {
    let home = tempdir().unwrap();
    let mut window = Window::console(home.path());
    window.press("app.get_us\t").shows("1> app.get_user\n");
    window.press(CTRL_C).at_prompt(1);
    window.press("app.get_de\t\t").shows("get_dept_users");
    window.press(CTRL_C).at_prompt(1);
    window.answer("let 部门名单 = 1;", 1);
    window.press("部\t").at_line("2> 部门名单");
    window.press(CTRL_C).at_prompt(2);
    window.press("\"app.get_us\t\"").at_line("2> \"app.get_us\"");
}

#[test]
fn the_history_is_private_and_without_secrets() {
    let home = tempdir().unwrap();
    let mut window = Window::console(home.path());
    window.answer("let kept = \"张三\";", 1);
    window.answer("let token = \"abc\";", 2);
    window.answer("let u = \"https://oapi.dingtalk.com/robot/send?access_token=def\";", 3);
    window.enter("fn g() {").enter("  1").enter("}").at_prompt(5);
    // Nothing is lost when the program is killed.
    window.signal(expectrl::process::unix::Signal::SIGKILL).code();
    let path = home.path().join(".local/state/dingraia/default/history");
    assert_eq!(fs::read_to_string(&path).unwrap(), "#V2\nlet kept = \"张三\";\nfn g() {\\n  1\\n}\n");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::metadata(path.parent().unwrap()).unwrap().permissions().mode() & 0o777, 0o700);
    let mut next = Window::console(home.path());
    next.press(UP).shows("1> fn g() {\n  1\n}");
}

/// What is typed while a script runs is not lost.
/// What is shown below a line begins a row of its own also when the line has just filled one.
#[test]
fn a_full_row_erases_nothing() {
    let home = tempdir().unwrap();
    let mut window = Window::console(home.path());
    window.answer("print(\"four\")", 1);
    let line = "app.unmute_member(\"cidSandboxRelease0001==\", \"0110000003\").success.to_string()";
    for (at, letter) in line.char_indices() {
        // Each letter is a screen of its own.
        let typed: String = line[..at].chars().rev().take(8).collect::<Vec<_>>().into_iter().rev().collect();
        window.wait("the letter", |text| text.replace('\n', "").contains(&typed));
        window.press(&letter.to_string());
    }
    let text = window.wait("the whole line", |text| text.replace('\n', "").contains(".to_string()"));
    assert!(text.contains("\nfour\n"), "{text}");
}

#[test]
fn typing_ahead() {
    let home = tempdir().unwrap();
    let mut window = Window::console(home.path());
    window.press("let a = 20\rsleep(0.1)\ra + 1\rit * 2\r").at_prompt(5);
    assert!(window.shows("it * 2\n42").contains("a + 1\n21"));
}

#[test]
fn without_colour_and_with() {
    let home = tempdir().unwrap();
    let seen = |name: &str, value: &str| {
        let mut command = super::window::console(home.path());
        command.env(name, value).arg("--sandbox");
        let mut window = Window::open(&command);
        window.at_prompt(1);
        window.answer("app.get_user(1)", 1);
        window.is_coloured()
    };
    assert!(seen("X", ""));
    assert!(!seen("NO_COLOR", "1"));
}
