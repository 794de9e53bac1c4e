//! `data:` texts: content that stands in its own address (RFC 2397).

use base64::Engine;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use percent_encoding::percent_decode_str;

/// Padding may be there or not.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The content of `data:image/png;base64,…` with its content type; `None` when it is not such a text.
pub fn decode(text: &str) -> Option<(String, Vec<u8>)> {
    let (head, content) = text.strip_prefix("data:")?.split_once(',')?;
    let raw: Vec<u8> = percent_decode_str(content).collect();
    let (mime, bytes) = match head.strip_suffix(";base64") {
        Some(mime) => {
            let packed: Vec<u8> = raw.into_iter().filter(|byte| !byte.is_ascii_whitespace()).collect();
            (mime, BASE64.decode(packed).ok()?)
        }
        None => (head, raw),
    };
    Some((mime.to_owned(), bytes))
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn both_forms() {
        assert_eq!(decode("data:image/png;base64,aGk="), Some(("image/png".into(), b"hi".to_vec())));
        assert_eq!(decode("data:image/png;base64,aGk"), Some(("image/png".into(), b"hi".to_vec())));
        assert_eq!(decode("data:,a%20b"), Some((String::new(), b"a b".to_vec())));
        assert_eq!(decode("data:image/png;base64,!!"), None);
        assert_eq!(decode("data:nothing"), None);
    }
}
