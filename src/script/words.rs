//! Rhai's errors of running scripts in the words of this program. Every variant is here; a test provokes those that can be.

use rhai::{AST, Dynamic, Engine, EvalAltResult, Map};

use super::limit::Passed;
use super::syntax::{Words, fixed, lower_first, made, syntax};
use super::types::{plain_type, type_text};
use super::unknown::{it_is_a_method, unknown_function};
use crate::api::find;
use crate::lang::Text;
use crate::spec::On;

/// What happened, and what to do about it. `library` holds the functions of the session.
pub(super) fn words(engine: &Engine, library: &AST, error: &EvalAltResult) -> Words {
    use EvalAltResult as E;
    match error {
        E::ErrorParsing(kind, _) => syntax(kind),
        E::ErrorFunctionNotFound(signature, _) => unknown_function(engine, library, signature),
        E::ErrorVariableNotFound(name, _) => {
            let hint = find(On::App, name).map(it_is_a_method);
            let text = Text::made(format!("no variable `{name}`"), format!("没有变量 `{name}`"));
            (text, hint.into_iter().collect())
        }
        E::ErrorPropertyNotFound(name, _) => (
            Text::made(format!("no field `{name}` in this map"), format!("映射中没有字段 `{name}`")),
            vec![Text::fixed(
                "`map.get(\"key\", default)` and `\"key\" in map` are for fields that may be missing",
                "可能不存在的字段请用 `map.get(\"key\", 默认值)` 或 `\"key\" in map`",
            )],
        ),
        E::ErrorDotExpr(text, _) => dot(text),
        E::ErrorModuleNotFound(name, _) => (
            Text::made(format!("no module `{name}`"), format!("没有模块 `{name}`")),
            vec![Text::made(
                format!("`import \"file\" as {name};` brings it in, for its own input or script alone"),
                format!("请先 `import \"文件\" as {name};`；导入只在所在的输入或脚本中有效"),
            )],
        ),
        // Whoever reads an error goes down to the innermost one first.
        E::ErrorInFunctionCall(.., cause, _) | E::ErrorInModule(_, cause, _) => words(engine, library, cause),
        E::ErrorArithmetic(text, _) => arithmetic(text),
        E::ErrorRuntime(value, _) => thrown(&text_of(value)),
        E::ErrorSystem(text, cause) if text.is_empty() => {
            let cause = cause.to_string();
            made(cause.clone(), cause)
        }
        E::ErrorSystem(text, cause) => made(format!("{text}: {cause}"), format!("{text}：{cause}")),
        E::ErrorArrayBounds(..) | E::ErrorStringBounds(..) | E::ErrorBitFieldBounds(..) => bounds(error),
        other => value_or_limit(other),
    }
}

/// Constants, types, limits, and what cannot happen.
fn value_or_limit(error: &EvalAltResult) -> Words {
    use EvalAltResult as E;
    match error {
        E::ErrorVariableExists(name, _) => {
            made(format!("the variable `{name}` is there already"), format!("变量 `{name}` 已存在"))
        }
        E::ErrorForbiddenVariable(name, _) => {
            made(format!("a variable cannot be called `{name}`"), format!("变量不能命名为 `{name}`"))
        }
        E::ErrorIndexNotFound(index, _) => made(format!("no index `{index}`"), format!("没有下标 `{index}`")),
        E::ErrorUnboundThis(_) => (
            Text::fixed("`this` means nothing here", "此处没有 `this`"),
            vec![Text::fixed(
                "`this` is the receiver of a function that is called as `value.name()`",
                "`this` 是以 `值.函数名()` 调用时的接收者",
            )],
        ),
        E::ErrorMismatchDataType(wanted, got, _) | E::ErrorMismatchOutputType(wanted, got, _) => {
            mismatch(wanted, got)
        }
        E::ErrorIndexingType(text, _) => indexing(text),
        E::ErrorFor(_) => (
            Text::fixed("`for` cannot go through this value", "`for` 无法遍历这个值"),
            vec![Text::fixed(
                "it goes through lists, ranges (`0..10`) and texts (`text.chars()`); of a map take `map.keys()`",
                "可遍历列表、范围（`0..10`）和文本（`text.chars()`）；映射请用 `map.keys()`",
            )],
        ),
        E::ErrorDataRace(what, _) => data_race(what),
        E::ErrorNonPureMethodCallOnConstant(name, _) => constant_call(name),
        E::ErrorAssignmentToConstant(name, _) => (
            Text::made(format!("the constant `{name}` cannot be changed"), format!("常量 `{name}` 不能修改")),
            vec![Text::fixed("`let` makes a variable that can be changed", "用 `let` 定义可以修改的变量")],
        ),
        E::ErrorTooManyOperations(_) => fixed("too many operations", "操作次数过多"),
        E::ErrorTooManyVariables(_) => fixed("too many variables", "变量过多"),
        E::ErrorTooManyModules(_) => fixed("too many modules", "模块过多"),
        E::ErrorStackOverflow(_) => (
            Text::fixed("too many calls inside calls", "函数嵌套调用过深"),
            vec![Text::fixed("does a function call itself without an end?", "函数是否在无休止地调用自身？")],
        ),
        E::ErrorDataTooLarge(what, _) => too_large(what),
        E::ErrorTerminated(word, _) => match word.read_lock::<Passed>() {
            Some(passed) => (passed.text(), Vec::new()),
            None => fixed("stopped", "已停止"),
        },
        E::ErrorCustomSyntax(text, ..) => made(lower_first(text), lower_first(text)),
        E::LoopBreak(true, ..) => fixed("`break` belongs inside a loop", "`break` 只能用在循环中"),
        E::LoopBreak(false, ..) => fixed("`continue` belongs inside a loop", "`continue` 只能用在循环中"),
        // No errors: a value on its way out. And, as the type is `non_exhaustive`, those of versions to come.
        other => {
            let text = lower_first(without_place(&other.to_string()));
            made(text.clone(), text)
        }
    }
}

/// "Unknown property 'x' - a getter is not registered for type 'Member'"
fn dot(text: &str) -> Words {
    let mut quoted = text.split('\'').skip(1).step_by(2);
    let (Some(field), Some(kind)) = (quoted.next(), quoted.next()) else {
        return fixed("nothing can follow the `.` here", "此处的 `.` 无效");
    };
    let kind = plain_type(kind);
    let article = article(kind);
    if text.starts_with("No writable") {
        let value = quoted.next().map_or_else(|| Text::fixed("this value", "该值"), type_text);
        return made(
            format!("the field `{field}` of {article}{kind} cannot be set to {}", value.en),
            format!("{kind} 的字段 `{field}` 不能设为{}", value.zh),
        );
    }
    let message = no_field(kind, field);
    let method = (kind == "Dingtalk").then(|| find(On::App, field)).flatten();
    (message, method.map(it_is_a_method).into_iter().collect())
}

/// A field that values of a type do not have.
pub(super) fn no_field(kind: &str, field: &str) -> Text {
    let article = article(kind);
    Text::made(format!("{article}{kind} has no field `{field}`"), format!("{kind} 没有字段 `{field}`"))
}

fn article(kind: &str) -> &'static str {
    match kind.chars().next() {
        Some('A' | 'E' | 'I' | 'O') => "an ",
        Some(first) if first.is_uppercase() => "a ",
        _ => "",
    }
}

/// A thrown map says what it is in its `message`.
fn text_of(value: &Dynamic) -> String {
    let message = value.read_lock::<Map>().and_then(|map| map.get("message").map(ToString::to_string));
    message.unwrap_or_else(|| value.to_string())
}

/// What a script threw, or one of Rhai's own functions.
pub(super) fn thrown(text: &str) -> Words {
    match text {
        "elements of different types cannot be sorted" => {
            fixed("things of different kinds cannot be sorted", "不同类型的元素无法排序")
        }
        "error in comparer for sorting" => fixed("the function that compares failed", "比较函数出错"),
        text if text.starts_with("elements of ") && text.ends_with(" cannot be sorted") => {
            let kind = text.trim_start_matches("elements of ").trim_end_matches(" cannot be sorted");
            let kind = plain_type(kind);
            (
                Text::made(format!("a list of {kind} has no order"), format!("{kind} 的列表没有顺序")),
                vec![Text::fixed(
                    "`list.sort(|a, b| a.key <=> b.key)` says how to compare",
                    "用 `list.sort(|a, b| …)` 指定比较方式",
                )],
            )
        }
        "" => fixed("an error without a text", "没有说明的错误"),
        text => made(text, text),
    }
}

/// What Rhai says of numbers: the beginning, and ours in both languages; the rest is the calculation.
const ARITHMETIC: &[(&str, &str, &str)] = &[
    ("Addition overflow: ", "the sum is too large: ", "加法溢出："),
    ("Subtraction overflow: ", "the difference is too large: ", "减法溢出："),
    ("Multiplication overflow: ", "the product is too large: ", "乘法溢出："),
    ("Division by zero: ", "division by zero: ", "除数为零："),
    ("Division overflow: ", "the quotient is too large: ", "除法溢出："),
    ("Modulo division by zero or overflow: ", "no remainder of a division by zero: ", "对零取余："),
    ("Exponential overflow: ", "the power is too large: ", "乘方溢出："),
    ("Number raised to too large an index: ", "the power is too large: ", "乘方溢出："),
    ("Integer raised to a negative power: ", "a whole number has no negative power: ", "整数不能取负次幂："),
    ("Negation overflow: ", "the number is too large: ", "取负溢出："),
    ("Integer overflow: ", "too large for a whole number: ", "超出整数范围："),
    ("Integer overflow for ", "too large for a whole number: ", "超出整数范围："),
    ("Cannot convert to floating-point: ", "no decimal number: ", "无法转换为小数："),
    ("Error parsing integer number ", "not a whole number: ", "不是整数："),
    ("Error parsing floating-point number ", "not a decimal number: ", "不是小数："),
    ("Invalid radix: ", "a number has no such base: ", "无效的进制："),
    ("Invalid number of digits for rounding: ", "no such number of digits: ", "无效的小数位数："),
    ("Error taking the square root of ", "no square root of ", "无法开平方："),
    ("Error taking the natural log of ", "no logarithm of ", "无法取对数："),
    ("Error taking the log of ", "no logarithm of ", "无法取对数："),
    ("Timestamp overflow when ", "too far for a timestamp: ", "超出时间戳范围："),
    ("for-loop counter overflow: ", "the loop has too many rounds: ", "循环次数过多："),
    ("Time-stamp is later than now", "the timestamp lies in the future", "时间戳晚于当前时间"),
    ("step value cannot be zero", "a range cannot have steps of 0", "范围的步长不能为 0"),
    ("integer overflow", "too large for a whole number", "超出整数范围"),
];

/// As much of a calculation as is told.
const MOST_DIGITS: usize = 60;

fn arithmetic(text: &str) -> Words {
    let row = ARITHMETIC.iter().find_map(|(rhai, en, zh)| Some((text.strip_prefix(rhai)?, en, zh)));
    let Some((rest, en, zh)) = row else {
        let text = lower_first(text);
        return made(text.clone(), text);
    };
    // "'x1': invalid digit found in string" says it in the words of another language.
    let rest = rest.split("': ").next().unwrap_or_default().trim_start_matches('\'').trim_end_matches('\'');
    let mut short: String = rest.chars().take(MOST_DIGITS).collect();
    if short.len() < rest.len() {
        short.push('…');
    }
    made(format!("{en}{short}"), format!("{zh}{short}"))
}

fn bounds(error: &EvalAltResult) -> Words {
    use EvalAltResult as E;
    match error {
        E::ErrorArrayBounds(0, ..) => fixed("the list is empty", "列表为空"),
        E::ErrorArrayBounds(count, index, _) => made(
            format!("no item {index}: the list has {}", items(*count, "item")),
            format!("没有第 {index} 项：列表共 {count} 项（从 0 开始）"),
        ),
        E::ErrorStringBounds(0, ..) => fixed("the text is empty", "文本为空"),
        E::ErrorStringBounds(count, index, _) => made(
            format!("no character {index}: the text has {}", items(*count, "character")),
            format!("没有第 {index} 个字符：文本共 {count} 个字符（从 0 开始）"),
        ),
        E::ErrorBitFieldBounds(count, index, _) => made(
            format!("no bit {index}: a number has {count} bits"),
            format!("没有第 {index} 位：数字共 {count} 位"),
        ),
        _ => fixed("out of range", "超出范围"),
    }
}

fn items(count: usize, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}

fn mismatch(wanted: &str, got: &str) -> Words {
    match (type_text(wanted), type_text(got)) {
        (wanted, _) if got.is_empty() => {
            made(format!("{} is wanted here", wanted.en), format!("此处应为{}", wanted.zh))
        }
        (_, got_text) if wanted.is_empty() => {
            made(format!("{} does not fit here", got_text.en), format!("此处不能是{}", got_text.zh))
        }
        (wanted, got) => made(
            format!("{} is wanted here, not {}", wanted.en, got.en),
            format!("此处应为{}，不能是{}", wanted.zh, got.zh),
        ),
    }
}

/// `bool [&str | ImmutableString | String]`, with ` = value` behind it for an assignment.
fn indexing(text: &str) -> Words {
    let (kind, index) = text.split_once(" [").unwrap_or((text, ""));
    let index = index.split(']').next().unwrap_or_default();
    let (kind, index) = (type_text(kind), type_text(index));
    made(
        format!("{} has no parts with {} as index", kind.en, index.en),
        format!("{}不能用{}作下标", kind.zh.trim_start(), index.zh),
    )
}

fn data_race(what: &str) -> Words {
    let name = what.split('\'').nth(1).map(|name| format!(" `{name}`")).unwrap_or_default();
    if what.starts_with("argument #") {
        return (
            Text::made(
                format!("what{name} is given uses a variable that is in use at this moment"),
                format!("传给{name} 的内容用到了正在使用的变量"),
            ),
            vec![Text::fixed(
                "a function must not use the variable whose method it is given to: `let copy = x;` before, and `copy` in the function; \
                 tasks must not share a list or map while one of them goes through it",
                "函数中不能使用正在调用其方法的变量：先写 `let copy = x;`，再在函数中使用 `copy`；任务之间不能共用正在遍历的列表或映射",
            )],
        );
    }
    (
        Text::made(
            format!("the variable{name} is in use elsewhere at this moment"),
            format!("变量{name} 正在被其他任务使用"),
        ),
        vec![Text::fixed(
            "a task or `parallel` works with the same list or map; give each its own and collect the results",
            "其他任务或 `parallel` 正在使用同一列表或映射；请各用各的，最后再汇总",
        )],
    )
}

fn constant_call(name: &str) -> Words {
    let name = name.trim_start_matches("get$").trim_start_matches("set$");
    if name.starts_with("index$") {
        return fixed("a part of a constant cannot be changed", "常量的内容不能修改");
    }
    made(format!("`{name}` would change a constant"), format!("`{name}` 会修改常量"))
}

fn too_large(what: &str) -> Words {
    match what {
        what if what.contains("string") => fixed("the text grows too long", "文本过长"),
        what if what.contains("map") => fixed("the map grows too large", "映射过大"),
        _ => fixed("the list grows too long", "列表过长"),
    }
}

/// Rhai writes the place behind the text; it is shown by the caret.
pub(super) fn without_place(text: &str) -> &str {
    text.rfind(" (line ").map_or(text, |at| &text[..at])
}
