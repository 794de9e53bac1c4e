//! Files of received messages that can be downloaded.

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

/// A file that a message carried.
pub(in crate::sandbox) struct StoredFile {
    pub download_code: String,
    pub bytes: Vec<u8>,
}

impl StoredFile {
    /// Reads the files of a seed; the text says what is wrong.
    pub(in crate::sandbox) fn all(seeds: Vec<SeedFile>) -> Result<Vec<Self>, String> {
        seeds.into_iter().map(Self::read).collect()
    }

    fn read(seed: SeedFile) -> Result<Self, String> {
        let code = seed.download_code;
        let bytes = match (seed.text, seed.base64) {
            (Some(text), None) => text.into_bytes(),
            (None, Some(base64)) => {
                STANDARD.decode(base64).map_err(|error| format!("file `{code}`: {error}"))?
            }
            _ => return Err(format!("file `{code}` needs either text or base64")),
        };
        Ok(Self { download_code: code, bytes })
    }

    /// The name in its URL, which tells nothing of its type.
    pub(in crate::sandbox) fn name(&self) -> String {
        format!("{}.file", hex(&Sha256::digest(&self.download_code)[..16]))
    }
}
