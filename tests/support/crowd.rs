//! An organisation with more people than the built-in one.

use dingraia::sandbox::Seed;
use serde_json::{Value, json};

use super::World;

const SMALL: &str = include_str!("../../src/sandbox/seed/small.json");

/// A world with so many more people, whose ids are `crowd0000`, `crowd0001`, …; in the scene group where they are `members`.
pub fn crowded(count: usize, members: bool) -> World {
    let mut seed: Value = serde_json::from_str(SMALL).unwrap();
    let ids: Vec<String> = (0..count).map(|number| format!("crowd{number:04}")).collect();
    let people = ids.iter().enumerate().map(|(number, id)| {
        json!({
            "userid": id, "unionid": format!("{id}union"), "name": format!("员工{number}"), "mobile": format!("139{number:08}"),
            "title": "员工", "job_number": format!("C{number}"), "dept_ids": [300], "hired_date": 1_611_532_800_000_i64,
        })
    });
    seed["users"].as_array_mut().unwrap().extend(people);
    if members {
        seed["groups"][0]["members"].as_array_mut().unwrap().extend(ids.into_iter().map(Value::from));
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("crowd.json");
    std::fs::write(&path, seed.to_string()).unwrap();
    World::seeded(&Seed::File(path), |_| {})
}
