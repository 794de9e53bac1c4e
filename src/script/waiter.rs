//! Those who wait for a person's next message: `app.wait_message(Waiter(group, member), timeout)`.

use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::oneshot;

use super::filter::Wanted;
use crate::events::Event;

/// Whose message is waited for.
#[derive(Debug, Clone, Default)]
pub(super) struct Waiter {
    pub(super) group: Option<Wanted>,
    pub(super) member: Option<Wanted>,
}

impl Waiter {
    fn wants(&self, event: &Event) -> bool {
        self.group.as_ref().is_none_or(|group| group.is_group(event))
            && self.member.as_ref().is_none_or(|member| member.is_member(event))
    }
}

/// All who wait, oldest first.
#[derive(Debug, Default)]
pub(super) struct Waiters(Mutex<Vec<(Waiter, oneshot::Sender<Arc<Event>>)>>);

impl Waiters {
    /// Waits from now on; dropping the receiver ends that.
    pub(super) fn add(&self, waiter: Waiter) -> oneshot::Receiver<Arc<Event>> {
        let (sender, receiver) = oneshot::channel();
        let mut all = self.0.lock();
        all.retain(|(_, sender)| !sender.is_closed());
        all.push((waiter, sender));
        receiver
    }

    /// How many wait.
    pub(super) fn count(&self) -> usize {
        let mut all = self.0.lock();
        all.retain(|(_, sender)| !sender.is_closed());
        all.len()
    }

    /// Gives `event` to the first who waits for it; false when nobody does.
    pub(super) fn serve(&self, event: &Arc<Event>) -> bool {
        let mut all = self.0.lock();
        all.retain(|(_, sender)| !sender.is_closed());
        while let Some(index) = all.iter().position(|(waiter, _)| waiter.wants(event)) {
            let (_, sender) = all.remove(index);
            if sender.send(Arc::clone(event)).is_ok() {
                return true;
            }
        }
        false
    }
}
