//! The gateway's client: a websocket on which DingTalk pushes messages, events and card actions.
//!
//! Source: the Stream protocol page of the open platform's developerpedia, and the official SDKs.

mod ack;
mod backoff;
mod frame;
mod line;
mod link;
mod open;

use std::time::Duration;

pub use ack::{answer, refusal};
pub use backoff::delay;
pub use frame::{Frame, MAX_FRAME, Refused, read};
pub use link::{Link, State};

use crate::config::CustomStreamConnect;
use crate::model::Topic;

/// What is asked for. (Data of cards is pulled only from those who have such cards.)
const SUBSCRIBED: [Topic; 5] =
    [Topic::Event, Topic::Message, Topic::Delegated, Topic::CardAction, Topic::Assistant];

/// How a link behaves.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// A server that is not DingTalk's.
    pub custom: Option<CustomStreamConnect>,
    /// How long it waits.
    pub timing: Timing,
}

/// How long a link waits.
#[derive(Debug, Clone, Copy)]
pub struct Timing {
    /// Between two pings.
    pub ping: Duration,
    /// Silence after which the connection counts as dead. Pings are answered, so a live one is not silent.
    pub silence: Duration,
    /// Before the first try to connect again; doubled from try to try.
    pub first: Duration,
    /// The most before a try.
    pub most: Duration,
    /// Before the next try when the credentials were refused.
    pub refused: Duration,
    /// A connection that lasted so long was a good one: the waits begin anew.
    pub steady: Duration,
    /// The most that a handler's answer is waited for.
    pub answer: Duration,
    /// How long a connection is listened to that the gateway is about to close.
    pub farewell: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self {
            ping: seconds(20),
            silence: seconds(45),
            first: seconds(1),
            most: seconds(60),
            refused: seconds(60),
            steady: seconds(10),
            // A card's answer is due within 2 s.
            answer: Duration::from_millis(1800),
            farewell: seconds(15),
        }
    }
}
