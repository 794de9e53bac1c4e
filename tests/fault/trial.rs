//! One method, one place, one fault: what happened against what is right.

use std::fmt;

use dingraia::client::Flight;
use dingraia::config::Timeouts;
use dingraia::script::Problem;
use serde_json::json;
use tokio::runtime::Runtime;

use super::kind::Fault;
use super::proxy::{Proxy, Seen, Strike};
use super::right::{Effect, Nature, Right, Token, counts, most, right, right_without_token};
use super::targets::Target;
use crate::support::{Ran, World};
use crate::wire::Request;

/// The request that is struck.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// This call of the method.
    Call(usize),
    /// The call for a token.
    Token,
}

/// What is tried.
pub struct Trial<'a> {
    pub target: &'a Target,
    pub place: Place,
    pub fault: Fault,
}

impl fmt::Display for Trial<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { target, place, fault } = self;
        write!(f, "{} ({}), {fault:?} at {place:?}", target.method.name, target.case.name)
    }
}

/// What happened.
struct Happened {
    ran: Ran,
    seen: Vec<Seen>,
    counted: u64,
}

impl Trial<'_> {
    /// Tries it in a new world, with the interpreter of the one before, which is left behind for the next.
    pub fn run(&self, runtime: &Runtime, before: &mut Option<World>) -> Result<(), String> {
        let mut proxy = None;
        let world = self.target.case.world_after(before.take(), |config| {
            let _entered = runtime.enter();
            let (made, endpoints) = Proxy::new(&config.endpoints, self.fault.is_at_the_door());
            config.endpoints = endpoints;
            if self.fault == Fault::NoSuchHost {
                // A name that no resolver asks anybody about.
                let nowhere = format!("http://{}.invalid", "a".repeat(64));
                (config.endpoints.api, config.endpoints.oapi) = (nowhere.clone(), nowhere);
            }
            config.timeouts = self.limits();
            // A file is needed by nothing but what fills it.
            config.use_database = self.target.method.name == "warm";
            proxy = Some(made);
        })?;
        let (world, proxy) = (before.insert(world), proxy.unwrap());
        if self.fault == Fault::NoSuchHost && !self.is_bare() {
            return Ok(());
        }
        let Some(happened) = self.strike(runtime, world, &proxy)? else { return Ok(()) };
        self.judge(&happened)?;
        if self.fault == Fault::NoSuchHost {
            return Ok(());
        }
        let alive = world.run("app.get_depts().len()");
        match alive.is_value() && alive.json() == json!(3) {
            true => Ok(()),
            false => Err(format!("the session is not alive: {}", ending(&alive))),
        }
    }

    /// True when it writes into a card.
    pub fn has_frames(&self) -> bool {
        self.target.calls.iter().any(|call| call.effect == Effect::Frames)
    }

    /// True when nothing has to go before the first call.
    fn is_bare(&self) -> bool {
        self.place == Place::Call(0) && self.target.case.setup.is_empty() && !self.target.is_given()
    }

    /// Long ones, but for what waits for them.
    fn limits(&self) -> Timeouts {
        let (long, short) = (30.0, 1.0);
        match self.fault {
            Fault::Late => Timeouts { connect: long, first_byte: short, call: long },
            Fault::Stuck => Timeouts { connect: long, first_byte: short, call: short },
            _ => Timeouts { connect: long, first_byte: long, call: long },
        }
    }

    fn strike(
        &self,
        runtime: &Runtime,
        world: &mut World,
        proxy: &Proxy,
    ) -> Result<Option<Happened>, String> {
        let (setup, call) = self.target.case.scripts(world);
        if !setup.is_empty() {
            let ran = world.run(&setup);
            if !ran.is_value() {
                return Err(format!("the setup failed: {}", ending(&ran)));
            }
        }
        let client = &world.session.client;
        match self.place {
            _ if self.fault == Fault::NoSuchHost => {}
            Place::Call(_) => runtime.block_on(client.check_token(&Flight::default())).unwrap(),
            // The setup has fetched one: there is nothing to strike.
            Place::Token if client.held_token().is_some() => return Ok(None),
            Place::Token => {}
        }
        let (token, at) = match self.place {
            Place::Call(at) => (false, at),
            Place::Token => (true, 0),
        };
        let times = if self.fault == Fault::Revoked { usize::MAX } else { 1 };
        let before = client.usage.session();
        runtime.block_on(proxy.arm(Some(Strike { fault: self.fault, token, at, times })));
        let ran = world.run(&call);
        let seen = runtime.block_on(proxy.heal());
        Ok(Some(Happened { ran, seen, counted: world.session.client.usage.session() - before }))
    }

    fn judge(&self, happened: &Happened) -> Result<(), String> {
        self.once(&happened.seen)?;
        self.ended(happened)?;
        let counted = happened.seen.iter().filter(|seen| self.is_counted(seen)).count() as u64;
        if counted != happened.counted {
            return Err(format!("{} counted, not {counted}", happened.counted));
        }
        Ok(())
    }

    /// The first call that needs the app's token.
    fn first_with_token(&self) -> usize {
        self.target.calls.iter().position(|call| call.token == Token::App).unwrap_or_default()
    }

    fn nature(&self, seen: &Seen) -> Nature {
        Nature::of(self.target.method.name, &seen.verb, &seen.path, self.target.is_given())
    }

    /// Whole answers of calls that carry a token.
    fn is_counted(&self, seen: &Seen) -> bool {
        let counted = !seen.token && self.nature(seen).token != Token::None;
        counted && seen.answer.as_ref().is_some_and(|(status, body)| counts(*status, body))
    }

    /// No write is sent twice.
    fn once(&self, seen: &[Seen]) -> Result<(), String> {
        let writes =
            |seen: &&Seen| !seen.token && self.nature(seen).effect == Effect::Writes && seen.received;
        for one in seen.iter().filter(writes) {
            let same = |other: &&Seen| (&other.verb, &other.path) == (&one.verb, &one.path);
            let received = seen.iter().filter(writes).filter(same).count();
            let wanted = self.target.case.requests.iter();
            let wanted = wanted.filter(|want| (&want.verb, &want.path) == (&one.verb, &one.path)).count();
            if received > wanted {
                return Err(format!("{} {} was received {received} times, not {wanted}", one.verb, one.path));
            }
        }
        Ok(())
    }

    fn ended(&self, happened: &Happened) -> Result<(), String> {
        let Happened { ran, seen, .. } = happened;
        let calls = seen.iter().filter(|seen| !seen.token).count();
        let (found, all) = (ending(ran), self.target.calls.len());
        let (wanted, at) = match self.place {
            // A closed door keeps the calls out that need no token, too.
            Place::Token if matches!(self.fault, Fault::Refused | Fault::NoSuchHost) => {
                (right_without_token(self.fault), 0)
            }
            Place::Token => (right_without_token(self.fault), self.first_with_token()),
            Place::Call(at) => (right(self.fault, self.target.calls[at]), at),
        };
        if self.target.calls[at].effect == Effect::Frames {
            let most = all + most(self.target.calls[at]);
            return if calls <= most { Ok(()) } else { Err(format!("{calls} requests, {found}")) };
        }
        let expected = match (wanted, self.place) {
            (Right::Either(kind), _) if self.failed_with(ran, kind) => {
                return self.said(ran.problem(), kind, None, at);
            }
            (Right::Either(_), _) => all,
            (Right::Well(tries), Place::Call(_)) => all + tries - 1,
            (Right::Well(_), Place::Token) => all,
            (Right::Badly(.., tries), Place::Call(at)) => at + tries,
            (Right::Badly(..), Place::Token) => at,
        };
        if calls != expected {
            return Err(format!("{calls} requests, not {expected}; {found}"));
        }
        match wanted {
            Right::Badly(..) if ran.is_value() => Err("it did not fail".into()),
            Right::Badly(kind, sent, _) => self.said(ran.problem(), kind, Some(sent), at),
            Right::Well(_) | Right::Either(_) if ran.is_value() || self.target.case.fails.is_some() => Ok(()),
            Right::Well(_) | Right::Either(_) => Err(format!("it did not recover: {found}")),
        }
    }

    /// Whether it failed, and not as it does anyway.
    fn failed_with(&self, ran: &Ran, kind: &str) -> bool {
        let is_kind = || ran.problem().error.as_ref().is_some_and(|error| error.kind_name() == kind);
        !ran.is_value() && (self.target.case.fails.is_none() || is_kind())
    }

    /// An error of the right kind that says the truth.
    fn said(&self, problem: &Problem, kind: &str, sent: Option<&str>, at: usize) -> Result<(), String> {
        let Some(error) = &problem.error else {
            return Err(format!("no error of ours: {}", problem.message.en));
        };
        // What was done before stays done, and the error may say so.
        let partly = at > 0 && error.kind_name() == "partial";
        let found = (error.kind_name(), error.sent().name());
        let hints = format!("{:?}", problem.hints);
        let refused =
            ["refused", "permission", "token", "rate", "quota"].contains(&kind) || sent == Some("no");
        if partly && !refused && hints.contains("messages were not sent") {
            return Err(format!("it says too much: {hints}"));
        }
        let told = |call: &Request| call.path.starts_with("/v1.0/robot/") || call.path.starts_with("/robot/");
        if !partly && self.target.case.requests[..at].iter().any(told) && !self.target.calls[at].file {
            return Err(format!("it does not say what was sent: {}", problem.message.en));
        }
        if (found.0 == kind && sent.is_none_or(|sent| sent == found.1)) || partly {
            return Ok(());
        }
        Err(format!("{found:?}, not {:?}: {}", (kind, sent), problem.message.en))
    }
}

/// How an evaluation ended, in words.
fn ending(ran: &Ran) -> String {
    if ran.is_value() {
        return "a value".into();
    }
    let problem = ran.problem();
    let kind = problem.error.as_ref().map_or("script", |error| error.kind_name());
    format!("{kind}: {}", problem.message.en)
}
