//! The app's token: fetched once, renewed early, dropped when it is refused.

use dingraia::journal::Filter;
use dingraia::sandbox::Fault;
use serde_json::json;

use super::{READ, WRITE, count};
use crate::support::World;
use crate::support::canned::Canned;

const TOKEN: &str = "/v1.0/oauth2/accessToken";

/// 64 calls at once; how many did not find three departments.
const MANY: &str = "let l = []; for i in 0..64 { l.push(i); }
    parallel(l, |x| app.get_depts().len(), #{limit: 64}).filter(|n| n != 3).len()";

#[test]
fn one_request_serves_all_who_wait() {
    let mut world = World::new();
    world.run(MANY).gives(json!(0));
    assert_eq!(count(&world, TOKEN), 1);
    assert_eq!(count(&world, READ.1), 64);
    let token = &world.sandbox.requests()[0];
    assert_eq!((token.host, token.token, token.method.as_str()), ("api", "none", "POST"));
    let credentials = world.sandbox.credentials();
    assert_eq!(token.body, json!({"appKey": credentials.app_key, "appSecret": credentials.app_secret}));
}

#[test]
fn it_is_renewed_five_minutes_early() {
    let mut world = World::new();
    world.run(READ.0);
    world.clock.advance((7200 - 301) * 1000);
    world.run(READ.0);
    assert_eq!(count(&world, TOKEN), 1);
    world.clock.advance(1000);
    world.run(READ.0);
    assert_eq!(count(&world, TOKEN), 2);
    world.run(WRITE.0);
    assert_eq!(count(&world, TOKEN), 2);
}

#[test]
fn a_refused_one_is_dropped_and_fetched_once() {
    for (line, path) in [READ, WRITE] {
        let mut world = World::new();
        world.run(line);
        world.sandbox.expire_tokens();
        let ran = world.run(line);
        assert!(ran.is_value(), "{}", ran.problem().message.en);
        assert_eq!((count(&world, TOKEN), count(&world, path)), (2, 3), "{path}");
        let last = world.session.client.journal.last(&Filter::default(), 1).unwrap();
        assert_eq!((&last[0]["try"], &last[0]["result"]), (&json!(2), &json!("ok")), "{last:?}");
    }
}

#[test]
fn sixty_four_refusals_fetch_one() {
    let mut world = World::new();
    world.run(READ.0);
    world.sandbox.expire_tokens();
    world.run(MANY).gives(json!(0));
    assert_eq!(count(&world, TOKEN), 2);
}

#[test]
fn one_that_is_never_good_is_not_fetched_for_ever() {
    let oapi = Canned::json(json!({"errcode": 40014, "errmsg": "no"}));
    let mut world = World::with(|config| config.endpoints.oapi = oapi.url());
    let ran = world.run(READ.0);
    assert_eq!(ran.problem().exit_code(), 2);
    ran.fails("token", "40014");
    assert_eq!((count(&world, TOKEN), oapi.seen().len()), (2, 2));
}

#[test]
fn a_wrong_secret() {
    let mut world = World::with(|config| config.bot.as_mut().unwrap().app_secret = Some("wrong".into()));
    let ran = world.run(WRITE.0);
    let problem = ran.problem();
    assert_eq!(problem.exit_code(), 2);
    assert_eq!(problem.error.as_ref().unwrap().code(), "invalidClientIdOrSecret");
    assert!(problem.hints[0].en.contains("dingraia config show"), "{:?}", problem.hints);
    assert_eq!(count(&world, WRITE.1), 0);
}

#[test]
fn what_is_no_matter_of_the_credentials() {
    for status in [429, 503] {
        let api = Canned::new(move |_| (status, "application/json", r#"{"message":"busy"}"#.into()));
        let mut world = World::with(|config| {
            config.endpoints.api = api.url();
            config.timeouts.call = 0.5;
        });
        let ran = world.run(READ.0);
        let problem = ran.problem();
        assert_eq!(problem.exit_code(), 1, "{}", problem.message.en);
        assert!(problem.hints.iter().all(|hint| !hint.en.contains("app_secret")), "{:?}", problem.hints);
    }
}

#[test]
fn the_older_call_serves_where_the_new_one_is_not() {
    let mut world = World::new();
    world.sandbox.fault(Fault::Status(404).on(TOKEN));
    world.run(READ.0);
    let old: Vec<_> =
        world.sandbox.requests().into_iter().filter(|request| request.path == "/gettoken").collect();
    assert_eq!(old.len(), 1);
    assert_eq!((old[0].host, old[0].method.as_str()), ("oapi", "GET"));
    world.run(READ.0);
    assert_eq!(count(&world, "/gettoken"), 1);
}

#[test]
fn an_answer_without_a_token_is_no_crash() {
    for body in
        [json!({}), json!({"accessToken": 5}), json!([]), json!({"accessToken": "a\nb", "expireIn": 7200})]
    {
        let api = Canned::json(body.clone());
        let mut world = World::with(|config| config.endpoints.api = api.url());
        let ran = world.run(READ.0);
        assert!(matches!(ran.problem().exit_code(), 3 | 6), "{body}: {}", ran.problem().message.en);
        assert_eq!(count(&world, READ.1), 0);
    }
}

#[test]
fn a_busy_moment_is_waited_for() {
    let mut world = World::new();
    world.sandbox.fault(Fault::Drop.on(TOKEN));
    world.sandbox.fault(Fault::Status(503).on(TOKEN));
    world.run(WRITE.0).prints("<Response [True]>");
    assert_eq!((count(&world, TOKEN), count(&world, WRITE.1)), (3, 1));
}

#[test]
fn an_interruption_while_the_token_is_fetched_sent_nothing() {
    let mut world = World::new();
    world.sandbox.fault(Fault::Delay(20_000).on(TOKEN));
    let stop = dingraia::script::Stop::default();
    let (sandbox, fire) = (world.sandbox.clone(), stop.clone());
    let watcher = std::thread::spawn(move || {
        while sandbox.requests().is_empty() {
            std::thread::yield_now();
        }
        fire.interrupt();
    });
    let ran = world.run_until(WRITE.0, &stop);
    watcher.join().unwrap();
    assert_eq!(ran.problem().error.as_ref().unwrap().sent().name(), "no");
    assert_eq!(ran.problem().message.en, "interrupted");
}
