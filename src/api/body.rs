//! The body of a row that is one call: its parameters under their wire names.

use serde_json::{Map, Value};

use super::args::argument;
use super::{Arg, Args, DeptId, Flag, FromArg, Language, Mismatch, Seconds, UserId};
use crate::error::Result;
use crate::spec::{Kind, Method};

/// Checks the parameters of `method` and writes those with a wire name down; what was not given is left out.
///
/// # Errors
/// A parameter that is missing or does not fit.
pub fn body(method: &Method, args: &mut Args) -> Result<Map<String, Value>> {
    let mut body = Map::new();
    for (index, param) in method.params.iter().enumerate().filter(|(_, param)| !param.wire.is_empty()) {
        let given = if param.required {
            Some(args.take::<Raw>(method, index)?.0)
        } else {
            args.take::<Option<Raw>>(method, index)?.map(|raw| raw.0)
        };
        if let Some(arg) = given {
            let value = wire(param.kind, arg)
                .map_err(|mismatch| argument(method, param.name, param.kind, mismatch))?;
            body.insert(param.wire.to_owned(), value);
        }
    }
    Ok(body)
}

/// An argument as it is; its kind is checked by [`wire`].
struct Raw(Arg);

impl FromArg for Raw {
    const KIND: Kind = Kind::Any;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        Ok(Self(arg))
    }
}

/// The wire spelling of an argument of `kind`.
fn wire(kind: Kind, arg: Arg) -> Result<Value, Mismatch> {
    Ok(match kind {
        Kind::Dept => DeptId::from_arg(arg)?.0.into(),
        Kind::User => UserId::from_arg(arg)?.0.staff_id.into(),
        Kind::Lang => Language::from_arg(arg)?.0.into(),
        Kind::Flag => Flag::from_arg(arg)?.0.into(),
        Kind::Seconds => Seconds::from_arg(arg)?.0.into(),
        Kind::Int => i64::from_arg(arg)?.into(),
        Kind::Text => String::from_arg(arg)?.into(),
        _ => arg.to_json(),
    })
}
