//! `main.rhai`, and project files that would lead credentials away.

use std::fs;

use crate::support::canned::Canned;
use crate::support::{Program, World};

#[test]
fn it_runs_once_it_is_trusted() {
    let world = World::new();
    world.file("main.rhai", "fn hello() { \"你好\" } let n = 5;");
    let eval = || world.program();
    eval()
        .run(["eval", "hello()"])
        .code(3)
        .stdout("")
        .says("main.rhai")
        .says("`--trust`")
        .says("`--no-init`");
    eval().run(["--no-init", "eval", "1"]).code(0).stdout("1\n");
    eval().run(["--trust", "eval", "hello() + n"]).code(0).stdout("你好5\n");
    eval().run(["eval", "hello()"]).code(0).stdout("你好\n");
    world.file("main.rhai", "fn hello() { \"变了\" }");
    eval().run(["eval", "hello()"]).code(3).stdout("").says("new or changed");
    eval().run(["--trust", "eval", "hello()"]).code(0).stdout("变了\n");
    eval().run(["--sandbox", "eval", "hello()"]).code(8).stdout("");
}

#[test]
fn one_that_fails_ends_it() {
    let world = World::new();
    let run = |script: &str| {
        world.file("main.rhai", script);
        let ran = world.program().run(["-o", "json", "--trust", "eval", "1"]).stdout("");
        if ran.stderr.is_empty() {
            return ran;
        }
        // One line of JSON, and the code in it is that of the program.
        let told: serde_json::Value = serde_json::from_str(&ran.stderr).unwrap_or_default();
        assert_eq!(told["error"]["exit_code"], ran.code, "{ran:#?}");
        ran
    };
    run("nope").code(8).says("no variable `nope`").says("`--no-init`");
    for script in ["throw 5", "let x = ;", "fn f() { app.nonsense() } f()"] {
        run(script).code(8);
    }
    run("app.get_depts(999)").code(1);
    run("Dingtalk(Config(#{bot: 1}))").code(3);
    run("exit(4); nope").code(4);
    run("exit(0); nope").code(0);
    world.sandbox.grant_only(&[]);
    run("app.get_depts()").code(4);
    world.program().env("DINGRAIA_APP_SECRET", "wrong").run(["--trust", "eval", "1"]).code(2);
    let nowhere = || world.program().env("DINGRAIA_API_BASE", "http://127.0.0.1:1");
    nowhere().run(["--trust", "eval", "1"]).code(6).says("not sent").says("main.rhai");
    let ran = nowhere().run(["doctor"]).code(6);
    assert!(ran.stdout.contains("!!  main.rhai: ") && !ran.stderr.contains("main.rhai"), "{ran:#?}");
}

#[test]
fn it_is_read_as_scripts_are() {
    let world = World::new();
    world.file("main.rhai", "\u{feff}#!/usr/bin/env dingraia\nlet n = 5;");
    world.program().run(["--trust", "eval", "n"]).code(0).stdout("5\n");
}

#[cfg(unix)]
#[test]
fn a_signal_ends_it() {
    use std::io::{BufRead as _, BufReader};
    use std::process::{Command, Stdio};

    let world = World::new();
    world.file("main.rhai", "print(\"go\"); loop {}");
    for signal in ["-INT", "-TERM", "-HUP"] {
        let mut program = world.program();
        let command = program.command().args(["--trust", "-o", "json", "eval", "1"]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut String::new()).unwrap();
        assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
        let output = child.wait_with_output().unwrap();
        let told: serde_json::Value = serde_json::from_slice(&output.stderr).unwrap();
        assert_eq!((output.status.code(), &told["error"]["exit_code"]), (Some(130), &130.into()), "{told}");
    }
}

#[test]
fn it_can_be_the_configuration() {
    let world = World::new();
    let (endpoints, credentials) = (&world.session.config.endpoints, world.sandbox.credentials());
    let script = format!(
        r#"let app = Dingtalk(Config(#{{
               bot: Bot("{}", "{}"), raiseForApiError: false,
               endpoints: #{{api: "{}", oapi: "{}"}},
           }}));"#,
        credentials.app_key, credentials.app_secret, endpoints.api, endpoints.oapi
    );
    world.file("main.rhai", script);
    let bare = || Program::new(world.folder.path());
    let ran = bare()
        .run(["--trust", "eval", r#"fn f() { app.get_user("manager4220").name } f()"#])
        .code(0)
        .stdout("林晓\n");
    assert_eq!(ran.stderr, "");
    bare().run(["eval", "app.get_depts(999).errcode"]).code(0).stdout("60003\n");
    let calls = world.sandbox.requests().len();
    assert!(calls > 0);
    assert!(world.folder.path().join("Dingraia_cache.db").is_file());
    // `--sandbox` is the practice organisation, whatever the folder says.
    bare().run(["--sandbox", "eval", "app.get_depts().len()"]).code(0).stdout("3\n");
    assert_eq!(world.sandbox.requests().len(), calls);
}

#[test]
fn credentials_do_not_follow_a_project_file() {
    let world = World::new();
    let (api, oapi) = (Canned::json(serde_json::json!({})), Canned::json(serde_json::json!({})));
    let file = world
        .file("dingraia.toml", format!("[endpoints]\napi = \"{}\"\noapi = \"{}\"\n", api.url(), oapi.url()));
    let lent = || {
        Program::new(world.folder.path()).env("DINGRAIA_APP_KEY", "k").env("DINGRAIA_APP_SECRET", "S3CRET")
    };
    let seen = || api.seen().len() + oapi.seen().len();
    for args in [&["eval", "app.get_depts()"][..], &["doctor"], &["eval", "1"]] {
        let ran = lent().run(args).code(3);
        let said = format!("{}{}", ran.stdout, ran.stderr);
        assert!(said.contains("endpoints.api") && said.contains("bot.app_"), "{said}");
        assert!(!said.contains("S3CRET"), "{said}");
    }
    assert_eq!(seen(), 0, "something was sent to hosts that nobody trusts");
    // Trusted, it is; and remembered, until it changes.
    lent().run(["--trust", "eval", "app.get_depts()"]).code(6);
    assert!(seen() > 0);
    lent().run(["eval", "1"]).code(0);
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text + "# changed\n").unwrap();
    lent().run(["eval", "1"]).code(3);
    // A file that brings its own credentials lends nobody's.
    fs::write(
        &file,
        format!("[bot]\napp_key = \"k\"\napp_secret = \"own\"\n[endpoints]\napi = \"{}\"\n", api.url()),
    )
    .unwrap();
    Program::new(world.folder.path()).run(["eval", "1"]).code(0);
}
