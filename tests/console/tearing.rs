//! What others print while somebody types: above the line, whole, and nothing is lost.

use tempfile::tempdir;

use super::window::{CTRL_C, Window, console};

const TASKS: usize = 12;
const LINES: usize = 10;

#[test]
fn many_print_while_one_types() {
    let home = tempdir().unwrap();
    let mut command = console(home.path());
    command.arg("-v");
    let mut window = Window::open(&command);
    window.at_prompt(1);
    let task = format!(
        "fn work(t) {{ app.create_task(|| {{ for n in 0..{LINES} {{ \
         sleep(0.02); print(`print ${{t}}.${{n}} 完`); debug(`log ${{t}}.${{n}} 完`) }} }}) }}"
    );
    window.answer(&task, 1);
    window.enter(&format!("for t in 0..{TASKS} {{ work(t) }}"));
    let typed = "let 名字 = \"张三\" + \"李四\"";
    for (end, letter) in typed.char_indices() {
        let so_far = &typed[..end + letter.len_utf8()];
        window.press(&letter.to_string()).at_line(format!("3> {so_far}").trim_end());
    }
    let seen = window.wait("every line", |text| text.matches(" 完").count() >= 2 * TASKS * LINES + 2);
    let lines: Vec<&str> = seen.lines().map(str::trim_end).collect();
    for (task, line) in (0..TASKS).flat_map(|task| (0..LINES).map(move |line| (task, line))) {
        let printed = format!("print {task}.{line} 完");
        assert_eq!(lines.iter().filter(|line| **line == printed).count(), 1, "{printed}\n{seen}");
        let logged = format!("\"log {task}.{line} 完\"");
        assert_eq!(lines.iter().filter(|line| line.ends_with(&logged)).count(), 1, "{logged}\n{seen}");
    }
    window.at_line(&format!("3> {typed}"));
    assert_eq!(window.press("\r").at_prompt(4).lines().filter(|line| line.contains(typed)).count(), 1);
    assert_eq!(window.answer("名字", 4), "\"张三李四\"");
}

#[test]
fn a_bar_counts_and_leaves_nothing_behind() {
    let home = tempdir().unwrap();
    let mut window = Window::console(home.path());
    window.answer("let list = []; for n in 0..40 { list.push(n) }", 1);
    window.enter("parallel(list, |n| { sleep(if n < 20 { 0.01 } else { 30 }); n }).len()");
    window.shows("parallel [============>           ] 20/40");
    window.press(CTRL_C);
    let above = window.at_prompt(3);
    assert!(!above.contains("20/40") && above.contains("interrupted"), "{above}");
    assert_eq!(window.answer("parallel(list, |n| n).len()", 3), "40");
}

#[test]
fn a_wait_for_the_limit_is_told() {
    let home = tempdir().unwrap();
    let mut window = Window::console(home.path());
    window.enter("for n in 0..25 { app.send_message((), \"好\") }");
    window.shows("POST /robot/send: waiting ");
    window.press(CTRL_C);
    let above = window.at_prompt(2);
    assert!(!above.contains("waiting "), "{above}");
}

#[test]
fn a_dumb_terminal_gets_plain_lines() {
    let home = tempdir().unwrap();
    let mut command = console(home.path());
    command.env("TERM", "dumb");
    let mut window = Window::open(&command);
    window.shows("1> ");
    window.enter("app.get_depts()").shows("2> ");
    let seen = window.shows("│ 研发部 ┆");
    assert!(seen.contains("1 API call") && !window.is_coloured(), "{seen}");
    window
        .enter("let l = []; for n in 0..30 { l.push(n) } parallel(l, |n| { sleep(0.4); n }).len()")
        .shows("\n30\n");
    assert!(!window.shows("3> ").contains("parallel ["));
}
