//! Long lists in the portions that DingTalk allows.

use serde_json::Value;

use super::Context;
use crate::client::Call;
use crate::error::{Error, Kind, Result};
use crate::lang::Text;

/// Makes a `call` for at most `size` of `ids` at a time, and gives the last answer as `read` takes it, told how many it is about
/// (with all of them under `batches` when there were several). The first refusal ends it: what was done before stands, and the error says so.
///
/// # Errors
/// The first call's error, or a partial result.
pub(super) async fn in_batches(
    cx: &Context,
    what: &str,
    ids: &[String],
    size: usize,
    call: impl Fn(&[String]) -> Call,
    read: impl Fn(Value, usize) -> Result<Value>,
) -> Result<Value> {
    if ids.is_empty() {
        return Err(Error::unsendable(format!("{what}: the list is empty"), format!("{what}：列表为空")));
    }
    cx.tell_scale(ids, size);
    let mut answers: Vec<Value> = Vec::new();
    for (number, batch) in ids.chunks(size).enumerate() {
        let answer = cx.call(&call(batch)).await.and_then(|reply| read(reply.json, batch.len()));
        match answer {
            Ok(answer) => {
                answers.push(answer);
                tell(cx, what, ids.len(), number * size + batch.len(), size);
            }
            Err(error) if number == 0 => return Err(error),
            Err(error) => return Err(partly(what, ids, number * size, answers, &error)),
        }
    }
    let last = answers.last().cloned().unwrap_or_default();
    Ok(match last {
        Value::Object(mut last) if answers.len() > 1 => {
            last.insert("batches".into(), Value::Array(answers));
            Value::Object(last)
        }
        last => last,
    })
}

/// Long work says how far it is; one batch needs no word.
fn tell(cx: &Context, what: &str, all: usize, done: usize, size: usize) {
    if all > size {
        let step =
            Text::made(format!("{what}: {done} of {all} done"), format!("{what}：已完成 {done}/{all}"));
        cx.tell(&step);
    }
}

fn partly(what: &str, ids: &[String], done: usize, answers: Vec<Value>, error: &Error) -> Error {
    let reason = error.to_string();
    let failed = ids[done..].iter().map(|id| (id.clone(), reason.clone())).collect();
    let partial = Error::new(Kind::Partial { what: what.into(), done, failed, body: Value::Array(answers) });
    let partial = error.hints().iter().cloned().fold(partial, Error::hint);
    let (next, rest) = (&ids[done], ids.len() - done);
    let partial = if error.may_be_done() {
        partial.hint(Text::fixed(
            "the call that failed may have done it all the same: look before you repeat it",
            "失败的调用可能仍已生效：重试前请先确认",
        ))
    } else {
        partial
    };
    partial.hint(Text::made(
        format!("{done} are done and stay so; {rest} are left, beginning with {next}"),
        format!("已完成 {done} 个且不会撤销；剩余 {rest} 个，从 {next} 开始"),
    ))
}
