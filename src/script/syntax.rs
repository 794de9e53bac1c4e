//! Rhai's syntax errors in the words of this program.

use rhai::ParseErrorType;

use super::lexical::{lexical, literal_too_large};
use super::types::type_text;
use crate::lang::Text;

/// What is wrong, and what to do about it.
pub(super) type Words = (Text, Vec<Text>);

pub(super) fn made(en: impl Into<String>, zh: impl Into<String>) -> Words {
    (Text::made(en, zh), Vec::new())
}

pub(super) fn fixed(en: &'static str, zh: &'static str) -> Words {
    (Text::fixed(en, zh), Vec::new())
}

pub(super) fn hinted(words: Words, en: impl Into<String>, zh: impl Into<String>) -> Words {
    (words.0, vec![Text::made(en, zh)])
}

/// A syntax error in words.
pub(super) fn syntax(error: &ParseErrorType) -> Words {
    use ParseErrorType as E;
    match error {
        E::UnexpectedEOF => fixed("the input ends too early", "输入不完整"),
        E::BadInput(error) => lexical(error),
        E::UnknownOperator(text) => made(format!("no operator `{text}`"), format!("没有运算符 `{text}`")),
        E::MissingToken(token, place) => missing(token, place),
        E::MissingSymbol(text) => missing_symbol(text),
        E::MalformedIndexExpr(text) => index(text),
        E::MalformedCapture(_) => hinted(
            fixed("`!` is not possible in a method call", "方法调用不能使用 `!`"),
            "write `name!(…)` without a receiver",
            "请写 `name!(…)`，前面不带对象",
        ),
        E::PropertyExpected => fixed("the name of a field must follow", "此处应为字段名"),
        E::VariableExpected => fixed("the name of a variable must follow", "此处应为变量名"),
        E::MismatchedType(wanted, got) => {
            let (wanted, got) = (kind_of_value(wanted), kind_of_value(got));
            made(
                format!("{} belongs here, not {}", wanted.en, got.en),
                format!("此处应为{}，不能是{}", wanted.zh, got.zh),
            )
        }
        E::ExprExpected(_) => fixed("a value must follow", "此处应为值"),
        E::LiteralTooLarge(what, most) => literal_too_large(what, *most),
        E::ExprTooDeep => hinted(
            fixed("too deeply nested", "嵌套过深"),
            "put parts of it into variables",
            "请将其中一部分放入变量",
        ),
        E::TooManyFunctions => fixed("too many functions", "函数过多"),
        E::LoopBreak => {
            fixed("`break` and `continue` belong inside a loop", "`break` 与 `continue` 只能用在循环中")
        }
        E::WrongExport => fixed("`export` belongs at the top level", "`export` 只能写在最外层"),
        E::WrongDocComment => fixed(
            "a doc comment (`///`) must stand directly before a function",
            "文档注释（`///`）后必须紧跟函数定义",
        ),
        other => definition(other),
    }
}

/// Names, functions and `switch`.
fn definition(error: &ParseErrorType) -> Words {
    use ParseErrorType as E;
    match error {
        E::DuplicatedProperty(name) => {
            made(format!("the map has the field `{name}` twice"), format!("映射中字段 `{name}` 重复"))
        }
        E::DuplicatedVariable(name) => {
            made(format!("the variable `{name}` stands here twice"), format!("变量 `{name}` 重复"))
        }
        E::VariableExists(name) => {
            made(format!("the variable `{name}` is there already"), format!("变量 `{name}` 已存在"))
        }
        E::VariableUndefined(name) => made(format!("no variable `{name}`"), format!("没有变量 `{name}`")),
        E::ModuleUndefined(name) => made(format!("no module `{name}`"), format!("没有模块 `{name}`")),
        E::ForbiddenVariable(name) => {
            made(format!("a variable cannot be called `{name}`"), format!("变量不能命名为 `{name}`"))
        }
        E::Reserved(word) => reserved(word),
        E::AssignmentToConstant(name) if name.is_empty() => cannot_assign(),
        E::AssignmentToConstant(name) => hinted(
            made(
                format!("the constant {} cannot be changed", quoted(name)),
                format!("常量 {} 不能修改", quoted(name)),
            ),
            "`let` makes a variable that can be changed",
            "用 `let` 定义可以修改的变量",
        ),
        E::AssignmentToInvalidLHS(_) => cannot_assign(),
        E::WrongSwitchIntegerCase => fixed(
            "in `switch` a number must stand before the ranges",
            "`switch` 中数字分支必须在范围分支之前",
        ),
        E::WrongSwitchDefaultCase => {
            fixed("in `switch` the case `_` must be the last", "`switch` 中 `_` 分支必须在最后")
        }
        E::WrongSwitchCaseCondition => {
            fixed("this case of `switch` cannot have a condition", "`switch` 的这个分支不能带条件")
        }
        other => function(other),
    }
}

fn cannot_assign() -> Words {
    hinted(fixed("this cannot be assigned to", "不能给它赋值"), "`==` compares", "比较请用 `==`")
}

/// A closing bracket where a statement should end.
pub(super) fn closes_nothing(bracket: char) -> Text {
    Text::made(format!("`{bracket}` closes nothing"), format!("`{bracket}` 没有对应的左括号"))
}

/// Definitions of functions.
fn function(error: &ParseErrorType) -> Words {
    use ParseErrorType as E;
    match error {
        E::WrongFnDefinition => fixed(
            "a function is defined at the top level, not inside a block or another function",
            "函数只能定义在最外层，不能在代码块或其他函数中",
        ),
        E::FnDuplicatedDefinition(name, count) => made(
            format!("the function `{name}` with {count} parameters is defined twice"),
            format!("函数 `{name}`（{count} 个参数）重复定义"),
        ),
        E::FnMissingName => fixed("a name must follow `fn`", "`fn` 后应为函数名"),
        E::FnMissingParams(name) => hinted(
            made(
                format!("the parameters of the function {} are missing", quoted(name)),
                format!("函数 {} 缺少参数列表", quoted(name)),
            ),
            format!("write `fn {name}() {{ … }}`"),
            format!("请写 `fn {name}() {{ … }}`"),
        ),
        E::FnDuplicatedParam(name, param) => made(
            format!("the function {} has the parameter `{param}` twice", quoted(name)),
            format!("函数 {} 的参数 `{param}` 重复", quoted(name)),
        ),
        E::FnMissingBody(name) if name.is_empty() => {
            fixed("the body of the function is missing", "缺少函数体")
        }
        E::FnMissingBody(name) => made(
            format!("the body `{{ … }}` of the function `{name}` is missing"),
            format!("函数 `{name}` 缺少函数体 `{{ … }}`"),
        ),
        // Those that Rhai does not raise any more, and those of versions to come.
        other => {
            let text = lower_first(&other.to_string());
            made(text.clone(), format!("语法错误：{text}"))
        }
    }
}

/// A sign that is missing; `place` is Rhai's words for where.
fn missing(token: &str, place: &str) -> Words {
    let (en, zh) = if place.contains("arguments") {
        ("in the arguments of the call", "调用的参数中")
    } else if place.contains("object map") {
        ("in the map", "映射中")
    } else if place.contains("array") {
        ("in the list", "列表中")
    } else if place.contains("parameters") {
        ("in the parameters of the function", "函数的参数列表中")
    } else if place.contains("switch") {
        ("in the `switch`", "`switch` 中")
    } else if place.contains("terminate this statement") {
        ("behind the statement", "语句末尾")
    } else if place.contains("terminate this block") {
        ("at the end of the block", "代码块末尾")
    } else if place.contains("start a statement block") || place.contains("'try' statement") {
        ("before the block", "代码块之前")
    } else if place.contains("catch variable") {
        ("around the variable of `catch`", "`catch` 的变量两侧")
    } else if place.contains("iteration variable") {
        ("in the `for`", "`for` 中")
    } else if place.contains("matching (") || place.contains("matching [") {
        ("to close the bracket", "缺少对应的括号")
    } else {
        ("", "")
    };
    let glue = if en.is_empty() { "" } else { " " };
    let words = match zh {
        "" => made(format!("`{token}` is missing"), format!("缺少 `{token}`")),
        zh => made(
            format!("`{token}` is missing{glue}{en}"),
            format!("{zh}缺少 `{token}`").replace("缺少对应的括号缺少", "缺少对应的括号"),
        ),
    };
    if token == ";" {
        return hinted(
            words,
            "every statement but the last ends in `;`",
            "除最后一条外，每条语句都以 `;` 结尾",
        );
    }
    words
}

fn missing_symbol(text: &str) -> Words {
    match text {
        "Expecting '{' or '|'" => fixed("`{` or `|` is missing", "缺少 `{` 或 `|`"),
        "Expecting 'true' or 'false'" => fixed("`true` or `false` is missing", "缺少 `true` 或 `false`"),
        "Expecting an integer number" => fixed("a whole number is missing", "缺少整数"),
        "Expecting a floating-point number" => fixed("a decimal number is missing", "缺少小数"),
        "Expecting a string" => fixed("a text is missing", "缺少文本"),
        _ => fixed("a sign is missing", "缺少符号"),
    }
}

/// "Object map expects string index, not a number"
fn index(text: &str) -> Words {
    let got = text.rsplit("not ").next().unwrap_or_default();
    let got = match got.trim_start_matches("a ").trim_start_matches("an ") {
        "number" => type_text("i64"),
        "float" => type_text("f64"),
        "character" => type_text("char"),
        "()" => type_text("()"),
        "boolean" => type_text("bool"),
        "string" => type_text("string"),
        _ => return fixed("this cannot be an index", "不能用作下标"),
    };
    if text.starts_with("Object map") {
        return made(
            format!("a map is indexed by text, not by {}", got.en),
            format!("映射的下标是文本，不能是{}", got.zh),
        );
    }
    made(
        format!("a list or a text is indexed by a whole number, not by {}", got.en),
        format!("列表或文本的下标是整数，不能是{}", got.zh),
    )
}

fn reserved(word: &str) -> Words {
    let is_name = word.starts_with(|c: char| c.is_alphabetic());
    let words = made(
        format!("`{word}` is a word of the language"),
        format!("`{word}` 是语言的保留{}", if is_name { "字" } else { "符号" }),
    );
    match word {
        "var" | "auto" => hinted(words, "a variable is made with `let`", "变量用 `let` 定义"),
        "this" => hinted(
            fixed("`this` means nothing here", "此处没有 `this`"),
            "`this` is the receiver inside of a function that is called as `value.name()`",
            "`this` 是以 `值.函数名()` 调用的函数中的接收者",
        ),
        "null" | "nil" | "None" | "void" => hinted(words, "nothing is written `()`", "空值写作 `()`"),
        "async" | "await" | "spawn" => {
            hinted(words, "calls wait by themselves", "调用会自动等待，无需该关键字")
        }
        "match" | "case" => {
            hinted(words, "write `switch value { 1 => …, _ => … }`", "请写 `switch value { 1 => …, _ => … }`")
        }
        _ if is_name => words,
        _ => made(format!("`{word}` does not belong here"), format!("此处不应出现 `{word}`")),
    }
}

fn kind_of_value(wanted: &str) -> Text {
    match wanted {
        "a boolean expression" => type_text("bool"),
        "a number" => Text::fixed("a number", "数字"),
        "a floating-point number" => type_text("f64"),
        "a string" => type_text("string"),
        "a character" => type_text("char"),
        "a boolean" => type_text("bool"),
        "an array" => type_text("array"),
        "an object map" => type_text("map"),
        "an iterable value" => Text::fixed("something with items", "可遍历的值"),
        other => type_text(other),
    }
}

fn quoted(name: &str) -> String {
    if name.is_empty() { "…".into() } else { format!("`{name}`") }
}

/// The first letter small, unless it begins an abbreviation.
pub(super) fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if first.is_uppercase() && second.is_lowercase() => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => text.to_owned(),
    }
}
