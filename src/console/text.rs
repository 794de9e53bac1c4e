//! Text on a terminal: control characters made harmless, widths counted, long text cut.

use std::borrow::Cow;

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// True for what could move the cursor, change colours or turn the reading direction around.
pub fn is_unsafe(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// One character as it may be shown, control characters in the escapes of the language.
pub fn push_escaped(out: &mut String, c: char) {
    match c {
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        c if is_unsafe(c) && c.is_ascii() => out.push_str(&format!("\\x{:02x}", u32::from(c))),
        c if is_unsafe(c) => out.push_str(&format!("\\u{:04x}", u32::from(c))),
        c => out.push(c),
    }
}

fn escape_except(text: &str, keep: fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(|c| is_unsafe(c) && !keep(c)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if keep(c) { out.push(c) } else { push_escaped(&mut out, c) }
    }
    Cow::Owned(out)
}

/// `text` on one line, every control character escaped.
pub fn escape(text: &str) -> Cow<'_, str> {
    escape_except(text, |_| false)
}

/// `text` with its line breaks and tabs, every other control character escaped.
pub fn escape_lines(text: &str) -> Cow<'_, str> {
    escape_except(text, |c| matches!(c, '\n' | '\t'))
}

/// `text` as a literal of the language.
pub fn quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c => push_escaped(&mut out, c),
        }
    }
    out.push('"');
    out
}

/// Columns that `text` takes on a terminal.
pub fn width(text: &str) -> usize {
    text.width()
}

/// Columns that `c` takes on a terminal.
pub fn char_width(c: char) -> usize {
    c.width().unwrap_or(0)
}

/// `text` in at most `columns` columns, the rest replaced by `…`.
pub fn cut(text: &str, columns: usize) -> Cow<'_, str> {
    if width(text) <= columns {
        return Cow::Borrowed(text);
    }
    let mut out = String::new();
    let mut used = 1;
    for c in text.chars() {
        used += char_width(c);
        if used > columns {
            break;
        }
        out.push(c);
    }
    if columns > 0 {
        out.push('…');
    }
    Cow::Owned(out)
}

/// `text` followed by spaces up to `columns` columns.
pub fn pad(text: &str, columns: usize) -> String {
    let spaces = columns.saturating_sub(width(text));
    format!("{text}{}", " ".repeat(spaces))
}

#[cfg(test)]
mod tests {
    use super::{cut, escape, escape_lines, pad, quote, width};

    #[test]
    fn nothing_drives_the_terminal() {
        assert_eq!(escape("a\u{1b}[31mb\u{7}\n\u{9b}1m\u{202e}"), "a\\x1b[31mb\\x07\\n\\u009b1m\\u202e");
        assert_eq!(escape_lines("一\n\t二\r三"), "一\n\t二\\r三");
        assert_eq!(quote("说 \"好\"\\\n"), "\"说 \\\"好\\\"\\\\\\n\"");
    }

    #[test]
    fn wide_characters_count_twice() {
        assert_eq!(width("张三a"), 5);
        assert_eq!(cut("张三李四", 8), "张三李四");
        assert_eq!(cut("张三李四", 7), "张三李…");
        assert_eq!(cut("张三李四", 6), "张三…");
        assert_eq!(cut("张三", 0), "");
        assert_eq!(pad("张", 4), "张  ");
    }
}
