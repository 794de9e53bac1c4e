//! What a file says about itself: how long it lasts, how large its picture is.

use std::io::{BufRead, BufReader, Cursor, Read, Seek, SeekFrom};

use lofty::config::ParseOptions;
use lofty::file::{AudioFile, FileType};
use mp4_atom::{Atom, Header, Moov, ReadAtom, ReadFrom};

use super::amr;
use crate::client::Content;

/// What was found; what was not is empty.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(in crate::ops) struct Facts {
    /// Milliseconds.
    pub(in crate::ops) duration: Option<u64>,
    /// Width and height in pixels.
    pub(in crate::ops) size: Option<(u32, u32)>,
}

/// How many bytes at the beginning tell the kind of the content.
const HEAD: u64 = 4096;

/// Looks into `content`, which is what `extension` says. A file that cannot be understood has no facts.
pub(super) fn probe(extension: &str, content: &Content) -> Facts {
    let facts = match content {
        Content::Path(path) => {
            std::fs::File::open(path).ok().map(|file| facts(extension, BufReader::new(file)))
        }
        Content::Bytes(bytes) => Some(facts(extension, Cursor::new(bytes))),
    };
    facts.unwrap_or_default()
}

fn facts(extension: &str, content: impl BufRead + Seek) -> Facts {
    match extension {
        "jpg" | "gif" | "png" | "bmp" => Facts { size: picture(content), ..Facts::default() },
        "amr" => Facts { duration: amr::duration(content), ..Facts::default() },
        "mp3" | "wav" | "ogg" => Facts { duration: sound(extension, content), ..Facts::default() },
        "mp4" => film(content).unwrap_or_default(),
        _ => Facts::default(),
    }
}

fn picture(content: impl BufRead + Seek) -> Option<(u32, u32)> {
    let size = imagesize::reader_size(content).ok()?;
    Some((u32::try_from(size.width).ok()?, u32::try_from(size.height).ok()?))
}

fn sound(extension: &str, mut content: impl BufRead + Seek) -> Option<u64> {
    let options = ParseOptions::new().read_tags(false).read_cover_art(false);
    let kind = match extension {
        "mp3" => FileType::Mpeg,
        "wav" => FileType::Wav,
        _ => ogg_kind(&mut content)?,
    };
    let probe = lofty::probe::Probe::with_file_type(content, kind).options(options);
    let duration = probe.read().ok()?.properties().duration();
    u64::try_from(duration.as_millis()).ok().filter(|millis| *millis > 0)
}

/// An Ogg file says in its first page what is in it.
fn ogg_kind(content: &mut (impl BufRead + Seek)) -> Option<FileType> {
    let mut head = Vec::new();
    content.take(HEAD).read_to_end(&mut head).ok()?;
    content.seek(SeekFrom::Start(0)).ok()?;
    let holds = |mark: &[u8]| head.windows(mark.len()).any(|window| window == mark);
    match () {
        () if holds(b"OpusHead") => Some(FileType::Opus),
        () if holds(b"\x01vorbis") => Some(FileType::Vorbis),
        () if holds(b"Speex   ") => Some(FileType::Speex),
        () => None,
    }
}

/// The boxes are skipped up to the one that describes the film.
fn film(mut content: impl BufRead + Seek) -> Option<Facts> {
    let moov = loop {
        let header = Header::read_from(&mut content).ok()?;
        if header.kind == Moov::KIND {
            break Moov::read_atom(&header, &mut content).ok()?;
        }
        content.seek(SeekFrom::Current(i64::try_from(header.size?).ok()?)).ok()?;
    };
    let millis = |ticks: u64, scale: u32| {
        (scale > 0 && ticks > 0).then(|| u128::from(ticks) * 1000 / u128::from(scale))
    };
    let longest = moov.trak.iter().filter_map(|track| {
        let header = &track.mdia.mdhd;
        millis(header.duration, header.timescale)
    });
    let duration = millis(moov.mvhd.duration, moov.mvhd.timescale).or_else(|| longest.max());
    let size = moov.trak.iter().find_map(|track| {
        let (width, height) = (track.tkhd.width.integer(), track.tkhd.height.integer());
        (width > 0 && height > 0).then(|| (u32::from(width), u32::from(height)))
    });
    Some(Facts { duration: duration.and_then(|millis| u64::try_from(millis).ok()), size })
}

/// The extension that the beginning of `content` tells, as far as DingTalk takes it.
pub(super) fn sniff(content: &Content) -> Option<String> {
    let mut head = Vec::new();
    match content {
        Content::Path(path) => {
            std::fs::File::open(path).ok()?.take(HEAD).read_to_end(&mut head).ok()?;
        }
        Content::Bytes(bytes) => head.extend(bytes.iter().take(HEAD as usize)),
    }
    infer::get(&head).map(|kind| kind.extension().to_owned())
}
