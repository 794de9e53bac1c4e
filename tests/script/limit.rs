//! Scripts that go too far get an error, not a crash.

use serde_json::json;

use crate::support::World;

#[test]
fn recursion_without_end() {
    let mut world = World::new();
    world.run("fn f(x) { f(x + 1) } f(0)").fails("script", "too many calls inside calls");
    world.run("fn a(x) { b(x) } fn b(x) { a(x) + 1 } a(0)").fails("script", "too many calls inside calls");
    world.run("let g = |g, x| g.call(g, x + 1); g.call(g, 0)").fails("script", "too many calls inside calls");
    // It is the end of the script, not something to go on from.
    world.run("try { f(0) } catch (e) { }").fails("script", "too many calls inside calls");
    world.run("1 + 1").gives(json!(2));
}

#[test]
fn recursion_without_end_in_a_worker() {
    let mut world = World::new();
    world.run("fn f(x) { f(x + 1) }");
    world.run("parallel([1, 2, 3], |x| f(x))").fails("script", "too many calls inside calls");
    world.run("1").gives(json!(1));
}

#[test]
fn recursion_that_ends() {
    let mut world = World::new();
    world.run("fn sum(n) { if n == 0 { 0 } else { n + sum(n - 1) } } sum(50)").gives(json!(1275));
    world.run("parallel([50], |n| sum(n))").gives(json!([1275]));
}

#[test]
fn deep_expressions() {
    let mut world = World::new();
    for (open, close) in
        [("(", ")"), ("[", "]"), ("-(", ")"), ("{", "}"), ("#{a:", "}"), ("f(", ")"), ("if true {", "}")]
    {
        let line = format!("{}1{}", open.repeat(2000), close.repeat(2000));
        let ran = world.run(&line);
        assert_eq!(ran.problem().exit_code(), 8, "{open}");
    }
    let sum = format!("1{}", " + 1".repeat(2000));
    let ran = world.run(&sum);
    assert!(ran.is_value() || ran.problem().exit_code() == 8);
    world.run("1 + 1").gives(json!(2));
}

#[test]
fn deep_values() {
    let mut world = World::new();
    let ran = world.run("let a = []; for i in 0..300 { a = [a]; } a");
    assert!(ran.json().to_string().contains('…'));
    world
        .run("app.oapi.post(\"/x\", #{a: a})")
        .fails("argument", "`body` must be a map #{…}, got a value of type deeply nested data");
    world.run("let b = []; for i in 0..3000 { b = [b]; } b").json();
    world.run("to_json(a).len() > 100").gives(json!(true));
    world.run("print(a); parse_json(\"[\" + to_json(1) + \"]\")").gives(json!([1]));
    let deep = "let t = \"\"; t.pad(5000, '['); parse_json(t)";
    world.run(deep).fails("unsendable", "the text is nested too deeply");
}

#[test]
fn large_values() {
    let mut world = World::new();
    world.limit_memory(256 * 1024 * 1024);
    let too_much = "the script needs more than 256 MiB of memory";
    world.run("let s = \"x\"; loop { s += s; }").fails("script", too_much);
    world.run("s = (); let a = [1, 2]; loop { a += a; }").fails("script", too_much);
    // It is the end of the script, not something to go on from; what came before goes on.
    world.run("a = (); let b = [1]; try { loop { b += b; } } catch (e) { }").fails("script", too_much);
    world.run("b = (); 1 + 1").gives(json!(2));
}

/// Adding an item must not look through all the others.
#[test]
fn long_lists() {
    let mut world = World::new();
    world.run("let l = []; for i in 0..300000 { l.push(i); } l.len()").gives(json!(300_000));
    world.run("let m = #{}; for i in 0..20000 { m[i.to_string()] = i; } m.len()").gives(json!(20_000));
}
