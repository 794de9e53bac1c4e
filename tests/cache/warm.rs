//! `app.warm`, the count of calls, and the budget.

use dingraia::script::Stop;
use serde_json::json;

use crate::method::calls;
use crate::support::{LUNCH, RELEASE, World, until};

const ALL: &str = r#"app.warm(#{departments: true, users: true, groups: ["cidSandboxRelease0001=="]})"#;

#[test]
fn a_walk_reads_everything_once() {
    let mut world = World::new();
    world.run(r#"app.warm(#{users: true, estimate: true})"#).gives(
        json!({"calls": 2, "departments": 1, "members": 1, "users": 0, "groups": 0, "complete": false}),
    );
    assert_eq!(calls(&world).len(), 0, "an estimate sends nothing");
    world
        .run(ALL)
        .gives(json!({"calls": 24, "departments": 5, "users": 12, "groups": 1, "failures": 0, "failed": []}));
    assert_eq!(calls(&world).len(), 24);
    world
        .run("[cache.users().count(), cache.departments().count(), cache.groups().count(), cache.path(110)]")
        .gives(json!([12, 5, 1, "研发部/前端组"]));
    // Everything is fresh now.
    world
        .run(ALL)
        .gives(json!({"calls": 0, "departments": 5, "users": 12, "groups": 1, "failures": 0, "failed": []}));
    world.run("app.get_user(\"0110000001\").dingraia_cache.staffId").gives(json!("0110000001"));
    assert_eq!(calls(&world).len(), 24);
    world.clock.advance(3_601_000);
    world.run("app.warm(#{users: true, estimate: true}).calls").gives(json!(22));
}

#[test]
fn a_walk_that_was_stopped_goes_on() {
    let mut world = World::with(|config| config.usage.budget = Some(9.0));
    let stopped = world.run(ALL);
    let problem = stopped.problem();
    assert_eq!(problem.error.as_ref().unwrap().kind_name(), "budget");
    assert!(problem.hints.iter().any(|hint| hint.en.contains("goes on from there")), "{:?}", problem.hints);
    assert_eq!(calls(&world).len(), 9, "the budget is kept to the call");
    world.session.flush_usage();
    let mut more = World::over(&world, |config| config.usage.budget = Some(24.0));
    more.run(ALL)
        .gives(json!({"calls": 15, "departments": 5, "users": 12, "groups": 1, "failures": 0, "failed": []}));
    assert_eq!(calls(&world).len(), 24);
    more.run("app.get_user(\"0110000001\", #{using_cache: false})").fails("budget", "of 24 API calls");
    more.run("app.get_user(\"0110000001\").name").gives(json!("张伟"));
    assert_eq!(calls(&world).len(), 24);
}

/// How many calls of one kind a walk has under way at most.
const UNDER_WAY: usize = 8;

#[test]
fn a_walk_that_ctrl_c_ended_goes_on() {
    let mut world = World::with(|config| config.pace.calls_per_second = 4.0);
    let (stop, sandbox) = (Stop::default(), world.sandbox.clone());
    let fired = stop.clone();
    let waiter = std::thread::spawn(move || {
        let users =
            || sandbox.requests().iter().filter(|request| request.path == "/topapi/v2/user/get").count();
        until("the first people", || users() >= 4);
        fired.interrupt();
    });
    world.run_until(ALL, &stop).fails("interrupted", "interrupted");
    waiter.join().unwrap();
    let before = calls(&world).len();
    assert!(before < 24, "{before}");
    let mut more = World::over(&world, |config| config.pace.calls_per_second = 0.0);
    let done = more.run(ALL).json();
    assert_eq!((&done["users"], &done["failures"]), (&json!(12), &json!(0)));
    // What was under way when it ended is asked for again, and nothing else.
    let again = calls(&world).len() - 24;
    assert!(again <= UNDER_WAY, "{again}");
    more.run(&format!("{ALL}.calls")).gives(json!(0));
}

#[test]
fn a_group_of_another_app_is_no_reason_to_stop() {
    let mut world = World::new();
    let source = format!("app.warm(#{{users: true, groups: [\"{LUNCH}\", \"{RELEASE}\"]}})");
    let done = world.run(&source).json();
    assert_eq!((&done["users"], &done["groups"], &done["failures"]), (&json!(12), &json!(1), &json!(1)));
    assert_eq!(done["failed"][0]["id"], LUNCH);
    assert!(!done["failed"][0]["reason"].as_str().unwrap().is_empty());
    let before = calls(&world).len();
    world.run(&source).view();
    assert_eq!(calls(&world).len(), before + 1, "only what failed is asked again");
}

#[test]
fn what_can_be_wrong() {
    let mut world = World::new();
    world.run("app.warm(#{})").fails("unsendable", "nothing to do");
    world.run("app.warm(#{groups: [1]})").fails("argument", "`groups`");
    let mut off = World::with(|config| config.use_database = false);
    off.run(ALL).fails("unsendable", "the cache is off");
    off.run("[cache.users().count(), cache.find(\"lin\")]").gives(json!([0, []]));
    off.run("app.get_user(\"manager4220\").contains(\"dingraia_cache\")").gives(json!(false));
}

#[test]
fn calls_are_counted_by_method_and_day() {
    let mut world = World::new();
    world.run(&format!(
        "app.get_user(\"manager4220\"); app.get_user(\"manager4220\"); app.get_group(\"{RELEASE}\"); app.get_depts(); \
         app.oapi.post(\"/topapi/user/listid\", #{{dept_id: 1}});"
    ))
    .view();
    let usage = world.run("cache.usage()").json();
    assert_eq!(
        (&usage["calls"], &usage["session"], &usage["quota"], &usage["budget"]),
        (&json!(5), &json!(5), &json!(5000.0), &json!(null))
    );
    assert_eq!(
        usage["methods"],
        json!([
            {"method": "get_group", "calls": 2, "session": 2},
            {"method": "POST /topapi/user/listid", "calls": 1, "session": 1},
            {"method": "get_depts", "calls": 1, "session": 1},
            {"method": "get_user", "calls": 1, "session": 1},
        ])
    );
    let month = world.clock.month();
    assert_eq!(usage["days"].as_object().unwrap().values().collect::<Vec<_>>(), [&json!(5)]);
    assert_eq!(world.session.cache.count(&month), 5);
    // What the Python framework counted belongs to the month too.
    world.session.cache.add_count(&month, 7);
    let usage = world.run("cache.usage()").json();
    assert_eq!(
        (&usage["calls"], &usage["methods"][4]),
        (&json!(12), &json!({"method": "", "calls": 7, "session": 0}))
    );
}

#[test]
fn much_of_the_quota_is_told_once() {
    let mut world = World::with(|config| config.usage.quota = 5.0);
    let told = |world: &World| {
        world.session.flush_usage();
        world
            .session
            .cache
            .take_notices()
            .into_iter()
            .map(|notice| notice.text.en.into_owned())
            .collect::<Vec<_>>()
    };
    world.run("for n in 0..3 { app.get_depts(); }").view();
    assert_eq!(told(&world), Vec::<String>::new());
    world.run("app.get_depts()").view();
    let said = told(&world);
    assert!(
        said.len() == 1 && said[0].contains("4 of the 5 API calls of this month are spent (80 %)"),
        "{said:?}"
    );
    world.run("app.get_depts()").view();
    assert_eq!(told(&world), Vec::<String>::new());
}
