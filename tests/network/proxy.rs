//! Proxies that the environment names.

use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use dingraia::config::{Config, Env, Flags, Proxies, Secret, load};

use super::secure::{Authority, Secure, Wrong};
use super::{SEND, both, failure};
use crate::support::World;

/// A proxy for `user:P4ssw0rd`: every name leads to one server. Its thread waits in `accept` until the process ends.
struct Proxy {
    port: u16,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    fn new(target: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen: Arc<Mutex<Vec<String>>> = Arc::default();
        let log = Arc::clone(&seen);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let log = Arc::clone(&log);
                std::thread::spawn(move || serve(stream, target, &log));
            }
        });
        Self { port, seen }
    }

    fn url(&self) -> Secret {
        Secret::new(format!("http://user:P4ssw0rd@127.0.0.1:{}", self.port))
    }

    fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }
}

fn serve(client: TcpStream, target: u16, log: &Mutex<Vec<String>>) {
    let mut reader = BufReader::new(client.try_clone().unwrap());
    let (mut first, mut allowed) = (String::new(), false);
    let _ = reader.read_line(&mut first);
    let wanted = format!("proxy-authorization: Basic {}", STANDARD.encode("user:P4ssw0rd"));
    loop {
        let mut header = String::new();
        if reader.read_line(&mut header).unwrap_or(0) == 0 || header.trim_end().is_empty() {
            break;
        }
        allowed |= header.trim_end().eq_ignore_ascii_case(&wanted);
    }
    let target_line = first.trim_end().rsplit_once(' ').unwrap_or_default().0.to_owned();
    log.lock().unwrap().push(target_line.split('?').next().unwrap_or_default().to_owned());
    let mut client = client;
    if !allowed {
        let _ = client.write_all(b"HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n");
        return;
    }
    if !first.starts_with("CONNECT ") {
        let body = r#"{"errcode":0}"#;
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len());
        let _ = client.write_all(head.as_bytes());
        return;
    }
    let _ = client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n");
    let server = TcpStream::connect(("127.0.0.1", target)).unwrap();
    let (up, down) = (server.try_clone().unwrap(), client.try_clone().unwrap());
    std::thread::spawn(move || pump(reader, server));
    pump(up, down);
}

fn pump(mut from: impl Read, mut to: impl Write) {
    let _ = std::io::copy(&mut from, &mut to);
}

/// DingTalk's own names, spoken for by our server behind a proxy.
fn behind(proxy: &Proxy, authority: &Authority, change: impl FnOnce(&mut Config)) -> World {
    World::with(|config| {
        config.endpoints = dingraia::config::Endpoints::default();
        config.tls.ca_file = Some(authority.file(&tempfile::tempdir().unwrap().keep()));
        config.proxies = Proxies { http: Some(proxy.url()), https: Some(proxy.url()), ..Proxies::default() };
        change(config);
    })
}

#[test]
fn https_goes_through_a_tunnel() {
    let authority = Authority::new();
    let server = Secure::new(&authority, "oapi.dingtalk.com", Wrong::Nothing);
    let proxy = Proxy::new(server.port);
    behind(&proxy, &authority, |_| {}).run(SEND).prints("<Response [True]>");
    assert_eq!(proxy.seen(), ["CONNECT oapi.dingtalk.com:443"]);
    assert_eq!(server.seen(), ["POST /robot/send"]);
}

#[test]
fn http_is_asked_of_the_proxy() {
    let (authority, proxy) = (Authority::new(), Proxy::new(1));
    let mut world = behind(&proxy, &authority, |config| config.endpoints = both("http://ding.example"));
    world.run(SEND).prints("<Response [True]>");
    assert_eq!(proxy.seen(), ["POST http://ding.example/robot/send"]);
}

#[test]
fn what_is_on_this_machine_is_reached_directly() {
    let proxy = Proxy::new(1);
    let mut world = World::with(|config| {
        config.proxies = Proxies { http: Some(proxy.url()), https: Some(proxy.url()), ..Proxies::default() };
    });
    world.run("app.get_depts().len()").gives(serde_json::json!(3));
    let authority = Authority::new();
    let server = Secure::new(&authority, "localhost", Wrong::Nothing);
    let mut world = behind(&proxy, &authority, |config| config.endpoints = both(&server.url("localhost")));
    world.run(SEND).prints("<Response [True]>");
    assert!(proxy.seen().is_empty(), "{:?}", proxy.seen());
}

#[test]
fn some_hosts_are_reached_directly() {
    let (authority, proxy) = (Authority::new(), Proxy::new(1));
    let mut world = behind(&proxy, &authority, |config| {
        config.endpoints = both("http://nowhere.invalid");
        config.proxies.except = "example.com, .invalid".into();
    });
    let (kind, sent, text, _) = failure(&mut world, SEND);
    assert_eq!((kind.as_str(), sent.as_str()), ("network", "no"), "{text}");
    assert!(proxy.seen().is_empty(), "{:?}", proxy.seen());
}

#[test]
fn a_proxy_that_says_no() {
    let authority = Authority::new();
    let proxy = Proxy::new(1);
    let other = format!("http://user:wr0ngP4ss@127.0.0.1:{}", proxy.port);
    for url in [other.as_str(), "http://user:wr0ngP4ss@127.0.0.1:1"] {
        let mut world = behind(&proxy, &authority, |config| config.proxies.https = Some(Secret::new(url)));
        let (kind, sent, text, hints) = failure(&mut world, SEND);
        assert_eq!((kind.as_str(), sent.as_str()), ("network", "no"), "{text}");
        assert!(hints.contains("the environment names a proxy: http://127.0.0.1:"), "{hints}");
        let encoded = STANDARD.encode("user:wr0ngP4ss");
        let debug = format!("{:?}", world.session.config);
        for secret in ["wr0ngP4ss", encoded.as_str()] {
            assert!(!format!("{text}{hints}{debug}").contains(secret), "{text} {hints}");
        }
    }
}

/// The hint names the proxy that the request went to, and none when it went to none.
#[test]
fn the_proxy_that_was_used_is_named() {
    let authority = Authority::new();
    let proxy = Proxy::new(1);
    let hints = |endpoint: &str, except: &str| {
        let mut world = behind(&proxy, &authority, |config| {
            config.endpoints = both(endpoint);
            config.proxies.http = Some(Secret::new("http://127.0.0.1:1"));
            config.proxies.https = Some(Secret::new("socks5://127.0.0.2:1"));
            config.proxies.except = except.into();
        });
        failure(&mut world, SEND).3
    };
    assert!(hints("http://nowhere.invalid", "").contains("names a proxy: http://127.0.0.1:1"));
    assert!(hints("https://1.2.3.4", "").contains("names a proxy: socks5://127.0.0.2:1"));
    let direct = hints("http://nowhere.invalid", ".invalid");
    assert!(!direct.contains("names a proxy") && direct.contains("check the network"), "{direct}");
}

#[test]
fn a_proxy_that_says_nothing_is_named() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    let mut world = World::with(|config| {
        config.endpoints = both("https://nowhere.invalid");
        config.proxies.https = Some(Secret::new(&url));
        config.timeouts.connect = 0.1;
    });
    let (kind, sent, _, hints) = failure(&mut world, SEND);
    assert_eq!((kind.as_str(), sent.as_str()), ("timeout", "no"));
    assert!(hints.contains(&format!("names a proxy: {url}")), "{hints}");
}

#[test]
fn the_environment_names_them() {
    let read = |vars: &[(&str, &str)]| {
        load(&Flags::default(), &Env::of(vars.iter().copied())).map(|loaded| loaded.config.proxies)
    };
    let both =
        read(&[("ALL_PROXY", "socks5://h:1"), ("https_proxy", "proxy:3128"), ("NO_PROXY", "a,b")]).unwrap();
    assert_eq!(both.http.unwrap().expose(), "socks5://h:1");
    assert_eq!(both.https.unwrap().expose(), "http://proxy:3128/");
    assert_eq!(both.except, "a,b");
    let cgi = read(&[("HTTP_PROXY", "http://h:1"), ("REQUEST_METHOD", "GET")]).unwrap();
    assert_eq!(cgi.http, None);
    for bad in ["ftp://user:S3CRET@h", "http://", "::S3CRET"] {
        let text = read(&[("HTTPS_PROXY", bad)]).unwrap_err().to_string();
        assert!(text.contains("`HTTPS_PROXY`") && !text.contains("S3CRET"), "{text}");
    }
}

#[test]
fn the_program_goes_through_one() {
    let authority = Authority::new();
    let server = Secure::new(&authority, "oapi.dingtalk.com", Wrong::Nothing);
    let proxy = Proxy::new(server.port);
    let folder = tempfile::tempdir().unwrap();
    let ca = authority.file(folder.path());
    crate::support::Program::new(folder.path())
        .env("HTTPS_PROXY", proxy.url().expose())
        .env("DINGRAIA_CA_FILE", ca)
        .env("DINGRAIA_APP_KEY", "dingabc")
        .env("DINGRAIA_APP_SECRET", "s3cr3t99")
        .run([
            "eval",
            r#"app.send_message("https://oapi.dingtalk.com/robot/send?access_token=0123", "hi").ok"#,
        ])
        .code(0)
        .stdout("true\n");
    assert_eq!(proxy.seen(), ["CONNECT oapi.dingtalk.com:443"]);
}
