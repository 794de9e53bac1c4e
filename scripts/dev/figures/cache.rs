//! The cache: a million rows, several processes, and kill -9; it asserts that nothing is lost.
//!
//! The words are `rows`, `processes` and `kill`.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::Result;
use dingraia::cache::{Cache, Entry, Mode, UserKey, UserSeen};
use dingraia::clock::Clock;
use dingraia::config::Config;
use dingraia::ops::Session;
use dingraia::script::{Bridge, Interpreter, Live, Opener, Outcome, Print, Stop};
use rusqlite::{Connection, params};
use serde_json::Map;

const SURNAMES: &str =
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈";
const GIVEN: &str = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红建国文斌宇浩凯雪梅兰竹婷琳晨曦子轩梓涵欣怡思雨佳俊辉鹏飞翔宁波海燕春";

/// How many rows the file between the small and the large one has.
const MIDDLE: u32 = 100_000;

pub(super) fn main(args: &[String]) -> Result<()> {
    if let Some(at) = args.iter().position(|arg| arg == "--child") {
        return child(&args[at + 1..]);
    }
    let quick = args.iter().any(|arg| arg == "--quick");
    let word = args.iter().find(|arg| !arg.starts_with("--")).map_or("", String::as_str);
    let folder = tempfile::tempdir()?;
    if "rows".contains(word) {
        rows(folder.path(), if quick { 100_000 } else { 1_000_000 }, if quick { 3 } else { 9 })?;
    }
    if "processes".contains(word) {
        processes(&folder.path().join("processes.db"), if quick { 3 } else { 30 })?;
    }
    if "kill".contains(word) {
        kill(&folder.path().join("kill.db"), if quick { 20 } else { 200 })?;
    }
    Ok(())
}

fn row(figure: &str, target: &str, median: &str, least: &str, most: &str, remark: &str) {
    println!("{figure}\t{target}\t{median}\t{least}\t{most}\t{remark}");
}

/// A file as the Python framework leaves it: no index, no table of ours. A group for every hundred people.
fn foreign(path: &Path, rows: u32) -> Result<()> {
    let mut conn = Connection::open(path)?;
    conn.execute_batch(
        "CREATE TABLE webhooks(id BIGINT not null, openConversationId TEXT not null, url TEXT not null, expired BIGINT not null, timeStamp BIGINT not null);
         CREATE TABLE group_info(id BIGINT not null, chatId TEXT not null, openConversationId TEXT not null, name TEXT not null, info TEXT not null, timeStamp BIGINT not null);
         CREATE TABLE user_info(id BIGINT not null, name TEXT not null, staffId TEXT not null, unionId TEXT not null, info TEXT not null, timeStamp BIGINT not null);
         CREATE TABLE counts(type TEXT not null, count BIGINT not null);
         CREATE TABLE file(sha256 TEXT not null, mediaId TEXT not null);
         CREATE TABLE aiAPI(name TEXT not null, data TEXT not null);",
    )?;
    let (surnames, given): (Vec<char>, Vec<char>) = (SURNAMES.chars().collect(), GIVEN.chars().collect());
    let tx = conn.transaction()?;
    {
        let mut user = tx.prepare("insert into user_info values(?1, ?2, ?3, ?4, ?5, 1700000000.5)")?;
        let mut group = tx.prepare("insert into group_info values(?1, ?2, ?2, ?3, ?4, 1700000000.5)")?;
        for n in 0..rows {
            let pick = |list: &[char], n: u32| list[n as usize % list.len()];
            let mixed = n.wrapping_mul(2_654_435_761);
            let name: String =
                [pick(&surnames, mixed >> 7), pick(&given, mixed >> 13), pick(&given, mixed >> 19)]
                    .iter()
                    .collect();
            let staff = format!("{:010}", 4_000_000_000_u64 + u64::from(n));
            let info = format!(
                r#"{{"userid":"{staff}","unionid":"union{n:09}iEiE","name":"{name}","mobile":"138{n:08}","title":"工程师","job_number":"XH{n}","dept_id_list":[{}],"active":true,"admin":false}}"#,
                n % 977 + 100
            );
            user.execute(params![1_000_000 + i64::from(n), name, staff, format!("union{n:09}iEiE"), info])?;
            if n % 100 == 0 {
                let cid = format!("cid{n:09}Group==");
                group.execute(params![
                    50_000_000_000_i64 + i64::from(n),
                    cid,
                    format!("{name}的项目组{n}"),
                    r#"{"title":"x","user_ids":["1"]}"#
                ])?;
            }
        }
    }
    tx.commit()?;
    Ok(())
}

fn rows(folder: &Path, many: u32, rounds: usize) -> Result<()> {
    let (small, middle, large) = (folder.join("small.db"), folder.join("middle.db"), folder.join("large.db"));
    foreign(&small, 1_000)?;
    foreign(&middle, MIDDLE)?;
    foreign(&large, many)?;
    scan(&large)?;
    drop(Cache::open(&small, Clock::system()));
    let start = Instant::now();
    let cache = Cache::open(&large, Clock::system());
    let opened = start.elapsed();
    row(
        &format!("opening a foreign file, {many} rows"),
        "",
        &millis(opened),
        "",
        "",
        "its indexes are made in the background",
    );
    while cache.upkeep().is_some() {
        std::thread::sleep(Duration::from_millis(20));
    }
    row("its indexes and words", "", &format!("{:.1} s", start.elapsed().as_secs_f64()), "", "", "once");
    drop(cache);
    let cache = Cache::open(&middle, Clock::system());
    while cache.upkeep().is_some() {
        std::thread::sleep(Duration::from_millis(20));
    }
    drop(cache);
    opening(&small, &large, many)?;
    let size = std::fs::metadata(&large)?.len() as f64 / 1_048_576.0;
    row("the file then", "", &format!("{size:.0} MiB"), "", "", "");
    lookups([(&small, 1_000), (&middle, MIDDLE), (&large, many)], rounds)?;
    finds(&large, rounds)?;
    iterate(&large)
}

/// What a lookup costs without an index, as the Python framework does it.
fn scan(path: &Path) -> Result<()> {
    let conn = Connection::open(path)?;
    let mut statement = conn.prepare("select info from user_info where staffId = ?1")?;
    let mut times = Vec::new();
    for n in 0..5_u64 {
        let start = Instant::now();
        let found: Vec<String> = statement
            .query_map([format!("{:010}", 4_000_000_000_u64 + n * 7)], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        assert_eq!(found.len(), 1);
        times.push(start.elapsed());
    }
    times.sort();
    row("a lookup without an index", "", &millis(times[2]), &millis(times[0]), &millis(times[4]), "a scan");
    Ok(())
}

fn opening(small: &Path, large: &Path, many: u32) -> Result<()> {
    let time = |path: &Path| {
        let mut times: Vec<Duration> = (0..21)
            .map(|_| {
                let start = Instant::now();
                let cache = Cache::open(path, Clock::system());
                let took = start.elapsed();
                assert_eq!(cache.stats().mode, Mode::File);
                took
            })
            .collect();
        times.sort();
        times
    };
    let (few, lots) = (time(small), time(large));
    row("opening a file, 1000 rows", "", &millis(few[10]), &millis(few[0]), &millis(few[20]), "");
    row(
        &format!("opening a file, {many} rows"),
        "10 ms",
        &millis(lots[10]),
        &millis(lots[0]),
        &millis(lots[20]),
        "",
    );
    Ok(())
}

fn lookups(files: [(&Path, u32); 3], rounds: usize) -> Result<()> {
    for (what, target) in [
        ("staffId", r#""" + (4000000000 + n)"#),
        ("unionId", r#"Member(#{unionId: `union${pad(n)}iEiE`})"#),
        ("id", "1000000 + n"),
        ("cid", r#"`cid${pad(n / 100 * 100)}Group==`"#),
    ] {
        let measure = |path: &Path, rows: u32| -> Result<Vec<f64>> {
            let mut desk = Desk::open(path)?;
            let calls = 20_000;
            let source = format!(
                "fn pad(n) {{ let s = \"\" + n; while s.len < 9 {{ s = \"0\" + s; }} s }} \
                 let targets = []; for i in 0..{calls} {{ let n = (i * 7919) % {rows}; targets.push({target}); }}"
            );
            desk.run(&source)?;
            desk.run("for t in targets { app.get_info(t); }")?;
            let mut rates = Vec::new();
            for _ in 0..rounds {
                let start = cpu_time()?;
                desk.run("for t in targets { app.get_info(t); }")?;
                rates.push(f64::from(calls) / (cpu_time()? - start) / 1000.0);
            }
            desk.run("if app.get_info(targets[5])[1] == 0 { throw \"nothing found\" }")?;
            rates.sort_by(f64::total_cmp);
            Ok(rates)
        };
        let mut first = None;
        for (path, rows) in files {
            let rates = measure(path, rows)?;
            let few = *first.get_or_insert(rates[rounds / 2]);
            let ratio = rates[rounds / 2] / few;
            let remark = if rows > 1_000 { format!("{ratio:.2} of 1000 rows") } else { String::new() };
            let rate = |n: usize| format!("{:.0} k/s", rates[n]);
            row(
                &format!("get_info by {what} in a script, {rows} rows"),
                "80 k/s",
                &rate(rounds / 2),
                &rate(0),
                &rate(rounds - 1),
                &remark,
            );
        }
    }
    let [.., (large, many)] = files;
    bare(large, many, rounds)
}

/// The same rows without Rhai and without us.
fn bare(path: &Path, many: u32, rounds: usize) -> Result<()> {
    let conn = Connection::open(path)?;
    let mut statement =
        conn.prepare("select id, name, staffId, unionId, info, timeStamp from user_info where staffId = ?1")?;
    let mut rates = Vec::new();
    for _ in 0..rounds {
        let start = cpu_time()?;
        for i in 0..20_000_u64 {
            let n = (i * 7919) % u64::from(many);
            let info: String = statement.query_row([(4_000_000_000 + n).to_string()], |row| row.get(4))?;
            assert!(!info.is_empty());
        }
        rates.push(20_000.0 / (cpu_time()? - start) / 1000.0);
    }
    rates.sort_by(f64::total_cmp);
    row(
        "bare rusqlite by staffId",
        "",
        &format!("{:.0} k/s", rates[rounds / 2]),
        "",
        "",
        "no JSON, no script",
    );
    Ok(())
}

fn finds(path: &Path, rounds: usize) -> Result<()> {
    let cache = Cache::open(path, Clock::system());
    for (what, text, target) in [
        ("one character", "张", "20 ms"),
        ("a beginning", "王伟", "20 ms"),
        ("pinyin", "zhangwei", "20 ms"),
        ("a letter", "z", "20 ms"),
        ("initials", "zxm", "20 ms"),
        ("id begins", "40000123", "20 ms"),
        ("middle of a name", "芳芳", "100 ms"),
        ("middle of pinyin", "fangfang", "100 ms"),
        ("middle of an id", "9999", "100 ms"),
        ("nothing", "qqqqzzzz", "100 ms"),
    ] {
        let mut times: Vec<Duration> = Vec::new();
        let mut found = 0;
        for _ in 0..rounds.max(5) {
            let start = Instant::now();
            found = cache.find(text, Entry::ALL, 20).len();
            times.push(start.elapsed());
        }
        let first = millis(times[0]);
        times.sort();
        let last = times.len() - 1;
        let remark = format!("{found} found; the first time {first}");
        row(
            &format!("find `{text}`, {what}"),
            target,
            &millis(times[last / 2]),
            &millis(times[0]),
            &millis(times[last]),
            &remark,
        );
    }
    Ok(())
}

/// In a process of its own, so that its memory is its own.
fn iterate(path: &Path) -> Result<()> {
    let mut child = spawn("iterate", path, 0)?;
    let lines: Vec<String> = read(&mut child).collect();
    child.wait()?;
    let parts: Vec<&str> = lines.first().map(|line| line.split(' ').collect()).unwrap_or_default();
    let [rows, seconds, before, after] = parts[..] else { return Err("no answer of the child".into()) };
    let grown = (after.parse::<f64>()? - before.parse::<f64>()?) / 1024.0;
    row(
        "memory for looking at all rows in a script",
        "50 MiB",
        &format!("{grown:.1} MiB"),
        "",
        "",
        &format!("{rows} rows in {seconds} s"),
    );
    Ok(())
}

fn processes(path: &Path, seconds: u64) -> Result<()> {
    drop(Cache::open(path, Clock::system()));
    let mut children = Vec::new();
    for number in 0..4 {
        children.push(spawn(&format!("write {number} {seconds}"), path, number)?);
        children.push(spawn(&format!("read {number} {seconds}"), path, number)?);
    }
    let (mut written, mut looked, mut slowest) = (Vec::new(), 0_u64, 0.0_f64);
    for mut child in children {
        let lines: Vec<String> = read(&mut child).collect();
        assert!(child.wait()?.success(), "{lines:?}");
        for line in lines {
            match line.split(' ').collect::<Vec<_>>()[..] {
                ["written", number, count, worst] => {
                    written.push((number.parse::<u32>()?, count.parse::<u64>()?));
                    slowest = slowest.max(worst.parse()?);
                }
                ["looked", count] => looked += count.parse::<u64>()?,
                _ => return Err(format!("a process said: {line}").into()),
            }
        }
    }
    let cache = Cache::open(path, Clock::system());
    let mut sum = 0;
    for (number, count) in written {
        for n in 0..count {
            assert!(cache.user(UserKey::Staff(&format!("w{number}-{n}"))).is_some(), "w{number}-{n} is lost");
        }
        sum += count;
    }
    assert_eq!(cache.count("2023_11"), sum.cast_signed(), "counts are lost");
    assert!(cache.check()?.complaints.is_empty() && cache.take_notices().is_empty());
    row(
        &format!("4 processes write and 4 read, {seconds} s"),
        "no error",
        &format!("{:.1} k/s", sum as f64 / seconds as f64 / 1000.0),
        "",
        "",
        &format!("{sum} rows written, none lost; {looked} looked up; the slowest write {slowest:.0} ms"),
    );
    Ok(())
}

fn kill(path: &Path, times: u64) -> Result<()> {
    drop(Cache::open(path, Clock::system()));
    let (mut next, mut total) = (0_u64, 0);
    for time in 0..times {
        let mut child = spawn(&format!("confirm {next}"), path, 0)?;
        let out = child.stdout.take().ok_or("no output")?;
        // From the very first writes to some milliseconds later.
        let wanted = next + 1 + time * time % 97;
        let mut confirmed = next;
        for line in BufReader::new(out).lines().map_while(std::result::Result::ok) {
            confirmed = line.parse()?;
            if confirmed >= wanted {
                break;
            }
        }
        child.kill()?;
        child.wait()?;
        let cache = Cache::open(path, Clock::system());
        assert!(cache.take_notices().is_empty());
        for n in next..=confirmed {
            assert!(cache.user(UserKey::Staff(&format!("k{n}"))).is_some(), "k{n} is lost");
        }
        assert!(time % 10 != 0 || cache.check()?.complaints.is_empty());
        total += confirmed - next + 1;
        next = confirmed + 1000;
    }
    row(
        &format!("kill -9 while writing, {times} times"),
        "no loss",
        "0 lost",
        "",
        "",
        &format!("{total} confirmed rows are there"),
    );
    Ok(())
}

fn spawn(role: &str, path: &Path, _number: u32) -> Result<Child> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["cache", "--child"]).args(role.split(' ')).arg(path);
    Ok(command.stdout(Stdio::piped()).spawn()?)
}

fn read(child: &mut Child) -> impl Iterator<Item = String> {
    child
        .stdout
        .take()
        .into_iter()
        .flat_map(|out| BufReader::new(out).lines().map_while(std::result::Result::ok))
}

fn child(args: &[String]) -> Result<()> {
    let path = PathBuf::from(args.last().ok_or("no path")?);
    let number = |at: usize| args.get(at).and_then(|text| text.parse::<u64>().ok()).unwrap_or(0);
    match args[0].as_str() {
        "iterate" => {
            let mut desk = Desk::open(&path)?;
            desk.run("let n = 0; for user in cache.groups() { n += user.name.len; }")?;
            let (before, start) = (peak()?, Instant::now());
            desk.run("let n = 0; for user in cache.users() { n += 1; } if n < 1000 { throw n }")?;
            let rows = Cache::open(&path, Clock::system()).count_rows(dingraia::cache::Table::Users);
            println!("{rows} {:.1} {before} {}", start.elapsed().as_secs_f64(), peak()?);
        }
        "write" => write(&Cache::open(&path, Clock::system()), number(1), number(2)),
        "read" => look(&Cache::open(&path, Clock::system()), number(2)),
        _ => confirm(&Cache::open(&path, Clock::system()), number(1)),
    }
    Ok(())
}

fn save(cache: &Cache, id: &str) {
    let info = Map::from_iter([("userid".into(), id.into()), ("name".into(), "林晓".into())]);
    cache.save_user(&UserSeen { staff_id: id, union_id: "", name: "林晓", info: &info });
}

fn write(cache: &Cache, number: u64, seconds: u64) {
    let (end, mut count, mut worst) = (Instant::now() + Duration::from_secs(seconds), 0_u64, 0.0_f64);
    while Instant::now() < end {
        let start = Instant::now();
        save(cache, &format!("w{number}-{count}"));
        cache.add_count("2023_11", 1);
        worst = worst.max(start.elapsed().as_secs_f64() * 1000.0);
        count += 1;
    }
    for notice in cache.take_notices() {
        println!("{}", notice.text.en);
    }
    println!("written {number} {count} {worst}");
}

fn look(cache: &Cache, seconds: u64) {
    let (end, mut count) = (Instant::now() + Duration::from_secs(seconds), 0_u64);
    while Instant::now() < end {
        cache.user(UserKey::Staff(&format!("w{}-{}", count % 4, count / 4 % 1000)));
        if count % 1000 == 0 {
            cache.find("lin", Entry::ALL, 5);
            cache.page(dingraia::cache::Table::Users, dingraia::cache::Cursor::default(), 100, false);
        }
        count += 1;
    }
    for notice in cache.take_notices() {
        println!("{}", notice.text.en);
    }
    println!("looked {count}");
}

fn confirm(cache: &Cache, from: u64) {
    for n in from.. {
        save(cache, &format!("k{n}"));
        println!("{n}");
    }
}

/// The most memory that this process had, in KiB.
fn peak() -> Result<f64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}

/// The time that this thread was given, in seconds: what else the machine does at the moment counts less.
fn cpu_time() -> Result<f64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat")?;
    let nanos: f64 = text.split(' ').next().unwrap_or_default().parse()?;
    Ok(nanos / 1e9)
}

fn millis(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1000.0)
}

/// An interpreter over a cache file.
struct Desk(Interpreter);

impl Desk {
    fn open(path: &Path) -> Result<Self> {
        let session = Session::new(Config::default(), Cache::open(path, Clock::system()), Clock::system());
        let opener: Opener =
            Arc::new(|config| Ok(Session::new(config, Cache::scratch(Clock::system()), Clock::system())));
        let print: Print = Arc::new(|_| ());
        let mut interpreter = Interpreter::new(Arc::new(Bridge::default()), &opener, &print);
        interpreter.set_app(Live(session));
        Ok(Self(interpreter))
    }

    fn run(&mut self, source: &str) -> Result<()> {
        match self.0.evaluate(source, "<bench>", &Stop::default()) {
            Outcome::Value(_) => Ok(()),
            Outcome::Leave(code) => Err(format!("left with {code}").into()),
            Outcome::Problem(problem) => Err(problem.message.en.to_string().into()),
        }
    }
}
