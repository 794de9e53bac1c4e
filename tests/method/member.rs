//! People in and out of groups, in the portions that DingTalk allows.

use serde_json::Value;

use super::calls;
use crate::support::{RELEASE, World};

/// A world with so many more people, and the variable `crowd` with their ids.
fn crowded(count: usize) -> World {
    let mut world = crate::support::crowded(count, false);
    world.run(&format!(
        "let crowd = []; for n in 0..{count} {{ let id = `0000${{n}}`; crowd.push(`crowd${{id.sub_string(id.len() - 4)}}`); }}"
    ));
    world
}

/// How many people each request named.
fn portions(world: &World, count: impl Fn(&Value) -> usize) -> Vec<usize> {
    calls(world).iter().map(|call| count(&call.body)).collect()
}

#[test]
fn a_thousand_people_take_ten_requests() {
    let mut world = crowded(994);
    let add = format!("app.add_member(\"{RELEASE}\", crowd)");
    assert!(world.run(&add).is_value());
    let listed = |body: &Value| body["user_ids"].as_str().unwrap().split(',').count();
    let mut expected = vec![100; 9];
    expected.push(94);
    assert_eq!(portions(&world, listed), expected);
    let group = world.sandbox.group(RELEASE).unwrap();
    assert_eq!(group.members.len(), 1000);
    // The same with the other family, which wants lists.
    let mut world = crowded(994);
    world.run(&format!("app.add_member(\"{RELEASE}\", crowd, #{{api: \"v1\"}})")).json();
    assert_eq!(portions(&world, |body| body["user_ids"].as_array().unwrap().len()), expected);
    assert_eq!(world.sandbox.group(RELEASE).unwrap().members.len(), 1000);
}

#[test]
fn administrators_come_by_the_dozen() {
    let mut world = crowded(30);
    world.run(&format!("app.add_member(\"{RELEASE}\", crowd)")).json();
    let before = calls(&world).len();
    world.run(&format!("app.set_admin(\"{RELEASE}\", crowd)")).json();
    let portions: Vec<usize> =
        calls(&world)[before..].iter().map(|call| call.body["userIds"].as_array().unwrap().len()).collect();
    assert_eq!(portions, [12, 12, 6]);
}

#[test]
fn what_was_refused_in_the_middle_is_told() {
    let mut world = crowded(150);
    world.run("crowd[120] = \"nobody\";");
    let ran = world.run(&format!("app.add_member(\"{RELEASE}\", crowd)"));
    let problem = ran.problem();
    let error = problem.error.as_ref().unwrap();
    assert_eq!((error.kind_name(), error.exit_code()), ("partial", 7));
    let hints: Vec<&str> = problem.hints.iter().map(|hint| &*hint.en).collect();
    assert!(hints.iter().any(|hint| hint.contains("100 are done and stay so; 50 are left")), "{hints:?}");
    assert_eq!(world.sandbox.group(RELEASE).unwrap().members.len(), 106);
}
