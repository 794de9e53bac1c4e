//! The language's own errors, each provoked, in this program's words; and what a script that catches one sees.

use serde_json::json;

use crate::support::World;

/// A snippet, and what is said of it in both languages.
type Row = (&'static str, &'static str, &'static str);

#[test]
fn every_mistake_has_words_in_both_languages() {
    let mut world = World::new();
    for (line, en, zh) in ROWS {
        let ran = world.run(line);
        let problem = ran.problem();
        assert_eq!((problem.message.en.as_ref(), problem.message.zh.as_ref()), (*en, *zh), "{line}");
        // Some come without a place: Rhai's own functions do not know theirs.
        assert_eq!(problem.exit_code() == 8, problem.error.is_none(), "{line}");
    }
}

/// What Rhai says must not be seen by anybody: its sentences begin with a capital letter.
#[test]
fn no_text_is_rhais() {
    for (line, en, zh) in ROWS {
        let is_ours =
            |text: &str| text.starts_with(|c: char| !c.is_ascii_uppercase()) || text.starts_with("Member:");
        let thrown = line.starts_with("throw");
        assert!(is_ours(en) || thrown, "{line}: {en}");
        assert!(!zh.is_ascii() || thrown, "{line}: {zh}");
    }
}

/// An error of the language has the fields of every other error.
#[test]
fn a_mistake_can_be_caught() {
    let mut world = World::new();
    let fields = "[e.kind, e.code, e.message, e.hint, e.sent, e.request_id, e.line, e.position, e.status, e.exception, e.body, `${e}`]";
    let ran = world.run(&format!("let r = ();\ntry {{\n  y + 1\n}} catch (e) {{ r = {fields}; }}\nr"));
    ran.gives(json!(["script", "", "no variable `y`", "", "no", "", 3, 3, 0, "", null, "no variable `y`"]));
    for (body, message) in [
        ("#{a: 1}.b", "no field `b` in this map"),
        ("[1][5]", "no item 5: the list has 1 item"),
        ("1 / 0", "division by zero: 1 / 0"),
        ("fo(1)", "no function `fo(int)`"),
        ("let x = 5; x.foo", "int has no field `foo`"),
        ("true + #{}", "`+` does not work with a truth value (true or false) and a map"),
        ("if x_of_nothing {}", "no variable `x_of_nothing`"),
        ("import \"nowhere\" as n;", "no module `nowhere`"),
    ] {
        let code = format!("let r = (); try {{ {body} }} catch (fault) {{ r = fault.message; }} r");
        world.run(&code).prints(message);
        let code = format!(
            "fn inner() {{ {body} }} let r = (); try {{ inner() }} catch (fault) {{ r = fault.message; }} r"
        );
        world.run(&code).prints(message);
    }
}

#[test]
fn a_caught_mistake_is_an_object_like_the_others() {
    let mut world = World::new();
    world.run("let r = (); try { y } catch (e) { r = [type_of(e), e[\"kind\"], e.get(\"nothing\", 7), \"hint\" in e]; } r").gives(json!(["Error", "script", 7, true]));
    // In closures, kept for later, in functions, and thrown again.
    world.run("let r = (); try { y } catch (e) { let f = || e.kind; r = f.call(); } r").prints("script");
    world
        .run("let kept = []; try { y } catch (e) { kept.push(e); } kept[0].message")
        .prints("no variable `y`");
    world
        .run("fn tell(e) { e.hint } let r = (); try { #{a: 1}.b } catch (e) { r = tell(e); } r.len() > 10")
        .gives(json!(true));
    let ran = world.run("try { y } catch (e) { throw e }");
    assert_eq!((ran.problem().message.en.as_ref(), ran.problem().exit_code()), ("no variable `y`", 8));
    // What a script throws itself stays what it is, and so does a map that only looks alike.
    world
        .run("let r = (); try { throw #{error: \"mine\", message: \"m\"} } catch (e) { r = e; } r")
        .gives(json!({"error": "mine", "message": "m"}));
    world.run("let e = 5; e += 1; e").gives(json!(6));
}

#[test]
fn an_error_in_an_imported_module_lies_in_its_file() {
    let mut world = World::new();
    let file = world.file("broken_module.rhai", "let a = 1;\nlet b = a + nothing;\n");
    let ran = world.run(&format!("import \"{}\" as m;", file.with_extension("").display()));
    let problem = ran.problem();
    assert_eq!((problem.message.en.as_ref(), problem.spot), ("no variable `nothing`", Some((2, 13))));
    assert_eq!(problem.name, file.display().to_string());
    assert!(problem.source.contains("let b"), "{}", problem.source);
}

/// A semicolon is missing where it should stand, not where the next statement begins.
#[test]
fn a_missing_semicolon_is_shown_at_its_line() {
    let mut world = World::new();
    let ran = world.run("let a = 1;\nlet b = a // 二\n\n  print(b)");
    let problem = ran.problem();
    assert_eq!(
        (problem.message.en.as_ref(), problem.spot),
        ("`;` is missing behind the statement", Some((2, 15)))
    );
    assert_eq!(world.run("1 2").problem().spot, Some((1, 3)));
}

#[rustfmt::skip]
const ROWS: &[Row] = &[
    ("y", "no variable `y`", "没有变量 `y`"),
    ("#{a: 1}.b", "no field `b` in this map", "映射中没有字段 `b`"),
    ("fo(1)", "no function `fo(int)`", "没有函数 `fo(int)`"),
    ("cache.user()", "`cache.user` is not called with 0 arguments", "`cache.user` 不接受 0 个参数"),
    ("cache.usr(1)", "`cache` has no method `usr`", "`cache` 没有方法 `usr`"),
    ("round(\"x\")", "no function `round(text)`", "没有函数 `round(text)`"),
    ("1 + #{}", "`+` does not work with a whole number and a map", "`+` 不能用于整数与映射"),
    ("-#{}", "`-` does not work with a map", "`-` 不能用于映射"),
    ("!5", "`!` does not work with a whole number", "`!` 不能用于整数"),
    ("import \"nowhere\" as n;", "no module `nowhere`", "没有模块 `nowhere`"),
    ("this.x", "`this` means nothing here", "`this` 在这里没有意义"),
    ("if 1 { 2 }", "a truth value (true or false) belongs here, not a number", "此处应为布尔值（true 或 false），不能是数字"),
    ("let x = true; x[0]", "a truth value (true or false) has no parts with a whole number as index", "布尔值（true 或 false）不能用整数作下标"),
    ("[1][5]", "no item 5: the list has 1 item", "没有第 5 项：列表共 1 项（从 0 开始）"),
    ("[1,2][5]", "no item 5: the list has 2 items", "没有第 5 项：列表共 2 项（从 0 开始）"),
    ("[][0]", "the list is empty", "列表为空"),
    ("\"abc\"[7]", "no character 7: the text has 3 characters", "没有第 7 个字符：文本共 3 个字符（从 0 开始）"),
    ("\"\"[0]", "the text is empty", "文本为空"),
    ("let n = 5; n[70]", "no bit 70: a number has 64 bits", "没有第 70 位：数字共 64 位"),
    ("for x in 5 {}", "something with items belongs here, not a number", "此处应为可遍历的值，不能是数字"),
    ("const c = 1; c = 2", "the constant `c` cannot be changed", "常量 `c` 不能修改"),
    ("const c = [1]; c.push(2)", "`push` would change a constant", "`push` 会修改常量"),
    ("let x = 5; x.foo", "int has no field `foo`", "int 没有字段 `foo`"),
    ("let x = 5; x.foo = 1", "the field `foo` of int cannot be set to a whole number", "int 的字段 `foo` 不能设为整数"),
    ("let m = Member(\"a\"); m.name = 5", "the field `name` of a Member cannot be set to a whole number", "Member 的字段 `name` 不能设为整数"),
    ("1/0", "division by zero: 1 / 0", "除数为零：1 / 0"),
    ("1 % 0", "no remainder of a division by zero: 1 % 0", "对零取余：1 % 0"),
    ("9223372036854775807 + 1", "the sum is too large: 9223372036854775807 + 1", "加法溢出：9223372036854775807 + 1"),
    ("-9223372036854775807 - 2", "the difference is too large: -9223372036854775807 - 2", "减法溢出：-9223372036854775807 - 2"),
    ("9223372036854775807 * 2", "the product is too large: 9223372036854775807 * 2", "乘法溢出：9223372036854775807 * 2"),
    ("2 ** 64", "the power is too large: 2 ** 64", "乘方溢出：2 ** 64"),
    ("2 ** -1", "a whole number has no negative power: 2 ** -1", "整数不能取负次幂：2 ** -1"),
    ("parse_int(\"x1\")", "not a whole number: x1", "不是整数：x1"),
    ("parse_float(\"x\")", "not a decimal number: x", "不是小数：x"),
    ("to_int(1e300)", "too large for a whole number: to_int(10000000000000000000000000000000000000000000000000000…", "超出整数范围：to_int(10000000000000000000000000000000000000000000000000000…"),
    ("fn f() { f() } f()", "too many calls inside calls", "函数嵌套调用过深"),
    ("[1, \"a\"].sort()", "things of different kinds cannot be sorted", "不同类型的元素无法排序"),
    ("[#{}, #{}].sort()", "a list of map has no order", "map 的列表没有顺序"),
    ("throw \"mine\"", "mine", "mine"),
    ("throw #{code: 1}", "#{\"code\": 1}", "#{\"code\": 1}"),
    ("throw", "an error without a text", "没有说明的错误"),
    ("let a = [1]; a[\"x\"]", "a whole number is wanted here, not text", "此处应为整数，不能是文本"),
    ("let a = #{}; a[1]", "text is wanted here, not a whole number", "此处应为文本，不能是整数"),
    ("(0..10).step(0)", "no function `step(range, int)`", "没有函数 `step(range, int)`"),
    ("break", "`break` and `continue` belong inside a loop", "`break` 与 `continue` 只能用在循环中"),
    ("app.foo", "a Dingtalk has no field `foo`", "Dingtalk 没有字段 `foo`"),
    ("app.get_usr(1)", "no method `get_usr`", "没有方法 `get_usr`"),
    ("get_user(1)", "no function `get_user(int)`", "没有函数 `get_user(int)`"),
    ("app.recall_message(1,2,3,4,5,6,7)", "recall_message: takes at most 1 argument by position, got 7", "recall_message：按位置最多接受 1 个参数，实际给了 7 个"),
    ("let f = |x| x; f.call(1,2)", "the function `|x| …` was called with 2 arguments", "函数 `|x| …` 被传入了 2 个参数"),
    ("\"a\".frob()", "no function `frob(text)`", "没有函数 `frob(text)`"),
    ("let x = 1; x.len()", "no function `len(int)`", "没有函数 `len(int)`"),
    ("eval(\"1 +\")", "the input ends too early", "输入不完整"),
    ("parse_json(\"{\")", "parse_json: the text ends too early: line 1, column 1", "parse_json：文本不完整：第 1 行，第 1 列"),
    ("let t = switch 1 { 1 => y2 };", "no variable `y2`", "没有变量 `y2`"),
    ("let a=[1,2]; a[1.5]", "a whole number is wanted here, not a decimal number", "此处应为整数，不能是小数"),
    ("min(1)", "no function `min(int)`", "没有函数 `min(int)`"),
    ("1.len", "int has no field `len`", "int 没有字段 `len`"),
    ("[1,2].map(|x| x.y)", "int has no field `y`", "int 没有字段 `y`"),
    ("fn g(x) { x + zz } g(1)", "no variable `zz`", "没有变量 `zz`"),
    ("sqrt(-1)", "no function `sqrt(int)`", "没有函数 `sqrt(int)`"),
    ("sleep(\"a\")", "no function `sleep(text)`", "没有函数 `sleep(text)`"),
    ("nothing()", "no function `nothing()`", "没有函数 `nothing()`"),
    ("Member(1,2,3,4)", "Member: takes at most 1 argument by position, got 4", "Member：按位置最多接受 1 个参数，实际给了 4 个"),
    ("1 +", "the input ends too early", "输入不完整"),
    ("let 1 = 2", "the name of a variable must follow", "此处应为变量名"),
    ("f(1))", "`)` closes nothing", "`)` 没有对应的左括号"),
    ("f(1", "`)` is missing in the arguments of the call", "调用的参数中缺少 `)`"),
    ("}", "`}` does not belong here", "此处不应出现 `}`"),
    ("let x = \"abc", "the text has no end", "文本没有结束引号"),
    ("1 2 3", "`;` is missing behind the statement", "语句末尾缺少 `;`"),
    ("if { 1 }", "a value must follow", "此处应为值"),
    ("fn f(1) { }", "`)` is missing in the parameters of the function", "函数的参数列表中缺少 `)`"),
    ("[1, 2 3]", "`,` is missing in the list", "列表中缺少 `,`"),
    ("#{a b}", "`:` is missing in the map", "映射中缺少 `:`"),
    ("#{a: 1, a: 2}", "the map has the field `a` twice", "映射中字段 `a` 重复"),
    ("'ab'", "'ab' is not one character", "'ab' 不是单个字符"),
    ("@x", "`@` does not belong here", "此处不应出现 `@`"),
    ("else", "`else` does not belong here", "此处不应出现 `else`"),
    ("for in x { }", "the name of a variable must follow", "此处应为变量名"),
    ("x === y", "`===` means nothing here", "`===` 在这里没有意义"),
    ("a := 1", "`:=` means nothing here", "`:=` 在这里没有意义"),
    ("x -> y", "`->` means nothing here", "`->` 在这里没有意义"),
    ("\"\\q\"", "`\\q` means nothing inside a text", "文本中的 `\\q` 不是有效的转义"),
    ("1x", "`;` is missing behind the statement", "语句末尾缺少 `;`"),
    ("0x", "this is not a number", "不是有效的数字"),
    ("let null = 1", "`null` is a word of the language", "`null` 是语言的保留字"),
    ("null", "`null` is a word of the language", "`null` 是语言的保留字"),
    ("async", "`async` is a word of the language", "`async` 是语言的保留字"),
    ("var x = 1", "`var` is a word of the language", "`var` 是语言的保留字"),
    ("match 1 {}", "`match` is a word of the language", "`match` 是语言的保留字"),
    ("let x =", "the input ends too early", "输入不完整"),
    ("fn {}", "a name must follow `fn`", "`fn` 后应为函数名"),
    ("fn f", "the parameters of the function `f` are missing", "函数 `f` 缺少参数列表"),
    ("fn f() ", "the body `{ … }` of the function `f` is missing", "函数 `f` 缺少函数体 `{ … }`"),
    ("fn f(a, a) {}", "the function `f` has the parameter `a` twice", "函数 `f` 的参数 `a` 重复"),
    ("fn f() {} fn f() {}", "the function `f` with 0 parameters is defined twice", "函数 `f`（0 个参数）重复定义"),
    ("{ fn f() {} }", "a function is defined at the top level, not inside a block or another function", "函数只能定义在最外层，不能在代码块或其他函数中"),
    ("1 = 2", "this cannot be assigned to", "不能给它赋值"),
    ("const c = 1; c = 2;", "the constant `c` cannot be changed", "常量 `c` 不能修改"),
    ("switch 1 { _ => 1, 2 => 3 }", "in `switch` the case `_` must be the last", "`switch` 中 `_` 分支必须在最后"),
    ("switch 1 { 1..5 => 1, 2 => 3 }", "in `switch` a number must stand before the ranges", "`switch` 中数字分支必须在范围分支之前"),
    ("continue", "`break` and `continue` belong inside a loop", "`break` 与 `continue` 只能用在循环中"),
    ("try { 1 } catch (", "the name of a variable must follow", "此处应为变量名"),
    ("app.get_user（1）", "`（` does not belong here", "此处不应出现 `（`"),
    ("let x = “a”", "`“` does not belong here", "此处不应出现 `“`"),
    ("let s = `abc", "the text has no end", "文本没有结束引号"),
    ("do { 1 }", "`while` is missing", "缺少 `while`"),
    ("if true 1", "`{` is missing before the block", "代码块之前缺少 `{`"),
    ("while 1", "a truth value (true or false) belongs here, not a number", "此处应为布尔值（true 或 false），不能是数字"),
    ("foo.bar!(1)", "`!` is not possible in a method call", "方法调用不能使用 `!`"),
    ("/// doc\nlet x = 1", "a doc comment (`///`) must stand directly before a function", "文档注释（`///`）后必须紧跟函数定义"),
    ("{ export x; }", "`export` belongs at the top level", "`export` 只能写在最外层"),
    ("let if = 1", "the name of a variable must follow", "此处应为变量名"),
    ("#{1: 2}", "`}` is missing in the map", "映射中缺少 `}`"),
    ("[1][\"a\"]", "a list or a text is indexed by a whole number, not by text", "列表或文本的下标是整数，不能是文本"),
    ("#{}[1]", "a map is indexed by text, not by a whole number", "映射的下标是文本，不能是整数"),
    ("x.1", "the name of a field must follow", "此处应为字段名"),
    ("5..", "the input ends too early", "输入不完整"),
    ("1 $ 2", "no operator `$`", "没有运算符 `$`"),
    ("return return", "`;` is missing behind the statement", "语句末尾缺少 `;`"),
    ("let a = 1 let b = 2", "`;` is missing behind the statement", "语句末尾缺少 `;`"),
    ("try { }", "`catch` is missing before the block", "代码块之前缺少 `catch`"),
    ("import", "the input ends too early", "输入不完整"),
    ("switch", "the input ends too early", "输入不完整"),
    ("fn", "a name must follow `fn`", "`fn` 后应为函数名"),
    ("|x", "`,` is missing in the parameters of the function", "函数的参数列表中缺少 `,`"),
    ("#", "`#` does not belong here", "此处不应出现 `#`"),
    ("(* a *)", "`(*` means nothing here", "`(*` 在这里没有意义"),
    ("x::", "the name of a variable must follow", "此处应为变量名"),
    ("private", "`fn` is missing", "缺少 `fn`"),
    ("a ! b", "`(` is missing in the arguments of the call", "调用的参数中缺少 `(`"),
];
