//! How long things take: documented times, which a test makes short.

use std::time::Duration;

/// The times of pushing. A ticket and a session webhook live by the sandbox's clock, everything else by the machine's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timing {
    /// How long a ticket is good.
    pub ticket: Duration,
    /// How long a session webhook is good.
    pub session_webhook: Duration,
    /// How long an event may stay unanswered on a connection.
    pub event_answer: Duration,
    /// How long the answer of a message or of an assistant is waited for; nothing is sent again when it is late.
    pub message_answer: Duration,
    /// How long the answer of a press on a card is waited for; a later one is not applied.
    pub card_answer: Duration,
    /// How long an address may take to answer.
    pub http_answer: Duration,
    /// How long after a failure an event is sent again.
    pub redelivery: Duration,
    /// How often a connection is asked whether it lives; after three questions without an answer it is closed.
    pub ping: Duration,
    /// How long after its notice a connection is closed.
    pub close: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            ticket: Duration::from_secs(90),
            session_webhook: Duration::from_secs(5400),
            event_answer: Duration::from_secs(3),
            message_answer: Duration::from_secs(3),
            card_answer: Duration::from_secs(2),
            http_answer: Duration::from_millis(2500),
            redelivery: Duration::from_secs(60),
            ping: Duration::from_secs(30),
            close: Duration::from_secs(10),
        }
    }
}
