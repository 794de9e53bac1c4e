//! What an address says, and that a request is the same whether it goes straight to its host or through a proxy.

use dingraia::config::Secret;
use serde_json::json;

use crate::support::World;
use crate::support::canned::{Canned, Request};

#[test]
fn a_name_and_password_in_an_address_become_a_header() {
    let server = Canned::json(json!({ "errcode": 0, "errmsg": "ok" }));
    let address = server.url().replace("http://", "http://user:P4ssw0rd@");
    World::new()
        .run(&format!(r#"app.send_message("{address}/robot/send?access_token=t", "hi").ok"#))
        .gives(json!(true));
    let seen = server.seen();
    assert_eq!(seen[0].line, "POST /robot/send?access_token=t");
    let header = "authorization: basic dxnlcjpqnhnzdzbyza=="; // The test's server writes headers in small letters.
    assert!(seen[0].headers.iter().any(|given| given == header), "{:?}", seen[0].headers);
}

#[test]
fn an_address_is_encoded_as_browsers_do() {
    let server = Canned::json(json!({ "errcode": 0, "errmsg": "ok" }));
    let line = format!(r#"app.send_message("{}/机器人 1/send?q=你#here", "hi").ok"#, server.url());
    World::new().run(&line).gives(json!(true));
    assert_eq!(server.seen()[0].line, "POST /%E6%9C%BA%E5%99%A8%E4%BA%BA%201/send?q=%E4%BD%A0");
}

#[test]
fn a_proxy_changes_nothing_else_of_a_request() {
    let server = Canned::json(json!({ "errcode": 0, "errmsg": "ok" }));
    let mut world = World::with(|config| config.proxies.http = Some(Secret::new(server.url())));
    for base in [&server.url(), "http://robots.example"] {
        let line = format!(r#"app.send_message("{base}/robot/send?access_token=t", "你好").ok"#);
        world.run(&line).gives(json!(true));
    }
    let [straight, through] = &server.seen()[..] else { panic!("{:?}", server.seen()) };
    assert_eq!(straight.line, "POST /robot/send?access_token=t");
    assert_eq!(through.line, "POST http://robots.example/robot/send?access_token=t");
    let headers = |request: &Request| {
        let mut headers = request.headers.clone();
        headers.retain(|header| !header.starts_with("host: "));
        headers.sort();
        headers
    };
    assert_eq!(headers(straight), headers(through));
    assert_eq!(straight.body, through.body);
}
