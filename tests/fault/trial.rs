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
    /// Tries it.
    pub fn run(&self, runtime: &Runtime) -> Result<(), String> {
        let mut proxy = None;
        let mut world = self.target.case.world(|config| {
            let _entered = runtime.enter();
            let (made, endpoints) = Proxy::new(&config.endpoints);
            config.endpoints = endpoints;
            config.timeouts = self.limits();
            proxy = Some(made);
        })?;
        let proxy = proxy.unwrap();
        let happened = self.strike(runtime, &mut world, &proxy)?;
        self.judge(&happened)?;
        let alive = world.run("app.get_depts(1, #{using_cache: false}).len()");
        match alive.is_value() && alive.json() == json!(3) {
            true => Ok(()),
            false => Err(format!("the session is not alive: {}", ending(&alive))),
        }
    }

    /// Long ones, but for what waits for them.
    fn limits(&self) -> Timeouts {
        let (long, short) = (30.0, 1.0);
        match self.fault {
            Fault::Late => Timeouts { connect: long, first_byte: short, call: long },
            Fault::Stuck => Timeouts { connect: long, first_byte: long, call: short },
            _ => Timeouts { connect: long, first_byte: long, call: long },
        }
    }

    fn strike(&self, runtime: &Runtime, world: &mut World, proxy: &Proxy) -> Result<Happened, String> {
        let (setup, call) = self.target.case.scripts(world);
        if !setup.is_empty() {
            let ran = world.run(&setup);
            if !ran.is_value() {
                return Err(format!("the setup failed: {}", ending(&ran)));
            }
        }
        let client = &world.session.client;
        match self.place {
            Place::Call(_) => runtime.block_on(client.check_token(&Flight::default())).unwrap(),
            Place::Token if client.held_token().is_some() => world.clock.advance(7000 * 1000),
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
        Ok(Happened { ran, seen, counted: world.session.client.usage.session() - before })
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
            Place::Token => (right_without_token(self.fault), 0),
            Place::Call(at) => (right(self.fault, self.target.calls[at]), at),
        };
        let frames = |at: usize| self.target.calls[at].effect == Effect::Frames;
        if let Place::Call(at) = self.place
            && frames(at)
        {
            let most = all + most(self.target.calls[at]);
            return if calls <= most { Ok(()) } else { Err(format!("{calls} requests, {found}")) };
        }
        let (well, tries) = match wanted {
            Right::Well(tries) => (true, tries),
            Right::Badly(.., tries) => (false, tries),
        };
        let expected = match (self.place, well) {
            (Place::Call(_), true) => all + tries - 1,
            (Place::Call(at), false) => at + tries,
            (Place::Token, true) => all,
            (Place::Token, false) => 0,
        };
        if calls != expected {
            return Err(format!("{calls} requests, not {expected}; {found}"));
        }
        match wanted {
            Right::Well(_) if ran.is_value() || self.target.case.fails.is_some() => Ok(()),
            Right::Well(_) => Err(format!("it did not recover: {found}")),
            Right::Badly(..) if ran.is_value() => Err("it did not fail".into()),
            Right::Badly(kind, sent, _) => self.said(ran.problem(), kind, sent, at),
        }
    }

    /// An error of the right kind that says the truth.
    fn said(&self, problem: &Problem, kind: &str, sent: &str, at: usize) -> Result<(), String> {
        let Some(error) = &problem.error else {
            return Err(format!("no error of ours: {}", problem.message.en));
        };
        // What was done before stays done, and the error may say so.
        let partly = at > 0 && error.kind_name() == "partial";
        let found = (error.kind_name(), error.sent().name());
        if found == (kind, sent) || partly {
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
