//! A file as a robot template. Its parameters are texts, all of them.
//!
//! Source: the message types of the robot API (`sampleImageMsg`, `sampleAudio`, `sampleVideo`, `sampleFile`).

use serde_json::{Value, json};

use crate::error::{Error, Result};
use crate::lang::Text;
use crate::model::{File, MediaKind};

/// The size of a film that does not tell its own.
const FILM_SIZE: (u32, u32) = (800, 600);

/// What a voice message may be made of.
const VOICE_MESSAGE: [&str; 2] = ["ogg", "amr"];

/// Whether `file` can become a message once it is uploaded.
///
/// # Errors
/// A sound of the wrong format, a film without a cover, a document without a name.
pub fn sendable_file(file: &File) -> Result<()> {
    let extension = file.extension();
    match file.kind {
        MediaKind::Image => Ok(()),
        MediaKind::Voice => match extension.as_str() {
            "" => Ok(()),
            known if VOICE_MESSAGE.contains(&known) => Ok(()),
            other => Err(Error::unsendable(
                format!("Audio: a voice message must be ogg or amr, got `{other}`"),
                format!("Audio：语音消息必须是 ogg 或 amr，当前为 `{other}`"),
            )),
        },
        MediaKind::Video if file.cover.is_none() => Err(Error::unsendable(
            "Video: a video message needs a cover picture",
            "Video：视频消息需要封面图片",
        )
        .hint(Text::fixed(
            "`Video(\"a.mp4\", Image(\"a.png\"))`; a mediaId will do as well",
            "`Video(\"a.mp4\", Image(\"a.png\"))`；封面也可以是 mediaId",
        ))),
        MediaKind::Video => Ok(()),
        MediaKind::File if is_nameless(file) && file.source == crate::model::Source::Nowhere => {
            Err(Error::unsendable(
                "File: a file message needs a name with an extension",
                "File：文件消息需要带扩展名的文件名",
            )
            .hint(Text::fixed(
                "`File(#{mediaId: \"@…\", name: \"report.pdf\"})`",
                "`File(#{mediaId: \"@…\", name: \"report.pdf\"})`",
            )))
        }
        MediaKind::File => Ok(()),
    }
}

fn is_nameless(file: &File) -> bool {
    file.extension().is_empty()
}

/// The duration of a sound or film in milliseconds.
///
/// # Errors
/// When neither the file nor anybody else said it.
pub fn known_duration(kind: MediaKind, duration: Option<u64>) -> Result<u64> {
    let class = kind.class();
    duration.filter(|millis| *millis > 0).ok_or_else(|| {
        Error::unsendable(
            format!("{class}: the duration cannot be read from the file"),
            format!("{class}：无法从文件中读取时长"),
        )
        .hint(Text::made(
            format!("give it in milliseconds: `{class}(…, #{{duration: 3000}})`"),
            format!("请以毫秒给出：`{class}(…, #{{duration: 3000}})`"),
        ))
    })
}

/// `(msgKey, parameters)` of an uploaded file.
pub(super) fn file_template(file: &File) -> Result<(&'static str, Value)> {
    sendable_file(file)?;
    Ok(match file.kind {
        MediaKind::Image => ("sampleImageMsg", json!({ "photoURL": uploaded(file)? })),
        MediaKind::Voice => {
            let duration = known_duration(file.kind, file.duration)?.to_string();
            ("sampleAudio", json!({ "mediaId": uploaded(file)?, "duration": duration }))
        }
        MediaKind::Video => ("sampleVideo", film(file)?),
        MediaKind::File => {
            let name = file.name();
            let param = json!({ "mediaId": uploaded(file)?, "fileName": name, "fileType": file.extension() });
            ("sampleFile", param)
        }
    })
}

fn film(file: &File) -> Result<Value> {
    let seconds = known_duration(file.kind, file.duration)?.div_ceil(1000);
    let cover = match &file.cover {
        Some(cover) => uploaded(&cover.read())?.to_owned(),
        None => String::new(),
    };
    Ok(json!({
        "duration": seconds.to_string(),
        "videoMediaId": uploaded(file)?,
        "videoType": "mp4",
        "picMediaId": cover,
        "height": file.height.unwrap_or(FILM_SIZE.1).to_string(),
        "width": file.width.unwrap_or(FILM_SIZE.0).to_string(),
    }))
}

fn uploaded(file: &File) -> Result<&str> {
    if file.media_id.is_empty() {
        let class = file.kind.class();
        return Err(Error::unsendable(
            format!("{class}: it is not uploaded"),
            format!("{class}：文件尚未上传"),
        ));
    }
    Ok(&file.media_id)
}
