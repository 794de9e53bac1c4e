//! A file made ready: its bytes are within reach, everything about them is known, and nothing was sent yet.

use std::io::{Read, Write};
use std::path::Path;

use sha2::{Digest, Sha256};
use tempfile::TempPath;

use super::probe::{Facts, probe, sniff};
use super::rule;
use crate::client::Content;
use crate::clock::hex;
use crate::error::{Error, Result};
use crate::lang::Text;
use crate::model::media::extension_of;
use crate::model::{File, MediaKind, Source, extension};
use crate::ops::Context;
use crate::secret::Secret;

/// How much of a file is in memory at a time.
const CHUNK: usize = 64 * 1024;

/// The most bytes of any kind.
const MOST: u64 = MediaKind::File.most_bytes();

/// A file that can be uploaded.
pub(in crate::ops) struct Staged {
    pub(in crate::ops) kind: MediaKind,
    pub(in crate::ops) name: String,
    pub(in crate::ops) content: Content,
    pub(in crate::ops) size: u64,
    /// Lower-case hexadecimal.
    pub(in crate::ops) sha256: String,
    pub(in crate::ops) facts: Facts,
    /// What was fetched from an address; deleted with this.
    _fetched: Option<TempPath>,
}

/// The content of a file, before it was looked at.
struct Found {
    content: Content,
    /// By the words of the server that gave it.
    extension: Option<String>,
    fetched: Option<TempPath>,
}

/// Reads and checks `file`; its kind is `kind`, or what its extension says.
///
/// # Errors
/// Nothing to read, or something that DingTalk does not take.
pub(in crate::ops) async fn stage(cx: &Context, file: &File, kind: Option<MediaKind>) -> Result<Staged> {
    let found = match &file.source {
        Source::Path(path) => {
            let extension = file.extension();
            let size = size_of(path)?;
            rule::size(rule::kind(kind, &file.name(), &extension)?, &file.name(), size)?;
            Found { content: Content::Path(path.clone()), extension: None, fetched: None }
        }
        Source::Bytes(bytes) => {
            Found { content: Content::Bytes(bytes.clone()), extension: None, fetched: None }
        }
        Source::Url(url) => fetch(cx, url, file).await?,
        Source::Nowhere => return Err(nothing(file)),
    };
    let own = file.extension();
    let known = |extension: &String| MediaKind::of(extension).is_some();
    let is_path = matches!(file.source, Source::Path(_));
    let told =
        || found.extension.clone().or_else(|| sniff(&found.content).map(|end| extension(&format!(".{end}"))));
    let end = if known(&own) || is_path || !file.given_name.is_empty() {
        own
    } else {
        told().filter(known).unwrap_or(own)
    };
    let kind = rule::kind(kind, &file.name(), &end)?;
    let name = named(file, kind, &end);
    let (size, sha256) = digest(&found.content, kind, &name).await?;
    let facts = probe(&end, &found.content);
    Ok(Staged { kind, name, content: found.content, size, sha256, facts, _fetched: found.fetched })
}

/// The server tells the extension from the name, so it must be in there.
fn named(file: &File, kind: MediaKind, end: &str) -> String {
    match file.name() {
        name if name.is_empty() => format!("{}.{end}", kind.wire()),
        name if extension(&name) == end => name,
        name => format!("{name}.{end}"),
    }
}

fn size_of(path: &Path) -> Result<u64> {
    let about = std::fs::metadata(path).map_err(|error| Error::file(path, error))?;
    if !about.is_file() {
        return Err(Error::unsendable(
            format!("{} is not a file", path.display()),
            format!("{} 不是文件", path.display()),
        ));
    }
    Ok(about.len())
}

fn nothing(file: &File) -> Error {
    let class = file.kind.class();
    let error = Error::unsendable(
        format!("{class}: there is no content to upload"),
        format!("{class}：没有可上传的内容"),
    );
    if file.download_code.is_empty() {
        return error.hint(Text::made(
            format!("give a path, an http(s) address, a `data:` text or bytes: `{class}(\"path/to/it\")`"),
            format!("请给出路径、http(s) 地址、`data:` 文本或字节：`{class}(\"path/to/it\")`"),
        ));
    }
    error.hint(Text::fixed(
        "a received file is fetched with `app.download_file(file, \"path\")` first",
        "收到的文件请先用 `app.download_file(file, \"path\")` 下载",
    ))
}

/// Size and SHA-256, read piece by piece. It gives way now and then, so that Ctrl-C is heard.
async fn digest(content: &Content, kind: MediaKind, name: &str) -> Result<(u64, String)> {
    let mut hash = Sha256::new();
    let mut size = 0;
    match content {
        Content::Bytes(bytes) => {
            size = bytes.len() as u64;
            rule::size(kind, name, size)?;
            hash.update(bytes);
        }
        Content::Path(path) => {
            let mut file = std::fs::File::open(path).map_err(|error| Error::file(path, error))?;
            let mut chunk = vec![0; CHUNK];
            loop {
                let read = file.read(&mut chunk).map_err(|error| Error::file(path, error))?;
                if read == 0 {
                    break;
                }
                size += read as u64;
                if size > kind.most_bytes() {
                    break;
                }
                hash.update(&chunk[..read]);
                tokio::task::yield_now().await;
            }
            rule::size(kind, name, size)?;
        }
    }
    Ok((size, hex(&hash.finalize())))
}

/// Fetches what is behind an address into a temporary file.
async fn fetch(cx: &Context, url: &Secret, file: &File) -> Result<Found> {
    let session = &cx.session;
    let mut stream = session.client.open(url, &cx.flight).await?;
    let name = file.name();
    let shown = if name.is_empty() { "the address".to_owned() } else { name };
    let most = MediaKind::of(&file.extension()).map_or(MOST, MediaKind::most_bytes);
    let kind = MediaKind::of(&file.extension()).unwrap_or(file.kind);
    if let Some(size) = stream.size().filter(|size| *size > most) {
        rule::size(kind, &shown, size)?;
    }
    let meter = session.meter(shown.clone(), stream.size());
    let mut kept = tempfile::Builder::new().prefix("dingraia-").tempfile().map_err(temporary)?;
    let mut size = 0;
    while let Some(chunk) = session.client.chunk(&mut stream).await? {
        let chunk = chunk.as_ref();
        size += chunk.len() as u64;
        if size > most {
            rule::size(kind, &shown, size)?;
        }
        kept.write_all(chunk).map_err(temporary)?;
        meter.reached(size);
    }
    let extension = stream.content_type().and_then(extension_of).map(str::to_owned);
    let path = kept.into_temp_path();
    Ok(Found { content: Content::Path(path.to_path_buf()), extension, fetched: Some(path) })
}

fn temporary(error: std::io::Error) -> Error {
    Error::file(std::env::temp_dir(), error)
}
