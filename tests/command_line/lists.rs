//! What the program says of itself: methods for people and editors, and how well their calls are known.

use dingraia::api::methods;
use dingraia::spec::On;
use serde_json::Value;

use crate::support::{Program, World};

#[test]
fn an_editor_learns_every_method() {
    let world = World::new();
    let text = Program::new(world.folder.path()).run(["methods", "--rhai"]).code(0).stdout;
    assert!(text.starts_with("module static;\n"), "{text}");
    for method in methods() {
        assert!(text.contains(&format!("\nfn {}(", method.name)), "{}", method.name);
    }
    // A call without what it requires is no call.
    assert!(text.contains("\nfn send_message(client: Dingtalk, target: ?, msg: ?) -> ?;\n"));
    assert!(!text.contains("\nfn send_message(client: Dingtalk, target: ?) -> ?;\n"));
    assert!(text.contains("\nfn get_user(client: Dingtalk, userId: ?, options: map) -> ?;\n"));
}

#[test]
fn each_heading_of_the_guide_has_a_grade_and_a_method() {
    let world = World::new();
    let run = |args: &[&str]| Program::new(world.folder.path()).run(args).code(0).stdout;
    let rows: Value = serde_json::from_str(&run(&["-o", "json", "sandbox", "coverage"])).unwrap();
    let rows = rows.as_array().unwrap();
    assert_eq!(rows.len(), 40);
    for row in rows {
        let name = row["method"].as_str().unwrap();
        assert_ne!(row["grade"], "absent", "{name}");
        let known = methods()
            .any(|method| method.on == On::App && (method.name == name || method.aliases.contains(&name)));
        assert!(known || name == "__init__", "{name}");
    }
    let text = run(&["sandbox", "coverage"]);
    assert!(text.lines().any(|line| line.starts_with("set_off_duty_prompt  unverified")), "{text}");
}
