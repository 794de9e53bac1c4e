//! Files of another form, damaged, locked, or no database at all.

use std::fs;
use std::time::Instant;

use dingraia::cache::{Cache, Mode, UserKey};
use rusqlite::Connection;

use super::{MONTH, Place, clock, save_user, told_once, works_in_memory};

#[test]
fn tables_of_another_form_are_copied_and_made_new() {
    let place = Place::new();
    let old = place.plain();
    old.execute_batch(
        "pragma journal_mode = wal; pragma wal_autocheckpoint = 0;
         CREATE TABLE webhooks(id TEXT, url TEXT); CREATE TABLE group_info(chatId TEXT, openConversationId TEXT, info TEXT);
         CREATE TABLE counts(type TEXT, count BIGINT);
         insert into webhooks values('1', 'https://old'); insert into counts values('openApi', 99);
         CREATE TABLE mine(g TEXT, note TEXT); insert into mine values('x', 'kept');",
    )
    .unwrap();
    // The old connection stays open: everything is still in the write-ahead log.
    let cache = place.open();
    told_once(&cache, "Dingraia_cache_");
    assert_eq!(cache.stats().mode, Mode::File);
    let copies = place.copies();
    assert_eq!(copies.len(), 1, "{copies:?}");
    assert_eq!(
        copies[0].file_name().unwrap().to_str().unwrap(),
        format!("Dingraia_cache_{}.db", clock().stamp())
    );
    let copy = Connection::open(&copies[0]).unwrap();
    assert_eq!(
        copy.query_row("select url from webhooks", [], |row| row.get::<_, String>(0)).unwrap(),
        "https://old"
    );
    assert_eq!(cache.query("select count from counts", &[]).unwrap()[0]["count"], 99);
    assert_eq!(cache.query("select note from mine", &[]).unwrap()[0]["note"], "kept");
    assert_eq!(cache.query("select * from webhooks", &[]).unwrap(), []);
    save_user(&cache, "u1", "A");
    assert!(place.open().take_notices().is_empty());
    assert_eq!(place.copies().len(), 1);
}

#[test]
fn without_a_copy_nothing_is_dropped() {
    let place = Place::new();
    place
        .plain()
        .execute_batch("CREATE TABLE webhooks(id TEXT, url TEXT); insert into webhooks values('1', 'u')")
        .unwrap();
    let part = place.dir.path().join(format!("Dingraia_cache_{}.db.part", clock().stamp()));
    fs::create_dir(&part).unwrap();
    let before = fs::read(place.path()).unwrap();
    let cache = place.open();
    told_once(&cache, "could not be copied");
    works_in_memory(&cache);
    assert!(cache.check().is_err());
    drop(cache);
    assert_eq!(fs::read(place.path()).unwrap(), before);
    assert!(part.is_dir());
}

#[test]
fn extra_columns_and_foreign_tables_stay() {
    let place = Place::new().python_file();
    place
        .plain()
        .execute_batch(
            "alter table user_info add column extra TEXT; update user_info set extra = 'e';
             CREATE TABLE mine(x); insert into mine values(1); drop table file; CREATE TABLE file(sha256 BLOB)",
        )
        .unwrap();
    let cache = place.open();
    told_once(&cache, "file");
    save_user(&cache, "u1", "B");
    save_user(&cache, "u8", "C");
    assert!(cache.take_notices().is_empty());
    assert_eq!(
        cache.query("select extra from user_info where staffId = 'u1'", &[]).unwrap()[0]["extra"],
        "e"
    );
    assert_eq!(cache.query("select x from mine", &[]).unwrap()[0]["x"], 1);
}

#[test]
fn a_statement_that_fails_is_told_once() {
    let place = Place::new().python_file();
    let cache = place.open();
    place.plain().execute_batch("drop table user_info").unwrap();
    assert_eq!(cache.user(UserKey::Staff("u1")), None);
    assert_eq!(cache.user(UserKey::Staff("u1")), None);
    told_once(&cache, "no such table");
    assert_eq!(cache.count(MONTH), 41);
    assert_eq!(place.open().stats().mode, Mode::File);
    assert_eq!(cache.user(UserKey::Staff("u1")), None);
    save_user(&cache, "u1", "A");
    assert_eq!(cache.user(UserKey::Staff("u1")).unwrap().name, "A");
}

#[test]
fn what_is_no_database_is_left_alone() {
    let mut damaged = b"SQLite format 3\0".to_vec();
    damaged.extend((0..5000_u32).map(|n| (n * 7919 % 251) as u8));
    let random: Vec<u8> = (0..9000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    for content in [b"hello\n".to_vec(), b"some text\n".repeat(500), random, damaged] {
        let place = Place::new();
        fs::write(place.path(), &content).unwrap();
        let cache = place.open();
        told_once(&cache, "it is left as it is");
        works_in_memory(&cache);
        drop(cache);
        assert_eq!(fs::read(place.path()).unwrap(), content);
        assert_eq!(fs::read_dir(place.dir.path()).unwrap().count(), 1);
    }
    let place = Place::new();
    fs::create_dir(place.path()).unwrap();
    let cache = place.open();
    told_once(&cache, "not a file");
    works_in_memory(&cache);
    let below_a_file = place.dir.path().join("f/x.db");
    fs::write(place.dir.path().join("f"), "").unwrap();
    works_in_memory(&{
        let cache = Cache::open(below_a_file, clock());
        told_once(&cache, "cannot be opened");
        cache
    });
}

#[test]
fn an_empty_file_is_a_new_one() {
    let place = Place::new();
    fs::write(place.path(), "").unwrap();
    let cache = place.open();
    save_user(&cache, "u1", "A");
    assert_eq!(place.open().user(UserKey::Staff("u1")).unwrap().name, "A");
    assert!(cache.take_notices().is_empty());
}

#[test]
fn damage_found_later_ends_the_use_of_the_file() {
    let place = Place::new().python_file();
    {
        let cache = place.open();
        (0..200).for_each(|n| save_user(&cache, &format!("x{n}"), &"n".repeat(200)));
    }
    let mut bytes = fs::read(place.path()).unwrap();
    let good = bytes.len();
    bytes[4096 * 13..].fill(0xee);
    assert!(good > 4096 * 14);
    fs::write(place.path(), &bytes).unwrap();
    let cache = place.open();
    assert!(cache.check().map_or(true, |found| !found.complaints.is_empty()));
    (0..200).for_each(|n| drop(cache.user(UserKey::Staff(&format!("x{n}")))));
    told_once(&cache, "damaged");
    works_in_memory(&cache);
}

#[test]
fn a_locked_file_is_done_without() {
    let place = Place::new().python_file();
    let other = place.plain();
    other.execute_batch("begin exclusive").unwrap();
    let cache = place.open();
    told_once(&cache, "locked");
    works_in_memory(&cache);
    other.execute_batch("commit").unwrap();
    assert_eq!(place.open().user(UserKey::Staff("m1")), None);
}

#[test]
fn a_lock_that_comes_later_skips_writes_and_is_not_waited_for_twice() {
    let place = Place::new().python_file();
    let cache = place.open();
    let other = place.plain();
    other.execute_batch("begin immediate").unwrap();
    save_user(&cache, "u1", "A");
    let start = Instant::now();
    (0..5).for_each(|_| save_user(&cache, "u1", "A"));
    assert!(start.elapsed().as_secs_f64() < 1.5, "{:?}", start.elapsed());
    told_once(&cache, "locked");
    assert!(!cache.check().unwrap().writable);
    assert_eq!(cache.user(UserKey::Staff("u1")).unwrap().name, "林");
    other.execute_batch("commit").unwrap();
    save_user(&cache, "u1", "A");
    assert_eq!(cache.user(UserKey::Staff("u1")).unwrap().name, "A");
    assert_eq!(cache.stats().mode, Mode::File);
}
