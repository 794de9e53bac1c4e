//! AI cards: the ways in which a text ends, and the last word of each.

use std::sync::Arc;
use std::time::{Duration, Instant};

use dingraia::script::Stop;
use serde_json::json;

use super::ai_card::{STREAM, frames, last, send};
use super::fake::Fake;
use crate::support::World;

const SANDBOX_CARD: &str = r#"app.send_ai_card("cidSandboxRelease0001==", "8f250f96-da0f-4c9f-8302-740fa0ced1f5.schema", card, #{outTrackId: "x1", callbackType: "Stream"})"#;

#[test]
fn a_failing_source_fails_the_card() {
    let fake = Fake::new();
    let mut world = fake.world();
    world.run(r#"let n = 0; let next = || { n += 1; if n == 1 { "半" } else { throw "坏了" } };"#);
    send(&mut world, "next", "").fails("script", "坏了");
    assert_eq!(frames(&fake).last().unwrap(), &("半".to_owned(), false, true));
    assert!(frames(&fake).iter().all(|frame| !frame.1));
    // It can be caught like any other.
    world
        .run(r#"let said = ""; try { app.send_ai_card("cidG==", "t", card) } catch (e) { said = e; } said"#)
        .prints("坏了");
    let before = frames(&fake).len();
    send(&mut world, "|| ()", "").fails("unsendable", "is empty");
    assert_eq!(frames(&fake)[before..], [("…".to_owned(), false, true)]);
}

#[test]
fn a_click_stops_it() {
    let fake = Fake::new();
    let mut world = fake.world();
    let session = Arc::clone(&world.session);
    // An old click does not count.
    let click = |action: &str| {
        let content = json!({"cardPrivateData": {"actionIds": [action]}}).to_string();
        session.remember_card_callback("x1", json!({"outTrackId": "x1", "content": content}));
    };
    click("stop");
    world.run(r#"let n = 0; let next = || { n += 1; if n == 1 { "写着" } else { sleep(60); "没了" } };"#);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            fake.wait_for(STREAM, 1);
            click("other");
            click("stop");
        });
        assert!(send(&mut world, "next", "stopAdditionalText: \"(停)\"").is_value());
    });
    assert_eq!(frames(&fake), [("写着".to_owned(), false, false), last("写着(停)")]);
}

#[test]
fn a_handler_stops_it() {
    let fake = Fake::new();
    let mut world = fake.world();
    let session = Arc::clone(&world.session);
    world.run(r#"let n = 0; let next = || { n += 1; if n == 1 { "写着" } else { sleep(60); "没了" } };"#);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            fake.wait_for(STREAM, 1);
            session.remember_card_callback("x1", json!({"userId": "u1"}));
            session.remember_card_callback("x1", json!({"userId": "boss"}));
        });
        assert!(send(&mut world, "next", "stopHandler: |data| data.userId == \"boss\"").is_value());
    });
    assert_eq!(frames(&fake).pop().unwrap(), last("写着[Stop]"));
}

#[test]
fn length_stops_it() {
    let fake = Fake::new();
    let mut world = fake.world();
    assert!(send(&mut world, r#"|| "字""#, "maxAnswerLength: 5").is_value());
    assert!(send(&mut world, r#"["一二三", "四五六"]"#, "maxAnswerLength: 5").is_value());
    assert_eq!(frames(&fake).pop().unwrap(), last("一二三四五[Stopped at 5 characters]"));
    send(&mut world, r#""a""#, "maxAnswerLength: 0").fails("argument", "1 or more");
}

#[test]
fn an_interruption_says_a_last_word() {
    let fake = Fake::new();
    let mut world = fake.world();
    world.run(r#"let n = 0; let next = || { n += 1; if n == 1 { "写着" } else { loop {} } };"#);
    let stop = Stop::default();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            fake.wait_for(STREAM, 1);
            stop.interrupt();
        });
        let source = r#"let card = AICard(); card.set_response(next); app.send_ai_card("cidG==", "t", card)"#;
        world.run_until(source, &stop).fails("interrupted", "interrupted");
    });
    assert_eq!(frames(&fake), [("写着".to_owned(), false, false), last("写着[Stop]")]);
    // The endless function has ended with it: the session goes on.
    world.run("1 + 1").gives(json!(2));
}

#[test]
fn too_fast_is_slowed_down_and_merged() {
    let fake = Fake::new();
    let mut world = fake.world();
    let busy = json!({"code": "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi", "message": "too fast"});
    fake.next(STREAM, 403, busy.clone());
    fake.next(STREAM, 429, busy.clone());
    world.session.cards.set_floor(Duration::from_millis(100));
    world.run("let n = 0; let next = || { n += 1; if n <= 9 { sleep(0.05); `${n}` } };");
    assert!(send(&mut world, "next", "").is_value());
    let all = fake.bodies(STREAM);
    assert_eq!(frames(&fake).last().unwrap(), &last("123456789"));
    assert_ne!(all[0]["guid"], all[1]["guid"]);
    assert_ne!(all[0]["content"], all[1]["content"], "newer pieces went along");
    // The last frame is tried again as it is.
    for _ in 0..2 {
        fake.next(STREAM, 429, busy.clone());
    }
    assert!(send(&mut world, r#""完""#, "").is_value());
    let again = &fake.bodies(STREAM)[all.len()..];
    assert_eq!(again.len(), 3);
    assert!(again.iter().all(|body| *body == again[0]));
}

#[test]
fn a_refused_frame_ends_it() {
    let fake = Fake::new();
    let mut world = fake.world();
    fake.next(STREAM, 400, json!({"code": "param.stream.content", "message": "content is too large"}));
    world.run(r#"let n = 0; let next = || { n += 1; if n <= 3 { sleep(0.05); "字" } };"#);
    send(&mut world, "next", "").fails("refused", "param.stream.content");
    assert!(frames(&fake).last().unwrap().2);
    assert!(frames(&fake).iter().all(|frame| !frame.1));
}

#[test]
fn a_server_that_fails() {
    let fake = Fake::new();
    let mut world = fake.world();
    let url = fake.lines("data: {\"a\": \"半\"}\ndata: not json\n");
    let ask = format!(
        "let card = AICard(); card.withPostUrl(\"{url}\", #{{}}, |json| json.a); app.send_ai_card(\"cidG==\", \"t\", card)"
    );
    world.run(&ask).fails("unreadable", "a line that is not JSON: not json");
    assert_eq!(frames(&fake).pop().unwrap(), ("半".to_owned(), false, true));
    fake.next("POST /lines", 401, json!({"error": "bad key"}));
    world.run(&ask).fails("unreadable", "bad key");
    assert_eq!(frames(&fake).pop().unwrap(), ("…".to_owned(), false, true));
    world
        .run(r#"AICard().withPostUrl("ftp://x", #{})"#)
        .fails("argument", "`url` must be an http(s) address");
}

#[test]
fn the_sandbox_sees_the_states() {
    let mut world = World::new();
    world.session.cards.set_floor(Duration::from_millis(5));
    world.run(r#"let n = 0; let card = AICard(); card.set_response(|| { n += 1; if n < 4 { sleep(0.03); `${n}` } });"#);
    assert!(world.run(SANDBOX_CARD).is_value());
    let card = world.sandbox.cards().pop().unwrap();
    assert_eq!((card.flow.status(), card.params["content"].as_str()), ("3", "123"));
    world.run(r#"card.set_response(|| throw "x");"#);
    world.run(&SANDBOX_CARD.replace("x1", "x2")).fails("script", "x");
    let failed = world.sandbox.cards().into_iter().find(|card| card.out_track_id == "x2").unwrap();
    assert_eq!(failed.flow.status(), "5");
}

#[test]
fn a_press_in_the_sandbox_stops_it() {
    let mut world = World::new();
    world.session.cards.set_floor(Duration::from_millis(5));
    let (session, sandbox) = (Arc::clone(&world.session), world.sandbox.clone());
    world.run(r#"let n = 0; let card = AICard(); card.set_response(|| { n += 1; if n == 1 { "写着" } else { sleep(60); } });"#);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let start = Instant::now();
            while sandbox.cards().first().is_none_or(|card| card.frames.is_empty()) {
                assert!(start.elapsed() < Duration::from_secs(20), "nothing is written");
                std::thread::yield_now();
            }
            let callback = sandbox.press("x1", "manager4220", &["stop"]).unwrap();
            session.remember_card_callback("x1", callback);
        });
        assert!(world.run(SANDBOX_CARD).is_value());
    });
    let card = world.sandbox.cards().pop().unwrap();
    assert_eq!((card.flow.status(), card.params["content"].as_str()), ("3", "写着[Stop]"));
    world.run(r#"app.get_card_data("x1").userId"#).prints("manager4220");
}
