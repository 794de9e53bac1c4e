//! What is struck: every method that sends, in each of the ways in which it does, out of the documented requests and the examples.

use std::collections::HashSet;

use dingraia::api::{find, methods};
use dingraia::spec::{Form, Method, On};

use super::right::{Nature, Token};
use crate::wire::{Case, all_cases};

/// One way in which a method sends.
pub struct Target {
    pub method: &'static Method,
    pub case: Case,
    /// Its calls, in order.
    pub calls: Vec<Nature>,
}

impl Target {
    /// True when it brings its own token.
    pub fn is_given(&self) -> bool {
        self.case.has_token() || self.method.name == "with_access_token"
    }

    /// True when one of its calls needs a token of the app.
    pub fn needs_token(&self) -> bool {
        self.calls.iter().any(|call| call.token == Token::App)
    }
}

/// The row of `name`, wherever it stands.
fn row(name: &str) -> Option<&'static Method> {
    find(On::App, name).or_else(|| find(On::Door, name))
}

/// Every way of every method that sends.
pub fn targets() -> Vec<Target> {
    let mut cases = all_cases();
    // What DingTalk refuses in the end comes last, for methods without another; and the app's own token before others.
    cases.sort_by_key(|(_, case)| (case.fails.is_some(), case.has_token()));
    let (mut targets, mut known) = (Vec::<Target>::new(), HashSet::new());
    for (name, case) in cases {
        let Some(method) = row(&name).filter(|_| !case.requests.is_empty()) else { continue };
        let catches = [&case.setup, &case.call].iter().any(|script| script.contains("try"));
        let is_worse = case.fails.is_some() && targets.iter().any(|target| target.method.name == name);
        let calls = case.requests.iter();
        let calls: Vec<String> =
            calls.map(|call| format!("{} {} {}", call.host, call.verb, call.path)).collect();
        if !catches && !is_worse && known.insert((name, calls)) {
            targets.push(target(method, case));
        }
    }
    targets
}

fn target(method: &'static Method, case: Case) -> Target {
    let mut target = Target { method, calls: Vec::new(), case };
    let given = target.is_given();
    let requests = target.case.requests.iter();
    let natures = requests.map(|call| Nature::of(method.name, &call.verb, &call.path, given));
    target.calls = natures.collect();
    target
}

/// The methods that send and are not among `targets`.
pub fn missing(targets: &[Target]) -> Vec<&'static str> {
    let rows =
        methods().filter(|method| method.form != Form::Local && matches!(method.on, On::App | On::Door));
    rows.map(|method| method.name)
        .filter(|name| !targets.iter().any(|target| target.method.name == *name))
        .collect()
}
