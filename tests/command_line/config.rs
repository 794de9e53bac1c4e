//! `config` and `doctor`.

use serde_json::Value;

use crate::support::{Program, World};

#[test]
fn where_it_is() {
    let world = World::new();
    let home = world.folder.path();
    Program::new(home).run(["config", "path"]).code(3).stdout("").says("dingraia config init");
    let file = world.file("dingraia.toml", "language = \"en\"\n");
    let expected = format!("{}\n", file.display());
    Program::new(home).run(["config", "path"]).code(0).stdout(&expected);
    world.program().run(["config", "path"]).code(0).stdout(&expected);
}

#[test]
fn each_value_with_its_origin_and_no_secret() {
    let world = World::new();
    world.file("dingraia.toml", "[pace]\ncalls_per_second = 7\n");
    let secret = world.sandbox.credentials().app_secret;
    let shown = world.program().run(["config", "show"]).code(0).stdout;
    let line = |key: &str| shown.lines().find(|line| line.starts_with(key)).unwrap_or_default().to_owned();
    assert!(
        line("pace.calls_per_second").contains('7')
            && line("pace.calls_per_second").contains("dingraia.toml")
    );
    assert!(line("bot.app_key").contains("DINGRAIA_APP_KEY"), "{}", line("bot.app_key"));
    assert!(line("bot.app_secret").contains("***") && !shown.contains(&secret), "{shown}");
    let json = world.program().run(["-o", "json", "config", "show"]).code(0).stdout;
    assert!(!json.contains(&secret));
    assert!(serde_json::from_str::<Value>(&json).unwrap().as_array().unwrap().len() > 10);
}

#[test]
fn a_bad_file_names_the_place() {
    let world = World::new();
    world.file("dingraia.toml", "\n[pace]\ncalls_per_second = \"many\"\n");
    world.program().run(["eval", "1"]).code(3).says("dingraia.toml:3").says("pace.calls_per_second");
    world.file("dingraia.toml", "[pase]\n");
    world.program().run(["eval", "1"]).code(3).says("pase").says("pace");
}

#[test]
fn a_misspelt_variable_protects_nobody() {
    let world = World::new();
    let ran = world.program().env("DINGRAIA_READONLY", "1").run(["eval", "app.get_depts().len()"]).code(3);
    ran.stdout("").says("DINGRAIA_READONLY").says("did you mean `DINGRAIA_READ_ONLY`?");
    assert!(world.sandbox.requests().is_empty());
}

#[test]
fn init_needs_a_terminal() {
    let world = World::new();
    let path = world.folder.path().join("new.toml");
    let ran = Program::new(world.folder.path()).run(["config", "init", "--path", path.to_str().unwrap()]);
    ran.code(3).stdout("").says("needs a terminal").says("DINGRAIA_APP_KEY");
    assert!(!path.exists());
    let there = world.file("there.toml", "");
    let ran = Program::new(world.folder.path()).run(["config", "init", "--path", there.to_str().unwrap()]);
    ran.code(3).says("is there already").says("--force");
}

#[test]
fn init_writes_nothing_but_files() {
    let world = World::new();
    let file = world.file("file", "");
    let below = file.join("deep/g.toml");
    let init = |path: &std::path::Path| {
        Program::new(world.folder.path()).run(["config", "init", "--force", "--path", path.to_str().unwrap()])
    };
    init(&below).code(3).says(&format!("{} is not a directory", file.display()));
    // A folder stands for a device: nothing that is no file is replaced, and no test may lose a device.
    init(world.folder.path()).code(3).says("is not a regular file");
}

#[test]
fn doctor_checks_each_thing() {
    let world = World::new();
    // The sandbox of a test lives at a fixed time, so the clocks agree only by the header.
    let ran = world.program().run(["doctor"]);
    let marks: Vec<&str> = ran.stdout.lines().map(|line| line.split(':').next().unwrap()).collect();
    assert_eq!(marks, ["ok  configuration", "ok  token", "ok  clock", "ok  cache"], "{ran:#?}");
    assert_eq!(ran.code, 0);
    let json = world.program().run(["-o", "json", "doctor"]).code(0).stdout;
    for line in json.lines() {
        assert_eq!(serde_json::from_str::<Value>(line).unwrap()["ok"], true, "{line}");
    }
}

#[test]
fn doctor_says_what_to_do() {
    let world = World::new();
    let ran = world.program().env("DINGRAIA_APP_SECRET", "wrong").run(["doctor"]).code(2);
    assert!(ran.stdout.contains("!!  token") && ran.stdout.contains("config show"), "{}", ran.stdout);
    let ran = world.program().env("DINGRAIA_API_BASE", "http://127.0.0.1:1").run(["doctor"]).code(6);
    assert!(ran.stdout.contains("!!  token") && !ran.stdout.contains("dingraia doctor"), "{}", ran.stdout);
    let foreign = world.file(
        "foreign.db",
        "this is no database, and it is longer than a header of one hundred bytes: ".repeat(4),
    );
    let ran = world.program().env("DINGRAIA_DATABASE", &foreign).run(["doctor"]).code(3);
    assert!(ran.stdout.contains("!!  cache"), "{}", ran.stdout);
    world.file("dingraia.toml", "nonsense = 1\n");
    let ran = world.program().run(["doctor"]).code(3);
    assert!(ran.stdout.contains("!!  configuration"), "{}", ran.stdout);
    let json: Value =
        serde_json::from_str(world.program().run(["-o", "json", "doctor"]).code(3).stdout.trim()).unwrap();
    assert_eq!(json["ok"], false);
}
