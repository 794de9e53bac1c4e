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
    world.file("main.rhai", "nope");
    world
        .program()
        .run(["--trust", "eval", "1"])
        .code(3)
        .stdout("")
        .says("no variable `nope`")
        .says("`--no-init`");
    world.file("main.rhai", "exit(4)");
    world.program().run(["--trust", "eval", "1"]).code(3).says("called exit");
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
