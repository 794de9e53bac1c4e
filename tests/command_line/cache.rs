//! `dingraia cache …`: the cache from the shell.

use std::fs;

use serde_json::Value;

use crate::support::{Program, World};

/// A world whose cache file holds the small organisation.
fn filled() -> World {
    let mut world = World::new();
    world.run("app.warm(#{departments: true, users: true})").view();
    world
}

fn cache(world: &World) -> Program {
    world.program().env("DINGRAIA_DATABASE", world.folder.path().join("Dingraia_cache.db"))
}

/// Each line as JSON.
fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}"))).collect()
}

#[test]
fn lists_in_every_form() {
    let world = filled();
    let table = cache(&world).run(["cache", "ls", "users", "-n", "2"]).code(0);
    assert!(table.stdout.contains("staffId") && table.stderr.contains("2 of 12 rows"), "{table:#?}");
    let json = cache(&world).run(["cache", "ls", "users", "-o", "json"]).code(0);
    let rows = lines(&json.stdout);
    assert_eq!((rows.len(), &rows[0]["info"]["userid"]), (12, &rows[0]["staffId"]));
    let csv = cache(&world).run(["cache", "ls", "departments", "-o", "csv"]).code(0);
    let first: Vec<&str> = csv.stdout.lines().take(1).collect();
    assert_eq!(first, ["name,id,parent,position,timeStamp,listed,members,counted,info"]);
    assert!(csv.stdout.contains("研发部,100,1,"), "{csv:#?}");
    let overview = cache(&world).run(["cache", "ls"]).code(0);
    assert!(
        overview.stdout.contains("departments") && !overview.stdout.contains("this session"),
        "{overview:#?}"
    );
    cache(&world).run(["cache", "ls", "usrs"]).code(3).says("did you mean `users`?");
    let chinese = cache(&world).run(["--lang", "zh", "cache", "ls"]).code(0);
    assert!(chinese.stdout.contains("最近更新"), "{chinese:#?}");
}

#[test]
fn finds_and_shows() {
    let world = filled();
    let found = cache(&world).run(["cache", "find", "lx", "-o", "csv"]).code(0);
    assert!(found.stdout.starts_with("kind,name,id,timeStamp\r\nuser,林晓,manager4220,"), "{found:#?}");
    cache(&world).run(["cache", "find", "nobody"]).code(0).stdout("");
    let card = cache(&world).run(["cache", "get", "林晓", "-o", "json"]).code(0);
    assert_eq!(lines(&card.stdout)[0]["staffId"], "manager4220");
    cache(&world).run(["cache", "get", "nobody"]).code(3).says("knows nothing of `nobody`");
    let sql = [
        "cache",
        "sql",
        "select name, 1 as one from user_info where staffId = ?",
        "manager4220",
        "-o",
        "json",
    ];
    cache(&world).run(sql).code(0).stdout("{\"name\":\"林晓\",\"one\":1}\n");
    cache(&world).run(["cache", "sql", "drop table user_info"]).code(3).says("only statements that read");
}

#[test]
fn moves_and_mends() {
    let world = filled();
    let file = world.folder.path().join("x.jsonl");
    let name = file.display().to_string();
    cache(&world).run(["cache", "export", &name]).code(0).says("rows written to");
    let piped = cache(&world).run(["cache", "export", "-"]).code(0);
    assert_eq!(piped.stdout, fs::read_to_string(&file).unwrap());
    cache(&world).run(["cache", "clear", "users"]).code(3).says("`--yes` does it without asking");
    cache(&world).run(["cache", "clear", "users", "--yes"]).code(0).says("12 rows of `users` deleted");
    cache(&world).run(["cache", "import", &name]).code(0).says("17 rows read, 12 written");
    let stats = cache(&world).run(["cache", "stats", "-o", "json"]).code(0);
    assert_eq!(lines(&stats.stdout)[0]["stats"]["rows"]["users"], 12);
    let check = cache(&world).run(["cache", "check"]).code(0);
    assert!(check.stdout.starts_with("sound: "), "{check:#?}");
    // A page in the middle is overwritten.
    let path = world.folder.path().join("Dingraia_cache.db");
    drop(world.session.cache.check());
    let plain = rusqlite::Connection::open(&path).unwrap();
    plain.query_row("pragma wal_checkpoint(truncate)", [], |_| Ok(())).unwrap();
    drop(plain);
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2 / 4096 * 4096;
    bytes[middle..middle + 8192].fill(0xa5);
    fs::write(&path, bytes).unwrap();
    cache(&world).run(["cache", "check"]).code(3);
}

#[test]
fn a_file_that_is_not_there_is_not_made() {
    let world = World::new();
    let path = world.folder.path().join("none/Dingraia_cache.db");
    let program = || world.program().env("DINGRAIA_DATABASE", &path);
    program().run(["cache", "ls", "users"]).code(0).stdout("").says("no cache file yet");
    program().run(["cache", "path"]).code(0).stdout(&format!("{}\n", path.display()));
    assert!(!path.exists() && !path.parent().unwrap().exists());
}

#[test]
fn the_sandbox_uses_a_file_that_was_named() {
    let world = World::new();
    let warm = "app.warm(#{departments: true, users: true}).calls";
    cache(&world).run(["--sandbox", "-q", "eval", warm]).code(0);
    let found = cache(&world).run(["--sandbox", "cache", "find", "zhangw", "-o", "json"]).code(0);
    assert_eq!(lines(&found.stdout)[0]["id"], "0110000001");
}

#[test]
fn a_budget_of_the_environment_holds() {
    let world = World::new();
    let spend = "app.get_depts(); app.get_depts(100)";
    let stopped = cache(&world).env("DINGRAIA_BUDGET", "1").run(["-q", "eval", spend]);
    assert!(stopped.code == 3 && stopped.stderr.contains("budget"), "{stopped:#?}");
    cache(&world).env("DINGRAIA_BUDGET", "many").run(["-q", "eval", "1"]).code(3).says("$DINGRAIA_BUDGET");
}

#[test]
fn a_file_that_cannot_be_used_is_no_empty_cache() {
    let world = filled();
    let (good, file) = (world.folder.path().join("good.jsonl"), world.folder.path().join("broken.db"));
    let good = good.to_str().unwrap();
    cache(&world).run(["cache", "export", good]).code(0);
    fs::write(&file, "no database").unwrap();
    for command in [
        &["ls", "users"][..],
        &["find", "lx"],
        &["stats"],
        &["export", "-"],
        &["import", good],
        &["clear", "users", "--yes"],
    ] {
        let program = world.program().env("DINGRAIA_DATABASE", &file);
        let done = program.run([&["-q", "cache"], command].concat()).code(3);
        assert!(done.stdout.is_empty() && done.stderr.contains("not a SQLite database"), "{done:#?}");
    }
    assert_eq!(fs::read_to_string(&file).unwrap(), "no database");
}

#[test]
fn a_budget_that_no_file_keeps_is_told_of_once() {
    let world = World::new();
    let folder = world.folder.path().join("no");
    fs::write(&folder, "").unwrap();
    let told = "`usage.budget` holds for this run alone";
    let count = |text: &str| text.matches(told).count();
    for (name, value) in [("DINGRAIA_USE_DATABASE", "false"), ("DINGRAIA_DATABASE", "no/x.db")] {
        let limited = || world.program().env(name, value).env("DINGRAIA_BUDGET", "9");
        let ran = limited().run(["eval", "app.get_depts().len(); app.get_depts().len()"]).code(0);
        assert_eq!(count(&ran.stderr), 1, "{ran:#?}");
        assert_eq!(count(&limited().run(["--sandbox", "eval", "1"]).code(0).stderr), 0);
        let free = world.program().env(name, value).run(["eval", "app.get_depts().len()"]).code(0);
        assert_eq!(count(&free.stderr), 0, "{free:#?}");
    }
    let kept = cache(&world).env("DINGRAIA_BUDGET", "9").run(["eval", "app.get_depts().len()"]).code(0);
    assert_eq!(count(&kept.stderr), 0, "{kept:#?}");
}
