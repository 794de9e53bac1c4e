//! A piece of code up to the cursor: its tokens, and the call that the cursor stands in.

use crate::console::scan::{Class, Open, Scan, scan};

/// Code and its tokens.
pub(super) struct Code<'a> {
    pub(super) text: &'a str,
    pub(super) scan: Scan,
}

/// A call that is not closed yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Call<'a> {
    /// The token of its name.
    pub(super) name: usize,
    /// What stands at the end.
    pub(super) slot: Slot<'a>,
    /// The keys that its trailing map has already.
    pub(super) given: Vec<&'a str>,
}

/// A place among the arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slot<'a> {
    /// The argument with this number, from 0, or a part of it.
    Position(usize),
    /// A key of the trailing map.
    Key,
    /// What is given for this key.
    Value(&'a str),
}

/// A text that is open at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct OpenText {
    /// The byte behind its quote.
    pub(super) start: usize,
    /// Its quote.
    pub(super) quote: char,
}

impl<'a> Code<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, scan: scan(text) }
    }

    /// The text of a token; empty behind the last one.
    pub(super) fn word(&self, index: usize) -> &'a str {
        self.scan.tokens.get(index).map_or("", |token| &self.text[token.start..token.end])
    }

    pub(super) fn class(&self, index: usize) -> Option<Class> {
        self.scan.tokens.get(index).map(|token| token.class)
    }

    /// How many tokens there are.
    pub(super) fn len(&self) -> usize {
        self.scan.tokens.len()
    }

    pub(super) fn is_name(&self, index: usize) -> bool {
        self.class(index) == Some(Class::Identifier)
    }

    /// Whether the token before `index` is a dot, so that a member stands there.
    pub(super) fn is_member(&self, index: usize) -> bool {
        index > 0 && matches!(self.word(index - 1), "." | "?.")
    }

    /// The text that is open at the end, if it is a whole one: no piece behind a `${…}`.
    pub(super) fn open_text(&self) -> Option<OpenText> {
        let token = self.scan.tokens.last().filter(|token| token.end == self.text.len())?;
        let is_open = matches!(self.scan.open, Open::Text | Open::Template);
        let quote = self.text[token.start..].chars().next().filter(|c| matches!(c, '"' | '`'))?;
        is_open.then_some(OpenText { start: token.start + 1, quote })
    }

    /// Whether the end lies in a comment, or in a text that is not a whole one.
    pub(super) fn is_dead_end(&self) -> bool {
        let touches = self.scan.tokens.last().is_some_and(|token| {
            token.end == self.text.len()
                && matches!(token.class, Class::Text | Class::Char | Class::Template | Class::Comment)
        });
        touches || self.scan.open != Open::Nothing
    }

    /// The innermost call around the end.
    pub(super) fn call(&self) -> Option<Call<'a>> {
        let mut slot = None;
        let mut given = Vec::new();
        for open in self.scan.brackets.iter().rev().copied() {
            match self.word(open) {
                "(" if open > 0 && self.is_name(open - 1) => {
                    let slot = slot.unwrap_or_else(|| Slot::Position(self.entries(open).len() - 1));
                    return Some(Call { name: open - 1, slot, given });
                }
                // In a map of its own nothing is known of the arguments.
                "#{" if slot.is_some() => return None,
                "#{" => {
                    let entries = self.entries(open);
                    let (last, before) = entries.split_last()?;
                    given = before.iter().filter_map(|entry| self.key(*entry)).collect();
                    slot = Some(self.key(*last).map_or(Slot::Key, Slot::Value));
                    let is_argument = open > 0 && matches!(self.word(open - 1), "(" | ",");
                    if !is_argument {
                        return None;
                    }
                }
                // The items of a list are what the parameter is.
                "(" | "[" => {}
                _ => return None,
            }
        }
        None
    }

    /// The key of an entry of a map, once its `:` is there.
    fn key(&self, (start, end): (usize, usize)) -> Option<&'a str> {
        (end > start + 1 && self.word(start + 1) == ":").then(|| self.word(start).trim_matches('"'))
    }

    /// The entries behind an open bracket, as ranges of tokens; the last one reaches to the end and may be empty.
    fn entries(&self, open: usize) -> Vec<(usize, usize)> {
        let mut entries = Vec::new();
        let (mut start, mut at) = (open + 1, open + 1);
        while at < self.len() {
            match self.word(at) {
                "," => {
                    entries.push((start, at));
                    start = at + 1;
                }
                // The parameters of a closure have commas of their own.
                "|" => at = (at + 1..self.len()).find(|next| self.word(*next) == "|").unwrap_or(self.len()),
                _ if self.class(at) == Some(Class::Bracket) => match self.scan.partner(at) {
                    Some(close) => at = close.max(at),
                    None => break,
                },
                _ => {}
            }
            at += 1;
        }
        entries.push((start, self.len()));
        entries
    }
}

#[cfg(test)]
mod tests {
    use super::{Code, Slot};

    fn call(text: &str) -> Option<(&str, Slot<'_>)> {
        let code = Code::new(text);
        let call = code.call()?;
        Some((code.word(call.name), call.slot))
    }

    #[test]
    fn the_argument_is_found() {
        assert_eq!(call("app.get_user("), Some(("get_user", Slot::Position(0))));
        assert_eq!(call("f(1, g(2, 3), [4, 5], \"a, b"), Some(("f", Slot::Position(3))));
        assert_eq!(call("f(1, [a, b"), Some(("f", Slot::Position(1))));
        assert_eq!(call("parallel(list, |a, b| a, #{"), Some(("parallel", Slot::Key)));
        assert_eq!(call("f(1, #{a: 1, lang"), Some(("f", Slot::Key)));
        assert_eq!(call("f(1, #{a: 1, \"language\": \"z"), Some(("f", Slot::Value("language"))));
        assert_eq!(call("f((1 + "), Some(("f", Slot::Position(0))));
        assert_eq!(call("`${f(1,"), Some(("f", Slot::Position(1))));
        for none in ["f(1)", "f(|x| { ", "#{a: ", "f(#{a: #{b", "f(#{a: [1, #{", "if (a", ""] {
            assert_eq!(call(none), None, "{none}");
        }
    }

    #[test]
    fn given_keys_are_known() {
        assert_eq!(Code::new("f(1, #{a: g(2), \"b\": 3, c").call().unwrap().given, ["a", "b"]);
    }

    #[test]
    fn open_texts_are_found() {
        let open = |text| Code::new(text).open_text().map(|open| (open.start, open.quote));
        assert_eq!(open("f(\"张"), Some((3, '"')));
        assert_eq!(open("f(`a"), Some((3, '`')));
        for none in ["f(\"a\"", "`a ${1} b", "// \"a", "'a", "x"] {
            assert_eq!(open(none), None, "{none}");
        }
    }
}
