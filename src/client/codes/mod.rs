//! What DingTalk's error codes mean to the person who gets one: class, the Python framework's exception, remedy.

mod api;
mod oapi;
mod webhook;

use crate::error::Class;
use crate::lang::Text;

/// One error code.
#[derive(Debug)]
pub struct CodeInfo {
    /// `errcode`, `sub_code` or `code`.
    pub code: &'static str,
    /// Its class.
    pub class: Class,
    /// The exception of the Python framework.
    pub exception: &'static str,
    remedy: (&'static str, &'static str),
}

impl CodeInfo {
    /// What to do.
    pub fn remedy(&self) -> Option<Text> {
        Some(Text::fixed(self.remedy.0, self.remedy.1)).filter(|text| !text.en.is_empty())
    }
}

const fn row(
    code: &'static str,
    class: Class,
    exception: &'static str,
    en: &'static str,
    zh: &'static str,
) -> CodeInfo {
    CodeInfo { code, class, exception, remedy: (en, zh) }
}

/// The tables of all hosts.
pub const CODES: [&[CodeInfo]; 3] = [oapi::ROWS, api::ROWS, webhook::ROWS];

/// What is known of `code`. A row that ends in `*` stands for all codes that begin like it and have no row of their own.
pub fn explain(code: &str) -> Option<&'static CodeInfo> {
    let rows = || CODES.into_iter().flatten();
    let family = |info: &&CodeInfo| info.code.strip_suffix('*').is_some_and(|head| code.starts_with(head));
    rows().find(|info| info.code == code).or_else(|| rows().find(family))
}
