//! `run_coroutine`, `create_task`, `coroutine_watcher`, `stop`: functions in place and beside the script.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use dingraia::ops::Progress;
use serde_json::json;

use super::token_calls;
use crate::support::{RELEASE, World, until};

/// What the session of `world` tells from now on.
fn told(world: &World) -> Arc<Mutex<Vec<String>>> {
    let told = Arc::new(Mutex::new(Vec::new()));
    let here = Arc::clone(&told);
    world.session.watch(Arc::new(move |progress| {
        if let Progress::Step(step) = progress {
            here.lock().unwrap().push(step.en.to_string());
        }
    }));
    told
}

#[test]
fn a_coroutine_runs_in_place() {
    let mut world = World::new();
    world.run("app.run_coroutine(|| 1 + 1)").gives(json!(2));
    world.run("app.run_coroutine([1, #{a: 2}])").gives(json!([1, {"a": 2}]));
    world.run("app.run_coroutine(())").gives(json!(null));
    world.run(r#"app.run_coroutine(app.update_object(Member("m1")))"#).prints("<Member m1>");
    world.run(r#"app.run_coroutine(|| Member("m1")).staffId"#).prints("m1");
    world.run("let n = 1; app.run_coroutine(|| n += 1); n").gives(json!(2));
    world.run(r#"app.run_coroutine(|| throw "坏了")"#).fails("script", "坏了");
    world
        .run(r#"app.with_access_token(AccessToken("given"), || app.run_coroutine(|| app.get_depts(100)))"#)
        .fails("token", "40014");
    assert_eq!(token_calls(&world), 0, "the token of the scope holds inside");
}

#[test]
fn a_task_has_a_result() {
    let mut world = World::new();
    let ran = world.run("let made = app.create_task(|| { sleep(0.01); 42 }); let t = made[0]; made[1]");
    ran.prints("task-1");
    world.run("t.result()").gives(json!(42));
    world.run("[t.result(), t.done, t.name, `${t}`]").gives(json!([
        42,
        true,
        "task-1",
        "<Task task-1 done>"
    ]));
    world.run(r#"app.create_task(|| 1, "一")"#);
    world.run(r#"app.create_task(|| sleep(60), #{name: "长"})[0]"#).prints("<Task 长 running>");
    // Objects stay objects.
    world.run(r#"app.create_task(|| Member("m1"))[0].result().staffId"#).prints("m1");
    world.run("app.create_task(|| app.get_depts(100))[0].result().len() > 0").gives(json!(true));
    world.run("app.create_task(1)").fails("argument", "`coroutine` must be a function");
    world.run("app.create_task()").fails("argument", "`coroutine` is missing");
}

#[test]
fn an_error_comes_out_of_result() {
    let mut world = World::new();
    world.run(r#"let t = app.create_task(|| throw #{code: 7})[0];"#);
    for _ in 0..2 {
        world.run("let said = (); try { t.result() } catch (e) { said = e.code; } said").gives(json!(7));
    }
    world.run("`${t}`").prints("<Task task-1 failed>");
    world.run(r#"let t = app.create_task(|| app.get_user("nobody01"))[0];"#);
    for _ in 0..2 {
        world.run("let said = (); try { t.result() } catch (e) { said = e.sent; } said").prints("yes");
    }
    world.run("let t = app.create_task(|| nothing_of_this_name)[0];");
    for _ in 0..2 {
        world.run("let said = 0; try { t.result() } catch (e) { said = 1; } said").gives(json!(1));
    }
}

/// The person who waits for it is told what a script is told.
#[test]
fn what_is_told_of_a_failure_is_its_own_text() {
    let mut world = World::new();
    let told = told(&world);
    for (work, en, zh) in [
        (r#"app.get_user("nobody01")"#, "(code 60121) (hint: ", "（错误码 60121）（提示："),
        (r#"[1].map(|n| app.get_user("nobody01"))"#, "(code 60121) (hint: ", "（错误码 60121）（提示："),
        (r#"try { app.get_user("nobody01") } catch (e) { throw e }"#, "(code 60121)", "（错误码 60121）"),
        ("try { [][0] } catch (e) { throw e }", "the list is empty", "列表为空"),
        ("[][0]", "the list is empty", "列表为空"),
        ("throw `没有`", "没有", "没有"),
        ("print(1, 2)", "print", "print"),
    ] {
        world.run(&format!(
            "let t = app.create_task(|| {{ {work} }}, #{{show_info: true}})[0]; try {{ t.result() }} catch {{}}"
        ));
        let task = || told.lock().unwrap().last().filter(|last| last.contains(" failed: ")).cloned();
        until(&format!("{work}: {told:?}"), || task().is_some());
        let ended = world.session.ended_tasks().pop().unwrap().error.unwrap();
        assert!(ended.en.contains(en) && ended.zh.contains(zh), "{work}: {ended:?}");
        assert_eq!(task().unwrap().split_once(" failed: ").unwrap().1, ended.en);
        told.lock().unwrap().clear();
    }
    world.session.safety.set_read_only(true);
    let send = format!(
        "let t = app.create_task(|| app.send_message(\"{RELEASE}\", \"x\"))[0]; try {{ t.result() }} catch {{}}"
    );
    world.run(&send);
    until("it has ended", || world.session.ended_tasks().len() == 8);
    let ended = world.session.ended_tasks().pop().unwrap().error.unwrap();
    assert!(ended.en.contains("is not a read") && ended.zh.contains("只读"), "{ended:?}");
}

#[test]
fn a_task_is_cancelled() {
    let mut world = World::new();
    let told = told(&world);
    world.run(
        "let n = 0; let t = app.create_task(|| { loop { n += 1; sleep(0.001); } }, #{show_info: true})[0];",
    );
    world
        .run("while n == 0 { sleep(0.001) } t.cancel(); [t.done, `${t}`]")
        .gives(json!([true, "<Task task-1 cancelled>"]));
    world
        .run("let said = (); try { t.result() } catch (e) { said = e.message; } said")
        .prints("task `task-1` was cancelled");
    until("the work ends", || world.session.background_count() == 0);
    world.run("t.cancel(); t.done").gives(json!(true));
    assert_eq!(*told.lock().unwrap(), ["task task-1 started", "task task-1 cancelled"]);
    // A computation that never waits ends too, and the next input has the turn.
    world.run("let t = app.create_task(|| { loop {} })[0]; sleep(0.01); t.cancel(); 1").gives(json!(1));
}

#[test]
fn two_tasks_share_a_counter() {
    let mut world = World::new();
    world.run(
        "let n = 0; let add = || { for i in 0..500 { n += 1; if i % 100 == 0 { sleep(0.001); } } }; \
         let a = app.create_task(add)[0]; let b = app.create_task(add)[0];",
    );
    world.run("a.result(); b.result(); n").gives(json!(1000));
}

#[test]
fn a_given_token_does_not_leak_into_a_task() {
    let mut world = World::new();
    let source = r#"app.with_access_token(AccessToken("given"), || app.create_task(|| app.get_depts(100))[0].result().len() > 0)"#;
    world.run(source).gives(json!(true));
    assert_eq!(token_calls(&world), 1, "the task asks for the token of the app");
}

#[test]
fn a_token_in_a_task_does_not_leak_out_of_it() {
    let mut world = World::new();
    world
        .run(
            r#"let inside = false; let go_on = false;
            let t = app.create_task(|| app.with_access_token(AccessToken("given"), || {
                inside = true; while !go_on { sleep(0.001); }
                let said = "the app's"; try { app.get_depts(100); } catch (e) { said = e.code; } said
            }))[0];"#,
        )
        .view();
    let beside =
        "while !inside { sleep(0.001) } let count = app.get_depts(100).len(); go_on = true; count > 0";
    world.run(beside).gives(json!(true));
    world.run("t.result()").prints("40014");
}

#[test]
fn stop_cancels_all() {
    let mut world = World::new();
    world.run("let a = app.create_task(|| sleep(60))[0]; let b = app.create_task(|| sleep(60))[0]; let c = app.create_task(|| 1)[0]; c.result();");
    assert_eq!(world.session.tasks().len(), 2);
    world.run("app.stop()").gives(json!(null));
    world.run("[`${a}`, `${b}`, `${c}`]").gives(json!([
        "<Task task-1 cancelled>",
        "<Task task-2 cancelled>",
        "<Task task-3 done>"
    ]));
    until("the work ends", || world.session.background_count() == 0);
    world.run("app.stop()").gives(json!(null));
}

#[test]
fn a_watched_function_starts_again() {
    let mut world = World::new();
    let told = told(&world);
    world.run(
        "let n = 0; let t = app.coroutine_watcher(|add| { n += add; if n < 3 { throw `失败 ${n}`; } n }, 1);",
    );
    world.run("t.result()").gives(json!(3));
    assert_eq!(told.lock().unwrap().len(), 2);
    assert!(told.lock().unwrap()[0].starts_with("task task-1 failed, started again:"), "{told:?}");
    world.run(r#"let n = 0; let t = app.coroutine_watcher(|| { n += 1; throw "总是" });"#);
    world
        .run("let said = (); try { t.result() } catch (e) { said = e; } [said, n]")
        .gives(json!(["总是", 3]));
    assert!(told.lock().unwrap().last().unwrap().contains("failed 3 times, stopped"));
}

#[test]
fn a_watched_function_gets_its_arguments() {
    let mut world = World::new();
    world
        .run(r#"app.coroutine_watcher(|m, list, map| [m.staffId, list, map.a], Member("m1"), [1, 2], #{args: [#{a: 3}]}).result()"#)
        .gives(json!(["m1", [1, 2], 3]));
    world.run("app.coroutine_watcher(|x| x, [1, 2]).result()").gives(json!([1, 2]));
    world.run("app.coroutine_watcher(1, 2)").fails("argument", "`function` must be a function");
    world.run("app.coroutine_watcher(|f| f, || 1)").fails("argument", "data or objects");
}

#[test]
fn tasks_end_with_their_session() {
    let mut world = World::new();
    world.run("let n = 0; app.create_task(|| { loop { sleep(0.001); } }, #{not_cancel_at_the_exit: true}); app.create_task(|| sleep(60)); app.coroutine_watcher(|| { loop { n += 1; } });");
    let tasks = world.session.tasks();
    assert_eq!(tasks.len(), 3);
    let weak = Arc::downgrade(&world.session);
    drop(world);
    until("the session ends", || weak.upgrade().is_none());
    until("the tasks end", || tasks.iter().all(|task| task.to_string().ends_with("cancelled>")));
}

#[test]
fn a_script_waits_for_what_it_is_to_wait_for() {
    let world = World::new();
    let start = Instant::now();
    let script = r#"app.create_task(|| { sleep(0.2); print("kept") }, #{not_cancel_at_the_exit: true}); app.create_task(|| { sleep(60); print("lost") }); ()"#;
    world.program().run(["eval", script]).code(0).stdout("kept\n");
    assert!(start.elapsed() < Duration::from_secs(30), "the other task was waited for");
}
