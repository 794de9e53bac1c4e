//! Files: what is sent, uploaded and downloaded.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use super::Shared;
use super::media::{MediaKind, plain_extension};
use crate::secret::{Secret, mask_url};

/// Where the content of a file is.
#[derive(Clone, PartialEq, Default)]
pub enum Source {
    /// Nowhere here: DingTalk has it.
    #[default]
    Nowhere,
    /// In a file of this machine.
    Path(PathBuf),
    /// Behind an `http(s)` address, which may carry a secret.
    Url(Secret),
    /// In memory.
    Bytes(Arc<[u8]>),
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nowhere => f.write_str("Nowhere"),
            Self::Path(path) => write!(f, "Path({path:?})"),
            Self::Url(url) => write!(f, "Url({})", mask_url(url.expose())),
            Self::Bytes(bytes) => write!(f, "Bytes({})", bytes.len()),
        }
    }
}

/// A file as the guide's `File`, `Image`, `Audio` and `Video`: what is not known is empty.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct File {
    /// What it is.
    pub kind: MediaKind,
    /// Where its content is.
    pub source: Source,
    /// Its name with the extension, when one was given; [`File::name`] finds one.
    pub given_name: String,
    /// DingTalk's id of the content, once it was uploaded.
    pub media_id: String,
    /// The code with which a received file is fetched.
    pub download_code: String,
    /// Bytes.
    pub size: Option<u64>,
    /// How long a sound or a film lasts, in milliseconds.
    pub duration: Option<u64>,
    /// Width of a picture or a film in pixels.
    pub width: Option<u32>,
    /// Height of a picture or a film in pixels.
    pub height: Option<u32>,
    /// The picture that stands for a film until it is played.
    pub cover: Option<Shared<File>>,
}

impl File {
    /// A file with this content.
    pub fn new(kind: MediaKind, source: Source) -> Self {
        Self { kind, source, ..Self::default() }
    }

    /// A file that was uploaded before.
    pub fn uploaded(kind: MediaKind, media_id: impl Into<String>) -> Self {
        Self { kind, media_id: media_id.into(), ..Self::default() }
    }

    /// Its name with the extension: the given one, or the last part of its path or address; empty when there is none.
    pub fn name(&self) -> String {
        if !self.given_name.is_empty() {
            return self.given_name.clone();
        }
        match &self.source {
            Source::Path(path) => {
                path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
            }
            Source::Url(url) => last_part(url.expose()),
            Source::Nowhere | Source::Bytes(_) => String::new(),
        }
    }

    /// The extension of its name, lower case, without a dot; empty when there is none.
    pub fn extension(&self) -> String {
        extension(&self.name())
    }
}

/// The extension of `name`, lower case, without a dot; empty when there is none.
pub fn extension(name: &str) -> String {
    name.rsplit_once('.').map(|(_, end)| plain_extension(end)).unwrap_or_default()
}

/// The last part of an address's path.
fn last_part(address: &str) -> String {
    let Ok(url) = url::Url::parse(address) else { return String::new() };
    let last = url.path_segments().and_then(|mut parts| parts.next_back()).unwrap_or_default().to_owned();
    percent_encoding::percent_decode_str(&last).decode_utf8_lossy().into_owned()
}

impl fmt::Display for File {
    /// Name and mediaId, never the content.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{}", self.kind.class())?;
        let name = self.name();
        match &self.source {
            _ if !name.is_empty() => write!(f, " {name}")?,
            Source::Url(url) => write!(f, " {}", mask_url(url.expose()))?,
            Source::Bytes(bytes) => write!(f, " {} bytes", bytes.len())?,
            Source::Path(path) => write!(f, " {}", path.display())?,
            Source::Nowhere => {}
        }
        if !self.media_id.is_empty() {
            write!(f, " {}", self.media_id)?;
        }
        f.write_str(">")
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::{File, MediaKind, Source};
    use crate::secret::Secret;

    #[test]
    fn names_come_from_the_source() {
        let name = |source| File::new(MediaKind::File, source).name();
        assert_eq!(name(Source::Path(PathBuf::from("/a/报表.PDF"))), "报表.PDF");
        assert_eq!(name(Source::Url(Secret::new("https://h/x/%E5%9B%BE.png?token=1#f"))), "图.png");
        assert_eq!(name(Source::Url(Secret::new("https://h/"))), "");
        assert_eq!(name(Source::Nowhere), "");
    }

    #[test]
    fn a_file_prints_without_its_content() {
        let file = File::new(MediaKind::Image, Source::Bytes(vec![1; 9].into()));
        assert_eq!(file.to_string(), "<Image 9 bytes>");
        let file = File { media_id: "@m1".into(), given_name: "a.png".into(), ..file };
        assert_eq!(file.to_string(), "<Image a.png @m1>");
        assert!(!format!("{file:?}").contains("1, 1"));
        let url = File::new(MediaKind::File, Source::Url(Secret::new("https://h/?token=abcdef")));
        assert!(!url.to_string().contains("abcdef"), "{url}");
    }
}
