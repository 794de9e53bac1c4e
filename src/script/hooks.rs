//! The functions of a `Config(#{…})`: what signs connections, and what answers web requests. A configuration is data, so they are
//! taken out of its map and put beside it.

use std::sync::Arc;

use super::route::wrong;
use crate::api::Arg;
use crate::config::Config;
use crate::error::{Error, Result};
use crate::model::{Hook, Route};

/// What was taken out.
#[derive(Default)]
pub(super) struct Hooks {
    signer: Option<Hook>,
    routes: Vec<Route>,
}

impl Hooks {
    /// Takes the functions out of the arguments of `Config`.
    pub(super) fn take(given: &mut [Arg]) -> Result<Self> {
        let mut hooks = Self::default();
        let maps = given.iter_mut().filter_map(|arg| match arg {
            Arg::Map(entries) => Some(entries),
            _ => None,
        });
        for (key, value) in maps.flatten() {
            match plain(key).as_str() {
                "customstreamconnect" => hooks.signer = signer(value),
                "webrequesthandlers" => hooks.routes = routes(value)?,
                _ => {}
            }
        }
        Ok(hooks)
    }

    /// Puts them into a configuration.
    pub(super) fn put_into(self, config: &mut Config) {
        if let Some(signer) = self.signer {
            config.custom_stream_connect.get_or_insert_default().signer = Some(signer);
        }
        config.web_request_handlers = self.routes;
    }
}

/// The function that stands where the address of a signer may stand, taken away there.
fn signer(value: &mut Arg) -> Option<Hook> {
    let Arg::Map(entries) = value else { return None };
    let at = entries.iter().position(|(key, value)| {
        matches!(plain(key).as_str(), "signurl" | "signhandler") && matches!(value, Arg::Function(_))
    })?;
    match entries.remove(at) {
        (_, Arg::Function(function)) => Some(Hook(function)),
        _ => None,
    }
}

/// Functions for every request, or `#{path, method?, handler}` for some; taken away.
fn routes(value: &mut Arg) -> Result<Vec<Route>> {
    let items = match std::mem::replace(value, Arg::Nil) {
        Arg::Nil => Vec::new(),
        Arg::List(items) => items,
        one => vec![one],
    };
    items.into_iter().map(route).collect()
}

fn route(item: Arg) -> Result<Route> {
    let wanted = |got: &Arg| {
        let got = got.describe();
        Error::unsendable(
            format!("web_request_handlers: a function or #{{path, method, handler}} is needed, got {got}"),
            format!("web_request_handlers：需要函数或 #{{path, method, handler}}，实际是 {got}"),
        )
    };
    let entries = match item {
        Arg::Function(function) => return Ok(Route::any(Hook(function))),
        Arg::Map(entries) => entries,
        other => return Err(wanted(&other)),
    };
    let (mut path, mut method, mut function) = (String::new(), String::new(), None);
    for (key, value) in &entries {
        match (plain(key).as_str(), value) {
            ("path", Arg::Text(text)) => path.clone_from(text),
            ("method", Arg::Text(text)) => method.clone_from(text),
            ("handler" | "function", Arg::Function(given)) => function = Some(Arc::clone(given)),
            _ => return Err(wanted(value)),
        }
    }
    let pattern = format!("{method} {path}");
    let function = function.ok_or_else(|| wanted(&Arg::Map(entries)))?;
    Route::new(pattern.trim(), Hook(function)).ok_or_else(|| wrong(pattern.trim()))
}

/// Case, `_` and `-` do not matter.
fn plain(key: &str) -> String {
    key.chars().filter(|letter| !matches!(letter, '_' | '-')).flat_map(char::to_lowercase).collect()
}
