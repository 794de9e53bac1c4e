//! Reads a script without running it: what would go wrong in any case, and what it would call.
//!
//! It follows what is certain: `app` and variables that are never anything else, the functions of the file and the values they are
//! given in it. What it does not know it says nothing about.

mod call;
mod given;
mod names;
mod report;
mod scope;
mod tally;
mod walk;

pub use report::{Reach, Report, Use};

use std::collections::HashSet;

use rhai::{AST, ASTNode, Expr, Stmt};

use super::interpreter::Interpreter;
use super::problem::{Problem, Spot, read_parse};
use names::Names;
use tally::Mistake;
use walk::Found;

/// How often the functions of a file are looked through until it is known what they are given.
const MOST_PASSES: usize = 4;

/// What a script may use beside what it defines.
#[derive(Debug, Clone, Default)]
pub struct Around {
    /// The names of variables.
    pub variables: Vec<String>,
    /// The names of functions, with the number of their parameters.
    pub functions: Vec<(String, usize)>,
}

/// A function of the file.
struct Function {
    name: String,
    params: Vec<String>,
    body: Vec<Stmt>,
}

impl Interpreter {
    /// The first syntax error of `source`.
    pub fn syntax(&self, source: &str, name: &str) -> Option<Problem> {
        let error = self.engine.compile(source).err()?;
        Some(read_parse(&error, source, name))
    }

    /// What the session has: its variables and functions.
    pub fn around(&self) -> Around {
        let functions = self.library.iter_functions().filter(|function| !function.name.contains('$'));
        Around {
            variables: self.variables(),
            functions: functions.map(|f| (f.name.to_owned(), f.params.len())).collect(),
        }
    }

    /// What `source` defines for those who run after it: its variables and functions. Nothing when it is wrong.
    pub fn defined_by(&self, source: &str) -> Around {
        let Ok(ast) = self.engine.compile(source) else { return Around::default() };
        let variables = ast.statements().iter().filter_map(|statement| match statement {
            Stmt::Var(parts, ..) => Some(parts.0.name.to_string()),
            _ => None,
        });
        let functions = ast.iter_functions().filter(|function| !function.name.contains('$'));
        Around {
            variables: variables.collect(),
            functions: functions.map(|f| (f.name.to_owned(), f.params.len())).collect(),
        }
    }

    /// Looks through `source`, which the parser must accept. `whole` = nothing of the file was left out, so that a name which is not
    /// there is a mistake.
    pub fn look_through(&self, source: &str, name: &str, around: &Around, whole: bool) -> Report {
        let Ok(ast) = self.engine.compile(source) else { return Report::default() };
        let functions = functions(&ast);
        let facts = Facts::of(&ast);
        let mut names = Names::new(&self.engine, &functions, around);
        names.are_all = whole && !facts.is_open;
        names.are_methods_known =
            names.are_all && !facts.imports && around.variables.iter().all(|name| name == "ARGS");
        (names.changed, names.keys) = (facts.changed, facts.keys);
        let mut found = Found::default();
        for _ in 0..MOST_PASSES {
            found = Found { before: found.types, ..Found::default() };
            walk::file(&names, &functions, ast.statements(), &mut found);
            if found.types == found.before {
                break;
            }
        }
        let (uses, library) = (tally::uses(&found), self.library.merge(&ast.clone_functions_only()));
        let told = |mistakes: Vec<Mistake>| {
            let mut problems: Vec<Problem> =
                mistakes.into_iter().map(|mistake| mistake.problem(&self.engine, &library)).collect();
            for problem in &mut problems {
                source.clone_into(&mut problem.source);
                name.clone_into(&mut problem.name);
            }
            problems.sort_by_key(|problem| problem.spot);
            problems.dedup_by(|a, b| a.spot == b.spot && a.message == b.message);
            problems
        };
        let (problems, warnings) = (told(found.mistakes), told(found.warnings));
        Report { problems, warnings, uses, imports: found.imports }
    }
}

/// The place of a node.
fn spot(position: rhai::Position) -> Option<Spot> {
    position.line().map(|line| (line, position.position().unwrap_or(1)))
}

/// What is looked up in the whole file.
#[derive(Default)]
struct Facts {
    /// It makes code out of text, which may define and use anything, or calls functions that see the variables of their callers.
    is_open: bool,
    /// Variables that are given another value somewhere.
    changed: HashSet<String>,
    /// The keys of its maps: what stands there may be called like a method.
    keys: HashSet<String>,
    /// It uses values out of other files.
    imports: bool,
}

impl Facts {
    #[allow(deprecated)] // Marked volatile by Rhai; the version is held in Cargo.toml.
    fn of(ast: &AST) -> Self {
        let mut facts = Self::default();
        ast.walk(&mut |path| {
            match path.last() {
                Some(ASTNode::Expr(Expr::FnCall(call, _)) | ASTNode::Stmt(Stmt::FnCall(call, _))) => {
                    facts.is_open |= call.name == "eval" || call.capture_parent_scope;
                }
                Some(ASTNode::Stmt(Stmt::Assignment(parts))) => {
                    if let Expr::Variable(variable, ..) = &parts.1.lhs {
                        facts.changed.insert(variable.1.to_string());
                    }
                }
                Some(ASTNode::Stmt(Stmt::Import(..))) => facts.imports = true,
                Some(ASTNode::Expr(Expr::Map(parts, _))) => {
                    facts.keys.extend(parts.0.iter().map(|(key, _)| key.name.to_string()));
                }
                Some(ASTNode::Expr(Expr::Property(property, _))) => {
                    facts.keys.insert(property.2.to_string());
                }
                _ => {}
            }
            true
        });
        facts
    }
}

/// Every function of `ast`, closures included, with a copy of its statements: the engine lends them one at a time.
#[allow(deprecated)] // As above.
fn functions(ast: &AST) -> Vec<Function> {
    let all = ast.iter_functions().map(|f| {
        let (name, count) = (f.name.to_owned(), f.params.len());
        let mut own = ast.clone_functions_only();
        own.retain_functions(|_, _, known, params| known == name && params == count);
        let mut body = Vec::new();
        own.walk(&mut |path| {
            if let [ASTNode::Stmt(statement)] = path {
                body.push((*statement).clone());
            }
            true
        });
        Function { params: f.params.iter().map(|param| (*param).to_owned()).collect(), name, body }
    });
    all.collect()
}
