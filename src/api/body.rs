//! The body of a row that is one call: its parameters under their wire names.

use serde_json::{Map, Value};

use super::args::argument;
use super::{
    Arg, Args, Date, DeptId, DeptIds, Flag, FromArg, Icon, JsonText, Language, MailType, Manager, Maps,
    Mismatch, PersonName, Seconds, Switch, Texts, Title, UserId, UserIds,
};
use crate::error::Result;
use crate::lang::Text;
use crate::model::Member;
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
        Kind::User => staff_id(&UserId::from_arg(arg)?.0)?.into(),
        Kind::Users => UserIds::from_arg(arg)?.0.iter().map(staff_id).collect::<Result<Value, _>>()?,
        Kind::Title => Title::from_arg(arg)?.0.into(),
        Kind::Icon => Icon::from_arg(arg)?.0.into(),
        Kind::Switch => i64::from(Switch::from_arg(arg)?.0).into(),
        Kind::Name => PersonName::from_arg(arg)?.0.into(),
        Kind::MailType => MailType::from_arg(arg)?.0.into(),
        Kind::Manager => Manager::from_arg(arg)?.0.into(),
        Kind::Depts => DeptIds::from_arg(arg)?.0.into(),
        Kind::Json => JsonText::from_arg(arg)?.0.into(),
        Kind::Date => Date::from_arg(arg)?.0.into(),
        Kind::Maps => Maps::from_arg(arg)?.0.into(),
        Kind::Lang => Language::from_arg(arg)?.0.into(),
        Kind::Flag => Flag::from_arg(arg)?.0.into(),
        Kind::Seconds => Seconds::from_arg(arg)?.0.into(),
        Kind::Int => i64::from_arg(arg)?.into(),
        Kind::Text => String::from_arg(arg)?.into(),
        // A list of field names is joined, as the address book wants it.
        Kind::Texts => Texts::from_arg(arg)?.0.join(",").into(),
        _ => arg.to_json(),
    })
}

/// A person in a body is a staffId; one who is known otherwise must be looked up first.
fn staff_id(member: &Member) -> Result<String, Mismatch> {
    if member.staff_id.is_empty() {
        let expected = Text::fixed("a Member with a staffId", "带有 staffId 的 Member");
        return Err(Mismatch::Value(expected, member.to_string()));
    }
    Ok(member.staff_id.clone())
}
