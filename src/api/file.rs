//! The constructors of files.

use super::media::FileArg;
use super::{Arg, FromArg, Mismatch};
use crate::lang::Text;
use crate::model::{File, MediaKind, Shared, Source};
use crate::spec::{Form, Kind};

/// A duration in milliseconds.
#[derive(Debug, Clone, Copy)]
pub struct Millis(pub u64);

impl FromArg for Millis {
    const KIND: Kind = Kind::Millis;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        let millis = match arg {
            Arg::Int(value) => u64::try_from(value).unwrap_or(0),
            Arg::Float(value) if value.is_finite() && value < 1e15 => value.round() as u64,
            _ => 0,
        };
        if millis > 0 { Ok(Self(millis)) } else { Err(Mismatch::of(&arg)) }
    }
}

/// A width or height in pixels.
#[derive(Debug, Clone, Copy)]
pub struct Pixels(pub u32);

impl FromArg for Pixels {
    const KIND: Kind = Kind::Pixels;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        match arg {
            Arg::Int(value @ 1..=65_535) => Ok(Self(value as u32)),
            other => Err(Mismatch::of(&other)),
        }
    }
}

/// The cover of a film: an `Image`, a mediaId, or what an `Image` is made of.
#[derive(Debug, Clone)]
pub struct Cover(pub Shared<File>);

impl FromArg for Cover {
    const KIND: Kind = Kind::Cover;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        if let Arg::Text(text) = &arg
            && text.starts_with(['@', '$'])
        {
            return Ok(Self(Shared::new(File::uploaded(MediaKind::Image, text.as_str()))));
        }
        match FileArg::from_arg(arg)? {
            FileArg::Object(file) if file.read().kind == MediaKind::Image => Ok(Self(file)),
            FileArg::Object(file) => {
                let expected = Text::fixed("an Image", " Image");
                Err(Mismatch::Value(expected, file.read().to_string()))
            }
            FileArg::Source(source, name) => {
                let image = File { given_name: name, ..File::new(MediaKind::Image, source) };
                Ok(Self(Shared::new(image)))
            }
        }
    }
}

/// Writes the rows down: the four constructors begin with the same parameters.
macro_rules! files {
    ($(
        $(#[doc = $doc:literal])+
        $row:ident($name:literal $(, $alias:literal)*), $example:literal, by $by:literal
        { $($(#[doc = $fdoc:literal])+ $ffield:ident($fname:literal $(, $falias:literal)*): $fty:ty,)* }
        {
            $($(#[doc = $pdoc:literal])+ $field:ident($pname:literal $(, $palias:literal)*): $ty:ty,)*
        }
    )+) => {
        crate::methods! {
            group "object";
            $(
                $(#[doc = $doc])+
                $row(Nothing $name $(, $alias)*) {
                    form: Form::Local,
                    cost: "0",
                    effect: Read,
                    by_position: $by,
                    params {
                        /// The content: a path, an http(s) address, a `data:` text or bytes.
                        /// zh: 内容：路径、http(s) 地址、`data:` 文本或字节。
                        content("file", "path", "url", "data", "content"): Option<FileArg>,
                        $($(#[doc = $fdoc])+ $ffield($fname $(, $falias)*): $fty,)*
                        /// Name with extension; by default the one of the path or address.
                        /// zh: 带扩展名的文件名；默认取自路径或地址。
                        file_name("fileName", "file_name", "name"): Option<String>,
                        /// DingTalk's id, when it was uploaded before.
                        /// zh: 已上传文件的 mediaId。
                        media_id("mediaId", "media_id"): Option<String>,
                        /// The code of a received file.
                        /// zh: 收到的文件的 downloadCode。
                        download_code("downloadCode", "download_code"): Option<String>,
                        $($(#[doc = $pdoc])+ $field($pname $(, $palias)*): $ty,)*
                    }
                    returns: "the object" | "该对象",
                    example: $example,
                }
            )+
        }
    };
}

files! {
    /// A document or an archive: doc, docx, xls, xlsx, ppt, pptx, zip, pdf or rar, up to 20 MB.
    /// zh: 文件：doc、docx、xls、xlsx、ppt、pptx、zip、pdf、rar，不超过 20 MB。
    NewFile("File"), r#"File("data:application/pdf,hello", "报告.pdf")"#, by 2 {} {}

    /// A picture: jpg, gif, png or bmp, up to 20 MB.
    /// zh: 图片：jpg、gif、png、bmp，不超过 20 MB。
    NewImage("Image"), r#"Image(#{mediaId: "@lADPDe7s0000abcdXYZ"})"#, by 2 {} {}

    /// A sound: amr, mp3, wav or ogg, up to 2 MB; as a message ogg or amr.
    /// zh: 语音：amr、mp3、wav、ogg，不超过 2 MB；作为消息发送时须为 ogg 或 amr。
    NewAudio("Audio", "Voice"), r#"Audio(#{mediaId: "@lAAPDe7s0000abcdXYZ", duration: 3000})"#, by 2 {} {
        /// Milliseconds; read from the file when it is not given.
        /// zh: 毫秒；不填则从文件中读取。
        duration("duration"): Option<Millis>,
    }

    /// A film: mp4, up to 20 MB; as a message it needs a cover.
    /// zh: 视频：mp4，不超过 20 MB；作为消息发送时需要封面。
    NewVideo("Video"), r#"Video(#{mediaId: "@lAXPDe7s0000abcdXYZ", duration: 3000, cover: "@lADPDe7s0000abcdXYZ"})"#, by 3 {
        /// The picture that stands for it: an `Image`, a mediaId, a path.
        /// zh: 封面：`Image`、mediaId 或路径。
        cover("picMediaId", "cover", "coverPicture", "pic_media_id"): Option<Cover>,
    } {
        /// Milliseconds; read from the file when it is not given.
        /// zh: 毫秒；不填则从文件中读取。
        duration("duration"): Option<Millis>,
        /// Pixels; read from the file when it is not given.
        /// zh: 像素；不填则从文件中读取。
        width("width"): Option<Pixels>,
        /// Pixels; read from the file when it is not given.
        /// zh: 像素；不填则从文件中读取。
        height("height"): Option<Pixels>,
    }
}

/// What every constructor is given.
type Common = (Option<FileArg>, Option<String>, Option<String>, Option<String>);

fn file(kind: MediaKind, (content, name, media_id, download_code): Common) -> File {
    let mut file = match content {
        // A copy under this kind: the object that was given stays what it is.
        Some(FileArg::Object(file)) => File { kind, ..file.read().clone() },
        Some(FileArg::Source(Source::Path(path), _)) if is_media_id(&path.to_string_lossy()) => {
            File::uploaded(kind, path.to_string_lossy())
        }
        Some(FileArg::Source(source, name)) => File { given_name: name, ..File::new(kind, source) },
        None => File::new(kind, Source::Nowhere),
    };
    if let Some(name) = name {
        file.given_name = name;
    }
    if let Some(id) = media_id {
        file.media_id = id;
    }
    if let Some(code) = download_code {
        file.download_code = code;
    }
    file
}

/// `@lADP…` is no path: it is what `mediaId` prints.
fn is_media_id(text: &str) -> bool {
    text.len() > 12 && text.starts_with(['@', '$']) && !text.contains(['.', '/', '\\'])
}

impl NewFile {
    /// The object.
    pub fn make(self) -> File {
        file(MediaKind::File, (self.content, self.file_name, self.media_id, self.download_code))
    }
}

impl NewImage {
    /// The object.
    pub fn make(self) -> File {
        file(MediaKind::Image, (self.content, self.file_name, self.media_id, self.download_code))
    }
}

impl NewAudio {
    /// The object.
    pub fn make(self) -> File {
        let common = (self.content, self.file_name, self.media_id, self.download_code);
        let sound = file(MediaKind::Voice, common);
        File { duration: self.duration.map(|duration| duration.0).or(sound.duration), ..sound }
    }
}

impl NewVideo {
    /// The object.
    pub fn make(self) -> File {
        let common = (self.content, self.file_name, self.media_id, self.download_code);
        let film = file(MediaKind::Video, common);
        File {
            cover: self.cover.map(|cover| cover.0).or(film.cover),
            duration: self.duration.map(|duration| duration.0).or(film.duration),
            width: self.width.map(|width| width.0).or(film.width),
            height: self.height.map(|height| height.0).or(film.height),
            ..film
        }
    }
}
