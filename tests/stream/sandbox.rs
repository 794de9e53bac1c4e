//! The whole way from the sandbox's gateway to a handler, on bad days.

use std::time::{Duration, Instant};

use dingraia::events::Ask;
use dingraia::sandbox::{FrameFault, LinkFault, Spoil, Timing as Times, Topic, Wish};
use dingraia::stream::{State, Timing};
use serde_json::json;

use crate::support::{World, until};

/// Handles everything and remembers what it was.
const HANDLERS: &str = r#"let seen = [];
    on("GroupMessage", |e| seen.push(e.text)); on("practice", |e| seen.push(e.number));"#;

/// Longer than a busy machine needs: what ends after this is not what a test is about.
const PATIENT: Duration = Duration::from_secs(20);

/// A world that listens to its own sandbox.
fn listening() -> World {
    let world = prepared();
    start(&world);
    until("it is connected", || world.sandbox.connections().len() == 1);
    world
}

fn prepared() -> World {
    let mut world = World::new();
    let millis = Duration::from_millis;
    world.sandbox.set_timing(Times {
        event_answer: millis(200),
        message_answer: PATIENT,
        redelivery: millis(20),
        close: PATIENT,
        ..Times::default()
    });
    world.run(HANDLERS).view();
    world
}

fn start(world: &World) {
    start_within(world, PATIENT);
}

/// Starts to listen; a connection that is silent for longer than `silence` is given up.
fn start_within(world: &World, silence: Duration) {
    let millis = Duration::from_millis;
    let timing = Timing {
        ping: millis(20),
        silence,
        first: millis(5),
        most: millis(40),
        refused: millis(20),
        steady: millis(10),
        farewell: PATIENT,
        ..Timing::default()
    };
    world.station().start(&world.session, Ask { timing, ..Ask::default() }).unwrap();
}

fn say(world: &World, text: &str) {
    world.sandbox.say("张伟", Some("发布小组"), text).unwrap();
}

/// Waits until the handlers have seen exactly this, whatever the order.
#[track_caller]
fn saw(world: &mut World, expected: &[&str]) {
    let end = Instant::now() + Duration::from_secs(20);
    let mut wanted: Vec<String> = expected.iter().map(ToString::to_string).collect();
    wanted.sort_unstable();
    loop {
        let found = world.run("seen.map(|one| `${one}`)").json();
        let mut found: Vec<String> = serde_json::from_value(found).unwrap();
        found.sort_unstable();
        if found == wanted {
            return;
        }
        assert!(Instant::now() < end && found.len() <= wanted.len(), "saw {found:?}, not {wanted:?}");
        std::thread::yield_now();
    }
}

/// How the attempts to push events ended, oldest first.
fn outcomes(world: &World) -> Vec<&'static str> {
    let pushes = world.sandbox.pushes();
    pushes.iter().filter(|push| push.topic == Topic::Event).map(|push| push.outcome.name()).collect()
}

#[test]
fn what_comes_twice_late_or_not_at_all_is_handled_once() {
    let mut world = listening();
    world.sandbox.frame_fault(FrameFault::Twice.times(2));
    world.sandbox.emit("practice", &json!({ "number": "e1" }));
    say(&world, "m1");
    saw(&mut world, &["e1", "m1"]);
    until("both copies are answered", || world.sandbox.connections()[0].stray == 2);
    world.sandbox.frame_fault(FrameFault::Lost.on("practice"));
    world.sandbox.emit("practice", &json!({ "number": "e2" }));
    saw(&mut world, &["e1", "m1", "e2"]);
    until("it came again", || outcomes(&world) == ["done", "unanswered", "done"]);
    // One that was late came again before; both are answered, and one is handled.
    world.sandbox.frame_fault(FrameFault::Late(300).on("practice"));
    world.sandbox.emit("practice", &json!({ "number": "e3" }));
    until("the late one is answered, too", || world.sandbox.connections()[0].stray == 3);
    say(&world, "m2");
    saw(&mut world, &["e1", "m1", "e2", "e3", "m2"]);
}

#[test]
fn spoiled_frames_break_nothing() {
    let mut world = listening();
    let mut expected = Vec::new();
    for (name, spoil) in Spoil::ALL {
        world.sandbox.frame_fault(FrameFault::Spoiled(spoil));
        world.sandbox.emit("practice", &json!({ "number": name }));
        expected.push(name);
    }
    // What was refused or not understood comes again, whole.
    saw(&mut world, &expected);
    assert_eq!(world.sandbox.connections().len(), 1);
    let dones = || outcomes(&world).iter().filter(|outcome| **outcome == "done").count();
    until("all are acknowledged", || dones() >= expected.len());
    assert_eq!(dones(), expected.len(), "nothing was acknowledged that was not handled");
    let bad = outcomes(&world).iter().filter(|outcome| **outcome != "done").count();
    // `header` for `headers`, the data as an object, and another topic are understood.
    assert_eq!(bad, Spoil::ALL.len() - 3, "{:?}", outcomes(&world));
}

#[test]
fn broken_connections_are_made_again() {
    let mut world = prepared();
    start_within(&world, Duration::from_millis(150));
    until("it is connected", || world.sandbox.connections().len() == 1);
    let mut expected = Vec::new();
    for (number, fault) in [LinkFault::Close, LinkFault::Drop, LinkFault::Silence].into_iter().enumerate() {
        let before = world.sandbox.connections()[0].id.clone();
        assert_eq!(world.sandbox.link_fault(fault, None), 1);
        until("there is another connection", || {
            world.sandbox.connections().first().is_some_and(|connection| connection.id != before)
        });
        let text = format!("m{number}");
        say(&world, &text);
        expected.push(text);
        saw(&mut world, &expected.iter().map(String::as_str).collect::<Vec<_>>());
    }
}

#[test]
fn nothing_is_lost_when_the_gateway_says_goodbye() {
    let mut world = listening();
    let mut expected = Vec::new();
    for round in 0..3 {
        let old = world.sandbox.connections()[0].id.clone();
        world.sandbox.link_fault(LinkFault::Disconnect, None);
        // Before, between and after: all of it arrives, over the old connection or the new one.
        for number in 0..20 {
            let text = format!("m{round}-{number}");
            say(&world, &text);
            expected.push(text);
        }
        until("there is a new one", || world.sandbox.connections().iter().any(|one| !one.leaving));
        until("all are acknowledged", || world.sandbox.push_counts().done == expected.len() as u64);
        world.sandbox.link_fault(LinkFault::Close, Some(&old));
        until("the old one is gone", || world.sandbox.connections().len() == 1);
    }
    saw(&mut world, &expected.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(world.sandbox.push_counts().failed, 0);
    // The gateway closes the old one when its time has come.
    let old = world.sandbox.connections()[0].id.clone();
    world.sandbox.set_timing(Times { close: Duration::from_millis(20), ..world.sandbox.timing() });
    world.sandbox.link_fault(LinkFault::Disconnect, None);
    until("there is only the new one", || {
        let connections = world.sandbox.connections();
        connections.len() == 1 && connections[0].id != old
    });
}

#[test]
fn an_event_under_way_when_the_connection_breaks_is_handled_once() {
    let mut world = listening();
    let mut expected = Vec::new();
    for number in 0..12 {
        until("there is a connection", || !world.sandbox.connections().is_empty());
        let name = format!("e{number}");
        world.sandbox.emit("practice", &json!({ "number": name }));
        world.sandbox.link_fault(LinkFault::Drop, None);
        expected.push(name);
    }
    until("all are acknowledged", || {
        outcomes(&world).iter().filter(|outcome| **outcome == "done").count() == 12
    });
    saw(&mut world, &expected.iter().map(String::as_str).collect::<Vec<_>>());
}

#[test]
fn a_ticket_that_is_refused_is_asked_for_again() {
    let mut world = World::new();
    world.run(HANDLERS).view();
    world.sandbox.wish(&Wish { times: 2, ..Wish::new("ticket.refuse") }).unwrap();
    start(&world);
    until("it is connected", || world.sandbox.connections().len() == 1);
    let opened = |world: &World| {
        world.sandbox.requests().iter().filter(|request| request.path.ends_with("/connections/open")).count()
    };
    assert_eq!(opened(&world), 3, "a ticket is used once");
    say(&world, "m1");
    saw(&mut world, &["m1"]);
    let status = world.station().status(&world.session).unwrap();
    assert!(matches!(status[0].state, State::Connected), "{:?}", status[0].state);
}
