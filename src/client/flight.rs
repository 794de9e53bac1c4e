//! Where a request is, so that an interruption can say whether it may have been received; and how work that must not be cut
//! off learns that it is to end.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};

use tokio_util::sync::CancellationToken;

use crate::error::Sent;

const IDLE: u8 = 0;
const UNDER_WAY: u8 = 1;
const ANSWERED: u8 = 2;

/// The state of the requests of one method call.
#[derive(Debug, Default)]
pub struct Flight {
    state: AtomicU8,
    graceful: AtomicBool,
    method: OnceLock<&'static str>,
    /// Somebody agreed to what the method does.
    cleared: AtomicBool,
    /// Whom the method is about in all, and in how many requests.
    scale: OnceLock<(Vec<String>, usize)>,
    /// The group behind a webhook.
    group: OnceLock<String>,
    /// Made when somebody asks for it: most calls are over before.
    ending: OnceLock<CancellationToken>,
}

impl Flight {
    /// Says for which method the calls are made; the first one stays, so what it calls counts as its own.
    pub fn set_method(&self, method: &'static str) {
        let _ = self.method.set(method);
    }

    /// The method for which the calls are made.
    pub fn method(&self) -> Option<&'static str> {
        self.method.get().copied()
    }

    /// Somebody agreed to what the method does: it is asked about once.
    pub fn clear(&self) {
        self.cleared.store(true, Ordering::Release);
    }

    /// Whether somebody agreed.
    pub fn is_cleared(&self) -> bool {
        self.cleared.load(Ordering::Acquire)
    }

    /// Says whom the method is about, when that is more than a request tells; the first one stays.
    pub fn set_scale(&self, people: &[String], requests: usize) {
        let _ = self.scale.set((people.to_vec(), requests));
    }

    /// Whom the method is about, and in how many requests.
    pub fn scale(&self) -> Option<(&[String], usize)> {
        self.scale.get().map(|(people, requests)| (people.as_slice(), *requests))
    }

    /// Says which group a webhook leads to, which its address does not tell; the first one stays.
    pub fn set_group(&self, conversation: &str) {
        let _ = self.group.set(conversation.to_owned());
    }

    /// The group that a webhook leads to.
    pub fn group(&self) -> Option<&str> {
        self.group.get().map(String::as_str)
    }

    /// A request is being written.
    pub fn start(&self) {
        self.state.store(UNDER_WAY, Ordering::Release);
    }

    /// Its answer has begun.
    pub fn answered(&self) {
        self.state.store(ANSWERED, Ordering::Release);
    }

    /// Nothing is under way.
    pub fn reset(&self) {
        self.state.store(IDLE, Ordering::Release);
    }

    /// What an interruption at this moment means; `None` when nothing was sent.
    pub fn sent(&self) -> Option<Sent> {
        match self.state.load(Ordering::Acquire) {
            UNDER_WAY => Some(Sent::Unknown),
            ANSWERED => Some(Sent::Yes),
            _ => None,
        }
    }

    /// From now on an interruption does not drop the work: it is announced by [`Flight::ending`], and the work has a moment
    /// to end by itself.
    pub fn end_gracefully(&self) {
        self.graceful.store(true, Ordering::Release);
    }

    /// Announces the end to work that asked for it; false when the work is to be dropped.
    pub fn announce_end(&self) -> bool {
        let graceful = self.graceful.load(Ordering::Acquire);
        if graceful {
            self.ending.get_or_init(CancellationToken::new).cancel();
        }
        graceful
    }

    /// Waits until the end is announced.
    pub async fn ending(&self) {
        self.ending.get_or_init(CancellationToken::new).cancelled().await;
    }

    /// True once the end is announced.
    pub fn is_ending(&self) -> bool {
        self.ending.get().is_some_and(CancellationToken::is_cancelled)
    }
}
