//! Seeds: the built-in world, user files and what can be wrong with them.

use std::path::PathBuf;

use dingraia::clock::Clock;
use dingraia::sandbox::{Sandbox, Seed};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::bench::{NOW, ROBOT};

/// The seed of the small organisation.
pub(super) const SMALL: &str = include_str!("../../src/sandbox/seed/small.json");

/// A file with `text`; it lives as long as its directory.
pub(super) fn file(text: &str) -> (TempDir, PathBuf) {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("world.json");
    std::fs::write(&path, text).unwrap();
    (directory, path)
}

/// What is said about the small seed after a change.
fn problem(change: impl FnOnce(&mut Value)) -> String {
    let mut seed: Value = serde_json::from_str(SMALL).unwrap();
    change(&mut seed);
    let (_directory, path) = file(&seed.to_string());
    let Err(error) = Sandbox::new(&Seed::File(path.clone()), Clock::fixed(NOW, 1)) else {
        panic!("it was taken");
    };
    let text = error.to_string();
    text.strip_prefix(&format!("{}: ", path.display())).unwrap_or_else(|| panic!("{text}")).to_string()
}

#[test]
fn the_credentials_never_change() {
    let keys = Sandbox::new(&Seed::Small, Clock::system()).unwrap().credentials();
    assert_eq!((keys.app_key.as_str(), keys.robot_code.as_str()), (ROBOT, ROBOT));
    assert_eq!(keys.app_secret.len(), 64);
    assert!(keys.app_secret.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)));
    assert_eq!(keys.webhook_token, "e7f4335a77973a21837cc292d5c830e74968f7cd8f0103300acb51d131fcfc65");
    assert!(keys.webhook_secret.starts_with("SEC") && keys.webhook_secret.len() == 67);
    let empty = Sandbox::new(&Seed::Empty, Clock::system()).unwrap().credentials();
    assert!(empty.app_secret == keys.app_secret && empty.webhook_secret.is_empty());
}

#[test]
fn a_file_of_the_same_shape_works() {
    let (_directory, path) = file(SMALL);
    let sandbox = Sandbox::new(&Seed::File(path), Clock::system()).unwrap();
    assert!(sandbox.credentials() == Sandbox::new(&Seed::Small, Clock::system()).unwrap().credentials());
}

#[test]
fn a_bad_file_is_named_with_its_problem() {
    let Err(error) = Sandbox::new(&Seed::File("/no/world.json".into()), Clock::system()) else {
        panic!("it was taken");
    };
    assert_eq!(error.to_string(), "/no/world.json: no such file or directory");
    assert!(problem(|seed| seed["users"][0]["nmae"] = json!("x")).contains("unknown field `nmae`"));
    assert!(
        problem(|seed| drop(seed["app"].as_object_mut().unwrap().remove("app_key"))).contains("`app_key`")
    );
    let (_directory, path) = file("{\n  \"app\": 1\n}");
    let Err(error) = Sandbox::new(&Seed::File(path), Clock::system()) else {
        panic!("it was taken");
    };
    assert!(error.to_string().contains("line 2"), "{error}");
}

#[test]
fn references_in_a_seed_have_to_exist() {
    assert_eq!(
        problem(|seed| seed["departments"][2]["parent_id"] = json!(9)),
        "department 110: parent 9 does not stand before it"
    );
    assert_eq!(
        problem(|seed| seed["departments"][0]["dept_id"] = json!(2)),
        "department 2 has no parent_id; only the root, 1, may"
    );
    assert_eq!(
        problem(|seed| seed["departments"][4]["dept_id"] = json!(200)),
        "department 200 stands there twice"
    );
    assert_eq!(
        problem(|seed| seed["users"][1]["dept_ids"] = json!([9])),
        "user `0110000001`: no department 9"
    );
    assert_eq!(
        problem(|seed| seed["users"][1]["userid"] = json!("manager4220")),
        "user `manager4220` stands there twice"
    );
    assert_eq!(
        problem(|seed| seed["users"][1]["mobile"] = json!("13800004220")),
        "user `0110000001`: mobile `13800004220` belongs to somebody else"
    );
    assert_eq!(
        problem(|seed| seed["groups"][0]["members"][1] = json!("x")),
        "group `cidSandboxRelease0001==`: member `x` is not among the users"
    );
    assert_eq!(
        problem(|seed| seed["groups"][0]["owner"] = json!("0130000002")),
        "group `cidSandboxRelease0001==`: owner or admin `0130000002` is not a member"
    );
    assert_eq!(
        problem(|seed| seed["webhooks"][0]["open_conversation_id"] = json!("cid")),
        "webhook 1: no group `cid`"
    );
    assert_eq!(
        problem(|seed| seed["sessions"][0]["open_conversation_id"] = json!("cid")),
        "session 1: no group `cid`"
    );
}
