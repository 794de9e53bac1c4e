//! `%apply`: sends what a plan has collected, once somebody agrees and if nothing of it has changed since.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use serde_json::Value;

use super::act::Named;
use super::change::moved;
use super::deed::Deed;
use super::image::Subject;
use super::plan::{Item, Plan, Step, requests_en};
use super::{Scope, UnderWay, ask};
use crate::client::{Body, Call, Reply};
use crate::error::{Error, Kind, Result};
use crate::lang::Text;
use crate::ops::{Context, Session, mirror};
use crate::spec::Effect;

/// What came of sending a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Applied {
    /// How many requests were sent; none in a dry run.
    pub sent: usize,
    /// How many API calls that took, with those that looked whether the world has moved.
    pub calls: u64,
}

impl Plan {
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
            self.at.store(index, Ordering::Relaxed);
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
        let removing = match destroys {
            0 => Default::default(),
            1 => (" (1 that removes something)".to_owned(), "（其中 1 个会删除内容）".to_owned()),
            some => (format!(" ({some} that remove something)"), format!("（其中 {some} 个会删除内容）")),
        };
        let whole = Text::made(
            format!("Send {these} {}{}?", requests_en(total), removing.0),
            format!("发送这 {total} 个请求{}？", removing.1),
        );
        let no = Text::fixed("the plan was not agreed to", "计划未获同意");
        ask::agree_to_all(session, &whole, &names, no).await
    }

    /// What of it was done when somebody has stopped it; nothing when none of it was.
    pub fn stopped(&self) -> Option<Text> {
        if !self.is_begun() {
            return None;
        }
        let items = self.items.lock();
        let done = self.at.load(Ordering::Relaxed);
        let (name, how) = (&items.get(done)?.name, reached(done, items.len()));
        Some(Text::made(
            format!("{name} may have been done, look; {}", how.en),
            format!("{name} 可能已执行，请查看；{}", how.zh),
        ))
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

fn partly(error: Error, method: &str, done: usize, total: usize) -> Error {
    if done == 0 {
        return error;
    }
    let failed = vec![(method.to_owned(), error.to_string())];
    let partial = Error::new(Kind::Partial { what: "%apply".into(), done, failed, body: Value::Null });
    let partial = error.hints().iter().cloned().fold(partial, Error::hint);
    partial.hint(reached(done, total))
}

/// How far a plan went that was stopped at the request behind the first `done`.
fn reached(done: usize, total: usize) -> Text {
    let left = total.saturating_sub(done + 1);
    let (first, first_zh) = match done {
        0 => return Text::fixed("nothing else was tried", "其余请求未尝试"),
        1 => ("the first request was sent and stays so".to_owned(), "第 1 个请求已发送且不会撤销".to_owned()),
        many => {
            let en = format!("the first {many} requests were sent and stay so");
            (en, format!("前 {many} 个请求已发送且不会撤销"))
        }
    };
    let (last, last_zh) = match left {
        0 => Default::default(),
        1 => ("; the last was not tried".to_owned(), "；最后 1 个未尝试".to_owned()),
        many => (format!("; the last {many} were not tried"), format!("；后 {many} 个未尝试")),
    };
    Text::made(format!("{first}{last}"), format!("{first_zh}{last_zh}"))
}
