//! Multipart forms, read as a stream: the bytes of a part are counted and hashed, but only its first few are kept.

use axum::body::Body;
use axum::extract::multipart::{Field, Multipart, MultipartError};
use axum::extract::{FromRequest, Request};
use axum::http::header;
use axum::http::request::Parts;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::clock::hex;

/// How much of a part is kept, enough for every text field.
const KEPT: usize = 256;
/// Reading stops after this many bytes of a part.
const LARGEST: u64 = 64 * 1024 * 1024;

/// A form as it was read.
#[derive(Debug, Default)]
pub(super) struct Form {
    pub(super) parts: Vec<Part>,
    /// Why the form could not be read to its end.
    pub(super) broken: Option<String>,
}

/// One part of a form.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub(super) name: String,
    pub(super) file_name: Option<String>,
    pub(super) content_type: Option<String>,
    pub(super) size: u64,
    /// Lower-case hexadecimal.
    pub(super) sha256: String,
    head: Vec<u8>,
}

impl Part {
    /// The part as a text, if it is a short one.
    pub(super) fn text(&self) -> Option<&str> {
        let whole = u64::try_from(self.head.len()).is_ok_and(|kept| kept == self.size);
        std::str::from_utf8(&self.head).ok().filter(|_| whole)
    }
}

impl Form {
    /// The form as the log keeps it: texts, and files by name, size and digest.
    pub(super) fn logged(&self) -> Value {
        let mut fields = Map::new();
        for part in &self.parts {
            let value = match (part.text(), &part.file_name) {
                (Some(text), None) => Value::from(text),
                _ => json!({
                    "filename": part.file_name,
                    "content_type": part.content_type,
                    "size": part.size,
                    "sha256": part.sha256,
                }),
            };
            fields.insert(part.name.clone(), value);
        }
        Value::Object(fields)
    }
}

/// Whether the request is declared as a form.
pub(super) fn is_form(request: &Parts) -> bool {
    let value = request.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    value.is_some_and(|value| value.trim_start().to_ascii_lowercase().starts_with("multipart/form-data"))
}

/// Reads a form; memory does not grow with its files.
pub(super) async fn read(request: &Parts, body: Body) -> Form {
    let mut form = Form::default();
    let mut stream = match Multipart::from_request(Request::from_parts(request.clone(), body), &()).await {
        Ok(stream) => stream,
        Err(rejection) => {
            form.broken = Some(rejection.body_text());
            return form;
        }
    };
    loop {
        let part = match stream.next_field().await {
            Ok(None) => return form,
            Ok(Some(field)) => read_part(field).await,
            Err(error) => Err(error),
        };
        match part {
            Ok(part) if part.size > LARGEST => {
                form.parts.push(part);
                return form;
            }
            Ok(part) => form.parts.push(part),
            Err(error) => {
                form.broken = Some(error.body_text());
                return form;
            }
        }
    }
}

async fn read_part(mut field: Field<'_>) -> Result<Part, MultipartError> {
    let name = field.name().unwrap_or_default().to_string();
    let file_name = field.file_name().filter(|name| !name.is_empty()).map(str::to_string);
    let content_type = field.content_type().map(str::to_string);
    let (mut size, mut digest, mut head) = (0, Sha256::new(), Vec::new());
    while size <= LARGEST
        && let Some(chunk) = field.chunk().await?
    {
        size += u64::try_from(chunk.len()).unwrap_or(u64::MAX);
        digest.update(&chunk);
        let room = KEPT.saturating_sub(head.len()).min(chunk.len());
        head.extend_from_slice(&chunk[..room]);
    }
    Ok(Part { name, file_name, content_type, size, sha256: hex(&digest.finalize()), head })
}
