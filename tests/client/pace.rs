//! Limits are kept by waiting.

use std::time::{Duration, Instant};

use serde_json::json;

use super::{HOOK, READ, count};
use crate::support::World;

/// How long `line` takes.
fn time(world: &mut World, line: &str) -> Duration {
    let begun = Instant::now();
    let ran = world.run(line);
    assert!(ran.is_value(), "{}", ran.problem().message.en);
    begun.elapsed()
}

#[test]
fn the_sixth_call_waits_for_the_first() {
    let mut world = World::with(|config| config.pace.calls_per_second = 5.0);
    // The token is no part of the pace.
    world.run("app.get_dept_users()");
    let took = time(&mut world, "for i in 0..6 { app.get_depts(); }");
    assert!(took >= Duration::from_millis(950), "six calls took {took:?}");
    assert_eq!(count(&world, READ.1), 6);
}

#[test]
fn all_who_call_share_the_pace() {
    let mut world = World::with(|config| config.pace.calls_per_second = 5.0);
    world.run("app.get_dept_users()");
    let took = time(&mut world, "parallel([1, 2, 3, 4, 5, 6], |x| app.get_depts())");
    assert!(took >= Duration::from_millis(950), "six calls took {took:?}");
}

#[test]
fn less_than_one_a_second() {
    let mut world = World::with(|config| config.pace.calls_per_second = 0.8);
    let took = time(&mut world, "app.get_depts(); app.get_depts();");
    assert!(took >= Duration::from_millis(1200), "two calls took {took:?}");
}

#[test]
fn nothing_is_no_limit() {
    let mut world = World::new();
    world.run("for i in 0..30 { app.get_depts(); } app.get_api_counts()").gives(json!(30));
    assert_eq!(count(&world, READ.1), 30);
}

#[test]
fn a_webhook_has_its_own() {
    let mut world = World::with(|config| config.pace.webhook_per_minute = 2.0);
    world.run(&format!("{}; {}", HOOK.0, HOOK.0));
    let stop = dingraia::script::Stop::default();
    let fire = stop.clone();
    let watcher = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(150));
        fire.interrupt();
    });
    let ran = world.run_until(HOOK.0, &stop);
    watcher.join().unwrap();
    // The third waits for a minute; interrupted, it was not sent.
    assert_eq!(ran.problem().error.as_ref().unwrap().sent().name(), "no");
    assert_eq!(count(&world, HOOK.1), 2);
}
