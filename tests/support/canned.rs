//! A server that answers what it is told to: for answers that a sandbox never gives.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use serde_json::Value;

/// A request as it came in.
#[derive(Debug, Clone)]
pub struct Request {
    /// `POST /path?query`
    pub line: String,
    /// Header lines, in lower case.
    pub headers: Vec<String>,
    /// The JSON body, or null.
    pub body: Value,
}

/// An answer: status, content type, body.
pub type Answer = (u16, &'static str, String);

/// The server; its thread waits in `accept` until the process ends.
pub struct Canned {
    url: String,
    seen: Arc<Mutex<Vec<Request>>>,
}

impl Canned {
    /// Answers every request with what `answer` makes of it; 200 means JSON was meant.
    pub fn new(answer: impl Fn(&Request) -> Answer + Clone + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let seen: Arc<Mutex<Vec<Request>>> = Arc::default();
        let log = Arc::clone(&seen);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (answer, log) = (answer.clone(), Arc::clone(&log));
                std::thread::spawn(move || converse(&stream, &answer, &log));
            }
        });
        Self { url, seen }
    }

    /// Answers every request with this JSON.
    pub fn json(body: Value) -> Self {
        Self::new(move |_| (200, "application/json", body.to_string()))
    }

    /// Its address.
    pub fn url(&self) -> String {
        self.url.clone()
    }

    /// What came in, oldest first.
    pub fn seen(&self) -> Vec<Request> {
        self.seen.lock().unwrap().clone()
    }
}

fn converse(stream: &TcpStream, answer: &impl Fn(&Request) -> Answer, log: &Mutex<Vec<Request>>) {
    let mut reader = BufReader::new(stream);
    while let Some(request) = read(&mut reader) {
        let (status, kind, body) = answer(&request);
        log.lock().unwrap().push(request);
        let head = format!(
            "HTTP/1.1 {status} Canned\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        let mut out = stream;
        if out.write_all(format!("{head}{body}").as_bytes()).is_err() {
            return;
        }
    }
}

fn read(reader: &mut BufReader<&TcpStream>) -> Option<Request> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|count| *count > 0)?;
    let mut headers = Vec::new();
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        match header.trim_end() {
            "" => break,
            text => headers.push(text.to_lowercase()),
        }
    }
    let length = headers.iter().find_map(|header| header.strip_prefix("content-length: "));
    let mut body = vec![0; length.map_or(0, |text| text.parse().unwrap())];
    reader.read_exact(&mut body).ok()?;
    let line = line.trim_end().trim_end_matches(" HTTP/1.1").to_owned();
    Some(Request { line, headers, body: serde_json::from_slice(&body).unwrap_or_default() })
}
