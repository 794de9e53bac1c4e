//! An authority of our own, and servers that speak TLS with its certificates.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use tokio_tungstenite::tungstenite;

/// One that signs certificates.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

/// What is wrong with a certificate.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    Nothing,
    Expired,
    NotYet,
    /// It is that of an authority, signed by itself.
    SelfSigned,
}

impl Authority {
    pub fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let pem = params.self_signed(&key).unwrap().pem();
        Self { issuer: Issuer::new(params, key), pem }
    }

    /// Its certificate, in a file of `folder`.
    pub fn file(&self, folder: &Path) -> PathBuf {
        let path = folder.join("ca.pem");
        std::fs::write(&path, &self.pem).unwrap();
        path
    }

    fn config(&self, name: &str, wrong: Wrong) -> ServerConfig {
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        match wrong {
            Wrong::Nothing => {}
            Wrong::SelfSigned => params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained),
            Wrong::Expired => {
                (params.not_before, params.not_after) =
                    (date_time_ymd(2019, 1, 1), date_time_ymd(2020, 1, 1));
            }
            Wrong::NotYet => params.not_before = date_time_ymd(2999, 1, 1),
        }
        let key = KeyPair::generate().unwrap();
        let certificate = match wrong {
            Wrong::SelfSigned => params.self_signed(&key).unwrap(),
            _ => params.signed_by(&key, &self.issuer).unwrap(),
        };
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap()
    }
}

/// A server that says yes to everything, over TLS; its thread waits in `accept` until the process ends.
pub struct Secure {
    pub port: u16,
    seen: Arc<Mutex<Vec<String>>>,
    met: Arc<AtomicUsize>,
}

impl Secure {
    /// With a certificate of `authority` for `name`.
    pub fn new(authority: &Authority, name: &str, wrong: Wrong) -> Self {
        let config = Arc::new(authority.config(name, wrong));
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen: Arc<Mutex<Vec<String>>> = Arc::default();
        let log = Arc::clone(&seen);
        let met: Arc<AtomicUsize> = Arc::default();
        let count = Arc::clone(&met);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                count.fetch_add(1, Ordering::Relaxed);
                let (config, log) = (Arc::clone(&config), Arc::clone(&log));
                std::thread::spawn(move || converse(stream, config, &log));
            }
        });
        Self { port, seen, met }
    }

    /// Its address under `name`.
    pub fn url(&self, name: &str) -> String {
        format!("https://{name}:{}", self.port)
    }

    /// How many connections came.
    pub fn met(&self) -> usize {
        self.met.load(Ordering::Relaxed)
    }

    /// The first lines of the requests.
    pub fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }
}

fn converse(stream: TcpStream, config: Arc<ServerConfig>, log: &Mutex<Vec<String>>) {
    let mut stream = StreamOwned::new(ServerConnection::new(config).unwrap(), stream);
    let mut beginning = [0; 4];
    if stream.read_exact(&mut beginning).is_err() {
        return;
    }
    let mut reader = BufReader::new(Again { beginning: beginning.to_vec(), stream });
    if &beginning == b"GET " {
        // A websocket that says one word.
        let socket = tungstenite::accept(reader.into_inner());
        if let Ok(mut socket) = socket {
            log.lock().unwrap().push("websocket".into());
            let _ = socket.send(tungstenite::Message::text("hello"));
            let _ = socket.read();
        }
        return;
    }
    loop {
        let (mut first, mut length) = (String::new(), 0);
        if reader.read_line(&mut first).unwrap_or(0) == 0 {
            return;
        }
        loop {
            let mut header = String::new();
            if reader.read_line(&mut header).unwrap_or(0) == 0 {
                return;
            }
            let header = header.trim_end().to_ascii_lowercase();
            if let Some(text) = header.strip_prefix("content-length: ") {
                length = text.parse().unwrap();
            }
            if header.is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        if reader.read_exact(&mut body).is_err() {
            return;
        }
        log.lock().unwrap().push(first.split('?').next().unwrap_or_default().trim_end().to_owned());
        let body = r#"{"errcode":0,"errmsg":"ok"}"#;
        let answer = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        if reader.get_mut().write_all(answer.as_bytes()).is_err() {
            return;
        }
    }
}

/// A stream whose first bytes were read already and are read again.
struct Again {
    beginning: Vec<u8>,
    stream: StreamOwned<ServerConnection, TcpStream>,
}

impl std::io::Read for Again {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        if self.beginning.is_empty() {
            return self.stream.read(into);
        }
        let count = self.beginning.len().min(into.len());
        into[..count].copy_from_slice(&self.beginning[..count]);
        self.beginning.drain(..count);
        Ok(count)
    }
}

impl std::io::Write for Again {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.stream.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.stream.flush()
    }
}
