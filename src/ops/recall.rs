//! `recall_message`: by answer or by keys, 20 in a call, now or later.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value, json};

use super::{Context, Output, group};
use crate::api::Receipts;
use crate::api::message::RecallMessage;
use crate::client::{Call, Reply};
use crate::error::{Error, Kind, Result};
use crate::lang::{Lang, Text};
use crate::model::{RecallTarget, Response};
use crate::spec::{Effect, Endpoint, Host, Verb};

const GROUP_RECALL: Endpoint =
    Endpoint { verb: Verb::Post, host: Host::Api, path: "/v1.0/robot/groupMessages/recall" };
const OTO_RECALL: Endpoint =
    Endpoint { verb: Verb::Post, host: Host::Api, path: "/v1.0/robot/otoMessages/batchRecall" };

/// The most keys in a call.
const BATCH: usize = 20;

/// The reason of keys whose call was never made, because one before it failed.
const NOT_TRIED: &str = "not tried";

/// Messages of one conversation, or to people (`None`).
#[derive(Debug, Clone)]
struct Job {
    conversation: Option<String>,
    keys: Vec<String>,
}

pub(super) async fn recall_message(cx: &Context, args: RecallMessage) -> Result<Output> {
    let conversation = args.conversation.as_ref().map(|id| group::conversation_id(cx, &id.0)).transpose()?;
    let as_list = matches!(args.message, Some(Receipts::Many(_)));
    let jobs = match (args.message, args.keys) {
        (Some(Receipts::One(response)), _) => vec![job(&response)?],
        (Some(Receipts::Many(responses)), _) => {
            responses.iter().map(Arc::as_ref).map(job).collect::<Result<Vec<_>>>()?
        }
        (None, Some(keys)) if !keys.0.is_empty() => vec![Job { conversation, keys: keys.0 }],
        (None, _) => {
            return Err(Error::unsendable(
                "recall_message: give the Response of send_message, or `processQueryKeys`",
                "recall_message：请传入 send_message 的返回值，或 `processQueryKeys`",
            ));
        }
    };
    let robot = args.robot_code.map_or_else(|| cx.session.robot_code().map(str::to_owned), Ok)?;
    match args.delay.filter(|delay| delay.0 > 0.0) {
        // What is not sent need not be waited for.
        Some(_) if cx.holds_back() => recall_all(cx, &robot, &jobs, as_list).await,
        None => recall_all(cx, &robot, &jobs, as_list).await,
        Some(delay) => {
            recall_later(cx, robot, jobs, delay.0);
            Ok(Output::Json(json!({ "scheduled": true, "inThreadTime": delay.0 })))
        }
    }
}

fn job(response: &Response) -> Result<Job> {
    let conversation = match &response.recall {
        RecallTarget::Group(cid) => Some(cid.clone()),
        RecallTarget::Personal => None,
        RecallTarget::Unsupported => {
            return Err(Error::unsendable(
                "this message went through a webhook; DingTalk cannot recall it",
                "该消息通过 Webhook 发送，钉钉不支持撤回",
            ));
        }
    };
    let key = response.process_query_key().ok_or_else(|| {
        Error::unsendable(
            "this Response holds no processQueryKey: the message was not sent",
            "该 Response 没有 processQueryKey：消息未发出",
        )
    })?;
    Ok(Job { conversation, keys: vec![key.to_owned()] })
}

/// Recalls beside the script; what goes wrong is logged, for nobody waits for it.
fn recall_later(cx: &Context, robot: String, jobs: Vec<Job>, seconds: f64) {
    let Ok(delay) = Duration::try_from_secs_f64(seconds) else { return };
    // The session owns the task, so the task must not keep the session alive.
    let (session, scope) = (Arc::downgrade(&cx.session), cx.scope.clone().beside());
    cx.session.spawn(async move {
        tokio::time::sleep(delay).await;
        let Some(session) = session.upgrade() else { return };
        let cx = Context::new(session).under(scope);
        if let Err(error) = recall_all(&cx, &robot, &jobs, false).await {
            tracing::error!(target: "dingraia", zh = %format!("延时撤回失败：{}", error.text(Lang::Zh)), "the delayed recall failed: {error}");
        }
    });
}

async fn recall_all(cx: &Context, robot: &str, jobs: &[Job], as_list: bool) -> Result<Output> {
    let (mut answers, mut done, mut failed) = (Vec::new(), 0, Vec::new());
    for (index, job) in jobs.iter().enumerate() {
        let (answer, error) = recall(cx, robot, job).await;
        done += answer.get("successResult").and_then(Value::as_array).map_or(0, Vec::len);
        if let Some(Value::Object(refused)) = answer.get("failedResult") {
            failed.extend(refused.iter().map(|(key, why)| {
                (key.clone(), why.as_str().map_or_else(|| why.to_string(), str::to_owned))
            }));
        }
        answers.push(answer);
        if let Some(error) = error {
            if done == 0 {
                return Err(error);
            }
            let rest = jobs[index + 1..].iter().flat_map(|job| &job.keys);
            failed.extend(rest.map(|key| (key.clone(), NOT_TRIED.to_owned())));
            break;
        }
    }
    let body = if as_list { Value::Array(answers) } else { answers.pop().unwrap_or_default() };
    if failed.is_empty() {
        return Ok(Output::Json(body));
    }
    Err(Error::new(Kind::Partial { what: "recall_message".into(), done, failed, body }).hint(Text::fixed(
        "the other messages are recalled; a message to a person can be recalled for 24 hours",
        "其余消息已撤回；单聊消息只能在 24 小时内撤回",
    )))
}

/// One conversation's messages, in batches whose answers are put together; with the error that ended it early.
async fn recall(cx: &Context, robot: &str, job: &Job) -> (Value, Option<Error>) {
    let (mut success, mut refused) = (Vec::new(), Map::new());
    for (index, keys) in job.keys.chunks(BATCH).enumerate() {
        let mut reply = match batch(cx, robot, job, keys).await {
            Ok(reply) => reply,
            Err(error) => {
                let why = if error.code().is_empty() { error.to_string() } else { error.code().to_owned() };
                refused.extend(keys.iter().map(|key| (key.clone(), why.as_str().into())));
                let rest = job.keys.iter().skip((index + 1) * BATCH);
                refused.extend(rest.map(|key| (key.clone(), NOT_TRIED.into())));
                return (Value::Object(parts(success, refused).collect()), Some(error));
            }
        };
        if let Some(Value::Array(keys)) = reply.json.get_mut("successResult").map(Value::take) {
            success.extend(keys);
        }
        if let Some(Value::Object(failed)) = reply.json.get_mut("failedResult").map(Value::take) {
            refused.extend(failed);
        }
        if job.keys.len() <= BATCH {
            let json = reply.json.as_object_mut().map(std::mem::take).unwrap_or_default();
            return (Value::Object(json.into_iter().chain(parts(success, refused)).collect()), None);
        }
    }
    (Value::Object(parts(success, refused).collect()), None)
}

async fn batch(cx: &Context, robot: &str, job: &Job, keys: &[String]) -> Result<Reply> {
    cx.call(&call(job.conversation.as_deref(), robot, keys)).await
}

/// The call that recalls messages of a conversation, or to people.
pub(super) fn call(conversation: Option<&str>, robot: &str, keys: &[String]) -> Call {
    let mut body = Map::new();
    body.insert("robotCode".into(), robot.into());
    let endpoint = match conversation {
        Some(cid) => {
            body.insert("openConversationId".into(), cid.into());
            GROUP_RECALL
        }
        None => OTO_RECALL,
    };
    body.insert("processQueryKeys".into(), keys.into());
    Call::new(endpoint, Effect::Notify, Value::Object(body))
}

fn parts(success: Vec<Value>, refused: Map<String, Value>) -> impl Iterator<Item = (String, Value)> {
    [("successResult".to_owned(), Value::Array(success)), ("failedResult".to_owned(), Value::Object(refused))]
        .into_iter()
}
