//! What is looked up before a question: how large a group is of which the cache has no members or old ones, and the names that it does
//! not know. Only at a live prompt, where somebody waits anyway, and of each group and person once.

use std::collections::HashSet;

use parking_lot::Mutex;

use super::act::{Act, Named};
use super::{Seat, ask};
use crate::client::Call;
use crate::ops::{Context, contact, group};
use crate::spec::Effect;

/// For how many persons and groups of one question.
const MOST: usize = 5;

/// Whom it was tried for. What a change makes old would else be read after each, and what cannot be read each time.
#[derive(Debug, Default)]
pub(super) struct Looked(Mutex<HashSet<String>>);

impl Looked {
    fn is_first(&self, id: &str) -> bool {
        self.0.lock().insert(id.to_owned())
    }
}

/// What `call` would do, with what must be known for a question about it.
pub(super) async fn looked_up(cx: &Context, call: &Call) -> Act {
    let act = Act::of(cx, call);
    if !matches!(cx.scope.seat, Seat::Prompt(_)) || !cx.session.safety.may_ask() {
        return act;
    }
    // One after the other: whether names matter hangs on the size.
    let act = if learn(cx, act.of_unknown_size(), &[]).await { Act::of(cx, call) } else { act };
    if !ask::is_worth_it(&cx.session, act.whole, act.reach()) {
        return act;
    }
    let nameless = |list: &[Named]| -> Vec<String> {
        let nameless = list.iter().filter(|one| one.name.is_empty());
        nameless.map(|one| one.id.clone()).take(MOST).collect()
    };
    if learn(cx, &nameless(&act.groups), &nameless(&act.people)).await { Act::of(cx, call) } else { act }
}

/// Reads them into the cache; whether anything was tried. What cannot be read stays unknown: the question is put all the same.
async fn learn(cx: &Context, groups: &[String], people: &[String]) -> bool {
    let cx = &cx.aside();
    let safety = &cx.session.safety;
    let is_new = |id: &&String| !safety.made_up.is_own(id) && safety.looked.is_first(id);
    let mut is_tried = false;
    // A chat of the older kind is not known by its conversation.
    for cid in groups.iter().filter(|id| id.starts_with("cid")).filter(is_new) {
        is_tried = true;
        if let Ok(info) = group::fetch(cx, cid, None).await {
            group::remember(cx, cid, &info);
        }
    }
    for id in people.iter().filter(is_new) {
        is_tried = true;
        // It goes into the cache by itself.
        let _ = contact::fetch(cx, id, "zh_CN", None).await;
    }
    is_tried
}

impl Act {
    /// The groups on whose size it hangs how many people it reaches, and of which it is not known, or no longer.
    fn of_unknown_size(&self) -> &[String] {
        let matters = self.is_for_members() && self.whole != Effect::Destroy;
        if matters { &self.unsized_groups[..self.unsized_groups.len().min(MOST)] } else { &[] }
    }
}
