//! The methods, through a script and over real HTTP.

mod ai_card;
mod ai_end;
mod argument;
mod card;
mod contact;
mod fake;
pub mod file;
mod group;
mod local;
mod member;
mod message;
mod object;
mod raw;
mod recall;
mod routing;
mod schedule;
mod task;

use dingraia::api::methods;
use dingraia::sandbox::Recorded;
use serde_json::Value;

use crate::support::World;

/// A person of the small seed.
pub const LIN: &str = "manager4220";
/// Another.
pub const ZHANG: &str = "0110000001";
/// The app key, which is the robot code too.
pub const ROBOT: &str = "dingsandboxapp000001";
/// The clock of every world, in seconds.
pub const SECONDS: i64 = crate::support::NOW / 1000;

/// What came in, without the calls for a token.
pub fn calls(world: &World) -> Vec<Recorded> {
    let is_token = |path: &str| path == "/v1.0/oauth2/accessToken" || path == "/gettoken";
    world.sandbox.requests().into_iter().filter(|request| !is_token(&request.path)).collect()
}

/// The requests for a token.
pub fn token_calls(world: &World) -> usize {
    world.sandbox.requests().len() - calls(world).len()
}

/// Exactly these requests came in: host, path, place of the token, body. All were POST.
#[track_caller]
pub fn received(world: &World, expected: &[(&str, &str, &str, Value)]) {
    let found = calls(world);
    let short: Vec<_> = found.iter().map(|call| format!("{} {}", call.path, call.body)).collect();
    assert_eq!(found.len(), expected.len(), "{short:#?}");
    for (call, (host, path, token, body)) in found.iter().zip(expected) {
        let place = (call.method.as_str(), call.host, call.path.as_str(), call.token);
        assert_eq!(place, ("POST", *host, *path, *token));
        assert!(call.body == *body, "{path} got {}, not {body}", call.body);
    }
}

/// Every row's example runs against the sandbox.
#[test]
fn every_example_runs() {
    for method in methods() {
        let mut world = World::new();
        let ran = world.run(method.example);
        assert!(ran.is_value(), "{}: {}", method.name, ran.problem().message.en);
    }
}
