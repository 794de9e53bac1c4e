//! The cache file: one that the Python framework made is continued, and one that cannot be used is left alone.

mod faults;
mod format;
mod fresh;
mod object;
mod process;
mod query;
mod search;
mod trouble;
mod warm;

use std::fs;
use std::path::PathBuf;

use dingraia::cache::{Cache, Mode, UserKey, UserSeen};
use dingraia::clock::Clock;
use dingraia::lang::Lang;
use rusqlite::Connection;
use serde_json::{Map, Value, json};
use tempfile::TempDir;

const NOW: i64 = 1_700_000_000_500;
const MONTH: &str = "2023_11";

/// The statements with which the Python framework makes its tables.
const PYTHON_TABLES: &str = "
    CREATE TABLE webhooks(id BIGINT not null, openConversationId TEXT not null, url TEXT not null, expired BIGINT not null, timeStamp BIGINT not null);
    CREATE TABLE group_info(id BIGINT not null, chatId TEXT not null, openConversationId TEXT not null, name TEXT not null, info TEXT not null, timeStamp BIGINT not null);
    CREATE TABLE user_info(id BIGINT not null, name TEXT not null, staffId TEXT not null, unionId TEXT not null, info TEXT not null, timeStamp BIGINT not null);
    CREATE TABLE counts(type TEXT not null, count BIGINT not null);
    CREATE TABLE file(sha256 TEXT not null, mediaId TEXT not null);
    CREATE TABLE aiAPI(name TEXT not null, data TEXT not null);";

/// Rows as the Python framework writes them: ids of both types, times of both types, damaged and missing JSON.
const PYTHON_ROWS: &str = r#"
    insert into user_info values(3359076501, '林', 'u1', 'uni1', '{"name": "\u6797", "title": "dev"}', 1699999999.25);
    insert into user_info values('', '', 'u2', 'uni2', '{"name": "Bo"}', 1699990000);
    insert into user_info values('', 'stub', 'u3', '', '{}', 1699999999);
    insert into user_info values('', 'torn', 'u4', '', '{"name": "to', 1699999999);
    insert into user_info values('', 'list', 'u5', '', '[1]', 1699999999);
    insert into user_info values(0, 'outsider', '', '', '{}', 1699999999);
    insert into group_info values(3912957204, 'chat1', 'cidTestConversation0001==', '测试群', '{"title": "x", "dingraia_cache": {"id": 1}}', 1699999000.5);
    insert into group_info values('', '', 'cidEmpty', 'e', '', 1699999000);
    insert into webhooks values(3912957204, 'cidTestConversation0001==', 'https://h/?session=s', 1700005400.123, 1699999000);
    insert into counts values('openApi', 7);
    insert into counts values('openApi_2023_11', 41);
    insert into file values('ab12', '@media');
    insert into aiAPI values('history', '{"messages":[],"userMessages":{}}');"#;

struct Place {
    dir: TempDir,
}

impl Place {
    fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    fn path(&self) -> PathBuf {
        self.dir.path().join("Dingraia_cache.db")
    }

    fn python_file(self) -> Self {
        let conn = Connection::open(self.path()).unwrap();
        conn.execute_batch(PYTHON_TABLES).unwrap();
        conn.execute_batch(PYTHON_ROWS).unwrap();
        self
    }

    fn open(&self) -> Cache {
        Cache::open(self.path(), clock())
    }

    fn plain(&self) -> Connection {
        Connection::open(self.path()).unwrap()
    }

    fn copies(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.dir.path()).unwrap().map(|entry| entry.unwrap().path());
        entries
            .filter(|path| path.extension().is_some_and(|end| end == "db"))
            .filter(|path| path.file_name().unwrap().to_str().unwrap().starts_with("Dingraia_cache_"))
            .collect()
    }
}

fn clock() -> Clock {
    Clock::fixed(NOW, 1)
}

fn map(value: Value) -> Map<String, Value> {
    serde_json::from_value(value).unwrap()
}

fn save_user(cache: &Cache, staff_id: &str, name: &str) {
    let info = map(json!({"userid": staff_id, "name": name}));
    cache.save_user(&UserSeen { staff_id, union_id: "", name, info: &info });
}

fn texts(cache: &Cache) -> Vec<String> {
    cache.take_notices().iter().map(|notice| notice.text.get(Lang::En).to_string()).collect()
}

/// One notice that contains `part`, and none afterwards.
fn told_once(cache: &Cache, part: &str) {
    let told = texts(cache);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains(part), "{told:?}");
    assert!(cache.take_notices().is_empty());
}

fn works_in_memory(cache: &Cache) {
    assert_eq!(cache.stats().mode, Mode::Memory);
    save_user(cache, "m1", "Mo");
    assert_eq!(cache.user(UserKey::Staff("m1")).unwrap().name, "Mo");
    cache.add_count(MONTH, 2);
    assert_eq!(cache.count(MONTH), 2);
    assert_eq!(cache.query("select name from user_info", &[]).unwrap(), [map(json!({"name": "Mo"}))]);
    assert!(cache.take_notices().is_empty());
}
