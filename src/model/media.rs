//! The kinds of files that DingTalk takes: their extensions and sizes.
//!
//! Source: the media upload page of the open platform (`/media/upload`).

/// Bytes in the "MB" of the documented limits.
const MB: u64 = 1_048_576;

/// What a file is for DingTalk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MediaKind {
    /// A document or an archive.
    #[default]
    File,
    /// A picture.
    Image,
    /// A sound.
    Voice,
    /// A film.
    Video,
}

impl MediaKind {
    /// The `type` of an upload.
    pub fn wire(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Image => "image",
            Self::Voice => "voice",
            Self::Video => "video",
        }
    }

    /// The guide's class.
    pub fn class(self) -> &'static str {
        match self {
            Self::File => "File",
            Self::Image => "Image",
            Self::Voice => "Audio",
            Self::Video => "Video",
        }
    }

    /// The most megabytes of an upload.
    pub const fn most_megabytes(self) -> u64 {
        match self {
            Self::Voice => 2,
            Self::File | Self::Image | Self::Video => 20,
        }
    }

    /// The most bytes of an upload.
    pub const fn most_bytes(self) -> u64 {
        self.most_megabytes() * MB
    }

    /// The extensions of an upload, without a dot, in lower case.
    pub fn extensions(self) -> impl Iterator<Item = &'static str> {
        FORMATS.iter().filter(move |format| format.kind == self).map(|format| format.extension)
    }

    /// The kind of a file with this extension, which may be in any case.
    pub fn of(extension: &str) -> Option<Self> {
        format(extension).map(|format| format.kind)
    }
}

/// One kind of content.
#[derive(Debug)]
struct Format {
    extension: &'static str,
    kind: MediaKind,
    mime: &'static str,
}

const fn row(extension: &'static str, kind: MediaKind, mime: &'static str) -> Format {
    Format { extension, kind, mime }
}

/// Everything that can be uploaded. `ogg` is what voice messages are made of.
const FORMATS: &[Format] = &[
    row("jpg", MediaKind::Image, "image/jpeg"),
    row("gif", MediaKind::Image, "image/gif"),
    row("png", MediaKind::Image, "image/png"),
    row("bmp", MediaKind::Image, "image/bmp"),
    row("amr", MediaKind::Voice, "audio/amr"),
    row("mp3", MediaKind::Voice, "audio/mpeg"),
    row("wav", MediaKind::Voice, "audio/wav"),
    row("ogg", MediaKind::Voice, "audio/ogg"),
    row("mp4", MediaKind::Video, "video/mp4"),
    row("doc", MediaKind::File, "application/msword"),
    row("docx", MediaKind::File, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    row("xls", MediaKind::File, "application/vnd.ms-excel"),
    row("xlsx", MediaKind::File, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    row("ppt", MediaKind::File, "application/vnd.ms-powerpoint"),
    row("pptx", MediaKind::File, "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    row("zip", MediaKind::File, "application/zip"),
    row("pdf", MediaKind::File, "application/pdf"),
    row("rar", MediaKind::File, "application/vnd.rar"),
];

fn format(extension: &str) -> Option<&'static Format> {
    let extension = plain_extension(extension);
    FORMATS.iter().find(|format| format.extension == extension)
}

/// Lower case, and `jpg` for `jpeg`.
pub fn plain_extension(extension: &str) -> String {
    let lower = extension.to_ascii_lowercase();
    if lower == "jpeg" { "jpg".into() } else { lower }
}

/// The content type of a file with this extension.
pub fn mime_of(extension: &str) -> &'static str {
    format(extension).map_or("application/octet-stream", |format| format.mime)
}

/// The extension of a content type, as far as DingTalk takes it.
pub fn extension_of(mime: &str) -> Option<&'static str> {
    let mime = mime.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let mime = match mime.as_str() {
        "image/jpg" => "image/jpeg",
        "image/x-ms-bmp" => "image/bmp",
        "audio/x-wav" | "audio/wave" | "audio/vnd.wave" => "audio/wav",
        "audio/mp3" => "audio/mpeg",
        "application/ogg" => "audio/ogg",
        "application/x-rar-compressed" | "application/x-rar" => "application/vnd.rar",
        "application/x-zip-compressed" => "application/zip",
        other => other,
    };
    FORMATS.iter().find(|format| format.mime == mime).map(|format| format.extension)
}

#[cfg(test)]
mod tests {
    use super::{MediaKind, extension_of, mime_of};

    #[test]
    fn extensions_have_no_case() {
        assert_eq!(MediaKind::of("JPEG"), Some(MediaKind::Image));
        assert_eq!(MediaKind::of("Mp4"), Some(MediaKind::Video));
        assert_eq!(MediaKind::of("txt"), None);
        assert_eq!(mime_of("JPEG"), "image/jpeg");
    }

    #[test]
    fn content_types_have_parameters_and_old_names() {
        assert_eq!(extension_of("Image/PNG; charset=utf-8"), Some("png"));
        assert_eq!(extension_of("audio/x-wav"), Some("wav"));
        assert_eq!(extension_of("text/plain"), None);
    }
}
