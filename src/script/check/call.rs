//! Calls: of methods, of the file's functions, of the language's; and their arguments.

use rhai::{Expr, FnCallExpr, Position};

use super::given::{Given, Literal, text};
use super::scope::Type;
use super::tally::{Mistake, Used, What};
use super::walk::Walker;
use crate::api::{Arg, check_literal, find, is_options, missing};
use crate::error::{Error, Kind};
use crate::script::captured::captured;
use crate::script::live::{Door, Live};
use crate::script::route;
use crate::script::{BUILTINS, Builtin, CACHE, event_name};
use crate::spec::{Host, Method, On, bind, nearest};

/// Methods that call their function once, in the place of the call.
const CALL_ONCE: &[&str] = &["with_access_token", "run_coroutine", "create_task", "dry_run"];

/// What calls its function after the round of a loop is over. `parallel` waits for its own.
const LATER: &[&str] = &["create_task", "every", "at", "on"];

/// The fields of `app` that are no methods.
const FIELDS: &[&str] = &["api", "oapi", "config", "cache"];

impl Walker<'_> {
    /// `name(…)`
    pub(super) fn call(&mut self, call: &FnCallExpr, position: Position) -> Type {
        let name = call.name.as_str();
        if name == "curry" && matches!(call.args.first(), Some(Expr::DynamicConstant(..))) {
            self.curried(call, Type::Any, true);
            return Type::Any;
        }
        if name == "Fn" {
            self.pointer(call, position);
            return Type::Any;
        }
        let function = self.names.function(name, call.args.len());
        if call.is_operator_call() || call.is_qualified() {
            self.all(&call.args);
        } else if let Some(function) = function {
            let key = (function.name.clone(), function.params.len());
            let given: Vec<Type> = call.args.iter().map(|argument| self.expr(argument)).collect();
            let known = self.found.types.entry(key.clone()).or_default();
            known.resize(given.len(), Type::Unset);
            known.iter_mut().zip(given).for_each(|(known, given)| *known = known.or(given));
            self.site(What::Function(key), position);
        } else if let Some(method) = find(On::Nothing, name) {
            self.all(&call.args);
            self.check(method, &call.args, position);
            return match method.name {
                "Dingtalk" => Type::App,
                name if self.names.are_all => Type::Object(name),
                _ => Type::Any,
            };
        } else {
            self.builtin(call, position);
        }
        Type::Any
    }

    /// `Fn("name")`: who knows when it is called.
    fn pointer(&mut self, call: &FnCallExpr, position: Position) {
        self.all(&call.args);
        if let Some(name) = call.args.first().and_then(text) {
            self.points_to(name, position);
        }
    }

    /// Functions of the file that somebody will call with anything; whether there are any.
    pub(super) fn points_to(&mut self, name: &str, position: Position) -> bool {
        let keys: Vec<_> = self.names.named(name).map(|f| (f.name.clone(), f.params.len())).collect();
        let are_any = !keys.is_empty();
        for key in keys {
            self.found.types.insert(key.clone(), vec![Type::Any; key.1]);
            self.repeated(|this| this.site(What::Function(key), position));
        }
        are_any
    }

    /// A function of the language or of this program.
    fn builtin(&mut self, call: &FnCallExpr, position: Position) {
        let name = call.name.as_str();
        let is_variable = self.scope.get(name).is_some();
        let given: Vec<Literal> = call.args.iter().map(Literal::new).collect();
        if self.names.are_all && !is_variable && !self.names.has(name, &given) {
            self.all(&call.args);
            let given: Vec<&str> = given.iter().map(|given| given.name).collect();
            let signature = format!("{name} ({})", given.join(", "));
            return self.found.mistakes.push(Mistake::function(position, signature));
        }
        // The session may have one of its own.
        let is_own = is_variable || self.names.around_has(name);
        if let (false, "every" | "at", Some(method)) = (is_own, name, find(On::App, name)) {
            self.check(method, &call.args, position);
        }
        let builtin = BUILTINS.iter().find(|builtin| builtin.name == name);
        self.options(builtin, &call.args);
        let given = if name == "on" { Type::Event } else { Type::Any };
        if let ("on" | "off", Some(event)) = (name, call.args.first().and_then(text))
            && let Err(error) = event_name(event)
        {
            self.found.mistakes.push(Mistake::error(call.args[0].start_position(), error));
        }
        if let (false, "route", Some(path)) = (is_own, name, call.args.first().and_then(text))
            && let Err(error) = route::parts(path)
        {
            self.found.mistakes.push(Mistake::error(call.args[0].start_position(), error));
        }
        if !is_own {
            self.shares(name, &call.args);
        }
        for argument in &call.args {
            self.argument(argument, given, true);
        }
    }

    /// A function that runs later sees what the variable of the loop is by then.
    fn shares(&mut self, name: &str, args: &[Expr]) {
        if !LATER.contains(&name) {
            return;
        }
        for argument in args {
            for variable in captured(argument).filter(|variable| self.scope.is_of_loop(variable)) {
                self.found.warnings.push(Mistake::shared(argument.start_position(), name, variable));
            }
        }
    }

    /// Checks the keys of the map at the end of a function that has no row.
    fn options(&mut self, function: Option<&Builtin>, args: &[Expr]) {
        let Some((function, (_, keys))) = function.and_then(|f| Some((f, f.usage.split_once("#{")?))) else {
            return;
        };
        let keys: Vec<&str> = keys.split('}').next().unwrap_or_default().split(", ").collect();
        let keys: Vec<&str> = keys.iter().map(|key| key.trim_end_matches('?')).collect();
        for entry in args.last().map(Given::new).and_then(|given| given.entries).unwrap_or_default() {
            if !keys.contains(&entry.0) {
                let nearest =
                    nearest(entry.0, keys.iter().copied()).or(keys.first().copied()).map(str::to_owned);
                let method = function.usage.split('(').next().unwrap_or(function.name).to_owned();
                let param = entry.0.to_owned();
                let error = Error::new(Kind::UnknownParam { method, param, nearest });
                self.found.mistakes.push(Mistake::error(entry.1, error));
            }
        }
    }

    /// `receiver.name`
    pub(super) fn property(&mut self, receiver: Type, name: &str, position: Position) -> Type {
        match (receiver, name) {
            (Type::App, "api") => Type::Door(Host::Api),
            (Type::App, "oapi") => Type::Door(Host::Oapi),
            (Type::App, "cache") => Type::Cache,
            (Type::Event, "app") => Type::App,
            (Type::App, name) if !FIELDS.contains(&name) => {
                self.found.mistakes.push(Mistake::field(position, name));
                Type::Any
            }
            (Type::Object(kind), name) => {
                let fields = self.names.fields(kind).filter(|fields| !fields.contains(&name));
                if let Some(fields) = fields {
                    let near = nearest(name, fields.into_iter());
                    self.found.mistakes.push(Mistake::object_field(position, kind, name, near));
                }
                Type::Any
            }
            _ => Type::Any,
        }
    }

    /// `receiver.name(…)`
    pub(super) fn method(&mut self, receiver: Type, call: &FnCallExpr, position: Position) -> Type {
        let (name, count) = (call.name.as_str(), call.args.len());
        match receiver {
            Type::App | Type::Door(_) => {
                let (on, kind) =
                    if receiver == Type::App { (On::App, "Dingtalk") } else { (On::Door, "Door") };
                self.shares(name, &call.args);
                for argument in &call.args {
                    self.argument(argument, Type::Any, !CALL_ONCE.contains(&name));
                }
                let has_other = match on {
                    On::App => self.names.handle_has::<Live>(name, count),
                    _ => self.names.handle_has::<Door>(name, count),
                };
                match find(on, name) {
                    Some(method) => {
                        self.check(method, &call.args, position);
                        self.uses(receiver, method, &call.args, position);
                    }
                    None if has_other => {}
                    None => self.found.mistakes.push(Mistake::function(position, format!("{name} ({kind})"))),
                }
            }
            Type::Cache => {
                for argument in &call.args {
                    self.argument(argument, Type::Any, true);
                }
                if !self.names.cache_has(name, count) {
                    self.found.mistakes.push(Mistake::cache(position, name, count));
                }
                self.options(CACHE.iter().find(|word| word.name == name), &call.args);
            }
            Type::Event | Type::Object(_) | Type::Any | Type::Unset => self.unknown(receiver, call, position),
        }
        Type::Any
    }

    /// A method of something that may be anything.
    fn unknown(&mut self, receiver: Type, call: &FnCallExpr, position: Position) {
        let (name, count) = (call.name.as_str(), call.args.len());
        for argument in &call.args {
            self.argument(argument, Type::Any, true);
        }
        if self.names.function(name, count).is_some() {
            self.site(What::Function((name.to_owned(), count)), position);
        }
        let kind = if let Type::Object(kind) = receiver { Some(kind) } else { None };
        if !self.names.may_have(name) {
            self.found.mistakes.push(Mistake::unknown_method(position, name));
        } else if let Some(kind) = kind.filter(|kind| !self.names.object_has(kind, name, count)) {
            let given = call.args.iter().map(|argument| Literal::new(argument).name);
            let given: Vec<&str> = std::iter::once(kind).chain(given).collect();
            self.found.mistakes.push(Mistake::function(position, format!("{name} ({})", given.join(", "))));
        }
        if let (Type::Event, "reply" | "ask", Some(send)) = (receiver, name, find(On::App, "send_message")) {
            self.site(What::Method(Used::of(send, &format!("event.{name}"))), position);
        }
    }

    /// Notes the use of a method.
    fn uses(&mut self, receiver: Type, method: &'static Method, args: &[Expr], position: Position) {
        let used = match receiver {
            Type::Door(host) => Used::raw(host, method, args.first().and_then(text)),
            _ => Used::of(method, &method.full_name()),
        };
        self.site(What::Method(used), position);
    }

    /// Checks the arguments of a method or constructor.
    fn check(&mut self, method: &'static Method, args: &[Expr], position: Position) {
        let mut positional: Vec<Given<'_>> = args.iter().map(Given::new).collect();
        let count = positional.len();
        let last = positional.last();
        // A variable may hold the options.
        let is_open = last.is_some_and(|last| last.may_be_map);
        let has_options = last
            .and_then(|last| last.entries.as_ref())
            .is_some_and(|entries| is_options(method, count, entries.iter().map(|entry| entry.0)));
        let named = match positional.pop() {
            Some(Given { entries: Some(entries), .. }) if has_options => entries,
            Some(last) if !(is_open && count > method.by_position) => {
                positional.push(last);
                Vec::new()
            }
            _ => Vec::new(),
        };
        let (known, unknown): (Vec<_>, Vec<_>) =
            named.into_iter().partition(|entry| method.params.iter().any(|param| param.answers_to(entry.0)));
        let mut mistakes: Vec<Mistake> = Vec::new();
        for (name, at, _) in unknown {
            let error = bind::<()>(method, Vec::new(), vec![(name.to_owned(), ())]).err();
            mistakes.extend(error.map(|error| Mistake::error(at, error)));
        }
        let known = known.into_iter().map(|(name, _, given)| (name.to_owned(), given)).collect();
        match bind(method, positional, known) {
            Err(error) => mistakes.push(Mistake::error(position, error)),
            Ok(mut bound) => {
                for (index, param) in method.params.iter().enumerate() {
                    let Some(given) = bound.take(index) else {
                        if param.required && !is_open {
                            mistakes.push(Mistake::error(position, missing(method, index)));
                        }
                        continue;
                    };
                    let error = given.value.as_ref().and_then(|value| wrong(method, index, value));
                    mistakes.extend(error.map(|error| Mistake::error(given.position, error)));
                }
            }
        }
        self.found.mistakes.extend(mistakes);
    }
}

/// What is wrong with an argument that stands written out.
fn wrong(method: &'static Method, index: usize, value: &Arg) -> Option<Error> {
    if matches!(value, Arg::Nil) && method.params[index].required {
        return Some(missing(method, index));
    }
    check_literal(method, index, value).err()
}
