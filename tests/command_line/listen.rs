//! `dingraia listen` and `dingraia replay`.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::canned::Canned;
use crate::support::gateway::{Connection, Gateway, event, message, payload};
use crate::support::{Program, World, post};

/// The program with a gateway's end in the hands of the test.
struct Listening {
    child: Child,
    lines: BufReader<ChildStdout>,
    connection: Connection,
}

fn program(world: &World, gateway: &Gateway) -> Program {
    Program::new(world.folder.path())
        .env("DINGRAIA_API_BASE", gateway.open.url())
        .env("DINGRAIA_APP_KEY", "dingkey0000000000001")
        .env("DINGRAIA_APP_SECRET", "secret")
}

fn listen(world: &World, gateway: &Gateway, args: &[&str]) -> Listening {
    let mut program = program(world, gateway);
    let command = program.command().arg("listen").args(args);
    let mut child =
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap());
    Listening { child, lines, connection: gateway.accept() }
}

impl Listening {
    fn line(&mut self) -> Value {
        let mut line = String::new();
        self.lines.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap()
    }

    #[track_caller]
    fn code(mut self) -> (i32, String) {
        let mut said = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        (self.child.wait().unwrap().code().unwrap_or(-1), said)
    }
}

#[test]
fn a_line_for_each_event() {
    let (world, gateway) = (World::new(), Gateway::new());
    let mut listening =
        listen(&world, &gateway, &["--events", "GroupMessage,chat_disband", "--max-events", "2"]);
    listening.connection.push(message("m1", "cidA==", "u1", "你好"));
    let line = listening.line();
    assert_eq!(
        (&line["event"], &line["text"], &line["id"]),
        (&json!("GroupMessage"), &json!("你好"), &json!("m1"))
    );
    assert_eq!(
        line["group"],
        json!({ "id": line["group"]["id"], "openConversationId": "cidA==", "name": "发布群" })
    );
    assert_eq!(line["member"]["staffId"], "u1");
    assert_eq!(line["raw"]["msgtype"], "text");
    assert!(!line.to_string().contains("session"), "{line}");
    listening.connection.push(event("e1", "chat_update_title", &json!({ "title": "x" })));
    listening.connection.push(event("e2", "chat_disband", &json!({ "openConversationId": "cidA==" })));
    let line = listening.line();
    assert_eq!((&line["event"], &line["type"]), (&json!("GroupDisband"), &json!("chat_disband")));
    let (code, said) = listening.code();
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("listening; Ctrl-C ends it"), "{said}");
}

#[test]
fn it_ends_by_itself_or_when_it_is_told_to() {
    let (world, gateway) = (World::new(), Gateway::new());
    // With a gateway of its own: its connection may still wait to be accepted.
    program(&world, &Gateway::new()).run(["listen", "--duration", "0.05"]).code(0).stdout("");
    let listening = listen(&world, &gateway, &["-q"]);
    let pid = listening.child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    let (code, said) = listening.code();
    assert_eq!((code, said.as_str()), (0, ""));
    // A reader that goes away is told of at the next event.
    let mut listening = listen(&world, &gateway, &["-q"]);
    drop(std::mem::replace(&mut listening.lines, BufReader::new(echo())));
    // A program that another test starts at this moment may hold the reading end until it runs: an event can still go through.
    for number in 0.. {
        let event = message(&format!("m{number}"), "cidA==", "u1", "x");
        let end = Instant::now() + Duration::from_millis(200);
        let is_sent = listening.connection.try_push(&event);
        while is_sent && Instant::now() < end && listening.child.try_wait().unwrap().is_none() {
            std::thread::yield_now();
        }
        if !is_sent || listening.child.try_wait().unwrap().is_some() {
            break;
        }
    }
    assert_eq!(listening.code().0, 0);
}

/// The stdout of a program that is over.
fn echo() -> ChildStdout {
    let mut child = Command::new("true").stdout(Stdio::piped()).spawn().unwrap();
    let out = child.stdout.take().unwrap();
    child.wait().unwrap();
    out
}

#[test]
fn what_is_recorded_is_played_again() {
    let (world, gateway) = (World::new(), Gateway::new());
    let record = world.folder.path().join("kept.jsonl");
    let handlers =
        world.file("robot.rhai", r#"on("GroupMessage", |e| print("heard " + e.text)); app.start();"#);
    let args =
        ["--record", record.to_str().unwrap(), "--exec", handlers.to_str().unwrap(), "--max-events", "3"];
    let mut listening = listen(&world, &gateway, &args);
    for id in 1..=2 {
        listening.connection.push(message(&format!("m{id}"), "cidA==", "u1", &format!("第{id}")));
        listening.connection.answer();
    }
    listening.connection.push(event("e1", "chat_disband", &json!({ "openConversationId": "cidA==" })));
    listening.connection.until_closed();
    let mut first: Vec<String> = listening.lines.by_ref().lines().map(Result::unwrap).collect();
    assert_eq!(listening.code().0, 0);
    let kept = std::fs::read_to_string(&record).unwrap();
    assert_eq!(kept.lines().count(), 3);
    assert!(!kept.contains("session="), "{kept}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&record).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let replay = |args: &[&str]| {
        let file = record.to_str().unwrap();
        let handlers = handlers.to_str().unwrap();
        let all = [&["replay", file, "--speed", "0", "--exec", handlers, "--no-init"], args].concat();
        Program::new(world.folder.path()).run(all).code(0)
    };
    let mut again: Vec<String> = replay(&[]).stdout.lines().map(str::to_owned).collect();
    first.sort();
    again.sort();
    assert_eq!(again, first);
    assert!(again.contains(&"heard 第2".to_owned()), "{again:?}");
    let only = replay(&["--only", "chat_disband"]).stdout;
    assert!(only.contains("GroupDisband") && only.lines().count() == 1, "{only}");
}

#[test]
fn events_are_forwarded_as_they_came() {
    let (world, gateway, server) = (World::new(), Gateway::new(), Canned::json(json!({})));
    let url = format!("{}/hook?k=1", server.url());
    let mut listening = listen(&world, &gateway, &["--forward-to", &url]);
    listening.connection.push(message("m1", "cidA==", "u1", "你好"));
    listening.line();
    crate::support::until("it is forwarded", || !server.seen().is_empty());
    let seen = &server.seen()[0];
    assert_eq!(seen.line, "POST /hook?k=1");
    assert!(seen.headers.contains(&"x-dingraia-event: groupmessage".to_owned()), "{:?}", seen.headers);
    assert_eq!(seen.body["text"]["content"], " 你好");
    assert!(seen.body["sessionWebhook"].is_string(), "whoever gets it may answer");
    listening.child.kill().unwrap();
    listening.child.wait().unwrap();
}

#[test]
fn wrong_arguments_are_refused() {
    let world = World::new();
    let run = |args: &[&str]| Program::new(world.folder.path()).run(args);
    run(&["listen", "--events", "GroupMesage"]).code(3).says("did you mean `GroupMessage`?");
    run(&["listen", "--duration", "0"]).code(3).says("--duration");
    run(&["listen", "--max-events", "0"]).code(3);
    run(&["listen", "--forward-to", "ftp://x"]).code(3).says("--forward-to");
    run(&["listen", "--exec", "missing.rhai"]).code(3).says("missing.rhai");
    run(&["replay", "missing.jsonl"]).code(3).says("missing.jsonl");
    let file = world.file("bad.jsonl", "\n{\"topic\":\"*\"}\n");
    run(&["replay", file.to_str().unwrap()]).code(3).says("line 2 is no recorded event");
    run(&["replay", file.to_str().unwrap(), "--speed=-1"]).code(3).says("--speed");
    let failing = world.file("bad.rhai", "throw 1");
    run(&["replay", file.to_str().unwrap(), "--exec", failing.to_str().unwrap()]).code(8);
}

#[test]
fn another_program_with_the_same_key_is_noticed() {
    let (world, gateway) = (World::new(), Gateway::new());
    let first = listen(&world, &gateway, &[]);
    let said = |lang: &str, key: &str| {
        let program = program(&world, &gateway).env("DINGRAIA_APP_KEY", key);
        program.run(["--lang", lang, "listen", "--duration", "0.05"]).code(0).stderr
    };
    let key = "dingkey0000000000001";
    let (en, zh) = (said("en", key), said("zh", key));
    let pid = first.child.id();
    assert!(
        en.contains(&format!("another program on this machine (process {pid}) listens as {key} already")),
        "{en}"
    );
    assert!(zh.contains("每条推送只会到达其中一个"), "{zh}");
    assert!(!said("en", "dingkey0000000000002").contains("already"), "another key is another app");
    // One that was killed listens no longer.
    let mut first = first;
    first.child.kill().unwrap();
    first.child.wait().unwrap();
    assert!(!said("en", key).contains("already"));
}

#[test]
fn callbacks_over_http_are_received_too() {
    let (world, gateway) = (World::new(), Gateway::new());
    let mut program = program(&world, &gateway);
    let command = program.command().args(["listen", "--port", "0", "--max-events", "1"]);
    let mut child =
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut said = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    said.read_line(&mut line).unwrap();
    let url = line.strip_prefix("listening ").and_then(|rest| rest.split(';').next()).unwrap().to_owned();
    assert!(url.starts_with("http://127.0.0.1:"), "{line}");
    let timestamp = dingraia::clock::Clock::system().millis().to_string();
    let sign = dingraia::callback::message_signature(&"secret".into(), &timestamp);
    let body = payload("m1", "cidA==", "u1", "你好").to_string();
    let answer = post(&format!("{url}/"), &[("timestamp", &timestamp), ("sign", &sign)], body);
    assert_eq!(answer, (200, json!({ "msgtype": "empty" }).to_string()));
    let mut event = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut event).unwrap();
    assert!(event.contains("你好"), "{event}");
    assert_eq!(child.wait().unwrap().code(), Some(0));
    Program::new(world.folder.path()).run(["listen", "--host", "127.0.0.1"]).code(3).says("--port");
    Program::new(world.folder.path())
        .run(["listen", "--port", "1", "--host", "nowhere"])
        .code(3)
        .says("--host");
}
