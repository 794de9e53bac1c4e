//! The body of a request. It can be built again for a retry, and a file in it is read while it is sent.

use std::fmt;
use std::io::Cursor;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use reqwest::multipart::{Form, Part};
use serde_json::Value;
use tokio::io::AsyncRead;
use tokio_util::io::{InspectReader, ReaderStream};

use crate::error::{Error, Result};

/// How much of a file is in memory at a time.
const CHUNK: usize = 64 * 1024;

/// What a request carries.
#[derive(Debug, Clone)]
pub enum Body {
    /// JSON.
    Json(Value),
    /// A form with a file in it.
    Form(Upload),
}

/// Where the bytes of an upload are.
#[derive(Clone)]
pub enum Content {
    /// In a file.
    Path(PathBuf),
    /// In memory.
    Bytes(Arc<[u8]>),
}

/// Called with the bytes that were moved since the start.
pub type Tick = Arc<dyn Fn(u64) + Send + Sync>;

/// A form with text fields and one file.
#[derive(Clone)]
pub struct Upload {
    /// Text fields, in order.
    pub fields: Vec<(&'static str, String)>,
    /// The name of the file's field.
    pub part: &'static str,
    /// The file's name.
    pub name: String,
    /// The file's content type.
    pub mime: &'static str,
    /// The file's bytes.
    pub content: Content,
    /// How many they are.
    pub size: u64,
    /// Told how far it is.
    pub tick: Tick,
    /// How many bytes were read for the request under way.
    pub(super) moved: Arc<AtomicU64>,
}

impl Upload {
    /// A form that holds nothing but the file, as `part`.
    pub fn new(part: &'static str, name: String, mime: &'static str, content: Content, size: u64) -> Self {
        let (tick, moved): (Tick, _) = (Arc::new(|_| ()), Arc::default());
        Self { fields: Vec::new(), part, name, mime, content, size, tick, moved }
    }

    /// The form, to be sent once.
    pub(super) async fn form(&self) -> Result<Form> {
        self.moved.store(0, Ordering::Relaxed);
        (self.tick)(0);
        let source: Box<dyn AsyncRead + Send + Sync + Unpin> = match &self.content {
            Content::Path(path) => {
                let file = tokio::fs::File::open(path).await.map_err(|error| Error::file(path, error))?;
                Box::new(file)
            }
            Content::Bytes(bytes) => Box::new(Cursor::new(Arc::clone(bytes))),
        };
        let (moved, tick) = (Arc::clone(&self.moved), Arc::clone(&self.tick));
        let watched = InspectReader::new(source, move |chunk: &[u8]| {
            let chunk = chunk.len() as u64;
            tick(moved.fetch_add(chunk, Ordering::Relaxed) + chunk);
        });
        let stream = reqwest::Body::wrap_stream(ReaderStream::with_capacity(watched, CHUNK));
        let part = Part::stream_with_length(stream, self.size).file_name(self.name.clone());
        let part = part.mime_str(self.mime).map_err(|_| {
            Error::unsendable(
                format!("`{}` is not a content type", self.mime),
                format!("`{}` 不是有效的内容类型", self.mime),
            )
        })?;
        // Names go as they are, as browsers send them: a server that reads only `filename=` must see the extension.
        let form = Form::new().percent_encode_noop();
        let form = self.fields.iter().fold(form, |form, (name, value)| form.text(*name, value.clone()));
        Ok(form.part(self.part, part))
    }
}

impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upload").field("name", &self.name).field("size", &self.size).finish_non_exhaustive()
    }
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(path) => write!(f, "Path({})", path.display()),
            Self::Bytes(bytes) => write!(f, "Bytes({})", bytes.len()),
        }
    }
}
