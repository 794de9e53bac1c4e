//! Which lines must not be kept.

use std::borrow::Cow;

use crate::console::complete::param_at;
use crate::console::scan::{Class, scan};
use crate::secret::Secret;
use crate::spec::Kind;

const WORDS: &[&str] = &[
    "secret",
    "token",
    "passw",
    "credential",
    "aeskey",
    "aes_key",
    "encodingkey",
    "apikey",
    "api_key",
    "secure_key",
];

/// Lengths of the keys that DingTalk gives out: AES keys, access and webhook tokens, app secrets.
const KEY_LENGTHS: &[usize] = &[32, 43, 64];

/// What stands before a token in an address, a header or a key of another service.
const MARKS: &[&str] = &["access_token=", "session=", "Bearer ", "\"eyJ", "\"sk-"];

/// Whether `line` holds one of `secrets`, gives something secret a value, or holds what looks like a key.
///
/// `app.get_access_token()` is kept, `token = "…"` is not.
pub(super) fn is_secret(line: &str, secrets: &[Secret]) -> bool {
    secrets.iter().map(Secret::expose).any(|secret| !secret.is_empty() && line.contains(secret))
        || has_key(line)
        || is_given_one(line)
        || if line.trim_start().starts_with('%') { command_names_one(line) } else { code_sets_one(line) }
}

/// `line` as it may be quoted: when it holds a secret its texts and comments are stars, each as long as it was.
pub(in crate::console) fn quotable(line: &str) -> Cow<'_, str> {
    if !is_secret(line, &[]) {
        return line.into();
    }
    let mut out = String::with_capacity(line.len());
    let mut end = 0;
    for token in scan(line).tokens {
        let keep = match token.class {
            Class::Text | Class::Template | Class::Char => 1,
            Class::Comment => 2,
            _ => continue,
        };
        out.push_str(&line[end..token.start]);
        end = token.end;
        let last = line[token.start..token.end].chars().count() - 1;
        let stars = line[token.start..token.end].chars().enumerate().map(|(at, letter)| {
            let stays = at < keep || (at == last && token.class != Class::Comment);
            if stays { letter } else { '*' }
        });
        out.extend(stars);
    }
    out.push_str(&line[end..]);
    out.into()
}

fn names_one(text: &str) -> bool {
    let text = text.to_lowercase();
    WORDS.iter().any(|word| text.contains(word))
}

/// A command such as `%config app_secret abc`: something follows the word.
fn command_names_one(line: &str) -> bool {
    let mut words = line.split(|c: char| c.is_whitespace() || c == '=').skip_while(|word| !names_one(word));
    words.next().is_some_and(|word| word.contains(':')) || words.any(|word| !word.is_empty())
}

/// A text that is given for a secret parameter: `Bot("key", "…")`.
fn is_given_one(line: &str) -> bool {
    let texts = scan(line)
        .tokens
        .into_iter()
        .filter(|token| token.class == Class::Text && token.end > token.start + 2);
    let mut params = texts.filter_map(|token| param_at(&line[..=token.start]));
    params.any(|param| param.kind == Kind::Token || names_one(param.name))
}

/// A name or key with such a word, and a text not far behind it: `secret: "…"`, `["token", "…"]`, `login_token("…")`.
fn code_sets_one(line: &str) -> bool {
    let scan = scan(line);
    let tokens: Vec<_> = scan.tokens.iter().filter(|token| token.class != Class::Comment).collect();
    let is_text = |class| matches!(class, Class::Text | Class::Template | Class::Char);
    if tokens.iter().any(|token| is_text(token.class) && spells_one_out(&line[token.start..token.end])) {
        return true;
    }
    tokens.iter().enumerate().any(|(index, token)| {
        (token.class == Class::Identifier || is_text(token.class))
            && names_one(&line[token.start..token.end])
            && tokens[index + 1..]
                .iter()
                .take_while(|next| {
                    matches!(next.class, Class::Operator | Class::Bracket) || is_text(next.class)
                })
                .take_while(|next| !matches!(&line[next.start..next.end], ")" | "." | "}" | ";"))
                .any(|next| is_text(next.class) && next.end - next.start > 2)
    }) || scan
        .tokens
        .iter()
        .any(|token| token.class == Class::Comment && names_one(&line[token.start..token.end]))
}

/// A text such as `"secret=abc"`.
fn spells_one_out(text: &str) -> bool {
    let text = text.to_lowercase();
    WORDS.iter().any(|word| text.split_once(word).is_some_and(|(_, rest)| rest.contains([':', '='])))
}

/// A sign key of a robot (`SEC…`), a URL with a token or session, or a text of the length of a key.
fn has_key(line: &str) -> bool {
    if MARKS.iter().any(|mark| line.contains(mark)) || has_password(line) {
        return true;
    }
    line.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))).any(|run| {
        let mixed =
            run.contains(|c: char| c.is_ascii_digit()) && run.contains(|c: char| c.is_ascii_alphabetic());
        let sign = run.strip_prefix("SEC").is_some_and(|rest| rest.len() >= 8 && mixed);
        sign || (mixed && KEY_LENGTHS.contains(&run.len()) && !run.starts_with("cid"))
    })
}

/// An address such as `https://user:password@host`.
fn has_password(line: &str) -> bool {
    line.split("://").skip(1).any(|rest| {
        let host = rest.split(|c: char| c.is_whitespace() || "/?#\"`".contains(c)).next().unwrap_or_default();
        host.rsplit_once('@').is_some_and(|(user, _)| user.contains(':'))
    })
}

#[cfg(test)]
mod tests {
    use super::{is_secret, quotable};
    use crate::secret::Secret;

    #[test]
    fn secrets_are_not_kept() {
        let known = [Secret::new("hunter22")];
        for line in [
            "f(\"xhunter22x\")",
            "let token = \"abc\"",
            "app.token=`abc`",
            "Config(#{appSecret: \"abc\"})",
            "Config(#{\"app_secret\" : \"abc\"})",
            "login(\"password\", \"abc\")",
            "with_access_token(\"abc\", || 1)",
            "run(\"secret=abc\")",
            "%config set app_secret abc",
            "%login token=abc",
            "// my secret is abc",
            "Bot(\"SEC0123456789abcdef\")",
            "post(\"https://oapi.dingtalk.com/robot/send?access_token=1\")",
            "Bot(\n  \"dingabc\",\n  \"short1\"\n)",
            "CallBack(k, \"tok12\", \"dingabc\")",
            "Stream(#{app_key: \"dingabc\", app_secret: \"short1\"})",
            "AccessToken(\n\"short1\")",
            "let a = #{\n  authorization: \"Bearer abc\"\n}",
            "let key = \"sk-abcdef\"",
            "get(\"http://user:abc@host/x\")",
            "fn f() {\n  let u = 1;\n  g(\"xhunter22x\")\n}",
            "Dingtalk(\"dingabc\", \"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\")",
        ] {
            assert!(is_secret(line, &known), "{line}");
        }
    }

    #[test]
    fn a_quoted_line_has_stars() {
        for (line, expected) in [
            ("let token = \"秘密1\"; f()", "let token = \"***\"; f()"),
            ("g(1, `http://u:p@h/`) // x", "g(1, `*************`) //**"),
            ("f(\"plain\")", "f(\"plain\")"),
        ] {
            assert_eq!(quotable(line), expected);
        }
    }

    #[test]
    fn ordinary_lines_are_kept() {
        for line in [
            "app.get_access_token()",
            "let t = app.get_token(); print(\"done\")",
            "with_access_token(t, || app.get_user(\"manager4220\"))",
            "app.get_user(\"manager4220\").name",
            "OpenConversationId(\"cidAbCdEf0123456789==\")",
            "%cache users 张",
            "%help token",
            "print(\"SECOND\")",
            "Bot(key, secret)",
            "Member(\"manager4220\")",
            "AccessToken(t)",
        ] {
            assert!(!is_secret(line, &[]), "{line}");
        }
    }
}
