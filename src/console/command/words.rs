//! The words behind a command.

use std::path::PathBuf;

use crate::error::Error;

/// Cuts `text` into words. Quotes keep blanks, a backslash keeps the sign behind it; between single quotes everything stands
/// for itself.
///
/// # Errors
/// A quote that is not closed.
pub(super) fn words(text: &str) -> Result<Vec<String>, Error> {
    let mut found = Vec::new();
    let mut word: Option<String> = None;
    let mut letters = text.chars();
    let mut quote = None;
    while let Some(letter) = letters.next() {
        match (quote, letter) {
            (Some(open), letter) if letter == open => quote = None,
            (None, '"' | '\'') => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            (None | Some('"'), '\\') => {
                let next = letters.next();
                word.get_or_insert_default().push(next.unwrap_or('\\'));
            }
            (None, letter) if letter.is_whitespace() => found.extend(word.take()),
            (_, letter) => word.get_or_insert_default().push(letter),
        }
    }
    if let Some(open) = quote {
        return Err(Error::usage(format!("the quote {open} is not closed"), format!("引号 {open} 没有结束")));
    }
    found.extend(word);
    Ok(found)
}

/// The first word and the rest as it is.
pub(super) fn first(text: &str) -> (&str, &str) {
    let text = text.trim();
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    (&text[..end], text[end..].trim_start())
}

/// The first word, which may stand in quotes, and the rest as it is. A quote that is not closed is a letter.
pub(super) fn open_word(text: &str) -> (String, &str) {
    let text = text.trim();
    let quoted = text.chars().next().filter(|letter| matches!(letter, '"' | '\'')).and_then(|quote| {
        let (word, rest) = text[1..].split_once(quote)?;
        (rest.is_empty() || rest.starts_with(char::is_whitespace))
            .then(|| (word.to_owned(), rest.trim_start()))
    });
    quoted.unwrap_or_else(|| {
        let (word, rest) = first(text);
        (word.to_owned(), rest)
    })
}

/// A path as it was typed: `~` is the home directory.
pub(super) fn path(text: &str, home: Option<PathBuf>) -> PathBuf {
    match (text.strip_prefix('~'), home) {
        (Some(""), Some(home)) => home,
        (Some(rest), Some(home)) if rest.starts_with('/') => home.join(rest.trim_start_matches('/')),
        _ => PathBuf::from(text),
    }
}

#[cfg(test)]
mod tests {
    use super::{first, open_word, path, words};
    use std::path::{Path, PathBuf};

    #[test]
    fn words_are_cut_as_in_a_shell() {
        let cut = |text| words(text).unwrap();
        assert_eq!(cut(" a  b\tc "), ["a", "b", "c"]);
        assert_eq!(cut(r#"a "b c" 'd "e' f\ g "" "x\"y""#), ["a", "b c", "d \"e", "f g", "", "x\"y"]);
        assert_eq!(cut("前端组 '刘 洋'"), ["前端组", "刘 洋"]);
        assert!(words("a \"b").is_err());
        assert_eq!(first("  2 app.get_user(\"a b\")"), ("2", "app.get_user(\"a b\")"));
        assert_eq!(first(""), ("", ""));
    }

    #[test]
    fn one_word_is_taken_off() {
        let taken = |text| {
            let (word, rest) = open_word(text);
            (word, rest.to_owned())
        };
        let pair = |word: &str, rest: &str| (word.to_owned(), rest.to_owned());
        assert_eq!(taken(" 张伟  it's  \"late\" "), pair("张伟", "it's  \"late\""));
        assert_eq!(taken("\"发布 小组\" hi"), pair("发布 小组", "hi"));
        assert_eq!(taken("'a b'"), pair("a b", ""));
        assert_eq!(taken("\"a b"), pair("\"a", "b"));
        assert_eq!(taken("\"a\"b c"), pair("\"a\"b", "c"));
        assert_eq!(taken(""), pair("", ""));
    }

    #[test]
    fn a_tilde_is_home() {
        let home = Some(PathBuf::from("/home/me"));
        assert_eq!(path("~/a", home.clone()), Path::new("/home/me/a"));
        assert_eq!(path("~", home.clone()), Path::new("/home/me"));
        assert_eq!(path("~x", home), Path::new("~x"));
        assert_eq!(path("a", None), Path::new("a"));
    }
}
