//! The pure parts of the console, with the real engine where the parser decides.

use std::time::Instant;

use dingraia::console::input::{ParseFailure, Verdict, judge};
use dingraia::console::scan::{Class, Open, scan};
use rhai::Engine;

fn compile(engine: &Engine, text: &str) -> Result<(), ParseFailure> {
    engine.compile(text).map(drop).map_err(|error| {
        let position = error.position();
        let (line, column) = (position.line().unwrap_or(0), position.position().unwrap_or(0));
        ParseFailure { line, column, message: error.to_string() }
    })
}

const VALID: &[&str] = &[
    "fn add(a, b) {\n    a + b\n}\nadd(1, 2)",
    "let 名字 = \"张三\";\nif 名字 == \"张三\" {\n    1\n} else {\n    2\n}",
    "let list = [\n    1,\n    2, // two\n    3,\n];\nlist.map(|x|\n    x * 2\n)",
    "let map = #{\n    name: \"林\",\n    \"键\": [1, #{\n        a: ()\n    }],\n};",
    "let text = `第一行\n  ${ [1, 2]\n    .len() } 行 ${`内 ${1}`}\n结束 \" ' /*`;\ntext",
    "let raw = #\"C:\\dir\n\"quoted\" // no comment\n\"#;\nraw",
    "/* outer\n /* inner */\n still\n*/\nlet x = 1;",
    "let s = \"one \\\n    two\";\ns",
    "try {\n    throw #{ code: 1 };\n} catch (e) {\n    e.code\n}",
    "switch 3 {\n    1 => \"a\",\n    2..=4 if true => {\n        \"b\"\n    }\n    _ => (),\n}",
    "for (v, i) in\n    0..10 {\n    if i > 3 { break; }\n}",
    "let x = 1 +\n    // the rest\n    2 *\n    3;\nx",
    "/// Twice.\n/// Really.\nfn twice(x) {\n    2 * x\n}",
    "app.on(\"GroupMessage\", |event| {\n    event.reply(`你好 ${event.sender.name}`);\n});",
    "do {\n    x()\n} while\n    false;",
];

/// Up to the last line everything must either wait or be a script of its own.
#[test]
fn prefixes_of_valid_scripts_are_never_wrong() {
    let engine = Engine::new();
    let check = |text: &str| compile(&engine, text);
    for script in VALID {
        compile(&engine, script).unwrap_or_else(|failure| panic!("{script}\n{}", failure.message));
        assert_eq!(judge(script, check), Verdict::Complete, "{script}");
        for (end, _) in script.match_indices('\n') {
            let prefix = &script[..end];
            if judge(prefix, check) == Verdict::Complete {
                assert!(compile(&engine, prefix).is_ok(), "judged wrong:\n{prefix}");
                assert_eq!(scan(prefix).open, Open::Nothing, "{prefix}");
            }
        }
    }
}

#[test]
fn wrong_input_is_submitted() {
    let engine = Engine::new();
    for text in [
        "let 1 = 2",
        "f(1))",
        "}",
        "let x = \"abc",
        "\"a\nb\"",
        "1 2 3",
        "x ;; )",
        "if { 1 }",
        "fn f(1) { }",
        "[1, 2 3]",
        "#{a b}",
        "let x = 1 let",
        "'ab'",
        "@x",
        "else",
        "f(\"abc)",
        "for in x { }",
        "`${\"abc} `",
    ] {
        assert!(compile(&engine, text).is_err(), "{text}");
        assert_eq!(judge(text, |text| compile(&engine, text)), Verdict::Complete, "{text}");
    }
}

#[test]
fn a_blank_line_submits_whatever_is_there() {
    let engine = Engine::new();
    for text in ["fn f() {\n", "f(1,\n  ", "`abc\n\t", "/*\n"] {
        assert_eq!(judge(text, |text| compile(&engine, text)), Verdict::Complete, "{text}");
        assert_eq!(judge(text.trim_end(), |text| compile(&engine, text)), Verdict::Incomplete, "{text}");
    }
}

fn tokens(text: &str) -> Vec<(Class, &str)> {
    scan(text).tokens.iter().map(|token| (token.class, &text[token.start..token.end])).collect()
}

#[test]
fn ranges_of_names_templates_and_texts() {
    use Class::{Bracket, Char, Comment, Identifier, Keyword, Number, Operator, Template, Text};
    assert_eq!(
        tokens("let 名字 = `甲${f(`乙${1}`)}丙`; // 完"),
        [
            (Keyword, "let"),
            (Identifier, "名字"),
            (Operator, "="),
            (Template, "`甲"),
            (Bracket, "${"),
            (Identifier, "f"),
            (Bracket, "("),
            (Template, "`乙"),
            (Bracket, "${"),
            (Number, "1"),
            (Bracket, "}"),
            (Template, "`"),
            (Bracket, ")"),
            (Bracket, "}"),
            (Template, "丙`"),
            (Operator, ";"),
            (Comment, "// 完"),
        ]
    );
    assert_eq!(
        tokens("##\"a\"# \"##+'\\''/* a /* 乙 */ c */\"\\\"文\"#{"),
        [
            (Text, "##\"a\"# \"##"),
            (Operator, "+"),
            (Char, "'\\''"),
            (Comment, "/* a /* 乙 */ c */"),
            (Text, "\"\\\"文\""),
            (Bracket, "#{"),
        ]
    );
    assert_eq!(
        tokens("1..2 0xfF 1_0.5e-3 x.1 1.abs() a?[0]"),
        [
            (Number, "1"),
            (Operator, ".."),
            (Number, "2"),
            (Number, "0xfF"),
            (Number, "1_0.5e-3"),
            (Identifier, "x"),
            (Operator, "."),
            (Number, "1"),
            (Number, "1"),
            (Operator, "."),
            (Identifier, "abs"),
            (Bracket, "("),
            (Bracket, ")"),
            (Identifier, "a"),
            (Operator, "?"),
            (Bracket, "["),
            (Number, "0"),
            (Bracket, "]"),
        ]
    );
}

#[test]
fn the_end_is_known() {
    for (text, open, brackets) in [
        ("f([#{", Open::Nothing, 3),
        ("\"a", Open::Text, 0),
        ("\"a\\", Open::Continued, 0),
        ("`a${1", Open::Nothing, 1),
        ("`a${1} b", Open::Template, 0),
        ("#\"a\"", Open::Raw, 0),
        ("/* /* */", Open::Comment, 0),
        ("f(')')", Open::Nothing, 0),
        ("({)", Open::Nothing, 0),
        ("'", Open::Text, 0),
        ("`", Open::Template, 0),
        ("#", Open::Nothing, 0),
    ] {
        let scan = scan(text);
        assert_eq!((scan.open, scan.brackets.len()), (open, brackets), "{text}");
    }
    assert!(scan("`a${1").in_template && !scan("`a${1}`").in_template);
}

/// Every cut of every script is scanned without a panic, in order and without overlaps.
#[test]
fn any_text_can_be_scanned() {
    for script in VALID {
        for (start, _) in script.char_indices() {
            let text = &script[start..];
            let scan = scan(text);
            assert!(
                scan.tokens
                    .iter()
                    .all(|token| token.start < token.end && text.get(token.start..token.end).is_some())
            );
            assert!(scan.tokens.windows(2).all(|pair| pair[0].end <= pair[1].start), "{text}");
        }
    }
}

#[test]
fn scanning_is_fast() {
    let text = "let 名字 = app.get_user(\"manager4220\", #{a: [1, 2]}); // `${}`\n".repeat(200);
    let best = (0..20)
        .map(|_| {
            let start = Instant::now();
            scan(&text);
            start.elapsed()
        })
        .min()
        .unwrap();
    assert!(best.as_millis() < 10, "{best:?}");
}
