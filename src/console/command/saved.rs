//! The script that `%save` writes: what was entered and worked, as it runs without a prompt.

use std::fmt::Write as _;

use crate::console::input::{Line, classify};
use crate::console::memory::Input;
use crate::console::scan::{Class, scan};

/// A script, and what is in it.
#[derive(Debug, Default)]
pub(super) struct Saved {
    /// The text.
    pub(super) text: String,
    /// How many inputs are in it.
    pub(super) kept: usize,
    /// How many have secrets in them.
    pub(super) secret: usize,
    /// How many need what only the console has.
    pub(super) of_console: usize,
}

/// What becomes of one input.
enum Part {
    Code(String),
    Secret,
    OfConsole,
}

/// The inputs that worked as a script. `is_right` is the parser.
pub(super) fn saved(
    inputs: &[Input],
    is_secret: impl Fn(&str) -> bool,
    is_right: impl Fn(&str) -> bool,
) -> Saved {
    let codes: Vec<&str> = inputs.iter().filter(|input| input.worked).filter_map(code_of).collect();
    let mut parts: Vec<Part> = Vec::new();
    for (index, code) in codes.iter().enumerate() {
        if is_replaced(code, &codes[index + 1..]) {
            continue;
        }
        let uses = |name| names(code).any(|used| used == name);
        if is_secret(code) {
            parts.push(Part::Secret);
        } else if uses("In") || uses("Out") || (uses("it") && !name_last(&mut parts, &is_right)) {
            parts.push(Part::OfConsole);
        } else {
            parts.push(Part::Code((*code).to_owned()));
        }
    }
    written(&parts)
}

fn code_of(input: &Input) -> Option<&str> {
    let is_code = matches!(classify(&input.text), Line::Code(_) | Line::Silent(_));
    input.code.as_deref().or(is_code.then_some(input.text.as_str())).map(str::trim)
}

fn written(parts: &[Part]) -> Saved {
    let mut saved = Saved { text: "// Saved by `%save` of dingraia.\n".into(), ..Saved::default() };
    for part in parts {
        // Writing to a `String` cannot fail.
        let _ = match part {
            Part::Code(code) => {
                saved.kept += 1;
                writeln!(saved.text, "{}", statement(code))
            }
            Part::Secret => {
                saved.secret += 1;
                writeln!(saved.text, "// An input with a secret stood here.")
            }
            Part::OfConsole => {
                saved.of_console += 1;
                writeln!(saved.text, "// An input with what only the console has stood here.")
            }
        };
    }
    saved
}

/// Gives the last value its name `it`, as the console does; false when no input before is an expression.
fn name_last(parts: &mut [Part], is_right: &impl Fn(&str) -> bool) -> bool {
    for part in parts.iter_mut().rev() {
        let Part::Code(code) = part else { continue };
        if code.starts_with("let it = ") {
            return true;
        }
        let bare = code.trim_end_matches(';').trim_end();
        let named = format!("let it = {bare};");
        // Not a statement, and one expression alone.
        if is_right(&named) && !bare.contains(';') {
            *code = named;
            return true;
        }
    }
    false
}

/// Whether `code` defines functions and nothing else, all of which are defined again later: a script has each once.
fn is_replaced(code: &str, later: &[&str]) -> bool {
    let own = functions(code);
    let is_definition = code.starts_with("fn ") || code.starts_with("///");
    let again = |name: &&str| later.iter().any(|later| functions(later).contains(name));
    is_definition && code.ends_with('}') && !own.is_empty() && own.iter().all(again)
}

/// The functions that a text defines.
fn functions(code: &str) -> Vec<&str> {
    let tokens = scan(code).tokens;
    let text = |index: usize| tokens.get(index).map_or("", |token| &code[token.start..token.end]);
    (0..tokens.len()).filter(|index| text(*index) == "fn").map(|index| text(index + 1)).collect()
}

/// The names that a text uses by themselves, not behind a dot.
fn names(code: &str) -> impl Iterator<Item = &str> {
    let tokens = scan(code).tokens;
    let mut found = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        let before =
            index.checked_sub(1).map_or("", |before| &code[tokens[before].start..tokens[before].end]);
        if token.class == Class::Identifier && !matches!(before, "." | "?.") {
            found.push(&code[token.start..token.end]);
        }
    }
    found.into_iter()
}

/// What a prompt ends, a script must end itself; a comment may stand behind it.
fn statement(text: &str) -> String {
    let end = scan(text).last_code().map_or(text.len(), |last| last.end);
    let semicolon = if text[..end].ends_with(';') { "" } else { ";" };
    format!("{}{semicolon}{}", &text[..end], &text[end..])
}

#[cfg(test)]
mod tests {
    use super::saved;
    use crate::console::memory::Input;

    fn input(text: &str) -> Input {
        Input { number: 0, text: text.into(), code: None, worked: true }
    }

    #[test]
    fn what_worked_becomes_a_script() {
        let engine = rhai::Engine::new();
        let inputs = [
            input("let a = 1"),
            input("%who"),
            Input { worked: false, ..input("let b = ") },
            input("let key = \"SECRET\""),
            input("fn f(x) {\n  0\n}"),
            input("fn f(x) {\n  x\n}"),
            input("f(a) // one"),
            input("it + 1"),
            input("let m = #{a: 1}"),
            input("m.a; m.it = 3"),
            input("Out[3]"),
            Input { code: Some("f(it)".into()), ..input("%time f(it)") },
        ];
        let is_right = |text: &str| engine.compile(text).is_ok();
        let saved = saved(&inputs, |text| text.contains("SECRET"), is_right);
        assert_eq!((saved.kept, saved.secret, saved.of_console), (7, 1, 1), "{}", saved.text);
        assert!(!saved.text.contains("SECRET") && !saved.text.contains("%who"));
        assert_eq!(engine.eval::<i64>(&format!("{}\nit", saved.text)).unwrap(), 2, "{}", saved.text);
    }
}
