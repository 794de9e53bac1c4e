//! Encrypted events: AES-256-CBC under the app's key, a signature of sorted texts
//! (<https://open.dingtalk.com/document/orgapp/callback-encryption-and-decryption>).

use aes::Aes256;
use aes::cipher::{Array, BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use base64::Engine;
use base64::alphabet::STANDARD as ALPHABET;
use base64::engine::general_purpose::STANDARD;
use base64::engine::{GeneralPurpose, GeneralPurposeConfig};
use sha1::{Digest, Sha1};

use crate::clock::hex;

/// The cipher's block.
const BLOCK: usize = 16;
/// The block that the padding fills up.
const PADDED: usize = 32;
/// Random bytes and length before the message.
const HEAD: usize = 20;

/// The last character of a key holds bits that nobody uses.
const LENIENT: GeneralPurpose =
    GeneralPurpose::new(&ALPHABET, GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true));

/// The keys of one address.
pub(super) struct Cipher {
    key: [u8; 32],
    token: String,
    owner: String,
}

impl Cipher {
    /// The keys, if they have the form they must have; the text says what is wrong.
    pub(super) fn new(token: &str, aes_key: &str, owner: &str) -> Result<Self, String> {
        let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !plain(token) || !(3..=32).contains(&token.len()) {
            return Err("`token` must be 3 to 32 letters and digits".into());
        }
        if !plain(aes_key) || aes_key.len() != 43 {
            return Err("`aes_key` must be 43 letters and digits".into());
        }
        let bytes = LENIENT.decode(format!("{aes_key}=")).map_err(|error| format!("`aes_key`: {error}"))?;
        let key = bytes.try_into().map_err(|_| "`aes_key` is not of 32 bytes")?;
        Ok(Self { key, token: token.into(), owner: owner.into() })
    }

    /// The text form of an encrypted message.
    pub(super) fn seal(&self, random: [u8; 16], message: &str) -> String {
        let mut text = random.to_vec();
        text.extend(u32::try_from(message.len()).unwrap_or(u32::MAX).to_be_bytes());
        text.extend(message.as_bytes());
        text.extend(self.owner.as_bytes());
        let pad = PADDED - text.len() % PADDED;
        text.extend(std::iter::repeat_n(u8::try_from(pad).unwrap_or_default(), pad));
        let (cipher, mut last) = (self.cipher(), self.first());
        for block in text.chunks_exact_mut(BLOCK) {
            for (byte, other) in block.iter_mut().zip(last) {
                *byte ^= other;
            }
            last.copy_from_slice(block);
            cipher.encrypt_block((&mut last).into());
            block.copy_from_slice(&last);
        }
        STANDARD.encode(text)
    }

    /// The message in the text form; the text says what is wrong.
    pub(super) fn open(&self, encrypted: &str) -> Result<String, String> {
        let mut text = STANDARD.decode(encrypted).map_err(|error| format!("`encrypt`: {error}"))?;
        if text.is_empty() || text.len() % BLOCK != 0 {
            return Err("`encrypt` is not of whole blocks".into());
        }
        let (cipher, mut last) = (self.cipher(), self.first());
        for block in text.chunks_exact_mut(BLOCK) {
            let mut plain = Array::default();
            plain.copy_from_slice(block);
            cipher.decrypt_block(&mut plain);
            for ((byte, other), sealed) in plain.iter_mut().zip(&mut last).zip(block.iter_mut()) {
                *byte ^= *other;
                *other = std::mem::replace(sealed, *byte);
            }
        }
        self.unpack(&text)
    }

    fn unpack(&self, text: &[u8]) -> Result<String, String> {
        let pad = usize::from(text.last().copied().unwrap_or_default());
        let end = text.len().checked_sub(pad).filter(|_| (1..=PADDED).contains(&pad));
        let text = &text[..end.ok_or("the padding is wrong")?];
        let length = text.get(BLOCK..HEAD).and_then(|bytes| bytes.try_into().ok()).map(u32::from_be_bytes);
        let length = length.and_then(|length| usize::try_from(length).ok()).ok_or("the length is missing")?;
        let rest = &text[HEAD..];
        let (message, owner) = rest.split_at_checked(length).ok_or("the length is wrong")?;
        if owner != self.owner.as_bytes() {
            return Err("the owner key is another one".into());
        }
        String::from_utf8(message.to_vec()).map_err(|_| "the message is not UTF-8".into())
    }

    /// The signature of an encrypted message.
    pub(super) fn sign(&self, timestamp: &str, nonce: &str, encrypted: &str) -> String {
        let mut parts = [self.token.as_str(), timestamp, nonce, encrypted];
        parts.sort_unstable();
        hex(&Sha1::digest(parts.concat()))
    }

    fn cipher(&self) -> Aes256 {
        Aes256::new(&self.key.into())
    }

    /// What the first block is mixed with.
    fn first(&self) -> [u8; BLOCK] {
        std::array::from_fn(|index| self.key[index])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
    const TOKEN: &str = "dingtalkToken01";
    const OWNER: &str = "dingtestappkey0001";

    fn cipher() -> Cipher {
        Cipher::new(TOKEN, KEY, OWNER).unwrap()
    }

    /// Message, random part, timestamp, nonce, encrypted text, signature.
    const VECTORS: [[&str; 6]; 3] = [
        [
            r#"{"EventType":"check_url"}"#,
            "0123456789abcdef",
            "1700000000000",
            "nonceABCDEFG1234",
            "Q3stYC6hdFzMh9T8HCvyDLV8JeomtQuxZLosYEI28mjzSD5UpK2hp0QUc4H6M/N59oD4Vm0Q72L/7psFFeLGWg==",
            "f6ce41ce82fbae879730840983ed2a50f21f15fe",
        ],
        [
            "success",
            "fedcba9876543210",
            "1700000000123",
            "Zz9Yy8Xx7Ww6Vv5U",
            "DpQeJfnf/MGZ/+GTIspwVIrytpxseNieWpwBrdmfR/brf964LVtvBkJl69zSNRcJ6w0NKZoOilgOBVdJaGmXLQ==",
            "9296356325d8a6f09750c290019563230b3589e4",
        ],
        [
            r#"{"EventType":"chat_update_title","Title":"测试群","CorpId":"dingtestcorp0001"}"#,
            "ABCDEFGHIJKLMNOP",
            "1700000000456",
            "qwertyUIOP123456",
            "ECb94sC68hxnidW1ycQhswEQQxDJGw7HZ6yZy9s4HAyRVmjCjN9SwHcoJULDE8LLMKlGaCvq1X+WCXqVU/O8ul6UTTzEKBGPwiWdMkKZ+7SbCqUMt+IXn2Vb7Vdb5hKC/aha9rwJffN6gC2PSCfffTkQeHKBWkGOQ1btcOQw4Yc=",
            "e4a47a8aa6f93dcf1a23a23330ddce9570117749",
        ],
    ];

    #[test]
    fn the_vectors_are_made_and_read() {
        for [message, random, timestamp, nonce, sealed, signature] in VECTORS {
            let random: [u8; 16] = random.as_bytes().try_into().unwrap();
            assert_eq!(cipher().seal(random, message), sealed);
            assert_eq!(cipher().open(sealed).as_deref(), Ok(message));
            assert_eq!(cipher().sign(timestamp, nonce, sealed), signature);
        }
    }

    #[test]
    fn the_official_sample_is_read() {
        let key = "1234567890123456789012345678901234567890123";
        let cipher = Cipher::new("123456", key, "dingsnotzck6pm5veliw").unwrap();
        let sealed =
            "YvkvaGe4hQxd3VxRmEty0dVlnCOAqwf56xwTRHDHoOURqhalbmBJQk5FNcRk42Gl5T0YQXZNwpwWSm1xAFJ5ZA==";
        assert_eq!(cipher.open(sealed).as_deref(), Ok("success"));
        let signature = cipher.sign("1614767836", "A7Co0cJLMzIDtMMI", sealed);
        assert_eq!(signature, "9a95a004dd16f5c307e849b994173f76aa26e5eb");
    }

    #[test]
    fn what_is_wrong_is_said() {
        let other = Cipher::new(TOKEN, KEY, "dingother").unwrap().seal([7; 16], "success");
        assert_eq!(cipher().open(&other), Err("the owner key is another one".into()));
        assert_eq!(cipher().unpack(&[0; 64]), Err("the padding is wrong".into()));
        assert_eq!(cipher().unpack(&[33; 64]), Err("the padding is wrong".into()));
        let mut long = vec![1; 64];
        long[16..20].copy_from_slice(&[0, 0, 0, 44]);
        assert_eq!(cipher().unpack(&long), Err("the length is wrong".into()));
        assert_eq!(cipher().unpack(&[16; 16]), Err("the length is missing".into()));
        assert!(cipher().open("AAAA").unwrap_err().contains("whole blocks"));
        assert!(Cipher::new("ab", KEY, OWNER).is_err());
        assert!(Cipher::new(TOKEN, &KEY[1..], OWNER).is_err());
    }
}
