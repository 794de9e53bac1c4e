//! What lies between a client and DingTalk: TLS with authorities of one's own, proxies, limits of time.

mod address;
mod limits;
mod proxy;
mod secure;
mod tls;

use dingraia::config::Endpoints;

use crate::support::World;

/// A message to the webhook of the configuration: one request, no token before it.
const SEND: &str = r#"app.send_message((), "hi")"#;

/// What an error of `line` is: kind, `sent`, text, hints.
fn failure(world: &mut World, line: &str) -> (String, String, String, String) {
    let ran = world.run(line);
    let problem = ran.problem();
    let error = problem.error.as_ref().unwrap();
    let hints: Vec<&str> = problem.hints.iter().map(|hint| hint.en.as_ref()).collect();
    assert!(problem.hints.iter().all(|hint| !hint.zh.is_empty()));
    (error.kind_name().into(), error.sent().name().into(), error.to_string(), hints.join(" | "))
}

/// Both hosts of DingTalk there.
fn both(url: &str) -> Endpoints {
    Endpoints { api: url.to_owned(), oapi: url.to_owned() }
}
