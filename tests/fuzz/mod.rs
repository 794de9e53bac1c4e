//! Whatever comes in from outside or is typed, nothing panics, and what is promised of it holds.
//!
//! `DINGRAIA_FUZZ_CASES` says how many cases each test tries; `scripts/dev/fuzz` tries a million. The seed of a case that failed is
//! kept in a `.seeds` file beside the test and tried first from then on.

mod completion;
mod configuration;
mod input;
mod messages;
mod replies;

use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop};
use proptest::strategy::Union;
use proptest::test_runner::FileFailurePersistence;

/// How a test is run: with `few` cases, unless the environment says how many.
pub fn cases(few: u32) -> ProptestConfig {
    let asked = std::env::var("DINGRAIA_FUZZ_CASES").ok().and_then(|text| text.parse().ok());
    let persistence = FileFailurePersistence::WithSource("seeds");
    ProptestConfig {
        cases: asked.unwrap_or(few),
        failure_persistence: Some(Box::new(persistence)),
        ..ProptestConfig::default()
    }
}

/// Texts put together out of `pieces` and of anything.
fn made_of(pieces: &'static [&'static str], most: usize) -> impl Strategy<Value = String> {
    let piece = Union::new_weighted(vec![
        (8, prop::sample::select(pieces).prop_map(str::to_owned).boxed()),
        (1, any::<char>().prop_map(String::from).boxed()),
        (1, "[ -~\n]{0,6}".boxed()),
    ]);
    prop::collection::vec(piece, 0..most).prop_map(|pieces| pieces.concat())
}

/// `text` with a character changed, or cut off.
fn damaged(text: &'static str) -> impl Strategy<Value = String> {
    let letters: Vec<char> = text.chars().collect();
    (Just(letters), any::<prop::sample::Index>(), any::<char>(), any::<bool>()).prop_map(
        |(mut letters, at, with, is_cut)| {
            let at = at.index(letters.len());
            letters[at] = with;
            letters.truncate(if is_cut { at } else { letters.len() });
            letters.into_iter().collect()
        },
    )
}

/// Words of the language, of this program, and what comes between them.
const CODE: &[&str] = &[
    "app",
    "app.",
    ".",
    "get_user(",
    "\"manager4220\"",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "#{",
    "${",
    "`",
    "\"",
    "'",
    "\\",
    ";",
    ",",
    ":",
    "|",
    "||",
    "&&",
    "??",
    "?.",
    "?",
    "%",
    "%cache ",
    "%set ",
    "=",
    "==",
    "=>",
    "->",
    "..",
    "..=",
    "let ",
    "const ",
    "fn f(x) ",
    "fn ",
    "if ",
    " else ",
    "for ",
    " in ",
    "while ",
    "loop ",
    "do ",
    "until ",
    "switch ",
    "try ",
    "catch (e) ",
    "return ",
    "throw ",
    "break",
    "continue",
    "import ",
    "export ",
    "private ",
    "this",
    "x",
    "张三",
    "名字",
    "1",
    "0x",
    "1.5e",
    "1_000",
    "-",
    "+",
    "*",
    "/",
    "//",
    "///",
    "/*",
    "*/",
    "#\"",
    "\"#",
    "\n",
    " ",
    "\t",
    "\r",
    "（",
    "）",
    "“",
    "”",
    "，",
    "；",
    "。",
    "using_cache",
    "language: ",
    "\"zh_CN\"",
    "cache.",
    "Member(",
    "on(\"GroupMessage\", ",
    "parallel(",
    "\u{3000}",
    "é",
    "\u{200b}",
    "👍🏽",
    "\u{202e}",
    "Out[",
    "In[",
    "help ",
    "true",
    "()",
    "!",
    "@",
    "$",
    "::",
    "global::",
    "eval(\"",
    "Fn(\"",
];
