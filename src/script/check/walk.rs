//! Goes through the statements of a file, with the variables that each of them sees.

use std::collections::BTreeMap;

use rhai::{ASTFlags, BinaryExpr, Expr, FnCallExpr, FnPtr, Position, Stmt};

use super::Function;
use super::names::Names;
use super::scope::{Scope, Type};
use super::tally::{Mistake, Site, Times, What};

/// A function by its name and the number of its parameters.
pub(super) type Key = (String, usize);

/// What the functions of a file are given.
type Types = BTreeMap<Key, Vec<Type>>;

/// What was found.
#[derive(Default)]
pub(super) struct Found {
    /// What functions are given, as far as it was known before.
    pub(super) before: Types,
    /// The same, as seen this time.
    pub(super) types: Types,
    pub(super) mistakes: Vec<Mistake>,
    /// What goes on, but hardly as it is meant.
    pub(super) warnings: Vec<Mistake>,
    /// What is called, by the function that calls it; `None` is the file itself.
    pub(super) sites: BTreeMap<Option<Key>, Vec<Site>>,
    pub(super) imports: Vec<String>,
}

/// Goes through a file.
pub(super) fn file(names: &Names<'_>, functions: &[Function], statements: &[Stmt], found: &mut Found) {
    let mut walker = Walker { names, found, scope: Scope::default(), body: None, times: Times::Once };
    for name in &names.around.variables {
        walker.scope.add(name, Type::Any);
    }
    walker.statements(statements);
    for function in functions.iter().filter(|function| !function.name.contains('$')) {
        let key = (function.name.clone(), function.params.len());
        let types = walker.found.before.get(&key).cloned().unwrap_or_default();
        walker.scope = Scope::default();
        for (index, param) in function.params.iter().enumerate() {
            walker.declare(param, types.get(index).copied().unwrap_or(Type::Unset));
        }
        walker.body = Some(key);
        walker.statements(&function.body);
    }
}

pub(super) struct Walker<'a> {
    pub(super) names: &'a Names<'a>,
    pub(super) found: &'a mut Found,
    pub(super) scope: Scope,
    body: Option<Key>,
    times: Times,
}

impl Walker<'_> {
    fn statements(&mut self, statements: &[Stmt]) {
        for statement in statements {
            self.statement(statement);
        }
    }

    /// Statements with variables of their own.
    fn block(&mut self, statements: &[Stmt]) {
        let mark = self.scope.mark();
        self.statements(statements);
        self.scope.leave(mark);
    }

    /// What may happen more than once.
    fn each(&mut self, work: impl FnOnce(&mut Self)) {
        let before = std::mem::replace(&mut self.times, Times::Each);
        work(self);
        self.times = before;
    }

    fn declare(&mut self, name: &str, kind: Type) {
        let kind = if self.names.changed.contains(name) { Type::Any } else { kind };
        self.scope.add(name, kind);
    }

    fn statement(&mut self, statement: &Stmt) {
        match statement {
            Stmt::Var(parts, ..) => {
                let kind = self.expr(&parts.1);
                self.declare(&parts.0.name, kind);
            }
            Stmt::If(parts, _) => {
                self.expr(&parts.expr);
                self.block(parts.body.statements());
                self.block(parts.branch.statements());
            }
            Stmt::Switch(parts, _) => {
                self.expr(&parts.0);
                for case in &parts.1.expressions {
                    self.expr(&case.lhs);
                    self.expr(&case.rhs);
                }
            }
            Stmt::While(..) | Stmt::Do(..) | Stmt::For(..) | Stmt::TryCatch(..) => self.with_body(statement),
            Stmt::Assignment(parts) => {
                self.expr(&parts.1.lhs);
                self.expr(&parts.1.rhs);
            }
            Stmt::FnCall(call, position) => {
                self.call(call, *position);
            }
            Stmt::Block(block) => self.block(block.statements()),
            Stmt::Expr(expr) => {
                self.expr(expr);
            }
            Stmt::BreakLoop(Some(expr), ..) | Stmt::Return(Some(expr), ..) => {
                self.expr(expr);
            }
            Stmt::Import(parts, _) => {
                self.expr(&parts.0);
                let name = super::given::text(&parts.0).unwrap_or("…");
                self.found.imports.push(name.to_owned());
            }
            // What is shared is looked at where it is captured; `non_exhaustive`: what versions to come have.
            _ => {}
        }
    }

    /// Loops and `try`.
    fn with_body(&mut self, statement: &Stmt) {
        match statement {
            Stmt::While(parts, _) | Stmt::Do(parts, ..) => self.each(|this| {
                this.expr(&parts.expr);
                this.block(parts.body.statements());
            }),
            Stmt::For(parts, _) => {
                self.expr(&parts.2.expr);
                self.each(|this| {
                    let mark = this.scope.mark();
                    for name in std::iter::once(&parts.0).chain(&parts.1) {
                        this.scope.add_of_loop(&name.name);
                    }
                    this.block(parts.2.body.statements());
                    this.scope.leave(mark);
                });
            }
            Stmt::TryCatch(parts, _) => {
                self.block(parts.body.statements());
                let mark = self.scope.mark();
                if let Expr::Variable(variable, ..) = &parts.expr {
                    self.declare(&variable.1, Type::Any);
                }
                self.block(parts.branch.statements());
                self.scope.leave(mark);
            }
            _ => {}
        }
    }

    /// An expression, and what its value is.
    pub(super) fn expr(&mut self, expr: &Expr) -> Type {
        match expr {
            Expr::Variable(variable, _, position) if variable.2.is_empty() => {
                return self.variable(&variable.1, *position);
            }
            Expr::Dot(parts, ..) => {
                let receiver = self.expr(&parts.lhs);
                return self.chain(receiver, &parts.rhs);
            }
            Expr::Index(parts, flags, _) => {
                self.expr(&parts.lhs);
                return self.indexed(parts, *flags);
            }
            Expr::FnCall(call, position) => return self.call(call, *position),
            Expr::DynamicConstant(value, _) => {
                if let Some(function) = value.read_lock::<FnPtr>() {
                    self.closure(function.fn_name(), &[], Type::Any, true);
                }
            }
            Expr::Stmt(block) => {
                let mark = self.scope.mark();
                let (last, before) =
                    block.statements().split_last().map_or((None, &[][..]), |(a, b)| (Some(a), b));
                self.statements(before);
                let kind = match last {
                    Some(Stmt::Expr(expr)) => self.expr(expr),
                    Some(statement) => {
                        self.statement(statement);
                        Type::Any
                    }
                    None => Type::Any,
                };
                self.scope.leave(mark);
                return kind;
            }
            Expr::InterpolatedString(items, _) | Expr::Array(items, _) => self.all(items),
            Expr::And(items, _) | Expr::Or(items, _) | Expr::Coalesce(items, _) => self.all(items),
            Expr::Map(parts, _) => {
                for (_, value) in &parts.0 {
                    self.expr(value);
                }
            }
            _ => {}
        }
        Type::Any
    }

    pub(super) fn all(&mut self, items: &[Expr]) {
        for item in items {
            self.expr(item);
        }
    }

    fn variable(&mut self, name: &str, position: Position) -> Type {
        if let Some(kind) = self.scope.get(name) {
            return kind;
        }
        match name {
            "app" => return Type::App,
            "cache" => return Type::Cache,
            // The name of a function is a value, too.
            _ if self.points_to(name, position) || self.names.around_has(name) => {}
            _ if name == "global" || !self.names.are_all => {}
            _ => {
                let near = crate::spec::nearest(name, self.scope.names().chain(["app", "cache"]));
                let near = near.map(str::to_owned);
                self.found.mistakes.push(Mistake::variable(position, name, near));
            }
        }
        Type::Any
    }

    /// What stands behind a dot.
    fn chain(&mut self, receiver: Type, expr: &Expr) -> Type {
        match expr {
            Expr::Property(property, position) => self.property(receiver, &property.2, *position),
            Expr::MethodCall(call, position) => self.method(receiver, call, *position),
            Expr::Dot(parts, ..) => {
                let inner = self.chain(receiver, &parts.lhs);
                self.chain(inner, &parts.rhs)
            }
            Expr::Index(parts, flags, _) => {
                self.chain(receiver, &parts.lhs);
                self.indexed(parts, *flags)
            }
            other => self.expr(other),
        }
    }

    /// An index, and what stands behind it.
    fn indexed(&mut self, parts: &BinaryExpr, flags: ASTFlags) -> Type {
        match &parts.rhs {
            Expr::Dot(rest, ..) if !flags.contains(ASTFlags::BREAK) => {
                self.expr(&rest.lhs);
                self.chain(Type::Any, &rest.rhs)
            }
            Expr::Index(rest, flags, _) if !flags.contains(ASTFlags::BREAK) => {
                self.expr(&rest.lhs);
                self.indexed(rest, *flags)
            }
            index => {
                self.expr(index);
                Type::Any
            }
        }
    }

    /// A function without a name, where it stands. `captured` are the variables that it takes along, `given` is what its first own
    /// parameter is.
    pub(super) fn closure(&mut self, name: &str, captured: &[Type], given: Type, repeated: bool) {
        let Some(function) = self.names.named(name).next() else { return };
        let work = |this: &mut Self| {
            // It sees nothing but what it takes along.
            let around = std::mem::take(&mut this.scope);
            for (index, param) in function.params.iter().enumerate() {
                let own = if index == captured.len() { given } else { Type::Any };
                this.declare(param, captured.get(index).copied().unwrap_or(own));
            }
            this.statements(&function.body);
            this.scope = around;
        };
        if repeated { self.each(work) } else { work(self) }
    }

    /// The closure that an argument is, with what it takes along.
    pub(super) fn argument(&mut self, expr: &Expr, given: Type, repeated: bool) {
        match expr {
            Expr::DynamicConstant(value, _) => {
                if let Some(function) = value.read_lock::<FnPtr>() {
                    self.closure(function.fn_name(), &[], given, repeated);
                }
            }
            Expr::Stmt(block) => match block.statements().last() {
                Some(Stmt::Expr(last)) => match &**last {
                    Expr::FnCall(call, _) if call.name == "curry" => self.curried(call, given, repeated),
                    _ => drop(self.expr(expr)),
                },
                _ => drop(self.expr(expr)),
            },
            _ => drop(self.expr(expr)),
        }
    }

    /// A closure with variables that it takes along.
    pub(super) fn curried(&mut self, call: &FnCallExpr, given: Type, repeated: bool) {
        let Some((Expr::DynamicConstant(value, _), captured)) = call.args.split_first() else {
            return self.all(&call.args);
        };
        let captured: Vec<Type> = captured.iter().map(|variable| self.expr(variable)).collect();
        if let Some(function) = value.read_lock::<FnPtr>() {
            self.closure(function.fn_name(), &captured, given, repeated);
        }
    }

    /// Notes what is called here.
    pub(super) fn site(&mut self, what: What, position: Position) {
        let line = position.line().unwrap_or(0);
        let times = self.times;
        self.found.sites.entry(self.body.clone()).or_default().push(Site { what, times, line });
    }

    pub(super) fn repeated(&mut self, work: impl FnOnce(&mut Self)) {
        self.each(work);
    }
}
