//! Uploading and downloading files.

use std::path::PathBuf;

use super::{Arg, Flag, FromArg, Mismatch, Object};
use crate::lang::Text;
use crate::model::media::extension_of;
use crate::model::{File, MediaKind, Shared, Source, data_text};
use crate::secret::Secret;
use crate::spec::{Endpoint, Form, Host, Kind, Verb};

/// A file to upload: an object that is filled, or its content with the name that came along.
#[derive(Debug, Clone)]
pub enum FileArg {
    /// A `File`, `Image`, `Audio` or `Video`.
    Object(Shared<File>),
    /// A path, an address, a `data:` text or bytes.
    Source(Source, String),
}

impl FromArg for FileArg {
    const KIND: Kind = Kind::File;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        match arg {
            Arg::Object(Object::File(file)) => Ok(Self::Object(file)),
            Arg::Bytes(bytes) => Ok(Self::Source(Source::Bytes(bytes.into()), String::new())),
            Arg::Text(text) if text.starts_with("data:") => data(&text),
            Arg::Text(text) if text.starts_with("http://") || text.starts_with("https://") => {
                Ok(Self::Source(Source::Url(Secret::new(text)), String::new()))
            }
            Arg::Text(text) if !text.is_empty() => {
                Ok(Self::Source(Source::Path(PathBuf::from(text)), String::new()))
            }
            other => Err(Mismatch::of(&other)),
        }
    }
}

/// The content type of a `data:` text gives it a name.
fn data(text: &str) -> Result<FileArg, Mismatch> {
    let Some((mime, bytes)) = data_text::decode(text) else {
        let expected = Text::fixed(
            "a `data:` text such as data:image/png;base64,…",
            " data:image/png;base64,… 形式的文本",
        );
        return Err(Mismatch::Value(expected, "one that cannot be read".into()));
    };
    let name = extension_of(&mime).and_then(|end| {
        let kind = MediaKind::of(end)?;
        Some(format!("{}.{end}", kind.wire()))
    });
    Ok(FileArg::Source(Source::Bytes(bytes.into()), name.unwrap_or_default()))
}

/// The code of a received file.
#[derive(Debug, Clone)]
pub struct DownloadCode(pub String);

impl FromArg for DownloadCode {
    const KIND: Kind = Kind::DownloadCode;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        match arg {
            Arg::Text(code) if !code.is_empty() => Ok(Self(code)),
            Arg::Object(Object::File(file)) if !file.read().download_code.is_empty() => {
                Ok(Self(file.read().download_code.clone()))
            }
            Arg::Object(Object::File(file)) => {
                let expected = Text::fixed("a File with a downloadCode", "带有 downloadCode 的 File");
                Err(Mismatch::Value(expected, file.read().to_string()))
            }
            other => Err(Mismatch::of(&other)),
        }
    }
}

/// A path on this machine.
#[derive(Debug, Clone)]
pub struct LocalPath(pub PathBuf);

impl FromArg for LocalPath {
    const KIND: Kind = Kind::LocalPath;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        match arg {
            Arg::Text(path) if !path.is_empty() => Ok(Self(PathBuf::from(path))),
            other => Err(Mismatch::of(&other)),
        }
    }
}

crate::methods! {
    group "media";

    /// Uploads a file and gives it its mediaId. Content that was uploaded before is not sent again. Images (jpg, gif, png, bmp),
    /// videos (mp4) and files (doc, docx, xls, xlsx, ppt, pptx, zip, pdf, rar) up to 20 MB, audio (amr, mp3, wav, ogg) up to 2 MB.
    /// zh: 上传文件并得到 mediaId；相同内容不会重复上传。图片（jpg、gif、png、bmp）、视频（mp4）、文件（doc、docx、xls、xlsx、
    /// ppt、pptx、zip、pdf、rar）不超过 20 MB，语音（amr、mp3、wav、ogg）不超过 2 MB。
    UploadFile(App "upload_file") {
        form: Form::Several(&[Endpoint { verb: Verb::Post, host: Host::Oapi, path: "/media/upload" }]),
        cost: "1 / 0",
        effect: Write,
        by_position: 1,
        params {
            /// A path, an http(s) address, a `data:` text, bytes, or a `File`, `Image`, `Audio` or `Video`.
            /// zh: 路径、http(s) 地址、`data:` 文本、字节，或 `File`、`Image`、`Audio`、`Video` 对象。
            file("file", "path"): FileArg,
        }
        returns: "the given object with its mediaId, or a new File" | "填好 mediaId 的原对象，或新的 File",
        example: r#"app.upload_file(Image("data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+M8AAAMBAQDJ/pLvAAAAAElFTkSuQmCC")).mediaId"#,
    }

    /// Downloads a received file. It appears under its name only when it is complete.
    /// zh: 下载收到的文件；下载完整后才会出现在目标路径。
    DownloadFile(App "download_file") {
        form: Form::Several(&[
            Endpoint { verb: Verb::Post, host: Host::Api, path: "/v1.0/robot/messageFiles/download" },
        ]),
        cost: "1",
        effect: Read,
        by_position: 2,
        params {
            /// The downloadCode of the message, or a `File` that has one.
            /// zh: 消息中的 downloadCode，或带有它的 `File`。
            code("downloadCode", "download_code", "file"): DownloadCode,
            /// Where it is kept, with the file's name.
            /// zh: 保存路径，需包含文件名。
            path("path"): LocalPath,
            /// Whether an existing file is replaced.
            /// zh: 是否覆盖已有文件。
            overwrite("overwrite"): Option<Flag> = "false",
        }
        returns: "true" | "true",
        example: r#"app.download_file("mIofSandboxPicture01", "/tmp/picture.png", #{overwrite: true})"#,
    }
}
