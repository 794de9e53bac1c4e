//! `dingraia listen` and `dingraia replay`: what arrives, one line of JSON each.

use std::fs::{File, OpenOptions};
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use serde_json::{Value, json};
use tokio::sync::mpsc::{Receiver, channel};
use tokio_util::sync::CancellationToken;

use super::early::Early;
use super::program::Program;
use super::start::{Ask, Started, start};
use crate::cli::{ListenArgs, ReplayArgs};
use crate::client::Flight;
use crate::console::source::{read_text, without_shebang};
use crate::error::{Error, Kind, Result};
use crate::events::{Ask as Listen, Event, Hub, Kind as EventKind, record, redacted};
use crate::lang::Text;
use crate::script::{Live, Outcome, Station, Stop};

/// So many events may wait to be forwarded.
const FORWARDED: usize = 1000;

/// How long a forwarded event may take.
const FORWARD: Duration = Duration::from_secs(10);

/// `dingraia listen`: until Ctrl-C, the duration or the number of events is over.
pub(super) fn run(program: &Program, args: &ListenArgs) -> Result<u8, Early> {
    let seconds = args.duration.map(duration).transpose()?;
    let names = names(args.events.as_deref())?;
    let started = start(program, Ask::No)?;
    let station = Arc::clone(started.interpreter.station());
    station.listen_beside();
    let live = live(&started)?;
    let hub = station.hub(&live.0);
    let enough = CancellationToken::new();
    print(program, &hub, names, args.max_events, &enough);
    if let Some(path) = &args.record {
        keep(&hub, path)?;
    }
    if let Some(url) = &args.forward_to {
        forward(program, &live, &hub, url)?;
    }
    let (mut started, stop) = (started, Stop::default());
    let code = program.interrupts.during(&stop, || {
        if let Some(file) = &args.exec
            && let Some(code) = handlers(program, &mut started, file, &stop)?
        {
            return Ok(code);
        }
        if station.status(&live.0).is_none() {
            station.start(&live.0, asked(args))?;
        }
        let at = station.receivers().join(" ");
        let at = if at.is_empty() { at } else { format!(" {at}") };
        let text =
            Text::made(format!("listening{at}; Ctrl-C ends it"), format!("正在监听{at}；按 Ctrl-C 结束"));
        program.note(text.get(started.show.lang));
        let waited = program.bridge.evaluate(&stop, || {
            program.bridge.wait(&Flight::default(), async {
                let limit = async {
                    match seconds {
                        Some(seconds) => tokio::time::sleep(seconds).await,
                        None => std::future::pending().await,
                    }
                };
                tokio::select! {
                    () = limit => {}
                    () = enough.cancelled() => {}
                }
                Ok(())
            })
        });
        station.stop(&live.0);
        finish(program, &live, &station)?;
        ended(program, waited)
    })?;
    Ok(code)
}

/// What is listened to.
fn asked(args: &ListenArgs) -> Listen {
    let host = args.host.unwrap_or(Ipv4Addr::LOCALHOST.into());
    Listen { address: args.port.map(|port| SocketAddr::from((host, port))), ..Listen::default() }
}

/// `dingraia replay FILE`: what was recorded, at its pace, through the same handlers.
pub(super) fn replay(program: &Program, args: &ReplayArgs) -> Result<u8, Early> {
    if !(args.speed >= 0.0 && args.speed.is_finite()) {
        return Err(Error::usage("--speed must be 0 or more", "--speed 不能小于 0").into());
    }
    let names = names(args.only.as_deref())?;
    let file = File::open(&args.file).map_err(|error| Error::file(&args.file, error))?;
    let mut started = start(program, Ask::No)?;
    let station = Arc::clone(started.interpreter.station());
    station.listen_beside();
    let live = live(&started)?;
    let hub = station.hub(&live.0);
    print(program, &hub, names, None, &CancellationToken::new());
    let stop = Stop::default();
    let code = program.interrupts.during(&stop, || {
        if let Some(script) = &args.exec
            && let Some(code) = handlers(program, &mut started, script, &stop)?
        {
            return Ok(code);
        }
        let only = args.only.clone();
        let waited = program.bridge.evaluate(&stop, || {
            program.bridge.wait(&Flight::default(), play(&hub, BufReader::new(file), only.as_deref(), args))
        });
        finish(program, &live, &station)?;
        ended(program, waited)
    })?;
    Ok(code)
}

/// Plays the lines of a file into the hub.
async fn play(hub: &Hub, lines: BufReader<File>, only: Option<&str>, args: &ReplayArgs) -> Result<()> {
    let mut last: Option<i64> = None;
    for (number, line) in lines.lines().enumerate() {
        let line = line.map_err(|error| Error::file(&args.file, error))?;
        if line.trim().is_empty() {
            continue;
        }
        let Some(push) = record::push(&line) else {
            let (file, number) = (args.file.display(), number + 1);
            return Err(Error::usage(
                format!("{file}: line {number} is no recorded event"),
                format!("{file}：第 {number} 行不是录制的事件"),
            ));
        };
        if let Some(only) = only
            && !crate::events::read(push.clone()).is_some_and(|event| is_wanted(&event, only))
        {
            continue;
        }
        let wait = last.map_or(0, |last| (push.received - last).max(0));
        last = Some(push.received);
        if args.speed > 0.0 && wait > 0 {
            tokio::time::sleep(Duration::from_millis(wait.unsigned_abs()).div_f64(args.speed)).await;
        }
        hub.take(push);
        while hub.counts().waiting > crate::events::ROOM / 2 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
    while hub.counts().waiting > 0 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    Ok(())
}

fn live(started: &Started) -> Result<Live> {
    started.interpreter.app().ok_or_else(|| Error::usage("there is no app", "没有应用"))
}

fn duration(seconds: f64) -> Result<Duration> {
    let wrong =
        || Error::usage("--duration must be a number of seconds above 0", "--duration 必须是大于 0 的秒数");
    Duration::try_from_secs_f64(seconds).ok().filter(|time| !time.is_zero()).ok_or_else(wrong)
}

/// The names of `--events`: a kind each, an `eventType` of DingTalk, or `*`.
fn names(list: Option<&str>) -> Result<Option<String>> {
    for name in list.unwrap_or_default().split(',').map(str::trim).filter(|name| !name.is_empty()) {
        crate::script::event_name(name)?;
    }
    Ok(list.map(str::to_owned))
}

fn is_wanted(event: &Event, names: &str) -> bool {
    names.split(',').any(|name| event.is_named(name.trim()))
}

/// Prints what arrives, until there was enough of it.
fn print(program: &Program, hub: &Hub, names: Option<String>, most: Option<u64>, enough: &CancellationToken) {
    let (screen, enough, count) = (Arc::clone(&program.screen), enough.clone(), AtomicU64::new(0));
    hub.listen(Arc::new(move |event| {
        if event.kind().is_internal() || names.as_deref().is_some_and(|names| !is_wanted(event, names)) {
            return;
        }
        let number = count.fetch_add(1, Ordering::Relaxed) + 1;
        if most.is_some_and(|most| number > most) {
            return;
        }
        let written = screen.result(&line(event).to_string());
        if !written || most == Some(number) {
            enough.cancel();
        }
    }));
}

/// An event as one line for programs.
fn line(event: &Event) -> Value {
    let group = event.group.as_ref().map(|group| {
        let group = group.read();
        json!({ "id": group.id, "openConversationId": group.conversation_id, "name": group.name })
    });
    let member = event.member.as_ref().map(|member| {
        let member = member.read();
        json!({ "id": member.id, "staffId": member.staff_id, "unionId": member.union_id, "name": member.name })
    });
    json!({
        "event": event.name(), "type": event.wire, "id": event.trace_id, "time": event.time,
        "group": group, "member": member, "text": event.text, "raw": redacted(&event.raw),
    })
}

/// Keeps every push in a file that only its owner can read, without its secrets.
fn keep(hub: &Hub, path: &Path) -> Result<()> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = Mutex::new(options.open(path).map_err(|error| Error::file(path, error))?);
    let complaints = hub.complaints();
    hub.tap(Arc::new(move |push| {
        let line = format!("{}\n", record::line(push));
        if file.lock().write_all(line.as_bytes()).is_err() {
            complaints.add("a push that could not be recorded");
        }
    }));
    Ok(())
}

/// Sends the payload of every event, as it came, to an address.
fn forward(program: &Program, live: &Live, hub: &Hub, url: &str) -> Result<()> {
    let address = url::Url::parse(url).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    if address.is_none() {
        return Err(Error::usage(
            "--forward-to must begin with http:// or https://",
            "--forward-to 必须以 http:// 或 https:// 开头",
        ));
    }
    let (sender, receiver) = channel(FORWARDED);
    let complaints = hub.complaints();
    hub.listen(Arc::new(move |event: &Arc<Event>| {
        if !event.kind().is_internal() && sender.try_send(Arc::clone(event)).is_err() {
            complaints.add("an event that could not be forwarded in time");
        }
    }));
    let (session, url) = (Arc::downgrade(&live.0), url.to_owned());
    let complaints = hub.complaints();
    program.bridge.runtime()?.spawn(async move {
        let mut receiver: Receiver<Arc<Event>> = receiver;
        while let Some(event) = receiver.recv().await {
            let Some(session) = session.upgrade() else { return };
            let kind = if event.kind() == EventKind::BasicEvent { &event.wire } else { event.name() };
            let sent = session.client.forward(&url, kind, &event.raw);
            if !matches!(tokio::time::timeout(FORWARD, sent).await, Ok(Ok(()))) {
                complaints.add("an event that could not be forwarded");
            }
        }
    });
    Ok(())
}

/// Runs the script that defines the handlers; an exit code when it failed or left.
fn handlers(program: &Program, started: &mut Started, file: &Path, stop: &Stop) -> Result<Option<u8>> {
    let source = without_shebang(&read_text(file)?);
    match started.interpreter.evaluate(&source, &file.display().to_string(), stop) {
        Outcome::Value(_) => Ok(None),
        Outcome::Leave(code) => Ok(Some(crate::console::repl::exit_code(code))),
        Outcome::Problem(problem) => {
            program.screen.note(&started.show.problem(&problem));
            Ok(Some(problem.exit_code()))
        }
    }
}

/// Waits for what is being handled; with Ctrl-C no longer.
pub(super) fn finish(program: &Program, live: &Live, station: &Station) -> Result<()> {
    let most =
        Duration::try_from_secs_f64(live.0.config.wait_radio_message_finished_timeout).unwrap_or_default();
    let stop = Stop::default();
    let idle = async {
        station.idle(most).await;
        Ok(())
    };
    let waited = program
        .interrupts
        .during(&stop, || program.bridge.evaluate(&stop, || program.bridge.wait(&Flight::default(), idle)));
    if stop.is_fired() { Ok(()) } else { waited }
}

/// Ctrl-C is how it is meant to end.
fn ended(program: &Program, waited: Result<()>) -> Result<u8> {
    match waited {
        Err(error) if matches!(error.kind(), Kind::Interrupted { by_timeout: false, .. }) => Ok(0),
        Err(error) if program.screen.is_closed() => {
            drop(error);
            Ok(0)
        }
        other => other.map(|()| 0),
    }
}
