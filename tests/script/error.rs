//! What `catch` gets, and what a script that fails says.

use dingraia::sandbox::Fault;
use serde_json::json;

use crate::support::World;

#[test]
fn every_field_of_a_caught_error() {
    let mut world = World::new();
    let ran = world.run(
        "let r = ();\ntry {\n  app.get_depts(999)\n} catch (e) {\n  r = #{code: e.code, kind: e.kind, message: e.message, hint: e.hint, sent: e.sent, line: e.line,\n         status: e.status, exception: e.exception, body: e.body.errcode, id: e.request_id.len(), text: `${e}`};\n}\nr",
    );
    let message = "DingTalk refused POST /topapi/v2/department/listsub: 部门不存在 (code 60003)";
    ran.gives(json!({
        "code": "60003", "kind": "refused", "message": message, "sent": "yes", "line": 3, "status": 200,
        "hint": "no such department; `app.get_depts()` lists them", "exception": "DepartmentNotExistError",
        "body": 60003, "id": 12, "text": message,
    }));
    let ran = world.run("let r = (); try { app.get_user(1) } catch (e) { r = [e.kind, e.code, e.sent, e.request_id, e.status, e.body, e.exception]; } r");
    ran.gives(json!(["argument", "", "no", "", 0, null, ""]));
}

#[test]
fn sent_has_three_words() {
    let mut world = World::with(|config| config.timeouts.first_byte = 0.2);
    let catch = r#"let r = (); try { app.send_message("cidSandboxRelease0001==", "hi") } catch (e) { r = e.sent; } r"#;
    world.sandbox.fault(Fault::Drop.on("groupMessages"));
    world.run(catch).prints("unknown");
    world.sandbox.fault(Fault::Html.on("groupMessages"));
    world.run(catch).prints("yes");
    world.run(&catch.replace("\"hi\"", "5")).prints("no");
}

#[test]
fn what_is_thrown_again_keeps_all() {
    let mut world = World::new();
    let ran = world.run("try { app.get_depts(999) } catch (e) { throw e }");
    let problem = ran.problem();
    assert_eq!((problem.exit_code(), problem.error.as_ref().unwrap().code()), (1, "60003"));
    let ran = world.run("fn f() { app.get_depts(999) }\nfn g() { f() }\ng()");
    let trail: Vec<&str> = ran.problem().trail.iter().map(|call| call.function.as_str()).collect();
    assert_eq!(trail, ["g", "f"]);
    assert_eq!(ran.problem().spot, Some((1, 14)));
}

#[test]
fn a_script_of_its_own_mistakes() {
    let mut world = World::new();
    let rows = [
        ("throw \"mine\"", "mine", (1, 1)),
        ("let x = 1;\nx + y", "no variable `y`", (2, 5)),
        ("1 / 0", "division by zero: 1 / 0", (1, 3)),
        ("[1][5]", "no item 5: the list has 1 item", (1, 5)),
        ("let x = 5; x.foo", "int has no field `foo`", (1, 14)),
        ("fo(1)", "no function `fo(int)`", (1, 1)),
    ];
    for (line, message, spot) in rows {
        let ran = world.run(line);
        let problem = ran.problem();
        assert_eq!(problem.exit_code(), 8, "{line}");
        assert_eq!(problem.message.en.to_lowercase(), message, "{line}");
        assert_eq!(problem.spot, Some(spot), "{line}");
    }
}

#[test]
fn a_panic_of_a_dependency_costs_one_input() {
    let mut world = World::new();
    world.run("let kept = 1;");
    let ran = world.run("print(\"panic\")");
    assert_eq!(ran.problem().exit_code(), 5);
    ran.fails("bug", "the evaluation panicked; the session goes on");
    world.run("kept + app.get_depts().len()").gives(json!(4));
}

#[test]
fn a_constant_that_is_assigned_to() {
    let mut world = World::new();
    let line = "const c = #{a: 1}; c.a = 2; c";
    assert_eq!(world.run(line).problem().message.en, "the constant `c` cannot be changed");
    world.run("c.a = 2").fails("script", "the constant `c` cannot be changed");
    world.run("c.a").gives(json!(1));
}

#[test]
fn machine_output_of_an_error() {
    let mut world = World::new();
    let found = world.run("\n app.get_depts(999)").problem().to_json();
    let error = &found["error"];
    assert_eq!(error["request_id"].as_str().unwrap().len(), 12);
    assert_eq!(
        [
            &error["kind"],
            &error["code"],
            &error["sent"],
            &error["source"],
            &error["line"],
            &error["column"],
            &error["exit_code"]
        ],
        [
            &json!("refused"),
            &json!("60003"),
            &json!("yes"),
            &json!("<test>"),
            &json!(2),
            &json!(6),
            &json!(1)
        ]
    );
}
