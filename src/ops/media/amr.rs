//! How long an AMR sound lasts: it is a row of frames of 20 ms, and nothing in the file says how many.
//!
//! Source: RFC 4867, section 5.

use std::io::{BufRead, Seek, SeekFrom};

/// Bytes of a frame with its first byte, by frame type.
const NARROW: [u8; 16] = [13, 14, 16, 18, 20, 21, 27, 32, 6, 0, 0, 0, 0, 0, 0, 1];
const WIDE: [u8; 16] = [18, 24, 33, 37, 41, 47, 51, 59, 61, 6, 0, 0, 0, 0, 1, 1];

/// Milliseconds of a frame.
const FRAME: u64 = 20;

/// The milliseconds of the sound; `None` when it is not AMR.
pub(super) fn duration(mut sound: impl BufRead + Seek) -> Option<u64> {
    let mut magic = [0; 6];
    sound.read_exact(&mut magic).ok()?;
    let sizes = match &magic {
        b"#!AMR\n" => NARROW,
        b"#!AMR-" => {
            let mut rest = [0; 3];
            sound.read_exact(&mut rest).ok()?;
            (&rest == b"WB\n").then_some(WIDE)?
        }
        _ => return None,
    };
    let mut frames = 0;
    let mut first = [0];
    while sound.read(&mut first).ok()? == 1 {
        let size = sizes[usize::from(first[0] >> 3 & 0x0f)];
        if size == 0 {
            return None;
        }
        frames += 1;
        sound.seek(SeekFrom::Current(i64::from(size) - 1)).ok()?;
    }
    (frames > 0).then_some(frames * FRAME)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::duration;

    #[test]
    fn frames_are_counted() {
        let mut narrow = b"#!AMR\n".to_vec();
        for _ in 0..50 {
            narrow.push(7 << 3);
            narrow.extend([0; 31]);
        }
        assert_eq!(duration(Cursor::new(&narrow)), Some(1000));
        let mut wide = b"#!AMR-WB\n".to_vec();
        wide.push(8 << 3);
        wide.extend([0; 60]);
        assert_eq!(duration(Cursor::new(&wide)), Some(20));
        assert_eq!(duration(Cursor::new(b"#!AMR\n")), None);
        assert_eq!(duration(Cursor::new(b"RIFF....WAVE")), None);
    }
}
