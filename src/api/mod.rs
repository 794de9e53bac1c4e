//! The rows: one for each method of the guide, by topic; and the typed arguments they are made of.

mod arg;
mod args;
mod body;
mod card_kinds;
mod kinds;
mod literal;
mod person;
mod sendable;
mod setting;

pub mod advice;
pub mod bot;
pub mod card;
pub mod card_source;
pub mod contact;
pub mod element;
pub mod file;
pub mod group;
pub mod listen;
pub mod local;
pub mod login;
pub mod media;
pub mod member;
pub mod message;
pub mod object;
pub mod raw;
pub mod safety;
pub mod schedule;
pub mod task;
pub mod warm;

pub use arg::{Arg, Object};
pub use args::{Args, FromArg, Mismatch, Request, argument, is_options, miscounted, missing};
pub use body::body;
pub use card_kinds::{CallbackType, CardTarget, Count, Function, Logo};
pub use kinds::{ConversationId, DeptId, Flag, Language, Path, Seconds, Texts, Token, UserId};
pub use literal::check_literal;
pub use local::Cached;
pub use sendable::{Messages, Receipts};

use crate::spec::{Method, On};
pub use person::{
    Code, Date, DeptIds, JsonText, MailType, Manager, Maps, Person, PersonName, RemindType, UnionId, Voice,
    Words,
};
pub use setting::{Family, Icon, MAX_TITLE, Switch, TemplateId, Title, UserIds};

/// Every row, in the order of the README's table.
pub fn methods() -> impl Iterator<Item = &'static Method> {
    [
        message::ROWS,
        card::ROWS,
        contact::ROWS,
        group::ROWS,
        member::ROWS,
        bot::ROWS,
        login::ROWS,
        media::ROWS,
        local::ROWS,
        warm::ROWS,
        safety::ROWS,
        task::ROWS,
        schedule::ROWS,
        listen::ROWS,
        raw::ROWS,
        object::ROWS,
        element::ROWS,
        file::ROWS,
    ]
    .into_iter()
    .flatten()
    .copied()
}

/// The row that answers to `name` on `on`.
pub fn find(on: On, name: &str) -> Option<&'static Method> {
    methods().find(|method| method.on == on && (method.name == name || method.aliases.contains(&name)))
}

#[cfg(test)]
mod tests {
    use super::methods;
    use crate::spec::Calls;

    #[test]
    fn every_cost_is_a_number() {
        for method in methods() {
            let Calls { least, most } = method.calls();
            let text = match (least, most) {
                (least, Some(most)) if least == most => least.to_string(),
                (least, Some(most)) => format!("{most} / {least}"),
                (0, None) => "1+ / 0".to_owned(),
                (least, None) => format!("{least}+"),
            };
            assert_eq!(method.cost, text, "{}", method.name);
        }
    }
}
