//! The line completer: whatever stands in the line, wherever the cursor is.

use std::sync::Arc;

use dingraia::console::complete::Completer;
use dingraia::console::editor::Assist as _;
use proptest::prelude::{any, prop, proptest};

use super::{CODE, cases, made_of};
use crate::support::{RELEASE, World};

/// A session with people, groups, variables and functions.
fn completer(world: &mut World) -> Completer {
    let group = format!("app.get_group(\"{RELEASE}\")");
    for input in [
        "for id in app.get_dept_users(1) { app.get_user(id) } app.get_depts(1)",
        &group,
        "let x = #{名: [1], user: Member(\"manager4220\")}; fn f(a, b) { a }",
    ] {
        assert!(world.run(input).is_value(), "{input}");
    }
    let folder = world.folder.path().into();
    Completer { known: world.known(), folder, profiles: vec!["work".into()], crowds: Arc::new(|_| None) }
}

#[test]
fn a_line_is_completed() {
    let mut world = World::new();
    let completer = completer(&mut world);
    proptest!(cases(1_000), |(line in made_of(CODE, 14), cursor in any::<prop::sample::Index>())| {
        let places: Vec<usize> = line.char_indices().map(|(at, _)| at).chain([line.len()]).collect();
        let pos = places[cursor.index(places.len())];
        let found = completer.complete(&line, pos);
        if !found.candidates.is_empty() {
            assert!(found.start <= found.end && found.end <= line.len(), "{}..{}", found.start, found.end);
            assert!(found.start <= pos && line.is_char_boundary(found.start) && line.is_char_boundary(found.end));
        }
        if let Some(hint) = completer.signature(&line, pos) {
            let _ = format!("{hint:?}");
        }
    });
    assert_eq!(
        world.sandbox.requests().iter().filter(|request| request.path.contains("completion")).count(),
        0
    );
}
