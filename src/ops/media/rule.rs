//! What DingTalk takes: checked before anything is sent.

use crate::error::{Error, Result};
use crate::lang::Text;
use crate::model::MediaKind;

/// The kind of a file called `name` with `extension`: the one that was asked for, or the one of its extension.
///
/// # Errors
/// An extension that is not taken for that kind, or for any.
pub(super) fn kind(asked: Option<MediaKind>, name: &str, extension: &str) -> Result<MediaKind> {
    let found = MediaKind::of(extension);
    match (asked, found) {
        (Some(asked), Some(found)) if asked == found => Ok(asked),
        (None, Some(found)) => Ok(found),
        (asked, found) => Err(refused(asked, found, name, extension)),
    }
}

fn refused(asked: Option<MediaKind>, found: Option<MediaKind>, name: &str, extension: &str) -> Error {
    let class = asked.map_or("upload_file", MediaKind::class);
    let kinds = [MediaKind::File, MediaKind::Image, MediaKind::Voice, MediaKind::Video];
    let allowed: Vec<&str> = kinds
        .into_iter()
        .filter(|kind| asked.is_none_or(|asked| asked == *kind))
        .flat_map(MediaKind::extensions)
        .collect();
    let allowed = allowed.join(", ");
    let (en, zh) = match (name, extension) {
        ("", _) => ("it has none".to_owned(), "当前没有扩展名".to_owned()),
        (name, "") => (format!("`{name}` has none"), format!("`{name}` 没有扩展名")),
        (name, extension) => (format!("`{name}` has `{extension}`"), format!("`{name}` 的是 `{extension}`")),
    };
    let error = Error::unsendable(
        format!("{class}: the extension must be one of {allowed}; {en}"),
        format!("{class}：扩展名必须是 {allowed} 之一；{zh}"),
    );
    match found {
        Some(found) => error.hint(Text::made(
            format!("`{}(…)` takes this file", found.class()),
            format!("这个文件请使用 `{}(…)`", found.class()),
        )),
        None if extension.is_empty() => error.hint(Text::fixed(
            "give it a name: `File(content, \"report.pdf\")`",
            "请指定文件名：`File(content, \"report.pdf\")`",
        )),
        None => error.hint(Text::fixed("other files go as a `.zip`", "其他类型的文件请压缩为 `.zip` 后发送")),
    }
}

/// # Errors
/// An empty file, or one that is too large.
pub(super) fn size(kind: MediaKind, name: &str, size: u64) -> Result<()> {
    if size == 0 {
        return Err(Error::unsendable(format!("`{name}` is empty"), format!("`{name}` 是空文件")));
    }
    let (class, most) = (kind.class(), kind.most_megabytes());
    if size > kind.most_bytes() {
        let bytes = kind.most_bytes();
        return Err(Error::unsendable(
            format!("{class}: `{name}` has {size} bytes, at most {most} MB ({bytes} bytes)"),
            format!("{class}：`{name}` 有 {size} 字节，最多 {most} MB（{bytes} 字节）"),
        ));
    }
    Ok(())
}
