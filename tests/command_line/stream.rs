//! Streams and files that are not what one hopes for: an error or a clean end, never a panic.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::{Program, World};

#[test]
fn text_that_is_no_text() {
    let world = World::new();
    world.file("bad.rhai", b"print(1);\n\xff\xfe");
    world.program().run(["run", "bad.rhai"]).code(3).stdout("").says("bad.rhai: line 2 is not UTF-8 text");
    world.program().input(b"\xff").run(["-"]).code(3).stdout("").says("<stdin>: line 1 is not UTF-8 text");
    world.program().input(b"1\xff").run([""; 0]).code(3).says("not UTF-8");
}

#[test]
fn files_that_are_none() {
    let world = World::new();
    world.program().run(["run", "missing.rhai"]).code(3).says("missing.rhai: no such file or directory");
    world.program().run(["missing.rhai"]).code(3).says("no such file");
    std::fs::create_dir(world.folder.path().join("dir.rhai")).unwrap();
    world.program().run(["run", "dir.rhai"]).code(3).says("dir.rhai: ");
    world.program().run(["--config", "missing.toml", "eval", "1"]).code(3).says("missing.toml");
}

/// Runs a pipe with `$D` as the program.
fn shell(world: &World, line: &str) -> std::process::Output {
    let config = &world.session.config.endpoints;
    let credentials = world.sandbox.credentials();
    Command::new("sh")
        .args(["-c", line])
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("D", env!("CARGO_BIN_EXE_dingraia"))
        .env("HOME", world.folder.path())
        .env("DINGRAIA_API_BASE", &config.api)
        .env("DINGRAIA_OAPI_BASE", &config.oapi)
        .env("DINGRAIA_APP_KEY", credentials.app_key)
        .env("DINGRAIA_APP_SECRET", credentials.app_secret)
        .current_dir(world.folder.path())
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

#[test]
fn a_reader_that_goes_away() {
    let world = World::new();
    let rows = [
        ("\"$D\" eval 'let i = 0; loop { print(i); i += 1; }' | head -1", "0\n"),
        ("\"$D\" eval 'let a = []; a.pad(200000, 1); a' | head -c 1 | wc -c | tr -d ' '", "1\n"),
        ("\"$D\" methods | head -0", ""),
        ("\"$D\" eval 'print(1)' >&-; echo $?", "0\n"),
        ("\"$D\" eval 'nope' 2>&-; echo $?", "8\n"),
        ("\"$D\" -e 1 <&-", "1\n"),
        ("\"$D\" <&-; echo $?", ""),
    ];
    for (line, expected) in rows {
        let begun = Instant::now();
        let output = shell(&world, &line.replace("\"$D\"", "timeout 20 \"$D\""));
        assert!(begun.elapsed() < Duration::from_secs(15), "{line} went on without a reader");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(!stderr.contains("panicked"), "{line}: {stderr}");
        if !expected.is_empty() {
            assert_eq!(String::from_utf8_lossy(&output.stdout), expected, "{line}: {stderr}");
        }
    }
}

#[test]
fn results_and_nothing_else_on_stdout() {
    let world = World::new();
    let ran =
        world.program().run(["eval", "print(\"a\"); debug(\"b\"); app.get_depts(999)"]).code(1).stdout("a\n");
    assert!(!ran.stderr.contains('\u{1b}'), "colour without a terminal: {}", ran.stderr);
    let ran = world.program().run(["-vv", "eval", "#{a: [1]}"]).code(0);
    assert!(!ran.stdout.contains('\u{1b}'));
    assert!(world.program().run(["--color", "always", "eval", "#{a: 1}"]).code(0).stdout.contains('\u{1b}'));
}

#[test]
fn no_home() {
    let world = World::new();
    let mut program = Program::new(world.folder.path());
    program.command().env_remove("HOME");
    program.run(["eval", "app.get_depts().len()"]).code(0).stdout("3\n");
    let mut program = world.program();
    program.command().env_remove("HOME");
    program.run(["eval", "app.get_depts().len()"]).code(0).stdout("3\n");
    let mut program = world.program().env("HOME", "/nonexistent");
    program.command().env("XDG_CONFIG_HOME", "/dev/null");
    program.run(["eval", "app.get_depts().len()"]).code(0).stdout("3\n");
}

#[test]
fn input_is_a_script_and_never_the_answer_to_a_question() {
    let world = World::new();
    world.file("main.rhai", "print(\"init\")");
    world.program().input("y\nprint(1)").run([""; 0]).code(3).stdout("").says("--trust");
}
