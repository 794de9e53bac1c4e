//! What must never be shown.

use dingraia::sandbox::Fault;

use super::{HOOK, READ, WRITE};
use crate::support::World;

/// Everything that can be read of a failure.
fn shown(world: &mut World, line: &str) -> String {
    let ran = world.run(line);
    let problem = ran.problem();
    let error = problem.error.as_ref().unwrap();
    format!("{error:?} {} {:?} {:?}", problem.to_json(), problem.message, problem.hints)
}

#[test]
fn no_error_shows_a_secret() {
    for fault in
        [Fault::Drop, Fault::Html, Fault::NotJson, Fault::Truncated, Fault::Status(400), Fault::Delay(5000)]
    {
        for (line, path) in [WRITE, HOOK] {
            let mut world = World::with(|config| config.timeouts.first_byte = 0.2);
            let credentials = world.sandbox.credentials();
            world.run(READ.0);
            let token = world.sandbox.requests().pop().map(|mut request| request.query.remove(0).1);
            world.sandbox.fault(fault.on(path));
            let text = shown(&mut world, line);
            let secrets = [credentials.app_secret, credentials.webhook_token, credentials.webhook_secret];
            for secret in secrets.into_iter().chain(token) {
                assert!(!text.contains(&secret), "{fault:?}: {secret} in {text}");
            }
            assert!(!text.contains("access_token=") && !text.contains("sign="), "{fault:?}: {text}");
        }
    }
}

#[test]
fn no_debug_form_shows_a_secret() {
    let mut world = World::new();
    world.run(READ.0);
    let credentials = world.sandbox.credentials();
    let text = format!("{:?} {:?} {:?}", world.session, world.session.client, world.session.config);
    for secret in [&credentials.app_secret, &credentials.webhook_token, &credentials.webhook_secret] {
        assert!(!text.contains(secret.as_str()), "{text}");
    }
    let token = world.sandbox.requests().pop().unwrap().query.remove(0).1;
    assert!(!text.contains(&token), "{text}");
}

#[test]
fn an_address_shows_its_host_and_path_only() {
    let mut world = World::new();
    let oapi = world.session.config.endpoints.oapi.clone();
    let text = shown(
        &mut world,
        &format!(r#"app.send_message("{oapi}/robot/send?access_token=S3CRET&k=S3CRET", "hi")"#),
    );
    assert!(text.contains("POST /robot/send") && !text.contains("S3CRET"), "{text}");
    let text = shown(&mut world, r#"app.send_message("http://user:S3CRET@127.0.0.1:1/S", "hi")"#);
    assert!(!text.contains("S3CRET"), "{text}");
    let text = shown(&mut world, r#"app.send_message("http://", "hi")"#);
    assert!(text.contains("the address cannot be used"), "{text}");
    let text = shown(&mut world, r#"app.send_message("http://h:99999/?S3CRET=S3CRET", "hi")"#);
    assert!(!text.contains("S3CRET"), "{text}");
}
