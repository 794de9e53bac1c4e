//! What the program says of itself, in both languages.

use std::fs;

use crate::support::{Program, World};

fn program(home: &std::path::Path) -> Program {
    Program::new(home)
}

#[test]
fn help_in_both_languages() {
    let home = tempfile::tempdir().unwrap();
    let english = program(home.path()).run(["--help"]).code(0);
    assert!(english.stdout.contains("Usage: dingraia") && english.stdout.contains("Run a script file"));
    for args in [&["--lang", "zh", "--help"][..], &["--help", "--lang=zh"]] {
        let chinese = program(home.path()).run(args).code(0);
        assert!(chinese.stdout.contains("用法：") && chinese.stdout.contains("运行脚本文件"), "{chinese:?}");
        for word in ["Usage", "Options", "Commands", "Print", "default:", "possible"] {
            assert!(!chinese.stdout.contains(word), "{word} in {}", chinese.stdout);
        }
    }
    let by_locale = program(home.path()).env("LANG", "zh_CN.UTF-8").run(["run", "--help"]).code(0);
    assert!(by_locale.stdout.contains("参数："), "{by_locale:?}");
    fs::write(home.path().join("dingraia.toml"), "language = \"zh\"\n").unwrap();
    assert!(program(home.path()).run(["-h"]).code(0).stdout.contains("选项："));
    assert!(program(home.path()).run(["--lang", "en", "-h"]).code(0).stdout.contains("Options:"));
}

#[test]
fn mistakes_on_the_command_line_in_both_languages() {
    let home = tempfile::tempdir().unwrap();
    let wrong = |args: &[&str]| program(home.path()).run(args).code(3);
    wrong(&["--colour"]).says("error[usage]: no option `--colour`\nhint: did you mean `--color`?");
    wrong(&["--lang", "zh", "--colour"]).says("错误[usage]: 没有选项 `--colour`\n提示: 是否想写 `--color`？");
    wrong(&["--lang", "zh", "run"]).says("缺少：<FILE>");
    wrong(&["--lang", "zh", "config"]).says("命令：");
    wrong(&["--lang", "zh", "--lang", "fr"]).says("不能");
    let json = wrong(&["--lang", "zh", "-o", "json", "--colour"]);
    assert!(json.stderr.contains("\"message\":\"no option `--colour`\""), "{json:?}");
}

/// Log lines and errors that scripts catch are in the language; what programs read is not.
#[test]
fn what_is_said_while_a_script_runs() {
    let world = World::new();
    world.sandbox.fault(dingraia::sandbox::Fault::Qps.on("listsub").times(1));
    let ran = world.program().run(["--lang", "zh", "-e", "app.get_depts().len()"]).code(0);
    assert!(ran.stderr.contains("警告 ") && ran.stderr.contains("秒后重试"), "{ran:?}");
    let ran = world.program().run([
        "--lang",
        "zh",
        "-e",
        "let r = (); try { 1 / 0 } catch (e) { r = e.message; } r",
    ]);
    ran.code(0).stdout("除数为零：1 / 0\n");
    let ran = world.program().run(["--lang", "zh", "-o", "json", "-e", "nothing"]).code(8);
    assert!(ran.stderr.contains("no variable `nothing`"), "{ran:?}");
}

/// Input from a pipe is a script: it stops at its first error, with that error's code, and nothing else is on stdout.
#[test]
fn piped_input_is_a_script() {
    let home = tempfile::tempdir().unwrap();
    let run = |text: &str| program(home.path()).input(text).run(["-q"]);
    run("print(1);\nprint(2);").code(0).stdout("1\n2\n");
    let ran = run("print(1);\napp.get_user(\"nobody\");\nprint(2);").code(1);
    assert_eq!(ran.stdout, "1\n");
    assert!(
        !ran.stdout.contains('\u{1b}') && !ran.stderr.contains('\u{1b}') && !ran.stderr.contains("dingraia["),
        "{ran:?}"
    );
    run("let a = ;").code(8).says("<stdin>, line 1, column 9");
    run("exit(42)").code(42).stdout("");
}
