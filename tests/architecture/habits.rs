//! Sizes, beginnings, and what stands in one place only.

use super::{code, files, root};

/// The most lines of a file.
const MOST: usize = 400;

#[test]
fn no_file_is_long() {
    for (path, text) in files("src").into_iter().chain(files("tests")) {
        if path.extension().is_some_and(|end| end == "rs") {
            let lines = text.lines().count();
            assert!(lines <= MOST, "{} has {lines} lines", path.display());
        }
    }
}

#[test]
fn each_file_says_its_job() {
    for (path, text) in files("src").into_iter().chain(files("tests")) {
        if path.extension().is_some_and(|end| end == "rs") {
            assert!(text.starts_with("//! "), "{} does not begin with `//! `", path.display());
        }
    }
}

/// The files of the source whose code holds `word`.
fn holders(word: &str) -> Vec<String> {
    let found = files("src").into_iter().filter(|(_, text)| code(text).contains(word));
    found.map(|(path, _)| path.display().to_string()).collect()
}

#[test]
fn one_place_blocks() {
    assert_eq!(holders("block_on("), ["src/script/bridge.rs"]);
}

/// What changes something passes the gate, which stands before the one place that calls the client.
#[test]
fn one_place_of_the_methods_sends() {
    for call in ["client.call(", "client.call_once("] {
        let mut found = holders(call);
        found.retain(|path| path.starts_with("src/ops/"));
        assert_eq!(found, ["src/ops/context.rs"], "{call}");
    }
}

#[test]
fn one_place_writes_to_the_terminal() {
    for word in ["print!(", "println!(", "eprint!(", "eprintln!(", "dbg!("] {
        let mut found = holders(word);
        found.retain(|path| path != "src/console/screen.rs");
        assert!(found.is_empty(), "{word} stands in {found:?}");
    }
}

/// Whoever reads a log line reads it in their language.
#[test]
fn log_lines_are_in_both_languages() {
    for (path, text) in files("src") {
        let code = code(&text);
        for (at, _) in code.match_indices("tracing::").filter(|(at, _)| {
            ["tracing::warn!(", "tracing::error!("].iter().any(|word| code[*at..].starts_with(word))
        }) {
            let call = &code[at..code[at..].find(';').map_or(code.len(), |end| at + end)];
            assert!(call.contains("zh = "), "{}: {call}", path.display());
        }
    }
}

/// What is said to a person is a `Text`; a literal would be in one language.
#[test]
fn nothing_is_said_in_one_language() {
    for (path, text) in files("src") {
        let said = text.lines().filter(|line| {
            [".note(\"", ".tell(\""].iter().any(|call| {
                line.split_once(call).is_some_and(|(_, rest)| rest.starts_with(char::is_alphabetic))
            })
        });
        let said: Vec<&str> = said.collect();
        assert!(said.is_empty(), "{}: {said:?}", path.display());
    }
}

#[test]
fn nothing_of_a_workplace_is_left() {
    // Put together here, so that this file does not hold them itself.
    let words = [
        ["/wo", "rk/"],
        ["/ro", "ot/"],
        ["/tmp", "/wt"],
        ["issue", " #"],
        ["issues", " show"],
        ["session ", "stop"],
        ["helper ", "agent"],
        ["index.crates", ".io"],
        ["static.crates", ".io"],
        ["artifact", "ory"],
        ["sparse", "+http"],
        ["DESIGN", ".md"],
        ["contract", ".md"],
        ["spike", ".md"],
    ];
    let words = words.map(|parts| parts.concat());
    let top = [
        "Cargo.toml",
        "README.md",
        "history.example",
        ".clippy.toml",
        ".deny.toml",
        ".rustfmt.toml",
        ".gitignore",
    ];
    let single = top
        .iter()
        .filter_map(|name| Some(((*name).into(), std::fs::read_to_string(root().join(name)).ok()?)));
    let folders = ["src", "tests", "scripts", ".ci"].into_iter().filter(|name| root().join(name).is_dir());
    for (path, text) in folders.flat_map(files).chain(single) {
        for word in &words {
            assert!(!text.contains(word), "{} mentions `{word}`", path.display());
        }
    }
}
