//! A scanner of Rhai text for colours, completion and the judgement of unfinished input.
//!
//! The engine's own lexer drops comments, knows no token ends and needs the parser inside `${..}`; this one
//! never fails and covers every byte that is not a blank.

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// A word of the language.
    Keyword,
    /// A name.
    Identifier,
    /// A number.
    Number,
    /// A `"…"` text or a `#"…"#` text.
    Text,
    /// A `'…'` character.
    Char,
    /// A piece of a back-tick text, up to `${` or from the `}` after it.
    Template,
    /// A comment.
    Comment,
    /// An operator or punctuation.
    Operator,
    /// One of `( ) [ ] { } #{ ${`.
    Bracket,
}

/// A token: its class and its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub class: Class,
    /// Its first byte.
    pub start: usize,
    /// The byte behind it.
    pub end: usize,
}

/// What is still open where the text ends, apart from brackets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Open {
    /// Nothing.
    #[default]
    Nothing,
    /// A `"…"` text or a character.
    Text,
    /// A `"…"` text whose last character is a `\`: it goes on in the next line.
    Continued,
    /// A `#"…"#` text.
    Raw,
    /// The text part of a back-tick text.
    Template,
    /// A `/* */` comment.
    Comment,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scan {
    /// The tokens in order.
    pub tokens: Vec<Token>,
    /// Brackets that belong together, as indexes into `tokens`.
    pub pairs: Vec<(usize, usize)>,
    /// Brackets that are still open, outermost first, as indexes into `tokens`.
    pub brackets: Vec<usize>,
    /// What else is open at the end.
    pub open: Open,
    /// Whether the end is inside a back-tick text, be it in a `${..}` of it.
    pub in_template: bool,
}

impl Scan {
    /// The index of the token that contains the byte `at`.
    pub fn token_at(&self, at: usize) -> Option<usize> {
        let index = self.tokens.partition_point(|token| token.end <= at);
        self.tokens.get(index).filter(|token| token.start <= at).map(|_| index)
    }

    /// The bracket that belongs to the bracket `index`.
    pub fn partner(&self, index: usize) -> Option<usize> {
        self.pairs.iter().find_map(|&(open, close)| match index {
            _ if index == open => Some(close),
            _ if index == close => Some(open),
            _ => None,
        })
    }

    /// The last token that is no comment.
    pub fn last_code(&self) -> Option<Token> {
        self.tokens.iter().rev().find(|token| token.class != Class::Comment).copied()
    }
}

const KEYWORDS: &[&str] = &[
    "as", "break", "catch", "const", "continue", "do", "else", "export", "false", "fn", "for", "global",
    "if", "import", "in", "let", "loop", "private", "return", "switch", "this", "throw", "true", "try",
    "until", "while",
];

const OPERATORS: &[&str] = &[
    "..=", "**=", "<<=", ">>=", "===", "!==", "->", "=>", "==", "!=", "<=", ">=", "&&", "||", "??", "?.",
    "?[", "::", "..", "**", "<<", ">>", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<-", "++", "--",
];

/// Scans `text`.
pub fn scan(text: &str) -> Scan {
    let mut scanner = Scanner { text, at: 0, scan: Scan::default(), templates: Vec::new() };
    while scanner.at < text.len() {
        scanner.step();
    }
    scanner.finish()
}

/// True for a character that can begin a name.
pub fn begins_name(c: char) -> bool {
    c == '_' || c.is_alphabetic()
}

/// True for a character that can stand in a name.
pub fn is_in_name(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
    scan: Scan,
    /// Indexes of the open `${` tokens.
    templates: Vec<usize>,
}

impl Scanner<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn byte(&self, ahead: usize) -> u8 {
        self.text.as_bytes().get(self.at + ahead).copied().unwrap_or(0)
    }

    fn push(&mut self, class: Class, start: usize) {
        self.scan.tokens.push(Token { class, start, end: self.at });
    }

    fn finish(mut self) -> Scan {
        self.scan.in_template = self.scan.open == Open::Template || !self.templates.is_empty();
        self.scan
    }

    fn step(&mut self) {
        let start = self.at;
        match (self.byte(0), self.byte(1)) {
            (b'"', _) => self.quoted(b'"', Class::Text),
            (b'\'', _) => self.quoted(b'\'', Class::Char),
            (b'`', _) => {
                self.at += 1;
                self.template(start);
            }
            (b'#', b'"' | b'#') => self.raw(),
            (b'/', b'/') => {
                self.at += self.rest().find('\n').unwrap_or(self.rest().len());
                self.push(Class::Comment, start);
            }
            (b'/', b'*') => self.comment(),
            (b'#', b'{') => self.open(2),
            (b'(' | b'[' | b'{', _) => self.open(1),
            (b')' | b']' | b'}', _) => self.close(),
            (b'0'..=b'9', _) => self.number(),
            _ => self.word(),
        }
    }

    /// Names, blanks and operators.
    fn word(&mut self) {
        let start = self.at;
        let Some(c) = self.rest().chars().next() else { return };
        if c.is_whitespace() {
            self.at += c.len_utf8();
        } else if begins_name(c) {
            self.at += self.rest().find(|c| !is_in_name(c)).unwrap_or(self.rest().len());
            let keyword = KEYWORDS.contains(&&self.text[start..self.at]);
            self.push(if keyword { Class::Keyword } else { Class::Identifier }, start);
        } else {
            let operator = OPERATORS.iter().find(|operator| self.rest().starts_with(**operator));
            // The bracket of `?[` is a token of its own, so that it finds its partner.
            self.at += operator.map_or(c.len_utf8(), |found| if *found == "?[" { 1 } else { found.len() });
            self.push(Class::Operator, start);
        }
    }

    fn digits(&mut self, valid: impl Fn(u8) -> bool) {
        while valid(self.byte(0)) || self.byte(0) == b'_' {
            self.at += 1;
        }
    }

    fn number(&mut self) {
        let start = self.at;
        if self.byte(0) == b'0' && matches!(self.byte(1) | 0x20, b'x' | b'o' | b'b') {
            self.at += 2;
            self.digits(|byte| byte.is_ascii_hexdigit());
            return self.push(Class::Number, start);
        }
        self.digits(|byte| byte.is_ascii_digit());
        if self.byte(0) == b'.' {
            let next = self.text[self.at + 1..].chars().next().unwrap_or(' ');
            if next != '.' && !begins_name(next) {
                self.at += 1;
                self.digits(|byte| byte.is_ascii_digit());
            }
        }
        if self.byte(0) | 0x20 == b'e' && matches!(self.byte(1), b'0'..=b'9' | b'+' | b'-') {
            self.at += 2;
            self.digits(|byte| byte.is_ascii_digit());
        }
        self.push(Class::Number, start);
    }

    /// A text between two `mark`s; it ends at the end of the line unless a `\` stands there.
    fn quoted(&mut self, mark: u8, class: Class) {
        let start = self.at;
        self.at += 1;
        self.scan.open = Open::Text;
        while self.at < self.text.len() {
            match self.byte(0) {
                b'\n' => break,
                b'\\' if self.at + 1 == self.text.len() => {
                    self.at += 1;
                    self.scan.open = if mark == b'"' { Open::Continued } else { Open::Text };
                    return self.push(class, start);
                }
                b'\\' if self.rest().starts_with("\\\r\n") => self.at += 3,
                b'\\' => self.at += 1 + self.text[self.at + 1..].chars().next().map_or(0, char::len_utf8),
                byte => {
                    self.at += 1;
                    if byte == mark {
                        self.scan.open = Open::Nothing;
                        return self.push(class, start);
                    }
                }
            }
        }
        // Cut off by the end of the line: an error, but not one that more lines could cure.
        if self.at < self.text.len() {
            self.scan.open = Open::Nothing;
        }
        self.push(class, start);
    }

    /// The text part of a back-tick text, from behind its mark or behind the `}` of a `${..}`.
    fn template(&mut self, start: usize) {
        let stop = self.rest().find('`').map(|found| self.at + found);
        let code = self.rest().find("${").map(|found| self.at + found);
        match (stop, code) {
            (stop, Some(code)) if stop.is_none_or(|stop| code < stop) => {
                self.at = code;
                if code > start {
                    self.push(Class::Template, start);
                }
                self.templates.push(self.scan.tokens.len());
                self.open(2);
            }
            (Some(stop), _) => {
                self.at = stop + 1;
                self.push(Class::Template, start);
            }
            (None, _) => {
                self.at = self.text.len();
                self.scan.open = Open::Template;
                if self.at > start {
                    self.push(Class::Template, start);
                }
            }
        }
    }

    fn raw(&mut self) {
        let start = self.at;
        let hashes = self.rest().bytes().take_while(|byte| *byte == b'#').count();
        if self.byte(hashes) != b'"' {
            self.at += hashes;
            return self.push(Class::Operator, start);
        }
        let mark = format!("\"{}", "#".repeat(hashes));
        self.at += hashes + 1;
        match self.rest().find(&mark) {
            Some(found) => self.at += found + mark.len(),
            None => {
                self.at = self.text.len();
                self.scan.open = Open::Raw;
            }
        }
        self.push(Class::Text, start);
    }

    fn comment(&mut self) {
        let start = self.at;
        let mut level = 0;
        while self.at < self.text.len() {
            match (self.byte(0), self.byte(1)) {
                (b'/', b'*') => {
                    level += 1;
                    self.at += 2;
                }
                (b'*', b'/') => {
                    level -= 1;
                    self.at += 2;
                }
                _ => self.at += 1,
            }
            if level == 0 {
                return self.push(Class::Comment, start);
            }
        }
        self.scan.open = Open::Comment;
        self.push(Class::Comment, start);
    }

    fn open(&mut self, length: usize) {
        let start = self.at;
        self.at += length;
        self.scan.brackets.push(self.scan.tokens.len());
        self.push(Class::Bracket, start);
    }

    /// A closing bracket takes the innermost opening one of its kind, and forgets those inside that one.
    fn close(&mut self) {
        let start = self.at;
        self.at += 1;
        let index = self.scan.tokens.len();
        self.push(Class::Bracket, start);
        let wanted = match self.text.as_bytes()[start] {
            b')' => b'(',
            b']' => b'[',
            _ => b'{',
        };
        let bytes = self.text.as_bytes();
        let tokens = &self.scan.tokens;
        let found = self.scan.brackets.iter().rposition(|open| bytes[tokens[*open].end - 1] == wanted);
        let Some(position) = found else { return };
        let open = self.scan.brackets[position];
        if self.templates.last().is_some_and(|template| open < *template) {
            return; // a bracket outside of the template cannot be closed inside
        }
        self.scan.brackets.truncate(position);
        self.scan.pairs.push((open, index));
        if self.templates.last() == Some(&open) {
            self.templates.pop();
            self.template(self.at);
        }
    }
}
