//! The ways of making calls, each with what it needs.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use tokio::task::JoinSet;

use super::server::Place;
use crate::Result;
use dingraia::api::{Arg, methods};
use dingraia::cache::{Cache, UserSeen};
use dingraia::clock::Clock;
use dingraia::config::{Bot, Config};
use dingraia::ops::{Context, Session, run};
use dingraia::script::{Bridge, Interpreter, Live, Opener, Outcome, Print, Stop};
use dingraia::spec::Method;

const SEND: &str = "/v1.0/robot/groupMessages/send";
const TOKEN: &str = "/v1.0/oauth2/accessToken";

/// How many calls are under way at once.
const AT_ONCE: usize = 64;

/// A client and a session for one server.
pub(super) struct Bench {
    bridge: Arc<Bridge>,
    interpreter: Interpreter,
    pub(super) session: Arc<Session>,
    send: &'static Method,
    bare: Bare,
    calls: usize,
}

/// What reqwest by itself needs for the same calls.
#[derive(Clone)]
struct Bare {
    client: reqwest::Client,
    url: String,
    token: String,
    robot_code: String,
    conversation: String,
}

impl Bench {
    pub(super) fn new(place: &Place, cache: Cache, calls: usize) -> Result<Self> {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut config = Config::default();
        config.endpoints.api.clone_from(&place.url);
        config.endpoints.oapi.clone_from(&place.url);
        config.pace.calls_per_second = 0.0;
        config.bot = Some(Bot {
            app_key: Some(place.app_key.clone()),
            app_secret: Some(place.app_secret.clone().into()),
            robot_code: Some(place.robot_code.clone()),
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
        let bare = bridge.runtime()?.block_on(Bare::new(place))?;
        Ok(Self { bridge, interpreter, session, send, bare, calls })
    }

    /// Microseconds a call, and those of them that this process had a processor; several threads may have one each.
    pub(super) fn time(&mut self, run: fn(&mut Self) -> Result<usize>) -> Result<(f64, f64)> {
        let (start, before) = (Instant::now(), processor());
        let calls = run(self)?;
        let each = |time: Duration| time.as_secs_f64() * 1e6 / calls as f64;
        Ok((each(start.elapsed()), each(processor().saturating_sub(before))))
    }

    fn runtime(&self) -> Result<&Runtime> {
        Ok(self.bridge.runtime()?)
    }

    pub(super) fn bare(&mut self) -> Result<usize> {
        for number in 0..self.calls {
            self.runtime()?.block_on(self.bare.post(number))?;
        }
        Ok(self.calls)
    }

    pub(super) fn bare_tasks(&mut self) -> Result<usize> {
        let each = self.calls / AT_ONCE;
        self.runtime()?.block_on(self.bare.at_once(each))?;
        Ok(each * AT_ONCE)
    }

    /// As `parallel` has to do it: scripts wait for their calls, each on a thread of its own.
    pub(super) fn bare_threads(&mut self) -> Result<usize> {
        let (runtime, each) = (self.runtime()?, self.calls / AT_ONCE);
        let make = || (0..each).try_for_each(|number| runtime.block_on(self.bare.post(number)).map(drop));
        std::thread::scope(|scope| {
            let threads: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(make)).collect();
            threads.into_iter().try_for_each(|thread| thread.join().unwrap_or(Ok(())))
        })?;
        Ok(each * AT_ONCE)
    }

    pub(super) fn bare_burst(&mut self) -> Result<usize> {
        let times = (self.calls / AT_ONCE / 4).max(1);
        for _ in 0..times {
            self.runtime()?.block_on(self.bare.at_once(1))?;
        }
        Ok(times * AT_ONCE)
    }

    /// The method itself, called and waited for as a script does it.
    pub(super) fn pipeline(&mut self) -> Result<usize> {
        let stop = Stop::default();
        self.bridge.evaluate(&stop, || -> Result<()> {
            for number in 0..self.calls {
                let cx = Context::new(Arc::clone(&self.session));
                let given =
                    vec![Arg::Text(self.bare.conversation.clone()), Arg::Text(format!("message {number}"))];
                self.bridge.wait(&cx.flight, run(&cx, self.send, given))?;
            }
            Ok(())
        })?;
        Ok(self.calls)
    }

    pub(super) fn pipeline_tasks(&mut self) -> Result<usize> {
        let each = self.calls / AT_ONCE;
        let (session, send) = (&self.session, self.send);
        self.runtime()?.block_on(async {
            let mut tasks = JoinSet::new();
            for _ in 0..AT_ONCE {
                let (session, conversation) = (Arc::clone(session), self.bare.conversation.clone());
                tasks.spawn(async move {
                    for number in 0..each {
                        let cx = Context::new(Arc::clone(&session));
                        let given =
                            vec![Arg::Text(conversation.clone()), Arg::Text(format!("message {number}"))];
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

    pub(super) fn script(&mut self) -> Result<usize> {
        let (calls, conversation) = (self.calls, &self.bare.conversation);
        self.evaluate(&format!(
            "for i in 0..{calls} {{ app.send_message(\"{conversation}\", `message ${{i}}`) }}"
        ))?;
        Ok(calls)
    }

    pub(super) fn parallel(&mut self) -> Result<usize> {
        let each = self.calls / AT_ONCE * AT_ONCE;
        let source = self.over(each);
        self.evaluate(&source)?;
        Ok(each)
    }

    pub(super) fn parallel_burst(&mut self) -> Result<usize> {
        let times = (self.calls / AT_ONCE / 4).max(1);
        for _ in 0..times {
            let source = self.over(AT_ONCE);
            self.evaluate(&source)?;
        }
        Ok(times * AT_ONCE)
    }

    /// A script that makes `count` calls with `parallel`.
    fn over(&self, count: usize) -> String {
        let conversation = &self.bare.conversation;
        format!(
            "let items = []; for i in 0..{count} {{ items.push(i) }}
             parallel(items, |i| app.send_message(\"{conversation}\", `message ${{i}}`), #{{limit: {AT_ONCE}}})"
        )
    }

    fn evaluate(&mut self, source: &str) -> Result<()> {
        match self.interpreter.evaluate(source, "bench", &Stop::default()) {
            Outcome::Value(_) => Ok(()),
            other => Err(format!("{other:?}").into()),
        }
    }
}

impl Bare {
    async fn new(place: &Place) -> Result<Self> {
        let client = reqwest::Client::builder().tcp_nodelay(true).build()?;
        let credentials = json!({ "appKey": place.app_key, "appSecret": place.app_secret });
        let request = client.post(format!("{}{TOKEN}", place.url)).json(&credentials);
        let issued: Value = request.send().await?.error_for_status()?.json().await?;
        Ok(Self {
            client,
            url: format!("{}{SEND}", place.url),
            token: issued["accessToken"].as_str().ok_or("no token")?.to_owned(),
            robot_code: place.robot_code.clone(),
            conversation: place.conversation.clone(),
        })
    }

    /// The same request and the same reading of the answer.
    async fn post(&self, number: usize) -> reqwest::Result<Value> {
        let param = json!({ "content": format!("message {number}") }).to_string();
        let body = json!({
            "robotCode": self.robot_code,
            "openConversationId": self.conversation,
            "msgKey": "sampleText",
            "msgParam": param,
        });
        let request = self.client.post(&self.url).header("x-acs-dingtalk-access-token", &self.token);
        request.json(&body).send().await?.error_for_status()?.json().await
    }

    async fn at_once(&self, each: usize) -> Result<()> {
        let mut tasks = JoinSet::new();
        for _ in 0..AT_ONCE {
            let bare = self.clone();
            tasks.spawn(async move {
                for number in 0..each {
                    bare.post(number).await?;
                }
                Ok::<_, reqwest::Error>(())
            });
        }
        while let Some(done) = tasks.join_next().await {
            done??;
        }
        Ok(())
    }
}

/// For how long this process has had a processor.
fn processor() -> Duration {
    clock_gettime(ClockId::ProcessCPUTime).try_into().unwrap_or_default()
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
