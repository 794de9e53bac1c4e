//! `import`: where files are looked for, when they are read again, and what they cannot do.

use std::fs;

use serde_json::json;

use crate::support::World;

#[test]
fn a_module_lies_beside_its_script() {
    let world = World::new();
    let folder = world.folder.path().join("jobs");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("names.rhai"), "import \"parts\" as p; fn both() { p::one() + 1 }").unwrap();
    fs::write(folder.join("parts.rhai"), "fn one() { 1 }").unwrap();
    fs::write(folder.join("main_job.rhai"), "import \"names\" as n; print(n::both());").unwrap();
    fs::write(world.folder.path().join("near.rhai"), "fn here() { 5 }").unwrap();
    fs::write(folder.join("below.rhai"), "import \"near\" as n; print(n::here());").unwrap();
    world.program().run(["run", "jobs/main_job.rhai"]).code(0).stdout("2\n");
    world.program().run(["run", "jobs/below.rhai"]).code(0).stdout("5\n");
    world.program().run(["-e", "import \"jobs/names.rhai\" as n; n::both()"]).code(0).stdout("2\n");
    world
        .program()
        .run(["-e", "import \"nothing\" as n; 1"])
        .code(8)
        .says("the file `nothing.rhai` beside the script");
    world.program().run(["-e", "h::hi()"]).code(8).says("`import \"file\" as h;` brings it in");
}

#[test]
fn a_changed_file_is_read_again() {
    let mut world = World::new();
    let file = world.file("grows.rhai", "fn size() { 1 }");
    let line = format!("import \"{}\" as g; g::size()", file.display());
    world.run(&line).gives(json!(1));
    fs::write(&file, "fn size() { 1 + 1 }").unwrap();
    world.run(&line).gives(json!(2));
}

#[test]
fn a_module_that_imports_itself_is_an_error() {
    let mut world = World::new();
    let one = world.file("one.rhai", "import \"two\" as t; fn a() { 1 }");
    world.file("two.rhai", "import \"one\" as o; fn b() { 2 }");
    let line = format!("import \"{}\" as o; o::a()", one.display());
    let ran = world.run(&line);
    let problem = ran.problem();
    assert_eq!(problem.message.en, "the module `one` imports itself, perhaps on a way around");
    assert!(
        problem.name.ends_with("two.rhai") && problem.spot == Some((1, 8)),
        "{} {:?}",
        problem.name,
        problem.spot
    );
    world
        .run(&format!("let kind = (); try {{ {line} }} catch (e) {{ kind = e.kind; }} kind"))
        .gives(json!("script"));
    // By another name, too.
    let folder = world.folder.path().file_name().unwrap().display().to_string();
    world.file("two.rhai", format!("import \"../{folder}/one\" as o; fn b() {{ 2 }}"));
    assert!(world.run(&line).problem().message.en.contains("imports itself"));
    // It can be mended, and what failed is not remembered.
    world.file("two.rhai", "fn b() { 2 }");
    world.run(&line).gives(json!(1));
}

#[test]
fn errors_of_a_module_can_be_caught_with_their_fields() {
    let mut world = World::new();
    let file = world.file(
        "careful.rhai",
        "fn ask() { try { app.get_user(\"nobody\") } catch (why) { return why.kind; } }",
    );
    world.run(&format!("import \"{}\" as c; c::ask()", file.display())).gives(json!("refused"));
}
