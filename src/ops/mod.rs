//! What a method means: cached answers, several calls, batches. One function a row, found by the row's name.

mod ai_card;
mod cached;
mod card;
mod cards;
mod contact;
mod context;
mod group;
mod output;
mod plain;
mod raw;
mod recall;
mod send;
mod session;
mod writing;

pub use cards::Cards;
pub use context::Context;
pub use output::Output;
pub use session::Session;
pub use writing::{Writing, WritingWatcher};

use crate::api::card::{
    AssistantSendAiCard, GetCardData, SendAiCard, SendAiMessage, SendCard, SendMarkdownCard, UpdateCard,
};
use crate::api::contact::GetUser;
use crate::api::group::GetGroup;
use crate::api::local::{GetInfo, UpdateObject};
use crate::api::message::{RecallMessage, SendMessage, SendMessageBlocking};
use crate::api::raw::{RawDelete, RawGet, RawPost, RawPut};
use crate::api::{Arg, Args, Request};
use crate::error::{Error, Kind, Result};
use crate::spec::{Form, Host, Method, On};

/// Runs a method of `app` with the arguments that a script gave.
///
/// # Errors
/// Wrong arguments before anything is sent; else what the calls met. A refusal is an answer when `raise_for_api_error` is off.
pub async fn run(cx: &Context, method: &'static Method, given: Vec<Arg>) -> Result<Output> {
    let args = Args::bind(method, given)?;
    cx.refusal_as_answer(dispatch(cx, method, args).await)
}

/// Runs a method of a raw door.
///
/// # Errors
/// As [`run`].
pub async fn run_raw(cx: &Context, host: Host, method: &'static Method, given: Vec<Arg>) -> Result<Output> {
    let args = Args::bind(method, given)?;
    let call = match method.name {
        "get" => raw::get(host, RawGet::take(args)?),
        "post" => raw::post(host, RawPost::take(args)?),
        "put" => raw::put(host, RawPut::take(args)?),
        "delete" => raw::delete(host, RawDelete::take(args)?),
        _ => return Err(unwritten(method)),
    };
    cx.refusal_as_answer(raw::call(cx, call).await)
}

async fn dispatch(cx: &Context, method: &'static Method, args: Args) -> Result<Output> {
    if let Form::Call { endpoint, answer } = method.form {
        return plain::call(cx, method, endpoint, answer, args).await;
    }
    match method.name {
        "send_message" => send::send_message(cx, SendMessage::take(args)?).await,
        "sendMessage" => send::send_message_blocking(cx, SendMessageBlocking::take(args)?).await,
        "recall_message" => recall::recall_message(cx, RecallMessage::take(args)?).await,
        "send_card" => card::send_card(cx, SendCard::take(args)?).await,
        "send_markdown_card" => card::send_markdown_card(cx, SendMarkdownCard::take(args)?).await,
        "update_card" => card::update_card(cx, UpdateCard::take(args)?).await,
        "send_ai_card" => ai_card::send_ai_card(cx, SendAiCard::take(args)?).await,
        "send_ai_message" => ai_card::send_ai_message(cx, SendAiMessage::take(args)?).await,
        "assistant_send_ai_card" => ai_card::assistant(cx, AssistantSendAiCard::take(args)?).await,
        "get_card_data" => Ok(card::get_card_data(cx, &GetCardData::take(args)?)),
        "get_user" => contact::get_user(cx, GetUser::take(args)?).await,
        "get_group" => group::get_group(cx, GetGroup::take(args)?).await,
        "get_info" => Ok(cached::get_info(cx, &GetInfo::take(args)?)),
        "update_object" => Ok(cached::update_object(cx, UpdateObject::take(args)?)),
        "get_api_counts" => Ok(cached::get_api_counts(cx)),
        _ => Err(unwritten(method)),
    }
}

/// A row without its function; the test that runs every example meets it first.
fn unwritten(method: &Method) -> Error {
    debug_assert!(method.on != On::Nothing, "constructors are made by the script layer");
    Error::new(Kind::Bug { problem: format!("`{}` has a row but no function", method.name) })
}
