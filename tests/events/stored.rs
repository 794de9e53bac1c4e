//! What events write into the cache file, read as the Python framework reads it.

use dingraia::sandbox::{Saying, Speech};
use serde_json::{Value, json};

use crate::support::{RELEASE, World, until};

/// A world that listens to its sandbox.
fn listening() -> World {
    let mut world = World::new();
    // A whole number of seconds would be stored as a whole number.
    world.clock.advance(500);
    world.station().listen_beside();
    world.run("app.start()").view();
    until("it is connected", || !world.sandbox.connections().is_empty());
    world
}

/// Waits until so many events were taken and stored.
fn taken(world: &World, count: u64) {
    let station = world.station();
    until("the events are stored", || {
        let counts = station.counts(&world.session);
        (counts.taken, counts.waiting) == (count, 0)
    });
}

fn rows(world: &mut World, sql: &str) -> Value {
    world.run(&format!("cache.sql({sql:?})")).json()
}

const GROUPS: &str = "select name, chatId = openConversationId as same, typeof(id) as id, info, typeof(timeStamp) as time \
                      from group_info where openConversationId = 'cidSandboxRelease0001=='";

#[test]
fn a_message_in_a_group_tells_of_group_webhook_and_sender() {
    let mut world = listening();
    world.sandbox.say("张伟", Some("发布小组"), "一").unwrap();
    taken(&world, 1);
    let group = json!([{ "name": "发布小组", "same": 1, "id": "integer", "info": "{}", "time": "real" }]);
    assert_eq!(rows(&mut world, GROUPS), group);
    let person = "select name, unionId, info, typeof(id) as id from user_info where staffId = '0110000001'";
    assert_eq!(
        rows(&mut world, person),
        json!([{ "name": "张伟", "unionId": "", "info": "{}", "id": "integer" }])
    );
    let webhook = "select count(*) as n, max(expired) as until, typeof(expired) as kind from webhooks";
    let found = rows(&mut world, webhook);
    assert_eq!((&found[0]["n"], &found[0]["kind"]), (&json!(1), &json!("real")));
    assert_eq!(found[0]["until"], 1_772_438_400.5 + 5400.0, "seconds, not milliseconds");
    // The next one changes these rows and adds none; the description of the group stays.
    world.run(&format!("app.get_group({RELEASE:?}); app.get_user(\"0110000001\")")).view();
    world.clock.advance(60_000);
    world.sandbox.say("张伟", Some("发布小组"), "二").unwrap();
    taken(&world, 2);
    let counts = "select (select count(*) from group_info) as g, (select count(*) from user_info) as u, \
                  (select count(*) from webhooks) as w";
    assert_eq!(rows(&mut world, counts), json!([{ "g": 1, "u": 1, "w": 1 }]));
    let kept = "select length(info) > 2 as g, (select length(info) > 2 from user_info) as u from group_info";
    assert_eq!(rows(&mut world, kept), json!([{ "g": 1, "u": 1 }]));
    assert_eq!(rows(&mut world, webhook)[0]["until"], 1_772_438_460.5 + 5400.0);
}

#[test]
fn a_single_chat_keeps_the_number_of_its_conversation() {
    let mut world = listening();
    world.run("let numbers = []; on(\"GroupMessage\", |e| numbers.push([e.group.id, e.member.id]));").view();
    world.sandbox.say("李娜", None, "单聊").unwrap();
    taken(&world, 1);
    let single = "select g.name, g.id = w.id as same, g.id = u.id as mixed, u.name as who, u.staffId from group_info g, webhooks w, user_info u";
    assert_eq!(
        rows(&mut world, single),
        json!([{ "name": "Unknown", "same": 1, "mixed": 0, "who": "李娜", "staffId": "0110000003" }])
    );
    until("it is handled", || world.station().counts(&world.session).waiting == 0);
    let numbers = world.run("while numbers.is_empty() { sleep(0.001) } numbers[0][0] == numbers[0][1]");
    numbers.gives(json!(true));
}

#[test]
fn outsiders_delegates_and_errors() {
    let mut world = listening();
    let stranger = Saying::from("外人").by_a_stranger();
    world.sandbox.say("客户甲", Some("发布小组"), stranger).unwrap();
    taken(&world, 1);
    assert_eq!(rows(&mut world, "select count(*) as n from user_info"), json!([{ "n": 0 }]));
    assert_eq!(rows(&mut world, GROUPS)[0]["name"], "发布小组");
    let delegate = Saying::from("托管").to_the_delegate_of("张伟");
    world.sandbox.say("李娜", Some("发布小组"), delegate).unwrap();
    world.sandbox.say("刘洋", Some("发布小组"), Saying::from(Speech::QuotaSpent)).unwrap();
    taken(&world, 3);
    let names = rows(&mut world, "select name from user_info order by staffId");
    assert_eq!(names, json!([{ "name": "李娜" }, { "name": "刘洋" }]));
}

#[test]
fn a_new_title_is_stored() {
    let mut world = listening();
    world.sandbox.rename("张伟", "发布小组", "发布二组").unwrap();
    taken(&world, 1);
    let group = rows(&mut world, "select name, typeof(id) as id, chatId, info from group_info");
    assert_eq!(group, json!([{ "name": "发布二组", "id": "text", "chatId": "", "info": "{}" }]));
    world.sandbox.say("张伟", Some("发布二组"), "好").unwrap();
    world.sandbox.rename("张伟", "发布二组", "发布三组").unwrap();
    taken(&world, 3);
    let group = rows(&mut world, "select name, typeof(id) as id, chatId <> '' as chat from group_info");
    assert_eq!(group, json!([{ "name": "发布三组", "id": "integer", "chat": 1 }]));
    // Other events of a group tell the cache nothing.
    world.sandbox.quit("黄磊", "发布三组").unwrap();
    taken(&world, 4);
    assert_eq!(rows(&mut world, "select count(*) as n from group_info"), json!([{ "n": 1 }]));
}
