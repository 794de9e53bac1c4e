//! `app.warm`: fills the cache, part by part. What was done stays done, so the cache itself says where to go on.

mod walk;

use std::collections::HashSet;

use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::organisation::ROOT;
use super::progress::Progress;
use super::{Context, Output, group};
use crate::api::warm::Warm;
use crate::cache::{Cache, DepartmentRow, GroupKey, UserKey};
use crate::error::{Class, Error, Kind, Result};
use crate::lang::Text;
use walk::{children, members, person};

/// How many calls are under way at once; the pace is kept by the client.
const AT_ONCE: usize = 8;

/// So many failures are told; a walk with more goes on all the same.
const MOST_TOLD: usize = 20;

/// What a walk has done.
#[derive(Default)]
struct Tally {
    calls: usize,
    failed: Vec<(String, String)>,
}

/// What is still to be asked, as far as the cache knows.
struct Plan<'a> {
    cx: &'a Context,
    departments: bool,
    users: bool,
    groups: Vec<String>,
}

pub(super) async fn warm(cx: &Context, args: Warm) -> Result<Output> {
    let flag = |flag: Option<crate::api::Flag>| flag.is_some_and(|flag| flag.0);
    let groups = args.groups.map_or_else(Vec::new, |groups| groups.0);
    let groups = groups.iter().map(|id| group::conversation_id(cx, &id.0)).collect::<Result<Vec<_>>>()?;
    let users = flag(args.users);
    let plan = Plan { cx, departments: users || flag(args.departments), users, groups };
    if !plan.departments && plan.groups.is_empty() {
        return Err(Error::unsendable("warm: nothing to do was given", "warm：没有指定要预热的内容").hint(
            Text::fixed(
                "`app.warm(#{departments: true, users: true})` walks the organisation",
                "`app.warm(#{departments: true, users: true})` 会遍历组织架构",
            ),
        ));
    }
    if cx.session.cache.is_off() {
        return Err(Error::unsendable("warm: the cache is off", "warm：缓存已关闭").hint(Text::fixed(
            "`use_database = true` in the configuration turns it on",
            "在配置中设置 `use_database = true` 启用",
        )));
    }
    if flag(args.estimate) {
        return Ok(Output::Json(plan.estimate()));
    }
    let mut tally = Tally::default();
    plan.run(&mut tally).await.map_err(go_on)?;
    Ok(Output::Json(plan.result(&tally)))
}

/// A walk that was stopped is no lost work.
fn go_on(error: Error) -> Error {
    error.hint(Text::fixed(
        "what was read is in the cache: the same call goes on from there",
        "已读取的内容保存在缓存中，再次执行同样的调用即可继续",
    ))
}

impl Plan<'_> {
    async fn run(&self, tally: &mut Tally) -> Result<()> {
        if self.departments {
            self.walk_departments(tally).await?;
        }
        if self.users {
            let stale = self.stale_members();
            self.say("departments whose people are listed", "列出成员的部门", stale.len(), stale.len());
            self.each(("people of departments", "部门成员"), stale, tally, members).await?;
            let (stale, all) = self.stale_people();
            self.say("people", "成员", all, stale.len());
            self.each(("people", "成员"), stale, tally, person).await?;
        }
        let stale = self.stale_groups();
        if !self.groups.is_empty() {
            self.say("groups", "群", self.groups.len(), 2 * stale.len());
        }
        self.each(("groups", "群"), stale, tally, walk::group).await
    }

    /// From the root down; a department whose children are fresh is walked in the cache.
    async fn walk_departments(&self, tally: &mut Tally) -> Result<()> {
        let known = self.cache().departments().len();
        let stale = self.stale_departments();
        self.say(
            "departments known so far (more may be found)",
            "已知部门（可能发现更多）",
            known,
            stale.max(1),
        );
        let (mut level, mut seen) = (vec![ROOT], HashSet::from([ROOT]));
        while !level.is_empty() {
            let ask = level.iter().copied().filter(|id| !self.is_listed(*id)).collect();
            self.each(("departments", "部门"), ask, tally, children).await?;
            let rows = self.cache().departments();
            let below = rows.iter().filter(|row| level.contains(&row.parent) && seen.insert(row.id));
            level = below.map(|row| row.id).collect();
        }
        Ok(())
    }

    /// Asks for each of `items`, some at a time. A refusal of one is noted; anything else ends the walk.
    async fn each<T: Clone + ToString + Send + 'static, F>(
        &self,
        what: (&'static str, &'static str),
        items: Vec<T>,
        tally: &mut Tally,
        ask: fn(Context, T) -> F,
    ) -> Result<()>
    where
        F: Future<Output = Result<usize>> + Send + 'static,
    {
        let (what, total) = (Text::fixed(what.0, what.1), items.len());
        let meter = Meter { cx: self.cx, what: &what, total };
        let (mut items, mut running, mut done) = (items.into_iter(), JoinSet::new(), 0);
        let mut stopped = None;
        loop {
            while stopped.is_none()
                && running.len() < AT_ONCE
                && let Some(item) = items.next()
            {
                let (cx, name) = (self.cx.clone(), item.to_string());
                running.spawn(async move { (name, ask(cx, item).await) });
            }
            let Some(joined) = running.join_next().await else { return stopped.map_or(Ok(()), Err) };
            let (name, result) = joined.map_err(|error| {
                Error::new(Kind::Bug { problem: "a part of `warm` panicked".into() }).because(error)
            })?;
            match result {
                Ok(calls) => tally.calls += calls,
                Err(error) if is_of_one(&error) => tally.failed.push((name, error.to_string())),
                // What is under way is paid for: it may come to its end.
                Err(error) => stopped = stopped.or(Some(error)),
            }
            done += 1;
            meter.tell(done);
        }
    }

    fn cache(&self) -> &Cache {
        &self.cx.session.cache
    }

    fn is_fresh(&self, time: f64, lifetime: f64) -> bool {
        time > 0.0 && (self.cx.session.clock.seconds() - time).abs() < lifetime
    }

    fn is_listed(&self, id: i64) -> bool {
        let lifetime = self.cx.session.config.data_cache_time.user;
        self.cache().department(id).is_some_and(|row| self.is_fresh(row.listed, lifetime))
    }

    fn stale_departments(&self) -> usize {
        self.cache().departments().iter().filter(|row| !self.is_listed(row.id)).count()
    }

    fn stale_members(&self) -> Vec<i64> {
        let lifetime = self.cx.session.config.data_cache_time.user;
        let stale = |row: &DepartmentRow| !self.is_fresh(row.counted, lifetime);
        self.cache().departments().iter().filter(|row| stale(row)).map(|row| row.id).collect()
    }

    /// The people of all departments: those to ask for, and how many there are.
    fn stale_people(&self) -> (Vec<String>, usize) {
        let lifetime = self.cx.session.config.data_cache_time.user;
        let now = self.cx.session.clock.seconds();
        let mut people: Vec<String> =
            self.cache().departments().into_iter().flat_map(|row| row.members).collect();
        people.sort_unstable();
        people.dedup();
        let all = people.len();
        people.retain(|id| {
            self.cache().user(UserKey::Staff(id)).is_none_or(|row| !row.answers(None, now, lifetime))
        });
        (people, all)
    }

    fn stale_groups(&self) -> Vec<String> {
        let lifetime = self.cx.session.config.data_cache_time.group;
        let now = self.cx.session.clock.seconds();
        let stale = |id: &&String| {
            self.cache().group(GroupKey::Conversation(id)).is_none_or(|row| !row.answers(None, now, lifetime))
        };
        self.groups.iter().filter(stale).cloned().collect()
    }

    /// Says what a part will cost.
    fn say(&self, en: &str, zh: &str, count: usize, calls: usize) {
        let rate = self.cx.session.config.pace.calls_per_second;
        let seconds = if rate > 0.0 { (calls as f64 / rate).ceil() } else { 0.0 };
        let budget = self.cx.session.config.usage.budget;
        let left = budget.map(|budget| (budget - self.cx.session.spent() as f64).max(0.0));
        let short = left.filter(|left| (calls as f64) > *left);
        let mut text = Text::made(
            format!("warm: {count} {en}: {calls} calls, {seconds} s or more"),
            format!("预热：{count} 个{zh}：{calls} 次调用，至少 {seconds} 秒"),
        );
        if let Some(left) = short {
            text = Text::made(
                format!("{}; the budget has {left} left and stops it there", text.en),
                format!("{}；预算仅剩 {left} 次，届时会停止", text.zh),
            );
        }
        self.cx.session.tell(&text);
    }

    fn estimate(&self) -> Value {
        let departments = if self.departments {
            self.stale_departments().max(usize::from(!self.is_listed(ROOT)))
        } else {
            0
        };
        let members = if self.users { self.stale_members().len().max(departments) } else { 0 };
        let users = if self.users { self.stale_people().0.len() } else { 0 };
        let groups = 2 * self.stale_groups().len();
        let complete = !self.departments || departments == 0 && (!self.users || members == 0);
        json!({
            "calls": departments + members + users + groups, "departments": departments, "members": members,
            "users": users, "groups": groups, "complete": complete,
        })
    }

    fn result(&self, tally: &Tally) -> Value {
        let departments = self.cache().departments().len().saturating_sub(self.stale_departments());
        let users = if self.users {
            let (stale, all) = self.stale_people();
            all.saturating_sub(stale.len())
        } else {
            0
        };
        let told = tally.failed.iter().take(MOST_TOLD);
        let failed: Vec<Value> = told.map(|(id, reason)| json!({ "id": id, "reason": reason })).collect();
        json!({
            "calls": tally.calls, "departments": if self.departments { departments } else { 0 }, "users": users,
            "groups": self.groups.len().saturating_sub(self.stale_groups().len()), "failures": tally.failed.len(), "failed": failed,
        })
    }
}

/// Somebody who left, or a group of another app: no reason to stop.
fn is_of_one(error: &Error) -> bool {
    let is_foreign_group = |code: &str| code == "400020";
    matches!(error.kind(), Kind::Refused(refusal) if refusal.class == Class::Request || is_foreign_group(&refusal.code))
}

/// Tells how far a part is; its end is told when it is dropped.
struct Meter<'a> {
    cx: &'a Context,
    what: &'a Text,
    total: usize,
}

impl Meter<'_> {
    fn tell(&self, done: usize) {
        self.cx.session.progress(&Progress::Count { what: self.what, done, total: self.total, over: false });
    }
}

impl Drop for Meter<'_> {
    fn drop(&mut self) {
        let (what, total) = (self.what, self.total);
        self.cx.session.progress(&Progress::Count { what, done: total, total, over: true });
    }
}
