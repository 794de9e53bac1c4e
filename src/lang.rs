//! The two languages of everything a person reads.

use std::borrow::Cow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A language of the program's own texts. Machine output (`-o json`) is always English.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lang {
    /// English, the default.
    #[default]
    En,
    /// Simplified Chinese.
    Zh,
}

impl Lang {
    /// Reads `en`, `zh` or a locale name such as `zh_CN.UTF-8`.
    pub fn parse(text: &str) -> Option<Self> {
        let head = text.split(['_', '-', '.']).next().unwrap_or_default().to_ascii_lowercase();
        match head.as_str() {
            "en" | "c" | "posix" => Some(Self::En),
            "zh" => Some(Self::Zh),
            _ => None,
        }
    }

    /// The name used by flags and configuration.
    pub fn name(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Zh => "zh",
        }
    }
}

/// The language that is spoken at this moment. Copies are one: who changes it changes it for everybody that holds one.
#[derive(Debug, Clone, Default)]
pub struct Spoken(Arc<AtomicBool>);

impl Spoken {
    /// The language.
    pub fn get(&self) -> Lang {
        if self.0.load(Ordering::Relaxed) { Lang::Zh } else { Lang::En }
    }

    /// Changes it.
    pub fn set(&self, lang: Lang) {
        self.0.store(lang == Lang::Zh, Ordering::Relaxed);
    }
}

/// One text in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// The English text.
    pub en: Cow<'static, str>,
    /// The Chinese text.
    pub zh: Cow<'static, str>,
}

impl Text {
    /// A text known at compile time, usable in tables.
    pub const fn fixed(en: &'static str, zh: &'static str) -> Self {
        Self { en: Cow::Borrowed(en), zh: Cow::Borrowed(zh) }
    }

    /// A text made at run time.
    pub fn made(en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self { en: Cow::Owned(en.into()), zh: Cow::Owned(zh.into()) }
    }

    /// The text in `lang`.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::En => &self.en,
            Lang::Zh => &self.zh,
        }
    }
}
