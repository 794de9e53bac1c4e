//! The pipeline of requests: token, refusals, retries, pace, and what never shows.

mod broken;
mod code;
mod pace;
mod secret;
mod token;

use crate::support::World;

/// A line that reads, with its path.
pub const READ: (&str, &str) = ("app.get_depts()", "/topapi/v2/department/listsub");
/// A line that reads on the other host; no such path, so its faults come first.
pub const WRITE: (&str, &str) =
    (r#"app.send_message("cidSandboxRelease0001==", "hi")"#, "/v1.0/robot/groupMessages/send");
/// A write on oapi, a webhook.
pub const HOOK: (&str, &str) = (r#"app.send_message((), "hi")"#, "/robot/send");

/// How many requests for `path` came in.
pub fn count(world: &World, path: &str) -> usize {
    world.sandbox.requests().iter().filter(|request| request.path == path).count()
}
