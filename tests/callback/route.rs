//! Routes of one's own, over real HTTP.

use dingraia::config::{Bot, Config};
use serde_json::{Value, json};

use crate::support::{World, request};

/// A world that listens on a port after it ran `source`; its address.
fn receiving(world: &mut World, source: &str) -> String {
    let station = world.station();
    station.listen_beside();
    world.run(source).view();
    world.run("app.start(#{port: 0})").view();
    station.status(&world.session).unwrap()[0].app_key.clone()
}

fn get(url: &str, path: &str) -> (u16, String) {
    request("GET", &format!("{url}{path}"), &[], "")
}

#[test]
fn a_route_answers() {
    let mut world = World::new();
    let url = receiving(
        &mut world,
        r#"fn word() { "one" }
           route("GET /text", |r| word() + " " + r.query.a);
           route("/json", |r| #{got: r.json, method: r.method, path: r.path, agent: r.headers["x-own"]});
           route("GET /all", |r| #{status: 418, headers: #{"X-Tea": "pot"}, body: [1]});
           route("/files/*", |r| if r.path == "/files/none" { () } else { r.path });"#,
    );
    assert_eq!(get(&url, "/text?a=%E4%BD%A0%20b"), (200, "one 你 b".into()));
    let (status, body) = request("PUT", &format!("{url}/json"), &[("X-Own", "7")], r#"{"a": 1}"#);
    let answer: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(
        (status, answer),
        (200, json!({"got": {"a": 1}, "method": "PUT", "path": "/json", "agent": "7"}))
    );
    assert_eq!(get(&url, "/all"), (418, "[1]".into()));
    assert_eq!(get(&url, "/files/a/b"), (200, "/files/a/b".into()));
    assert_eq!(get(&url, "/files/none").0, 404, "it left the request to others, and there are none");
    assert_eq!((get(&url, "/other").0, request("POST", &format!("{url}/text"), &[], "").0), (404, 404));
    assert_eq!(get(&url, "/").1, "dingraia receives callbacks of DingTalk here");
    // What is written anew is seen, what is removed is gone, at once.
    world.run(r#"fn word() { "two" } let added = route("GET /new", |r| "new");"#).view();
    assert_eq!((get(&url, "/text?a=x").1, get(&url, "/new").1), ("two x".into(), "new".into()));
    world.run("off(added)").gives(json!(1));
    assert_eq!(get(&url, "/new").0, 404);
    world.run("routes().map(|r| r.path)").gives(json!(["GET /text", "/json", "GET /all", "/files/*"]));
}

#[test]
fn a_route_that_fails_harms_nothing() {
    let mut world = World::new();
    let url = receiving(
        &mut world,
        r#"route("/bad", |r| throw "oops"); route("/call", |r| app.get_user("manager4220").name);
           route("/bytes", |r| r.base64);"#,
    );
    assert_eq!(get(&url, "/bad"), (500, "the handler failed".into()));
    assert_eq!(get(&url, "/call"), (200, "林晓".into()), "it may call methods");
    assert_eq!(request("POST", &format!("{url}/bytes"), &[], [0xff, 0x00]), (200, "/wA=".into()));
    let long = vec![b'x'; 1024 * 1024 + 1];
    assert_eq!(request("POST", &format!("{url}/bytes"), &[], long).0, 413);
    // DingTalk's own place is not taken.
    assert_eq!(request("POST", &format!("{url}/"), &[], "{}").0, 400);
}

#[test]
fn wrong_routes_are_refused() {
    let mut world = World::new();
    for wrong in ["status", "POST /", "GET", "/a b c", "/a?b=1"] {
        world.run(&format!("route({wrong:?}, |r| 1)")).fails("argument", "`path` must be a path such as");
    }
    for wrong in ["1", "[1]", "[#{path: \"/a\"}]", "#{path: \"/a\", handler: |r| 1, oops: 1}"] {
        let source = format!("Config(#{{webRequestHandlers: {wrong}}})");
        world.run(&source).fails("unsendable", "a function or #{path, method, handler} is needed");
    }
    world.run("routes()").gives(json!([]));
}

#[test]
fn those_of_a_configuration_come_first() {
    let mut world = World::new();
    let Config { endpoints, bot, .. } = Config::clone(&world.session.config);
    let (key, secret) = bot.as_ref().and_then(Bot::app).unwrap();
    let source = format!(
        r#"let own = Dingtalk(Config(#{{
               bot: Bot("{key}", "{}"), endpoints: #{{api: "{}", oapi: "{}"}}, use_database: false,
               webRequestHandlers: [
                   |r| if r.path == "/first" {{ "seen" }},
                   #{{path: "/second", method: "get", handler: |r| "two"}},
               ],
           }}));
           route("/first", |r| "never"); route("/third", |r| "three"); own.start(#{{port: 0}});"#,
        secret.expose(),
        endpoints.api,
        endpoints.oapi,
    );
    let station = world.station();
    station.listen_beside();
    world.run(&source).view();
    let url = station.receivers().pop().unwrap();
    let all = ["/first", "/second", "/third", "/"].map(|path| get(&url, path).1);
    assert_eq!(all, ["seen", "two", "three", "dingraia receives callbacks of DingTalk here"]);
}
