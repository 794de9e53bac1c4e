//! Files of received messages that can be downloaded.

use std::collections::VecDeque;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::clock::hex;

/// A file in a seed: its bytes are a text or base64.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox) struct SeedFile {
    pub download_code: String,
    #[serde(default)]
    pub text: Option<String>,
    #[serde(default)]
    pub base64: Option<String>,
}

/// Bytes of received files that are kept beside those of the seed; the oldest of more are forgotten.
const ROOM: usize = 64 * 1024 * 1024;

/// A file that a message carried.
struct StoredFile {
    /// Every code it can be fetched with; a picture has two.
    codes: Vec<String>,
    bytes: Vec<u8>,
}

/// Files of messages: those of the seed, and those that people sent since.
pub(in crate::sandbox) struct Files {
    seeded: Vec<StoredFile>,
    sent: VecDeque<StoredFile>,
    size: usize,
}

impl Files {
    /// Reads the files of a seed; the text says what is wrong.
    pub(in crate::sandbox) fn new(seeds: Vec<SeedFile>) -> Result<Self, String> {
        let seeded = seeds.into_iter().map(StoredFile::read).collect::<Result<_, _>>()?;
        Ok(Self { seeded, sent: VecDeque::new(), size: 0 })
    }

    /// Keeps a file that somebody sent.
    pub(in crate::sandbox) fn keep(&mut self, codes: Vec<String>, bytes: Vec<u8>) {
        self.size += bytes.len();
        self.sent.push_back(StoredFile { codes, bytes });
        while self.size > ROOM
            && let Some(oldest) = self.sent.pop_front()
        {
            self.size -= oldest.bytes.len();
        }
    }

    /// The name in the URL of the file that has this code.
    pub(in crate::sandbox) fn name_of(&self, code: &str) -> Option<String> {
        self.all().find(|file| file.codes.iter().any(|known| known == code)).map(StoredFile::name)
    }

    /// The bytes of the file that has this name.
    pub(in crate::sandbox) fn bytes(&self, name: &str) -> Option<Vec<u8>> {
        self.all().find(|file| file.name() == name).map(|file| file.bytes.clone())
    }

    fn all(&self) -> impl Iterator<Item = &StoredFile> {
        self.seeded.iter().chain(&self.sent)
    }
}

impl StoredFile {
    fn read(seed: SeedFile) -> Result<Self, String> {
        let code = seed.download_code;
        let bytes = match (seed.text, seed.base64) {
            (Some(text), None) => text.into_bytes(),
            (None, Some(base64)) => {
                STANDARD.decode(base64).map_err(|error| format!("file `{code}`: {error}"))?
            }
            _ => return Err(format!("file `{code}` needs either text or base64")),
        };
        Ok(Self { codes: vec![code], bytes })
    }

    /// The name in its URL, which tells nothing of its type.
    fn name(&self) -> String {
        format!("{}.file", hex(&Sha256::digest(self.codes.concat())[..16]))
    }
}
