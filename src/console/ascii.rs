//! Lines and dots for terminals whose locale is not one of UTF-8. Columns stay where they are.

use std::borrow::Cow;

/// `text` with its drawing in ASCII; names and other words stay as they are.
pub fn ascii(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(plain).collect())
}

fn plain(c: char) -> char {
    match c {
        '\u{2500}' | '\u{2501}' | '\u{2504}' | '\u{2505}' | '\u{2508}' | '\u{254c}' => '-',
        '\u{2550}' => '=',
        '\u{2502}' | '\u{2503}' | '\u{2506}' | '\u{250a}' | '\u{254e}' | '\u{2551}' => '|',
        '\u{250c}'..='\u{254b}' | '\u{2552}'..='\u{256c}' => '+',
        '\u{2580}'..='\u{259f}' => '#',
        '…' => '~',
        '·' | '•' => '.',
        '→' => '>',
        '—' | '–' => '-',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::ascii;

    #[test]
    fn drawings_become_ascii() {
        assert_eq!(
            ascii("┌──┬──┐\n│ a┆ b│\n╞══╪══╡\n└──┴──┘ a·b…"),
            "+--+--+\n| a| b|\n+==+==+\n+--+--+ a.b~"
        );
        assert_eq!(ascii("林晓 é"), "林晓 é");
    }
}
