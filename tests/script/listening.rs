//! `app.start()` and `app.stop()`.

use std::time::{Duration, Instant};

use dingraia::config::CustomStreamConnect;
use dingraia::script::Stop;
use serde_json::json;

use crate::support::gateway::{Gateway, message};
use crate::support::{Robot, World};

fn world(gateway: &Gateway) -> World {
    World::with(|config| {
        let sign_url = Some(gateway.open.url());
        config.custom_stream_connect =
            Some(CustomStreamConnect { sign_url, ..CustomStreamConnect::default() });
    })
}

#[test]
fn a_script_listens_until_it_is_told_to_stop() {
    let gateway = Gateway::new();
    let mut world = world(&gateway);
    let talk = std::thread::spawn(move || {
        let mut connection = gateway.accept();
        connection.push(message("m1", "cidA==", "u1", "bye"));
        connection.until_closed();
    });
    let script =
        r#"let heard = ""; on("GroupMessage", |e| { heard = e.text; app.stop(); }); app.start(); heard"#;
    world.run(script).gives(json!("bye"));
    talk.join().unwrap();
}

#[test]
fn the_end_waits_for_what_is_handled() {
    let gateway = Gateway::new();
    let mut world = world(&gateway);
    let stop = Stop::default();
    let ctrl_c = stop.clone();
    let talk = std::thread::spawn(move || {
        let mut connection = gateway.accept();
        connection.push(message("m1", "cidA==", "u1", "x"));
        connection.answer();
        connection.push(message("m2", "cidB==", "u1", "stop"));
        connection.answer();
        connection
    });
    let stopper = std::thread::spawn(move || {
        let mut connection = talk.join().unwrap();
        ctrl_c.interrupt();
        connection.until_closed();
    });
    world
        .run_until(
            r#"let n = 0; on("GroupMessage", |e| { n += 1; sleep(0.2); n += 1; }); app.start();"#,
            &stop,
        )
        .fails("interrupted", "interrupted");
    stopper.join().unwrap();
    let count = world.run("n").json().as_i64().unwrap();
    assert!(count % 2 == 0, "a handler was cut off: {count}");
}

#[test]
fn the_end_does_not_wait_for_ever() {
    let gateway = Gateway::new();
    let mut world = World::with(|config| {
        let sign_url = Some(gateway.open.url());
        config.custom_stream_connect =
            Some(CustomStreamConnect { sign_url, ..CustomStreamConnect::default() });
        config.wait_radio_message_finished_timeout = 0.05;
    });
    std::thread::spawn(move || {
        let mut connection = gateway.accept();
        connection.push(message("m1", "cidA==", "u1", "x"));
        connection.until_closed();
    });
    let start = Instant::now();
    world.run(r#"on("GroupMessage", |e| { app.stop(); sleep(3600); }); app.start();"#).gives(json!(null));
    assert!(start.elapsed() < Duration::from_secs(20));
}

#[test]
fn listening_begins_and_ends_beside_the_prompt() {
    let mut robot = Robot::new("");
    robot.world.run("app.start()").fails("unsendable", "this app listens already");
    assert_eq!(robot.world.station().status(&robot.world.session).unwrap().len(), 1);
    robot.world.run("app.stop()").gives(json!(null));
    robot.connection.until_closed();
    assert!(robot.world.station().status(&robot.world.session).is_none());
    robot.world.run("app.start()").gives(json!(null));
    let mut again = robot.gateway.accept();
    again.push(message("m1", "cidA==", "u1", "x"));
    assert_eq!(again.answer()["code"], 200);
}

#[test]
fn without_an_app_there_is_nothing_to_listen_to() {
    let mut world = World::with(|config| config.bot = None);
    world.run("app.start()").fails("unconfigured", "this needs `stream`");
    world.run("app.start(#{prot: 1})").fails("argument", "did you mean `port`?");
    world.run("app.start(#{port: 70000})").fails("argument", "a port");
}

#[test]
fn every_stream_is_a_connection() {
    let robot = Robot::with("", |config| {
        config.stream = ["one", "two"]
            .map(|key| dingraia::config::Stream { app_key: key.into(), app_secret: "s".into() })
            .to_vec();
    });
    let _second = robot.gateway.accept();
    let mut keys: Vec<String> = robot
        .gateway
        .open
        .seen()
        .iter()
        .map(|asked| asked.body["clientId"].as_str().unwrap().to_owned())
        .collect();
    keys.sort();
    assert_eq!(keys, ["one", "two"]);
}

/// A script's own client whose connections the function `signer` signs.
fn signed(world: &World, signer: &str, more: &str) -> String {
    let api = &world.session.config.endpoints.api;
    format!(
        r#"let own = Dingtalk(Config(#{{stream: Stream("dingown", "SECRET"), endpoints: #{{api: "{api}", oapi: "{api}"}},
             use_database: false, customStreamConnect: #{{SignHandler: {signer}, ExtraHeaders: #{{"X-Own": "7"}}{more}}}}}));
           own.start();"#
    )
}

#[test]
fn a_function_signs_connections() {
    let gateway = Gateway::new();
    let mut world = World::new();
    world.station().listen_beside();
    let (_, answer) = crate::support::post(&format!("{}/", gateway.open.url()), &[], "{}");
    let endpoint: serde_json::Value = serde_json::from_str(&answer).unwrap();
    let endpoint = endpoint["endpoint"].as_str().unwrap();
    let sign = format!(r#"|key, secret| #{{endpoint: "{endpoint}", ticket: key + "/" + secret.len()}}"#);
    world.run(&signed(&world, &sign, "")).gives(json!(null));
    let mut first = gateway.accept();
    assert_eq!(first.path, "/connect?ticket=dingown%2F6");
    assert!(first.headers.contains(&"x-own: 7".to_owned()), "{:?}", first.headers);
    first.push(message("m1", "cidA==", "u1", "hi"));
    assert_eq!(first.answer()["code"], 200);
    world.run("own.stop()").gives(json!(null));
    first.until_closed();
    // An address of one's own stands in for the endpoint, and a function may give the whole address.
    world
        .run(&signed(&world, r#"|key, secret| #{ticket: "t"}"#, &format!(r#", StreamUrl: "{endpoint}/own""#)))
        .view();
    assert_eq!(gateway.accept().path, "/connect/own?ticket=t");
    world.run("own.stop()").view();
    world.run(&signed(&world, &format!(r#"|key, secret| "{endpoint}?whole=1""#), "")).view();
    assert_eq!(gateway.accept().path, "/connect?whole=1");
    world.run("own.stop()").view();
    assert_eq!(gateway.open.seen().len(), 1, "nobody was asked for a ticket");
}

#[test]
fn a_signer_that_fails_is_told_and_tried_again() {
    let gateway = Gateway::new();
    let mut world = World::new();
    world.station().listen_beside();
    let (_, answer) = crate::support::post(&format!("{}/", gateway.open.url()), &[], "{}");
    let endpoint: serde_json::Value = serde_json::from_str(&answer).unwrap();
    let sign = format!(
        r#"|key, secret| {{ n += 1; if n == 1 {{ throw "no" }} #{{endpoint: "{}", ticket: `${{n}}`}} }}"#,
        endpoint["endpoint"].as_str().unwrap()
    );
    world.run("let n = 0;").view();
    world.run(&signed(&world, &sign, "")).view();
    assert_eq!(gateway.accept().path, "/connect?ticket=2");
}
