//! From the arguments of a call to the slots of its parameters. Generic over the value, so it knows shapes and names only.

use super::Method;
use crate::error::{Error, Kind, Result};
use crate::lang::Text;

/// The arguments of one call, a slot for each parameter.
#[derive(Debug)]
pub struct Bound<V> {
    slots: Vec<Option<V>>,
    rest: Vec<V>,
}

impl<V> Bound<V> {
    /// Takes the value of parameter `index`.
    pub fn take(&mut self, index: usize) -> Option<V> {
        self.slots.get_mut(index).and_then(Option::take)
    }

    /// Takes what a variadic method got beyond its last positional parameter.
    pub fn take_rest(&mut self) -> Vec<V> {
        std::mem::take(&mut self.rest)
    }

    /// Puts `value` in the place of parameter `index`.
    pub fn set(&mut self, index: usize, value: V) {
        if let Some(slot) = self.slots.get_mut(index) {
            *slot = Some(value);
        }
    }

    /// The value of parameter `index`, if one was given.
    pub fn get(&self, index: usize) -> Option<&V> {
        self.slots.get(index).and_then(Option::as_ref)
    }
}

/// Sorts arguments into slots. `named` are the entries of the trailing map; a name is matched in any known spelling.
///
/// # Errors
/// Too many arguments, an unknown name, one given twice. What a value must be is checked by whoever takes it.
pub fn bind<V>(method: &Method, positional: Vec<V>, named: Vec<(String, V)>) -> Result<Bound<V>> {
    let mut bound = Bound { slots: method.params.iter().map(|_| None).collect(), rest: Vec::new() };
    let given = positional.len();
    for (index, value) in positional.into_iter().enumerate() {
        if index < method.by_position {
            bound.slots[index] = Some(value);
        } else if method.variadic {
            bound.rest.push(value);
        } else {
            return Err(too_many(method, given, method.by_position));
        }
    }
    for (name, value) in named {
        let Some(index) = method.params.iter().position(|param| param.answers_to(&name)) else {
            return Err(unknown(method, name));
        };
        if bound.slots[index].replace(value).is_some() {
            let problem = Text::made(format!("`{name}` is given twice"), format!("`{name}` 给了两次"));
            return Err(Error::new(Kind::TooMany { method: method.name.into(), problem }));
        }
    }
    Ok(bound)
}

/// The error for more than `most` arguments by position.
pub fn too_many(method: &Method, given: usize, most: usize) -> Error {
    let problem = Text::made(
        format!("takes at most {most} argument{} by position, got {given}", if most == 1 { "" } else { "s" }),
        format!("按位置最多接受 {most} 个参数，实际给了 {given} 个"),
    );
    let error = Error::new(Kind::TooMany { method: method.name.into(), problem });
    if method.params.len() > method.by_position {
        let names: Vec<&str> = method.params[method.by_position..].iter().map(|param| param.name).collect();
        let names = names.join(", ");
        return error.hint(Text::made(
            format!("give the others by name in a trailing map #{{…}}: {names}"),
            format!("其余参数请写在末尾的映射 #{{…}} 中：{names}"),
        ));
    }
    error
}

fn unknown(method: &Method, name: String) -> Error {
    let known: Vec<&str> = method
        .params
        .iter()
        .flat_map(|param| [param.name].into_iter().chain(param.aliases.iter().copied()))
        .collect();
    let nearest = nearest(&name, known.iter().copied()).map(str::to_owned);
    let names = method.params.iter().map(|param| param.name).collect::<Vec<_>>().join(", ");
    Error::new(Kind::UnknownParam { method: method.name.into(), param: name, nearest })
        .hint(Text::made(format!("its parameters: {names}"), format!("它的参数：{names}")))
}

/// The known name that looks most like `name`, when one looks enough like it.
pub fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let folded = fold(name);
    known
        .map(|candidate| (strsim::jaro_winkler(&folded, &fold(candidate)), candidate))
        .filter(|(likeness, _)| *likeness > 0.82)
        // Of equals the first: a parameter's own name stands before its other spellings.
        .reduce(|best, next| if next.0 > best.0 { next } else { best })
        .map(|(_, candidate)| candidate)
}

/// `getUser`, `get_user` and `GetUser` are the same word to a person.
fn fold(name: &str) -> String {
    name.chars().filter(|c| *c != '_').flat_map(char::to_lowercase).collect()
}
