//! Small files of each kind, made by hand: as much of the format as a reader needs.

use crate::method::file::content;

/// The bytes of a valid little file of the kind its name says.
pub fn fixture(name: &str) -> Vec<u8> {
    match name.rsplit('.').next().unwrap_or_default() {
        "png" | "PNG" => png(),
        "amr" => content::amr(),
        "ogg" => content::ogg(2500),
        "wav" => content::wav(2500),
        "mp4" => content::mp4(),
        _ => format!("content of {name}").into_bytes(),
    }
}

/// A picture of one pixel.
fn png() -> Vec<u8> {
    const BYTES: [u8; 69] = [
        0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, b'I', b'H', b'D', b'R', 0, 0, 0, 1, 0,
        0, 0, 1, 8, 2, 0, 0, 0, 0x90, 0x77, 0x53, 0xde, 0, 0, 0, 12, b'I', b'D', b'A', b'T', 0x08, 0xd7,
        0x63, 0xf8, 0xcf, 0xc0, 0, 0, 3, 1, 1, 0, 0x18, 0xdd, 0x8d, 0xb0, 0, 0, 0, 0, b'I', b'E', b'N', b'D',
        0xae, 0x42, 0x60, 0x82,
    ];
    BYTES.to_vec()
}
