//! HTTP messages as far as a proxy has to understand them.

use tokio::io::{AsyncBufRead, AsyncBufReadExt as _, AsyncReadExt as _};

/// A request or an answer.
#[derive(Debug, Clone, Default)]
pub struct Message {
    /// `POST /path?query HTTP/1.1`, or `HTTP/1.1 200 OK`.
    pub first: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Message {
    /// Reads one; nothing when the other side has closed or sends no HTTP.
    pub async fn read(from: &mut (impl AsyncBufRead + Unpin)) -> Option<Self> {
        let first = line(from).await?;
        let mut headers = Vec::new();
        loop {
            let header = line(from).await?;
            let Some((name, value)) = header.split_once(':') else { break };
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        let mut message = Self { first, headers, body: Vec::new() };
        message.body = message.read_body(from).await?;
        Some(message)
    }

    async fn read_body(&self, from: &mut (impl AsyncBufRead + Unpin)) -> Option<Vec<u8>> {
        let mut body = Vec::new();
        if self.header("transfer-encoding").is_some() {
            loop {
                let size = usize::from_str_radix(&line(from).await?, 16).ok()?;
                let begin = body.len();
                body.resize(begin + size, 0);
                from.read_exact(&mut body[begin..]).await.ok()?;
                line(from).await?;
                if size == 0 {
                    return Some(body);
                }
            }
        }
        let length = self.header("content-length").map_or(Some(0), |length| length.parse().ok())?;
        body.resize(length, 0);
        from.read_exact(&mut body).await.ok()?;
        Some(body)
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The message as it goes over the wire, its length told and nothing said of the connection.
    pub fn bytes(&self) -> Vec<u8> {
        let mut head = format!("{}\r\n", self.first);
        for (name, value) in &self.headers {
            if !["connection", "content-length", "transfer-encoding"].contains(&name.as_str()) {
                head.push_str(&format!("{name}: {value}\r\n"));
            }
        }
        head.push_str(&format!("content-length: {}\r\n\r\n", self.body.len()));
        [head.as_bytes(), &self.body].concat()
    }

    /// The second word: the target of a request, the status of an answer.
    pub fn second(&self) -> &str {
        self.first.split(' ').nth(1).unwrap_or_default()
    }

    /// The path of a request.
    pub fn path(&self) -> &str {
        self.second().split('?').next().unwrap_or_default()
    }

    /// The status of an answer.
    pub fn status(&self) -> u16 {
        self.second().parse().unwrap_or_default()
    }
}

async fn line(from: &mut (impl AsyncBufRead + Unpin)) -> Option<String> {
    let mut line = String::new();
    from.read_line(&mut line).await.ok().filter(|count| *count > 0)?;
    Some(line.trim_end().to_owned())
}
