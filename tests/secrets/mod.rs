//! Secrets are planted everywhere, everything is driven, and then everything that was written is searched for them.

mod planted;

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::sync::Mutex;

use dingraia::sandbox::Fault;
use planted::{Planted, found};

use crate::console::window::{CTRL_D, Window, console};
use crate::support::gateway::{Connection, Gateway, message};
use crate::support::{Finished, Program, World};

/// The user's own file, which holds what the user wrote into it.
const CONFIGURATION: &str = "dingraia.toml";

/// The framework's cache keeps the addresses of session webhooks, whole (table `webhooks`, column `url`).
const CACHE: &str = "Dingraia_cache.db";

/// Lines whose values, errors and prints must show nothing.
const LINES: &[&str] = &[
    "app",
    "print(app); print(app.api); debug(app)",
    "[app, #{a: app}]",
    "app.get_depts()",
    r#"app.send_message((), "hi")"#,
    r#"app.send_message("http://127.0.0.1:1/robot/send?access_token={typed}&sign={typed}", "hi")"#,
    r#"app.send_message("http://user:{typed}@127.0.0.1:1/x", "hi")"#,
    r#"let w = Webhook("http://127.0.0.1:1/robot/sendBySession?session={typed}"); print(w); w"#,
    r#"app.send_message(Webhook("http://127.0.0.1:1/robot/sendBySession?session={typed}", 99999999999), "hi")"#,
    r#"let t = AccessToken("{typed}"); print(t); print(`${t}`); [t, #{t: t}]"#,
    r#"app.with_access_token("{typed}", || app.get_depts())"#,
    r#"app.with_access_token("{typed}", || app.set_admin("cidSandboxRelease0001==", "0110000002", true))"#,
    r#"app.get_depts(1, #{access_token: "{typed}"})"#,
    r#"let t = app.get_user_access_token("authcode-manager4220"); print(t); t"#,
    r#"app.get_user_access_token("no-such-code")"#,
    r#"let b = Bot("key", "{typed}"); print(b); b"#,
    r#"let c = CallBack("{aes}", "{callback}", "key"); print(c); c"#,
    r#"let s = Stream("key", "{typed}"); print(s); [s]"#,
    r#"let c = Config(#{bot: Bot("key", "{typed}")}); print(c); c"#,
    r#"Dingtalk(Config(#{bot: Bot("key", "{typed}"), endpoints: #{api: "http://127.0.0.1:1"}})).get_depts()"#,
    r#"Config(#{bot: #{app_key: "key", app_secret: "{typed} x"}})"#,
    r#"Config(#{event_callback: #{aes_key: "{typed}", token: "{typed}!"}})"#,
    r#"try { app.with_access_token("{typed}", || app.get_depts()) } catch (e) { print(e); e }"#,
    "throw app",
    "let x = app; x.nothing",
    r#"app.api.get("/v1.0/no/such/path?access_token={typed}")"#,
    r#"app.api.get("https://elsewhere.example/?access_token={typed}")"#,
];

/// What strikes some of them.
const FAULTS: &[Fault] =
    &[Fault::Drop, Fault::Html, Fault::NotJson, Fault::Truncated, Fault::Status(400), Fault::Status(503)];

/// Commands without a script, after everything else.
const COMMANDS: &[&[&str]] = &[
    &["config", "show"],
    &["config", "show", "-o", "json"],
    &["config", "path"],
    &["doctor"],
    &["doctor", "-o", "json"],
    &["journal"],
    &["journal", "-o", "json"],
    &["cache", "ls"],
    &["cache", "ls", "webhooks"],
    &["cache", "ls", "webhooks", "-o", "json"],
    &["cache", "stats"],
    &["cache", "check"],
    &["cache", "get", "cidA=="],
    &["cache", "export", "export.jsonl"],
    &["completions", "bash"],
    &["listen", "--duration", "x"],
    &["replay", "nothing.jsonl"],
    &["--profile", "none", "config", "show"],
    &["--config", "broken0.toml", "config", "show"],
    &["--config", "broken1.toml", "-o", "json", "eval", "1"],
    &["--config", "broken2.toml", "doctor"],
];

fn keep(said: &Mutex<Vec<(String, String)>>, what: &str, done: &Finished) {
    let mut said = said.lock().unwrap();
    said.push((format!("{what}: stdout"), done.stdout.clone()));
    said.push((format!("{what}: stderr"), done.stderr.clone()));
}

fn everything(home: &Path, planted: &Planted, world: &World, gateway: &Gateway) -> Vec<(String, String)> {
    let said = Mutex::new(listened(home, gateway));
    let program =
        || Program::new(home).env("HTTPS_PROXY", format!("http://user:{}@127.0.0.1:1", planted.proxy));
    std::thread::scope(|scope| {
        for (number, line) in LINES.iter().enumerate() {
            let (said, program) = (&said, &program);
            // Most of them wait before they try again.
            scope.spawn(move || {
                let line = planted.fill(line);
                if let Some(fault) = FAULTS.get(number % 8) {
                    world.sandbox.fault(fault.on("o"));
                }
                let form = [&["-vvv"][..], &["-vvv", "-o", "json"]][number % 2];
                keep(said, &line, &program().run(form.iter().copied().chain(["eval", &line])));
                let script = home.join(format!("script{number}.rhai"));
                fs::write(&script, format!("fn f() {{\n{line}\n}}\nf()")).unwrap();
                for command in ["run", "check"] {
                    let done = program().run(["-vvv", command, script.to_str().unwrap()]);
                    keep(said, &format!("{command} {line}"), &done);
                }
                // What the user wrote is the user's.
                fs::remove_file(script).unwrap();
            });
        }
    });
    for args in COMMANDS {
        keep(&said, &args.join(" "), &program().run(*args));
    }
    said.into_inner().unwrap()
}

/// Receives a message with the address of a session, and keeps it.
fn listened(home: &Path, gateway: &Gateway) -> Vec<(String, String)> {
    let mut program = Program::new(home);
    let command = program.command().args(["-vvv", "listen", "--record", "record.jsonl", "--max-events", "1"]);
    let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut connection: Connection = gateway.accept();
    connection.push(message("m1", "cidA==", "u1", "你好"));
    let output = child.wait_with_output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let replayed = Program::new(home).run(["replay", "record.jsonl"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    vec![
        ("listen: stdout".into(), text(&output.stdout)),
        ("listen: stderr".into(), text(&output.stderr)),
        ("replay".into(), format!("{}{}", replayed.stdout, replayed.stderr)),
    ]
}

/// Types at a prompt. The screen is searched for what was not typed, the history for everything.
fn typed(home: &Path, planted: &Planted) -> String {
    let mut command = console(home);
    command.env("HTTPS_PROXY", format!("http://user:{}@127.0.0.1:1", planted.proxy));
    let mut window = Window::open(&command);
    window.at_prompt(1);
    let shown = [
        "app.get_depts()",
        "app.send_message((), \"hi\")",
        "%explain",
        "app.get_depts(999)",
        "%explain",
        "app",
        "%doctor",
        "%usage",
        "%journal",
        "%vars",
        "%events",
        "%who",
        "%tasks",
        "%set",
        "let t = app.get_user_access_token(\"authcode-manager4220\")",
        "t",
        "%explain",
        "%history",
        "help send_message",
    ];
    let mut number = 0;
    let mut answer = |line: &str| {
        number += 1;
        window.enter(line).at_prompt(number + 1)
    };
    let seen = shown.iter().map(|line| answer(line)).last().unwrap();
    for line in LINES.iter().filter(|line| line.contains("{typed}")) {
        answer(&planted.fill(line));
    }
    window.press(CTRL_D);
    assert_eq!(window.code(), 0);
    seen
}

#[test]
fn no_secret_is_written_anywhere() {
    let (world, gateway) = (World::new(), Gateway::new());
    let home = tempfile::tempdir().unwrap();
    let planted = Planted::new(&world);
    fs::write(home.path().join(CONFIGURATION), planted.configuration(&world, &gateway)).unwrap();
    let broken = |number: usize| home.path().join(format!("broken{number}.toml"));
    for (number, text) in planted.broken().iter().enumerate() {
        fs::write(broken(number), text).unwrap();
    }
    let mut said = everything(home.path(), &planted, &world, &gateway);
    let screen = typed(home.path(), &planted);
    (0..3).for_each(|number| fs::remove_file(broken(number)).unwrap());
    let issued = planted.with_issued(&world);
    said.push(("the screen".into(), screen));
    let mut leaks = Vec::new();
    for (place, text) in &said {
        leaks.extend(
            found(&issued, text.as_bytes()).into_iter().map(|secret| format!("{secret} in {place}:\n{text}")),
        );
    }
    for path in files(home.path()) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name == CONFIGURATION {
            continue;
        }
        let is_cache = name.starts_with(CACHE);
        let secrets = found(&issued, &fs::read(&path).unwrap());
        let secrets = secrets.into_iter().filter(|secret| !(is_cache && secret == "session"));
        leaks.extend(secrets.map(|secret| format!("{secret} in the file {}", path.display())));
    }
    let cached = fs::read(home.path().join(CACHE)).unwrap();
    assert_eq!(found(&issued, &cached), ["session"], "the one exception is one");
    println!("{} secrets, {} outputs, {} files", issued.len(), said.len(), files(home.path()).len());
    assert!(leaks.is_empty(), "{} leaks:\n{}", leaks.len(), leaks.join("\n"));
}

fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

#[test]
fn a_panic_tells_none() {
    let mut world = World::new();
    let ran = world.run("let t = AccessToken(\"tYp3d-S3cret\"); [t, app].map(|x| print(\"panic\"))");
    let problem = ran.problem();
    assert_eq!(problem.error.as_ref().unwrap().kind_name(), "bug");
    let text = format!("{:?} {:?} {}", problem.message, problem.hints, problem.to_json());
    assert!(!text.contains("tYp3d"), "{text}");
}

/// The search finds what it is for.
#[test]
fn the_search_finds_every_form() {
    let secret = [("s".to_owned(), "aB3$dE6&gH9=jK2/".to_owned())];
    for text in [
        "x aB3$dE6&gH9=jK2/ y",
        "x=aB3%24dE6%26gH9%3DjK2%2F",
        "YUIzJGRFNiZnSDk9aksyLw==",
        "Basic dXNlcjphQjMkZEU2JmdIOT1qSzIv",
        "aB3$dE6&\n  gH9=jK2/",
    ] {
        assert_eq!(found(&secret, text.as_bytes()), ["s"], "{text}");
    }
    assert!(found(&secret, b"aB3$ nothing else").is_empty());
}
