//! Arguments that stand written out in a script: what can be said of them without running it.

use super::args::{Mismatch, argument};
use super::card_kinds::Function;
use super::listen::Port;
use super::schedule::{Period, TimeOfDay};
use super::{
    Arg, CallbackType, ConversationId, Count, Date, DeptId, DeptIds, Flag, FromArg, Language, MailType, Path,
    PersonName, Seconds, Switch, Title, UserId, Voice,
};
use crate::error::Result;
use crate::spec::{Kind, Method};

/// Checks `value` for parameter `index` of `method`, as far as the parameter's kind alone decides.
///
/// # Errors
/// What the call would end with.
pub fn check_literal(method: &Method, index: usize, value: &Arg) -> Result<()> {
    let param = &method.params[index];
    if matches!(value, Arg::Nil) && !param.required {
        return Ok(());
    }
    let choices = param.kind.choices();
    let checked = match param.kind {
        Kind::Flag => fits::<Flag>(value),
        Kind::Seconds => fits::<Seconds>(value),
        Kind::Lang => fits::<Language>(value),
        Kind::User => fits::<UserId>(value),
        Kind::Dept => fits::<DeptId>(value),
        Kind::Depts => fits::<DeptIds>(value),
        Kind::Title => fits::<Title>(value),
        Kind::Switch => fits::<Switch>(value),
        Kind::Date => fits::<Date>(value),
        // The number of a `Group` and a list of groups have this kind too.
        Kind::Conversation if matches!(value, Arg::Text(_)) => fits::<ConversationId>(value),
        Kind::Path => fits::<Path>(value),
        Kind::CallbackType => fits::<CallbackType>(value),
        Kind::Count => fits::<Count>(value),
        Kind::Port => fits::<Port>(value),
        Kind::Period => fits::<Period>(value),
        Kind::TimeOfDay => fits::<TimeOfDay>(value),
        // What stands written out here is data.
        Kind::Function => fits::<Function>(value),
        Kind::Name => fits::<PersonName>(value),
        Kind::MailType => fits::<MailType>(value),
        Kind::Voice => fits::<Voice>(value),
        // Several types have this kind: each takes a text, one a map.
        Kind::Text if !matches!(value, Arg::Map(_)) => fits::<String>(value),
        _ => match value {
            Arg::Text(text) if !choices.is_empty() && !choices.contains(&text.as_str()) => {
                Err(Mismatch::of(value))
            }
            _ => Ok(()),
        },
    };
    checked.map_err(|mismatch| argument(method, param.name, param.kind, mismatch))
}

fn fits<T: FromArg>(value: &Arg) -> Result<(), Mismatch> {
    T::from_arg(value.clone()).map(|_| ())
}
