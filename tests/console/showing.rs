//! Values as they are shown, whatever the window.

use dingraia::console::render::{Mode, Renderer};
use dingraia::console::style::Palette;
use dingraia::console::text::width;
use dingraia::lang::Lang;
use dingraia::script::view::{Bytes, Part, Record, View};
use serde_json::json;

fn renderer(width: usize, mode: Mode) -> Renderer {
    Renderer {
        palette: Palette::new(false),
        width,
        lines: Some(200),
        whole: false,
        mode,
        prompt: true,
        terminal: true,
        lang: Lang::En,
    }
}

fn shown(width: usize, value: serde_json::Value) -> String {
    renderer(width, Mode::Auto).value(&View::from(value))
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
            let text = Renderer { palette, ..renderer(width_, Mode::Auto) }.value(&View::from(members(3)));
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
            "name        林小明\nstaffId     manager0\ntitle       产品经理，负责控制台和文档的\n            所有工作以及其他很多事情\n"
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
    assert!(text.ends_with("\n… 806 more of 1000 · %last full"));
    let nested = json!({"list": (0..300).collect::<Vec<_>>()});
    let text = Renderer { lines: Some(1000), ..renderer(80, Mode::Auto) }.value(&View::from(nested));
    assert!(text.ends_with(" 199,\n    … 100 more of 300 · %last full\n  ]\n}"), "{text}");
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
    assert_eq!(shown(20, json!({"unionid": "qLXJN1dYe11z"})), "{\n  \"unionid\":\n    \"qLXJN1dYe11z\"\n}");
    assert_eq!(shown(80, json!([])), "[]");
    assert_eq!(shown(80, json!([{}])), "[\n  {}\n]".replace("\n  ", "").replace('\n', ""));
    let object = View::Map(vec![("r".into(), View::Opaque("<Response [True]>".into()))]);
    assert_eq!(renderer(80, Mode::Auto).value(&object), "{ \"r\": <Response [True]> }");
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
    assert_eq!(renderer(80, Mode::Auto).value(&hostile), "\"a\\x1b[31m\\u009b2J\\n\\\"张\\\"\\u202e\"");
    let bare = Renderer { prompt: false, ..renderer(80, Mode::Auto) };
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
        assert_eq!(renderer(80, Mode::Auto).value(&view), table);
        assert_eq!(renderer(80, Mode::Json).value(&view), json);
    }
    let table = shown(80, json!([{"k\u{1b}": "v\u{7}\n"}]));
    assert!(table.contains("k\\x1b") && table.contains("v\\x07\\n"), "{table}");
}

fn departments() -> View {
    View::from(json!([
        {"dept_id": 1, "name": "星河科技"},
        {"dept_id": 100, "name": "研发部", "parent_id": 1, "order": 2},
        {"dept_id": 110, "name": "前端组", "parent_id": 100},
        {"dept_id": 111, "name": "界面", "parent_id": 110},
        {"dept_id": 200, "name": "市场部", "parent_id": "1"},
    ]))
}

fn long_names() -> View {
    View::from(
        json!([{"dept_id": 1, "name": "名字很长的部门"}, {"dept_id": 1000, "name": "名字很长的部门", "parent_id": 1}]),
    )
}

#[test]
fn departments_with_their_parents_are_a_tree() {
    let tree = renderer(80, Mode::Auto).value(&departments());
    assert_eq!(
        tree,
        "星河科技 (1)\n├─ 研发部 (100)\n│  └─ 前端组 (110)\n│     └─ 界面 (111)\n└─ 市场部 (200)"
    );
    let narrow = renderer(17, Mode::Auto).value(&long_names());
    assert_eq!(narrow, "名字很长的部… (1)\n└─ 名字很… (1000)");
    // Asked for as a table it is one.
    assert!(renderer(80, Mode::Table).value(&departments()).contains("│ 前端组   ┆     110 ┆"));
}

#[test]
fn siblings_and_circles_are_no_tree() {
    let siblings =
        json!([{"dept_id": 2, "name": "a", "parent_id": 1}, {"dept_id": 3, "name": "b", "parent_id": 1}]);
    assert!(shown(80, siblings).starts_with('┌'));
    let circle = json!([
        {"dept_id": 1, "name": "a"}, {"dept_id": 2, "name": "b", "parent_id": 3},
        {"dept_id": 3, "name": "c", "parent_id": 2}, {"dept_id": 4, "name": "d", "parent_id": 1},
    ]);
    assert!(shown(80, circle).starts_with('┌'));
    let twice =
        json!([{"dept_id": 1, "name": "a", "parent_id": 0}, {"dept_id": 1, "name": "a", "parent_id": 1}]);
    assert!(shown(80, twice).starts_with('┌'));
}

#[test]
fn children_inside_of_each_other_are_a_tree() {
    let one = json!({"name": "总部", "id": 1, "children": [
        {"name": "甲", "id": 2, "children": []}, {"name": "乙", "id": 3, "children": [{"name": "丙", "id": 4}]},
    ]});
    assert_eq!(shown(80, one), "总部 (1)\n├─ 甲 (2)\n└─ 乙 (3)\n   └─ 丙 (4)");
    // Ids are no children.
    assert!(shown(80, json!({"name": "a", "children": [1, 2]})).starts_with('{'));
}

fn long_tree(count: usize) -> View {
    let mut all = vec![json!({"dept_id": 1, "name": "根"})];
    all.extend((2..=count).map(|n| json!({"dept_id": n, "name": "部门", "parent_id": 1})));
    View::from(serde_json::Value::Array(all))
}

#[test]
fn a_window_shows_the_head_and_says_how_to_see_the_rest() {
    let low = Renderer { lines: Some(20), ..renderer(80, Mode::Auto) };
    for (view, rest) in [
        (View::from(members(50)), "… 36 more of 50 · %last full"),
        (View::from((0..300).collect::<serde_json::Value>()), "  … 100 more of 300 · %last full\n]"),
        (View::from(json!({"list": members(50)})), "… there is more · %last full"),
        (long_tree(100), "… 81 more of 100 · %last full"),
        (View::Text("好".repeat(5_000)), "… 5000 characters in all · %last full"),
        (
            View::Part(Part { items: vec![View::from(json!({"a": 1, "b": 2})); 20], total: None }),
            "… and more · %last full",
        ),
    ] {
        let text = low.value(&view);
        let rows: usize = text.lines().map(|line| width(line).div_ceil(80).max(1)).sum();
        assert!(rows <= 20, "{rows} lines:\n{text}");
        assert!(text.contains(rest), "{text}");
    }
    // A command has no prompt to ask at, and a file gets everything.
    let command = Renderer { prompt: false, ..low };
    assert!(!command.value(&View::from(members(50))).contains("%last"));
    let file = Renderer { terminal: false, lines: None, ..command };
    let text = file.value(&View::from(members(300)));
    assert!(text.lines().count() == 304 && !text.contains('…'), "{text}");
    assert!(file.value(&View::from((0..300).collect::<serde_json::Value>())).ends_with(" 299\n]"));
}

fn person() -> View {
    View::from(json!({
        "active": true, "avatar": "", "dept_id_list": [1, 100], "extension": "{}", "hide_mobile": false,
        "hired_date": 1_583_020_800_000_i64, "mobile": "13800004220", "name": "林晓", "strange": {"a": 1},
        "title": "总经理", "unionid": "qLXJN1dYe11z9mLXTzlDHVyiEiE", "userid": "manager4220",
        "role_list": [{"id": 1, "name": "主管理员"}, {"id": 2, "name": "财务"}],
        "dingraia_cache": {"strfTimeStamp": "2026-03-02 16:00:00"},
    }))
}

fn time(millis: i64) -> String {
    dingraia::clock::local_time(millis as f64 / 1000.0)
}

#[test]
fn a_person_is_a_card() {
    let time = time(1_583_020_800_000);
    let zh = Renderer { lang: Lang::Zh, ..renderer(80, Mode::Auto) };
    let expected = [
        "姓名      name            林晓",
        "员工 ID   userid          manager4220",
        "职位      title           总经理",
        "部门      dept_id_list    1, 100",
        "手机      mobile          13800004220",
        &format!("入职时间  hired_date      1583020800000  {time}"),
        "角色      role_list       主管理员 (1), 财务 (2)",
        "unionId   unionid         qLXJN1dYe11z9mLXTzlDHVyiEiE",
        "strange                   a: 1",
        "来自缓存  dingraia_cache  2026-03-02 16:00:00",
        "是                        active",
        "否                        hide_mobile",
        "空                        avatar, extension",
    ];
    assert_eq!(zh.value(&person()), expected.join("\n"));
    let narrow = renderer(40, Mode::Auto).value(&person());
    assert!(narrow.starts_with("name            林晓\nstaffId         manager4220\n"), "{narrow}");
    assert!(narrow.lines().all(|line| width(line) <= 40), "{narrow}");
    assert!(narrow.contains(&format!("1583020800000\n                {time}\n")), "{narrow}");
    // A pipe gets all of it.
    let file = Renderer { terminal: false, lines: None, prompt: false, ..renderer(100, Mode::Auto) };
    let text = file.value(&person());
    assert_eq!(View::from(serde_json::from_str::<serde_json::Value>(&text).unwrap()), person());
}

#[test]
fn objects_are_cards_and_rows_when_more_is_known_than_an_id() {
    let member = |fields: &[(&str, &str)]| {
        let fields = fields.iter().map(|(key, value)| ((*key).to_owned(), View::Text((*value).into())));
        View::Record(Record { text: "<Member m1>".into(), fields: fields.collect() })
    };
    let (bare, known) = (member(&[("staffId", "m1")]), member(&[("name", "林晓"), ("staffId", "m1")]));
    let auto = renderer(80, Mode::Auto);
    assert_eq!(auto.value(&bare), "<Member m1>");
    assert_eq!(auto.value(&known), "name     林晓\nstaffId  m1");
    assert_eq!(auto.value(&View::List(vec![bare.clone(), bare.clone()])), "[<Member m1>, <Member m1>]");
    let table = auto.value(&View::List(vec![known.clone(), bare.clone()]));
    assert!(table.contains("│ name ┆ staffId │") && table.contains("│      ┆ m1      │"), "{table}");
    assert_eq!(renderer(80, Mode::Json).value(&known), "\"<Member m1>\"");
}

#[test]
fn modes_are_asked_for() {
    let map = View::from(json!({"b": 1, "甲": [1, {"c": null}], "none": null}));
    let table = renderer(40, Mode::Table).value(&map);
    assert!(
        table.contains("│ key  ┆ value          │\n") && table.contains("│ 甲   ┆ [1,{\"c\":null}] │"),
        "{table}"
    );
    assert_eq!(renderer(40, Mode::Card).value(&map), "b     1\n甲    1, {\"c\":null}\nnone  null");
    assert!(renderer(40, Mode::Table).value(&View::from(json!([1, 2]))).contains("│ value │\n"));
    let cards = renderer(80, Mode::Card).value(&View::from(json!([{"a": 1}, {"a": 2}])));
    assert_eq!(cards, "a  1\n\na  2");
    for mode in [Mode::Table, Mode::Card] {
        assert_eq!(renderer(80, mode).value(&View::Int(3)), "3");
        assert_eq!(renderer(80, mode).value(&View::from(json!({}))), "{}");
        assert_eq!(renderer(80, mode).value(&View::from(json!([]))), "[]");
        assert_eq!(renderer(80, mode).value(&View::Text("a".into())), "\"a\"");
    }
    assert_eq!(renderer(80, Mode::Csv).value(&View::from(json!([{"a": 1}]))), "a\r\n1\r");
    assert_eq!(renderer(80, Mode::Csv).value(&View::Int(3)), "3");
}

#[test]
fn bytes_are_a_size_and_a_beginning() {
    let bytes = |bytes: &[u8], size| {
        renderer(120, Mode::Auto).value(&View::Bytes(Bytes { size, head: bytes.to_vec() }))
    };
    assert_eq!(bytes(b"", 0), "<0 bytes>");
    assert_eq!(bytes(b"\x89PNG", 4), "<4 bytes: 89 50 4e 47 .PNG>");
    assert_eq!(
        bytes(b"0123456789abcdef", 3_000),
        "<2.9 KiB (3000 bytes): 30 31 32 33 34 35 36 37 38 39 61 62… 0123456789ab…>"
    );
}

#[test]
fn times_have_the_local_time_beside_them() {
    let time = time(1_583_020_800_000);
    assert_eq!(
        shown(80, json!({"create_time": 1_583_020_800_000_i64, "id": 1_583_020_800_000_i64})),
        format!("{{\n  \"create_time\": 1583020800000,  // {time}\n  \"id\": 1583020800000\n}}")
    );
    let table = shown(80, json!([{"hired_date": 1_583_020_800_000_i64, "id": 5}]));
    assert!(table.contains(&format!("│ 1583020800000  {time} ┆  5 │")), "{table}");
    let file = Renderer { terminal: false, lines: None, ..renderer(80, Mode::Auto) };
    assert_eq!(file.value(&View::from(json!({"time": 1_583_020_800}))), "{ \"time\": 1583020800 }");
}

#[test]
fn all_of_it_is_shown_when_asked() {
    let whole = |width| Renderer { whole: true, lines: None, ..renderer(width, Mode::Auto) };
    let wide = whole(300).value(&View::from(members(250)));
    assert!(wide.starts_with('┌') && wide.lines().count() == 254 && !wide.contains('…'), "{wide}");
    // What does not fit becomes cards, with every word.
    let cards = whole(60).value(&View::from(members(2)));
    assert!(cards.contains("title") && !cards.contains('…') && !cards.contains('┌'), "{cards}");
    assert!(cards.lines().all(|line| width(line) <= 60), "{cards}");
    assert!(
        cards.replace(['\n', ' '], "").contains("产品经理，负责控制台和文档的所有工作以及其他很多事情"),
        "{cards}"
    );
}
