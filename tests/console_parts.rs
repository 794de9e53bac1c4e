//! The pure parts of the console, with the real engine where the parser decides.

use dingraia::console::input::ParseFailure;
use rhai::Engine;

fn compile(text: &str) -> Result<(), ParseFailure> {
    Engine::new().compile(text).map(drop).map_err(|error| {
        let position = error.position();
        ParseFailure {
            line: position.line().unwrap_or(0),
            column: position.position().unwrap_or(0),
            message: error.to_string(),
        }
    })
}
#[test]
fn explore() {
    for t in [
        "let x =",
        "let x = [1,",
        "f(",
        "if x {",
        "`${",
        "\"a",
        "\"a\\",
        "1..2..",
        "x +\n  ",
        "app.",
        "fn f(a)",
        "let x = 1 let",
        "#{a:",
        "#\"abc",
        "/* abc",
        "'a",
        "let",
        "for x in",
        "// a",
        "switch x { 1 =>",
        "\"a\nb\"",
        "名字(",
        "x ;; )",
        "do { x }",
        "try { 1 }",
        "return",
        "let x = 5 +\n// end",
        "/// doc",
        "1 2",
        "if x {\n 1\n} else",
        "x = ",
        "|a|",
        "|a, b",
        "[1,2,3",
        "fn",
        "\"abc",
        "x.\"abc",
        "break",
        "let 1",
        "a ?? ",
        "else",
        "}",
        "`a ${ ) ",
        "f(1,",
        "x.map(|",
        "throw",
        "import",
        "export",
        "a..",
        "0x",
        "@",
    ] {
        println!("{t:?} => {:?}", compile(t).err().map(|e| (e.line, e.column, e.message)));
    }
}
