//! From what stands in a file to what a run of it calls.

use std::collections::{BTreeMap, BTreeSet};

use rhai::{AST, Engine, Position};

use super::report::{Reach, Use};
use super::spot;
use super::walk::{Found, Key};
use crate::api::advice::advice;
use crate::api::methods;
use crate::error::Error;
use crate::lang::Text;
use crate::script::problem::Problem;
use crate::script::syntax::Words;
use crate::script::unknown::{it_is_a_method, nothing_has, of_cache, unknown_function};
use crate::script::words::no_field;
use crate::spec::{Calls, Endpoint, Host, Method, On, Verb, nearest};

/// How often something is called each time its function runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Times {
    /// At most once.
    Once,
    /// In a loop or a closure.
    Each,
}

/// A place where something is called.
#[derive(Debug, Clone)]
pub(super) struct Site {
    pub(super) what: What,
    pub(super) times: Times,
    pub(super) line: usize,
}

/// What is called.
#[derive(Debug, Clone)]
pub(super) enum What {
    Method(Used),
    Function(Key),
}

/// A method, or a raw call.
#[derive(Debug, Clone)]
pub(super) struct Used {
    name: String,
    reach: Reach,
    calls: Calls,
    permission: &'static str,
}

impl Used {
    pub(super) fn of(method: &'static Method, name: &str) -> Self {
        let permission = advice(method.name).map_or("", |advice| advice.permission);
        Self { name: name.to_owned(), reach: Reach::Known(method.effect), calls: method.calls(), permission }
    }

    /// A call of `path` on a host; what it does is known when a method makes the same call.
    pub(super) fn raw(host: Host, method: &'static Method, path: Option<&str>) -> Self {
        let verb = match method.name {
            "get" => Verb::Get,
            "put" => Verb::Put,
            "delete" => Verb::Delete,
            _ => Verb::Post,
        };
        let bare = path.map(|path| path.split('?').next().unwrap_or_default());
        let is_same = |own: &Endpoint| own.verb == verb && own.host == host && Some(own.path) == bare;
        let known = methods().find(|known| known.form.endpoints().iter().any(is_same));
        let reach = match (known, verb) {
            (Some(known), _) => Reach::Known(known.effect),
            (None, Verb::Get | Verb::Delete) => Reach::Known(method.effect),
            (None, Verb::Post | Verb::Put) => Reach::Unknown,
        };
        let permission = known.and_then(|known| advice(known.name)).map_or("", |advice| advice.permission);
        let name = format!("app.{}.{}(\"{}\")", host.name(), method.name, bare.unwrap_or("…"));
        Self { name, reach, calls: method.calls(), permission }
    }
}

/// Something that would go wrong.
pub(super) struct Mistake {
    position: Position,
    what: Wrong,
}

enum Wrong {
    Error(Error),
    Words(Words),
    /// A function that is not there, as the engine would report it.
    Function(String),
    /// A method that nothing has.
    Method(String),
}

impl Mistake {
    pub(super) fn error(position: Position, error: Error) -> Self {
        Self { position, what: Wrong::Error(error) }
    }

    pub(super) fn function(position: Position, signature: String) -> Self {
        Self { position, what: Wrong::Function(signature) }
    }

    pub(super) fn variable(position: Position, name: &str, near: Option<String>) -> Self {
        let method = crate::api::find(On::App, name).map(it_is_a_method);
        let hint = method.or_else(|| near.map(|near| did_you_mean(&near)));
        let text = Text::made(format!("no variable `{name}`"), format!("没有变量 `{name}`"));
        Self { position, what: Wrong::Words((text, hint.into_iter().collect())) }
    }

    /// A function that shares the variable of a loop with the other rounds.
    pub(super) fn shared(position: Position, call: &str, name: &str) -> Self {
        let text = Text::made(
            format!(
                "all rounds of the loop share `{name}`: the function that `{call}` is given sees its last value"
            ),
            format!("循环的各次共用变量 `{name}`：传给 `{call}` 的函数看到的是最后一个值"),
        );
        let hint = Text::made(
            format!("`let own = {name};` in the loop, and `own` in the function"),
            format!("请在循环中写 `let own = {name};`，并在函数中使用 `own`"),
        );
        Self { position, what: Wrong::Words((text, vec![hint])) }
    }

    /// A method that no value has.
    pub(super) fn unknown_method(position: Position, name: &str) -> Self {
        Self { position, what: Wrong::Method(name.to_owned()) }
    }

    /// A field that `app` does not have.
    pub(super) fn field(position: Position, name: &str) -> Self {
        let text = Text::made(format!("`app` has no field `{name}`"), format!("`app` 没有字段 `{name}`"));
        let of_app = || methods().filter(|method| method.on == On::App);
        let hint = match of_app().find(|method| method.name == name) {
            Some(method) => Some(it_is_a_method(method)),
            None => nearest(name, of_app().map(|method| method.name)).map(did_you_mean),
        };
        Self { position, what: Wrong::Words((text, hint.into_iter().collect())) }
    }

    /// A field that what a constructor makes does not have.
    pub(super) fn object_field(position: Position, kind: &str, name: &str, near: Option<&str>) -> Self {
        let words = (no_field(kind, name), near.map(did_you_mean).into_iter().collect());
        Self { position, what: Wrong::Words(words) }
    }

    /// A method that `cache` does not have, or not with so many arguments.
    pub(super) fn cache(position: Position, name: &str, given: usize) -> Self {
        Self { position, what: Wrong::Words(of_cache(name, given)) }
    }

    pub(super) fn problem(self, engine: &Engine, library: &AST) -> Problem {
        let mut problem = match self.what {
            Wrong::Error(error) => Problem::of(error),
            Wrong::Words((text, hints)) => Problem::of_script(text, hints),
            Wrong::Method(name) => {
                let (text, hints) = nothing_has(engine, &name);
                Problem::of_script(text, hints)
            }
            Wrong::Function(signature) => {
                let (text, hints) = unknown_function(engine, library, &signature);
                Problem::of_script(text, hints)
            }
        };
        problem.spot = spot(self.position);
        problem
    }
}

fn did_you_mean(near: &str) -> Text {
    Text::made(format!("did you mean `{near}`?"), format!("是否想写 `{near}`？"))
}

/// The methods that a run may call, and those of functions that nobody calls, with how often.
pub(super) fn uses(found: &Found) -> Vec<Use> {
    let mut tally = Tally {
        found,
        uses: BTreeMap::new(),
        under_way: Vec::new(),
        left: MOST_STEPS,
        seen: BTreeSet::new(),
    };
    tally.body(None, 1, Times::Once);
    tally.rest();
    let mut uses: Vec<Use> = tally.uses.into_values().collect();
    for one in &mut uses {
        one.lines.sort_unstable();
        one.lines.dedup();
    }
    uses.sort_by(|one, other| (one.lines.first(), &one.name).cmp(&(other.lines.first(), &other.name)));
    uses
}

struct Tally<'a> {
    found: &'a Found,
    uses: BTreeMap<String, Use>,
    /// The functions that are being counted, each in the one before.
    under_way: Vec<Key>,
    /// How many calls of functions are still followed.
    left: usize,
    /// The functions that are called.
    seen: BTreeSet<Key>,
}

/// How many calls of functions are followed: in a chain of functions that call each other twice they double with each of them.
const MOST_STEPS: usize = 10_000;

impl Tally<'_> {
    fn body(&mut self, key: Option<&Key>, count: u64, times: Times) {
        let sites = self.found.sites.get(&key.cloned()).map_or(&[][..], Vec::as_slice);
        let mut functions: BTreeMap<(Key, bool), u64> = BTreeMap::new();
        for site in sites {
            let each = times == Times::Each || site.times == Times::Each;
            match &site.what {
                What::Method(used) => self.add(used, site.line, count, each),
                What::Function(key) => *functions.entry((key.clone(), each)).or_default() += 1,
            }
        }
        for ((key, each), calls) in functions {
            let count = count.saturating_mul(calls);
            self.left = self.left.saturating_sub(1);
            self.seen.insert(key.clone());
            if self.under_way.contains(&key) || self.left == 0 {
                // It calls itself: nobody knows how often.
                self.all_each(&key);
                continue;
            }
            let times = if each { Times::Each } else { Times::Once };
            self.under_way.push(key.clone());
            self.body(Some(&key), count, times);
            self.under_way.pop();
        }
    }

    /// Everything that a function calls, however far, is called any number of times.
    fn all_each(&mut self, key: &Key) {
        let (mut seen, mut next) = (BTreeSet::new(), vec![key.clone()]);
        while let Some(key) = next.pop() {
            if !seen.insert(key.clone()) {
                continue;
            }
            self.seen.insert(key.clone());
            for site in self.found.sites.get(&Some(key)).into_iter().flatten() {
                match &site.what {
                    What::Method(used) => self.add(used, site.line, 0, true),
                    What::Function(key) => next.push(key.clone()),
                }
            }
        }
    }

    /// What stands in functions that nobody here calls.
    fn rest(&mut self) {
        for (key, sites) in &self.found.sites {
            if key.as_ref().is_none_or(|key| self.seen.contains(key)) {
                continue;
            }
            for site in sites {
                if let What::Method(used) = &site.what {
                    self.add(used, site.line, 0, false);
                }
            }
        }
    }

    fn add(&mut self, used: &Used, line: usize, count: u64, each: bool) {
        let entry = self.uses.entry(used.name.clone()).or_insert_with(|| Use {
            name: used.name.clone(),
            reach: used.reach,
            calls: used.calls,
            permission: used.permission,
            once: 0,
            each: false,
            lines: Vec::new(),
        });
        if each {
            entry.each = true;
        } else {
            entry.once = entry.once.saturating_add(count);
        }
        entry.lines.push(line);
    }
}
