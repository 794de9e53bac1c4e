//! What the Python framework wrote is read, and what is written has its form.

use std::fs;
use std::path::Path;

use dingraia::cache::{
    Cache, GroupKey, GroupSeen, Mode, RobotSeen, UserKey, WebhookKey, assistant_id, group_id, member_id,
};
use rusqlite::params;
use serde_json::{Value, json};

use super::{MONTH, PYTHON_TABLES, Place, clock, map, save_user};

#[test]
fn numbers_of_groups_and_members() {
    assert_eq!(group_id("cidTestConversation0001=="), 3_912_957_204);
    assert_eq!(member_id("$:LWCP_v1:$AbCdEfGhIjKlMnOpQrStUvWxYz012345"), 3_359_076_501);
    assert_eq!(member_id("$AbCdEfGhIjKlMnOpQrStUvWxYz012345"), 3_359_076_501);
    assert_eq!(member_id("$:LWCP_v1:$BoTiDBoTiDBoTiDBoTiDBoTiDBoTiD12"), 8_544_822_750);
    assert_eq!(assistant_id("unionIdTest0001"), 306_460_070_818);
    assert_eq!((group_id(""), member_id(""), assistant_id("")), (0, 0, 0));
}

#[test]
fn a_new_file_has_the_python_framework_s_form() {
    let place = Place::new();
    let path = place.dir.path().join("a/b/Dingraia_cache.db");
    let cache = Cache::open(&path, clock());
    assert_eq!(cache.stats().mode, Mode::File);
    assert!(cache.take_notices().is_empty());
    let mut python: Vec<_> =
        PYTHON_TABLES.trim().lines().map(|line| line.trim().trim_end_matches(';')).collect();
    python.sort_unstable();
    let made = cache
        .query(
            "select sql from sqlite_schema where type = 'table' and name not glob 'dingraia_*' order by sql",
            &[],
        )
        .unwrap();
    assert_eq!(made.iter().map(|row| row["sql"].as_str().unwrap()).collect::<Vec<_>>(), python);
    assert_eq!(&fs::read(&path).unwrap()[18..20], [2, 2], "the header says: write-ahead log");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
        assert_eq!(mode(path.parent().unwrap().parent().unwrap()), 0o700);
    }
}

#[test]
fn a_python_file_is_continued() {
    let place = Place::new().python_file();
    let cache = place.open();
    assert!(cache.take_notices().is_empty());
    assert!(place.copies().is_empty());
    let lin = cache.user(UserKey::Id(3_359_076_501)).unwrap();
    assert_eq!((lin.name.as_str(), lin.time), ("林", 1_699_999_999.25));
    assert_eq!(cache.user(UserKey::Staff("u1")), Some(lin.clone()));
    assert_eq!(cache.user(UserKey::Union("uni1")), Some(lin));
    let bo = cache.user(UserKey::Staff("u2")).unwrap();
    assert_eq!((bo.id, bo.time, bo.is_stub()), (None, 1_699_990_000.0, false));
    for stub in ["u3", "u4", "u5"] {
        assert!(cache.user(UserKey::Staff(stub)).unwrap().is_stub(), "{stub}");
    }
    for unknown in [UserKey::Staff(""), UserKey::Union(""), UserKey::Id(0), UserKey::Staff("nobody")] {
        assert_eq!(cache.user(unknown), None);
    }
    assert_eq!(cache.group(GroupKey::Id(3_912_957_204)).unwrap().chat_id, "chat1");
    assert!(cache.group(GroupKey::Conversation("cidEmpty")).unwrap().is_stub());
    let repaired = "select info from group_info where openConversationId = 'cidEmpty'";
    assert_eq!(place.plain().query_row(repaired, [], |row| row.get::<_, String>(0)).unwrap(), "{}");
    let hook = cache.webhook(WebhookKey::Id(3_912_957_204)).unwrap();
    assert_eq!(hook.expired, 1_700_005_400.123);
    assert!(hook.is_valid(1_700_000_000.0) && !format!("{hook:?}").contains("session"));
    assert_eq!((cache.count(MONTH), cache.count("2023_10")), (41, 0));
    assert_eq!(cache.media_id("ab12").as_deref(), Some("@media"));
}

#[test]
fn the_marker_has_the_columns() {
    let place = Place::new().python_file();
    let cache = place.open();
    let user = cache.user(UserKey::Staff("u2")).unwrap().with_marker(&clock());
    let time = clock().local_time(1_699_990_000.0);
    let marker = json!({"id": "", "name": "", "staffId": "u2", "unionId": "uni2", "timeStamp": 1_699_990_000.0, "strfTimeStamp": time});
    assert_eq!(Value::Object(user), json!({"name": "Bo", "dingraia_cache": marker}));
    let group = cache.group(GroupKey::Id(3_912_957_204)).unwrap().with_marker(&clock());
    assert_eq!(
        group["dingraia_cache"].as_object().unwrap().keys().collect::<Vec<_>>(),
        ["id", "chatId", "openConversationId", "name", "timeStamp", "strfTimeStamp"]
    );
    assert_eq!(group["dingraia_cache"]["id"], 3_912_957_204_i64);
}

#[test]
fn when_a_row_answers() {
    let place = Place::new().python_file();
    let cache = place.open();
    let full = cache.user(UserKey::Staff("u2")).unwrap();
    let stub = cache.user(UserKey::Staff("u3")).unwrap();
    let now = 1_699_993_599.0;
    assert!(full.is_fresh(now, 3600.0) && !full.is_fresh(now + 1.0, 3600.0));
    assert!(!full.is_fresh(1_699_986_000.0, 3600.0), "a time far in the future is not fresh for ever");
    assert!(full.answers(None, now, 3600.0) && !full.answers(None, now + 1.0, 3600.0));
    assert!(full.answers(Some(true), now + 1e9, 3600.0) && !full.answers(Some(false), now, 3600.0));
    assert!(!stub.answers(None, stub.time, 3600.0) && !stub.answers(Some(true), stub.time, 3600.0));
}

#[test]
fn what_is_written_reads_as_the_python_framework_expects() {
    let place = Place::new().python_file();
    let cache = place.open();
    save_user(&cache, "u3", "New");
    save_user(&cache, "u9", "九");
    let group = map(json!({"title": "T", "success": true, "dingraia_cache": {}}));
    cache.save_group(&GroupSeen { conversation_id: "cidNew", name: "T", info: &group });
    cache.save_union("uni9", "u9");
    cache.save_union("uni10", "u10");
    cache.save_union("uni2", "u2b");
    cache.rename_group("cidNew", "T2");
    cache.rename_group("cidOther", "O");
    cache.save_media_id("cd", "@m1");
    cache.save_media_id("cd", "@m2");
    cache.add_count(MONTH, 1);
    cache.add_count("2023_12", 1);
    assert!(cache.take_notices().is_empty());
    let conn = place.plain();
    let rows = |sql: &str| {
        let mut statement = conn.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| row.get::<_, String>(0)).unwrap();
        rows.collect::<Result<Vec<_>, _>>().unwrap()
    };
    let all =
        "typeof(id)||id||'|'||name||'|'||staffId||'|'||unionId||'|'||info||'|'||typeof(timeStamp)||timeStamp";
    assert_eq!(
        rows(&format!(
            "select {all} from user_info where staffId in ('u3', 'u9', 'u10', 'u2b') order by rowid"
        )),
        [
            r#"text||u2b|uni2|{"name": "Bo"}|integer1699990000"#,
            r#"text|New|u3||{"userid":"u3","name":"New"}|real1700000000.5"#,
            r#"text|九|u9|uni9|{"userid":"u9","name":"九"}|real1700000000.5"#,
            "text||u10|uni10|{}|real1700000000.5",
        ]
    );
    assert_eq!(
        rows(
            "select typeof(id)||'|'||chatId||'|'||name||'|'||info from group_info where openConversationId in ('cidNew', 'cidOther') order by rowid"
        ),
        [r#"text||T2|{"title":"T","success":true}"#, "text||O|{}"]
    );
    assert_eq!(rows("select sha256||mediaId from file order by rowid"), ["ab12@media", "cd@m2"]);
    assert_eq!(
        rows("select type||count from counts order by rowid"),
        ["openApi7", "openApi_2023_1142", "openApi_2023_121"]
    );
}

#[test]
fn a_robot_message_is_stored_whole() {
    let place = Place::new().python_file();
    let cache = place.open();
    let message = RobotSeen {
        conversation_id: "cidTestConversation0001==",
        title: "新名",
        sender_id: "$:LWCP_v1:$AbCdEfGhIjKlMnOpQrStUvWxYz012345",
        sender_name: "Bo",
        sender_staff_id: "u2",
        webhook_url: "https://h/?session=new",
        webhook_expired: 1_700_005_500_250.0,
        ..RobotSeen::default()
    };
    assert!(!format!("{message:?}").contains("session=new"));
    cache.save_robot_message(&message);
    let group = cache.group(GroupKey::Conversation(message.conversation_id)).unwrap();
    assert_eq!(
        (group.name.as_str(), group.chat_id.as_str(), group.time),
        ("新名", message.conversation_id, 1_700_000_000.5)
    );
    assert!(!group.is_stub());
    let hook = cache.webhook(WebhookKey::Conversation(message.conversation_id)).unwrap();
    assert_eq!((hook.url.as_str(), hook.expired), (message.webhook_url, 1_700_005_500.25));
    let bo = cache.user(UserKey::Staff("u2")).unwrap();
    assert_eq!((bo.id, bo.name.as_str(), bo.time), (Some(3_359_076_501), "Bo", 1_699_990_000.0));
    // A stranger in a single chat: no userId, no title.
    let stranger = RobotSeen {
        conversation_id: "cidSingle",
        single: true,
        sender_id: "$x",
        sender_name: "S",
        ..RobotSeen::default()
    };
    cache.save_robot_message(&stranger);
    cache.save_robot_message(&stranger);
    let rows = cache.query("select * from user_info where id = ?", &[member_id("$x").into()]).unwrap();
    assert_eq!(
        rows,
        [map(
            json!({"id": member_id("$x"), "name": "S", "staffId": "", "unionId": "", "info": "{}", "timeStamp": 1_700_000_000.5})
        )]
    );
    assert_eq!(cache.group(GroupKey::Id(group_id("cidSingle"))).unwrap().name, "Unknown");
    assert!(cache.take_notices().is_empty());
}

#[test]
fn with_the_database_off_nothing_is_found() {
    let cache = Cache::memory(clock());
    save_user(&cache, "u1", "A");
    let info = map(json!({"title": "T"}));
    cache.save_group(&GroupSeen { conversation_id: "cid", name: "T", info: &info });
    cache.save_union("uni", "u1");
    assert_eq!((cache.user(UserKey::Staff("u1")), cache.group(GroupKey::Conversation("cid"))), (None, None));
    cache.add_count(MONTH, 3);
    cache.add_count(MONTH, 1);
    assert_eq!(cache.count(MONTH), 4);
    (0..600).for_each(|n| cache.save_media_id(&format!("sha{n}"), "@m"));
    assert_eq!((cache.media_id("sha99"), cache.media_id("sha100").as_deref()), (None, Some("@m")));
    let stats = cache.stats();
    assert_eq!((stats.path, stats.mode, stats.problem), (None, Mode::Memory, None));
    assert!(stats.rows.contains(&("file", 500)));
    let check = cache.check().unwrap();
    assert!(check.writable && check.complaints.is_empty());
    assert!(cache.take_notices().is_empty());
}

#[test]
fn rows_that_are_there_twice_are_read_once() {
    let place = Place::new().python_file();
    let twice = "insert into user_info values('', 'b', 'u1', '', '{}', ?1)";
    place.plain().execute(twice, params![1_800_000_000]).unwrap();
    let cache = place.open();
    assert_eq!(cache.user(UserKey::Staff("u1")).unwrap().name, "林");
    save_user(&cache, "u1", "both");
    assert_eq!(cache.user(UserKey::Staff("u1")).unwrap().name, "both");
}
