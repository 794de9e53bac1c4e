//! The type of what stands before a dot, as far as it can be told without evaluating anything.

use super::code::Code;
use super::known::{Known, Session};
use crate::api::find;
use crate::console::scan::Class;
use crate::script::{EVENTS, Members, Shape};
use crate::spec::On;

/// How far a variable is followed to where it got its value.
const MAX_STEPS: usize = 8;

/// The type of `app`.
pub(super) const APP: &str = "Dingtalk";

/// The type of `app.api` and `app.oapi`.
pub(super) const DOOR: &str = "Door";

/// The type of `cache`.
const CACHE: &str = "Cache";

/// The type of an event.
const EVENT: &str = "Event";

/// What its fields are.
const PARTS: &[(&str, &str)] = &[
    ("group", "Group"),
    ("member", "Member"),
    ("operator", "Member"),
    ("sender", "Member"),
    ("message", "MessageChain"),
    ("ask", "MessageChain"),
    ("reply", "Response"),
    ("raw", "map"),
    ("app", APP),
];

/// Reads types out of one piece of code.
pub(super) struct Reader<'a> {
    code: &'a Code<'a>,
    session: &'a Session,
    members: &'a Members,
}

impl<'a> Reader<'a> {
    pub(super) fn new(code: &'a Code<'a>, known: &'a Known, session: &'a Session) -> Self {
        Self { code, session, members: known.members() }
    }

    /// What the expression is that ends before the token `end`.
    pub(super) fn before(&self, end: usize) -> Option<Shape> {
        self.follow(end, MAX_STEPS)
    }

    /// What a name is called on, when the token `name` is the name of a call.
    pub(super) fn on(&self, name: usize) -> Option<On> {
        if !self.code.is_member(name) {
            return Some(On::Nothing);
        }
        match self.before(name - 1)?.kind.as_str() {
            APP => Some(On::App),
            DOOR => Some(On::Door),
            _ => None,
        }
    }

    fn follow(&self, end: usize, steps: usize) -> Option<Shape> {
        let (last, steps) = (end.checked_sub(1)?, steps.checked_sub(1)?);
        let code = self.code;
        match code.class(last)? {
            Class::Text => Some(Shape::of("string")),
            Class::Template if code.word(last).ends_with('`') => Some(Shape::of("string")),
            Class::Char => Some(Shape::of("char")),
            Class::Number if code.word(last).contains(['.', 'e']) => Some(Shape::of("f64")),
            Class::Number => Some(Shape::of("i64")),
            Class::Identifier if code.is_member(last) => {
                let receiver = self.follow(last - 1, steps)?;
                self.field(&receiver, code.word(last))
            }
            Class::Identifier => self.variable(last, steps),
            Class::Bracket => self.bracket(last, steps),
            _ => None,
        }
    }

    /// What ends with the bracket `last`: a call, an item, a list or a map.
    fn bracket(&self, last: usize, steps: usize) -> Option<Shape> {
        let code = self.code;
        let open = code.scan.partner(last)?;
        let before = open.checked_sub(1);
        match code.word(open) {
            "(" => {
                let name = before.filter(|name| code.is_name(*name));
                let Some(name) = name else { return self.follow(last, steps) };
                if !code.is_member(name) {
                    return function(code.word(name), self.members);
                }
                let receiver = self.follow(name - 1, steps)?;
                self.method(&receiver, code.word(name))
            }
            "[" => {
                let is_index = before.is_some_and(|before| {
                    code.is_name(before) || matches!(code.word(before), ")" | "]" | "}" | "?")
                });
                if !is_index {
                    let item =
                        (open + 1 < last).then(|| self.follow(first_item(code, open, last), steps)).flatten();
                    return Some(Shape { item: item.map(Box::new), ..Shape::of("array") });
                }
                if code.word(open - 1) == "Out" && !code.is_member(open - 1) {
                    return self.result(open + 1, last);
                }
                let skip = usize::from(code.word(open - 1) == "?");
                let list = self.follow(open - skip, steps)?;
                if let Some(item) = list.item {
                    return Some(*item);
                }
                list.key(code.word(open + 1).trim_matches('"')).cloned()
            }
            "#{" => Some(Shape::of("map")),
            _ => None,
        }
    }

    /// `Out[3]`, or `Out[-1]`, the last one.
    fn result(&self, start: usize, end: usize) -> Option<Shape> {
        let values = &self.session.values;
        let number: i64 = (start..end).map(|at| self.code.word(at)).collect::<String>().parse().ok()?;
        if number > 0 {
            return values.get(&number).cloned();
        }
        values.values().rev().nth(usize::try_from(-number).ok()?.checked_sub(1)?).cloned()
    }

    fn field(&self, receiver: &Shape, name: &str) -> Option<Shape> {
        match (receiver.kind.as_str(), name) {
            (APP, "api" | "oapi") => Some(Shape::of(DOOR)),
            ("map", _) => receiver.key(name).cloned(),
            (kind, _) => self.gives(kind, name),
        }
    }

    fn method(&self, receiver: &Shape, name: &str) -> Option<Shape> {
        match receiver.kind.as_str() {
            APP => {
                let answer = self.session.answers.get(name).cloned();
                answer.or_else(|| {
                    find(On::App, name).and_then(|row| told(row.returns.en.as_ref(), self.members))
                })
            }
            DOOR => Some(Shape::of("map")),
            "array" if matches!(name, "filter" | "sort" | "drain" | "extract") => Some(receiver.clone()),
            "array" if matches!(name, "find" | "pop" | "shift" | "first" | "last") => {
                receiver.item.as_deref().cloned()
            }
            kind => self.gives(kind, name),
        }
    }

    /// The name of the call that has the token `index` among its arguments, when nothing else lies between them.
    fn call_around(&self, index: usize) -> Option<usize> {
        let mut at = index;
        loop {
            at = at.checked_sub(1)?;
            match self.code.word(at) {
                "(" => {
                    return at
                        .checked_sub(1)
                        .filter(|name| self.code.is_name(*name) && !self.code.is_member(*name));
                }
                ")" | "]" | "}" => at = self.code.scan.partner(at)?,
                "[" | "{" | "#{" | ";" => return None,
                _ => {}
            }
        }
    }

    fn gives(&self, kind: &str, name: &str) -> Option<Shape> {
        // These are there for some kinds of events only, so they are registered without a type.
        if let Some((_, gives)) = PARTS.iter().find(|(part, _)| kind == EVENT && *part == name) {
            return Some(Shape::of(*gives));
        }
        let member = self.members.get(kind)?.iter().find(|member| member.name == name)?;
        (!member.gives.is_empty()).then(|| Shape::of(member.gives.clone()))
    }

    /// A variable: where this code gave it a value, else the one of the session.
    fn variable(&self, index: usize, steps: usize) -> Option<Shape> {
        let (code, name) = (self.code, self.code.word(index));
        for at in (1..index).rev().filter(|at| code.word(*at) == name && code.is_name(*at)) {
            let found = match (code.word(at - 1), code.word(at + 1)) {
                ("let" | "const", "=") => Some(self.follow(end_of_value(code, at + 2, index), steps)),
                ("for", "in") => Some(self.follow(end_of_value(code, at + 2, index), steps).and_then(item)),
                ("|", "|" | ",") => Some(self.closure_item(at, steps)),
                _ => None,
            };
            if let Some(shape) = found {
                return shape;
            }
        }
        if let Some(shape) = self.session.variables.get(name) {
            return Some(shape.clone());
        }
        match name {
            "app" => Some(Shape::of(APP)),
            "cache" => Some(Shape::of(CACHE)),
            _ => None,
        }
    }

    /// The first parameter of a closure: of one that goes through a list, `list.map(|x| …`, `parallel(list, |x| …`, an item; of
    /// one that handles events, `on("GroupMessage", |event| …`, an event.
    fn closure_item(&self, at: usize, steps: usize) -> Option<Shape> {
        let bar = at.checked_sub(1)?;
        if let Some(name) = self.call_around(bar).filter(|name| self.code.word(*name) == "on") {
            return Some(event(self.code.word(name + 2).trim_matches('"')));
        }
        match self.code.word(bar.checked_sub(1)?) {
            "(" => {
                let name = bar.checked_sub(2).filter(|name| self.code.is_member(*name))?;
                item(self.follow(name - 1, steps)?)
            }
            "," => item(self.follow(bar - 1, steps)?),
            _ => None,
        }
    }
}

/// The event with this name, with the fields that are its own.
fn event(name: &str) -> Shape {
    let known = EVENTS.iter().find(|event| event.name == name || event.wire.contains(&name));
    let fields = known.map(|event| event.fields).unwrap_or_default();
    Shape {
        keys: fields.iter().map(|field| ((*field).to_owned(), Shape::default())).collect(),
        ..Shape::of(EVENT)
    }
}

fn item(list: Shape) -> Option<Shape> {
    list.item.map(|item| *item)
}

/// The end of the first item of a list, as the token behind it.
fn first_item(code: &Code<'_>, open: usize, close: usize) -> usize {
    end_of(code, open + 1, close, &[","])
}

/// The end of a value that begins at the token `start`.
fn end_of_value(code: &Code<'_>, start: usize, limit: usize) -> usize {
    end_of(code, start, limit, &[";", "{"])
}

fn end_of(code: &Code<'_>, start: usize, limit: usize, stops: &[&str]) -> usize {
    let mut at = start;
    while at < limit && !stops.contains(&code.word(at)) {
        at = code.scan.partner(at).filter(|close| *close > at).unwrap_or(at) + 1;
    }
    at
}

/// What a function that stands alone gives: a constructor its object.
fn function(name: &str, members: &Members) -> Option<Shape> {
    let row = find(On::Nothing, name)?;
    told(row.returns.en.as_ref(), members)
}

/// Reads `a Response, or …`, `a list of maps`, `the profile, a map`.
fn told(returns: &str, members: &Members) -> Option<Shape> {
    let words = || returns.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let object = words()
        .find(|word| *word == APP || (word.starts_with(char::is_uppercase) && members.contains_key(*word)));
    let is = |text: &str| words().any(|word| word == text);
    if returns.starts_with("a list") {
        return Some(Shape { item: object.map(|kind| Box::new(Shape::of(kind))), ..Shape::of("array") });
    }
    match object {
        Some(kind) => Some(Shape::of(kind)),
        None if returns.starts_with("a client") => Some(Shape::of(APP)),
        None if is("map") || is("answer") || is("body") => Some(Shape::of("map")),
        None => None,
    }
}
