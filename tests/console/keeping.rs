//! What stays of a result: as a file, in a pager, as `Out[n]`.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use tempfile::tempdir;

use super::window::{ENTER, Window, console};

#[test]
fn the_last_value_becomes_a_file_for_a_spreadsheet() {
    let home = tempdir().unwrap();
    let mut window = Window::console(home.path());
    assert!(window.answer("%csv 人.csv", 1).contains("there is no value yet"));
    window.answer(
        "[#{id: \"0110\", 名: \"张三, \\\"三\\\"\", n: 1.5, none: (), list: [1, \"二\"]}, #{id: \"1\"}]",
        2,
    );
    assert_eq!(window.answer("%csv \"我 的.csv\"", 3), "2 rows in 我 的.csv");
    let path = home.path().join("我 的.csv");
    let expected =
        "\u{feff}id,list,n,none,名\r\n0110,\"[1,\"\"二\"\"]\",1.5,,\"张三, \"\"三\"\"\"\r\n1,,,,\r\n";
    assert_eq!(fs::read_to_string(&path).unwrap(), expected);
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    // What is there stays, unless it is said.
    window.answer("[1, 2]", 4);
    assert!(window.answer("%csv 我 的.csv", 5).contains("`%csv FILE --force` replaces a file"));
    assert_eq!(fs::read_to_string(&path).unwrap(), expected);
    assert_eq!(window.answer("%csv --force 我 的.csv", 6), "2 rows in 我 的.csv");
    assert_eq!(fs::read_to_string(&path).unwrap(), "\u{feff}value\r\n1\r\n2\r\n");
    assert_eq!(fs::read_dir(home.path()).unwrap().filter(|entry| is_csv(entry.as_ref().unwrap())).count(), 1);
    window.answer("app.get_dept_users(100).map(|id| app.update_object(id))", 7);
    window.answer("%csv members.csv", 8);
    assert!(fs::read_to_string(home.path().join("members.csv")).unwrap().starts_with("\u{feff}staffId\r\n"));
    assert!(window.answer("%csv /none/at/all/x.csv", 9).starts_with("error[file]: "));
}

fn is_csv(entry: &fs::DirEntry) -> bool {
    entry.path().extension().is_some_and(|end| end == "csv")
}

#[test]
fn a_pager_has_the_terminal_for_itself() {
    let home = tempdir().unwrap();
    let mut command = console(home.path());
    let pager =
        "cat > paged; printf 'paging\n'; read answer < /dev/tty; sleep 0.5; printf \"answer: $answer\n\"";
    command.env("PAGER", pager).env("PATH", "/usr/bin:/bin");
    let mut window = Window::open(&command);
    window.at_prompt(1);
    window.answer("let l = []; for n in 0..500 { l.push(#{n: n}) }", 1);
    window.answer("fn work() { app.create_task(|| { sleep(0.3); print(\"from a task\") }); () }", 2);
    window.paste("l\nwork()\n%last pager").press(ENTER).shows("\npaging");
    // It reads the keyboard, and the terminal is as programs expect it.
    assert!(window.is_cooked());
    window.enter("typed");
    let seen = window.at_prompt(6);
    // What a task prints meanwhile comes afterwards.
    assert!(seen.ends_with("\npaging\ntyped\nanswer: typed\nfrom a task"), "{seen}");
    let paged = fs::read_to_string(home.path().join("paged")).unwrap();
    assert!(paged.lines().count() == 504 && paged.contains("499") && !paged.contains("%last"), "{paged}");
}

#[test]
fn without_a_pager_all_of_it_is_written() {
    let home = tempdir().unwrap();
    let mut command = console(home.path());
    command.env("PAGER", "no-such-program");
    let mut window = Window::open(&command);
    window.at_prompt(1);
    window.answer("[1, 2]", 1);
    let seen = window.answer("%last pager", 2);
    assert!(seen.ends_with("[1, 2]"), "{seen}");
}

#[test]
fn what_is_too_large_to_keep_says_so() {
    let home = tempdir().unwrap();
    let mut window = Window::console(home.path());
    // A list may have sixteen million items, a blob that many bytes.
    let shown = |n: u8| format!("<14.3 MiB (15000000 bytes): 0{n} 0{n}");
    for n in 1..=5 {
        let seen = window.answer(&format!("blob(15000000, {n})"), n.into());
        assert!(seen.starts_with(&shown(n)), "{seen}");
    }
    let seen = window.answer("Out[1]", 6);
    assert!(
        seen.starts_with("error[usage]: Out[1]: the value was dropped; 200 results and 64 MiB"),
        "{seen}"
    );
    assert_eq!(window.answer("Out[2].len() + Out[5][0]", 7), "15000005");
    // One that is larger than everything leaves the others alone.
    let seen = window.answer("let text = \"x\"; for n in 0..26 { text += text } text", 8);
    assert!(seen.ends_with("… 67108864 characters in all · %last full"), "{seen}");
    assert_eq!(window.answer("it.len()", 9), "67108864");
    assert!(window.answer("Out[8]", 10).contains("the value was dropped"));
    assert_eq!(window.answer("Out[5].len()", 11), "15000000");
}
