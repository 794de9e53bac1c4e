//! `sandbox serve`.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

use crate::support::{Program, World};

/// A served sandbox that ends with the test, and the line it printed.
pub(super) struct Served(pub(super) Child, pub(super) Value);

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

pub(super) fn serve(world: &World, args: &[&str]) -> Served {
    let mut program = Program::new(world.folder.path());
    let command = program.command().args(["-o", "json", "sandbox", "serve"]).args(args);
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    Served(child, serde_json::from_str(&line).unwrap_or_else(|_| panic!("not JSON: {line:?}")))
}

#[test]
fn any_client_can_use_it() {
    let world = World::new();
    let served = serve(&world, &[]);
    let text = |key: &str| served.1[key].as_str().unwrap().to_owned();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let answer: Value = runtime.block_on(async {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::new();
        let body = json!({"appKey": text("app_key"), "appSecret": text("app_secret")});
        let token: Value = client
            .post(format!("{}/v1.0/oauth2/accessToken", text("api")))
            .json(&body)
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        let url = format!(
            "{}/topapi/user/listid?access_token={}",
            text("oapi"),
            token["accessToken"].as_str().unwrap()
        );
        client.post(url).json(&json!({"dept_id": 1})).send().await.unwrap().json().await.unwrap()
    });
    assert_eq!(answer["result"]["userid_list"], json!(["manager4220"]));
    let ran = Program::new(world.folder.path())
        .env("DINGRAIA_API_BASE", text("api"))
        .env("DINGRAIA_OAPI_BASE", text("oapi"))
        .env("DINGRAIA_APP_KEY", text("app_key"))
        .env("DINGRAIA_APP_SECRET", text("app_secret"))
        .env("DINGRAIA_ROBOT_CODE", text("robot_code"))
        .run(["eval", r#"app.send_message("cidSandboxRelease0001==", "hi").ok"#]);
    ran.code(0).stdout("true\n");
}

#[test]
fn it_ends_when_it_is_told_to() {
    let world = World::new();
    let mut served = serve(&world, &["--seed", "empty"]);
    let pid = served.0.id().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    assert_eq!(served.0.wait().unwrap().code(), Some(0));
}

#[test]
fn what_cannot_be_served() {
    let world = World::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let run = |args: &[&str]| Program::new(world.folder.path()).run([&["sandbox", "serve"], args].concat());
    run(&["--port", &port]).code(3).stdout("").says("cannot listen on").says("--port 0");
    run(&["--seed", "missing.json"]).code(3).says("missing.json");
    world.file("bad.json", "{}");
    run(&["--seed", "bad.json"]).code(3).says("bad.json");
    run(&["--port", "70000"]).code(3).says("70000");
}
