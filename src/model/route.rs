//! A route of one's own: which requests over HTTP a function answers.

use super::Hook;

/// A route.
#[derive(Debug, Clone, PartialEq)]
pub struct Route {
    /// The method that it answers, in capital letters; nothing for every one.
    pub method: Option<String>,
    /// The path; a `*` at its end stands for anything.
    pub path: String,
    /// What is called with the request; what it gives is the answer, and nothing leaves it to the next route.
    pub function: Hook,
}

impl Route {
    /// A route for `GET /path`, or `/path` for every method.
    pub fn new(pattern: &str, function: Hook) -> Option<Self> {
        let (method, path) = Self::parts(pattern)?;
        Some(Self { method, path, function })
    }

    /// The method and the path of such a text.
    pub fn parts(pattern: &str) -> Option<(Option<String>, String)> {
        let mut words = pattern.split_whitespace();
        let (method, path) = match (words.next()?, words.next()) {
            (path, None) => (None, path),
            (method, Some(path)) => (Some(method.to_ascii_uppercase()), path),
        };
        let is_method = |method: &String| method.bytes().all(|letter| letter.is_ascii_uppercase());
        let is_right = words.next().is_none()
            && path.starts_with('/')
            && !path.trim_end_matches('*').contains(['*', '?', '#'])
            && method.as_ref().is_none_or(is_method);
        is_right.then(|| (method, path.to_owned()))
    }

    /// A route for every request.
    pub fn any(function: Hook) -> Self {
        Self { method: None, path: "/*".into(), function }
    }

    /// Whether a request is for it.
    pub fn takes(&self, method: &str, path: &str) -> bool {
        let fits = match self.path.strip_suffix('*') {
            Some(begin) => path.starts_with(begin),
            None => path == self.path,
        };
        fits && self.method.as_ref().is_none_or(|own| own == method)
    }

    /// `GET /path`
    pub fn pattern(&self) -> String {
        self.method.as_ref().map_or_else(|| self.path.clone(), |method| format!("{method} {}", self.path))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::Route;
    use crate::model::{Callable, Calling, Hook, Own};
    use serde_json::Value;

    #[derive(Debug)]
    struct Nothing;

    impl Callable for Nothing {
        fn call(&self, _: Vec<Value>) -> Calling<'_> {
            Box::pin(async { Ok(Value::Null) })
        }

        fn call_own(&self, _: Vec<Own>) -> Calling<'_, Own> {
            Box::pin(async { Ok(Arc::new(()) as Own) })
        }
    }

    #[test]
    fn requests_find_their_route() {
        let route = |pattern| Route::new(pattern, Hook(Arc::new(Nothing)));
        let takes = |pattern, method, path| route(pattern).unwrap().takes(method, path);
        assert!(takes("/a", "GET", "/a") && takes("/a", "POST", "/a") && !takes("/a", "GET", "/a/"));
        assert!(takes("get /a", "GET", "/a") && !takes("GET /a", "POST", "/a"));
        assert!(takes("/a/*", "GET", "/a/b/c") && takes("/*", "GET", "/") && !takes("/a/*", "GET", "/a"));
        assert_eq!(route(" get  /a/* ").unwrap().pattern(), "GET /a/*");
        for wrong in ["", "a", "GET", "GET a", "GET /a b", "/a*b", "/a?b=1", "G-T /a"] {
            assert!(route(wrong).is_none(), "{wrong}");
        }
    }
}
