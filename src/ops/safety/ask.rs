//! Questions before something is sent: at a live prompt, once for each method call.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::sync::MutexGuard;
use tokio::time::Instant;

use super::act::{Act, Named, calls_en, calls_zh, names};
use super::deed::Deed;
use super::scope::{Consent, Seat};
use crate::config::Confirm;
use crate::error::{Error, Kind, Result};
use crate::lang::Text;
use crate::ops::{Context, Session};
use crate::spec::Effect;

/// What reaches more people than this is asked about.
const MANY: usize = 20;

/// After a no it takes less than this until what it ends is over.
const SETTLED: Duration = Duration::from_millis(300);

/// Asks a person, and gives the line that was typed; nothing when there was none. It comes back soon when it is cancelled.
pub type Questioner = Box<dyn Fn(&Text, &Cancel) -> Option<String> + Send + Sync>;

/// Tells a question that its answer is not wanted any more.
#[derive(Debug, Clone, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// Whether that is so.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

/// A question under way. When it is dropped, the terminal is free again.
struct Asked {
    cancel: Cancel,
    over: Receiver<()>,
}

impl Drop for Asked {
    fn drop(&mut self) {
        self.cancel.0.store(true, Ordering::Release);
        // The sender is gone when the question is.
        let _ = self.over.recv();
    }
}

/// What must be typed for a yes.
#[derive(Debug, PartialEq, Eq)]
enum Wanted {
    Yes,
    Name(Named),
}

/// Passes when `act` needs no question, or a person agrees. What was agreed to in one call holds for all its requests.
///
/// # Errors
/// When the person does not agree, or nobody can be asked about something that is not taken back easily.
pub(super) async fn agree(cx: &Context, act: &Act) -> Result<()> {
    if !may_matter(cx) || !is_worth_it(&cx.session, act.whole, act.reach()) {
        return Ok(());
    }
    match &cx.scope.seat {
        Seat::Prompt(consent) => ask(cx, act, consent).await,
        Seat::Beside if act.whole == Effect::Destroy => Err(nobody(act)),
        // An answer to somebody in a large group is what handlers are for.
        Seat::Beside | Seat::Script => Ok(()),
    }
}

/// Whether a question is possible: not for files, nor once a person agreed to the call.
pub(super) fn may_matter(cx: &Context) -> bool {
    !matches!(cx.scope.seat, Seat::Script) && !cx.flight.is_cleared()
}

/// Whether a person is to be asked, where there is one.
pub(super) fn is_worth_it(session: &Session, effect: Effect, reach: usize) -> bool {
    let safety = &session.safety;
    match safety.confirm() {
        _ if !safety.may_ask() => false,
        Confirm::Never => false,
        Confirm::Destroy => effect == Effect::Destroy || reach > MANY,
        Confirm::All => true,
    }
}

async fn ask(cx: &Context, act: &Act, consent: &Arc<Consent>) -> Result<()> {
    let mut turn = Turn::of(cx, consent).await;
    let wanted = wanted(act);
    if consent.holds(&act.method) && wanted == Wanted::Yes {
        turn.is_agreed = true;
        return Ok(());
    }
    let answer = answer(&cx.session, question(cx, act, &wanted)).await.unwrap_or_default();
    let answer = answer.trim();
    let agreed = match &wanted {
        Wanted::Yes if is_all(answer) => {
            consent.give(&act.method);
            true
        }
        Wanted::Yes => is_yes(answer),
        Wanted::Name(name) => !answer.is_empty() && is_name(answer, name),
    };
    if !agreed {
        let error = declined(&act.method);
        return Err(match &wanted {
            Wanted::Name(name) if !answer.is_empty() => error.hint(is_not(answer, name.short())),
            _ => error,
        });
    }
    turn.is_agreed = true;
    cx.flight.clear();
    Ok(())
}

/// When somebody said no, and to which input.
pub(super) type LastNo = (Instant, Weak<Consent>);

/// One question at a time. A no, or Ctrl-C, may end the whole input, with those that wait: there is no next before that is over.
struct Turn<'c> {
    last_no: MutexGuard<'c, Option<LastNo>>,
    consent: &'c Arc<Consent>,
    is_agreed: bool,
}

impl<'c> Turn<'c> {
    async fn of(cx: &'c Context, consent: &'c Arc<Consent>) -> Self {
        let last_no = cx.session.safety.switches.asking.lock().await;
        if let Some((at, input)) = &*last_no
            && input.as_ptr() == Arc::as_ptr(consent)
        {
            tokio::time::sleep_until(*at + SETTLED).await;
        }
        Self { last_no, consent, is_agreed: false }
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        *self.last_no = (!self.is_agreed).then(|| (Instant::now(), Arc::downgrade(self.consent)));
    }
}

/// Asks one question about several things at once. Where persons or groups among them go, a yes is too little: the name of the one, or
/// how many they are, is typed.
///
/// # Errors
/// `no` when it is not agreed to.
pub(super) async fn agree_to_all(
    session: &Arc<Session>,
    whole: &Text,
    removed: &[Named],
    no: Text,
) -> Result<()> {
    let (en, zh) = match removed {
        [] => (" [y/N] ".to_owned(), " [y/N] ".to_owned()),
        [name] => (format!("\n{}", to_type(name).en), format!("\n{}", to_type(name).zh)),
        several => {
            let (count, names) = (several.len(), names(several));
            (
                format!("\n  goes: {names}\nType {count} to go on: "),
                format!("\n  将移除：{names}\n输入 {count} 以继续："),
            )
        }
    };
    let question = Text::made(format!("{}{en}", whole.en), format!("{}{zh}", whole.zh));
    let answer = answer(session, question).await.unwrap_or_default();
    let answer = answer.trim();
    let (is_agreed, wanted) = match removed {
        [] => (is_yes(answer), None),
        [name] => (is_name(answer, name), Some(name.short().to_owned())),
        several => (answer == several.len().to_string(), Some(several.len().to_string())),
    };
    if is_agreed && !answer.is_empty() {
        return Ok(());
    }
    let error = Error::new(Kind::Declined { what: no });
    let wanted = wanted.filter(|_| !answer.is_empty());
    Err(wanted.into_iter().fold(error, |error, wanted| error.hint(is_not(answer, &wanted))))
}

/// Something else was typed than what was asked for.
fn is_not(answer: &str, wanted: &str) -> Text {
    Text::made(format!("`{answer}` is not `{wanted}`"), format!("`{answer}` 不是 `{wanted}`"))
}

fn is_name(answer: &str, name: &Named) -> bool {
    answer == name.name || answer == name.id.trim()
}

fn to_type(name: &Named) -> Text {
    let name = name.short();
    Text::made(format!("Type {name} to go on: "), format!("输入 {name} 以继续："))
}

/// The line that a person typed.
async fn answer(session: &Arc<Session>, question: Text) -> Option<String> {
    let (sender, over) = channel();
    let asked = Asked { cancel: Cancel::default(), over };
    let (cancel, session) = (asked.cancel.clone(), Arc::clone(session));
    let answer = tokio::task::spawn_blocking(move || {
        let _sender = sender;
        session.safety.switches.questioner.get().and_then(|ask| ask(&question, &cancel))
    });
    let answer = answer.await.ok().flatten();
    drop(asked);
    answer
}

fn is_yes(answer: &str) -> bool {
    matches!(answer.to_lowercase().as_str(), "y" | "yes" | "是")
}

fn is_all(answer: &str) -> bool {
    matches!(answer.to_lowercase().as_str(), "a" | "all" | "全部")
}

fn wanted(act: &Act) -> Wanted {
    typed(act).map_or(Wanted::Yes, Wanted::Name)
}

/// The removal of a person and the end of a group are confirmed by their names.
pub(super) fn typed(act: &Act) -> Option<Named> {
    let person = || act.people.first().cloned();
    let group = || act.groups.first().cloned();
    match &act.deed {
        Deed::PersonRemoved { .. } => person(),
        Deed::Removed { .. } if act.method == "disband_group" || act.people.len() != 1 => group(),
        Deed::Removed { .. } => person(),
        Deed::Disbanded { .. } => group(),
        _ => None,
    }
}

fn question(cx: &Context, act: &Act, wanted: &Wanted) -> Text {
    let (method, cost) = (&act.method, act.cost(cx));
    let (people, members, effect) = (act.people.len(), act.members, act.whole.text());
    let mut en = format!("{method}: {}, {}", effect.en, calls_en(cost));
    let mut zh = format!("{method}：{}，{}", effect.zh, calls_zh(cost));
    if !act.groups.is_empty() {
        let size = if members > 0 {
            (format!(", {members} members"), format!("，{members} 人"))
        } else {
            Default::default()
        };
        let names = marked(&act.groups);
        en.push_str(&format!("\n  group: {names}{}", size.0));
        zh.push_str(&format!("\n  群：{names}{}", size.1));
    }
    if people > 0 {
        let names = marked(&act.people);
        en.push_str(&if people == 1 {
            format!("\n  person: {names}")
        } else {
            format!("\n  {people} people: {names}")
        });
        zh.push_str(&format!("\n  {people} 人：{names}"));
    }
    if let Some(gist) = act.gist().filter(|_| act.whole == Effect::Notify) {
        en.push_str(&format!("\n  text: {gist}"));
        zh.push_str(&format!("\n  内容：{gist}"));
    }
    let end = match wanted {
        Wanted::Yes => {
            Text::fixed("Go on? [y/N/a = yes to all of this input] ", "是否继续？[y/N/a = 本次输入全部同意] ")
        }
        Wanted::Name(name) => to_type(name),
    };
    Text::made(format!("{en}\n{}", end.en), format!("{zh}\n{}", end.zh))
}

/// The names; a lone id of which even DingTalk told none has a question mark.
fn marked(list: &[Named]) -> String {
    match list {
        [one] if one.name.is_empty() => format!("{} (?)", one.id),
        list => names(list),
    }
}

fn declined(method: &str) -> Error {
    Error::new(Kind::Declined {
        what: Text::made(format!("{method} was not agreed to"), format!("{method} 未获同意")),
    })
}

/// Nobody can be asked while somebody types something else.
fn nobody(act: &Act) -> Error {
    let method = &act.method;
    let what = Text::made(
        format!("{method} in a handler or task: there is nobody to ask"),
        format!("处理函数或任务中的 {method}：无人可以询问"),
    );
    Error::new(Kind::Declined { what }).hint(Text::fixed(
        "`%set confirm never` lets it pass; handlers and tasks that a file defines (`%run`, `main.rhai`, a script) are not asked about",
        "`%set confirm never` 可放行；由文件（`%run`、`main.rhai` 或脚本）定义的处理函数与任务不会询问",
    ))
}
