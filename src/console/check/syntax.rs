//! All syntax errors of a text. The parser stops at the first one: the statement that it stands in is left out, and what is left is
//! read again.

use std::ops::Range;

use crate::console::scan::{Class, Scan, scan};
use crate::script::Problem;

/// The most errors that are told of one text.
const MOST: usize = 20;

/// Words that a statement begins with.
const BEGINNINGS: &[&str] = &[
    "let", "const", "fn", "private", "if", "for", "while", "loop", "do", "switch", "try", "return", "throw",
    "break", "continue", "import", "export",
];

/// The errors of `text`, and what the parser accepts of it; places are those of `text`. `parse` gives the first error.
pub(super) fn errors(text: &str, parse: impl Fn(&str) -> Option<Problem>) -> (Option<String>, Vec<Problem>) {
    let (mut rest, mut found) = (text.to_owned(), Vec::new());
    for _ in 0..2 * MOST {
        let Some(problem) = parse(&rest) else { return (Some(rest), found) };
        let place = problem.spot.and_then(|spot| offset(&rest, spot));
        let region = place.map(|place| statement(&rest, place));
        let is_last = region.as_ref().is_none_or(|region| rest[region.clone()].trim().is_empty());
        if found.len() < MOST && !follows(&rest, place, !found.is_empty()) {
            found.push(problem);
        }
        match region {
            Some(region) if !is_last => blank(&mut rest, region),
            _ => break,
        }
    }
    (None, found)
}

/// Whether an error is likely to come from what was left out before: what is left of a statement begins with such a word, or a bracket
/// has lost its partner.
fn follows(text: &str, place: Option<usize>, is_later: bool) -> bool {
    let at_end = place.is_none_or(|place| text[place..].trim().is_empty());
    let begins = |word: &str| place.is_some_and(|place| text[place..].trim_start().starts_with(word));
    is_later && (at_end || ["else", "catch", "}", ")", "]", "=>"].into_iter().any(begins))
}

/// The byte at a place.
fn offset(text: &str, (line, column): (usize, usize)) -> Option<usize> {
    let start: usize = text.split_inclusive('\n').take(line.checked_sub(1)?).map(str::len).sum();
    let inside = text.get(start..)?.lines().next().unwrap_or_default();
    Some(start + inside.chars().take(column.saturating_sub(1)).map(char::len_utf8).sum::<usize>())
}

/// The statement around the byte `at`, without the `;` that ends it.
fn statement(text: &str, at: usize) -> Range<usize> {
    let scan = scan(text);
    let index = scan.tokens.partition_point(|token| token.end <= at);
    let word = |index: usize| &text[scan.tokens[index].start..scan.tokens[index].end];
    let Some(token) = scan.tokens.get(index) else { return beginning(&scan, &word, index)..text.len() };
    // Nothing is sure behind a text that does not end: its line is left out.
    if matches!(token.class, Class::Text | Class::Char) && word(index).len() > 1 && !is_closed(word(index)) {
        let end = text[at..].find('\n').map_or(text.len(), |end| at + end);
        return beginning(&scan, &word, index)..end;
    }
    let begin = beginning(&scan, &word, index);
    let end = ending(&scan, &word, index, text.len());
    // The place may be behind the statement, where something is missing.
    if end <= begin { begin..scan.tokens[index].end } else { begin..end }
}

fn is_closed(word: &str) -> bool {
    word.starts_with('#') || word.chars().next() == word.chars().next_back()
}

/// Where the statement begins that the token `index` stands in.
fn beginning<'a>(scan: &Scan, word: &impl Fn(usize) -> &'a str, index: usize) -> usize {
    let mut begin = index;
    while let Some(before) = begin.checked_sub(1) {
        if scan.tokens[before].class == Class::Comment {
            break;
        }
        match word(before) {
            ";" | "{" | "${" => break,
            "}" if starts_anew(scan, word, begin, index) => break,
            ")" | "]" | "}" => begin = scan.partner(before).unwrap_or(before),
            _ => begin = before,
        }
    }
    scan.tokens
        .get(begin)
        .map_or(usize::MAX, |token| token.start)
        .min(scan.tokens.last().map_or(0, |last| last.end))
}

/// Whether the token `next`, behind a `}`, begins a statement.
fn starts_anew<'a>(scan: &Scan, word: &impl Fn(usize) -> &'a str, next: usize, index: usize) -> bool {
    next <= index
        && scan.tokens.get(next).is_some_and(|token| {
            token.class == Class::Identifier
                || (token.class == Class::Keyword && BEGINNINGS.contains(&word(next)))
        })
}

/// Where it ends: at its `;`, at the `}` of the block around it, or at the block that it has.
fn ending<'a>(scan: &Scan, word: &impl Fn(usize) -> &'a str, index: usize, all: usize) -> usize {
    let mut next = index;
    while let Some(token) = scan.tokens.get(next) {
        let is_begun = next > index && token.class == Class::Keyword && BEGINNINGS.contains(&word(next));
        match word(next) {
            ";" | "}" | "{" => return token.start,
            // The `;` before it is what is missing.
            _ if is_begun => return token.start,
            "(" | "[" | "#{" | "${" | "?[" => {
                next = scan.partner(next).map_or(next, |close| close.max(next)) + 1;
            }
            _ => next += 1,
        }
    }
    all
}

/// Puts blanks in the place of what is left out, so that all places stay.
fn blank(text: &mut String, region: Range<usize>) {
    let blanks: String = text[region.clone()].chars().map(|c| if c == '\n' { "\n" } else { " " }).collect();
    text.replace_range(region, &blanks);
}

#[cfg(test)]
mod tests {
    use super::errors;
    use crate::error::Error;
    use crate::script::Problem;

    /// The lines and columns of the errors, and whether the rest is accepted.
    fn places(text: &str) -> (Vec<(usize, usize)>, bool) {
        let engine = rhai::Engine::new();
        let parse = |text: &str| {
            let error = engine.compile(text).err()?;
            let mut problem = Problem::of(Error::usage(error.to_string(), ""));
            problem.spot =
                error.position().line().map(|line| (line, error.position().position().unwrap_or(1)));
            Some(problem)
        };
        let (rest, found) = errors(text, parse);
        assert!(rest.as_ref().is_none_or(|rest| rest.lines().count() == text.lines().count()));
        (found.iter().map(|problem| problem.spot.unwrap_or_default()).collect(), rest.is_some())
    }

    #[test]
    fn every_error_is_found_once() {
        for (text, expected) in [
            ("let a = 1;", &[][..]),
            ("let a = ;\nlet b = 2;\nlet = 3;\nprint(b)", &[(1, 9), (3, 5)]),
            ("fn f(x) {\n  let a = x +;\n  a\n}\nfn g() { f(1 2) }\nf(", &[(2, 14), (5, 14), (6, 3)]),
            ("let a = f(1, 2;\nlet b = \"x;\nlet c = 3 4;", &[(1, 15), (2, 9), (3, 11)]),
            ("if x { let y = ; } else { y }\nfor i of list { i }\nlet z = 1;", &[(1, 16), (2, 7)]),
            ("let m = #{a: 1, b 2};\nlet n = [1, 2;\nn", &[(1, 19), (2, 14)]),
            ("let 名 = “张三”;\nlet b = 1；\nb", &[(1, 9), (2, 10)]),
        ] {
            assert_eq!(places(text).0, expected, "{text}");
        }
    }

    #[test]
    fn a_text_of_errors_ends() {
        let (found, _) = places(&"let = 1;\n".repeat(500));
        assert_eq!(found.len(), 20);
        for text in ["}", "{", "(", "`a ${", "/*", "\"", "#{", "fn", "else", "let a = `x ${1 +} y`; let = 2;"]
        {
            let _ = places(text);
        }
    }
}
