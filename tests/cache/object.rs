//! The object `cache` in scripts.

use std::fs;
use std::time::{Duration, Instant};

use dingraia::cache::{Cache, RobotSeen, Table};
use dingraia::script::CACHE;
use serde_json::{Value, json};

use crate::support::{NOW, RELEASE, World};

const SECRET: &str = "https://oapi.dingtalk.com/robot/sendBySession?session=hushhush";

/// A world whose cache holds the small organisation, a group and a webhook.
fn filled() -> World {
    let mut world = World::new();
    world.run(r#"app.warm(#{departments: true, users: true, groups: ["cidSandboxRelease0001=="]})"#).view();
    world.session.cache.save_robot_message(&RobotSeen {
        conversation_id: RELEASE,
        title: "发布小组",
        sender_id: "$:LWCP_v1:$abc",
        sender_name: "林晓",
        sender_staff_id: "manager4220",
        webhook_url: SECRET,
        webhook_expired: NOW as f64 + 60_000.0,
        ..RobotSeen::default()
    });
    world
}

#[test]
fn every_example_runs() {
    for word in CACHE {
        let mut world = filled();
        let folder = world.folder.path().display().to_string();
        let example = word.example.replace("(\"backup", &format!("(\"{folder}/backup"));
        let example = example.replace("(\"cache.jsonl", &format!("(\"{folder}/cache.jsonl"));
        let ran = world.run(&example);
        assert!(ran.is_value(), "{}: {}", word.name, ran.problem().message.en);
        assert!(!word.doc.en.is_empty() && !word.doc.zh.is_empty());
    }
}

#[test]
fn tables_are_lists() {
    let mut world = filled();
    world.run("cache.users().count()").gives(json!(12));
    world.run("let names = []; for u in cache.users() { names.push(u.name) } names.len").gives(json!(12));
    world
        .run("cache.users().filter(|u| u.name.starts_with(\"林\")).map(|u| u.staffId)")
        .gives(json!(["manager4220"]));
    world.run("cache.users().find(|u| u.name == \"张伟\").staffId").gives(json!("0110000001"));
    world
        .run("cache.users().first(3).len + cache.users().take(2).len + cache.users().slice(8, 5).len")
        .gives(json!(9));
    world.run("cache.groups().first().name").gives(json!("发布小组"));
    world.run("cache.files().first()").gives(Value::Null);
    world.run("let seen = 0; cache.users().for_each(|u| seen += 1); seen").gives(json!(12));
    let shown = world.run("cache.groups()").json();
    assert_eq!(shown[0]["openConversationId"], RELEASE);
    world.run("cache.users().first(-1)").fails("argument", "0 or more");
    // `cache` is seen everywhere, as `app` is; and a variable of that name comes first.
    world
        .run("fn how_many() { cache.users().count() } [1].map(|x| how_many() + cache.groups().count())")
        .gives(json!([13]));
    world.run("{ let cache = 7; cache }").gives(json!(7));
    world.run("app.cache.users().count()").gives(json!(12));
}

#[test]
fn a_long_table_is_walked_through() {
    let mut world = World::new();
    for n in 0..1001 {
        super::save_user(&world.session.cache, &format!("u{n}"), "N");
    }
    world.run("cache.users().to_string()").prints("<1001 users>");
    world.run("let n = 0; for u in cache.users() { n += 1; } n").gives(json!(1001));
    world.run("cache.users().to_array().len").gives(json!(1001));
}

#[test]
fn one_of_them() {
    let mut world = filled();
    for x in [
        "\"manager4220\"",
        "\"林晓\"",
        "Member(\"manager4220\")",
        "cache.user(\"林晓\").unionId",
        "cache.user(\"林晓\").id",
    ] {
        world.run(&format!("cache.user({x}).staffId")).gives(json!("manager4220"));
    }
    for x in ["\"cidSandboxRelease0001==\"", "\"发布小组\"", "Group(\"cidSandboxRelease0001==\")"] {
        world.run(&format!("cache.group({x}).openConversationId")).gives(json!(RELEASE));
    }
    world.run("cache.department(110).name + cache.department(\"前端组\").id").gives(json!("前端组110"));
    world
        .run("[cache.user(\"nobody\"), cache.group(\"manager4220\"), cache.age(\"x\")]")
        .gives(json!([null, null, null]));
    world.run("cache.user([])").fails("argument", "cache.user: `argument 1` must be");
    world.run("cache.find(7)").fails("argument", "cache.find: `argument 1` must be text, got 7");
    world.run("cache.users(#{secret: true})").fails("argument", "did you mean `secrets`?");
    world.clock.advance(90_000);
    world.run("cache.age(\"manager4220\")").gives(json!(90.0));
    let card = world.run("cache.show(\"manager4220\")").json();
    assert_eq!(
        (&card["age"], &card["fresh"], &card["source"]),
        (&json!(90), &json!(true), &json!("get_user"))
    );
    world.clock.advance(3_600_000);
    world.run("cache.show(\"manager4220\").fresh").gives(json!(false));
}

#[test]
fn departments_make_a_tree() {
    let mut world = filled();
    world.run("cache.path(110)").gives(json!("研发部/前端组"));
    let tree = world.run("cache.tree()").printed;
    assert_eq!(
        tree,
        "organisation (1, 1 people)\n├─ 研发部 (100, 3 people)\n│  └─ 前端组 (110, 2 people)\n├─ 市场部 (200, 4 people)\n\
         └─ 行政部 (300, 3 people)\n"
    );
}

#[test]
fn sql_only_reads_and_shows_no_secret() {
    let mut world = filled();
    world
        .run("cache.sql(\"select name from user_info where staffId = ?\", [\"manager4220\"])")
        .gives(json!([{"name": "林晓"}]));
    world
        .run("cache.sql(\"select count(*) as n from user_info where name = ?\", [\"' or 1 = 1 --\"])")
        .gives(json!([{"n": 0}]));
    for sql in [
        "delete from user_info",
        "attach 'x.db' as x",
        "pragma user_version = 9",
        "update user_info set name = ''",
    ] {
        world.run(&format!("cache.sql(\"{sql}\")")).fails("cache", "only statements that read");
    }
    world.run("cache.users().count()").gives(json!(12));
    // However it is asked.
    for sql in [
        "select url from webhooks",
        "select url as x from webhooks",
        "select max(w.url) as u from webhooks w",
        "select * from webhooks",
    ] {
        let rows = world.run(&format!("cache.sql(\"{sql}\")")).json();
        assert!(!rows.to_string().contains("hush") && rows.as_array().unwrap().len() == 1, "{rows}");
    }
    let masked = world.run("cache.webhooks()").json();
    assert_eq!(masked[0]["url"], "***");
    world.run("cache.webhooks(#{secrets: true}).first().url").gives(json!(SECRET));
}

#[test]
fn rows_are_forgotten_and_tables_cleared() {
    let mut world = filled();
    world
        .run("[cache.forget(\"manager4220\"), cache.user(\"manager4220\"), cache.forget(\"nobody\")]")
        .gives(json!([1, null, 0]));
    world.run("cache.forget(\"cidSandboxRelease0001==\")").gives(json!(1));
    world.run("cache.forget(110)").gives(json!(1));
    let refused = world.run("cache.clear(\"users\")");
    assert!(refused.problem().hints[0].en.contains("yes: true"));
    world.run("cache.clear(\"users\", #{yes: true})").gives(json!(11));
    world.run("cache.users().count()").gives(json!(0));
    world.run("cache.find(\"zhang\")").gives(json!([]));
    world.run("cache.clear(\"usrs\", #{yes: true})").fails("usage", "no table `usrs`");
    // The triggers are back.
    super::save_user(&world.session.cache, "u1", "周周");
    world.run("cache.find(\"zz\").map(|found| found.id)").gives(json!(["u1"]));
}

#[test]
fn an_export_comes_back() {
    let mut world = filled();
    let file = world.folder.path().join("x.jsonl");
    let path = file.display();
    let rows = world.run(&format!("cache.export(\"{path}\")")).json();
    let text = fs::read_to_string(&file).unwrap();
    assert_eq!(rows, text.lines().count() as u64 - 1);
    assert!(!text.contains("hush") && text.contains("林晓"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let before = world.run("cache.users().to_array()").json();
    world.run("for t in [\"users\", \"groups\", \"departments\"] { cache.clear(t, #{yes: true}); }").view();
    world.run(&format!("cache.import(\"{path}\")")).gives(json!({"read": rows, "written": 18}));
    assert_eq!(world.run("cache.users().to_array()").json(), before);
    world.run("cache.path(110)").gives(json!("研发部/前端组"));
    world.run(&format!("cache.import(\"{path}\").written")).gives(json!(0));
    // What the cache has newer stays.
    world.clock.advance(1000);
    super::save_user(&world.session.cache, "manager4220", "新名");
    world.run(&format!("cache.import(\"{path}\").written")).gives(json!(0));
    world.run("cache.user(\"manager4220\").name").gives(json!("新名"));
    // With secrets, on another machine.
    world.run(&format!("cache.export(\"{path}\", #{{secrets: true}})")).view();
    let mut other = World::new();
    other
        .run(&format!("cache.import(\"{path}\"); cache.webhooks(#{{secrets: true}}).first().url"))
        .gives(json!(SECRET));
    let wrong = world.file("wrong.jsonl", "{\"dingraia_cache\":1}\n{\"table\":\"users\",\"row\":{\"staffId\":\"a\",\"name\":\"A\"}}\nnonsense\n");
    other.run(&format!("cache.import(\"{}\")", wrong.display())).fails("usage", "wrong.jsonl:3 is no row");
    other.run("cache.user(\"a\").name").gives(json!("A"));
    other.run("cache.import(\"nowhere.jsonl\")").fails("file", "no such file");
}

#[test]
fn a_backup_is_a_whole_cache() {
    let mut world = filled();
    let file = world.folder.path().join("b.db");
    world.run(&format!("cache.backup(\"{}\")", file.display())).view();
    let copy = Cache::open(&file, super::clock());
    assert_eq!((copy.count_rows(Table::Users), copy.take_notices().len()), (12, 0));
    world.run(&format!("cache.backup(\"{}\")", file.display())).fails("file", "exists");
    assert!(copy.check().unwrap().complaints.is_empty());
}

/// Waits until `source` gives true.
#[track_caller]
fn becomes_true(world: &mut World, source: &str) {
    let end = Instant::now() + Duration::from_secs(20);
    while world.run(source).json() != json!(true) {
        assert!(Instant::now() < end, "{source} never became true");
        std::thread::yield_now();
    }
}

#[test]
fn changes_are_told_whoever_makes_them() {
    let mut world = filled();
    world.run("let seen = []; let task = cache.on_change(|change| seen.push(change));").view();
    super::save_user(&world.session.cache, "u1", "自己");
    let path = world.folder.path().join("Dingraia_cache.db");
    let python = rusqlite::Connection::open(path).unwrap();
    python.execute("update user_info set name = '别人' where staffId = 'u1'", []).unwrap();
    python.execute("delete from group_info", []).unwrap();
    becomes_true(&mut world, "seen.len == 3");
    world.run("seen.map(|c| [c.table, c.op, c.key, c.name])").gives(json!([
        ["users", "insert", "u1", "自己"],
        ["users", "update", "u1", "别人"],
        ["groups", "delete", RELEASE, "发布小组"]
    ]));
    world.run("[seen[1].row.name, seen[2].row]").gives(json!(["别人", null]));
    world.run("task.cancel()").view();
    becomes_true(&mut world, "task.done");
}

#[test]
fn figures() {
    let mut world = filled();
    world.run("app.get_user(\"manager4220\"); app.get_user(\"manager4220\", #{using_cache: false});").view();
    let stats = world.run("cache.stats()").json();
    assert_eq!(
        (&stats["mode"], &stats["rows"]["users"], &stats["hits"], &stats["misses"]),
        (&json!("file"), &json!(12), &json!(1), &json!(1))
    );
    assert!(stats["bytes"].as_u64().unwrap() > 10_000 && stats["hit_rate"] == 0.5);
    let tables = world.run("cache.tables().map(|t| t.table)").json();
    assert_eq!(tables, json!(["users", "groups", "departments", "webhooks", "files", "counts"]));
    world
        .run("cache.schema().some(|row| row.name == \"user_info\" && row.sql.contains(\"BIGINT\"))")
        .gives(json!(true));
}
