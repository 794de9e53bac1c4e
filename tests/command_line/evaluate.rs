//! `eval`, `-e`, `run`, `-`, piped input and `FILE.rhai`.

use crate::support::World;

#[test]
fn an_expression() {
    let world = World::new();
    world.program().run(["eval", "1 + 1"]).code(0).stdout("2\n");
    world.program().run(["-e", "1 + 1"]).code(0).stdout("2\n");
    world.program().run(["eval", "-5"]).code(0).stdout("-5\n");
    world.program().run(["eval", "()"]).code(0).stdout("");
    world.program().run(["eval", r#"app.get_user("manager4220").name"#]).code(0).stdout("林晓\n");
    let ran = world.program().run(["eval", "let x = 5; print(x); x * 2"]).code(0).stdout("5\n10\n");
    assert_eq!(ran.stderr, "");
}

#[test]
fn several_expressions_are_one_script() {
    let world = World::new();
    let args = ["-e", "let x = 1; print(x) // one", "-e", "x + 1"];
    world.program().run(args).code(0).stdout("1\n2\n");
}

#[test]
fn what_cannot_be_meant_is_refused() {
    let world = World::new();
    let run = |args: &[&str]| world.program().run(args.iter().copied());
    run(&["-e", "-1"]).code(0).stdout("-1\n");
    run(&["-e", "1", "methods"]).code(3).stdout("").says("`-e` and a command do not go together");
    run(&["eval", "1", "2"]).code(3).stdout("").says("`2` is one argument too many");
    // What is said twice holds as it was said last.
    run(&["-o", "json", "-q", "eval", "[1]", "-q", "-o", "raw"]).code(0).stdout("[1]\n");
    run(&["--lang", "en", "methods", "--lang", "zh", "nosuch"]).code(3).says("没有 `nosuch`");
}

#[test]
fn a_script_from_every_place() {
    let world = World::new();
    let file = world.file("s.rhai", "print(ARGS); ARGS.len()");
    let path = file.to_str().unwrap();
    world.program().run(["run", path, "a", "-b", "--c"]).code(0).stdout("[\"a\", \"-b\", \"--c\"]\n");
    world.program().run([path, "a"]).code(0).stdout("[\"a\"]\n");
    world.program().run(["s.rhai"]).code(0).stdout("[]\n");
    world.program().input("print(ARGS)").run(["run", "-", "x"]).code(0).stdout("[\"x\"]\n");
    world.program().input("print(ARGS)").run(["-"]).code(0).stdout("[]\n");
    world.program().input("print(1 + 1); 5").run([""; 0]).code(0).stdout("2\n");
    world.program().input("").run([""; 0]).code(0).stdout("");
}

#[test]
fn a_first_line_for_the_system() {
    let world = World::new();
    world.file("s.rhai", "#!/usr/bin/env dingraia\nprint(1)");
    world.program().run(["s.rhai"]).code(0).stdout("1\n");
    world.file("bom.rhai", "\u{feff}#!/usr/bin/env dingraia\r\nprint(1);\r\nnope");
    world.program().run(["run", "bom.rhai"]).code(8).stdout("1\n").says("line 3, column 1");
    world.program().input("\u{feff}print(2)").run(["-"]).code(0).stdout("2\n");
}

#[test]
fn a_script_that_does_something() {
    let world = World::new();
    let script = r#"
        fn everyone(dept) {
            let ids = app.get_dept_users(dept);
            for child in app.get_depts(dept) { ids += everyone(child.dept_id); }
            ids
        }
        let found = parallel(everyone(1), |id| app.get_user(id)).filter(|u| u.name == ARGS[0]);
        app.send_message(Member(found[0].userid), `你好，${found[0].title}`);
        print(found[0].userid);
    "#;
    let file = world.file("find.rhai", script);
    world.program().run([file.to_str().unwrap(), "刘洋"]).code(0).stdout("0110000004\n");
    let sent = world.sandbox.sent();
    assert_eq!((sent[0].to.as_str(), &sent[0].body["content"]), ("0110000004", &"你好，前端工程师".into()));
}

#[test]
fn machine_output() {
    let world = World::new();
    let ran = world.program().run(["-o", "json", "eval", r#"#{b: [1, ()], a: "字"}"#]).code(0);
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&ran.stdout).unwrap(),
        serde_json::json!({"a": "字", "b": [1, null]})
    );
    assert_eq!((ran.stdout.lines().count(), ran.stderr.as_str()), (1, ""));
    world.program().run(["-o", "json", "eval", r#""字""#]).code(0).stdout("\"字\"\n");
    world.program().run(["-o", "raw", "eval", r#""字""#]).code(0).stdout("字\n");
    world.file("s.rhai", "5");
    world.program().run(["run", "s.rhai"]).code(0).stdout("");
    world.program().run(["-o", "json", "run", "s.rhai"]).code(0).stdout("5\n");
}

#[test]
fn a_pipe_gets_all_of_it() {
    let world = World::new();
    let rows = r#"let l = []; for n in 0..300 { l.push(#{n: n, "名": "文".sub_string(0) + n, note: "长，" + "很长的文字很长的文字很长的文字很长的文字很长的文字"}) } l"#;
    let table = world.program().run(["eval", rows]).code(0);
    assert_eq!(table.stdout.lines().count(), 304, "{table:?}");
    assert!(!table.stdout.contains('…') && table.stdout.contains("文299"), "{table:?}");
    let csv = world.program().run(["-o", "csv", "eval", rows]).code(0);
    assert!(csv.stdout.starts_with("n,note,名\r\n0,长，很长"), "{csv:?}");
    assert_eq!(csv.stdout.lines().count(), 301);
    let person = r#"app.get_user("manager4220")"#;
    let map = world.program().run(["eval", person]).code(0);
    let json: serde_json::Value = serde_json::from_str(&map.stdout).unwrap();
    // The keys stand in the order of the answer.
    assert!(map.stdout.starts_with("{\n  \"userid\": \"manager4220\",\n  \"unionid\""), "{map:?}");
    assert_eq!(json["hired_date"], 1_583_020_800_000_i64);
    let card = world.program().run(["-o", "card", "--lang", "zh", "eval", person]).code(0);
    assert!(card.stdout.starts_with("姓名        name             林晓\n"), "{card:?}");
    let fields = world.program().run(["-o", "table", "eval", "#{b: 1}"]).code(0);
    assert!(fields.stdout.contains("│ key ┆ value │\n"), "{fields:?}");
}

#[test]
fn an_error_is_one_line_for_machines() {
    let world = World::new();
    let rows: [(&[&str], u8, &str); 8] = [
        (&["eval", "app.get_depts(999)"], 1, "refused"),
        (&["eval", "nope"], 8, "script"),
        (&["eval", "app.get_user(1)"], 3, "argument"),
        (&["run", "missing.rhai"], 3, "file"),
        (&["sanbox"], 3, "usage"),
        (&["--nope"], 3, "usage"),
        (&["methods", "nope"], 3, "usage"),
        (&["--profile", "nope", "eval", "1"], 3, "setting"),
    ];
    for (args, code, kind) in rows {
        let ran = world.program().run([&["-o", "json"], args].concat()).code(code.into()).stdout("");
        assert_eq!(ran.stderr.lines().count(), 1, "{args:?}: {}", ran.stderr);
        let error: serde_json::Value = serde_json::from_str(&ran.stderr).unwrap();
        assert_eq!(error["error"]["kind"], kind, "{args:?}");
        assert_eq!(error["error"]["exit_code"], code, "{args:?}");
        assert!(!error["error"]["message"].as_str().unwrap().is_empty());
    }
    // Without a configuration there is a note, but not for machines.
    let bare = || crate::support::Program::new(world.folder.path());
    bare().run(["eval", "1"]).code(0).stdout("1\n").says("no configuration found");
    assert_eq!(bare().run(["-o", "json", "eval", "1"]).code(0).stdout("1\n").stderr, "");
    assert_eq!(bare().run(["-q", "eval", "1"]).code(0).stdout("1\n").stderr, "");
}

#[test]
fn an_error_shows_the_place() {
    let world = World::new();
    world.file("s.rhai", "let a = 1;\napp.get_user(a);\n");
    let ran = world.program().run(["run", "s.rhai"]).code(3).stdout("");
    let expected = "error[argument]: get_user: `userId` must be a staffId or a Member, got 1\n  --> s.rhai, line 2, column 5\n2 | app.get_user(a);\n  |     ^\nhint: usage: app.get_user(userId, #{language?, access_token?, using_cache?})\n";
    assert_eq!(ran.stderr, expected);
    let ran = world.program().run(["--lang", "zh", "run", "s.rhai"]).code(3);
    assert!(
        ran.stderr.starts_with("错误[argument]: get_user：`userId` 必须是 staffId 或 Member，实际是 1"),
        "{}",
        ran.stderr
    );
}

#[test]
fn methods_and_completions() {
    let world = World::new();
    let list = world.program().run(["methods"]).code(0).stdout;
    for method in dingraia::api::methods() {
        assert!(list.contains(method.name), "{} is not listed", method.name);
    }
    let json: serde_json::Value =
        serde_json::from_str(&world.program().run(["methods", "--json"]).code(0).stdout).unwrap();
    assert_eq!(json.as_array().unwrap().len(), dingraia::api::methods().count());
    let one: serde_json::Value =
        serde_json::from_str(&world.program().run(["methods", "app.get_user", "--json"]).code(0).stdout)
            .unwrap();
    assert_eq!(one[0]["name"], "get_user");
    world.program().run(["methods", "get_usr"]).code(3).stdout("").says("did you mean `get_user`?");
    let bash = world.program().run(["completions", "bash"]).code(0).stdout;
    assert!(bash.contains("_dingraia") && bash.contains("sandbox"), "{bash}");
    for shell in ["zsh", "fish", "powershell", "elvish"] {
        assert!(!world.program().run(["completions", shell]).code(0).stdout.is_empty());
    }
}

#[test]
fn an_unknown_command_names_the_nearest() {
    let world = World::new();
    world
        .program()
        .run(["sanbox"])
        .code(3)
        .says("no command or script `sanbox`")
        .says("did you mean `dingraia sandbox`?");
    world.program().run(["zzzz"]).code(3).says("dingraia --help");
    world.program().run(["--nope"]).code(3).says("--nope");
    world.program().run(["run"]).code(3).says("FILE");
    let help = world.program().run(["--help"]).code(0);
    assert!(help.stdout.contains("Usage: dingraia") && help.stderr.is_empty());
    assert!(world.program().run(["--version"]).code(0).stdout.starts_with("dingraia "));
}

/// Each request has a line with `-vv`, and what it carries with `-vvv`, on stderr alone.
#[test]
fn requests_are_told_to_who_asks() {
    let world = World::new();
    let said = |flags: &[&str], line: &str| {
        let ran = world.program().run(flags.iter().copied().chain(["eval", line])).code(0);
        assert_eq!(ran.stdout, "3\n");
        ran.stderr
    };
    assert_eq!(said(&["-v"], "app.get_depts().len()"), "");
    let lines = said(&["-vv"], "try { app.get_user(\"nobody\") } catch {} app.get_depts().len()");
    let lines: Vec<&str> = lines.lines().collect();
    assert_eq!(lines.len(), 3, "{lines:#?}");
    assert!(lines[0].starts_with("DEBUG POST /v1.0/oauth2/accessToken: HTTP 200, "), "{lines:#?}");
    assert!(lines[1].starts_with("DEBUG POST /topapi/v2/user/get: HTTP 200, code 60121, "), "{lines:#?}");
    assert!(lines[2].contains("/department/listsub: HTTP 200, ") && lines[2].contains(" ms, request id "));
    let all = said(&["-vvv"], "app.get_depts().len()");
    let secret = world.sandbox.credentials().app_secret;
    assert!(all.contains("\"appSecret\":\"***\"") && all.contains("\"accessToken\":\"***\""), "{all}");
    assert!(all.contains(": {\"dept_id\":1") && all.contains("研发部") && !all.contains(&secret), "{all}");
    let zh = said(&["-vvv", "--lang", "zh"], "app.get_depts().len()");
    assert!(zh.contains("listsub：HTTP 200，") && zh.contains("发往 ") && zh.contains("，请求 ID "), "{zh}");
    // A download is told where it begins, without the rest of its address.
    let ran = world
        .program()
        .run(["-vv", "eval", "app.download_file(\"mIofSandboxFile01\", \"plan.txt\")"])
        .code(0);
    let last = ran.stderr.lines().next_back().unwrap_or_default();
    assert!(
        last.starts_with("DEBUG GET /") && last.contains(" (127.0.0.1:") && last.contains("): HTTP 200, "),
        "{last}"
    );
    assert!(!last.contains('?'), "{last}");
    // What never came is told, too.
    let late = world.program().env("DINGRAIA_API_BASE", "http://127.0.0.1:1").run([
        "-vv",
        "eval",
        "app.get_depts()",
    ]);
    late.code(6).says("accessToken: no answer, ");
}

#[test]
fn what_ends_with_a_script_is_said() {
    let world = World::new();
    let begun = "every(60, || 1); app.create_task(|| sleep(60)); on(\"GroupMessage\", |e| 1); print(1);";
    let ran = world.program().run(["-e", begun]).code(0).stdout("1\n");
    let expected = "the script has ended: 2 tasks were cancelled, 1 handler never ran; `app.start()` at its end keeps the program \
                    listening\n";
    assert_eq!(ran.stderr, expected);
    let ran = world.program().input("at(\"23:59\", || 1);").run(["--lang", "zh"]).code(0);
    assert_eq!(ran.stderr, "脚本已结束：取消了 1 个任务；在末尾调用 `app.start()` 可让程序继续监听\n");
    let other = "let d = Dingtalk(Config(#{use_database: false})); let e = d; d.every(60, || 1);";
    world.program().run(["-e", other]).code(0).says("has ended: 1 task was cancelled;");
    for quiet in ["-q", "-ojson"] {
        let ran = world.program().run([quiet, "-e", begun]).code(0);
        assert_eq!(ran.stderr, "", "{quiet}");
    }
    // What was waited for, what outlives a script and what was listened to is not cut off.
    let done = "app.create_task(|| 1)[0].result(); on(\"LoadComplete\", |e| app.stop()); app.start();";
    assert_eq!(world.program().run(["-e", done]).code(0).stderr, "");
    // Who leaves on purpose knows.
    assert_eq!(world.program().run(["-e", &format!("{begun} exit(2)")]).code(2).stderr, "");
}
