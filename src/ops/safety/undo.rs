//! `%undo`: takes back what was done at the prompt, from how it was before; and says what cannot be taken back, and why.

use std::sync::Arc;

use parking_lot::Mutex;
use serde_json::{Map, Value, json};

use super::change::{Change, What, as_sent, changes, moved};
use super::deed::Deed;
use super::image::Subject;
use super::ledger::{Action, Request};
use super::scope::Scope;
use super::why::why_not;
use crate::client::{Body, Call, To};
use crate::error::{Error, Result};
use crate::lang::Text;
use crate::ops::{Context, Session, member, recall};
use crate::spec::{Effect, Host};

/// What came of taking back one method call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undone {
    /// What was done.
    pub method: String,
    /// To which groups, or to whom.
    pub about: String,
    /// What was taken back, a line each.
    pub done: Vec<Text>,
    /// What was not, and why.
    pub not: Vec<Text>,
}

/// How to take back one request.
#[derive(Default)]
struct Reverse {
    calls: Vec<(Call, Vec<Text>)>,
    not: Vec<Text>,
}

impl Undone {
    fn of(session: &Session, action: &Action) -> Self {
        let about = action.about(&session.cache);
        Self { method: action.method.clone(), about, done: Vec::new(), not: Vec::new() }
    }

    fn is_empty(&self) -> bool {
        self.done.is_empty() && self.not.is_empty()
    }

    fn say_void(&mut self) {
        if self.is_empty() {
            self.not.push(Text::fixed("it changed nothing", "它没有改动任何内容"));
        }
    }
}

/// What came of taking back so far. It stands also when whoever waits for it gives up.
#[derive(Debug, Default)]
pub struct Undoing(Mutex<Vec<Undone>>);

impl Undoing {
    fn begin(&self, session: &Session, action: &Action) {
        self.0.lock().push(Undone::of(session, action));
    }

    fn add(&self, change: impl FnOnce(&mut Undone)) {
        if let Some(undone) = self.0.lock().last_mut() {
            change(undone);
        }
    }

    /// All of it, a method each.
    pub fn told(self) -> Vec<Undone> {
        let mut all = self.0.into_inner();
        all.retain(|undone| !undone.is_empty());
        all
    }
}

impl Session {
    /// Takes back the last `count` method calls, newest first. What cannot be taken back is forgotten all the same: the next
    /// time it is the one before.
    ///
    /// # Errors
    /// When nothing was done, somebody else has changed it since, or a request fails.
    pub async fn undo(self: &Arc<Self>, count: usize, scope: Scope, undoing: &Undoing) -> Result<()> {
        let actions = self.safety.ledger.last(count);
        if actions.is_empty() {
            return Err(nothing(self.safety.is_recording()));
        }
        let scope = Scope { is_unrecorded: true, ..scope };
        for action in actions {
            undoing.begin(self, &action);
            take_back(self, &action, &scope, undoing).await?;
            undoing.add(Undone::say_void);
            if self.safety.lets_write(&scope) {
                self.safety.ledger.forget(&action);
            }
        }
        Ok(())
    }

    /// Forgets the last method call, so that the one before is next; its name.
    ///
    /// # Errors
    /// When nothing was done.
    pub fn undo_drop(&self) -> Result<String> {
        let last = self.safety.ledger.last(1).pop();
        let action = last.ok_or_else(|| nothing(self.safety.is_recording()))?;
        self.safety.ledger.forget(&action);
        Ok(action.method.clone())
    }

    /// The last method calls that `undo` would take back, newest first.
    pub fn undo_list(&self, count: usize) -> Vec<Undone> {
        let told = |action: &Arc<Action>| {
            let mut undone = Undone::of(self, action);
            for request in newest_first(action) {
                let reverse = reverse(self, &request);
                undone.done.extend(reverse.calls.into_iter().flat_map(|(_, lines)| lines));
                undone.not.extend(reverse.not);
            }
            undone.say_void();
            undone
        };
        self.safety.ledger.last(count).iter().map(told).collect()
    }
}

/// Copies, for whoever looks at one request looks at the others too.
fn newest_first(action: &Action) -> Vec<Request> {
    action.requests.lock().iter().rev().cloned().collect()
}

/// What is taken back stands in `undoing` also when a later request fails, and is not taken back again.
async fn take_back(session: &Arc<Session>, action: &Action, scope: &Scope, undoing: &Undoing) -> Result<()> {
    let cx = Context::new(Arc::clone(session)).under(scope.clone());
    cx.flight.set_method("undo");
    let requests = newest_first(action);
    for request in &requests {
        check(&cx, request).await?;
    }
    for request in &requests {
        let Reverse { calls, not } = reverse(session, request);
        for (call, lines) in calls {
            let reply = cx.call(&call).await?;
            if reply.was_sent() {
                Deed::of(&call).tell_cache(&session.cache);
            }
            undoing.add(|undone| undone.done.extend(lines));
        }
        undoing.add(|undone| undone.not.extend(not));
        if session.safety.lets_write(scope) {
            // Newest first, as above.
            action.requests.lock().pop();
        }
    }
    Ok(())
}

/// Reads again what was changed: what somebody else has changed since is not overwritten.
async fn check(cx: &Context, request: &Request) -> Result<()> {
    let (Some(subject), true) = (Subject::of(&request.deed), request.image.is_some()) else { return Ok(()) };
    let is_needed = request.changes.iter().any(|change| change.before.is_some() && !change.is_void());
    if !is_needed {
        return Ok(());
    }
    let image = subject.read(cx).await?;
    let now = changes(&request.deed, Some(&image));
    for (was, now) in request.changes.iter().zip(now).filter(|(was, _)| was.before.is_some()) {
        if let Some(value) = &now.before
            && *value != was.after
            // A field that has its old value again is fine, whoever gave it that: perhaps an undo that was stopped.
            && !(matches!(was.what, What::Field(_)) && now.before == was.before)
        {
            let since = Change { before: Some(was.after.clone()), ..was.clone() };
            let text = moved(&cx.session.cache, &since, Some(value));
            return Err(Error::unsendable(
                format!("it was changed since: {}; it is left as it is", text.en),
                format!("之后已被更改：{}；保持不变", text.zh),
            )
            .hint(Text::fixed(
                "`%undo drop` forgets this one: the one before is next",
                "`%undo drop` 放弃这一项，之后轮到更早的一项",
            )));
        }
    }
    Ok(())
}

/// How to take back `request`, as far as that is possible.
fn reverse(session: &Session, request: &Request) -> Reverse {
    let mut reverse = Reverse::default();
    if request.is_unknown {
        reverse.not.push(Text::fixed(
            "whether it was done is not known: look, and take it back by hand",
            "不知道是否已执行：请查看后手动撤销",
        ));
        return reverse;
    }
    match &request.deed {
        Deed::Settings { .. } | Deed::PersonChanged { .. } => fields_back(session, request, &mut reverse),
        Deed::Added { .. } | Deed::Removed { .. } => people_back(session, request, &mut reverse),
        Deed::Admins { .. } => people_back(session, request, &mut reverse),
        Deed::Muted { on: true, people, group } => {
            let body = json!({ "openConversationId": group, "userIdList": people, "muteStatus": 0, "muteDuration": 0 });
            let lines = request.changes.iter().map(|change| turned(session, change)).collect();
            reverse.calls.push((again(request, body), lines));
            if was_muted_before(session, request, group, people) {
                reverse.not.push(Text::fixed(
                    "an earlier mute of the same person, whose end is not known",
                    "同一人较早的禁言，其截止时间未知",
                ));
            }
        }
        Deed::Message { group } => match request.answer.get("processQueryKey").and_then(Value::as_str) {
            Some(key) => {
                let call = recall::call(group.as_deref(), robot_of(&request.call), &[key.to_owned()]);
                reverse.calls.push((call, vec![Text::fixed("the message is recalled", "消息已撤回")]));
            }
            None => reverse
                .not
                .push(Text::fixed("DingTalk gave no key for a recall", "钉钉没有返回撤回所需的标识")),
        },
        deed => reverse.not.push(why_not(deed, request)),
    }
    reverse
}

/// Whether the same people were muted at this prompt before that.
fn was_muted_before(session: &Session, request: &Request, group: &str, people: &[String]) -> bool {
    let is_earlier_mute = |one: &Request| {
        one.number < request.number
            && matches!(&one.deed, Deed::Muted { on: true, people: others, group: other }
                if other == group && others.iter().any(|id| people.contains(id)))
    };
    let all = session.safety.ledger.last(usize::MAX);
    all.iter().any(|action| action.requests.lock().iter().any(is_earlier_mute))
}

/// Gives fields the values that they had.
fn fields_back(session: &Session, request: &Request, reverse: &mut Reverse) {
    let (mut old, mut lines) = (Map::new(), Vec::new());
    for change in &request.changes {
        let What::Field(name) = &change.what else { continue };
        match &change.before {
            Some(before) if !before.is_null() && before != "" => {
                if !change.is_void() {
                    old.insert(name.clone(), before.clone());
                    lines.push(turned(session, change));
                }
            }
            _ => reverse.not.push(Text::made(
                format!("{name}: how it was before is not known, or it was empty"),
                format!("{name}：不知道之前的值，或之前为空"),
            )),
        }
    }
    if old.is_empty() {
        return;
    }
    let mut body = match &request.call.body {
        Some(Body::Json(Value::Object(body))) => body.clone(),
        _ => Map::new(),
    };
    if let Some(Value::Object(options)) = body.get_mut("management_options") {
        options.retain(|name, _| old.contains_key(name));
        options.iter_mut().for_each(|(name, value)| {
            *value = old.get(name).map(|before| as_sent(before, value)).unwrap_or_default();
        });
    }
    let keeps = ["open_conversation_id", "userid", "language", "management_options"];
    body.retain(|name, _| keeps.contains(&name.as_str()) || old.contains_key(name));
    body.iter_mut().for_each(|(name, value)| {
        if let Some(before) = old.get(name) {
            *value = as_sent(before, value);
        }
    });
    reverse.calls.push((again(request, Value::Object(body)), lines));
    reverse.calls.extend(former_admin(session, request));
}

/// Whoever was made the owner was an administrator perhaps, and is nothing when the former owner is back.
fn former_admin(session: &Session, request: &Request) -> Option<(Call, Vec<Text>)> {
    let (Deed::Settings { group, fields }, Some(image)) = (&request.deed, &request.image) else {
        return None;
    };
    let owner = fields.get("owner_user_id")?.as_str()?.to_owned();
    let was = Deed::Admins { group: group.clone(), people: vec![owner.clone()], on: true };
    let [change] = changes(&was, Some(image)).try_into().ok()?;
    change.is_void().then(|| {
        let back = Change { before: Some(false.into()), ..change };
        (member::promotion(group, &owner), vec![back.text(&session.cache)])
    })
}

/// Puts people where they were.
fn people_back(session: &Session, request: &Request, reverse: &mut Reverse) {
    let moved: Vec<&Change> = request.changes.iter().filter(|change| !change.is_void()).collect();
    let known: Vec<&Change> = moved.iter().copied().filter(|change| change.before.is_some()).collect();
    if known.len() < moved.len() {
        reverse.not.push(Text::fixed(
            "who was there before could not be read, so nobody is moved",
            "无法读取之前的成员，因此不作改动",
        ));
    }
    let people: Vec<String> = known
        .iter()
        .filter_map(|change| match &change.what {
            What::Member(id) | What::Admin(id) | What::Mute(id) => Some(id.clone()),
            What::Field(_) => None,
        })
        .collect();
    if people.is_empty() {
        return;
    }
    let lines = known.iter().map(|change| turned(session, change)).collect();
    let call = match &request.deed {
        Deed::Admins { group, on, .. } => {
            let role = if *on { 3 } else { 2 };
            again(request, json!({ "openConversationId": group, "userIds": people, "role": role }))
        }
        Deed::Added { group, .. } => members(request, group, &people, "delete", Effect::Destroy),
        Deed::Removed { group, .. } => {
            reverse.not.push(Text::fixed(
                "whether they were administrators or the owner was not read; `app.set_admin(…)` and `app.change_group_owner(…)` make them so",
                "未读取其是否为管理员或群主；可用 `app.set_admin(…)` 与 `app.change_group_owner(…)` 恢复",
            ));
            members(request, group, &people, "add", Effect::Notify)
        }
        _ => return,
    };
    reverse.calls.push((call, lines));
}

/// The opposite call of the same family.
fn members(request: &Request, group: &str, people: &[String], verb: &str, effect: Effect) -> Call {
    let is_old = matches!(request.call.to, To::Host(Host::Oapi, _));
    let ids = if is_old { Value::from(people.join(",")) } else { Value::from(people) };
    let mut call = again(request, json!({ "open_conversation_id": group, "user_ids": ids }));
    if let To::Host(_, path) = &mut call.to
        && let Some((head, _)) = path.rsplit_once('/')
    {
        *path = format!("{head}/{verb}").into();
    }
    call.effect = effect;
    call
}

fn again(request: &Request, body: Value) -> Call {
    let mut call = request.call.clone();
    call.body = Some(Body::Json(body));
    call
}

fn robot_of(call: &Call) -> &str {
    match &call.body {
        Some(Body::Json(body)) => body.get("robotCode").and_then(Value::as_str).unwrap_or_default(),
        Some(Body::Form(_)) | None => "",
    }
}

/// A change the other way.
fn turned(session: &Session, change: &Change) -> Text {
    let before = match &change.what {
        // That they were muted is not asked for; the end of it is what there is.
        What::Mute(_) => Value::Bool(false),
        _ => change.before.clone().unwrap_or_default(),
    };
    let turned = Change { what: change.what.clone(), before: Some(change.after.clone()), after: before };
    turned.text(&session.cache)
}

fn nothing(is_on: bool) -> Error {
    if is_on {
        return Error::usage("there is nothing to take back at this prompt", "本次会话没有可撤销的操作")
            .hint(Text::fixed(
                "what other clients (`Dingtalk(…)`) did, or `app` before `%reload`, is not on this list",
                "其他客户端（`Dingtalk(…)`）或 `%reload` 之前的 `app` 所做的操作不在此列",
            ));
    }
    Error::usage("what is done is not written down", "没有记录操作")
        .hint(Text::fixed("`%set undo on` begins to", "`%set undo on` 开始记录"))
}
