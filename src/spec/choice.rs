//! The kinds that take one of a few words.

use super::Kind;

impl Kind {
    /// The texts that it takes; empty when there is no such list.
    pub fn choices(self) -> &'static [&'static str] {
        match self {
            Self::Lang => &["zh_CN", "en_US"],
            Self::Family => &["legacy", "v1"],
            Self::CallbackType => &["auto", "Stream", "HTTP"],
            Self::ContentType => &["auto", "full", "stream"],
            Self::MailType => &["base", "profession"],
            Self::Voice => &[
                "Standard_Female_Voice",
                "Cantonese_Female_Voice",
                "Gentine_Female_Voice",
                "Overbearing_Female_Voice",
                "Lovely_Girl_Voice",
                "Standard_Male_Voice",
            ],
            _ => &[],
        }
    }
}
