//! One HTTP request, by hand.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;

/// Sends `body` to `url` with further header lines; status and body of the answer.
pub fn post(url: &str, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> (u16, String) {
    request("POST", url, headers, body)
}

/// The same with any method.
pub fn request(method: &str, url: &str, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> (u16, String) {
    let (host, path) = url.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    let lines: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let length = body.as_ref().len();
    let head = format!(
        "{method} /{path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n{lines}content-length: {length}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    // A server that has seen enough closes before all is written.
    let _ = stream.write_all(body.as_ref());
    let mut reader = BufReader::new(stream);
    let (mut status, mut length) = (0, 0);
    for (number, line) in reader.by_ref().lines().map_while(Result::ok).enumerate() {
        let line = line.to_lowercase();
        if number == 0 {
            status = line.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or_default();
        }
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        if line.is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    (status, String::from_utf8(body).unwrap())
}
