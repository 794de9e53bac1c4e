//! `dingraia check`: what is wrong with a script, without running it.

use dingraia::api::methods;
use dingraia::script::{BUILTINS, CACHE};
use serde_json::{Value, json};

use crate::support::{Finished, Program, World};

/// Checks `source` as a file of its own.
fn checked(source: &str) -> Value {
    let home = tempfile::tempdir().unwrap();
    let found = Program::new(home.path()).input(source).run(["-o", "json", "check", "-"]);
    assert_eq!(found.stderr, "");
    let report: Value = serde_json::from_str(&found.stdout).unwrap_or_else(|_| panic!("{found:#?}"));
    assert_eq!(found.code, if report["ok"] == true { 0 } else { 3 });
    assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 0, "it wrote something");
    report
}

/// Line, column and text of each problem.
fn problems(source: &str) -> Vec<(u64, u64, String)> {
    let report = checked(source);
    let problems = report["problems"].as_array().unwrap().iter();
    problems
        .map(|problem| {
            let hint = problem["hint"].as_str().unwrap();
            let text = format!("{} | {hint}", problem["message"].as_str().unwrap());
            (problem["line"].as_u64().unwrap_or(0), problem["column"].as_u64().unwrap_or(0), text)
        })
        .collect()
}

/// `source` has exactly these problems: line, column, a part of the text.
#[track_caller]
fn wrong(source: &str, expected: &[(u64, u64, &str)]) {
    let found = problems(source);
    let fits = found.len() == expected.len()
        && found.iter().zip(expected).all(|(found, expected)| {
            (found.0, found.1) == (expected.0, expected.1) && found.2.contains(expected.2)
        });
    assert!(fits, "{source}\n{found:#?}\nexpected {expected:#?}");
}

#[test]
fn every_mistake_has_its_place() {
    for (source, expected) in [
        ("app.get_usr(\"u\")", &[(1, 5, "did you mean `get_user`?")][..]),
        ("let a = app;\nlet b = a;\nb.mute_al(\"cid1==\")", &[(3, 3, "no method `mute_al`")]),
        ("app.get_user()", &[(1, 5, "`userId` is missing")]),
        ("app.get_user(())", &[(1, 14, "`userId` is missing")]),
        ("app.get_user(\"u\", 2)", &[(1, 5, "takes at most 1 argument by position, got 2")]),
        (
            "app.get_user(\"u\", #{ langauge: \"zh_CN\", using_cach: true })",
            &[(1, 22, "did you mean `language`?"), (1, 41, "did you mean `using_cache`?")],
        ),
        (
            "app.get_user(\"u\", #{ language: \"fr\" })",
            &[(1, 32, "must be \"zh_CN\" or \"en_US\", got \"fr\"")],
        ),
        ("app.get_user(\"u\", #{ language: 1 })", &[(1, 32, "must be \"zh_CN\"")]),
        (
            "app.mute_all(\"x\", #{ api: \"v2\" })",
            &[(1, 14, "a conversation id"), (1, 27, "\"legacy\" or \"v1\"")],
        ),
        ("app.api.get(\"https://x\")", &[(1, 13, "a path that begins with /")]),
        ("app.oapi.pots(\"/x\")", &[(1, 10, "did you mean `post`?")]),
        ("app.push(1)", &[(1, 5, "no method `push`")]),
        ("cache.push(1)", &[(1, 7, "no method `push`")]),
        ("app.get_depts;", &[(1, 5, "it is a method: app.get_depts(")]),
        ("Membr(\"u\")", &[(1, 1, "did you mean `Member`?")]),
        ("Markdown()", &[(1, 1, "`text` is missing")]),
        ("let x = 1;\nprint(y);", &[(2, 7, "no variable `y`")]),
        ("print(`a ${nope} b`)", &[(1, 12, "no variable `nope`")]),
        // A function does not see the variables of the file.
        ("let x = 1;\nfn f() { x }\nf()", &[(2, 10, "no variable `x`")]),
        ("fn f(a) { a }\nf()", &[(2, 1, "no function `f()`")]),
        ("fn f(a) { a }\nf(1, 2)", &[(2, 1, "it can be called as `f(a)`")]),
        ("[1].map(|x| x + z)", &[(1, 17, "no variable `z`")]),
        ("\"a\".to_uper()", &[(1, 5, "did you mean `to_upper`?")]),
        ("cache.fnd(\"x\")", &[(1, 7, "did you mean `find`?")]),
        ("cache.user()", &[(1, 7, "it is called as `cache.user(x)`")]),
        ("cache.stats(1, 2)", &[(1, 7, "`cache.stats` is not called with 2 arguments")]),
        ("File(\"a\").hight", &[(1, 11, "a File has no field `hight` | did you mean `height`?")]),
        ("AICard().txt", &[(1, 10, "an AICard has no field `txt`")]),
        ("ActionCard(\"a\", \"b\").title", &[(1, 22, "an ActionCard has no field `title`")]),
        ("AICard().set_response(1, 2, 3, 4, 5, 6)", &[(1, 10, "set_response")]),
        ("Member(\"a\").get_user()", &[(1, 13, "get_user")]),
        ("MessageChain(\"a\").add(1, 2, 3)", &[(1, 19, "no function `add(MessageChain, int, int, int)`")]),
        ("cache.users(#{ secret: true })", &[(1, 16, "cache.users: no parameter `secret`")]),
        ("parallel([1], |x| x, #{ limits: 2 })", &[(1, 25, "did you mean `limit`?")]),
        ("on(\"GroupMessge\", |event| 1)", &[(1, 4, "did you mean `GroupMessage`?")]),
        ("on(\"GroupMessage\", |event| event.app.get_usr(\"u\"))", &[(1, 38, "no method `get_usr`")]),
        (
            "fn tell(client, who) { client.send_mesage(who, 1) }\ntell(app, 1); tell(app, 2)",
            &[(1, 31, "`send_message`")],
        ),
        ("fn a(x) { b(x) }\nfn b(y) { y.get_usr(1) }\na(app)", &[(2, 13, "`get_user`")]),
        ("let own = Dingtalk();\nown.get_usr(1)", &[(2, 5, "`get_user`")]),
        ("if true { app.get_usr(1) } else { while true { app.get_usrs(1) } }", &[(1, 15, ""), (1, 52, "")]),
    ] {
        wrong(source, expected);
    }
}

/// Of native functions, of times, routes and the fields of what is made here.
#[test]
fn arguments_that_stand_there_are_looked_at() {
    for (source, expected) in [
        ("print(\"a\", \"b\")", &[(1, 1, "no function `print(text, text)`")][..]),
        ("sleep(\"1s\")", &[(1, 1, "it can be called as `sleep(")]),
        ("sleep(`${1}s`)", &[(1, 1, "no function `sleep(text)`")]),
        ("parallel(1, |x| x)", &[(1, 1, "no function `parallel(int, function)`")]),
        ("parallel([1], 5)", &[(1, 1, "no function `parallel(list, int)`")]),
        ("app.dry_run(5)", &[(1, 13, "must be a function")]),
        ("app.create_task([1])", &[(1, 17, "must be a function")]),
        ("route(\"x\", |r| 1)", &[(1, 7, "a path such as")]),
        ("route(\"post /\", |r| 1)", &[(1, 7, "a path such as")]),
        ("app.at(\"25:99\", || 1)", &[(1, 8, "must be a time of day such as")]),
        ("at(\"25:99\", || 1)", &[(1, 4, "must be a time of day such as")]),
        ("app.every(\"abc\", || 1)", &[(1, 11, "got \"abc\"")]),
        ("every(0, || 1)", &[(1, 7, "got 0")]),
        ("every(5, 1)", &[(1, 10, "must be a function")]),
        ("Member(\"x\").nam", &[(1, 13, "a Member has no field `nam` | did you mean `name`?")]),
        ("let m = Group(\"cid1==\"); m.nme = 1", &[(1, 28, "a Group has no field `nme`")]),
    ] {
        wrong(source, expected);
    }
}

#[test]
fn every_syntax_error_is_told() {
    wrong(
        "let a = ;\nfn f(x) {\n  let b = f(1 2);\n  app.get_usr(b)\n}\nlet = 3;\nprint(“x”);",
        &[(1, 9, ""), (3, 15, ""), (4, 7, "no method `get_usr`"), (6, 5, ""), (7, 7, "the language writes")],
    );
}

/// The lines of the tour and of the README, each a statement of one file.
#[test]
fn what_is_documented_is_right() {
    let read =
        |name| std::fs::read_to_string(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap();
    let is_code = |line: &&str| !line.starts_with(['%', '/']) && !line.ends_with('?') && *line != "help";
    let tour: Vec<String> = read("history.example")
        .lines()
        .filter(is_code)
        .map(|line| if line.starts_with("fn ") { format!("{line}\n") } else { format!("{line};\n") })
        .collect();
    assert!(tour.len() > 25);
    wrong(&tour.concat().replace("it.name", "let it = #{}; it.name"), &[]);
    let readme = read("README.md");
    let typed = readme.lines().filter(|line| line.starts_with("dingraia["));
    let inputs: Vec<&str> = typed.filter_map(|line| Some(line.split_once("> ")?.1)).filter(is_code).collect();
    assert!(inputs.len() > 8);
    let found = problems(&inputs.iter().map(|input| format!("{input};\n")).collect::<String>());
    let texts: Vec<&str> = found.iter().map(|one| one.2.as_str()).collect();
    assert!(matches!(texts[..], [only] if only.contains("`get_usr`")), "{texts:#?}");
}

/// What is not certain is no mistake.
#[test]
fn what_is_right_is_left_alone() {
    for source in [
        "let options = #{ using_cache: false };\napp.get_user(\"u\", options)",
        "let a = app; a = 5; a.anything",
        "fn f(x) { x.whatever_it_is }\nf(app.get_user(\"u\")); f(1)",
        "let f = |x| x + 1;\nf.call(1)",
        "let m = #{ greet: |x| x };\nm.greet(1)",
        "const LIMIT = 3;\nfn f() { global::LIMIT }\nf()",
        "eval(\"let z = 1\"); z + unknown(1)",
        "import \"other\" as o;\no::run(1).something()",
        "try { throw 1 } catch (e) { print(e) }",
        "for (x, i) in [1] { print(x + i) }",
        "switch 1 { 1 => print(1), 2..5 => print(2), _ => print(3) }",
        "fn twice() { this * 2 }\n4.twice()",
        "let n = 0; let add = || n += 1; add.call(); n",
        "print(ARGS.len())",
        "app.send_message((), \"x\")",
        "print(app.to_string() + cache.to_string() + app.type_of())",
        "app.send_message(\"cid1==\", \"a\", \"b\", Markdown(\"c\"))",
        "app.sendMessage(\"cid1==\", \"a\", #{ \"x-h\": \"1\" })",
        "app.with_access_token(\"t\", || app.get_depts())",
        "let list = [app]; list[0].get_anything",
        "#!/usr/bin/env dingraia\nprint(1)",
        "print(); print(()); print(1); print('a'); print([1]); print(#{}); print(|| 1); debug(1.5)",
        "sleep(1); sleep(0.5); let n = \"1\"; sleep(n); sleep([1][0])",
        "exit(0)",
        "parallel([1], |x| x); parallel([1], Fn(\"print\")); let k = 1; parallel([1], |x| x + k)",
        "fn sleep(text) { text }\nsleep(\"1s\")",
        "fn twice() { 2 }\napp.dry_run(Fn(\"twice\"))",
        "fn twice() { 2 }\napp.dry_run(twice); let f = twice; f.call()",
        "at(\" 9:05 \", || 1, \"name\"); app.at(\"23：59\", || 1); let t = \"x\"; at(t, || 1)",
        "every(\"1.5h\", || 1); app.every(0.5, || 1, #{ name: \"n\" }); every(1, || 1, \"n\")",
        "route(\"GET /x\", |r| 1); route(\"/files/*\", |r| 1); route(\"x\" + \"y\", |r| 1)",
        "let m = Member(\"x\"); m.name = \"a\"; m.staff_id + m.unionId + m?.name; m.id",
        "let m = Member(\"x\"); m = #{}; m.nam",
        "Group(\"cid1==\").webhook; Webhook(\"https://x\").expired; MessageChain().text; Markdown(\"a\").title",
        "OpenConversationId(\"cid1==\").id; AccessToken(\"t\").token",
        "app.run_coroutine(5); app.coroutine_watcher([|x| x, 1])",
        "min(1, 2); max(1.5, 2.5); abs(-1); sqrt(2.0); range(0, 5); parse_int(\"5\"); parse_int(\"ff\", 16)",
    ] {
        wrong(source, &[]);
    }
    // One program for all: each is a function of its own.
    let examples =
        methods().map(|method| method.example).chain(BUILTINS.iter().chain(CACHE).map(|word| word.example));
    let all: Vec<String> = examples.map(|example| format!("if true {{ {example} }}\n")).collect();
    let found = problems(&all.concat());
    let shown = |line: u64| all[usize::try_from(line).unwrap() - 1].as_str();
    assert!(found.is_empty(), "{:#?}", found.iter().map(|one| (&one.2, shown(one.0))).collect::<Vec<_>>());
}

fn method<'a>(report: &'a Value, name: &str) -> &'a Value {
    let methods = report["methods"].as_array().unwrap();
    methods
        .iter()
        .find(|method| method["name"] == name)
        .unwrap_or_else(|| panic!("no {name} in {methods:#?}"))
}

#[test]
fn what_a_run_would_do() {
    let report = checked(
        "let user = app.get_user(\"manager4220\");\nif user.name == \"x\" { app.remove_user(user.userid); }\n\
         fn tell(who) { app.send_message(Member(who), \"hi\"); app.get_user(who) }\ntell(\"a\"); tell(\"b\");\n\
         for id in app.get_dept_users(1) { tell(id) }\napp.oapi.post(\"/topapi/user/listid\", #{ dept_id: 1 });\n\
         app.api.put(\"/v1.0/new\", #{});\nfn never() { app.disband_group(\"cidA==\") }",
    );
    let facts = |name: &str| {
        let method = method(&report, name);
        json!([method["once"], method["each_time"], method["effect"], method["permission"], method["lines"]])
    };
    assert_eq!(facts("app.get_user"), json!([3, true, "read", "qyapi_get_member", [1, 3]]));
    assert_eq!(facts("app.send_message"), json!([2, true, "notify", "qyapi_robot_sendmsg", [3]]));
    assert_eq!(facts("app.remove_user"), json!([1, false, "destroy", "qyapi_manage_addresslist", [2]]));
    assert_eq!(facts("app.get_dept_users"), json!([1, false, "read", "qyapi_get_member", [5]]));
    // The same call as a method makes.
    assert_eq!(
        facts("app.oapi.post(\"/topapi/user/listid\")"),
        json!([1, false, "read", "qyapi_get_member", [6]])
    );
    assert_eq!(facts("app.api.put(\"/v1.0/new\")"), json!([1, false, "unknown", null, [7]]));
    assert_eq!(facts("app.disband_group")[0], 0);
    // 3 + 2 + 1 + 1 + 1 + 1
    assert_eq!(report["most_calls_once"], 9);
    assert_eq!(report["calls_each_time"], json!(["app.get_user", "app.send_message"]));
    assert_eq!((&report["notifies"], &report["destroys"]), (&json!(true), &json!(true)));
    let quiet = checked("print(app.get_info(\"manager4220\"))");
    assert_eq!(
        (&quiet["notifies"], &quiet["destroys"], &quiet["most_calls_once"]),
        (&json!(false), &json!(false), &json!(0))
    );
    assert_eq!(
        checked("app.create_group(\"a\", \"b\", \"c\"); app.mirror_group(\"cidA==\")")["most_calls_once"],
        Value::Null
    );
}

#[test]
fn functions_that_call_themselves_end() {
    let report = checked(
        "fn down(n) { app.get_depts(n); down(n + 1); up(n) }\nfn up(n) { app.get_user(\"u\"); down(n) }\ndown(1)",
    );
    assert_eq!(method(&report, "app.get_depts")["each_time"], true);
    assert_eq!(method(&report, "app.get_user")["each_time"], true);
    // Each calls the next one twice: 2^40 calls.
    let chain: String = (0..40).map(|n| format!("fn f{n}(x) {{ f{}(x); f{}(x) }}\n", n + 1, n + 1)).collect();
    let report = checked(&format!("{chain}fn f40(x) {{ app.get_depts(x) }}\nf0(1)"));
    assert_eq!(method(&report, "app.get_depts")["once"], 1_u64 << 40);
}

#[test]
fn every_sample_is_clean() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts");
    let files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "rhai"))
        .collect();
    assert!(files.len() >= 3);
    let home = tempfile::tempdir().unwrap();
    let words = std::iter::once("check".into()).chain(files.iter().map(|file| file.clone().into_os_string()));
    let found = Program::new(home.path()).run(words).code(0);
    assert_eq!(found.stdout.matches(": nothing wrong\n").count(), files.len(), "{}", found.stdout);
}

#[test]
fn several_files_and_their_forms() {
    let world = World::new();
    world.file("good.rhai", "app.get_user(\"manager4220\").name");
    world.file("bad.rhai", "let 名 = 1;\napp.get_usr(\"u\")");
    world.file("latin.rhai", b"let a = \"\xe9\";");
    let run = |args: &[&str]| -> Finished { world.program().run(args.iter().copied()) };
    let found = run(&["check", "good.rhai", "bad.rhai", "missing.rhai", "latin.rhai"]).code(3);
    for text in [
        "good.rhai: nothing wrong\n",
        "error: no method `get_usr`\n  --> bad.rhai, line 2, column 5\n2 | app.get_usr(\"u\")\n  |     ^\nhint: did you mean `get_user`?\nbad.rhai: 1 problem\n",
        "missing.rhai: no such file or directory",
        "latin.rhai: line 1 is not UTF-8 text",
        "a run costs at most 1 API call\nneeds: qyapi_get_member\n",
    ] {
        assert!(found.stdout.contains(text), "no {text:?} in {}", found.stdout);
    }
    assert_eq!(found.stderr, "");
    let lines = run(&["-o", "json", "check", "good.rhai", "bad.rhai"]).code(3).stdout;
    let files: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((&files[0]["file"], &files[1]["ok"]), (&json!("good.rhai"), &json!(false)));
    let csv = run(&["-o", "csv", "check", "good.rhai"]).code(0).stdout;
    assert!(csv.starts_with("file,name,effect,lines,once,"), "{csv}");
    let chinese = run(&["--lang", "zh", "check", "bad.rhai", "good.rhai"]).code(3).stdout;
    assert!(chinese.contains("没有方法 `get_usr`") && chinese.contains("最多 1 次 API"), "{chinese}");
    run(&["check"]).code(3).says("this is missing");
    assert!(world.sandbox.requests().is_empty(), "something was sent");
}

/// What `main.rhai` defines is there for every script; it is read and not run.
#[test]
fn a_main_file_counts() {
    let world = World::new();
    world.file("main.rhai", "let team = [1];\nfn greet(who) { print(who) }\napp.send_message((), \"x\");");
    world.file("uses.rhai", "greet(team)");
    world.program().run(["check", "uses.rhai"]).code(0);
    world.program().run(["--no-init", "check", "uses.rhai"]).code(3);
    // A configuration that is wrong is another matter.
    world.file("dingraia.toml", "[pace]\ncalls_per_second = \"many\"\n");
    world.file("fine.rhai", "app.get_depts().len()");
    world.program().run(["check", "fine.rhai"]).code(0);
    assert!(world.sandbox.requests().is_empty());
}

/// What goes on, but not as it is meant, is told, and is no mistake.
#[test]
fn a_function_that_shares_the_variable_of_a_loop() {
    let warnings = |source: &str| {
        let report = checked(source);
        assert_eq!(report["ok"], true, "{report}");
        let told = report["warnings"].as_array().unwrap().iter();
        told.map(|one| (one["line"].as_u64().unwrap(), one["message"].as_str().unwrap().to_owned()))
            .collect::<Vec<_>>()
    };
    for call in [
        "app.create_task(|| print(id))",
        "every(60, || print(id))",
        "app.at(\"9:00\", || print(id))",
        "on(\"ChatKick\", |e| print(id))",
    ] {
        let found = warnings(&format!("for id in [1, 2] {{\n  if id > 1 {{ {call}; }}\n}}"));
        assert!(
            matches!(&found[..], [(2, text)] if text.starts_with("all rounds of the loop share `id`")),
            "{call}: {found:?}"
        );
        assert_eq!(warnings(&format!("for one in [1, 2] {{ let id = one; {call}; }}")), []);
        assert_eq!(warnings(&format!("let id = 1; {call}; for id in [1, 2] {{ print(id) }} {call};")), []);
    }
    assert_eq!(warnings("for id in [1, 2] { parallel([1], |x| x + id); [1].map(|x| x + id); }"), []);
    assert_eq!(warnings("for (id, index) in [1] { every(60, || print(index)); }").len(), 1);
    let home = tempfile::tempdir().unwrap();
    let source = "for id in [1] { every(60, || print(id)); }";
    let told = Program::new(home.path()).input(source).run(["check", "-"]).code(0);
    assert!(
        told.stdout.contains("warning, line 1: all rounds")
            && told.stdout.contains("`let own = id;` in the loop"),
        "{told:?}"
    );
    let told = Program::new(home.path()).input(source).run(["--lang", "zh", "check", "-"]).code(0);
    assert!(told.stdout.contains("警告，第 1 行："), "{told:?}");
}
