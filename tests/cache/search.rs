//! People, groups and departments are found by name, pinyin, initials and id, whoever wrote their rows.

use std::time::Instant;

use dingraia::cache::{Cache, DepartmentSeen, Entry, Found, GroupSeen};
use serde_json::{Map, json};

use super::{PYTHON_TABLES, Place, clock, map, save_user};

fn ids(found: &[Found]) -> Vec<&str> {
    found.iter().map(|found| found.id.as_str()).collect()
}

#[track_caller]
fn finds(cache: &Cache, text: &str, expected: &[&str]) {
    let found = cache.find(text, Entry::ALL, 20);
    assert_eq!(ids(&found), expected, "{text}");
}

fn filled() -> Cache {
    let cache = Cache::scratch(clock());
    save_user(&cache, "manager4220", "张晓明");
    save_user(&cache, "u2", "李张");
    save_user(&cache, "u3", "Lin Zhang");
    let info = map(json!({"title": "张江办公室"}));
    cache.save_group(&GroupSeen { conversation_id: "cidZhang0001==", name: "张江办公室", info: &info });
    let seen = |id, name| DepartmentSeen { id, parent: 1, name, info: &EMPTY };
    cache.save_children(1, &[seen(100, "研发"), seen(1012, "张江分部")]);
    cache
}

static EMPTY: std::sync::LazyLock<Map<String, serde_json::Value>> = std::sync::LazyLock::new(Map::new);

#[test]
fn by_name_pinyin_and_initials() {
    let cache = filled();
    // Beginnings come before middles, and people before groups before departments.
    finds(&cache, "张", &["manager4220", "cidZhang0001==", "1012", "u2"]);
    finds(&cache, "zhang", &["manager4220", "cidZhang0001==", "1012", "u2", "u3"]);
    finds(&cache, "ZhangXiao", &["manager4220"]);
    finds(&cache, " zxm ", &["manager4220"]);
    finds(&cache, "xm", &["manager4220"]);
    finds(&cache, "zjbgs", &["cidZhang0001=="]);
    finds(&cache, "yf", &["100"]);
    finds(&cache, "lin zh", &["u3"]);
    finds(&cache, "nobody", &[]);
    finds(&cache, "", &[]);
    finds(&cache, "%", &[]);
    finds(&cache, "' or 1=1 --", &[]);
}

#[test]
fn by_id() {
    let cache = filled();
    finds(&cache, "manager4220", &["manager4220"]);
    finds(&cache, "manag", &["manager4220"]);
    finds(&cache, "ger42", &["manager4220"]);
    finds(&cache, "cidZh", &["cidZhang0001=="]);
    finds(&cache, "Zhang0001", &["cidZhang0001=="]);
    finds(&cache, "100", &["100"]);
    finds(&cache, "10", &["100", "1012"]);
    cache.save_union("uniQqq", "u2");
    finds(&cache, "uniQ", &["u2"]);
    let begins = cache.find_beginning("ger42", Entry::ALL, 20);
    assert_eq!(ids(&begins), Vec::<&str>::new());
}

#[test]
fn kinds_and_limits() {
    let cache = filled();
    assert_eq!(ids(&cache.find("zhang", &[Entry::Group], 20)), ["cidZhang0001=="]);
    assert_eq!(ids(&cache.find("zhang", &[Entry::User, Entry::Department], 2)), ["manager4220", "1012"]);
    let found = &cache.find("zjb", Entry::ALL, 1)[0];
    assert_eq!((found.kind, found.name.as_str(), found.time), (Entry::Group, "张江办公室", 1_700_000_000.5));
}

#[test]
fn a_new_name_counts_at_once_and_an_old_one_no_more() {
    let cache = filled();
    finds(&cache, "zhouzhou", &[]);
    save_user(&cache, "u2", "周周");
    finds(&cache, "zhouzhou", &["u2"]);
    finds(&cache, "李张", &[]);
    save_user(&cache, "u2", "李张");
    finds(&cache, "lizhang", &["u2"]);
}

#[test]
fn rows_of_the_python_framework_are_found_too() {
    let place = Place::new().python_file();
    let cache = place.open();
    finds(&cache, "lin", &["u1"]);
    finds(&cache, "ceshiqun", &["cidTestConversation0001=="]);
    // Its rows have no name when it asked DingTalk: the name stands in the profile.
    finds(&cache, "bo", &["u2"]);
    assert_eq!(cache.find("bo", Entry::ALL, 1)[0].name, "Bo");
    assert_eq!(cache.find("u2", Entry::ALL, 1)[0].name, "Bo");
    // It goes on writing while this program has the file open.
    let python = place.plain();
    python
        .execute_batch(
            r#"insert into user_info values('', '王小虎', 'u7', '', '{}', 1);
               insert into user_info values('', '', 'u8', '', '{"name": "\u8d75\u516d"}', 1);
               update user_info set name = '钱七' where staffId = 'u1';
               update group_info set name = '新群' where chatId = 'chat1';
               delete from user_info where staffId = 'u2';"#,
        )
        .unwrap();
    finds(&cache, "wxh", &["u7"]);
    finds(&cache, "赵", &["u8"]);
    finds(&cache, "qianqi", &["u1"]);
    finds(&cache, "xinqun", &["cidTestConversation0001=="]);
    finds(&cache, "bo", &[]);
    assert!(cache.take_notices().is_empty());
}

/// Its checks drop a table of another form and make it new; our triggers go with it.
#[test]
fn a_table_that_was_made_new_is_read_again() {
    let place = Place::new().python_file();
    drop(place.open());
    let python = place.plain();
    let create = PYTHON_TABLES.lines().find(|line| line.contains("user_info(")).unwrap();
    python.execute_batch(&format!("drop table user_info; {create}")).unwrap();
    python.execute_batch("insert into user_info values('', '孙八', 'u9', '', '{}', 1)").unwrap();
    let cache = place.open();
    finds(&cache, "sunba", &["u9"]);
    finds(&cache, "bo", &[]);
}

#[test]
fn departments_have_paths() {
    let cache = filled();
    let seen = |id, name| DepartmentSeen { id, parent: 100, name, info: &EMPTY };
    cache.save_children(100, &[seen(300, "后端"), seen(200, "前端")]);
    assert_eq!(cache.department_path(200), "研发/前端");
    let order: Vec<i64> = cache.departments().iter().map(|row| row.id).collect();
    assert_eq!(order, [1, 100, 300, 200, 1012]);
    // DingTalk lists the children anew: what is gone is gone with everything below.
    cache.save_children(1, &[DepartmentSeen { id: 1012, parent: 1, name: "张江分部", info: &EMPTY }]);
    assert_eq!(cache.departments().iter().map(|row| row.id).collect::<Vec<_>>(), [1, 1012]);
    cache.save_members(1012, &["u1".into(), "u2".into()]);
    let row = cache.department(1012).unwrap();
    assert_eq!(
        (row.members.as_slice(), row.counted),
        (["u1".to_owned(), "u2".to_owned()].as_slice(), 1_700_000_000.5)
    );
    assert_eq!(cache.department(7), None);
}

/// A file with many rows and none of our indexes, as the Python framework leaves it.
#[test]
fn a_large_foreign_file_is_indexed_in_the_background() {
    const ROWS: i64 = 30_000;
    let place = Place::new();
    let conn = place.plain();
    conn.execute_batch(PYTHON_TABLES).unwrap();
    conn.execute(
        "with recursive n(n) as (select 1 union all select n + 1 from n where n < ?1) insert into user_info \
         select '', case n % 2 when 0 then '' else '张' || n end, 'u' || n, '', '{\"name\": \"李' || n || '\"}', n from n",
        [ROWS],
    )
    .unwrap();
    conn.execute("insert into group_info values('', '', 'cidEmpty', 'e', '', 1699999000)", []).unwrap();
    let start = Instant::now();
    let cache = place.open();
    assert!(start.elapsed().as_secs_f64() < 1.0, "{:?}", start.elapsed());
    save_user(&cache, "new", "周周");
    let end = Instant::now() + std::time::Duration::from_secs(60);
    while cache.upkeep().is_some() && Instant::now() < end {
        std::thread::yield_now();
    }
    assert_eq!(cache.upkeep(), None);
    finds(&cache, "zhang29999", &["u29999"]);
    finds(&cache, "li29998", &["u29998"]);
    finds(&cache, "zz", &["new"]);
    let repaired: String = conn.query_row("select info from group_info", [], |row| row.get(0)).unwrap();
    assert_eq!(repaired, "{}");
    let said: Vec<String> = cache.take_notices().iter().map(|notice| notice.text.en.to_string()).collect();
    assert!(said[0].contains("in the background") && said.last().unwrap().contains("are made"), "{said:?}");
    drop(cache);
    assert!(place.open().take_notices().is_empty(), "it is said once");
}
