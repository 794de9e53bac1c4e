//! `%plan`: the writes of a block, collected and not sent, with before and after; and sending exactly these.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use parking_lot::Mutex;
use serde_json::Value;

use super::act::{Act, Named, calls_en, calls_zh, names};
use super::change::{Change, changes, moved, overlay};
use super::deed::Deed;
use super::image::{Image, Subject};
use super::look::looked_up;
use super::{Scope, UnderWay, ask};
use crate::client::{Auth, Body, Call, Reply};
use crate::error::{Error, Kind, Result};
use crate::lang::Text;
use crate::model::Task;
use crate::ops::{Context, Session, mirror};
use crate::spec::Effect;

/// The writes of a block.
#[derive(Default)]
pub struct Plan {
    items: Mutex<Vec<Item>>,
    /// Whose writes they are.
    session: OnceLock<Arc<Session>>,
    /// What is changed, as it was when the plan was made.
    images: Mutex<Vec<Image>>,
    /// Those that the block started.
    tasks: Mutex<Vec<Arc<Task>>>,
    /// Nothing is added any more.
    closed: super::Switch,
    /// A part of it was sent, or may have been.
    begun: super::Switch,
}

/// One write.
struct Item {
    /// Its method, or the request where it has none.
    name: String,
    method: Option<&'static str>,
    call: Call,
    deed: Deed,
    effect: Effect,
    /// To whom, in words.
    target: String,
    /// How many people it reaches.
    reach: usize,
    /// Whose name is typed before it is sent.
    typed: Option<Named>,
    /// What it carries, masked; shown where nothing is known of a change.
    body: String,
    /// Where the answer will have ids in the place of those that were made up.
    ids: Vec<(&'static str, String)>,
}

/// A write, worked out.
struct Step {
    /// What it changes, as it is then.
    found: Option<Image>,
    changes: Vec<Change>,
}

/// What came of sending a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Applied {
    /// How many requests were sent; none in a dry run.
    pub sent: usize,
    /// How many API calls that took, with those that looked whether the world has moved.
    pub calls: u64,
}

impl std::fmt::Debug for Plan {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Plan").field("items", &self.items.lock().len()).finish_non_exhaustive()
    }
}

impl Plan {
    /// How many writes there are.
    pub fn len(&self) -> usize {
        self.items.lock().len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether a part of it was sent, or may have been: it is not the same plan any more.
    pub fn is_begun(&self) -> bool {
        self.begun.is_on()
    }

    /// A task that the block starts belongs to it.
    pub(in crate::ops) fn started(&self, task: &Arc<Task>) {
        self.tasks.lock().push(Arc::clone(task));
    }

    /// One of its tasks that still runs.
    pub fn running(&self) -> Option<Arc<Task>> {
        self.tasks.lock().iter().find(|task| !task.is_over()).cloned()
    }

    /// Waits for its tasks, also for those that they start.
    ///
    /// # Errors
    /// None of its own: how they ended is told where all tasks are.
    pub async fn tasks_over(&self) -> Result<()> {
        while let Some(task) = self.running() {
            task.over().await;
        }
        Ok(())
    }

    /// The block is over. What it started and still runs adds nothing: it goes on as a dry run.
    pub fn close(&self) {
        self.closed.set(true);
    }

    /// Takes a write in the place of sending it. What it changes is read, once for all writes of the plan.
    ///
    /// # Errors
    /// When that cannot be read.
    pub(super) async fn add(&self, cx: &Context, call: &Call) -> Result<Reply> {
        let act = looked_up(cx, call).await;
        let answer = cx.session.safety.made_up.answer(call);
        if self.closed.is_on() {
            cx.session.tell(&act.text());
            return Ok(answer.reply);
        }
        if !Arc::ptr_eq(self.session.get_or_init(|| Arc::clone(&cx.session)), &cx.session) {
            return Err(Error::unsendable("a plan is about one app", "一个计划只能针对一个应用"));
        }
        let deed = Deed::of(call);
        if let Some(subject) = Subject::of(&deed)
            && !self.images.lock().iter().any(|image| image.subject == subject)
        {
            let image = subject.read(cx).await?;
            self.images.lock().push(image);
        }
        let mut call = call.clone();
        if let (Auth::App, Some(token)) = (&call.auth, &cx.token) {
            call.auth = Auth::Given(token.clone());
        }
        let target = target(&act);
        let item = Item {
            reach: act.reach(),
            typed: ask::typed(&act),
            body: act.body(),
            name: act.method,
            method: cx.flight.method(),
            effect: act.whole,
            target,
            call,
            deed,
            ids: answer.ids,
        };
        self.items.lock().push(item);
        Ok(answer.reply)
    }

    /// Works out every write, in order: what it finds and what it changes. The images stay as they were read.
    fn work_out(&self, images: &[Image]) -> Vec<Step> {
        let mut images = images.to_vec();
        let mut all = Vec::new();
        for item in self.items.lock().iter() {
            let subject = Subject::of(&item.deed);
            let image = images.iter_mut().find(|image| Some(&image.subject) == subject.as_ref());
            let (found, changes) = (image.as_deref().cloned(), changes(&item.deed, image.as_deref()));
            if let Some(image) = image {
                overlay(image, &changes);
            }
            all.push(Step { found, changes });
        }
        all
    }

    /// The list, as it is shown.
    pub fn text(&self) -> Text {
        let Some(session) = self.session.get() else {
            return Text::fixed("the plan is empty", "计划为空");
        };
        let steps = self.work_out(&self.images.lock());
        let items = self.items.lock();
        let cost = items.iter().filter(|item| item.call.is_counted()).count();
        let count = items.len();
        let mut en = format!("plan: {}, {}; nothing is sent yet", requests_en(count), calls_en(cost));
        let mut zh = format!("计划：{count} 个请求，{}；尚未发送", calls_zh(cost));
        for (index, (item, step)) in items.iter().zip(steps).enumerate() {
            let head = format!("\n{:>3}. {} {}", index + 1, item.name, item.target);
            en.push_str(&head);
            zh.push_str(&head);
            for change in &step.changes {
                let text = change.text(&session.cache);
                let void = if change.is_void() { ("  (as it is)", "（无变化）") } else { ("", "") };
                en.push_str(&format!("\n     {}{}", text.en, void.0));
                zh.push_str(&format!("\n     {}{}", text.zh, void.1));
            }
            if step.changes.is_empty() && !item.body.is_empty() {
                en.push_str(&format!("\n     {}", item.body));
                zh.push_str(&format!("\n     {}", item.body));
            }
        }
        en.push_str("\n`%apply` sends exactly these, `%plan drop` forgets them");
        zh.push_str("\n`%apply` 按此发送，`%plan drop` 放弃");
        Text::made(en, zh)
    }

    /// Sends everything, in order, if nothing of it has changed since. The first failure ends it.
    ///
    /// # Errors
    /// When the world has moved, a person does not agree, or a request fails.
    pub async fn apply(&self, scope: Scope) -> Result<Applied> {
        let Some(session) = self.session.get() else { return Ok(Applied { sent: 0, calls: 0 }) };
        let calls = session.client.usage.session();
        let total = self.len();
        self.agree(session, total).await?;
        // Behind the question: while it stands the world goes on.
        let steps = self.check(session).await?;
        // What they find is known, and need not be read again for each.
        let scope = Scope { is_unrecorded: true, ..scope };
        let mut real: HashMap<String, String> = HashMap::new();
        let mut count = 0;
        for (index, step) in steps.into_iter().enumerate() {
            let Some((name, method, call, ids)) = self.items.lock().get(index).map(|item| {
                let call = with_real(&item.call, &real);
                (item.name.clone(), item.method, call, item.ids.clone())
            }) else {
                break;
            };
            let cx = Context::new(Arc::clone(session)).under(scope.clone());
            if let Some(method) = method {
                cx.flight.set_method(method);
            }
            cx.flight.clear();
            let was_begun = self.begun.is_on();
            let sent = async {
                // Whoever interrupts it does not know either.
                self.begun.set(was_begun || session.safety.lets_write(&scope));
                let is_recorded = session.safety.is_recording() && session.safety.lets_write(&scope);
                let record = is_recorded.then(|| UnderWay::new(&cx, &call, step.found));
                let answer = cx.call(&call).await;
                let is_done = answer.as_ref().map_or_else(Error::may_be_done, Reply::was_sent);
                self.begun.set(was_begun || is_done);
                if let Some(record) = record {
                    record.end(&answer);
                }
                let reply = answer?;
                count += usize::from(reply.was_sent());
                learn(&cx, &Deed::of(&call), &reply, &ids, &mut real).await;
                Ok(())
            };
            if let Err(error) = sent.await {
                return Err(partly(error, &name, index, total));
            }
        }
        Ok(Applied { sent: count, calls: session.client.usage.session().saturating_sub(calls) })
    }

    /// Reads again what is to be changed, and works the plan out once more.
    async fn check(&self, session: &Arc<Session>) -> Result<Vec<Step>> {
        let cx = Context::new(Arc::clone(session));
        let old = self.images.lock().clone();
        let mut new = Vec::with_capacity(old.len());
        for image in &old {
            // What the plan itself is to make does not change by itself.
            let made_up = matches!(&image.subject, Subject::Settings(id) | Subject::Members(id) | Subject::Person(id)
                if session.safety.made_up.is_own(id));
            new.push(if made_up { image.clone() } else { image.subject.clone().read(&cx).await? });
        }
        let (was, is) = (self.work_out(&old), self.work_out(&new));
        let of = |steps: &[Step]| steps.iter().flat_map(|step| step.changes.clone()).collect::<Vec<_>>();
        let pairs = of(&was).into_iter().zip(of(&is));
        let moved: Vec<Text> = pairs
            .filter(|(was, is)| was.before != is.before)
            .map(|(was, is)| moved(&session.cache, &was, is.before.as_ref()))
            .collect();
        if moved.is_empty() {
            return Ok(is);
        }
        let join = |text: fn(&Text) -> &str| moved.iter().map(text).collect::<Vec<_>>().join("; ");
        Err(Error::unsendable(
            format!("the world has moved since the plan was made: {}", join(|text| text.en.as_ref())),
            format!("计划制定后情况已变化：{}", join(|text| text.zh.as_ref())),
        )
        .hint(Text::fixed("nothing was sent; make the plan again", "没有发送任何请求；请重新制定计划")))
    }

    /// One question for all of it, if one is needed.
    async fn agree(&self, session: &Arc<Session>, total: usize) -> Result<()> {
        let (weighty, destroys, names) = {
            let items = self.items.lock();
            let destroys = items.iter().filter(|item| item.effect == Effect::Destroy).count();
            let weighty = |item: &Item| ask::is_worth_it(session, item.effect, item.reach);
            let mut names: Vec<Named> = Vec::new();
            for name in items.iter().filter_map(|item| item.typed.as_ref()) {
                if !names.contains(name) {
                    names.push(name.clone());
                }
            }
            (items.iter().any(weighty), destroys, names)
        };
        if !weighty || !session.safety.lets_write(&Scope::default()) {
            return Ok(());
        }
        let these = if total == 1 { "this" } else { "these" };
        let whole = Text::made(
            format!("Send {these} {} ({destroys} that remove something)?", requests_en(total)),
            format!("发送这 {total} 个请求（其中 {destroys} 个会删除内容）？"),
        );
        if ask::is_agreed(session, &whole, &names).await {
            return Ok(());
        }
        let what = Text::fixed("the plan was not agreed to", "计划未获同意");
        Err(Error::new(Kind::Declined { what }))
    }
}

/// What an answer tells those that follow, and the cache.
async fn learn(
    cx: &Context,
    deed: &Deed,
    reply: &Reply,
    ids: &[(&'static str, String)],
    real: &mut HashMap<String, String>,
) {
    if reply.was_sent() {
        deed.tell_cache(&cx.session.cache);
    }
    for (place, made_up) in ids {
        if let Some(id) = reply.json.pointer(place).and_then(Value::as_str) {
            real.insert(made_up.clone(), id.to_owned());
            if matches!(deed, Deed::GroupMade) && reply.was_sent() {
                // It takes a moment until it can be used; whoever needs it meets the error.
                let _ = mirror::until_usable(cx, id).await;
            }
        }
    }
}

/// `call` with the ids that DingTalk gave in the place of those that were made up.
fn with_real(call: &Call, real: &HashMap<String, String>) -> Call {
    let mut call = call.clone();
    if let (Some(Body::Json(body)), false) = (&mut call.body, real.is_empty()) {
        replace(body, real);
    }
    call
}

fn replace(value: &mut Value, real: &HashMap<String, String>) {
    match value {
        Value::String(text) => {
            for (made_up, id) in real {
                if text.contains(made_up.as_str()) {
                    *text = text.replace(made_up.as_str(), id);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| replace(item, real)),
        Value::Object(map) => map.values_mut().for_each(|item| replace(item, real)),
        _ => {}
    }
}

/// `1 request`
pub(super) fn requests_en(count: usize) -> String {
    if count == 1 { "1 request".into() } else { format!("{count} requests") }
}

fn target(act: &Act) -> String {
    if act.deed == Deed::Webhook {
        return act.address();
    }
    let groups = act.groups.iter().map(Named::full).collect::<Vec<_>>().join(", ");
    let people = if act.people.is_empty() { String::new() } else { names(&act.people) };
    [groups, people].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(": ")
}

fn partly(error: Error, method: &str, done: usize, total: usize) -> Error {
    if done == 0 {
        return error;
    }
    let failed = vec![(method.to_owned(), error.to_string())];
    let partial = Error::new(Kind::Partial { what: "%apply".into(), done, failed, body: Value::Null });
    let partial = error.hints().iter().cloned().fold(partial, Error::hint);
    let left = total - done - 1;
    partial.hint(Text::made(
        format!("the first {done} requests were sent and stay so; the last {left} were not tried"),
        format!("前 {done} 个请求已发送且不会撤销；后 {left} 个未尝试"),
    ))
}
