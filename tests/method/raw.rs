//! The raw doors.

use serde_json::{Value, json};

use super::calls;
use crate::support::World;
use crate::support::canned::Canned;

#[test]
fn a_path_and_a_body() {
    let mut world = World::new();
    let ran = world.run(
        r#"let r = app.oapi.post("/topapi/user/listid", #{dept_id: 110}); [r.errcode, r.result.userid_list]"#,
    );
    ran.gives(json!([0, ["0110000003", "0110000004"]]));
    let call = calls(&world).remove(0);
    assert_eq!((call.host, call.path.as_str(), call.token), ("oapi", "/topapi/user/listid", "query"));
    assert_eq!(call.body, json!({"dept_id": 110}));
}

/// A world whose two hosts answer `{"ok": true}` to everything but a token.
fn open() -> (World, Canned, Canned) {
    let answer = |request: &crate::support::canned::Request| {
        let body = if request.line.contains("accessToken") {
            json!({"accessToken": "t/1+", "expireIn": 7200})
        } else {
            json!({"ok": true})
        };
        (200, "application/json", body.to_string())
    };
    let (api, oapi) = (Canned::new(answer), Canned::new(answer));
    let world = World::with(|config| {
        config.endpoints.api = api.url();
        config.endpoints.oapi = format!("{}/", oapi.url());
    });
    (world, api, oapi)
}

#[test]
fn every_verb_on_both_hosts() {
    let (mut world, api, oapi) = open();
    let rows = [
        (r#"get("/v1/x")"#, "GET /v1/x", Value::Null),
        (r#"get("/v1/x", #{a: "1 2", b: 3})"#, "GET /v1/x?a=1%202&b=3", Value::Null),
        (r#"post("/v1/x")"#, "POST /v1/x", json!({})),
        (r#"post("/v1/x", #{n: #{m: [1, ()]}})"#, "POST /v1/x", json!({"n": {"m": [1, null]}})),
        (r#"post("/v1/x", #{n: 1}, #{query: #{q: "中"}})"#, "POST /v1/x?q=%E4%B8%AD", json!({"n": 1})),
        (r#"put("/v1/x", #{n: 1})"#, "PUT /v1/x", json!({"n": 1})),
        (r#"delete("/v1/x", #{id: "7"})"#, "DELETE /v1/x?id=7", Value::Null),
        (r#"delete("/v1/x?id=7")"#, "DELETE /v1/x?id=7", Value::Null),
    ];
    for (call, line, body) in rows {
        world.run(&format!("app.api.{call}")).gives(json!({"ok": true}));
        let seen = api.seen().pop().unwrap();
        assert_eq!((seen.line.as_str(), &seen.body), (line, &body), "{call}");
        assert!(seen.headers.contains(&"x-acs-dingtalk-access-token: t/1+".to_owned()), "{:?}", seen.headers);
        assert!(seen.headers.contains(&"accept: application/json".to_owned()), "{:?}", seen.headers);

        world.run(&format!("app.oapi.{call}")).gives(json!({"ok": true}));
        let seen = oapi.seen().pop().unwrap();
        assert!(seen.line.contains("access_token=t%2F1%2B"), "{}", seen.line);
        assert!(!seen.headers.iter().any(|header| header.contains("dingtalk-access-token")));
        let bare = seen.line.replacen("access_token=t%2F1%2B", "", 1);
        let bare = bare.replace("?&", "?").replace("&&", "&");
        assert_eq!(bare.trim_end_matches(['?', '&']), line, "{call}");
        assert_eq!(seen.body, body, "{call}");
    }
}

#[test]
fn a_token_leaves_for_no_other_host() {
    let mut world = World::new();
    for path in
        ["https://evil.example/x", "//evil.example/x", "evil.example/x", "", "/\\evil.example/x", "/x#y"]
    {
        for verb in ["get", "post", "put", "delete"] {
            let ran = world.run(&format!("app.api.{verb}({path:?})"));
            ran.fails("argument", &format!("{verb}: `path` must be a path"));
        }
    }
    assert_eq!(world.sandbox.requests().len(), 0);
}

#[test]
fn a_path_that_climbs_stays_on_its_host() {
    let (mut world, api, _oapi) = open();
    for path in ["/@evil.example/x", "/.evil.example", "/..evil.example/x"] {
        let before = api.seen().len();
        world.run(&format!("app.api.get({path:?})"));
        assert!(api.seen().len() > before, "{path} went elsewhere");
    }
}

/// What a call does is told by its path: none is written so that it says something else to the server than to us.
#[test]
fn a_path_has_one_form() {
    let mut world = World::new();
    for path in [
        "/user/%64elete",
        "/user/delete/",
        "/user//delete",
        "/user/./delete",
        "/user/x/../delete",
        "/user/%2e%2e/x",
        "/user/de\nlete",
        "/user/del%09ete",
        "/user/%zz",
        "/user/x%",
        "/",
    ] {
        let ran = world.run(&format!("app.oapi.get({path:?}, #{{userid: \"0110000004\"}})"));
        ran.fails("argument", "get: `path` must be a path in its plain form");
    }
    assert_eq!(world.sandbox.requests().len(), 0);
    // What has to be written so may be.
    world.run("app.api.get(\"/v1.0/x/cid%2Fa%2B%3D%3D/%E6%9E%97 晓?a=/../%61\")").fails("refused", "");
    assert_eq!(world.sandbox.requests().len(), 2);
}

#[test]
fn unknown_paths_are_refused() {
    let mut world = World::new();
    let rows = [
        (r#"app.api.get("/v1.0/no/such")"#, "InvalidAction.NotFound", 404),
        (r#"app.oapi.post("/topapi/no/such", #{})"#, "22", 200),
        (r#"app.oapi.get("/topapi/user/listid")"#, "43002", 200),
    ];
    for (line, code, status) in rows {
        let ran = world
            .run(&format!("let r = (); try {{ {line} }} catch (e) {{ r = [e.kind, e.code, e.status]; }} r"));
        ran.gives(json!(["refused", code, status]));
    }
}

#[test]
fn not_raised_the_body_comes_back() {
    let mut world = World::with(|config| config.raise_for_api_error = false);
    world.run(r#"app.api.get("/v1.0/no/such").code"#).prints("InvalidAction.NotFound");
}

#[test]
fn unknown_verbs_and_fields() {
    let mut world = World::new();
    let ran = world.run(r#"app.api.pots("/x")"#);
    assert_eq!(ran.problem().message.en, "no method `pots`");
    assert_eq!(ran.problem().hints[0].en, "did you mean `post`?");
    let ran = world.run(r#"app.api.get("/x", #{}, #{acces_token: "t"})"#);
    assert_eq!(ran.problem().message.en, "get: no parameter `acces_token`; did you mean `access_token`?");
    world.run("app.nope").fails("script", "a Dingtalk has no field `nope`");
}
