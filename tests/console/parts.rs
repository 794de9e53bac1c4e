//! The pure parts of the console, with the real engine where the parser decides.

use std::time::Instant;

use dingraia::console::input::{ParseFailure, Verdict, judge};
use dingraia::console::render::{Mode, Renderer};
use dingraia::console::scan::{Class, Open, scan};
use dingraia::console::style::Palette;
use dingraia::console::text::width;
use dingraia::lang::Lang;
use dingraia::script::view::View;
use rhai::Engine;
use serde_json::json;

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

fn renderer(width: usize, mode: Mode) -> Renderer {
    Renderer { palette: Palette::new(false), width, mode, quote_text: true, terminal: true, lang: Lang::En }
}

fn shown(width: usize, value: serde_json::Value) -> String {
    renderer(width, Mode::Table).value(&View::from(value))
}

fn members(count: usize) -> serde_json::Value {
    (0..count)
        .map(|n| {
            json!({"staffId": format!("manager{n}"), "name": "林小明", "title": "产品经理，负责控制台和文档的所有工作以及其他很多事情",
                "department": [1, 2], "email": null, "mobile": "13800000000", "age": 30 + n, "active": n % 2 == 0})
        })
        .collect()
}

#[test]
fn tables_fit_every_window() {
    for width_ in [200, 120, 80, 40, 20, 3] {
        for palette in [Palette::new(false), Palette::new(true)] {
            let text = Renderer { palette, ..renderer(width_, Mode::Table) }.value(&View::from(members(3)));
            assert_eq!(text.contains('\u{1b}'), palette.is_colored(), "{width_}");
            let plain = shown(width_, members(3));
            assert!(width_ < 20 || plain.lines().all(|line| width(line) <= width_), "{width_}\n{plain}");
            assert!(width_ < 20 || plain.contains("林小明"), "{plain}");
            assert_eq!(plain.contains('┌'), width_ >= 60, "{plain}");
        }
    }
    let narrow = shown(40, members(2));
    assert!(
        narrow.starts_with(
            "staffId   : manager0\nname      : 林小明\ntitle     : 产品经理，负责控制台和文档…\n"
        ),
        "{narrow}"
    );
}

#[test]
fn columns_that_do_not_fit_are_named() {
    let row: serde_json::Map<_, _> =
        (0..20).map(|n| (format!("column{n}"), json!("某个比较长的值某个比较长的值"))).collect();
    let text = shown(80, json!([row]));
    assert!(text.lines().all(|line| width(line) <= 80), "{text}");
    assert!(text.contains("… 14 more columns: column6, column7"), "{text}");
}

#[test]
fn long_lists_are_shortened() {
    let text = shown(120, members(1000));
    assert!(text.ends_with("… 800 more of 1000"), "{text}");
    let text = shown(80, (0..300).collect());
    assert!(text.ends_with("  199,\n  … 100 more of 300\n]"), "{text}");
}

#[test]
fn maps_are_laid_out() {
    let value =
        json!({"name": "张三", "tags": ["甲", "乙"], "none": {}, "boss": {"id": "u1", "list": [[1, 2], []]}});
    assert_eq!(
        shown(40, value),
        "{\n  \"name\": \"张三\",\n  \"tags\": [\"甲\", \"乙\"],\n  \"none\": {},\n  \"boss\": {\n    \"id\": \"u1\",\n    \
         \"list\": [\n      [1, 2],\n      []\n    ]\n  }\n}"
    );
    assert_eq!(shown(80, json!({"a": 1, "b": 1.0, "c": null})), "{ \"a\": 1, \"b\": 1.0, \"c\": null }");
    assert_eq!(shown(10, json!({"a": "张三李四"})), "{\n  \"a\": \"张三李四\"\n}");
    assert_eq!(shown(80, json!([])), "[]");
    assert_eq!(shown(80, json!([{}])), "[\n  {}\n]".replace("\n  ", "").replace('\n', ""));
    let object = View::Map(vec![("r".into(), View::Opaque("<Response [True]>".into()))]);
    assert_eq!(renderer(80, Mode::Table).value(&object), "{ \"r\": <Response [True]> }");
}

#[test]
fn depth_does_not_end_the_program() {
    let deep = (0..2000).fold(View::Int(1), |inner, _| View::List(vec![inner, View::List(vec![View::Nil])]));
    for mode in [Mode::Table, Mode::Json, Mode::Raw] {
        assert!(renderer(80, mode).value(&deep).contains('…'));
    }
}

#[test]
fn every_mode_has_its_form() {
    let hostile = View::Text("a\u{1b}[31m\u{9b}2J\n\"张\"\u{202e}".into());
    assert_eq!(renderer(80, Mode::Table).value(&hostile), "\"a\\x1b[31m\\u009b2J\\n\\\"张\\\"\\u202e\"");
    let bare = Renderer { quote_text: false, ..renderer(80, Mode::Table) };
    assert_eq!(bare.value(&hostile), "a\\x1b[31m\\u009b2J\n\"张\"\\u202e");
    assert_eq!(renderer(80, Mode::Raw).value(&hostile), "a\\x1b[31m\\u009b2J\n\"张\"\\u202e");
    let file = Renderer { terminal: false, ..renderer(80, Mode::Raw) };
    assert_eq!(View::Text(file.value(&hostile)), hostile);
    let json = renderer(80, Mode::Json).value(&hostile);
    assert_eq!(json, "\"a\\u001b[31m\\u009b2J\\n\\\"张\\\"\\u202e\"");
    assert_eq!(View::from(serde_json::from_str::<serde_json::Value>(&json).unwrap()), hostile);
    for (view, table, json) in
        [(View::Nil, "", "null"), (View::Int(3), "3", "3"), (View::Float(f64::NAN), "NaN", "null")]
    {
        assert_eq!(renderer(80, Mode::Table).value(&view), table);
        assert_eq!(renderer(80, Mode::Json).value(&view), json);
    }
    let table = shown(80, json!([{"k\u{1b}": "v\u{7}\n"}]));
    assert!(table.contains("k\\x1b") && table.contains("v\\x07\\n"), "{table}");
}
