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
    // A long text is not measured to its end: each character but combining ones takes a column.
    if text.len() <= columns.saturating_mul(16) && width(text) <= columns {
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

/// Columns that `text` takes without its colours.
pub fn shown_width(text: &str) -> usize {
    let mut pieces = text.split("\u{1b}[");
    let first = pieces.next().map_or(0, width);
    first + pieces.map(|piece| piece.split_once('m').map_or(0, |(_, shown)| width(shown))).sum::<usize>()
}

/// `text`, which may have colours, in lines of at most `columns` columns, those after the first indented by `indent`. Words
/// stay whole, however long; Chinese text breaks everywhere but before closing punctuation.
pub fn wrap(text: &str, columns: usize, indent: usize) -> String {
    let mut out = String::new();
    let mut used = 0;
    let begin = |out: &mut String| {
        out.truncate(out.trim_end_matches(' ').len());
        out.push('\n');
        out.push_str(&" ".repeat(indent));
        indent
    };
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            used = begin(&mut out);
        }
        for piece in pieces(line) {
            if used > indent && used + shown_width(piece.trim_end()) > columns {
                used = begin(&mut out);
            }
            out.push_str(piece);
            used += shown_width(piece);
        }
    }
    out
}

/// The parts of a line between which it may break; blanks stand at their ends.
fn pieces(line: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut last = None;
    for (at, c) in line.char_indices() {
        let breaks = last.is_some_and(|last: char| match (last, c) {
            (_, ' ') => false,
            (' ', _) => true,
            (last, c) => {
                (char_width(last) > 1 || char_width(c) > 1) && !CLOSING.contains(c) && !OPENING.contains(last)
            }
        });
        if breaks {
            found.push(&line[start..at]);
            start = at;
        }
        last = Some(c);
    }
    found.push(&line[start..]);
    found
}

/// What must not begin a line, and what must not end one.
const CLOSING: &str = "，。、；：？！）」》”’,.;:?!)]}";
const OPENING: &str = "（「《“‘([{";

/// `text` followed by spaces up to `columns` columns.
pub fn pad(text: &str, columns: usize) -> String {
    let spaces = columns.saturating_sub(width(text));
    format!("{text}{}", " ".repeat(spaces))
}

#[cfg(test)]
mod tests {
    use super::{cut, escape, escape_lines, pad, quote, shown_width, width, wrap};

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

    #[test]
    fn long_text_is_wrapped() {
        assert_eq!(wrap("one two three four", 9, 2), "one two\n  three\n  four");
        assert_eq!(wrap("发送消息，给群里的所有人。", 10, 0), "发送消息，\n给群里的所\n有人。");
        assert_eq!(wrap("一二三四。", 8, 0), "一二三\n四。");
        assert_eq!(wrap("a https://example.com/very/long b", 10, 0), "a\nhttps://example.com/very/long\nb");
        assert_eq!(wrap("two\n  lines", 40, 4), "two\n      lines");
        assert_eq!(wrap("", 40, 4), "");
        let coloured = "\u{1b}[31merror:\u{1b}[0m it went wrong";
        assert_eq!(shown_width(coloured), 20);
        assert_eq!(wrap(coloured, 20, 0), coloured);
        assert_eq!(wrap(coloured, 19, 2), coloured.replace(" wrong", "\n  wrong"));
    }
}
