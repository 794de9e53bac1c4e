//! `%plan`: the writes of a block, collected and not sent, with before and after.

use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, OnceLock};

use parking_lot::Mutex;

use super::act::{Act, Named, calls_en, calls_zh, names};
use super::ask;
use super::change::{Change, changes, overlay};
use super::deed::Deed;
use super::image::{Image, Subject};
use super::look::looked_up;
use crate::client::{Auth, Call, Reply};
use crate::error::{Error, Result};
use crate::lang::Text;
use crate::model::Task;
use crate::ops::{Context, Session};
use crate::spec::Effect;

/// The writes of a block.
#[derive(Default)]
pub struct Plan {
    pub(super) items: Mutex<Vec<Item>>,
    /// Whose writes they are.
    pub(super) session: OnceLock<Arc<Session>>,
    /// What is changed, as it was when the plan was made.
    pub(super) images: Mutex<Vec<Image>>,
    /// Those that the block started.
    tasks: Mutex<Vec<Arc<Task>>>,
    /// Nothing is added any more.
    closed: super::Switch,
    /// A part of it was sent, or may have been.
    pub(super) begun: super::Switch,
    /// The request that is under way, by its place.
    pub(super) at: AtomicUsize,
}

/// One write.
pub(super) struct Item {
    /// Its method, or the request where it has none.
    pub(super) name: String,
    pub(super) method: Option<&'static str>,
    pub(super) call: Call,
    pub(super) deed: Deed,
    pub(super) effect: Effect,
    /// To whom, in words.
    pub(super) target: String,
    /// How many people it reaches.
    pub(super) reach: usize,
    /// Whose name is typed before it is sent.
    pub(super) typed: Option<Named>,
    /// What it carries, masked; shown where nothing is known of a change.
    pub(super) body: String,
    /// Where the answer will have ids in the place of those that were made up.
    pub(super) ids: Vec<(&'static str, String)>,
}

/// A write, worked out.
pub(super) struct Step {
    /// What it changes, as it is then.
    pub(super) found: Option<Image>,
    pub(super) changes: Vec<Change>,
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

    /// Waits for its tasks, also for those that they start. How they ended is told where all tasks are.
    pub async fn tasks_over(&self) {
        while let Some(task) = self.running() {
            task.over().await;
        }
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
    pub(super) fn work_out(&self, images: &[Image]) -> Vec<Step> {
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

    /// The list, as it is shown: the first `most` writes, and how many of what come behind them.
    pub fn text(&self, most: usize) -> Text {
        let Some(session) = self.session.get() else {
            return Text::fixed("the plan is empty", "计划为空");
        };
        let steps = self.work_out(&self.images.lock());
        let items = self.items.lock();
        let cost = items.iter().filter(|item| item.call.is_counted()).count();
        let count = items.len();
        let mut en = format!("plan: {}, {}; nothing is sent yet", requests_en(count), calls_en(cost));
        let mut zh = format!("计划：{count} 个请求，{}；尚未发送", calls_zh(cost));
        for (index, (item, step)) in items.iter().zip(steps).take(most).enumerate() {
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
        if let Some(rest) = items.get(most..).filter(|rest| !rest.is_empty()) {
            let (count, sums) = (rest.len(), sums(rest));
            en.push_str(&format!("\n   … and {count} more: {sums}; `%plan show all` lists them"));
            zh.push_str(&format!("\n   …… 另有 {count} 个：{sums}；`%plan show all` 全部列出"));
        }
        en.push_str("\n`%apply` sends exactly these, `%plan drop` forgets them");
        zh.push_str("\n`%apply` 按此发送，`%plan drop` 放弃");
        Text::made(en, zh)
    }
}

/// `send_message 250, mute_member 2`, in the order in which they come first.
fn sums(items: &[Item]) -> String {
    let mut sums: Vec<(&str, usize)> = Vec::new();
    for item in items {
        match sums.iter_mut().find(|(name, _)| *name == item.name) {
            Some((_, count)) => *count += 1,
            None => sums.push((&item.name, 1)),
        }
    }
    sums.iter().map(|(name, count)| format!("{name} {count}")).collect::<Vec<_>>().join(", ")
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
