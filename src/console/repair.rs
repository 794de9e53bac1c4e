//! The punctuation that a Chinese input method leaves behind, in the characters of the language.

use super::input::{ParseFailure, Verdict, judge};

/// What closes a text that was opened by a full-width quotation mark, or by `"` when no other `"` follows.
const CLOSING: &[char] = &['"', '”', '“', '＂', '’', '‘', '＇'];

/// A text that the parser refuses, with its full-width punctuation replaced; `None` when that helps nothing. What stands in
/// texts and comments stays as it is.
pub fn repair(text: &str, compile: impl Fn(&str) -> Result<(), ParseFailure>) -> Option<String> {
    let before = compile(text).err()?;
    let mut fixed = String::with_capacity(text.len());
    Repairer { rest: text, out: &mut fixed }.code(None);
    if fixed == text {
        return None;
    }
    let helps = judge(&fixed, &compile) == Verdict::Incomplete
        || compile(&fixed)
            .map_or_else(|after| (after.line, after.column) > (before.line, before.column), |()| true);
    helps.then_some(fixed)
}

struct Repairer<'a, 'o> {
    rest: &'a str,
    out: &'o mut String,
}

impl Repairer<'_, '_> {
    /// Takes the next character.
    fn next(&mut self) -> Option<char> {
        let c = self.rest.chars().next()?;
        self.rest = &self.rest[c.len_utf8()..];
        Some(c)
    }

    /// Copies so many bytes.
    fn copy(&mut self, bytes: usize) {
        let (head, rest) = self.rest.split_at(bytes);
        self.out.push_str(head);
        self.rest = rest;
    }

    /// Copies up to and including `end`, or everything.
    fn copy_to(&mut self, end: &str) {
        let bytes = self.rest.find(end).map_or(self.rest.len(), |at| at + end.len());
        self.copy(bytes);
    }

    /// Code, up to the bracket that closes it when it stands in `${…}`.
    fn code(&mut self, closes: Option<char>) {
        let mut depth = 0_usize;
        while let Some(c) = self.rest.chars().next() {
            match c {
                '/' if self.rest.starts_with("//") => self.copy_to("\n"),
                '/' if self.rest.starts_with("/*") => self.copy_to("*/"),
                '#' if self.rest.starts_with("#\"") => {
                    self.copy(2);
                    self.copy_to("\"#");
                }
                '`' | '｀' => self.template(),
                '"' | '“' | '”' | '＂' | '‘' | '’' | '＇' => self.quoted(c),
                '\'' => {
                    self.copy(1);
                    self.copy_to("'");
                }
                _ => {
                    self.next();
                    let c = narrow(c);
                    self.out.push(c);
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 0 && closes == Some('}') => return,
                        '}' => depth = depth.saturating_sub(1),
                        _ => {}
                    }
                }
            }
        }
    }

    /// A text on one line. One that was opened by `"` and is closed by it stays as it is.
    fn quoted(&mut self, open: char) {
        self.next();
        self.out.push('"');
        let line = self.rest.find('\n').map_or(self.rest, |end| &self.rest[..end]);
        let plain = (open == '"').then(|| closing(line, &['"'])).flatten();
        let Some(end) = plain.or_else(|| closing(line, CLOSING)) else { return self.copy(line.len()) };
        self.copy(end);
        self.next();
        self.out.push('"');
    }

    /// A back-tick text with the code in it.
    fn template(&mut self) {
        self.next();
        self.out.push('`');
        while let Some(c) = self.rest.chars().next() {
            match c {
                '`' => return self.copy(1),
                '$' if self.rest.starts_with("${") => {
                    self.copy(2);
                    self.code(Some('}'));
                }
                c => self.copy(c.len_utf8()),
            }
        }
    }
}

/// The byte of the first of these marks that no `\` stands before.
fn closing(line: &str, marks: &[char]) -> Option<usize> {
    let mut is_escaped = false;
    line.char_indices().find_map(|(at, c)| {
        let closes = !is_escaped && marks.contains(&c);
        is_escaped = c == '\\' && !is_escaped;
        closes.then_some(at)
    })
}

/// The character that was meant.
fn narrow(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '。' => '.',
        '、' => ',',
        '【' => '[',
        '】' => ']',
        '《' => '<',
        '》' => '>',
        '￥' => '$',
        // The full-width forms stand in the order of ASCII.
        '！'..='～' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::repair;
    use crate::console::input::ParseFailure;

    fn repaired(text: &str) -> Option<String> {
        let engine = rhai::Engine::new();
        repair(text, |text| {
            engine.compile(text).map(drop).map_err(|error| ParseFailure {
                line: error.position().line().unwrap_or(0),
                column: error.position().position().unwrap_or(0),
                message: error.to_string(),
            })
        })
    }

    #[test]
    fn full_width_punctuation_is_replaced() {
        for (wrong, right) in [
            ("app.get_user（“张三”）", "app.get_user(\"张三\")"),
            ("f(1，2)；g()", "f(1,2);g()"),
            ("#｛a：1，b：【2】｝", "#{a:1,b:[2]}"),
            ("let 名＝‘张三’", "let 名=\"张三\""),
            ("x。y（）", "x.y()"),
            ("f（\"甲，乙\"，1）", "f(\"甲，乙\",1)"),
            ("f(“甲，乙（丙）”)", "f(\"甲，乙（丙）\")"),
            ("f(\"张三”)", "f(\"张三\")"),
            ("f(“张三\")", "f(\"张三\")"),
            ("let\u{3000}甲 = 1 ＋ 2", "let 甲 = 1 + 2"),
            ("`甲（${f（1）}）`", "`甲（${f(1)}）`"),
            ("f（1） // 注释，不变", "f(1) // 注释，不变"),
            // It goes on in the next line.
            ("fn f（x） {", "fn f(x) {"),
        ] {
            assert_eq!(repaired(wrong).as_deref(), Some(right), "{wrong}");
        }
    }

    #[test]
    fn what_is_right_or_beyond_help_stays() {
        for text in ["f(\"甲，乙\")", "let 名字 = 1", "f(1, 2", "let 1 = 2", "let 1 = 2；", "`（`", "‘"]
        {
            assert_eq!(repaired(text), None, "{text}");
        }
    }
}
