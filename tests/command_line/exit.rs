//! Exit codes, time limits, Ctrl-C.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use dingraia::sandbox::Fault;

use crate::support::World;

#[test]
fn each_class_of_failure() {
    let world = World::new();
    let rows = [
        ("1", 0),
        ("app.get_depts(999)", 1),
        ("app.get_user(1)", 3),
        (r#"app.send_message("cidSandboxRelease0001==", MessageChain(At("a")))"#, 3),
        ("print(\"panic\"); app.api.get(\"https://x\")", 3),
        (r#"app.send_message(Member("nobody01"), "x")"#, 7),
        ("nope", 8),
        ("1 +", 8),
        ("throw 5", 8),
        ("exit()", 0),
        ("exit(42)", 42),
        ("exit(256)", 255),
        ("exit(-1)", 255),
        ("fn f() { try { exit(9) } catch {} } f()", 9),
    ];
    for (line, code) in rows {
        world.program().run(["eval", line]).code(code);
    }
    world.sandbox.fault(Fault::Html.on("groupMessages"));
    world.program().run(["eval", r#"app.send_message("cidSandboxRelease0001==", "x")"#]).code(6).says("HTML");
    world.sandbox.grant_only(&[]);
    world.program().run(["eval", "app.get_depts()"]).code(4).says("qyapi_get_department_list");
}

#[cfg(target_os = "linux")]
#[test]
fn results_that_cannot_be_written_are_told() {
    let world = World::new();
    let mut program = world.program();
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let done = program.command().args(["eval", "1 + 1"]).stdin(Stdio::null()).stdout(full).output().unwrap();
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(done.status.code() == Some(3) && said.contains("stdout: "), "{:?} {said}", done.status);
}

#[test]
fn wrong_credentials() {
    let world = World::new();
    world
        .program()
        .env("DINGRAIA_APP_SECRET", "wrong")
        .run(["eval", "app.get_depts()"])
        .code(2)
        .says("dingraia config show");
    world
        .program()
        .env("DINGRAIA_API_BASE", "http://127.0.0.1:1")
        .run(["eval", "app.get_depts()"])
        .code(6)
        .says("not sent");
}

#[test]
fn a_time_limit() {
    let world = World::new();
    let endless = "with recursive c(x) as (select 1 union all select x + 1 from c) select count(*) from c";
    for line in ["loop {}", "sleep(60)", "try { loop {} } catch {}", &format!("cache.sql(`{endless}`)")] {
        let begun = Instant::now();
        world.program().run(["--timeout", "0.1", "eval", line]).code(6).says("stopped by the time limit");
        assert!(begun.elapsed() < Duration::from_secs(5), "{line}");
    }
    for command in [&["listen"][..], &["sandbox", "serve"], &["cache", "sql", endless]] {
        let begun = Instant::now();
        let args = [&["--sandbox", "--timeout", "0.2"], command].concat();
        world.program().run(args).code(6).says("stopped by the time limit");
        assert!(begun.elapsed() < Duration::from_secs(8), "{command:?}");
    }
    world.program().run(["--timeout", "60", "eval", "1"]).code(0).stdout("1\n");
    for wrong in ["0", "-1", "NaN", "soon"] {
        world.program().run([&format!("--timeout={wrong}"), "eval", "1"]).code(3);
    }
}

#[test]
fn a_time_limit_holds_before_anything_runs() {
    let world = World::new();
    // Nobody writes to that pipe, and nobody closes it.
    let mut program = world.program();
    let mut child = program.command().args(["--timeout", "0.2"]).stdin(Stdio::piped()).spawn().unwrap();
    let _open = child.stdin.take();
    assert_eq!(child.wait().unwrap().code(), Some(6));
    fs::write(world.folder.path().join("main.rhai"), "loop {}").unwrap();
    world
        .program()
        .run(["--trust", "--timeout", "0.2", "eval", "1"])
        .code(6)
        .says("stopped by the time limit");
}

/// Starts `eval line`, which prints something once it is under way; that has been read.
fn under_way(world: &World, line: &str) -> Child {
    let mut program = world.program();
    let command = program.command();
    let mut child =
        command.args(["eval", line]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut first = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut first).unwrap();
    assert_eq!(first, "go\n");
    child
}

fn signal(child: &Child, name: &str) {
    assert!(Command::new("kill").args([name, &child.id().to_string()]).status().unwrap().success());
}

#[test]
fn an_interrupted_program_says_so() {
    let world = World::new();
    for line in ["print(\"go\"); loop {}", "print(\"go\"); try { sleep(60) } catch {}"] {
        let child = under_way(&world, line);
        signal(&child, "-INT");
        let output = child.wait_with_output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(130), "{stderr}");
        assert!(stderr.contains("interrupted"), "{stderr}");
    }
}

#[test]
fn a_killed_program_leaves_a_cache_that_opens() {
    let world = World::new();
    let cache = world.folder.path().join("killed.db");
    let line = r#"print("go"); loop { app.get_user("manager4220", #{using_cache: false}); app.get_group("cidSandboxRelease0001==", #{using_cache: false}); }"#;
    for wait in [5, 40, 90] {
        let mut program = world.program().env("DINGRAIA_DATABASE", &cache);
        let command = program.command();
        let mut child = command.args(["eval", line]).stdout(Stdio::piped()).spawn().unwrap();
        // Killed at another moment each time, once it has begun to write.
        let before = world.sandbox.requests().len();
        let begun = Instant::now();
        while world.sandbox.requests().len() < (before + wait).min(900)
            && begun.elapsed() < Duration::from_secs(10)
        {
            std::thread::sleep(Duration::from_millis(1));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let ran = world
            .program()
            .env("DINGRAIA_DATABASE", &cache)
            .run(["eval", r#"app.get_user("manager4220", #{using_cache: true}).dingraia_cache.name"#])
            .code(0);
        assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("林晓\n", ""));
        let conn = rusqlite::Connection::open(&cache).unwrap();
        let check: String = conn.query_row("pragma integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(check, "ok");
    }
}

#[test]
fn a_delayed_recall_is_still_made() {
    let world = World::new();
    let line =
        r#"app.recall_message(app.send_message("cidSandboxRelease0001==", "x"), #{inThreadTime: 0.05}); 1"#;
    world.program().run(["eval", line]).code(0).stdout("1\n");
    assert!(world.sandbox.sent()[0].recalled);
}
