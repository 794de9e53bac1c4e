//! A text that grows piece by piece.

use crate::model::ContentType;

/// The text so far, and what its pieces are.
#[derive(Debug)]
pub(super) struct Growing {
    kind: ContentType,
    text: String,
}

impl Growing {
    pub(super) fn new(kind: ContentType) -> Self {
        Self { kind, text: String::new() }
    }

    /// Takes a piece; true when the text has changed. An empty piece says nothing, not even what the others are.
    pub(super) fn push(&mut self, piece: &str) -> bool {
        if piece.is_empty() {
            return false;
        }
        if self.kind == ContentType::Auto && !self.text.is_empty() {
            // The second piece decides for good.
            self.kind = if piece.starts_with(&self.text) { ContentType::Full } else { ContentType::Stream };
        }
        match self.kind {
            ContentType::Full if piece == self.text => false,
            ContentType::Full => {
                piece.clone_into(&mut self.text);
                true
            }
            ContentType::Auto | ContentType::Stream => {
                self.text.push_str(piece);
                true
            }
        }
    }

    /// Cuts the text to `most` characters; true when it was longer.
    pub(super) fn cut(&mut self, most: usize) -> bool {
        match self.text.char_indices().nth(most) {
            Some((at, _)) => {
                self.text.truncate(at);
                true
            }
            None => false,
        }
    }

    pub(super) fn add(&mut self, note: &str) {
        self.text.push_str(note);
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn characters(&self) -> usize {
        self.text.chars().count()
    }
}

#[cfg(test)]
mod tests {
    use super::Growing;
    use crate::model::ContentType;

    fn grown(kind: ContentType, pieces: &[&str]) -> String {
        let mut growing = Growing::new(kind);
        for piece in pieces {
            growing.push(piece);
        }
        growing.text().to_owned()
    }

    #[test]
    fn the_second_piece_decides() {
        assert_eq!(grown(ContentType::Auto, &["你", "你好", "你好吗"]), "你好吗");
        assert_eq!(grown(ContentType::Auto, &["", "你", "", "好", "你好"]), "你好你好");
        assert_eq!(grown(ContentType::Auto, &["只有一段"]), "只有一段");
    }

    #[test]
    fn it_can_be_said() {
        assert_eq!(grown(ContentType::Stream, &["a", "ab"]), "aab");
        assert_eq!(grown(ContentType::Full, &["a", "b"]), "b");
    }

    #[test]
    fn cutting_counts_characters() {
        let mut growing = Growing::new(ContentType::Stream);
        growing.push("一二三");
        assert!(!growing.cut(3));
        assert!(growing.cut(2));
        assert_eq!((growing.text(), growing.characters()), ("一二", 2));
    }
}
