//! A variable whose method is given a function that uses the same variable: `d.every("1s", || d.get_depts())`. For the call the
//! engine locks the variable, and then finds it locked in the function. A handle is no more than a way to its app: what is
//! called is a copy. Of a list or a map a copy would not do, and the error says what is wrong.

use std::sync::atomic::{AtomicBool, Ordering};

use parking_lot::RwLock;
use rhai::{AST, ASTNode, Dynamic, EvalAltResult, Expr, Position, Stmt};

use super::cache::CacheHandle;
use super::live::Live;
use super::syntax::Words;
use crate::lang::Text;

/// The names of such variables in the scripts of a session.
#[derive(Debug, Default)]
pub(super) struct CapturedNames {
    are_there: AtomicBool,
    names: RwLock<Vec<String>>,
}

/// A call of this kind.
#[derive(Debug)]
pub(super) struct OwnCapture {
    variable: String,
    method: String,
    /// Where the variable stands.
    pub(super) position: Position,
}

impl CapturedNames {
    /// Learns the names of `ast`; the calls in it.
    #[allow(deprecated)] // Marked volatile by Rhai; the version is held in Cargo.toml.
    pub(super) fn learn(&self, ast: &AST) -> Vec<OwnCapture> {
        let mut found = Vec::new();
        ast.walk(&mut |path| {
            if let Some(ASTNode::Expr(Expr::Dot(parts, ..) | Expr::Index(parts, ..))) = path.last()
                && let Expr::Variable(variable, _, position) = &parts.lhs
                && let Some(method) = capturing(&parts.rhs, &variable.1)
            {
                let (variable, method) = (variable.1.to_string(), method.to_owned());
                found.push(OwnCapture { variable, method, position: *position });
            }
            true
        });
        if !found.is_empty() {
            let mut names = self.names.write();
            for OwnCapture { variable, .. } in &found {
                if !names.contains(variable) {
                    names.push(variable.clone());
                }
            }
            self.are_there.store(true, Ordering::Relaxed);
        }
        found
    }

    /// False when no such variable is called `name`.
    pub(super) fn have(&self, name: &str) -> bool {
        self.are_there.load(Ordering::Relaxed) && self.names.read().iter().any(|known| known == name)
    }
}

/// A copy of a handle that a function has captured.
pub(super) fn copy_of_handle(value: &Dynamic) -> Option<Dynamic> {
    let is_handle = |value: &Dynamic| value.is::<Live>() || value.is::<CacheHandle>();
    value.is_shared().then(|| value.flatten_clone()).filter(is_handle)
}

/// The variables that a function takes along; nothing when `expr` is none.
pub(super) fn captured(expr: &Expr) -> impl Iterator<Item = &str> {
    let last = match expr {
        Expr::Stmt(block) => block.statements().last(),
        _ => None,
    };
    let args = match last {
        Some(Stmt::Expr(last)) => match &**last {
            Expr::FnCall(call, _) if call.name == "curry" => call.args.get(1..),
            _ => None,
        },
        _ => None,
    };
    args.unwrap_or_default().iter().filter_map(|argument| match argument {
        Expr::Variable(variable, ..) => Some(variable.1.as_str()),
        _ => None,
    })
}

/// The method in a chain that is given a function with `name` in it: the variable is locked until the chain is at its end.
fn capturing<'e>(chain: &'e Expr, name: &str) -> Option<&'e str> {
    match chain {
        Expr::Dot(parts, ..) | Expr::Index(parts, ..) => {
            capturing(&parts.lhs, name).or_else(|| capturing(&parts.rhs, name))
        }
        Expr::MethodCall(call, _) => {
            let takes_along = |argument| captured(argument).any(|variable| variable == name);
            call.args.iter().any(takes_along).then_some(call.name.as_str())
        }
        _ => None,
    }
}

/// The function whose arguments were found locked.
pub(super) fn locked_call(error: &EvalAltResult) -> Option<&str> {
    match error {
        EvalAltResult::ErrorInFunctionCall(_, _, cause, _) => locked_call(cause),
        EvalAltResult::ErrorDataRace(what, _) if what.starts_with("argument #") => what.split('\'').nth(1),
        _ => None,
    }
}

impl OwnCapture {
    /// Whether it is a call of `method`.
    pub(super) fn calls(&self, method: &str) -> bool {
        self.method == method
    }

    /// What is wrong, and what to do.
    pub(super) fn words(&self) -> Words {
        let Self { variable, method, .. } = self;
        (
            Text::made(
                format!(
                    "`{method}` works on `{variable}`, and the function that it is given uses `{variable}`, too"
                ),
                format!("`{method}` 正在处理 `{variable}`，而传入的函数也用到了 `{variable}`"),
            ),
            vec![Text::made(
                format!(
                    "give the function a copy: `let copy = {variable};` before, and `copy` in the function"
                ),
                format!("请给函数一份副本：先写 `let copy = {variable};`，再在函数中使用 `copy`"),
            )],
        )
    }
}
