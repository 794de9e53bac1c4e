//! Small files of every kind.

use mp4_atom::{Encode, Mdhd, Mvhd, Tkhd};

/// 1 × 1.
pub const PNG: &str = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+M8AAAMBAQDJ/pLvAAAAAElFTkSuQmCC";

/// An AMR sound of 2.5 s.
pub fn amr() -> Vec<u8> {
    let mut sound = b"#!AMR\n".to_vec();
    for _ in 0..125 {
        sound.push(7 << 3);
        sound.extend([0; 31]);
    }
    sound
}

/// A wave of silence, 8000 samples a second of one byte.
pub fn wav(millis: u32) -> Vec<u8> {
    let samples = millis * 8;
    let mut sound = b"RIFF".to_vec();
    sound.extend((36 + samples).to_le_bytes());
    sound.extend(b"WAVEfmt ");
    sound.extend(16u32.to_le_bytes());
    for (size, value) in [(2, 1u32), (2, 1), (4, 8000), (4, 8000), (2, 1), (2, 8)] {
        sound.extend(&value.to_le_bytes()[..size]);
    }
    sound.extend(b"data");
    sound.extend(samples.to_le_bytes());
    sound.extend(vec![128; samples as usize]);
    sound
}

/// An Ogg Opus sound: two pages of headers and one that tells the length.
pub fn ogg(millis: u64) -> Vec<u8> {
    let head = b"OpusHead\x01\x01\x00\x00\x80\xbb\x00\x00\x00\x00\x00";
    let tags = b"OpusTags\x04\x00\x00\x00test\x00\x00\x00\x00";
    let mut sound = page(2, 0, 0, head);
    sound.extend(page(0, 0, 1, tags));
    sound.extend(page(4, millis * 48, 2, &[0xfc; 20]));
    sound
}

fn page(flags: u8, position: u64, number: u32, packet: &[u8]) -> Vec<u8> {
    let mut page = b"OggS\0".to_vec();
    page.push(flags);
    page.extend(position.to_le_bytes());
    page.extend(7u32.to_le_bytes());
    page.extend(number.to_le_bytes());
    page.extend([0; 4]);
    page.extend([1, packet.len() as u8]);
    page.extend(packet);
    let checksum = checksum(&page);
    page[22..26].copy_from_slice(&checksum.to_le_bytes());
    page
}

/// The CRC of Ogg.
fn checksum(page: &[u8]) -> u32 {
    page.iter().fold(0, |sum: u32, byte| {
        (0..8).fold(sum ^ (u32::from(*byte) << 24), |sum, _| {
            if sum & 0x8000_0000 == 0 { sum << 1 } else { (sum << 1) ^ 0x04c1_1db7 }
        })
    })
}

/// A film of 2.4 s, 640 × 360, its description behind its pictures.
pub fn mp4() -> Vec<u8> {
    let mut header = Vec::new();
    Mvhd { timescale: 600, duration: 1440, ..Mvhd::default() }.encode(&mut header).unwrap();
    let mut track = Vec::new();
    Tkhd { width: 640.into(), height: 360.into(), ..Tkhd::default() }.encode(&mut track).unwrap();
    let mut about = Vec::new();
    let mdhd = Mdhd { timescale: 30_000, duration: 72_000, language: "und".into(), ..Mdhd::default() };
    mdhd.encode(&mut about).unwrap();
    // A box that no reader understands must not matter.
    about.extend(boxed(b"minf", b"nonsense"));
    track.extend(boxed(b"mdia", &about));
    header.extend(boxed(b"trak", &track));
    let mut film = boxed(b"ftyp", b"isom\0\0\x02\0isom");
    film.extend(boxed(b"mdat", &[7; 5000]));
    film.extend(boxed(b"moov", &header));
    film
}

fn boxed(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let mut boxed = (content.len() as u32 + 8).to_be_bytes().to_vec();
    boxed.extend(kind);
    boxed.extend(content);
    boxed
}
