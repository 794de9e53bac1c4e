//! What a method means: cached answers, several calls, batches. One function a row, found by the row's name.

mod ai_card;
mod batch;
mod bot;
mod cache_file;
mod cache_report;
mod cache_watch;
mod cached;
mod card;
mod cards;
mod contact;
mod context;
mod disband;
mod download;
mod group;
mod group_change;
mod login;
mod lookup;
mod media;
mod member;
mod mirror;
mod organisation;
mod output;
mod plain;
mod progress;
mod raw;
mod recall;
mod safety;
mod schedule;
mod send;
mod send_file;
mod session;
mod task;
mod upload;
mod warm;

pub use crate::client::{CodeInfo, Exchange, explain};
pub use cache_file::{Imported, export_cache, import_cache, write_rows};
pub use cache_report::{UsageReport, cache_stats, cache_tree};
pub use cards::Cards;
pub use context::Context;
pub use lookup::{Known, lookup, row_of, table_named};
pub use output::Output;
pub use progress::{Items, Progress, Transfer, Wait, Watcher};
pub use safety::{
    Applied, Cancel, Consent, Plan, Questioner, Safety, Scope, Seat, Switches, Undoing, Undone,
};
pub use session::{Asker, Session, local_time};
pub use task::EndedTask;

pub use crate::model::TaskRecord;

use crate::api::bot::SetOffDutyPrompt;
use crate::api::card::{
    AssistantSendAiCard, GetCardData, SendAiCard, SendAiMessage, SendCard, SendMarkdownCard, UpdateCard,
};
use crate::api::contact::{GetUser, UnionIdToStaffId};
use crate::api::group::{
    ChangeGroupOwner, ChangeGroupTitle, DisbandGroup, GetGroup, MirrorGroup, MuteAll, UnmuteAll,
};
use crate::api::local::{GetInfo, UpdateObject};
use crate::api::login::{GetLoginUrl, GetUserAccessToken};
use crate::api::media::{DownloadFile, UploadFile};
use crate::api::member::{AddMember, KickMember, MuteMember, SetAdmin, UnmuteMember};
use crate::api::message::{RecallMessage, SendDing, SendMessage, SendMessageBlocking};
use crate::api::raw::{RawDelete, RawGet, RawPost, RawPut};
use crate::api::schedule::{At, Every};
use crate::api::task::{CoroutineWatcher, CreateTask};
use crate::api::warm::Warm;
use crate::api::{Arg, Args, Request};
use crate::error::{Error, Kind, Result};
use crate::spec::{Form, Host, Method, On};

/// Runs a method of `app` with the arguments that a script gave.
///
/// # Errors
/// Wrong arguments before anything is sent; else what the calls met. A refusal is an answer when `raise_for_api_error` is off.
pub async fn run(cx: &Context, method: &'static Method, given: Vec<Arg>) -> Result<Output> {
    if is_immediate(method) {
        return run_immediate(cx, method, given);
    }
    cx.flight.set_method(method.name);
    let mut args = Args::bind(method, given)?;
    upload::ids_for_files(cx, method, &mut args).await?;
    cx.refusal_as_answer(dispatch(cx, method, args).await)
}

/// Whether a method asks nobody: it is done when it is called.
pub fn is_immediate(method: &Method) -> bool {
    matches!((method.on, method.name), (On::App, "get_info" | "update_object" | "get_api_counts"))
}

/// Runs a method that asks nobody.
///
/// # Errors
/// Wrong arguments.
pub fn run_immediate(cx: &Context, method: &'static Method, given: Vec<Arg>) -> Result<Output> {
    let args = Args::bind(method, given)?;
    match method.name {
        "get_info" => Ok(cached::get_info(cx, &GetInfo::take(args)?)),
        "update_object" => Ok(cached::update_object(cx, UpdateObject::take(args)?)),
        "get_api_counts" => Ok(cached::get_api_counts(cx)),
        _ => Err(unwritten(method)),
    }
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
    match method.group {
        "group" | "member" => on_groups(cx, method, args).await,
        "cache" => warm::warm(cx, Warm::take(args)?).await,
        "contact" | "login" => on_people(cx, method, args).await,
        "task" => on_tasks(cx, method, args),
        _ => on_messages(cx, method, args).await,
    }
}

async fn on_messages(cx: &Context, method: &'static Method, args: Args) -> Result<Output> {
    match method.name {
        "send_message" => send::send_message(cx, SendMessage::take(args)?).await,
        "sendMessage" => Box::pin(send::send_message_blocking(cx, SendMessageBlocking::take(args)?)).await,
        "recall_message" => recall::recall_message(cx, RecallMessage::take(args)?).await,
        "send_ding" => bot::send_ding(cx, SendDing::take(args)?).await,
        "set_off_duty_prompt" => bot::set_off_duty_prompt(cx, SetOffDutyPrompt::take(args)?).await,
        "upload_file" => upload::upload_file(cx, UploadFile::take(args)?).await,
        "download_file" => download::download_file(cx, DownloadFile::take(args)?).await,
        "send_card" => card::send_card(cx, SendCard::take(args)?).await,
        "send_markdown_card" => card::send_markdown_card(cx, SendMarkdownCard::take(args)?).await,
        "update_card" => card::update_card(cx, UpdateCard::take(args)?).await,
        "send_ai_card" => Box::pin(ai_card::send_ai_card(cx, SendAiCard::take(args)?)).await,
        "send_ai_message" => ai_card::send_ai_message(cx, SendAiMessage::take(args)?).await,
        "assistant_send_ai_card" => ai_card::assistant(cx, AssistantSendAiCard::take(args)?).await,
        "get_card_data" => Ok(card::get_card_data(cx, &GetCardData::take(args)?)),
        _ => Err(unwritten(method)),
    }
}

async fn on_groups(cx: &Context, method: &'static Method, args: Args) -> Result<Output> {
    match method.name {
        "create_group" => group_change::create_group(cx, args).await,
        "get_group" => group::get_group(cx, GetGroup::take(args)?).await,
        "mirror_group" => mirror::mirror_group(cx, MirrorGroup::take(args)?).await,
        "update_group" => group_change::update_group(cx, args).await,
        "disband_group" => disband::disband_group(cx, DisbandGroup::take(args)?).await,
        "change_group_title" => group_change::change_title(cx, ChangeGroupTitle::take(args)?).await,
        "change_group_owner" => group_change::change_owner(cx, ChangeGroupOwner::take(args)?).await,
        "mute_all" => group_change::mute_all(cx, MuteAll::take(args)?).await,
        "unmute_all" => group_change::unmute_all(cx, UnmuteAll::take(args)?).await,
        "kick_member" => member::kick_member(cx, KickMember::take(args)?).await,
        "add_member" => member::add_member(cx, AddMember::take(args)?).await,
        "set_admin" => member::set_admin(cx, SetAdmin::take(args)?).await,
        "mute_member" => member::mute_member(cx, MuteMember::take(args)?).await,
        "unmute_member" => member::unmute_member(cx, UnmuteMember::take(args)?).await,
        _ => Err(unwritten(method)),
    }
}

async fn on_people(cx: &Context, method: &'static Method, args: Args) -> Result<Output> {
    match method.name {
        "get_user" => contact::get_user(cx, GetUser::take(args)?).await,
        "unionId2staffId" => contact::union_to_staff(cx, UnionIdToStaffId::take(args)?).await,
        "update_user" => contact::update_user(cx, args).await,
        "get_user_access_token" => login::get_user_access_token(cx, GetUserAccessToken::take(args)?).await,
        "get_login_url" => login::get_login_url(cx, GetLoginUrl::take(args)?),
        _ => Err(unwritten(method)),
    }
}

fn on_tasks(cx: &Context, method: &'static Method, args: Args) -> Result<Output> {
    match method.name {
        "create_task" => Ok(task::create_task(cx, CreateTask::take(args)?)),
        "coroutine_watcher" => Ok(task::coroutine_watcher(cx, CoroutineWatcher::take(args)?)),
        "every" => Ok(schedule::every(cx, Every::take(args)?)),
        "at" => Ok(schedule::at(cx, At::take(args)?)),
        "tasks" => Ok(task::tasks(cx)),
        "stop" => Ok(task::stop(cx)),
        _ => Err(unwritten(method)),
    }
}

/// A row without its function; the test that runs every example meets it first.
fn unwritten(method: &Method) -> Error {
    debug_assert!(method.on != On::Nothing, "constructors are made by the script layer");
    Error::new(Kind::Bug { problem: format!("`{}` has a row but no function", method.name) })
}
