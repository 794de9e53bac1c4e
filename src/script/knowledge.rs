//! What a session can say of itself without evaluating anything: its variables, functions, types and secrets.

use std::sync::Arc;

use super::interpreter::{Interpreter, Value};
use super::secrets;
use super::shape::{self, Members, Shape};
use crate::secret::Secret;

impl Interpreter {
    /// What is known of the variables. Nothing is evaluated.
    pub fn shapes(&self) -> Vec<(String, Shape)> {
        let values = self.scope.iter_raw();
        values.map(|(name, _, value)| (name.to_owned(), shape::shape(&self.engine, value))).collect()
    }

    /// What is known of a value.
    pub fn shape(&self, value: &Value) -> Shape {
        shape::shape(&self.engine, &value.inner)
    }

    /// The secrets that the session holds: they must not be kept anywhere.
    pub fn secrets(&self) -> Vec<Secret> {
        let mut found = Vec::new();
        if let Some(app) = self.app() {
            secrets::of_session(&app.0, &mut found);
        }
        self.scope.iter_raw().for_each(|(.., value)| secrets::of_value(value, &mut found));
        found
    }

    /// The functions that were written in this session, as `f(a, b)`.
    pub fn signatures(&self) -> impl Iterator<Item = (String, String)> {
        let own = self.library.iter_functions().filter(|function| !function.name.contains('$'));
        own.map(|function| {
            (function.name.to_owned(), format!("{}({})", function.name, function.params.join(", ")))
        })
    }

    /// Finds the members of all types; it takes a millisecond.
    pub fn members(&self) -> impl Fn() -> Members + Send + Sync + 'static {
        let engine = Arc::clone(&self.engine);
        move || shape::members(&engine)
    }
}
