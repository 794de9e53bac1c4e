//! The encryption of event pushes: AES-256-CBC with a signature, in the envelope of DingTalk.

use aes::Aes256;
use base64::Engine as _;
use base64::alphabet::STANDARD as ALPHABET;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
use cbc::cipher::{BlockModeDecrypt as _, BlockModeEncrypt as _, KeyIvInit as _};
use cbc::{Decryptor, Encryptor};
use sha1::{Digest as _, Sha1};

use super::sign::same;
use crate::clock::hex;
use crate::config::CallBack;
use crate::error::{Error, Result};
use crate::lang::Text;
use crate::secret::Secret;

/// Bytes of a block of the cipher, and of the random beginning.
const BLOCK: usize = 16;

/// The padding counts to this, which is not the block of the cipher.
const PADDING: usize = 32;

/// Bytes before the message: randomness and the length.
const HEAD: usize = BLOCK + 4;

/// The 43 characters of a key leave bits unused that need not be zero, as those of the official sample are not.
const KEY_TEXT: GeneralPurpose =
    GeneralPurpose::new(&ALPHABET, GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true));

/// Why a push is not accepted. The numbers are those of the official classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// The signature is another.
    Signature,
    /// The text is no encrypted text.
    Text,
    /// The padding is wrong.
    Padding,
    /// The length is more than there is.
    Length,
    /// It belongs to another app.
    Owner,
    /// The message is not UTF-8.
    Encoding,
}

impl Refused {
    /// The number of the official classes.
    pub fn code(self) -> u32 {
        match self {
            Self::Signature => 900_005,
            Self::Text | Self::Padding | Self::Encoding => 900_008,
            Self::Length => 900_009,
            Self::Owner => 900_010,
        }
    }

    /// What is wrong, in few words.
    pub fn why(self) -> &'static str {
        match self {
            Self::Signature => "a wrong signature",
            Self::Text => "a text that is not encrypted",
            Self::Padding => "a wrong padding",
            Self::Length => "a wrong length",
            Self::Owner => "a push for another app",
            Self::Encoding => "a message that is not UTF-8",
        }
    }
}

/// An encrypted answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// `encrypt`.
    pub encrypt: String,
    /// `msg_signature`.
    pub signature: String,
}

/// The keys of one callback.
#[derive(Debug, Clone)]
pub struct Crypto {
    key: [u8; 32],
    token: Secret,
    owner: String,
}

impl Crypto {
    /// The keys that are configured.
    ///
    /// # Errors
    /// When the AES key is none.
    pub fn new(keys: &CallBack) -> Result<Self> {
        let decoded = KEY_TEXT.decode(format!("{}=", keys.aes_key.expose())).unwrap_or_default();
        let key = decoded.try_into().map_err(|_| {
            let problem = Text::fixed("is not an AES key of 43 letters and digits", "不是 43 位的 AES 密钥");
            Error::setting(None, "event_callback.aes_key", problem)
        })?;
        Ok(Self { key, token: keys.token.clone(), owner: keys.app_key.clone() })
    }

    /// The signature of an encrypted text.
    pub fn signature(&self, timestamp: &str, nonce: &str, encrypt: &str) -> String {
        let mut parts = [self.token.expose(), timestamp, nonce, encrypt];
        parts.sort_unstable();
        hex(&Sha1::digest(parts.concat().as_bytes()))
    }

    /// Checks and decrypts a push.
    ///
    /// # Errors
    /// When anything about it is wrong.
    pub fn open(
        &self,
        signature: &str,
        timestamp: &str,
        nonce: &str,
        encrypt: &str,
    ) -> Result<String, Refused> {
        if !same(self.signature(timestamp, nonce, encrypt), signature) {
            return Err(Refused::Signature);
        }
        let mut bytes = STANDARD.decode(encrypt).map_err(|_| Refused::Text)?;
        let (blocks, rest) = aes::Block::slice_as_chunks_mut(&mut bytes);
        if blocks.is_empty() || !rest.is_empty() {
            return Err(Refused::Text);
        }
        Decryptor::<Aes256>::new(&self.key.into(), &self.iv().into()).decrypt_blocks(blocks);
        self.message(&bytes)
    }

    /// The message inside of the decrypted bytes.
    fn message(&self, bytes: &[u8]) -> Result<String, Refused> {
        let padding = bytes.last().map_or(0, |last| usize::from(*last));
        let pad_begins = bytes.len().checked_sub(padding).ok_or(Refused::Padding)?;
        let (text, pad) = bytes.split_at(pad_begins);
        if !(1..=PADDING).contains(&padding) || pad.iter().any(|byte| usize::from(*byte) != padding) {
            return Err(Refused::Padding);
        }
        let length = text.get(BLOCK..HEAD).and_then(|four| four.try_into().ok()).map(u32::from_be_bytes);
        let length = length.and_then(|length| usize::try_from(length).ok()).ok_or(Refused::Length)?;
        let (message, owner) = text[HEAD..].split_at_checked(length).ok_or(Refused::Length)?;
        if !same(owner, &self.owner) {
            return Err(Refused::Owner);
        }
        String::from_utf8(message.to_vec()).map_err(|_| Refused::Encoding)
    }

    /// Encrypts and signs `message`, with 16 bytes of randomness that nothing else uses.
    pub fn seal(&self, message: &str, random: [u8; BLOCK], timestamp: &str, nonce: &str) -> Answer {
        let length = u32::try_from(message.len()).unwrap_or(u32::MAX);
        let mut bytes =
            [&random[..], &length.to_be_bytes(), message.as_bytes(), self.owner.as_bytes()].concat();
        let padding = PADDING - bytes.len() % PADDING;
        bytes.resize(bytes.len() + padding, u8::try_from(padding).unwrap_or_default());
        let (blocks, _) = aes::Block::slice_as_chunks_mut(&mut bytes);
        Encryptor::<Aes256>::new(&self.key.into(), &self.iv().into()).encrypt_blocks(blocks);
        let encrypt = STANDARD.encode(&bytes);
        let signature = self.signature(timestamp, nonce, &encrypt);
        Answer { encrypt, signature }
    }

    /// The beginning of the key.
    fn iv(&self) -> [u8; BLOCK] {
        let mut iv = [0; BLOCK];
        iv.copy_from_slice(&self.key[..BLOCK]);
        iv
    }
}
