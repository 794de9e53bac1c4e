//! Questions in SQL only read, and the examination of a file.

use dingraia::cache::UserKey;
use serde_json::json;

use super::{MONTH, Place, map};

#[test]
fn queries_only_read() {
    let place = Place::new().python_file();
    let cache = place.open();
    let rows = cache
        .query("select name, count(*), 1 as name from user_info where staffId = ?1", &[json!("u1")])
        .unwrap();
    assert_eq!(rows, [map(json!({"name": "林", "count(*)": 1, "name_2": 1}))]);
    let values =
        cache.query("select ?1, ?2, ?3, ?4, x'0aff'", &[json!(null), json!(true), json!(1.5), json!([1])]);
    assert_eq!(
        values.unwrap()[0].values().cloned().collect::<Vec<_>>(),
        [json!(null), json!(1), json!(1.5), json!("[1]"), json!("0aff")]
    );
    assert_eq!(cache.query("pragma table_info(counts)", &[]).unwrap().len(), 2);
    assert_eq!(cache.query("select * from pragma_table_info('counts')", &[]).unwrap().len(), 2);
    assert_eq!(
        cache
            .query(
                "with recursive n(i) as (select 1 union all select i + 1 from n where i < 5) select i from n",
                &[]
            )
            .unwrap()
            .len(),
        5
    );
    let elsewhere = place.dir.path().join("out.db");
    let refused = [
        "delete from user_info".to_string(),
        "insert into counts values('a', 1)".into(),
        "with x as (select 1) update counts set count = 0".into(),
        "create table t(x)".into(),
        "create temp table t(x)".into(),
        "drop table counts".into(),
        "pragma query_only = 0".into(),
        "pragma journal_mode = delete".into(),
        "pragma user_version = 5".into(),
        "pragma wal_checkpoint".into(),
        "begin immediate".into(),
        "vacuum".into(),
        format!("vacuum into '{}'", elsewhere.display()),
        format!("attach '{}' as o", elsewhere.display()),
        "select load_extension('x')".into(),
        "select 1; delete from counts".into(),
    ];
    for sql in refused {
        let error = cache.query(&sql, &[]).expect_err(&sql);
        assert_eq!(error.kind_name(), "cache", "{sql}");
    }
    assert!(!elsewhere.exists());
    let error = cache.query("delete from user_info", &[]).unwrap_err();
    assert!(error.to_string().contains("only statements that read"), "{error}");
    assert!(cache.query("select nonsense", &[]).unwrap_err().to_string().contains("no such column"));
    assert!(cache.query("select ?1", &[]).is_err());
    assert_eq!((cache.count(MONTH), cache.user(UserKey::Staff("u1")).is_some()), (41, true));
}

#[test]
fn check_examines_the_file() {
    let place = Place::new().python_file();
    let cache = place.open();
    let found = cache.check().unwrap();
    assert!(found.writable && found.complaints.is_empty() && found.bytes > 4096);
    assert_eq!(found.path.as_deref(), Some(place.path().as_path()));
    assert!(cache.stats().rows.contains(&("user_info", 6)));
}
