//! What a [`Kind`] means to those who cannot read its text: exit code, word, code, request id, whether it was sent.

use super::{Class, Error, Kind, Sent};

impl Error {
    /// The exit code of the program when this error ends it (README, "Exit codes").
    pub fn exit_code(&self) -> u8 {
        match self.kind() {
            Kind::Refused(refusal) => match refusal.class {
                Class::Request | Class::Rate | Class::Quota | Class::Server => 1,
                Class::Token => 2,
                Class::Permission => 4,
            },
            Kind::Unconfigured { .. } => 2,
            Kind::Argument { .. }
            | Kind::Missing { .. }
            | Kind::UnknownParam { .. }
            | Kind::TooMany { .. }
            | Kind::Unsendable { .. }
            | Kind::Setting { .. }
            | Kind::Untrusted { .. }
            | Kind::File { .. }
            | Kind::Cache { .. }
            | Kind::OverBudget { .. }
            | Kind::ReadOnly { .. }
            | Kind::Declined { .. }
            | Kind::Usage { .. } => 3,
            Kind::Bug { .. } => 5,
            Kind::Network { .. } | Kind::TimedOut { .. } | Kind::Unreadable { .. } => 6,
            Kind::Interrupted { by_timeout: true, .. } => 6,
            Kind::Partial { .. } => 7,
            Kind::Interrupted { .. } => 130,
        }
    }

    /// The word scripts see in `e.kind`.
    pub fn kind_name(&self) -> &'static str {
        match self.kind() {
            Kind::Argument { .. }
            | Kind::Missing { .. }
            | Kind::UnknownParam { .. }
            | Kind::TooMany { .. } => "argument",
            Kind::Unsendable { .. } => "unsendable",
            Kind::Setting { .. } => "setting",
            Kind::Unconfigured { .. } => "unconfigured",
            Kind::Untrusted { .. } => "untrusted",
            Kind::Refused(refusal) => match refusal.class {
                Class::Request => "refused",
                Class::Token => "token",
                Class::Permission => "permission",
                Class::Rate => "rate",
                Class::Quota => "quota",
                Class::Server => "server",
            },
            Kind::Partial { .. } => "partial",
            Kind::OverBudget { .. } => "budget",
            Kind::ReadOnly { .. } => "read_only",
            Kind::Declined { .. } => "declined",
            Kind::Network { .. } => "network",
            Kind::TimedOut { .. } => "timeout",
            Kind::Unreadable { .. } => "unreadable",
            Kind::File { .. } => "file",
            Kind::Cache { .. } => "cache",
            Kind::Usage { .. } => "usage",
            Kind::Interrupted { .. } => "interrupted",
            Kind::Bug { .. } => "bug",
        }
    }

    /// DingTalk's code, when DingTalk answered with one.
    pub fn code(&self) -> &str {
        match self.kind() {
            Kind::Refused(refusal) => &refusal.code,
            _ => "",
        }
    }

    /// DingTalk's request id, when there is one.
    pub fn request_id(&self) -> &str {
        match self.kind() {
            Kind::Refused(refusal) => &refusal.request_id,
            _ => "",
        }
    }

    /// True when what was asked for may be done all the same: it was not refused, and may have been received.
    pub fn may_be_done(&self) -> bool {
        match self.kind() {
            Kind::Refused(refusal) => refusal.class == Class::Server && !self.0.unsent,
            _ => self.sent() != Sent::No,
        }
    }

    /// Whether the request may have been received.
    pub fn sent(&self) -> Sent {
        match self.kind() {
            _ if self.0.unsent => Sent::No,
            Kind::Refused(_) | Kind::Partial { .. } | Kind::Unreadable { .. } => Sent::Yes,
            Kind::Network { sent, .. }
            | Kind::TimedOut { sent, .. }
            | Kind::Interrupted { sent: Some(sent), .. } => *sent,
            _ => Sent::No,
        }
    }
}
