//! What tests and the console see of pushing, and what they can do to it.

use std::sync::atomic::Ordering;

use super::callback::EventAddress;
use super::fault::{FrameFault, LinkFault};
use super::parcel::{Push, Topic};
use super::post::check_url;
use super::timing::Timing;
use crate::error::{Error, Result};
use crate::sandbox::{Planned, Sandbox};

/// An open connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connection {
    /// Its id, as frames name it.
    pub id: String,
    /// What the client calls itself.
    pub user_agent: String,
    /// The headers it connected with, names in lower case.
    pub headers: Vec<(String, String)>,
    /// What it subscribed to.
    pub topics: Vec<Topic>,
    /// Frames that were handed to it, pings too.
    pub sent: u64,
    /// Frames that were answered in time.
    pub answered: u64,
    /// Answers that came too late, twice, or to nothing.
    pub stray: u64,
    /// Whether it was told to go.
    pub leaving: bool,
}

/// How much was pushed since the sandbox began; attempts count, and an event that is sent again is pushed once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PushCounts {
    /// Things that were pushed.
    pub pushed: u64,
    /// Attempts that were answered well.
    pub done: u64,
    /// Attempts that were not.
    pub failed: u64,
    /// Things that will be sent (again).
    pub waiting: usize,
}

impl Sandbox {
    /// Changes how long things take.
    pub fn set_timing(&self, timing: Timing) {
        self.0.push.set_timing(timing);
    }

    /// How long things take.
    pub fn timing(&self) -> Timing {
        self.0.push.timing()
    }

    /// The open connections, oldest first.
    pub fn connections(&self) -> Vec<Connection> {
        let links = self.0.push.links.read();
        let shown = links.iter().map(|link| Connection {
            id: link.id.clone(),
            user_agent: link.about.user_agent.clone(),
            headers: link.about.headers.clone(),
            topics: link.about.topics.clone(),
            sent: link.sent.load(Ordering::Relaxed),
            answered: link.answered.load(Ordering::Relaxed),
            stray: link.stray.load(Ordering::Relaxed),
            leaving: link.leaving.is_cancelled(),
        });
        shown.collect()
    }

    /// The newest 10000 attempts to push, after they ended, oldest first.
    pub fn pushes(&self) -> Vec<Push> {
        self.0.push.ended.lock().all()
    }

    /// How much was pushed.
    pub fn push_counts(&self) -> PushCounts {
        let hub = &self.0.push;
        PushCounts {
            pushed: hub.pushed.load(Ordering::Relaxed),
            done: hub.done.load(Ordering::Relaxed),
            failed: hub.failed.load(Ordering::Relaxed),
            waiting: hub.courier.waiting(),
        }
    }

    /// Plans a failure of frames: `FrameFault::Twice.on("chat_update_title").times(2)`.
    pub fn frame_fault(&self, fault: impl Into<Planned<FrameFault>>) {
        self.0.push.frame_faults.plan(fault.into());
    }

    /// Does something to every open connection, or to the one with this id; how many it struck.
    pub fn link_fault(&self, fault: LinkFault, connection: Option<&str>) -> usize {
        let links = self.0.push.links.read().clone();
        let struck = links.iter().filter(|link| connection.is_none_or(|id| link.id == id));
        struck
            .map(|link| match fault {
                LinkFault::Disconnect => link.disconnect(&self.0, "sandbox fault"),
                LinkFault::Close => link.close(),
                LinkFault::Drop => link.dropped.cancel(),
                LinkFault::Silence => link.silent.cancel(),
            })
            .count()
    }

    /// Writes a text as it is into every open connection; how many there are.
    pub fn send_raw(&self, text: &str) -> usize {
        let links = self.0.push.links.read().clone();
        links.iter().filter(|link| link.write(text.into()).is_ok()).count()
    }

    /// Sends events to an address from now on, or through connections again. An address has to answer the test event
    /// `check_url` first, as when it is saved in DingTalk's console.
    ///
    /// # Errors
    /// When its keys cannot be used or its answer is wrong.
    pub async fn events_to(&self, address: Option<EventAddress>) -> Result<()> {
        if let Some(address) = &address {
            check_url(&self.0, address).await.map_err(|why| {
                let url = &address.url;
                Error::usage(
                    format!("{url} was not taken: {why}"),
                    format!("回调地址 {url} 未通过验证：{why}"),
                )
            })?;
        }
        self.0.push.addresses.write().events = address;
        Ok(())
    }

    /// Sends messages of people to an address from now on, or through connections again.
    pub fn messages_to(&self, url: Option<&str>) {
        self.0.push.addresses.write().messages = url.map(str::to_string);
    }
}
