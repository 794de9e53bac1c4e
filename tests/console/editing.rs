//! Keys, lists, hints and repairs at the prompt, as a person sees them.

use std::fs;

use tempfile::tempdir;

use super::window::{CTRL_C, CTRL_D, ENTER, Window, console};

const TAB: &str = "\t";
const BACK_TAB: &str = "\x1b[Z";
const DOWN: &str = "\x1b[B";
const ESC: &str = "\x1b";

#[test]
fn tab_shows_a_list_and_goes_through_it() {
    let home = tempdir().unwrap();
    let mut window = Window::console(home.path());
    window.press("app.get_de").press(TAB).shows("1> app.get_dept\n  get_dept_users  Lists the staffIds");
    window.press(TAB).shows("1> app.get_dept_users\n> get_dept_users");
    window.press(DOWN).shows("\n> get_depts ");
    window.press(BACK_TAB).shows("\n> get_dept_users");
    // Enter takes it, and does not enter the line yet.
    window.press(ENTER).at_line("1> app.get_dept_users");
    window.press("(1)").press(ENTER).at_prompt(2);
    // Escape gives the line back.
    window.press("app.update_").press(TAB).press(TAB).shows("> update_card");
    window.press(ESC).at_line("2> app.update_");
    // Ctrl-C drops the line and takes the list away.
    window.press(TAB).press(TAB).shows("> update_card");
    assert!(window.press(CTRL_C).at_prompt(2).ends_with("2> app.update_card"));
}

/// What a call gave is known when it is written again; the language of the list changes with the session's.
#[test]
fn results_are_remembered() {
    let home = tempdir().unwrap();
    let mut window = Window::console(home.path());
    window.answer("app.get_user(\"manager4220\")", 1);
    window.press("Out[1].union").press(TAB).shows("  unionid        text");
    window.press(CTRL_C).at_prompt(2);
    window.press("Out[-1].union").press(TAB).shows("  unionid        text");
    window.press(CTRL_C).at_prompt(2);
    window.press("app.get_user(\"u2\").unioni").press(TAB).at_line("2> app.get_user(\"u2\").unionid");
    window.press(CTRL_C).at_prompt(2);
    window.enter("%set lang zh").at_prompt(3);
    window.press("app.get_user(").shows("API 1 / 0 · 只读");
    window.press(CTRL_C).at_prompt(3);
}

#[test]
fn people_are_chosen_by_name() {
    let home = tempdir().unwrap();
    let mut window = Window::console(home.path());
    window.answer("for id in app.get_dept_users(1) { app.get_user(id) }", 1);
    window.press("app.get_user(\"lx").press(TAB).shows("2> app.get_user(\"manager4220\"");
    window.press(")").press(ENTER).at_prompt(3);
    window.press("app.get_user(\"manager42").press(TAB).shows("3> app.get_user(\"manager4220\"");
}

#[test]
fn the_signature_is_shown_while_arguments_are_typed() {
    let home = tempdir().unwrap();
    let mut window = Window::console(home.path());
    window.press("app.get_user(");
    window.shows(
        "1> app.get_user(\n  // get_user(userId: a staffId or a Member, #{…}) · API 1 / 0 · reads only",
    );
    window.press("\"u1\")").at_line("1> app.get_user(\"u1\")");
    window.press(CTRL_C).at_prompt(1);
    window.resize(40).at_prompt(1);
    let seen = window.press("app.kick_member(x, ").shows("…, memberStaffIds");
    let hint = seen.lines().find(|line| line.contains("//")).unwrap();
    assert!(hint.chars().count() <= 40, "{seen}");
    // It does not stay when the line is entered.
    window.press("y)").press(ENTER);
    assert!(!window.at_prompt(2).contains("// kick_member"));
}

#[test]
fn the_rest_of_an_earlier_line_is_offered() {
    let home = tempdir().unwrap();
    let mut window = Window::console(home.path());
    window.answer("let a_long_name = 1", 1);
    window.press("let a_l").shows("2> let a_long_name = 1");
    window.press("\x1b[C").press(ENTER).at_prompt(3);
    assert_eq!(window.answer("a_long_name + 1", 3), "2");
    // Without colours it would look as if it had been typed.
    let mut command = console(home.path());
    command.env("NO_COLOR", "1");
    let mut plain = Window::open(&command);
    plain.at_prompt(1);
    plain.press("let a_l").at_line("1> let a_l");
}

#[test]
fn full_width_punctuation_is_repaired_with_one_key() {
    let home = tempdir().unwrap();
    let mut window = Window::console(home.path());
    window.enter("let 甲 = app.get_user（“manager4220”）；").shows("Tab takes the repaired line:");
    // It stands at the prompt already, in grey.
    window.at_line("2> let 甲 = app.get_user(\"manager4220\");");
    assert_eq!(window.above_caret(), "（");
    window.press(TAB).at_line("2> let 甲 = app.get_user(\"manager4220\");");
    window.press(ENTER).at_prompt(3);
    assert_eq!(window.answer("甲.name", 3), "\"林晓\"");
    // The arrow takes it too; typing something else forgets it.
    window.enter("1 ＋ 2").at_line("5> 1 + 2");
    window.press("\x1b[C").at_line("5> 1 + 2");
    window.press(ENTER).at_prompt(6);
    window.enter("1 ＋ 3").at_line("7> 1 + 3");
    assert_eq!(window.answer("1", 7), "1");
    window.press(TAB).at_prompt(8);
    // It goes on in the next line.
    window.enter("fn f（x） {").at_line("9> fn f(x) {");
    window.press(TAB).press(ENTER).press("x }").press(ENTER).at_prompt(10);
    assert_eq!(window.answer("f(3)", 10), "3");
}

#[test]
fn vi_keys() {
    let home = tempdir().unwrap();
    fs::write(home.path().join("dingraia.toml"), "edit_mode = \"vi\"\n").unwrap();
    let mut command = console(home.path());
    command.arg("--sandbox");
    let mut window = Window::open(&command);
    window.at_prompt(1);
    window.press("1 + 1").press(ESC).press("0x").at_line("1>  + 1");
    window.press("i40").at_line("1> 40 + 1");
    window.press(ENTER).at_prompt(2);
    // Completion works while inserting.
    window.press("app.get_us").press(TAB).shows("2> app.get_user\n");
    window.press(CTRL_C).at_prompt(2);
    window.leave();
    command.env("DINGRAIA_EDIT_MODE", "emacs");
    let mut emacs = Window::open(&command);
    emacs.at_prompt(1);
    emacs.press("+ 1").press("\x01").press("41 ").at_line("1> 41 + 1");
}

#[test]
fn the_history_is_searched() {
    let home = tempdir().unwrap();
    let mut window = Window::console(home.path());
    window.answer("let first = 1;", 1);
    window.answer("let second = 2;", 2);
    window.enter("fn g() {").enter("  3").enter("}").at_prompt(4);
    assert_eq!(window.answer("%history 2", 4), "> let second = 2;\n> fn g() {\n    3\n  }");
    assert_eq!(window.answer("%history LET fir", 5), "> let first = 1;");
    assert_eq!(window.answer("%history none", 6), "nothing in the history");
    window.press("\x12").press("first").shows("(reverse-i-search)`first'");
    window.press(ENTER).at_prompt(8);
    assert!(window.shows("7> let first = 1;").contains("7> let first"));
    // Another console sees it, and so does the next one.
    let mut other = Window::console(home.path());
    assert!(other.answer("%history second", 1).contains("> let second = 2;"));
    other.answer("let other = 3;", 2);
    window.answer("let mine = 4;", 8);
    let mut next = Window::console(home.path());
    let seen = next.answer("%history let", 1);
    assert!(seen.ends_with("> let other = 3;\n> let mine = 4;"), "{seen}");
}

/// Secrets that came up while the session ran.
#[test]
fn secrets_of_the_session_are_not_kept() {
    let home = tempdir().unwrap();
    let mut window = Window::console(home.path());
    window.answer("let parts = [\"hun\", \"ter22\"];", 1);
    window.answer("let bot = Bot(\"dingabc\", parts[0] + parts[1]);", 2);
    window.answer("let x = \"hunter22\";", 3);
    window.enter("fn g() {").enter("  print(\"hunter22\")").enter("}").at_prompt(5);
    window.answer("let kept = 1;", 5);
    window.press(CTRL_D).code();
    let history = fs::read_to_string(home.path().join(".local/state/dingraia/default/history")).unwrap();
    assert!(
        history.contains("kept") && history.contains("parts[0]") && !history.contains("hunter22"),
        "{history}"
    );
}

#[test]
fn tab_indents_where_a_line_goes_on() {
    let home = tempdir().unwrap();
    let mut window = Window::console(home.path());
    window.enter("fn f(x) {").press(TAB).press("x * 2").shows("\n    x * 2");
    window.press(ENTER).enter("}").at_prompt(2);
    assert_eq!(window.answer("f(2)", 2), "4");
}

#[test]
fn what_goes_on_and_what_does_not() {
    let home = tempdir().unwrap();
    let mut window = Window::console(home.path());
    let mut number = 1;
    for (begin, rest, shown) in [
        ("[1,", "2]", "[1, 2]"),
        ("`甲", "乙`", "\"甲\\n乙\""),
        ("/* 注释", "*/ 5", "5"),
        ("1 +", "2", "3"),
        ("#{a:", "1}", "{ \"a\": 1 }"),
        ("\"a\\", "b\"", "\"ab\""),
    ] {
        let seen = window.enter(begin).enter(rest).at_prompt(number + 1);
        assert!(seen.ends_with(shown), "{begin}: {seen}");
        number += 1;
    }
    for wrong in ["let 1 = 2", "f(1))", "\"open"] {
        assert!(window.answer(wrong, number).starts_with("error: "), "{wrong}");
        number += 1;
    }
}

/// Where nothing can be drawn, lines are read all the same.
#[test]
fn a_dumb_terminal_and_no_locale() {
    let home = tempdir().unwrap();
    let mut command = console(home.path());
    command.env("TERM", "dumb").env("LANG", "C").env("LC_ALL", "C");
    let mut window = Window::open(&command);
    window.enter("let 甲 = 20 +").enter("1").shows(" 2>");
    window.enter("甲 * 2").shows("\n42\n");
    // There is no key to take it with.
    window.enter("1 ＋ 2").shows("this is meant: 1 + 2");
    assert_eq!(window.leave(), 0);
    let mut bare = console(home.path());
    bare.env("LANG", "C").env("LC_ALL", "C");
    let mut window = Window::open(&bare);
    window.enter("\"张三\".len()").shows("\n2\n");
    window.press("app.get_de").press(TAB).shows("get_dept_users");
    window.press(TAB).press(ENTER).press("(");
    assert!(!window.shows("deptId?: a department id").contains(['·', '…']));
}
