//! Functions, closures, variables and `app` across the inputs of a session; values that must not change on the way.

use serde_json::json;

use crate::support::World;

#[test]
fn functions_and_closures_live_on() {
    let mut world = World::new();
    world.run("fn twice(x) { x * 2 } let base = 10; let add = |x| x + base;");
    world.run("twice(4)").gives(json!(8));
    world.run("base = 20; add.call(1)").gives(json!(21));
    world.run("fn four(x) { twice(twice(x)) }");
    world.run("four(3) + [1, 2].map(add)[0]").gives(json!(33));
    world.run("fn twice(x) { x * 20 }");
    world.run("four(1)").gives(json!(400));
}

#[test]
fn app_is_everywhere() {
    let mut world = World::new();
    world.run("fn name(id) { app.get_user(id).name } let ask = |id| app.get_user(id).name;");
    world.run(r#"name("manager4220")"#).prints("林晓");
    world.run(r#"ask.call("0110000001")"#).prints("张伟");
    world.run(r#"["0110000001", "manager4220"].map(name)"#).gives(json!(["张伟", "林晓"]));
    world.run(r#"["0110000001"].map(|id| name(id) + ask.call(id))"#).gives(json!(["张伟张伟"]));
    world.run("type_of(app)").prints("Dingtalk");
}

#[test]
fn a_variable_of_that_name_comes_first() {
    let mut world = World::new();
    world.run("let app = 5; app + 1").gives(json!(6));
    world.run("app").gives(json!(5));
    world.run("fn f() { type_of(app) } f()").prints("Dingtalk");
}

#[test]
fn variables_survive_a_failure() {
    let mut world = World::new();
    world.run("let a = 1; let b = 2;");
    world.run("b = 3; let c = 4; nonsense()").fails("script", "no function `nonsense()`");
    world.run("a + b + c").gives(json!(8));
    world.run("let a = 1 +").fails("script", "");
    world.run("a").gives(json!(1));
}

#[test]
fn a_variable_set_anew_takes_no_room() {
    let mut world = World::new();
    for _ in 0..200 {
        world.run("let big = []; big.pad(1000, 7);");
    }
    world.run("big.len()").gives(json!(1000));
}

#[test]
fn chinese_names() {
    let mut world = World::new();
    world.run("let 群 = \"发布小组\"; fn 问候(谁) { `你好，${谁}` }");
    world.run("问候(群)").prints("你好，发布小组");
    world.run("#{姓名: \"张\"}.姓名").prints("张");
}

#[test]
fn the_time_is_that_of_the_app() {
    let mut world = World::new();
    let seconds = world.clock.millis() / 1000;
    world.run(r#"now("%s").parse_int()"#).gives(json!(seconds));
    world.clock.advance(1000);
    world.run(r#"now("%s").parse_int()"#).gives(json!(seconds + 1));
    world.run(r#"now("%F %T") == now()"#).gives(json!(true));
    world.run(r#"now("%!")"#).fails("unsendable", "now: `%!` is no format of a time");
}

#[test]
fn json_there_and_back() {
    let mut world = World::new();
    world
        .run(r#"parse_json("{\"e\":\"\\ud83d\\ude00\",\"n\":[1,2.5,null,true]}")"#)
        .gives(json!({"e": "😀", "n": [1, 2.5, null, true]}));
    world.run(r#"parse_json(to_json(#{a: "😀\n", b: [(), 1]})).a"#).prints("😀\n");
    world.run(r#"parse_json("{")"#).fails("unsendable", "the text ends too early");
    world.run(r#"to_json(Member("m1"))"#).prints("\"<Member m1>\"");
}

#[test]
fn large_numbers_keep_their_digits() {
    let mut world = World::new();
    world.run(r#"`${parse_json("{\"id\":18446744073709551615}").id}`"#).prints("18446744073709551615");
    world.run(r#"parse_json("9223372036854775807")"#).gives(json!(i64::MAX));
    world.run(r#"`${parse_json("[9007199254740993]")[0]}`"#).prints("9007199254740993");
}

#[test]
fn fields_that_are_not_there() {
    let mut world = World::new();
    let ran = world.run("let m = #{a: 1}; m.b");
    assert!(ran.problem().hints[0].en.contains("get("), "{:?}", ran.problem().hints);
    ran.fails("script", "no field `b` in this map");
    world.run(r#"m.get("b", 7)"#).gives(json!(7));
    world.run(r#"m.get("a", 7)"#).gives(json!(1));
    world.run(r#"[m.get("b"), "b" in m, "a" in m]"#).gives(json!([null, false, true]));
    world.run(r#"m["b"]"#).fails("script", "no field `b`");
    world.run("m.b = 2; m.b").gives(json!(2));
}

#[test]
fn print_goes_to_its_door() {
    let mut world = World::new();
    let ran = world.run(r#"print("a"); print([1, "b"]); print(Member("m1")); 5"#);
    assert_eq!(ran.printed, "a\n[1, \"b\"]\n<Member m1>\n");
}

#[test]
fn exit_leaves_from_anywhere() {
    let mut world = World::new();
    for line in [
        "exit(3)",
        "fn f() { exit(3) } f(); 5",
        "try { exit(3) } catch { }",
        "try { [1].map(|x| exit(3)) } catch (e) { }",
        "try { [1].map(|x| exit(3)) } catch { print(\"caught\") }",
        "parallel([1, 2], |x| exit(3))",
        "try { [1].map(|x| parallel([x], |y| exit(3))) } catch { print(\"caught\") }",
        "let f = || { exit(3) }; f.call()",
    ] {
        let ran = world.run(line);
        assert!(!ran.is_value(), "{line} went on");
        assert_eq!((ran.left(), ran.printed.as_str()), (3, ""), "{line}");
    }
    assert_eq!(world.run("exit()").left(), 0);
    world.run("1 + 1").gives(json!(2));
}
