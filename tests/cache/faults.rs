//! What happens to the file while it is open, and files that are damaged at random or too new.

use std::fs;
use std::time::{Duration, Instant};

use dingraia::cache::{Cache, Cursor, Entry, Mode, Table, UserKey};

use super::{MONTH, Place, clock, save_user, texts, told_once};

/// Uses the cache until it has noticed what was done to its file.
fn notice(cache: &Cache) -> Vec<String> {
    let end = Instant::now() + Duration::from_secs(20);
    loop {
        cache.user(UserKey::Staff("u1"));
        let told = texts(cache);
        if !told.is_empty() {
            return told;
        }
        assert!(Instant::now() < end, "nothing was noticed");
        std::thread::yield_now();
    }
}

#[test]
#[cfg(unix)]
fn a_deleted_file_is_told_and_made_new() {
    let place = Place::new().python_file();
    let cache = place.open();
    save_user(&cache, "u9", "九");
    fs::remove_file(place.path()).unwrap();
    let told = notice(&cache);
    assert!(told.len() == 1 && told[0].contains("the file was deleted"), "{told:?}");
    assert_eq!((cache.user(UserKey::Staff("u9")), cache.stats().mode), (None, Mode::File));
    save_user(&cache, "u10", "十");
    let other = place.open();
    assert_eq!(other.user(UserKey::Staff("u10")).unwrap().name, "十");
    assert_eq!((other.user(UserKey::Staff("u9")), other.check().unwrap().complaints.len()), (None, 0));
    assert!(cache.take_notices().is_empty());
}

#[test]
#[cfg(unix)]
fn a_replaced_file_is_told_and_used() {
    let (place, other) = (Place::new().python_file(), Place::new().python_file());
    let cache = place.open();
    let watched = cache.last_change();
    for n in 0..50 {
        save_user(&cache, &format!("old{n}"), "旧");
    }
    {
        let there = other.open();
        save_user(&there, "u77", "别处");
    }
    // What is in our log must not come into the file that is put here.
    fs::rename(other.path(), place.path()).unwrap();
    let told = notice(&cache);
    assert!(told.len() == 1 && told[0].contains("another file was put in its place"), "{told:?}");
    assert_eq!(cache.user(UserKey::Staff("u77")).unwrap().name, "别处");
    assert_eq!(cache.user(UserKey::Staff("old7")), None);
    save_user(&cache, "u78", "新");
    assert!(cache.check().unwrap().complaints.is_empty());
    assert_eq!(place.open().user(UserKey::Staff("u78")).unwrap().name, "新");
    let seen: Vec<String> =
        cache.changes_since(watched + 40, 100).into_iter().map(|change| change.key).collect();
    assert!(seen.contains(&"u78".to_owned()), "{seen:?}");
}

#[test]
fn a_file_of_a_newer_version_is_read_and_left_alone() {
    let place = Place::new().python_file();
    drop(place.open());
    let plain = place.plain();
    plain.execute_batch("pragma user_version = 99; pragma wal_checkpoint(truncate)").unwrap();
    drop(plain);
    let before = fs::read(place.path()).unwrap();
    let cache = place.open();
    told_once(
        &cache,
        "a newer version of this program made it; this run reads it and keeps what is new in memory",
    );
    assert_eq!(cache.stats().mode, Mode::ReadOnly);
    save_user(&cache, "u9", "九");
    cache.add_count(MONTH, 1);
    assert_eq!(cache.user(UserKey::Staff("u9")).unwrap().name, "九");
    assert_eq!((cache.user(UserKey::Staff("u1")).unwrap().name.as_str(), cache.count(MONTH)), ("林", 42));
    assert_eq!(cache.find("lin", Entry::ALL, 5)[0].id, "u1");
    assert!(cache.forget(Table::Users, "u1").unwrap_err().to_string().contains("newer version"));
    assert!(cache.take_notices().is_empty());
    drop(cache);
    assert_eq!(fs::read(place.path()).unwrap(), before);
}

/// A repeatable sequence of numbers.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % end as u64).unwrap()
    }
}

#[test]
fn random_bytes_anywhere_end_no_session() {
    let sound = Place::new().python_file();
    {
        let cache = sound.open();
        (0..300).for_each(|n| save_user(&cache, &format!("x{n}"), &format!("张{n}")));
        cache.find("zhang", Entry::ALL, 5);
        sound.plain().query_row("pragma wal_checkpoint(truncate)", [], |_| Ok(())).unwrap();
    }
    let good = fs::read(sound.path()).unwrap();
    for seed in 0..40 {
        let (place, mut numbers) = (Place::new(), Numbers(seed));
        let mut bytes = good.clone();
        for _ in 0..=numbers.below(40) {
            let (at, length) = (numbers.below(bytes.len() - 64), numbers.below(64));
            (at..at + length).for_each(|at| bytes[at] = numbers.below(256) as u8);
        }
        fs::write(place.path(), &bytes).unwrap();
        let cache = place.open();
        for n in 0..300 {
            cache.user(UserKey::Staff(&format!("x{n}")));
        }
        for table in Table::ALL {
            cache.page(table, Cursor::default(), 500, false);
            cache.count_rows(table);
        }
        cache.find("zhang", Entry::ALL, 50);
        cache.departments();
        cache.changes_since(0, 100);
        // It may refuse; it must not end anything.
        let _ = (cache.check(), cache.query("select * from user_info", &[]), cache.clear(Table::Files));
        for n in 0..20 {
            save_user(&cache, &format!("new{n}"), "新");
            cache.add_count(MONTH, 1);
        }
        let told = texts(&cache);
        let copies = place.copies().len();
        assert!(told.len() <= 3, "{seed}: {told:?}");
        assert!(place.path().exists() || copies > 0, "{seed}: the damaged file is kept");
        if cache.stats().mode == Mode::Memory {
            assert_eq!(cache.user(UserKey::Staff("new7")).unwrap().name, "新", "{seed}");
            assert!(!told.is_empty(), "{seed}");
        }
    }
}

/// Two programs that write at once do not lose each other's rows, and nobody is told of locks.
#[test]
fn writers_wait_for_each_other() {
    let place = Place::new().python_file();
    let handles: Vec<Cache> = (0..4).map(|_| place.open()).collect();
    std::thread::scope(|scope| {
        for (number, cache) in handles.iter().enumerate() {
            scope.spawn(move || {
                for n in 0..60 {
                    save_user(cache, &format!("w{number}-{n}"), "写");
                    cache.add_count(MONTH, 1);
                    cache.find("xie", Entry::ALL, 3);
                }
            });
        }
    });
    let cache = place.open();
    assert_eq!(cache.count(MONTH), 41 + 240);
    assert_eq!(cache.count_rows(Table::Users), 6 + 240);
    assert!(handles.iter().all(|cache| cache.take_notices().is_empty()));
    assert!(cache.take_notices().is_empty());
    assert_eq!(clock().month(), MONTH);
}
