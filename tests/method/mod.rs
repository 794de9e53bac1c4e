//! The methods, through a script and over real HTTP.

mod ai_card;
mod ai_end;
mod card;
mod fake;

use dingraia::api::methods;

use crate::support::World;

/// Every row's example runs against the sandbox.
#[test]
fn every_example_runs() {
    for method in methods() {
        let mut world = World::new();
        let ran = world.run(method.example);
        assert!(ran.is_value(), "{}: {}", method.name, ran.problem().message.en);
    }
}
