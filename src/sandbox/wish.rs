//! Failures by name, for the console and for other programs.

use super::push::CONNECTION;
use super::{Fault, FrameFault, LinkFault, Planned, Sandbox, Spoil};
use crate::error::{Error, Result};
use crate::lang::Text;

/// A failure that is asked for by its name.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wish {
    /// One of [`Sandbox::wishes`].
    pub name: String,
    /// Part of the path of a call, or of the event type or topic of a frame; empty strikes any.
    #[serde(default)]
    pub on: String,
    /// How many it strikes.
    #[serde(default = "once")]
    pub times: usize,
    /// For what is late: how much.
    #[serde(default = "a_second")]
    pub millis: u64,
    /// For `call.status`: the HTTP status.
    #[serde(default = "unavailable")]
    pub status: u16,
    /// The connection, for what happens to one; everyone without it.
    #[serde(default)]
    pub connection: Option<String>,
}

fn once() -> usize {
    1
}

fn a_second() -> u64 {
    1000
}

fn unavailable() -> u16 {
    503
}

impl Wish {
    /// The next call, frame, or every connection.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            on: String::new(),
            times: once(),
            millis: a_second(),
            status: unavailable(),
            connection: None,
        }
    }
}

/// What a name stands for.
enum Meaning {
    Call(Fault),
    Ticket,
    Frame(FrameFault),
    Link(LinkFault),
}

const NAMES: [&str; 16] = [
    "call.status",
    "call.html",
    "call.truncated",
    "call.not_json",
    "call.delay",
    "call.drop",
    "call.qps",
    "call.busy",
    "ticket.refuse",
    "frame.twice",
    "frame.late",
    "frame.lost",
    "link.disconnect",
    "link.close",
    "link.drop",
    "link.silence",
];

impl Sandbox {
    /// Every name that [`Sandbox::wish`] knows.
    pub fn wishes() -> Vec<String> {
        let spoiled = Spoil::ALL.iter().map(|(name, _)| format!("frame.{name}"));
        NAMES.iter().map(ToString::to_string).chain(spoiled).collect()
    }

    /// Plans a failure of calls or frames, or does something to connections at once; how many it strikes or will strike.
    ///
    /// # Errors
    /// When the name is unknown.
    pub fn wish(&self, wish: &Wish) -> Result<usize> {
        let Some(meaning) = meaning(wish) else {
            let name = &wish.name;
            let all = Self::wishes().join(" ");
            return Err(Error::usage(
                format!("no failure is called `{name}`"),
                format!("没有名为 `{name}` 的故障"),
            )
            .hint(Text::made(format!("there are: {all}"), format!("可用：{all}"))));
        };
        match meaning {
            Meaning::Call(fault) => self.fault(fault.on(&wish.on).times(wish.times)),
            Meaning::Ticket => self.fault(Fault::Status(401).on(CONNECTION).times(wish.times)),
            Meaning::Frame(fault) => self.frame_fault(Planned::from(fault).on(&wish.on).times(wish.times)),
            Meaning::Link(fault) => return Ok(self.link_fault(fault, wish.connection.as_deref())),
        }
        Ok(wish.times)
    }
}

fn meaning(wish: &Wish) -> Option<Meaning> {
    Some(match wish.name.as_str() {
        "call.status" => Meaning::Call(Fault::Status(wish.status)),
        "call.html" => Meaning::Call(Fault::Html),
        "call.truncated" => Meaning::Call(Fault::Truncated),
        "call.not_json" => Meaning::Call(Fault::NotJson),
        "call.delay" => Meaning::Call(Fault::Delay(wish.millis)),
        "call.drop" => Meaning::Call(Fault::Drop),
        "call.qps" => Meaning::Call(Fault::Qps),
        "call.busy" => Meaning::Call(Fault::Busy),
        "ticket.refuse" => Meaning::Ticket,
        "frame.twice" => Meaning::Frame(FrameFault::Twice),
        "frame.late" => Meaning::Frame(FrameFault::Late(wish.millis)),
        "frame.lost" => Meaning::Frame(FrameFault::Lost),
        "link.disconnect" => Meaning::Link(LinkFault::Disconnect),
        "link.close" => Meaning::Link(LinkFault::Close),
        "link.drop" => Meaning::Link(LinkFault::Drop),
        "link.silence" => Meaning::Link(LinkFault::Silence),
        other => {
            let name = other.strip_prefix("frame.")?;
            let (_, spoil) = Spoil::ALL.iter().find(|(known, _)| *known == name)?;
            Meaning::Frame(FrameFault::Spoiled(*spoil))
        }
    })
}
