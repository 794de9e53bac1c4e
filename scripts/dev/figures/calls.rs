//! How many calls a second a script makes, beside bare reqwest on the same runtime and server.

#![allow(clippy::disallowed_methods, reason = "bare reqwest blocks on its own futures")]

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};
use serde_json::{Value, json};
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinSet;

use super::Result;
use dingraia::api::{Arg, methods};
use dingraia::cache::{Cache, UserSeen};
use dingraia::clock::Clock;
use dingraia::config::{Bot, Config};
use dingraia::ops::{Context, Session, run};
use dingraia::script::{Bridge, Interpreter, Live, Opener, Outcome, Print, Stop};
use dingraia::spec::Method;

const SEND: &str = "/v1.0/robot/groupMessages/send";
const CONVERSATION: &str = "cidBenchmark0000000000001==";

/// How long the far server takes, about as DingTalk does.
const FAR: Duration = Duration::from_millis(20);

/// How many calls are under way at once.
const AT_ONCE: usize = 64;

pub(super) fn main(args: &[String]) -> Result<()> {
    if args.iter().any(|arg| arg == "--serve") {
        return serve();
    }
    let (rounds, calls) = if args.iter().any(|arg| arg == "--quick") { (5, 2_000) } else { (11, 4_000) };
    let word = args.iter().find(|arg| !arg.starts_with("--")).map_or("", String::as_str);
    let server = Server::start()?;
    let folder = tempfile::tempdir()?;
    let open = |name| Cache::open(folder.path().join(name), Clock::system());
    let mut near = Bench::new(&server.url, open("near.db"), calls)?;
    let mut far = Bench::new(&format!("{}/far", server.url), open("far.db"), calls)?;
    // Every request is written down, as it is in the program.
    for bench in [&near, &far] {
        bench.session.client.journal.keep_in(folder.path().join("state/journal.jsonl"), "bench");
    }
    let mut time = |way: &Way| if way.far { far.time(way.run) } else { near.time(way.run) };
    let chosen: Vec<usize> = (0..WAYS.len()).filter(|way| WAYS[*way].is_chosen(word)).collect();
    // Connections, token, code and clock speed are there before anything is measured.
    for way in &chosen {
        time(&WAYS[*way])?;
    }
    let mut took: [Vec<f64>; WAYS.len()] = Default::default();
    let mut spent: [Vec<f64>; WAYS.len()] = Default::default();
    // One after the other in each round: what disturbs the machine disturbs all of them.
    for _ in 0..rounds {
        for way in &chosen {
            let (wall, own) = time(&WAYS[*way])?;
            took[*way].push(wall);
            spent[*way].push(own);
        }
    }
    for way in chosen {
        report(&WAYS[way], &took[way], &took[WAYS[way].beside], &spent[way]);
    }
    own_work("own work of a method, a call", "15 us", &took[1], &took[0]);
    own_work("own work of a script around it, a call", "", &took[2], &took[1]);
    Ok(())
}

/// How much longer a call takes than without what is `own`, round by round.
fn own_work(name: &str, target: &str, with: &[f64], without: &[f64]) {
    let mut micros: Vec<f64> = with.iter().zip(without).map(|(with, without)| with - without).collect();
    micros.sort_by(f64::total_cmp);
    if let (Some(least), Some(most)) = (micros.first().copied(), micros.last().copied()) {
        println!("{name}\t{target}\t{:.1} us\t{least:.1}\t{most:.1}\t", median(micros));
    }
}

/// A way of making calls.
struct Way {
    name: &'static str,
    target: &'static str,
    /// The way that it is compared with.
    beside: usize,
    /// Whether the answers take [`FAR`].
    far: bool,
    run: fn(&mut Bench) -> Result<usize>,
}

impl Way {
    /// Whether its name, or that of a way which is compared with it, holds `word`.
    fn is_chosen(&self, word: &str) -> bool {
        let compares = |way: &Self| way.name.contains(word) && self.name == WAYS[way.beside].name;
        self.name.contains(word) || WAYS.iter().any(compares)
    }
}

static WAYS: [Way; 11] = [
    Way { name: "bare reqwest, one after the other", target: "", beside: 0, far: false, run: Bench::bare },
    Way { name: "send_message without Rhai", target: "", beside: 0, far: false, run: Bench::pipeline },
    Way {
        name: "send_message in a script loop",
        target: "ratio 0.85",
        beside: 0,
        far: false,
        run: Bench::script,
    },
    Way { name: "bare reqwest, 64 tasks at once", target: "", beside: 3, far: false, run: Bench::bare_tasks },
    Way {
        name: "send_message without Rhai, 64 tasks at once",
        target: "ratio 0.95",
        beside: 3,
        far: false,
        run: Bench::pipeline_tasks,
    },
    Way {
        name: "bare reqwest, 64 threads at once",
        target: "",
        beside: 3,
        far: false,
        run: Bench::bare_threads,
    },
    Way { name: "parallel, limit 64", target: "ratio 0.85", beside: 3, far: false, run: Bench::parallel },
    Way {
        name: "bare reqwest, 64 tasks, a call each",
        target: "",
        beside: 7,
        far: false,
        run: Bench::bare_burst,
    },
    Way {
        name: "parallel over 64 items, limit 64",
        target: "ratio 0.85",
        beside: 7,
        far: false,
        run: Bench::parallel_burst,
    },
    Way {
        name: "bare reqwest, 64 tasks, answers in 20 ms",
        target: "",
        beside: 9,
        far: true,
        run: Bench::bare_tasks,
    },
    Way {
        name: "parallel, limit 64, answers in 20 ms",
        target: "",
        beside: 9,
        far: true,
        run: Bench::parallel,
    },
];

fn report(way: &Way, own: &[f64], beside: &[f64], spent: &[f64]) {
    let mut rates: Vec<f64> = own.iter().map(|micros| 1e3 / micros).collect();
    rates.sort_by(f64::total_cmp);
    let processor = format!("{:.0} us of processor a call", median(spent.to_vec()));
    let remark = if std::ptr::eq(own, beside) || beside.is_empty() {
        processor
    } else {
        let ratio = median(own.iter().zip(beside).map(|(own, beside)| beside / own).collect());
        let (own, beside) = (smallest(own), smallest(beside));
        format!(
            "{ratio:.2}, of the best runs {:.2}; {:+.1} us a call; {processor}",
            beside / own,
            own - beside
        )
    };
    let (slowest, fastest) = (rates[0], rates[rates.len() - 1]);
    println!("{}\t{}\t{:.1} k/s\t{slowest:.1}\t{fastest:.1}\t{remark}", way.name, way.target, median(rates));
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn smallest(values: &[f64]) -> f64 {
    values.iter().copied().fold(f64::INFINITY, f64::min)
}

struct Bench {
    bridge: Arc<Bridge>,
    interpreter: Interpreter,
    session: Arc<Session>,
    send: &'static Method,
    client: reqwest::Client,
    url: String,
    calls: usize,
}

impl Bench {
    fn new(url: &str, cache: Cache, calls: usize) -> Result<Self> {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut config = Config::default();
        config.endpoints.api = url.to_owned();
        config.endpoints.oapi = url.to_owned();
        config.pace.calls_per_second = 0.0;
        config.bot = Some(Bot {
            app_key: Some("dingbench".into()),
            app_secret: Some("secret".into()),
            robot_code: Some("dingbench".into()),
            ..Bot::default()
        });
        cache.save_user(&UserSeen { staff_id: "u1", union_id: "n1", name: "林", info: &Default::default() });
        let session = Session::new(config, cache, Clock::system());
        let bridge = Arc::new(Bridge::default());
        keep_count(&bridge, &session);
        let opener: Opener =
            Arc::new(|config| Ok(Session::new(config, Cache::scratch(Clock::system()), Clock::system())));
        let print: Print = Arc::new(|_| ());
        let mut interpreter = Interpreter::new(Arc::clone(&bridge), &opener, &print);
        interpreter.set_app(Live(Arc::clone(&session)));
        let send = methods().find(|method| method.name == "send_message").ok_or("no send_message")?;
        let client = reqwest::Client::builder().tcp_nodelay(true).build()?;
        Ok(Self { bridge, interpreter, session, send, client, url: format!("{url}{SEND}"), calls })
    }

    /// Microseconds a call, and those of them that this process had a processor; several threads may have one each.
    fn time(&mut self, run: fn(&mut Self) -> Result<usize>) -> Result<(f64, f64)> {
        let (start, before) = (Instant::now(), processor());
        let calls = run(self)?;
        let each = |time: Duration| time.as_secs_f64() * 1e6 / calls as f64;
        Ok((each(start.elapsed()), each(processor().saturating_sub(before))))
    }

    fn runtime(&self) -> Result<&Runtime> {
        Ok(self.bridge.runtime()?)
    }

    fn bare(&mut self) -> Result<usize> {
        for number in 0..self.calls {
            self.runtime()?.block_on(post(&self.client, &self.url, number))?;
        }
        Ok(self.calls)
    }

    fn bare_tasks(&mut self) -> Result<usize> {
        let each = self.calls / AT_ONCE;
        self.runtime()?.block_on(post_at_once(&self.client, &self.url, each))?;
        Ok(each * AT_ONCE)
    }

    /// As `parallel` has to do it: scripts wait for their calls, each on a thread of its own.
    fn bare_threads(&mut self) -> Result<usize> {
        let (runtime, each) = (self.runtime()?, self.calls / AT_ONCE);
        let make = || {
            (0..each).try_for_each(|number| runtime.block_on(post(&self.client, &self.url, number)).map(drop))
        };
        std::thread::scope(|scope| {
            let threads: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(make)).collect();
            threads.into_iter().try_for_each(|thread| thread.join().unwrap_or(Ok(())))
        })?;
        Ok(each * AT_ONCE)
    }

    fn bare_burst(&mut self) -> Result<usize> {
        let times = (self.calls / AT_ONCE / 4).max(1);
        for _ in 0..times {
            self.runtime()?.block_on(post_at_once(&self.client, &self.url, 1))?;
        }
        Ok(times * AT_ONCE)
    }

    /// The method itself, called and waited for as a script does it.
    fn pipeline(&mut self) -> Result<usize> {
        let stop = Stop::default();
        self.bridge.evaluate(&stop, || -> Result<()> {
            for number in 0..self.calls {
                let cx = Context::new(Arc::clone(&self.session));
                let given = vec![Arg::Text(CONVERSATION.into()), Arg::Text(format!("message {number}"))];
                self.bridge.wait(&cx.flight, run(&cx, self.send, given))?;
            }
            Ok(())
        })?;
        Ok(self.calls)
    }

    fn pipeline_tasks(&mut self) -> Result<usize> {
        let each = self.calls / AT_ONCE;
        let (session, send) = (&self.session, self.send);
        self.runtime()?.block_on(async {
            let mut tasks = JoinSet::new();
            for _ in 0..AT_ONCE {
                let session = Arc::clone(session);
                tasks.spawn(async move {
                    for number in 0..each {
                        let cx = Context::new(Arc::clone(&session));
                        let given =
                            vec![Arg::Text(CONVERSATION.into()), Arg::Text(format!("message {number}"))];
                        run(&cx, send, given).await?;
                    }
                    Ok::<_, dingraia::error::Error>(())
                });
            }
            while let Some(done) = tasks.join_next().await {
                done??;
            }
            Ok(each * AT_ONCE)
        })
    }

    fn script(&mut self) -> Result<usize> {
        let calls = self.calls;
        self.evaluate(&format!(
            "for i in 0..{calls} {{ app.send_message(\"{CONVERSATION}\", `message ${{i}}`) }}"
        ))?;
        Ok(calls)
    }

    fn parallel(&mut self) -> Result<usize> {
        let each = self.calls / AT_ONCE * AT_ONCE;
        self.evaluate(&over(each))?;
        Ok(each)
    }

    fn parallel_burst(&mut self) -> Result<usize> {
        let times = (self.calls / AT_ONCE / 4).max(1);
        for _ in 0..times {
            self.evaluate(&over(AT_ONCE))?;
        }
        Ok(times * AT_ONCE)
    }

    fn evaluate(&mut self, source: &str) -> Result<()> {
        match self.interpreter.evaluate(source, "bench", &Stop::default()) {
            Outcome::Value(_) => Ok(()),
            other => Err(format!("{other:?}").into()),
        }
    }
}

/// For how long this process has had a processor.
fn processor() -> Duration {
    clock_gettime(ClockId::ProcessCPUTime).try_into().unwrap_or_default()
}

/// A script that makes `count` calls with `parallel`.
fn over(count: usize) -> String {
    format!(
        "let items = []; for i in 0..{count} {{ items.push(i) }}
         parallel(items, |i| app.send_message(\"{CONVERSATION}\", `message ${{i}}`), #{{limit: {AT_ONCE}}})"
    )
}

/// The same request and the same reading of the answer.
async fn post(client: &reqwest::Client, url: &str, number: usize) -> reqwest::Result<Value> {
    let param = json!({ "content": format!("message {number}") }).to_string();
    let body = json!({ "robotCode": "dingbench", "openConversationId": CONVERSATION, "msgKey": "sampleText", "msgParam": param });
    let request = client.post(url).header("x-acs-dingtalk-access-token", "token").json(&body);
    request.send().await?.json().await
}

async fn post_at_once(client: &reqwest::Client, url: &str, each: usize) -> Result<()> {
    let mut tasks = JoinSet::new();
    for _ in 0..AT_ONCE {
        let (client, url) = (client.clone(), url.to_owned());
        tasks.spawn(async move {
            for number in 0..each {
                post(&client, &url, number).await?;
            }
            Ok::<_, reqwest::Error>(())
        });
    }
    while let Some(done) = tasks.join_next().await {
        done??;
    }
    Ok(())
}

/// As the program does it: what was counted is written to the cache four times a second.
fn keep_count(bridge: &Bridge, session: &Arc<Session>) {
    let session = Arc::downgrade(session);
    bridge.on_start(move |runtime| {
        runtime.spawn(async move {
            while let Some(session) = session.upgrade() {
                session.flush_usage();
                drop(session);
                tokio::time::sleep(Duration::from_millis(250)).await;
            }
        });
    });
}

/// The server, in a process of its own, as DingTalk is.
struct Server {
    process: Child,
    url: String,
}

impl Server {
    fn start() -> Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        let mut process =
            command.args(["calls", "--serve"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let mut url = String::new();
        BufReader::new(process.stdout.take().ok_or("no output")?).read_line(&mut url)?;
        Ok(Self { process, url: url.trim().to_owned() })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Answers every request with the same JSON, a token included; under `/far` after a while.
fn serve() -> Result<()> {
    const ANSWER: &str = r#"{"accessToken":"token","expireIn":7200,"processQueryKey":"benchmark-key-0001="}"#;
    Builder::new_current_thread().enable_all().build()?.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        println!("http://{}", listener.local_addr()?);
        let answer = |uri: axum::http::Uri, _: axum::body::Bytes| async move {
            if uri.path().starts_with("/far/") {
                tokio::time::sleep(FAR).await;
            }
            ([("content-type", "application/json")], ANSWER)
        };
        Ok(axum::serve(listener, axum::Router::new().fallback(answer)).await?)
    })
}
