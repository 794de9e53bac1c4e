//! Ctrl-C and time limits: what runs ends soon, says whether it was sent, and the session goes on.

use std::time::{Duration, Instant};

use dingraia::sandbox::Fault;
use dingraia::script::Stop;
use serde_json::json;

use crate::support::{Ran, World};

/// Far below what each of these would take, far above what a loaded machine needs.
const SOON: Duration = Duration::from_secs(2);

/// Runs `line` and interrupts it once `ready`.
fn interrupted(world: &mut World, line: &str, ready: impl Fn() -> bool + Sync) -> Ran {
    let stop = Stop::default();
    std::thread::scope(|scope| {
        let watcher = scope.spawn(|| {
            let begun = Instant::now();
            while !ready() && begun.elapsed() < SOON {
                std::thread::sleep(Duration::from_millis(1));
            }
            stop.interrupt();
            Instant::now()
        });
        let ran = world.run_until(line, &stop);
        let ended = Instant::now();
        let fired = watcher.join().unwrap();
        let took = ended.saturating_duration_since(fired);
        assert!(took < SOON, "{line} went on for {took:?}");
        ran
    })
}

/// True some milliseconds from now: the script is under way.
fn soon() -> impl Fn() -> bool + Sync {
    let begun = Instant::now();
    move || begun.elapsed() > Duration::from_millis(30)
}

#[test]
fn whatever_runs_ends() {
    for line in [
        "loop {}",
        "try { loop {} } catch {}",
        "try { loop { try { loop {} } catch (e) {} } } catch (e) {}",
        "sleep(60)",
        "try { sleep(60.5) } catch {}",
        "fn f() { loop {} } f()",
        "let f = || loop {}; f.call()",
        "try { [1].map(|x| sleep(60)); } catch {} 5",
        "parallel([1, 2, 3], |x| sleep(60))",
        "try { [1].map(|x| parallel([x], |y| sleep(60))) } catch {} 5",
        "parallel([1, 2, 3], |x| { loop {} })",
        "try { parallel([1, 2], |x| { try { loop {} } catch {} }) } catch {}",
    ] {
        let mut world = World::new();
        world.run("let kept = 41; fn next(x) { x + 1 }");
        let ran = interrupted(&mut world, line, soon());
        let problem = ran.problem();
        assert_eq!(problem.exit_code(), 130, "{line}: {}", problem.message.en);
        assert_eq!(problem.message.en, "interrupted", "{line}");
        world.run("next(kept)").gives(json!(42));
    }
}

#[test]
fn a_call_that_waits_ends_and_says_whether_it_was_sent() {
    for line in [
        r#"app.send_message("cidSandboxRelease0001==", "hi")"#,
        r#"try { app.send_message("cidSandboxRelease0001==", "hi") } catch {}"#,
        r#"parallel([1], |x| app.send_message("cidSandboxRelease0001==", "hi"))"#,
    ] {
        let mut world = World::with(|config| config.timeouts.first_byte = 60.0);
        world.sandbox.fault(Fault::Delay(60_000).on("groupMessages"));
        let sandbox = world.sandbox.clone();
        let arrived = move || sandbox.requests().iter().any(|request| request.path.contains("groupMessages"));
        let ran = interrupted(&mut world, line, arrived);
        let problem = ran.problem();
        assert_eq!(problem.message.en, "interrupted; the request may have been received", "{line}");
        assert_eq!(problem.error.as_ref().unwrap().sent().name(), "unknown", "{line}");
        assert_eq!(problem.exit_code(), 130, "{line}");
        world.run("app.get_depts().len()").gives(json!(3));
    }
}

#[test]
fn a_wait_before_the_next_try_sent_nothing_more() {
    let mut world = World::new();
    world.run("app.get_dept_users()");
    world.sandbox.fault(Fault::Qps.on("groupMessages").times(9));
    let sandbox = world.sandbox.clone();
    let arrived = move || sandbox.requests().iter().any(|request| request.path.contains("groupMessages"));
    let ran = interrupted(&mut world, r#"app.send_message("cidSandboxRelease0001==", "hi")"#, arrived);
    let sent = ran.problem().error.as_ref().unwrap().sent().name();
    // Interrupted in the moment of the answer, it may still be under way.
    assert!(matches!(sent, "no" | "yes" | "unknown"), "{sent}");
    assert_eq!(world.sandbox.sent().len(), 0);
}

#[test]
fn nothing_is_done_after_an_interruption() {
    let mut world = World::new();
    let ran = interrupted(
        &mut world,
        r#"try { parallel([1, 2], |x| sleep(60)); } catch {} print("after"); app.send_message((), "after")"#,
        soon(),
    );
    assert_eq!(ran.printed, "");
    assert_eq!(ran.problem().exit_code(), 130);
    assert_eq!(world.sandbox.requests().len(), 0);
}

#[test]
fn a_time_limit_says_so() {
    let mut world = World::new();
    let stop = Stop::default();
    stop.time_out();
    let ran = world.run_until("loop {}", &stop);
    assert_eq!(ran.problem().message.en, "stopped by the time limit");
    assert_eq!(ran.problem().exit_code(), 6);
}

#[test]
fn one_evaluation_is_stopped_and_no_other() {
    let mut world = World::new();
    let stop = Stop::default();
    stop.interrupt();
    assert_eq!(world.run_until("1 + 1; sleep(0)", &stop).problem().exit_code(), 130);
    world.run("sleep(0); 1 + 1").gives(json!(2));
    world.run("sleep(-1)").fails("unsendable", "0 or more");
}
