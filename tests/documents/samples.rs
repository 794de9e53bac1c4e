//! The sample scripts, each from a shell and one in the console.

use std::fs;

use dingraia::sandbox::Via;

use super::{README, Shell, root, scripts_of_the_repository};
use crate::support::{Finished, LUNCH, RELEASE, World};

/// Runs a sample script from a shell, against the sandbox of `world`.
fn script(world: &World, name: &str, args: &[&str]) -> Finished {
    let file = root().join("scripts").join(name);
    let words = std::iter::once("run".into()).chain(std::iter::once(file.into_os_string()));
    world.program().run(words.chain(args.iter().map(Into::into)))
}

#[cfg(unix)]
#[test]
fn every_sample_is_executable_and_told_of() {
    use std::os::unix::fs::PermissionsExt as _;
    let scripts = scripts_of_the_repository();
    assert!(scripts.len() >= 3);
    for (name, text) in scripts {
        let mode = fs::metadata(root().join("scripts").join(&name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o111, 0o111, "{name} is not executable");
        assert!(text.starts_with("#!/usr/bin/env dingraia\n// "), "{name}");
        assert!(text.contains(&format!("dingraia run scripts/{name}")), "{name} does not say how it is run");
        assert!(README.contains(&format!("| `scripts/{name}` |")), "README.md does not name {name}");
        let shell = Shell::new();
        let usage = shell.run(&format!("./scripts/{name} wrong"));
        assert!(!usage.contains("env:") && !usage.contains("not found"), "{name} is not found: {usage}");
    }
}

#[test]
fn find_and_tell_sends_to_the_one_person() {
    let world = World::new();
    script(&world, "find_and_tell.rhai", &["前端组", "刘洋", "构建完成"])
        .code(0)
        .stdout("sent to 刘洋 (前端工程师, 0110000004)\n");
    let sent = world.sandbox.sent();
    assert_eq!(sent.len(), 1);
    assert_eq!((sent[0].via, sent[0].to.as_str()), (Via::OneToOne, "0110000004"));
    assert_eq!(sent[0].body["content"], "构建完成");
    script(&world, "find_and_tell.rhai", &["前端组", "张伟", "在吗"])
        .code(1)
        .stdout("nobody in 前端组 is called 张伟\n");
    script(&world, "find_and_tell.rhai", &["火星", "张伟", "在吗"])
        .code(1)
        .stdout("no department is called 火星\n");
    let usage = "usage: find_and_tell.rhai DEPARTMENT PERSON TEXT\n   as: find_and_tell.rhai 前端组 刘洋 \"构建完成\"\n";
    for args in [&[][..], &["前端组", "刘洋"], &["前端组", "", "在吗"], &["a", "b", "c", "d"]] {
        script(&world, "find_and_tell.rhai", args).code(3).stdout(usage);
    }
    assert_eq!(world.sandbox.sent().len(), 1, "something else was sent");
}

/// The same script in the console: its arguments are a variable there, and the first line is a shell's.
#[test]
fn find_and_tell_runs_in_the_console() {
    let text = fs::read_to_string(root().join("scripts/find_and_tell.rhai")).unwrap();
    let (_, source) = text.split_once('\n').unwrap();
    let mut world = World::new();
    assert!(world.run(r#"let ARGS = ["研发部", "黄磊", "评审改到 15:00"];"#).is_value());
    let ran = world.run(source);
    assert!(ran.is_value());
    assert_eq!(ran.printed, "sent to 黄磊 (后端工程师, 0110000005)\n");
    assert_eq!(world.sandbox.sent().len(), 1);
    // Its functions are alive at the next input.
    world.run(r#"find_department("前端组", 1).dept_id"#).prints("110");
}

#[test]
fn directory_prints_the_tree() {
    let world = World::new();
    script(&world, "directory.rhai", &[]).code(0).stdout(
        "星河科技\n  - 林晓，总经理\n  研发部\n    - 张伟，研发总监\n    - 王芳，测试工程师\n    - 黄磊，后端工程师\n    \
         前端组\n      - 李娜，前端组长\n      - 刘洋，前端工程师\n  市场部\n    - 陈静，市场总监\n    - 杨帆，市场专员\n    \
         - 赵磊，渠道经理\n    - 吴昊，运营专员\n  行政部\n    - 孙丽，行政主管\n    - 周敏，前台\n    - 吴昊，运营专员\n",
    );
    script(&world, "directory.rhai", &["110"])
        .code(0)
        .stdout("前端组\n  - 李娜，前端组长\n  - 刘洋，前端工程师\n");
    script(&world, "directory.rhai", &["999"]).code(1).stdout("").says("60003");
}

#[test]
fn group_report_prints_json_lines() {
    let world = World::new();
    let report = script(&world, "group_report.rhai", &[RELEASE]).code(0);
    let lines: Vec<serde_json::Value> =
        report.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 6);
    assert_eq!(
        lines[3],
        serde_json::json!({
            "staffId": "0110000003", "name": "李娜", "title": "前端组长", "departments": ["前端组"],
            "owner": false, "admin": false,
        })
    );
    assert_eq!((&lines[0]["owner"], &lines[1]["admin"]), (&true.into(), &true.into()));
    let usage =
        "usage: group_report.rhai OPEN_CONVERSATION_ID\n   as: group_report.rhai cidSandboxRelease0001==\n";
    script(&world, "group_report.rhai", &[]).code(3).stdout(usage);
    script(&world, "group_report.rhai", &[LUNCH]).code(4).stdout("").says("400020");
}
