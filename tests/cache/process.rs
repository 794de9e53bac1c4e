//! Several threads and processes, kill -9, files that cannot be written, a full disk, and speed.

#![expect(clippy::print_stdout, reason = "a child process reports to its parent")]

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use dingraia::cache::{Cache, GroupKey, Mode, RobotSeen, UserKey};

use super::{MONTH, Place, clock, save_user, texts, told_once};

#[test]
fn two_handles_and_many_threads_on_one_file() {
    let place = Place::new();
    let handles = [place.open(), place.open()];
    std::thread::scope(|scope| {
        for n in 0..4 {
            let cache = handles[n % 2].clone();
            scope.spawn(move || {
                for user in 0..100 {
                    save_user(&cache, &format!("u{user}"), "N");
                    cache.add_count(MONTH, 1);
                }
            });
        }
    });
    let cache = place.open();
    assert_eq!(cache.count(MONTH), 400);
    assert_eq!(cache.stats().rows.iter().find(|(table, _)| *table == "user_info"), Some(&("user_info", 100)));
    assert!(handles.iter().all(|cache| cache.take_notices().is_empty()));
}

#[test]
fn opening_and_looking_up_is_quick() {
    let place = Place::new().python_file();
    {
        let cache = place.open();
        (0..2000).for_each(|n| save_user(&cache, &format!("x{n}"), "name"));
    }
    let _held = place.open();
    let median = |mut times: Vec<f64>| {
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    };
    let open = median((0..50).map(|_| timed(|| drop(place.open()))).collect());
    let cache = place.open();
    let get =
        median((0..2000).map(|n| timed(|| drop(cache.user(UserKey::Staff(&format!("x{n}")))))).collect());
    let count = median((0..500).map(|_| timed(|| cache.add_count(MONTH, 1))).collect());
    println!("open {:.0} µs, get {:.1} µs, count {:.1} µs", open * 1e6, get * 1e6, count * 1e6);
    // Generous, for busy machines and unoptimised builds.
    assert!(open < 0.02 && get < 0.002, "open {open} s, get {get} s");
}

fn timed(run: impl FnOnce()) -> f64 {
    let start = Instant::now();
    run();
    start.elapsed().as_secs_f64()
}

/// This binary again, running one of the ignored tests below as another process.
fn child(role: &str, path: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", role, "--ignored", "--nocapture", "--test-threads=1"]);
    command.env("CACHE_TEST_FILE", path);
    command
}

fn given_path() -> Option<PathBuf> {
    std::env::var_os("CACHE_TEST_FILE").map(PathBuf::from)
}

#[test]
#[ignore = "run by kill_9_loses_nothing_confirmed"]
fn child_writes_for_ever() {
    let Some(path) = given_path() else { return };
    let cache = Cache::open(path, clock());
    for n in 1.. {
        save_user(&cache, &format!("k{n}"), "K");
        cache.add_count(MONTH, 1);
        println!("\nconfirmed {n}");
    }
}

#[test]
fn kill_9_loses_nothing_confirmed() {
    for after in [1, 40, 400] {
        let place = Place::new().python_file();
        let mut process = child("cache::process::child_writes_for_ever", &place.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let confirmed = lines
            .map_while(Result::ok)
            .filter_map(|line| line.strip_prefix("confirmed ").and_then(|n| n.parse::<i64>().ok()))
            .find(|n| *n >= after)
            .unwrap();
        process.kill().unwrap();
        process.wait().unwrap();
        let cache = place.open();
        assert!(cache.take_notices().is_empty());
        assert!(cache.check().unwrap().complaints.is_empty());
        assert!(cache.count(MONTH) >= 41 + confirmed);
        assert!((1..=confirmed).all(|n| cache.user(UserKey::Staff(&format!("k{n}"))).is_some()));
        assert!(cache.user(UserKey::Staff("u1")).is_some());
    }
}

#[test]
#[ignore = "run by a_file_that_cannot_be_written_is_read"]
fn child_reads_what_it_cannot_write() {
    let Some(path) = given_path() else { return };
    let before = fs::read(&path).unwrap();
    let cache = Cache::open(&path, clock());
    told_once(&cache, "this run reads it");
    let stats = cache.stats();
    assert_eq!(stats.mode, Mode::ReadOnly);
    assert!(stats.problem.is_some() && stats.rows.contains(&("user_info", 6)));
    assert_eq!(cache.user(UserKey::Staff("u1")).unwrap().name, "林");
    assert_eq!(cache.query("select count(*) as n from user_info", &[]).unwrap()[0]["n"], 6);
    save_user(&cache, "u1", "new");
    cache.add_count(MONTH, 2);
    assert_eq!(cache.user(UserKey::Staff("u1")).unwrap().name, "new");
    assert_eq!(cache.count(MONTH), 43);
    cache.save_robot_message(&RobotSeen {
        conversation_id: "cidTestConversation0001==",
        title: "x",
        ..RobotSeen::default()
    });
    assert!(!cache.group(GroupKey::Conversation("cidTestConversation0001==")).unwrap().is_stub());
    assert!(!cache.check().unwrap().writable);
    assert!(cache.take_notices().is_empty());
    drop(cache);
    assert_eq!(fs::read(&path).unwrap(), before);
    println!("\nread only it was");
}

/// Permissions do not bind root, so the child runs as nobody there.
#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_written_is_read() {
    use std::os::unix::{fs::MetadataExt, fs::PermissionsExt, process::CommandExt};
    for (journal, file_mode, folder_mode) in [
        ("delete", 0o444, 0o777),
        ("delete", 0o666, 0o555),
        ("wal", 0o444, 0o777),
        ("wal", 0o444, 0o555),
        ("wal", 0o666, 0o555),
    ] {
        let place = Place::new().python_file();
        place.plain().query_row(&format!("pragma journal_mode = {journal}"), [], |_| Ok(())).unwrap();
        fs::set_permissions(place.path(), fs::Permissions::from_mode(file_mode)).unwrap();
        let mut command = child("cache::process::child_reads_what_it_cannot_write", &place.path());
        if fs::metadata(place.path()).unwrap().uid() == 0 {
            command.uid(65534).gid(65534);
        }
        fs::set_permissions(place.dir.path(), fs::Permissions::from_mode(folder_mode)).unwrap();
        let output = command.current_dir("/").output();
        fs::set_permissions(place.dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
        // Nobody may not even start this binary when it was built in a private folder.
        let Ok(output) = output else { continue };
        let said = String::from_utf8_lossy(&output.stdout);
        let case = format!(
            "{journal} {file_mode:o} {folder_mode:o}: {said}{}",
            String::from_utf8_lossy(&output.stderr)
        );
        assert!(output.status.success() && said.contains("read only it was"), "{case}");
    }
}

#[test]
#[ignore = "run by a_full_disk_is_survived"]
fn child_fills_the_disk() {
    let Some(path) = given_path() else { return };
    let cache = Cache::open(&path, clock());
    (0..400).for_each(|n| save_user(&cache, &format!("x{n}"), &"n".repeat(500)));
    assert_eq!(cache.user(UserKey::Staff("x399")).unwrap().name.len(), 500);
    let told = texts(&cache);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(["full", "failed"].iter().any(|word| told[0].contains(word)), "{told:?}");
    assert_ne!(cache.stats().mode, Mode::File);
    println!("\nsurvived");
}

/// A limit on the size of files stands for a full disk.
#[cfg(unix)]
#[test]
fn a_full_disk_is_survived() {
    for blocks in [1, 8, 200] {
        let place = Place::new().python_file();
        let plain = child("cache::process::child_fills_the_disk", &place.path());
        let mut shell = Command::new("sh");
        shell.args(["-c", &format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"")]);
        shell.arg(plain.get_program()).args(plain.get_args()).env("CACHE_TEST_FILE", place.path());
        let output = shell.output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(said.contains("survived"), "{blocks}: {said}{}", String::from_utf8_lossy(&output.stderr));
        let cache = place.open();
        assert!(cache.check().unwrap().complaints.is_empty());
        assert!(cache.user(UserKey::Staff("u1")).is_some());
    }
}
