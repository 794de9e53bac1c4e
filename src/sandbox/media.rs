//! Uploads: POST oapi `/media/upload`, a multipart form with `type` and `media`.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

use super::form::Part;
use super::refuse::{Host, Malformed, Refusal, oapi};
use super::route::{Answer, Auth, Call, Route, Success, Takes};

/// The permission point that every app has.
const SCOPE: &str = "qyapi_base";
const MEGABYTE: u64 = 1024 * 1024;

/// A kind of media: its `type`, its extensions, its largest size in bytes.
struct MediaKind {
    name: &'static str,
    extensions: &'static [&'static str],
    largest: u64,
}

const KINDS: [MediaKind; 4] = [
    MediaKind { name: "image", extensions: &["jpg", "jpeg", "gif", "png", "bmp"], largest: 20 * MEGABYTE },
    // Messages take amr and ogg.
    MediaKind { name: "voice", extensions: &["amr", "mp3", "wav", "ogg"], largest: 2 * MEGABYTE },
    MediaKind { name: "video", extensions: &["mp4"], largest: 20 * MEGABYTE },
    MediaKind {
        name: "file",
        extensions: &["doc", "docx", "xls", "xlsx", "ppt", "pptx", "zip", "pdf", "rar"],
        largest: 20 * MEGABYTE,
    },
];

pub(super) const ROUTES: &[Route] = &[Route {
    host: Host::Oapi,
    verb: "POST",
    path: "/media/upload",
    auth: Auth::App(SCOPE),
    takes: Takes::Form,
    query: &["type"],
    malformed: Malformed::Oapi(40035),
    handle: upload,
}];

/// A file that was uploaded; its bytes were looked at and let go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// The id that messages use, beginning with `@`.
    pub media_id: String,
    /// `image`, `voice`, `video` or `file`.
    pub kind: &'static str,
    /// The name it came with.
    pub file_name: String,
    /// Its size in bytes.
    pub size: u64,
    /// SHA-256 of its bytes, lower-case hexadecimal.
    pub sha256: String,
}

fn upload(call: &Call<'_>) -> Answer {
    let form = call.form.ok_or_else(|| oapi(43008, "参数需要是multipart类型"))?;
    if let Some(problem) = &form.broken {
        return Err(oapi(43008, format!("参数需要是multipart类型: {problem}")));
    }
    if let Some(part) = form.parts.iter().find(|part| !["type", "media"].contains(&part.name.as_str())) {
        return Err(call.bad(format!("unknown field `{}`", part.name)));
    }
    let kind = kind(call, single(call, "type")?)?;
    let Some(media) = single(call, "media")? else {
        return Err(call.bad("missing field `media`"));
    };
    let extension = media.file_name.as_deref().and_then(|name| name.rsplit_once('.')).map(|(_, last)| last);
    let extension = extension.unwrap_or_default().to_ascii_lowercase();
    if !kind.extensions.contains(&extension.as_str()) {
        return Err(oapi(40005, format!("不合法的文件类型: `{extension}` for {}", kind.name)));
    }
    if media.size == 0 || media.size > kind.largest {
        let message =
            format!("不合法的文件大小: {} bytes, {} holds 1 to {}", media.size, kind.name, kind.largest);
        return Err(oapi(40006, message));
    }
    let mut bytes = [0; 18];
    call.clock.random(&mut bytes);
    let media_id = format!("@lAD{}", URL_SAFE_NO_PAD.encode(bytes));
    call.state.uploads.lock().push(Upload {
        media_id: media_id.clone(),
        kind: kind.name,
        file_name: media.file_name.clone().unwrap_or_default(),
        size: media.size,
        sha256: media.sha256.clone(),
    });
    Ok(Success::Body(json!({
        "errcode": 0,
        "errmsg": "ok",
        "media_id": media_id,
        "created_at": call.clock.millis(),
        "type": kind.name,
    })))
}

/// The kind by the form's `type` or the URL's; both may be there when they agree.
fn kind(call: &Call<'_>, part: Option<&Part>) -> Result<&'static MediaKind, Refusal> {
    let in_form = part.map(|part| part.text().unwrap_or_default());
    let in_url = call.query.iter().find(|(name, _)| name == "type").map(|(_, value)| value.as_str());
    let wrong = || oapi(40004, "不合法的媒体文件类型");
    let name = match (in_form, in_url) {
        (Some(form), Some(url)) if form != url => return Err(wrong()),
        (form, url) => form.or(url).ok_or_else(wrong)?,
    };
    KINDS.iter().find(|kind| kind.name == name).ok_or_else(wrong)
}

/// The field of this name; a field given twice is refused.
fn single<'c>(call: &'c Call<'_>, name: &str) -> Result<Option<&'c Part>, Refusal> {
    let mut found = call.form.iter().flat_map(|form| &form.parts).filter(|part| part.name == name);
    let first = found.next();
    match found.next() {
        Some(_) => Err(call.bad(format!("duplicate field `{name}`"))),
        None => Ok(first),
    }
}
