//! How many messages of the gateway a script handles, how soon they are acknowledged, and what becomes of them while connections
//! break. The gateway is the sandbox, in a process of its own.
//!
//! `figures events [--quick] [--million] [WORD]`; `--million` has a million messages pass for the figure of the memory.

#![allow(clippy::disallowed_methods, reason = "the gateway's process blocks on its own futures")]

use std::collections::HashSet;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use dingraia::cache::Cache;
use dingraia::client::Flight;
use dingraia::clock::Clock;
use dingraia::config::{Bot, Config};
use dingraia::events::Ask;
use dingraia::ops::Session;
use dingraia::sandbox::{FrameFault, LinkFault, Outcome, Sandbox, Seed, Timing as Times, Topic};
use dingraia::script::{Bridge, Interpreter, Live, Opener, Outcome as Ended, Print, Stop};
use dingraia::stream::Timing;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::runtime::Builder;
use tokio::sync::mpsc::unbounded_channel;

use super::Result;

/// How long everything that was taken may take to be handled.
const PATIENCE: Duration = Duration::from_secs(60);

/// So many messages are let in before those are waited for: fewer than may wait.
const AT_ONCE: usize = 5_000;

/// Reconnections of a day, one a minute.
const DAY: usize = 1_440;

/// Counts what is handled; each text and each event's own number is there once.
const SEEN: &str = "|e| { let id = if e.name == \"GroupMessage\" { e.text } else { e.number };
    if id in handled { twice += 1 } handled[id] = true }";

pub(super) fn main(args: &[String]) -> Result<()> {
    if args.iter().any(|arg| arg == "--serve") {
        return serve();
    }
    let has = |flag: &str| args.iter().any(|arg| arg == flag);
    let word = args.iter().find(|arg| !arg.starts_with("--")).map_or("", String::as_str);
    let (rounds, count) = if has("--quick") { (3, 10_000) } else { (7, 50_000) };
    let wanted = |name: &str| name.contains(word);
    if wanted("empty handler") {
        speed("messages/s, empty handler", "10000/s", "|e| {}", (rounds, count), None)?;
    }
    if wanted("acknowledged") {
        speed("acknowledged, p99, at 10,000/s", "5 ms", "|e| {}", (rounds, count), Some(10_000))?;
    }
    if wanted("reply") {
        speed("messages/s, with a reply", "2000/s", "|e| e.reply(\"收到\")", (rounds, count / 5), None)?;
    }
    if wanted("reconnects") {
        reconnects(if has("--quick") { DAY / 10 } else { DAY })?;
    }
    if wanted("memory") {
        memory(if has("--million") { 1_000_000 } else { 20 * count })?;
    }
    Ok(())
}

/// Prints how many messages are handled, or, at a pace, how soon they are acknowledged.
fn speed(
    name: &str,
    target: &str,
    handler: &str,
    (rounds, count): (usize, usize),
    pace: Option<u32>,
) -> Result<()> {
    let mut bench = Bench::new(handler, Timing::default())?;
    bench.flood(count.min(AT_ONCE), None)?;
    let (mut found, mut remark) = (Vec::new(), String::new());
    for _ in 0..rounds {
        let start = Instant::now();
        let said = bench.flood(count, pace)?;
        let rate = count as f64 / start.elapsed().as_secs_f64();
        let number = |name: &str| said[name].as_f64().unwrap_or(f64::NAN);
        found.push(if pace.is_some() { number("p99") } else { rate });
        let (p50, p99, failed) = (number("p50"), number("p99"), number("failed"));
        remark = format!("last: {rate:.0}/s, p50 {p50:.2} ms, p99 {p99:.2} ms, {failed} not taken");
    }
    found.sort_by(f64::total_cmp);
    let (unit, digits) = if pace.is_some() { ("ms", 2) } else { ("/s", 0) };
    let (least, middle, most) = (found[0], found[rounds / 2], found[rounds - 1]);
    println!("{name}\t{target}\t{middle:.digits$} {unit}\t{least:.digits$}\t{most:.digits$}\t{remark}");
    Ok(())
}

/// Breaks connections in every way and counts what is lost or handled twice.
fn reconnects(times: usize) -> Result<()> {
    let millis = Duration::from_millis;
    let timing = Timing {
        ping: millis(20),
        silence: millis(80),
        first: millis(2),
        most: millis(20),
        steady: millis(10),
        farewell: millis(200),
        ..Timing::default()
    };
    let mut bench = Bench::new(SEEN, timing)?;
    let said = bench.gateway.ask(&json!({ "break": times }))?;
    bench.settle()?;
    let (handled, twice) = (bench.evaluate("handled.keys()")?, bench.evaluate("twice")?);
    let handled: HashSet<&str> = handled.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    // An event is sent until it is acknowledged; a message is sent once, and what was acknowledged must be handled.
    let expected = said["events"].as_array().into_iter().chain(said["messages"].as_array()).flatten();
    let expected: Vec<&str> = expected.filter_map(Value::as_str).collect();
    let lost = expected.iter().filter(|id| !handled.contains(**id)).count();
    let again = bench.interpreter.station().counts(&bench.session).again;
    println!(
        "a day of {times} breaks\t0 lost, 0 twice\t{lost} lost, {twice} twice\t\t\t{} events and messages in {:.0} s, {} messages were cut off \
         unacknowledged, {again} came again",
        expected.len(),
        said["seconds"].as_f64().unwrap_or_default(),
        said["cut"],
    );
    Ok(())
}

/// Prints how much the memory grows while messages pass.
fn memory(count: usize) -> Result<()> {
    let mut bench = Bench::new("|e| {}", Timing::default())?;
    let resident =
        || memory_stats::memory_stats().map_or(0.0, |stats| stats.physical_mem as f64 / 1_048_576.0);
    // What is remembered at most is there before anything is measured.
    bench.flood(20_000, None)?;
    let before = resident();
    let mut most = before;
    for _ in 0..8 {
        bench.flood(count / 8, None)?;
        most = most.max(resident());
    }
    let after = resident();
    println!(
        "memory after {count} messages\tflat\t{:+.1} MiB\t\t\tfrom {before:.1} to {after:.1} MiB, at most {most:.1}",
        after - before
    );
    Ok(())
}

/// A script that listens to the gateway's process.
struct Bench {
    gateway: Gateway,
    interpreter: Interpreter,
    bridge: Arc<Bridge>,
    session: Arc<Session>,
}

impl Bench {
    fn new(handler: &str, timing: Timing) -> Result<Self> {
        let mut gateway = Gateway::start()?;
        let served = gateway.answer()?;
        let text = |name: &str| served[name].as_str().unwrap_or_default().to_owned();
        let mut config = Config::default();
        (config.endpoints.api, config.endpoints.oapi) = (text("api"), text("oapi"));
        (config.pace.calls_per_second, config.pace.webhook_per_minute) = (0.0, 0.0);
        config.bot = Some(Bot {
            app_key: Some(text("key")),
            app_secret: Some(text("secret").into()),
            robot_code: Some(text("key")),
            ..Bot::default()
        });
        let open = |config| Session::new(config, Cache::scratch(Clock::system()), Clock::system());
        let session = open(config);
        let bridge = Arc::new(Bridge::default());
        let opener: Opener = Arc::new(move |config| Ok(open(config)));
        let print: Print = Arc::new(|_| ());
        let mut interpreter = Interpreter::new(Arc::clone(&bridge), &opener, &print);
        interpreter.set_app(Live(Arc::clone(&session)));
        let mut bench = Self { gateway, interpreter, bridge, session };
        bench.evaluate(&format!(
            "let handled = #{{}}; let twice = 0; on(\"GroupMessage\", {handler}); on(\"bench_event\", {handler});"
        ))?;
        let station = bench.interpreter.station();
        station.listen_beside();
        station.start(&bench.session, Ask { timing, ..Ask::default() })?;
        bench.gateway.ask(&json!({ "wait": 1 }))?;
        Ok(bench)
    }

    /// Has so many messages said, and waits until they are handled.
    fn flood(&mut self, count: usize, pace: Option<u32>) -> Result<Value> {
        if pace.is_some() {
            let said = self.gateway.ask(&json!({ "flood": count, "pace": pace }))?;
            return self.settle().map(|()| said);
        }
        let (mut left, mut said) = (count, Value::Null);
        while left > 0 {
            let now = left.min(AT_ONCE);
            left -= now;
            said = self.gateway.ask(&json!({ "flood": now }))?;
            self.settle()?;
        }
        Ok(said)
    }

    /// Waits until nothing waits or is handled any more.
    fn settle(&self) -> Result<()> {
        let station = self.interpreter.station();
        let end = Instant::now() + PATIENCE;
        while Instant::now() < end {
            let idle = async {
                station.idle(PATIENCE).await;
                Ok(())
            };
            self.bridge.evaluate(&Stop::default(), || self.bridge.wait(&Flight::default(), idle))?;
            if station.counts(&self.session).waiting == 0 {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        Err("what was taken is not handled".into())
    }

    fn evaluate(&mut self, source: &str) -> Result<Value> {
        match self.interpreter.evaluate(source, "bench", &Stop::default()) {
            Ended::Value(value) => Ok(value.view().to_json()),
            other => Err(format!("{other:?}").into()),
        }
    }
}

/// The gateway's process. It is asked and answers in lines of JSON.
struct Gateway {
    process: Child,
    asks: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Gateway {
    fn start() -> Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        let mut process =
            command.args(["events", "--serve"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let asks = process.stdin.take().ok_or("no input")?;
        let answers = BufReader::new(process.stdout.take().ok_or("no output")?);
        Ok(Self { process, asks, answers })
    }

    fn ask(&mut self, asked: &Value) -> Result<Value> {
        writeln!(self.asks, "{asked}")?;
        self.answer()
    }

    fn answer(&mut self) -> Result<Value> {
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        Ok(serde_json::from_str(&line)?)
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Serves the sandbox and does what is asked for, until nobody asks any more.
fn serve() -> Result<()> {
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let sandbox = Sandbox::new(&Seed::Small, Clock::system())?;
        let (api, oapi) = (TcpListener::bind("127.0.0.1:0").await?, TcpListener::bind("127.0.0.1:0").await?);
        let keys = sandbox.credentials();
        let url = |listener: &TcpListener| listener.local_addr().map(|at| format!("http://{at}"));
        let served =
            json!({ "api": url(&api)?, "oapi": url(&oapi)?, "key": keys.app_key, "secret": keys.app_secret });
        println!("{served}");
        tokio::spawn(sandbox.clone().serve(api, oapi));
        let (sender, mut asked) = unbounded_channel();
        std::thread::spawn(move || {
            for line in std::io::stdin().lines().map_while(std::io::Result::ok) {
                let _ = sender.send(line);
            }
        });
        while let Some(line) = asked.recv().await {
            let asked: Value = serde_json::from_str(&line)?;
            let answer = if let Some(count) = asked["flood"].as_u64() {
                let pace = asked["pace"].as_u64().and_then(|pace| u32::try_from(pace).ok());
                flood(&sandbox, usize::try_from(count)?, pace).await?
            } else if let Some(times) = asked["break"].as_u64() {
                break_often(&sandbox, times).await?
            } else {
                until(|| !sandbox.connections().is_empty()).await;
                Value::Null
            };
            println!("{answer}");
        }
        Ok(())
    })
}

async fn until(condition: impl Fn() -> bool) {
    while !condition() {
        tokio::time::sleep(Duration::from_micros(500)).await;
    }
}

/// Has somebody say so many messages, and waits for their acknowledgements.
async fn flood(sandbox: &Sandbox, count: usize, pace: Option<u32>) -> Result<Value> {
    let before = sandbox.push_counts();
    sandbox.flood("张伟", Some("发布小组"), "好", count, pace).await?;
    let ended = || {
        let now = sandbox.push_counts();
        now.done + now.failed - before.done - before.failed
    };
    until(|| ended() >= count as u64).await;
    let mut took: Vec<f64> =
        sandbox.pushes().iter().rev().take(count).map(|push| push.took.as_secs_f64() * 1e3).collect();
    took.sort_by(f64::total_cmp);
    let failed = sandbox.push_counts().failed - before.failed;
    Ok(json!({ "p50": took[took.len() / 2], "p99": took[took.len() * 99 / 100], "failed": failed }))
}

/// Breaks the connection in all the ways, one after another, each time with an event and a message on their way.
async fn break_often(sandbox: &Sandbox, times: u64) -> Result<Value> {
    let millis = Duration::from_millis;
    sandbox.set_timing(Times {
        event_answer: millis(100),
        message_answer: millis(100),
        redelivery: millis(20),
        close: millis(50),
        ..Times::default()
    });
    let begun = Instant::now();
    let (mut events, mut messages, mut cut) = (Vec::new(), Vec::new(), 0);
    for number in 0..times {
        // Sooner or later there is a connection again.
        until(|| sandbox.connections().iter().any(|connection| !connection.leaving)).await;
        match number % 8 {
            0 => sandbox.frame_fault(FrameFault::Twice.times(2)),
            1 => sandbox.frame_fault(FrameFault::Late(5).times(1)),
            2 => sandbox.frame_fault(FrameFault::Lost.times(1)),
            _ => {}
        }
        sandbox.emit("bench_event", &json!({ "number": format!("e{number}") }));
        events.push(format!("e{number}"));
        let text = format!("m{number}");
        let before = acknowledged(sandbox);
        sandbox.say("张伟", Some("发布小组"), text.as_str())?;
        let fault = [LinkFault::Disconnect, LinkFault::Close, LinkFault::Drop, LinkFault::Silence]
            [(number % 4) as usize];
        sandbox.link_fault(fault, None);
        until(|| acknowledged(sandbox) != before).await;
        if acknowledged(sandbox).0 > before.0 { messages.push(text) } else { cut += 1 }
    }
    // Events come again until they are acknowledged.
    until(|| {
        let all = sandbox.pushes();
        let done = all.iter().filter(|push| push.topic == Topic::Event && push.outcome == Outcome::Done);
        done.map(|push| push.id.as_str()).collect::<HashSet<_>>().len() >= events.len()
    })
    .await;
    let seconds = begun.elapsed().as_secs_f64();
    Ok(json!({ "events": events, "messages": messages, "cut": cut, "seconds": seconds }))
}

/// How many messages were acknowledged, and how many were not.
fn acknowledged(sandbox: &Sandbox) -> (usize, usize) {
    let pushes = sandbox.pushes();
    let (done, failed): (Vec<_>, Vec<_>) = pushes
        .iter()
        .filter(|push| push.topic == Topic::Message)
        .partition(|push| push.outcome == Outcome::Done);
    (done.len(), failed.len())
}
