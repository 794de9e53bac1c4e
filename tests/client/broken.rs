//! Networks, gateways and hosts on a bad day: the right kind, whether it was sent, and how often it was tried.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::time::{Duration, Instant};

use dingraia::sandbox::Fault;
use serde_json::{Value, json};

use super::{HOOK, READ, WRITE, count};
use crate::support::World;
use crate::support::canned::Canned;

/// What scripts see of the error of `line`.
fn caught(world: &mut World, line: &str) -> Value {
    let ran = world
        .run(&format!("let r = (); try {{ {line} }} catch (e) {{ r = [e.kind, e.sent, e.message]; }} r"));
    ran.json()
}

/// `times` faults on the path of a line end with this kind and `sent`, after so many requests.
#[track_caller]
fn fails(line: (&str, &str), fault: Fault, times: usize, kind: &str, sent: &str, requests: usize) {
    let mut world = World::with(|config| config.timeouts.first_byte = 0.3);
    // The token is there: only the call itself is struck.
    world.run("app.get_dept_users()");
    world.sandbox.fault(fault.on(line.1).times(times));
    let found = caught(&mut world, line.0);
    assert_eq!((&found[0], &found[1]), (&json!(kind), &json!(sent)), "{fault:?} on {}: {found}", line.1);
    assert_eq!(count(&world, line.1), requests, "{fault:?} on {}", line.1);
}

/// One fault on the path of a line is got over, after so many requests.
#[track_caller]
fn recovers(line: (&str, &str), fault: Fault, requests: usize) {
    let mut world = World::new();
    world.run("app.get_dept_users()");
    world.sandbox.fault(fault.on(line.1));
    let ran = world.run(line.0);
    assert!(ran.is_value(), "{fault:?} on {}: {}", line.1, ran.problem().message.en);
    assert_eq!(count(&world, line.1), requests, "{fault:?} on {}", line.1);
}

#[test]
fn a_read_is_tried_again() {
    std::thread::scope(|scope| {
        for fault in [Fault::Drop, Fault::Truncated, Fault::Status(503), Fault::Status(500), Fault::Busy] {
            scope.spawn(move || recovers(READ, fault, 2));
        }
    });
}

#[test]
fn a_redirect_is_told_with_its_host_alone() {
    for (place, host) in [
        ("text/plain\r\nlocation: https://login.corp.example/in?ticket=S3CRET", "login.corp.example"),
        ("text/html\r\nlocation: /login?ticket=S3CRET", "127.0.0.1"),
    ] {
        let server = Canned::new(move |_| (302, place, String::new()));
        let mut world = World::with(|config| config.endpoints.oapi = server.url());
        let ran = world.run(READ.0);
        let (text, hints) = (ran.problem().message.en.to_string(), &ran.problem().hints);
        assert!(text.contains(&format!("(HTTP 302) is a redirect to {host}")), "{text}");
        assert!(!text.contains("S3CRET") && hints[0].en.contains("login page"), "{text} {hints:?}");
        ran.fails("unreadable", "redirect");
        assert_eq!(server.seen().len(), 1);
    }
}

#[test]
fn a_read_that_keeps_failing_fails() {
    std::thread::scope(|scope| {
        scope.spawn(|| fails(READ, Fault::Drop, 9, "network", "unknown", 4));
        scope.spawn(|| fails(READ, Fault::Truncated, 9, "network", "yes", 4));
    });
}

#[test]
fn throttled_calls_were_not_done_and_are_made_again() {
    std::thread::scope(|scope| {
        scope.spawn(|| recovers(READ, Fault::Qps, 2));
        scope.spawn(|| recovers(WRITE, Fault::Qps, 2));
        scope.spawn(|| recovers(WRITE, Fault::Status(429), 2));
    });
}

#[test]
fn a_write_that_may_have_been_received_is_never_sent_twice() {
    for line in [WRITE, HOOK] {
        fails(line, Fault::Drop, 1, "network", "unknown", 1);
        fails(line, Fault::Truncated, 1, "network", "yes", 1);
        fails(line, Fault::Delay(5000), 1, "timeout", "unknown", 1);
        fails(line, Fault::Status(500), 1, "server", "yes", 1);
        fails(line, Fault::Status(503), 1, "server", "yes", 1);
        fails(line, Fault::Busy, 1, "server", "yes", 1);
        fails(line, Fault::Html, 1, "unreadable", "yes", 1);
        fails(line, Fault::NotJson, 1, "unreadable", "yes", 1);
    }
}

#[test]
fn what_is_no_answer_says_what_it_is() {
    let rows = [
        (Fault::Html, "(HTTP 200) is an HTML page: <!DOCTYPE html>"),
        (Fault::NotJson, "(HTTP 200) is JSON that breaks off; the request was received"),
        (Fault::Truncated, "the answer (HTTP 200) was cut short"),
    ];
    for (fault, text) in rows {
        let mut world = World::new();
        world.sandbox.fault(fault.on(WRITE.1));
        let found = caught(&mut world, WRITE.0);
        assert!(found[2].as_str().unwrap().contains(text), "{found}");
        world.run(WRITE.0).prints("<Response [True]>");
    }
}

#[test]
fn each_failure_has_its_exit_code() {
    for fault in [Fault::Drop, Fault::Html, Fault::NotJson, Fault::Truncated, Fault::Delay(5000)] {
        let mut world = World::with(|config| config.timeouts.first_byte = 0.2);
        world.sandbox.fault(fault.on(WRITE.1));
        assert_eq!(world.run(WRITE.0).problem().exit_code(), 6, "{fault:?}");
    }
    let mut world = World::new();
    world.sandbox.fault(Fault::Status(500).on(WRITE.1));
    assert_eq!(world.run(WRITE.0).problem().exit_code(), 1);
}

/// An address where nobody listens.
const CLOSED: &str = "http://127.0.0.1:1";

#[test]
fn a_refused_connection_was_not_sent() {
    let refused = |line: &str| {
        let mut world = World::with(|config| {
            (config.endpoints.api, config.endpoints.oapi) = (CLOSED.into(), CLOSED.into());
        });
        let ran = world.run(line);
        let problem = ran.problem();
        let error = problem.error.as_ref().unwrap();
        assert_eq!((error.kind_name(), error.sent().name()), ("network", "no"), "{error}");
        let text = error.to_string();
        assert!(text.contains("refused") && text.ends_with("the request was not sent"), "{text}");
        assert!(problem.hints.iter().any(|hint| hint.en.contains("dingraia doctor")));
        assert_eq!(problem.exit_code(), 6);
    };
    std::thread::scope(|scope| {
        for line in [READ.0, WRITE.0, HOOK.0] {
            scope.spawn(move || refused(line));
        }
    });
}

#[test]
fn a_host_that_does_not_exist() {
    let mut world = World::with(|config| config.endpoints.api = "http://no-such-host.invalid".into());
    let found = caught(&mut world, WRITE.0);
    assert_eq!((&found[0], &found[1]), (&json!("network"), &json!("no")), "{found}");
    assert!(found[2].as_str().unwrap().contains("no-such-host.invalid"), "{found}");
}

#[test]
fn tls_at_a_plain_port() {
    let mut world = World::new();
    let https = world.session.config.endpoints.oapi.replace("http://", "https://");
    let found =
        caught(&mut world, &format!(r#"app.send_message("{https}/robot/send?access_token=S3CRET", "hi")"#));
    assert_eq!((&found[0], &found[1]), (&json!("network"), &json!("no")), "{found}");
    assert!(!found.to_string().contains("S3CRET"), "{found}");
    assert_eq!(world.sandbox.requests().len(), 0);
}

#[test]
fn a_host_that_says_nothing() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let mut world = World::with(|config| {
        config.endpoints.oapi = url.clone();
        config.timeouts.first_byte = 0.2;
    });
    let begun = Instant::now();
    let found = caught(&mut world, HOOK.0);
    assert_eq!((&found[0], &found[1]), (&json!("timeout"), &json!("unknown")), "{found}");
    assert!(found[2].as_str().unwrap().contains("within 0.2 s"), "{found}");
    assert!(begun.elapsed() < Duration::from_secs(3));
}

#[test]
fn a_host_that_never_comes_to_an_end() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut bytes = [0; 4096];
        let _ = stream.read(&mut bytes);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{");
        let _ = stream.read(&mut bytes);
    });
    let mut world = World::with(|config| {
        config.endpoints.oapi = url.clone();
        config.timeouts.call = 0.3;
    });
    let found = caught(&mut world, HOOK.0);
    assert_eq!((&found[0], &found[1]), (&json!("timeout"), &json!("yes")), "{found}");
}

/// A world whose oapi answers every webhook like this.
fn answered(status: u16, kind: &'static str, body: &'static str) -> World {
    let server = Canned::new(move |_| (status, kind, body.to_owned()));
    World::with(|config| config.endpoints.oapi = server.url())
}

#[test]
fn what_is_no_answer_is_taken_for_none() {
    let mut old = World::new();
    let members = "app.get_group(\"cidSandboxRelease0001==\").user_ids.len()";
    let count = old.run(members).json();
    assert!(count.as_i64().unwrap() > 1);
    for body in [
        "null",
        "[1,2]",
        "5",
        "{}",
        "",
        r#"{"errcode":null,"result":{}}"#,
        r#"{"error_response":{"code":15}}"#,
    ] {
        let server = Canned::new(move |_| (200, "application/json", body.to_owned()));
        let mut world = World::over(&old, |config| config.endpoints.oapi = server.url());
        for line in [
            HOOK.0,
            "app.get_user(\"nobody\")",
            "app.get_depts()",
            "app.get_group(\"cidSandboxRelease0001==\", #{using_cache: false})",
            "app.change_group_title(\"cidSandboxRelease0001==\", \"T\")",
        ] {
            let found = caught(&mut world, line);
            assert_eq!(
                (&found[0], &found[1]),
                (&json!("unreadable"), &json!("yes")),
                "{body:?} {line}: {found}"
            );
        }
        // Nothing of it is kept.
        assert_eq!(world.run(members).json(), count);
        world.run("cache.user(\"nobody\")").gives(json!(null));
    }
    let server = Canned::new(|request| {
        let token = r#"{"accessToken":"t","expireIn":7200}"#;
        (200, "application/json", if request.line.contains("oauth2") { token } else { "[]" }.to_owned())
    });
    let mut world = World::with(|config| config.endpoints.api = server.url());
    for line in ["app.send_message(\"cidA==\", \"hi\")", "app.mute_member(\"cidA==\", [\"u1\"], 60)"] {
        let found = caught(&mut world, line);
        assert_eq!((&found[0], &found[1]), (&json!("unreadable"), &json!("yes")), "{line}: {found}");
    }
}

#[test]
fn both_envelopes_in_all_their_spellings() {
    let json = "application/json";
    for body in
        [r#"{"errcode":0,"errmsg":"ok"}"#, r#"{"errcode":"0"}"#, r#"{"success":"true","errcode":"0"}"#]
    {
        let ran = answered(200, json, body).run(HOOK.0);
        assert!(ran.is_value(), "{body:?}: {}", ran.problem().message.en);
    }
    // What a raw call may get is not known.
    for body in [r#"{"processQueryKey":"k"}"#, r#"{"code":"","x":1}"#, "{}", "", "[1]"] {
        let ran = answered(200, json, body).run("app.oapi.post(\"/topapi/x\")");
        assert!(ran.is_value(), "{body:?}: {}", ran.problem().message.en);
    }
    let rows = [
        (200, r#"{"errcode":"40035","errmsg":"x"}"#, "refused", "40035"),
        (200, r#"{"errcode":88,"sub_code":"60011","sub_msg":"no"}"#, "permission", "60011"),
        (200, r#"{"errcode":88,"errmsg":"ding talk error[subcode=60011,submsg=no]"}"#, "permission", "60011"),
        (200, r#"{"errcode":88,"errmsg":"?"}"#, "permission", "88"),
        (200, r#"{"code":"param.invalid","message":"x","requestid":"R"}"#, "refused", "param.invalid"),
        (400, r#"{"code":"InvalidAuthentication","message":"x"}"#, "token", "InvalidAuthentication"),
        (401, r#"{"message":"x"}"#, "token", "401"),
        (403, r#"{"code":"Forbidden.New","message":"x"}"#, "permission", "Forbidden.New"),
        (
            403,
            r#"{"code":"Forbidden.AccessDenied.QpmLimitForAppkeyAndApi"}"#,
            "rate",
            "Forbidden.AccessDenied.QpmLimitForAppkeyAndApi",
        ),
        (500, "{}", "server", "500"),
        (200, r#"{"success":false,"message":"x"}"#, "refused", "success:false"),
        (200, r#"{"success":"false"}"#, "refused", "success:false"),
        (200, r#"{"status":1111,"wait":5,"source":"x5","punish":"deny","uuid":"u"}"#, "rate", "1111"),
        (200, r#"{"errcode":90020}"#, "quota", "90020"),
        (200, r#"{"errcode":130101}"#, "rate", "130101"),
    ];
    for (status, body, kind, code) in rows {
        let ran = answered(status, json, body).run(HOOK.0);
        let error = ran.problem().error.clone().unwrap();
        assert_eq!((error.kind_name(), error.code()), (kind, code), "{body}");
    }
    for (status, body) in [
        (200, "<html>"),
        (502, "<html>bad gateway"),
        (200, "hello"),
        (200, "{\"errcode\":"),
        (500, ""),
        (200, "\u{0}"),
    ] {
        let ran = answered(status, "text/html", body).run(HOOK.0);
        ran.fails("unreadable", &format!("(HTTP {status})"));
    }
}

#[test]
fn a_redirect_is_not_followed() {
    let mut world = World::new();
    let target = world.session.config.endpoints.oapi.clone();
    let server = Canned::new(move |_| (302, "text/html", format!("<a href=\"{target}\">moved</a>")));
    let line = format!(r#"app.send_message("{}/x", "hi")"#, server.url());
    world.run(&line).fails("unreadable", "HTTP 302");
    assert_eq!(world.sandbox.requests().len(), 0);
}
