//! `parallel`.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::World;

/// A list from 0 up to `count` in the variable `list`.
fn list(count: usize) -> String {
    format!("let list = []; for i in 0..{count} {{ list.push(i); }} ")
}

#[test]
fn results_stand_in_the_order_of_the_list() {
    let mut world = World::new();
    world.run("parallel([30, 0, 15], |ms| { sleep(ms / 1000.0); ms })").gives(json!([30, 0, 15]));
    world.run("parallel([], |x| x)").gives(json!([]));
    world
        .run(r#"parallel(["manager4220", "0110000001"], |id| app.get_user(id).name)"#)
        .gives(json!(["林晓", "张伟"]));
}

#[test]
fn so_many_at_once() {
    let mut world = World::new();
    world.run("let now = 0; let most = 0;");
    let work = "|x| { now += 1; if now > most { most = now; } sleep(0.01); now -= 1; }";
    world
        .run(&format!("{}parallel(list, {work}, #{{limit: 4}}); [now, most]", list(16)))
        .gives(json!([0, 4]));
    let begun = Instant::now();
    world.run(&format!("most = 0; {}parallel(list, {work}, #{{limit: 64}}); most", list(64)));
    assert!(begun.elapsed() < Duration::from_secs(2), "64 naps of 10 ms took {:?}", begun.elapsed());
}

#[test]
fn totals_are_exact() {
    let mut world = World::new();
    let script = format!(
        r#"{}let sum = 0; let seen = []; let by = #{{inner: #{{n: 0}}}};
           parallel(list, |x| {{ for i in 0..50 {{ sum += 1; by.inner.n += 1; }} seen.push(x); sleep(0); sum += x; }}, #{{limit: 64}});
           seen.sort(); [sum, by.inner.n, seen == list]"#,
        list(64)
    );
    world.run(&script).gives(json!([64 * 50 + 63 * 32, 3200, true]));
}

#[test]
fn captured_handles_do_not_stop_each_other() {
    let mut world = World::new();
    let ran = world.run(&format!(
        r#"{}let me = app; let group = Group("cidSandboxRelease0001=="); let door = app.oapi; let hook = Member("manager4220");
           parallel(list, |x| {{ me.send_message(group, `${{x}}`); door.post("/topapi/user/listid", #{{dept_id: 1}}); me.get_user(hook).name }}, #{{limit: 16}}).filter(|n| n == "林晓").len()"#,
        list(32)
    ));
    ran.gives(json!(32));
    assert_eq!(world.sandbox.sent().len(), 32);
}

#[test]
fn the_first_error_ends_it() {
    let mut world = World::new();
    let ran = world.run(&format!(
        "let done = 0; {}parallel(list, |x| {{ if x == 3 {{ app.get_depts(999) }} sleep(0.001); done += 1; }}, #{{limit: 2}})",
        list(200)
    ));
    assert_eq!(ran.problem().error.as_ref().unwrap().code(), "60003");
    let done = world.run("done").json().as_i64().unwrap();
    assert!(done < 199, "{done} ran although one failed");
    let caught = "let r = (); try { parallel([1], |x| throw \"mine\") } catch (e) { r = e; } r";
    world.run(caught).prints("mine");
    world.run("parallel([1, 2], |x| x * 2)").gives(json!([2, 4]));
}

#[test]
fn what_is_under_way_when_one_fails_is_finished() {
    let mut world = World::new();
    let send = r#"app.send_message(Member("0110000001"), `v${x}`)"#;
    let ran = world.run(&format!(
        "let done = []; parallel([1, 2, 3, 4, 5, 6], |x| {{ if x == 2 {{ sleep(0.01); throw \"mine\" }} {send}; sleep(0.05); done.push(x); }}, \
         #{{limit: 3}})"
    ));
    assert!(ran.problem().message.en.contains("mine"));
    world.run("done.sort(); done").gives(json!([1, 3]));
    assert_eq!(world.sandbox.sent().len(), 2);
}

#[test]
fn one_inside_another() {
    let mut world = World::new();
    world.run("parallel([1, 2, 3], |x| parallel([10, 20], |y| { sleep(0); x * y }))").gives(json!([
        [10, 20],
        [20, 40],
        [30, 60]
    ]));
}

#[test]
fn named_functions_too() {
    let mut world = World::new();
    world.run("fn name(id) { app.get_user(id).name }");
    world.run(r#"parallel(["manager4220"], name)"#).gives(json!(["林晓"]));
    world.run(r#"parallel(["manager4220"], Fn("name"))"#).gives(json!(["林晓"]));
}

#[test]
fn its_arguments() {
    let mut world = World::new();
    world
        .run("parallel([1], |x| x, #{limit: 0})")
        .fails("argument", "parallel: `limit` must be a whole number from 1 to 256, got 0");
    world.run("parallel([1], |x| x, #{limit: \"a\"})").fails("argument", "`limit` must be");
    world
        .run("parallel([1], |x| x, #{limits: 2})")
        .fails("argument", "no parameter `limits`; did you mean `limit`?");
}

/// The engine locks a variable while its method runs, and the function that the method is given may use the same variable.
#[test]
fn a_variable_in_a_function_of_its_own_method() {
    let mut world = World::new();
    let app = "let d = Dingtalk(Config(#{bot: #{app_key: \"a\", app_secret: \"b\"}, use_database: false}));";
    world.run(app).view();
    // An app may: what is called is a copy of the handle.
    let source = "let n = 0; d.create_task(|| { n += d.tasks().len(); })[0].result(); d.every(60, || d.get_depts()); [n, d.tasks().len()]";
    world.run(source).gives(json!([1, 1]));
    world.run("fn later(a) { a.every(60, || a.tasks()); a.tasks().len() } later(d)").gives(json!(2));
    world.run("d.stop(); d.tasks().len()").gives(json!(0));
    // Of a list only the text can help.
    let wrong = world.run("let l = [1, 2];\n  l.map(|x| x + l.len())");
    let problem = wrong.problem();
    assert_eq!(problem.spot, Some((2, 3)));
    assert_eq!(problem.message.en, "`map` works on `l`, and the function that it is given uses `l`, too");
    assert!(problem.hints[0].en.contains("`let copy = l;` before"), "{problem:?}");
    world.run("let copy = l; l.map(|x| x + copy.len())").gives(json!([3, 4]));
    world.run("let m = #{a: 1}; m.keys().map(|k| m.len())").fails("script", "`map` works on `m`");
    world.run("let n = [[1]]; n[0].map(|k| n.len())").fails("script", "`map` works on `n`");
    world.run("fn sums(l) {\n l.map(|x| x + l.len()) }\nsums([1])").fails("script", "`map` works on `l`");
}
