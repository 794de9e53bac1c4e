//! The journal: every request is written down, by all programs in one file, and nothing secret is.

use std::fs;
use std::path::PathBuf;
use std::process::Stdio;

use dingraia::sandbox::Fault;
use serde_json::Value;

use crate::support::{RELEASE, World, until};

fn folder(world: &World) -> PathBuf {
    world.folder.path().join(".local/state/dingraia")
}

/// The lines of the journal of a world's programs.
fn lines(world: &World) -> Vec<Value> {
    let text = fs::read_to_string(folder(world).join("journal.jsonl")).unwrap_or_default();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn of<'a>(lines: &'a [Value], method: &str) -> Vec<&'a Value> {
    lines.iter().filter(|line| line["method"] == method).collect()
}

#[test]
fn every_request_is_written_down() {
    let world = World::new();
    let line = format!(
        r#"app.get_user("manager4220"); app.send_message("{RELEASE}", "hi"); app.kick_member("{RELEASE}", ["0110000003", "0110000004"]);
           try {{ app.get_depts(999) }} catch {{}} app.api.get("/v1.0/no/such/path")"#
    );
    world.program().run(["eval", &line]).code(1);
    let lines = lines(&world);
    let token = &lines[0];
    assert_eq!((&token["call"], &token["cost"]), (&"POST /v1.0/oauth2/accessToken".into(), &0.into()));
    let user = of(&lines, "get_user")[0];
    for (field, value) in [
        ("call", Value::from("POST /topapi/v2/user/get")),
        ("target", "manager4220".into()),
        ("effect", "read".into()),
        ("result", "ok".into()),
        ("sent", "yes".into()),
        ("profile", "default".into()),
        ("try", 1.into()),
        ("cost", 1.into()),
    ] {
        assert_eq!(user[field], value, "{field}");
    }
    assert!(
        user["ms"].as_f64().is_some_and(|ms| ms > 0.0) && !user["request_id"].as_str().unwrap().is_empty()
    );
    assert!(user["time"].as_str().unwrap().parse::<jiff::Timestamp>().is_ok(), "{user}");
    let sent = of(&lines, "send_message")[0];
    assert_eq!((&sent["target"], &sent["effect"]), (&RELEASE.into(), &"notify".into()));
    let kicked = of(&lines, "kick_member")[0];
    assert!(
        kicked["target"].as_str().unwrap().contains(RELEASE) && kicked["effect"] == "destroy",
        "{kicked}"
    );
    let refused = of(&lines, "get_depts")[0];
    assert_eq!((&refused["result"], &refused["sent"]), (&"60003".into(), &"yes".into()));
    assert_eq!(lines.last().unwrap()["call"], "GET /v1.0/no/such/path");
    assert_eq!(lines.len(), world.sandbox.requests().len());
    let counted: u64 = lines.iter().map(|line| line["cost"].as_u64().unwrap()).sum();
    let told = world.program().run(["-q", "eval", "cache.usage().calls"]).code(0).stdout;
    assert_eq!(told.trim(), counted.to_string(), "the counter says something else");
    let named = world.program().run(["-o", "json", "--profile", "default", "journal"]).code(0).stdout;
    assert_eq!(named.lines().count(), lines.len());
}

#[test]
fn each_try_has_a_line() {
    let world = World::new();
    world.sandbox.fault(Fault::Status(503).on("/topapi/v2/user/get").times(2));
    world.program().run(["eval", r#"app.get_user("manager4220").name"#]).code(0);
    let found = lines(&world);
    let tries: Vec<_> =
        of(&found, "get_user").iter().map(|line| (line["try"].clone(), line["result"].clone())).collect();
    assert_eq!(tries.len(), 3, "{found:#?}");
    assert_eq!(tries[2], (3.into(), "ok".into()));
    assert_ne!(tries[0].1, "ok");
    // What was not sent is told, too.
    world.program().env("DINGRAIA_BUDGET", "0").run(["eval", "app.get_depts()"]).code(3);
    let found = lines(&world);
    let line = of(&found, "get_depts")[0].clone();
    assert_eq!(
        (&line["result"], &line["sent"], &line["cost"], &line["try"]),
        (&"budget".into(), &"no".into(), &0.into(), &0.into())
    );
    let kick = format!(r#"app.kick_member("{RELEASE}", "0110000003")"#);
    world.program().run(["--dry-run", "eval", &kick]).code(0);
    assert_ne!(world.program().run(["--read-only", "eval", &kick]).code, 0);
    let found = lines(&world);
    let ends: Vec<_> =
        of(&found, "kick_member").iter().map(|line| (line["result"].clone(), line["sent"].clone())).collect();
    assert_eq!(ends.len(), 2, "{ends:?}");
    assert_eq!(ends[0], ("held".into(), "no".into()));
    assert_eq!(ends[1].1, "no", "{ends:?}");
    for (lang, words) in [("en", "held; not sent"), ("zh", "已拦下；未发出")] {
        let table = world.program().run(["--lang", lang, "journal", "--find", "held"]).code(0).stdout;
        assert!(table.contains(words), "{table}");
    }
    world.sandbox.fault(Fault::Delay(60_000).on("groupMessages"));
    let send = format!(r#"app.send_message("{RELEASE}", "x")"#);
    world.program().run(["--timeout", "0.3", "eval", &send]).code(6);
    let found = lines(&world);
    let line = of(&found, "send_message")[0];
    assert_eq!((&line["result"], &line["sent"]), (&"interrupted".into(), &"unknown".into()), "{line}");
}

#[test]
fn nothing_secret_is_written_down() {
    let world = World::new();
    let credentials = world.sandbox.credentials();
    let hook = format!(
        "{}/robot/send?access_token={}",
        world.session.config.endpoints.oapi, credentials.webhook_token
    );
    for line in [
        format!(r#"app.send_message("{hook}", "s3cret-text")"#),
        r#"app.send_message("http://127.0.0.1:1/s3cret-path/x?t=s3cret-query", "s3cret-text")"#.to_owned(),
        r#"app.get_user_access_token("s3cret-code")"#.to_owned(),
        r#"app.get_depts(1, #{ access_token: "s3cret-token" })"#.to_owned(),
        r#"app.oapi.get("/topapi/x?access_token=s3cret-token", #{ token: "s3cret-token" })"#.to_owned(),
        r#"app.download_file(File(#{ downloadCode: "s3cret-code" }), "x.bin")"#.to_owned(),
    ] {
        world.program().run(["eval", &line]);
    }
    assert!(lines(&world).len() >= 6);
    for entry in fs::read_dir(folder(&world)).unwrap() {
        let path = entry.unwrap().path();
        let Ok(text) = fs::read_to_string(&path) else { continue };
        for secret in
            ["s3cret", &credentials.app_secret, &credentials.webhook_token, &credentials.webhook_secret]
        {
            assert!(!text.contains(secret), "{}: {secret} in {text}", path.display());
        }
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(folder(&world).join("journal.jsonl")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn it_can_be_switched_off() {
    let world = World::new();
    world.program().env("DINGRAIA_JOURNAL", "false").run(["eval", "app.get_depts().len()"]).code(0);
    world.program().run(["--sandbox", "eval", "app.get_depts().len()"]).code(0);
    world.program().run(["eval", "1 + 1"]).code(0);
    assert!(!folder(&world).join("journal.jsonl").exists(), "somebody wrote");
    world.program().run(["journal"]).code(0).says("nothing was called");
    world.program().run(["-o", "json", "journal"]).code(0).stdout("");
}

#[test]
fn it_is_shown_as_one_likes() {
    let world = World::new();
    world
        .program()
        .run(["eval", r#"app.get_user("manager4220"); app.get_depts(); try { app.get_depts(999) } catch {}"#])
        .code(0);
    let shown = |args: &[&str]| world.program().run(args.iter().copied()).code(0).stdout;
    let table = shown(&["journal"]);
    assert!(
        table.contains("get_user") && table.contains("manager4220") && table.contains("60003"),
        "{table}"
    );
    let json = shown(&["-o", "json", "journal", "--failed"]);
    let found: Vec<Value> = json.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((found.len(), &found[0]["result"]), (1, &"60003".into()));
    assert_eq!(shown(&["-o", "json", "journal", "--method", "app.get_depts"]).lines().count(), 2);
    assert_eq!(shown(&["-o", "json", "journal", "--method", "/topapi/v2/user/get"]).lines().count(), 1);
    assert_eq!(shown(&["-o", "json", "journal", "-n", "1"]).lines().count(), 1);
    assert_eq!(shown(&["-o", "json", "journal", "--find", "MANAGER"]).lines().count(), 1);
    assert_eq!(shown(&["-o", "json", "journal", "--since", "1h"]).lines().count(), 4);
    assert_eq!(shown(&["-o", "json", "journal", "--since", "2099-01-01"]).lines().count(), 0);
    let csv = shown(&["-o", "csv", "journal", "-n", "2"]);
    assert!(csv.starts_with("time,profile,method,call,target,") && csv.lines().count() == 3, "{csv}");
    assert!(shown(&["--lang", "zh", "journal"]).contains("结果"));
    world.program().run(["journal", "--since", "soon"]).code(3).says("10m, 2h, 3d ago");
}

#[test]
fn two_programs_write_to_one_file_and_one_follows() {
    let world = World::new();
    let mut follower = world.program();
    let command = follower.command();
    let mut child =
        command.args(["-o", "json", "journal", "--follow"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut output = child.stdout.take().unwrap();
    let seen = std::sync::Arc::new(std::sync::Mutex::new(String::new()));
    let here = std::sync::Arc::clone(&seen);
    let reader = std::thread::spawn(move || {
        use std::io::Read as _;
        let mut bytes = [0; 4096];
        while let Ok(count @ 1..) = output.read(&mut bytes) {
            here.lock().unwrap().push_str(&String::from_utf8_lossy(&bytes[..count]));
        }
    });
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| world.program().run(["eval", "for i in 0..20 { app.get_depts(); }"]).code(0));
        }
    });
    let all = lines(&world);
    assert_eq!(all.len(), 42, "20 calls and a token each");
    let pids: std::collections::HashSet<u64> = all.iter().map(|line| line["pid"].as_u64().unwrap()).collect();
    assert_eq!(pids.len(), 2);
    until("the lines are followed", || seen.lock().unwrap().lines().count() >= 42);
    let status = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(status.success());
    assert_eq!(child.wait().unwrap().code(), Some(0));
    reader.join().unwrap();
}

/// "Nothing was called" would be a lie.
#[test]
fn a_journal_that_cannot_be_read_is_an_error() {
    let world = World::new();
    let path = folder(&world).join("journal.jsonl");
    fs::create_dir_all(&path).unwrap();
    for (args, mark) in
        [(&["journal"][..], ": "), (&["journal", "--follow"], ": "), (&["--lang", "zh", "journal"], "：")]
    {
        let ran = world.program().run(args).code(3).stdout("");
        ran.says(&format!("{}{mark}", path.display()));
    }
    fs::remove_dir(&path).unwrap();
    // Another user's.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::write(&path, "{}\n").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o0)).unwrap();
        if fs::read(&path).is_err() {
            world.program().run(["journal"]).code(3).says("permission denied");
        }
    }
}

/// A disk that was full left a line without an end.
#[test]
fn a_torn_line_hides_no_other() {
    let world = World::new();
    fs::create_dir_all(folder(&world)).unwrap();
    fs::write(folder(&world).join("journal.jsonl"), "{\"time\":\"2026-").unwrap();
    world.program().run(["eval", r#"app.get_user("manager4220").name"#]).code(0);
    let shown = world.program().run(["-o", "json", "journal"]).code(0).stdout;
    assert_eq!(shown.lines().count(), 2, "{shown}");
}

/// What was written before stays, and no line is half.
#[test]
fn a_killed_program_leaves_whole_lines() {
    let world = World::new();
    let mut program = world.program();
    let command = program.command();
    let mut child =
        command.args(["eval", "loop { app.get_depts(); }"]).stdout(Stdio::null()).spawn().unwrap();
    let path = folder(&world).join("journal.jsonl");
    until("lines are written", || fs::metadata(&path).is_ok_and(|file| file.len() > 20_000));
    child.kill().unwrap();
    child.wait().unwrap();
    let found = lines(&world);
    let asked = world.sandbox.requests().len();
    assert!(found.len() >= 50 && found.len() <= asked, "{} of {asked}", found.len());
    // The next program goes on behind them.
    world.program().run(["eval", "app.get_depts().len()"]).code(0);
    assert_eq!(lines(&world).len(), found.len() + 2);
}
