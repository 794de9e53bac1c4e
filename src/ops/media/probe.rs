//! What a file says about itself: how long it lasts, how large its picture is.

use std::io::{BufRead, BufReader, Cursor, Read, Seek, SeekFrom};

use lofty::config::ParseOptions;
use lofty::file::{AudioFile, FileType};
use mp4_atom::{Atom, Header, Mdhd, Mdia, Moov, Mvhd, ReadAtom, ReadFrom, Tkhd, Trak};

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

/// How deep the boxes of a film are nested where something of interest stands.
const DEEPEST: usize = 3;

/// The largest box that is read.
const LEAF: usize = 1024;

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

/// What the boxes of a film say.
#[derive(Default)]
struct Film {
    whole: Option<u64>,
    longest_track: Option<u64>,
    size: Option<(u32, u32)>,
}

fn film(mut content: impl BufRead + Seek) -> Option<Facts> {
    let end = content.seek(SeekFrom::End(0)).ok()?;
    content.seek(SeekFrom::Start(0)).ok()?;
    let mut film = Film::default();
    // Boxes behind a damaged one are lost; what was read stands.
    let _ = walk(&mut content, end, 0, &mut film);
    Some(Facts { duration: film.whole.or(film.longest_track), size: film.size })
}

/// Reads the boxes up to `end`. Everything that is not needed is skipped unread, so films of all makes can be read.
fn walk(content: &mut (impl BufRead + Seek), end: u64, depth: usize, film: &mut Film) -> Option<()> {
    while content.stream_position().ok()? < end {
        let header = Header::read_from(content).ok()?;
        let start = content.stream_position().ok()?;
        let stop = header.size.map_or(Some(end), |size| start.checked_add(size as u64))?;
        if stop > end {
            return None;
        }
        let folder = [Moov::KIND, Trak::KIND, Mdia::KIND].contains(&header.kind);
        if folder && depth < DEEPEST {
            walk(content, stop, depth + 1, film)?;
        } else if header.size.is_some_and(|size| size <= LEAF) {
            leaf(&header, content, film);
        }
        content.seek(SeekFrom::Start(stop)).ok()?;
    }
    Some(())
}

fn leaf(header: &Header, content: &mut (impl BufRead + Seek), film: &mut Film) {
    if header.kind == Mvhd::KIND
        && let Ok(movie) = Mvhd::read_atom(header, content)
    {
        film.whole = millis(movie.duration, movie.timescale);
    } else if header.kind == Mdhd::KIND
        && let Ok(track) = Mdhd::read_atom(header, content)
    {
        film.longest_track = film.longest_track.max(millis(track.duration, track.timescale));
    } else if header.kind == Tkhd::KIND
        && let Ok(track) = Tkhd::read_atom(header, content)
    {
        let (width, height) = (track.width.integer(), track.height.integer());
        if film.size.is_none() && width > 0 && height > 0 {
            film.size = Some((width.into(), height.into()));
        }
    }
}

fn millis(ticks: u64, scale: u32) -> Option<u64> {
    // All ones: the length was not known when the film was written.
    if scale == 0 || ticks == 0 || ticks == u64::MAX || ticks == u64::from(u32::MAX) {
        return None;
    }
    u64::try_from(u128::from(ticks) * 1000 / u128::from(scale)).ok()
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
