//! The gate that every request of a method passes.

use serde_json::Value;

use super::act::Act;
use super::deed::effect_of;
use super::image::Image;
use super::look::looked_up;
use super::{Scope, Verdict, ask, change, judge, made_up};
use crate::client::{Call, Reply};
use crate::error::{Error, Kind, Result, Sent};
use crate::lang::Text;
use crate::ops::{Context, Session};
use crate::spec::Effect;

/// What the gate lets happen.
pub(in crate::ops) enum Held {
    /// It is not sent, and this is the answer.
    Answered(Reply),
    /// It is sent.
    Free,
    /// It is sent and then written down, with what it changes as it was before.
    Recorded(Box<Option<Image>>),
}

/// Decides about one request.
///
/// # Errors
/// When it may not be sent, or a person does not agree to it.
pub(in crate::ops) async fn hold(cx: &Context, call: &Call) -> Result<Held> {
    let safety = &cx.session.safety;
    if let Some((number, id)) = safety.made_up.named_in(call)
        && (effect_of(call) == Effect::Read || !safety.holds_back(&cx.scope))
    {
        return if safety.holds_back(&cx.scope) {
            Ok(Held::Answered(safety.made_up.about(call, number, &id)))
        } else {
            Err(made_up::unreal(&id))
        };
    }
    match judge(effect_of(call), safety.modes(&cx.scope)) {
        Verdict::Send if effect_of(call) == Effect::Read => Ok(Held::Free),
        Verdict::Send => {
            if safety.may_ask() && ask::may_matter(cx) {
                ask::agree(cx, &looked_up(cx, call).await).await?;
            }
            if !safety.records(&cx.scope) {
                return Ok(Held::Free);
            }
            Ok(Held::Recorded(Box::new(change::image_for(cx, call).await?)))
        }
        Verdict::Show => {
            cx.session.tell(&Act::of(cx, call).text());
            Ok(Held::Answered(safety.made_up.answer(call).reply))
        }
        Verdict::Collect => match &cx.scope.plan {
            Some(plan) => plan.add(cx, call).await.map(Held::Answered),
            None => Ok(Held::Free),
        },
        Verdict::Refuse => Err(refused(call)),
    }
}

impl Session {
    /// Whether the answer to an event may be given; tells what it would be when not.
    pub fn lets_answer(&self, scope: &Scope, event: &str, answer: &Value) -> bool {
        let verdict = judge(Effect::Notify, self.safety.modes(scope));
        let (en, zh) = match verdict {
            Verdict::Send => return true,
            Verdict::Show | Verdict::Collect => ("dry run", "试运行"),
            Verdict::Refuse => ("read-only", "只读"),
        };
        self.tell(&Text::made(
            format!("{en}: the answer to {event} is not given\n  {answer}"),
            format!("{zh}：未应答 {event}\n  {answer}"),
        ));
        false
    }
}

/// Writes down how a call ended for which there is an image: done, or perhaps done.
fn settle(cx: &Context, call: &Call, image: Option<Image>, answer: &Result<Reply>) {
    match answer {
        Ok(reply) => cx.session.safety.ledger.add(cx, call, image, Some(reply)),
        Err(error) if error.may_be_done() => cx.session.safety.ledger.add(cx, call, image, None),
        Err(_) => {}
    }
}

/// A request under way that is written down at its end; also when whoever waits for it gives up.
pub(in crate::ops) struct UnderWay<'c> {
    cx: &'c Context,
    call: &'c Call,
    image: Option<Option<Image>>,
}

impl<'c> UnderWay<'c> {
    /// Before it is sent.
    pub(in crate::ops) fn new(cx: &'c Context, call: &'c Call, image: Option<Image>) -> Self {
        Self { cx, call, image: Some(image) }
    }

    /// What came of it.
    pub(in crate::ops) fn end(mut self, answer: &Result<Reply>) {
        if let Some(image) = self.image.take() {
            settle(self.cx, self.call, image, answer);
        }
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        let may_be_sent = self.cx.flight.sent().is_some_and(|sent| sent != Sent::No);
        if let Some(image) = self.image.take()
            && may_be_sent
        {
            self.cx.session.safety.ledger.add(self.cx, self.call, image, None);
        }
    }
}

fn refused(call: &Call) -> Error {
    Error::new(Kind::ReadOnly { call: call.label() }).hint(Text::fixed(
        "`%readonly off` at the prompt, or without `--read-only` and `read_only`, it can be sent; `--dry-run` shows what would be",
        "在控制台执行 `%readonly off`，或去掉 `--read-only` 与 `read_only` 后即可发送；`--dry-run` 可查看将要发送的内容",
    ))
}
