//! Certificates: who is believed, and what is said of who is not.

use dingraia::config::Secret;
use futures_util::StreamExt as _;

use super::secure::{Authority, Secure, Wrong};
use super::{SEND, both, failure};
use crate::support::World;

/// A world whose hosts are a server with such a certificate, with its authority trusted or not.
fn world(server: &Secure, trusted: Option<&Authority>) -> World {
    World::with(|config| {
        config.endpoints = both(&server.url("localhost"));
        if let Some(authority) = trusted {
            let folder = tempfile::tempdir().unwrap().keep();
            config.tls.ca_file = Some(authority.file(&folder));
        }
    })
}

#[test]
fn an_authority_of_ones_own() {
    let authority = Authority::new();
    let server = Secure::new(&authority, "localhost", Wrong::Nothing);
    world(&server, Some(&authority)).run(SEND).prints("<Response [True]>");
    assert_eq!(server.seen(), ["POST /robot/send"]);
    let (kind, sent, text, hints) = failure(&mut world(&server, None), SEND);
    assert_eq!((kind.as_str(), sent.as_str()), ("network", "no"), "{text}");
    assert!(text.contains("its certificate is from an authority that is not trusted here"), "{text}");
    assert!(hints.contains("tls.ca_file"), "{hints}");
    let (_, _, text, _) = failure(&mut world(&server, Some(&Authority::new())), SEND);
    assert!(text.contains("not trusted here"), "{text}");
    assert_eq!(server.seen().len(), 1);
}

#[test]
fn a_certificate_that_is_not_the_right_one() {
    let authority = Authority::new();
    for (name, wrong, problem, hint) in [
        ("elsewhere.example", Wrong::Nothing, "its certificate is for another name", "[endpoints]"),
        ("localhost", Wrong::Expired, "its certificate has expired", "clock"),
        ("localhost", Wrong::NotYet, "its certificate is not valid yet", "clock"),
    ] {
        let server = Secure::new(&authority, name, wrong);
        let (kind, sent, text, hints) = failure(&mut world(&server, Some(&authority)), SEND);
        assert_eq!((kind.as_str(), sent.as_str()), ("network", "no"), "{text}");
        assert!(text.contains(problem) && hints.contains(hint), "{text} ({hints})");
        assert!(server.seen().is_empty());
    }
}

/// It is an authority's, so that it is refused even when it is trusted, and a read is not tried again.
#[test]
fn a_certificate_of_an_authority() {
    let authority = Authority::new();
    for wrong in [Wrong::SelfSigned, Wrong::Expired] {
        let server = Secure::new(&authority, "localhost", wrong);
        let mut world = world(&server, Some(&authority));
        let (kind, sent, text, hints) = failure(&mut world, "app.get_depts()");
        assert_eq!((kind.as_str(), sent.as_str()), ("network", "no"), "{text}");
        assert_eq!(server.met(), 1, "{text}");
        if wrong == Wrong::SelfSigned {
            assert!(text.contains("its certificate is that of an authority"), "{text}");
            assert!(hints.contains("tls.ca_file") && hints.contains("of its own"), "{hints}");
        }
    }
}

#[test]
fn what_speaks_no_tls() {
    let mut world =
        World::with(|config| config.endpoints.oapi = config.endpoints.oapi.replace("http:", "https:"));
    let (kind, sent, text, hints) = failure(&mut world, SEND);
    assert_eq!((kind.as_str(), sent.as_str()), ("network", "no"), "{text}");
    assert!(hints.contains("is it https there"), "{text} ({hints})");
}

#[test]
fn a_file_without_certificates() {
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty.pem");
    std::fs::write(&empty, "no certificate").unwrap();
    let broken = folder.path().join("broken.pem");
    std::fs::write(&broken, "-----BEGIN CERTIFICATE-----\n%%%\n-----END CERTIFICATE-----\n").unwrap();
    for path in [empty, broken, folder.path().join("nothing.pem")] {
        let mut world = World::with(|config| config.tls.ca_file = Some(path.clone()));
        let (kind, sent, text, _) = failure(&mut world, SEND);
        assert_eq!((kind.as_str(), sent.as_str()), ("file", "no"), "{text}");
        assert!(text.contains(path.to_str().unwrap()), "{text}");
    }
}

/// The gateway of Stream mode is believed for the same reasons.
#[test]
fn a_websocket_over_tls() {
    let authority = Authority::new();
    let server = Secure::new(&authority, "localhost", Wrong::Nothing);
    let address =
        Secret::new(format!("{}/connect?ticket=S3CRET", server.url("localhost").replace("https", "wss")));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let headers = std::collections::BTreeMap::new();
    let (good, bad) = (world(&server, Some(&authority)), world(&server, None));
    runtime.block_on(async {
        let mut socket = good.session.client.open_socket(&address, &headers).await.unwrap();
        assert_eq!(socket.next().await.unwrap().unwrap().to_text().unwrap(), "hello");
        let error = bad.session.client.open_socket(&address, &headers).await.unwrap_err();
        let text = error.to_string();
        assert!(text.contains("GET /connect: localhost:") && text.contains("not trusted here"), "{text}");
        assert!(error.hints()[0].en.contains("tls.ca_file") && !text.contains("S3CRET"));
    });
}
