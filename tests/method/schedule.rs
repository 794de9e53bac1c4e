//! `every`, `at`, `tasks`: functions at their time.

use serde_json::json;

use crate::support::{World, until};

#[test]
fn a_function_runs_again_and_again() {
    let mut world = World::new();
    world.run("let n = 0; let t = every(\"1ms\", || { n += 1; if n == 2 { throw \"no\" } });");
    world.run("while n < 4 { sleep(0.001) } `${t}`").prints("<Task every 0.001 s running>");
    world.run("tasks().map(|t| `${t}`)").gives(json!(["<Task every 0.001 s running>"]));
    world.run("t.cancel(); [tasks().len(), app.tasks().len(), `${t}`]").gives(json!([
        0,
        0,
        "<Task every 0.001 s cancelled>"
    ]));
    until("the work ends", || world.session.background_count() == 0);
    world.run("let t = app.every(0.001, || { n = -1; }, \"mine\"); while n >= 0 { sleep(0.001) } t.cancel(); t.name").prints("mine");
    for period in ["0", "-1", "\"5x\"", "\"\"", "\"m\"", "()", "\"1e3s\""] {
        world.run(&format!("every({period}, || 1)")).fails("argument", "every: `period`");
    }
    world.run("every(\"5m\", 1)").fails("argument", "`function` must be a function");
}

#[test]
fn a_function_runs_at_a_time_of_day() {
    let mut world = World::new();
    world.run("let t = at(\"09:05\", || 1); `${t}`").prints("<Task at 09:05 running>");
    world.run("app.at(\"23：59\", || 1, #{name: \"晚安\"}).name").prints("晚安");
    world.run("app.stop(); tasks().len()").gives(json!(0));
    for time in ["24:00", "9", "09:60", "-1:00", "a:b", "+1:00", "09:00:00"] {
        world.run(&format!("at(\"{time}\", || 1)")).fails("argument", "a time of day");
    }
}

#[test]
fn the_next_time_of_day_is_found() {
    let clock = dingraia::clock::Clock::fixed(crate::support::NOW, 1);
    let (day, minute) = (86_400_000, 60_000);
    let now = clock.time_of_day(crate::support::NOW);
    let (hour, rest) = now.split_once(':').unwrap();
    let (hour, this): (i8, i8) = (hour.parse().unwrap(), rest[..2].parse().unwrap());
    // Now is over: it comes tomorrow.
    assert_eq!(clock.millis_until(hour, this), Some(day));
    assert_eq!(clock.millis_until(hour, this + 1), Some(minute));
    clock.advance(1);
    assert_eq!(clock.millis_until(hour, this), Some(day - 1));
    assert_eq!(clock.millis_until(24, 0), None);
}
