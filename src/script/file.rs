//! `File`, `Image`, `Audio` and `Video` in scripts: how they are made, and their fields.

use rhai::Dynamic;

use super::convert::object_to_dynamic;
use super::registry::Registry;
use crate::api::file::{NewAudio, NewFile, NewImage, NewVideo};
use crate::api::{Args, Object, Request};
use crate::error::Result;
use crate::model::{File, MediaKind, Shared};

type F = Shared<File>;

/// True for the constructors of files.
pub(super) fn is_constructor(name: &str) -> bool {
    matches!(name, "File" | "Image" | "Audio" | "Video")
}

/// The file that the constructor `name` makes.
pub(super) fn construct(name: &str, args: Args) -> Result<Object> {
    let file = match name {
        "Image" => NewImage::take(args)?.make(),
        "Audio" => NewAudio::take(args)?.make(),
        "Video" => NewVideo::take(args)?.make(),
        _ => NewFile::take(args)?.make(),
    };
    Ok(Object::File(Shared::new(file)))
}

/// Registers the type with its fields.
pub(super) fn register(registry: &mut Registry) {
    registry.register_shown::<F>("File", |file| file.read().to_string());
    registry.register_fn("==", |a: F, b: F| a == b);
    for name in ["fileName", "file_name", "name"] {
        registry.register_get_set(
            name,
            |f: &mut F| f.read().name(),
            |f: &mut F, v: String| f.write().given_name = v,
        );
    }
    for name in ["mediaId", "media_id"] {
        registry.register_get_set(
            name,
            |f: &mut F| f.read().media_id.clone(),
            |f: &mut F, v: String| f.write().media_id = v,
        );
    }
    for name in ["downloadCode", "download_code"] {
        registry.register_get_set(
            name,
            |f: &mut F| f.read().download_code.clone(),
            |f: &mut F, v: String| f.write().download_code = v,
        );
    }
    for name in ["fileType", "file_type"] {
        registry.register_get(name, |f: &mut F| file_type(&f.read()));
    }
    registry.register_get("size", |f: &mut F| number(f.read().size));
    registry.register_get("duration", |f: &mut F| number(f.read().duration));
    registry.register_set("duration", |f: &mut F, v: i64| f.write().duration = u64::try_from(v).ok());
    registry.register_get("width", |f: &mut F| number(f.read().width.map(u64::from)));
    registry.register_set("width", |f: &mut F, v: i64| f.write().width = u32::try_from(v).ok());
    registry.register_get("height", |f: &mut F| number(f.read().height.map(u64::from)));
    registry.register_set("height", |f: &mut F, v: i64| f.write().height = u32::try_from(v).ok());
    cover(registry);
}

/// The extension, as a file message carries it; without one, the kind.
fn file_type(file: &File) -> String {
    let extension = file.extension();
    if extension.is_empty() { file.kind.wire().to_owned() } else { extension }
}

/// `cover` is the picture, `picMediaId` its mediaId.
fn cover(registry: &mut Registry) {
    registry.register_get("cover", |f: &mut F| {
        let cover = f.read().cover.clone();
        cover.map_or(Dynamic::UNIT, |cover| object_to_dynamic(Object::File(cover)))
    });
    registry.register_set("cover", |f: &mut F, v: F| {
        // A picture for a film and nothing else, so that no file can be inside itself.
        if v.read().kind == MediaKind::Image && f.read().kind == MediaKind::Video {
            f.write().cover = Some(v);
        }
    });
    for name in ["picMediaId", "pic_media_id"] {
        registry.register_get(name, |f: &mut F| {
            let cover = f.read().cover.clone();
            cover.map(|cover| cover.read().media_id.clone()).unwrap_or_default()
        });
        registry.register_set(name, |f: &mut F, v: String| {
            f.write().cover = Some(Shared::new(File::uploaded(MediaKind::Image, v)));
        });
    }
}

fn number(value: Option<u64>) -> Dynamic {
    value.and_then(|value| i64::try_from(value).ok()).map_or(Dynamic::UNIT, Dynamic::from)
}
